"""Recall of each typology, and what befalls its honest look-alikes, from pooled regions.

In a region at natural rates most typologies occur a few times. Here single typologies and
look-alikes are raised, several regions are pooled, and each claim is judged at the same line as
everywhere else. All of it is simulated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fraud.simulator.settings import RegionSettings
from fraud.simulator.typologies.catalogue import TYPOLOGIES
from models.entities import OF_ENTITIES, EntityFigures, judge_entities
from models.evaluate import Contest, Scale
from models.judge import Figure, judge_share
from models.split import Flags
from models.train import Tell, say_nothing
from models.watched import Watched, watch

FIRST_SEED = 9201
"""Seeds from here on are used for pooled runs and nowhere else."""

MOST_TIMES_GENERAL = 3.0
"""Look-alikes may reach review this many times as often as genuine claims at large."""

RAISED = {
    **dict.fromkeys(("T1", "T5", "T11", "T14", "T15", "T18"), 6.0),
    **dict.fromkeys(("T2", "T3", "T6", "T10", "T16"), 7.0),
    "T4": 3.0,
    "T20": 9.0,
    **dict.fromkeys(("T12", "T13"), 20.0),
    "T17": 35.0,
    "T7": 50.0,
    "T8": 60.0,
    "T19": 70.0,
    "T9": 150.0,
}
"""So that ten regions of 40,000 people hold a hundred cases of each, or nearly."""
LOOK_ALIKES_RAISED = 6.0


@dataclass(frozen=True, slots=True)
class Kind:
    """One typology in pooled runs."""

    typology: str
    cases: int
    found: Figure
    """Share of its cases put up for review at any time of their life."""
    look_alikes: int
    reached: Figure
    """Share of its honest look-alikes that were put up for review."""

    def harms(self, general: float) -> bool:
        """Whether its look-alikes clearly reach review too often."""
        return self.reached.low > MOST_TIMES_GENERAL * general


@dataclass(frozen=True, slots=True)
class Pooled:
    """What several raised regions showed together."""

    scorer: str
    capacity: float
    dialled: str
    claims: int
    general: Figure
    """Share of all genuine claims, look-alikes among them, that were put up for review."""
    kinds: tuple[Kind, ...]
    entities: tuple[EntityFigures, ...]
    """Employers, agents and officers: typologies that are judged by entity, not by claim."""


def pooled_settings(scale: Scale, seed: int) -> RegionSettings:
    """A region with every typology and its look-alikes raised."""
    return RegionSettings(
        people=scale.people,
        months=scale.months,
        seed=seed,
        claim_intensity=scale.claim_intensity,
        fraud_rate=scale.fraud_rate,
        raised=RAISED,
        look_alikes=LOOK_ALIKES_RAISED,
    )


def pool(
    contest: Contest, scale: Scale, *, regions: int, capacity: float, tell: Tell = say_nothing
) -> Pooled:
    """Judge each typology on several raised regions. Cost: two or three minutes for each."""
    policy = contest.policy(capacity)
    seen = []
    for seed in range(FIRST_SEED, FIRST_SEED + regions):
        tell(f"raised region of seed {seed}")
        settings = pooled_settings(scale, seed)
        seen.append(
            watch(
                settings,
                contest.scorer,
                policy,
                baselines={},
                warm_up_days=scale.warm_up_days,
                records=scale.records,
            )
        )
    return Pooled(
        scorer=contest.name,
        capacity=capacity,
        dialled=pooled_settings(scale, FIRST_SEED).dialled,
        claims=sum(map(len, seen)),
        general=judge_share(np.concatenate([one.reviewed[one.genuine] for one in seen])),
        kinds=tuple(_kind(one.name, seen) for one in TYPOLOGIES if one.name not in OF_ENTITIES),
        entities=judge_entities(one for region in seen for one in region.entities),
    )


def _kind(typology: str, seen: Sequence[Watched]) -> Kind:
    cases = np.concatenate([one.reviewed[_of(one, typology)] for one in seen])
    alike = np.concatenate([one.reviewed[_alike(one, typology)] for one in seen])
    return Kind(typology, len(cases), judge_share(cases), len(alike), judge_share(alike))


def _of(seen: Watched, typology: str) -> Flags:
    return np.array([one.typology == typology for one in seen.truths], dtype=np.bool_)


def _alike(seen: Watched, typology: str) -> Flags:
    return np.array([one.look_alike == typology for one in seen.truths], dtype=np.bool_)
