"""Recall of each typology, and what befalls its honest look-alikes, from pooled regions.

In a region at natural rates most typologies occur a few times. Here single typologies and
look-alikes are raised, several regions are pooled, and each claim is judged at the same line as
everywhere else. All of it is simulated.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from fraud.assessment import Policy
from fraud.simulator.settings import RegionSettings
from fraud.simulator.typologies.catalogue import TYPOLOGIES
from models.entities import OF_ENTITIES, EntityFigures, judge_entities
from models.evaluate import Contest, Scale, passes
from models.judge import Figure, judge_share
from models.split import Flags
from models.train import Tell, say_nothing
from models.watched import Watched, in_turn, watch

FIRST_SEED = 9401
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
class Line:
    """What the review line of one capacity put up."""

    capacity: float
    general: Figure
    """Share of all genuine claims, look-alikes among them, that were put up for review."""
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Pooled:
    """What several raised regions showed together."""

    scorer: str
    dialled: str
    claims: int
    lines: tuple[Line, ...]
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
    contest: Contest,
    scale: Scale,
    *,
    regions: int,
    capacities: Sequence[float],
    processes: int = 1,
    tell: Tell = say_nothing,
) -> Pooled:
    """Judge each typology on several raised regions, at the review line of each capacity.

    The lines were fixed when the scorer was trained, on claims at natural rates. Cost: three
    minutes for each region, shared by `processes`.
    """
    watched = partial(_watched, contest, scale, capacities[0])
    seeds = range(FIRST_SEED, FIRST_SEED + regions)
    seen = list(in_turn(watched, seeds, processes=processes, tell=tell))
    return Pooled(
        scorer=contest.name,
        dialled=pooled_settings(scale, FIRST_SEED).dialled,
        claims=sum(map(len, seen)),
        lines=tuple(_line(contest.policy(capacity), seen) for capacity in capacities),
        entities=judge_entities(one for region in seen for one in region.entities),
    )


def _watched(contest: Contest, scale: Scale, capacity: float, seed: int) -> Watched:
    return watch(
        pooled_settings(scale, seed),
        contest.scorer,
        contest.policy(capacity),
        baselines={},
        warm_up_days=scale.warm_up_days,
        records=scale.records,
    )


def _line(policy: Policy, seen: Sequence[Watched]) -> Line:
    put_up = [passes(one, policy) for one in seen]

    def share(chosen: Callable[[Watched], Flags]) -> tuple[int, Figure]:
        taken = np.concatenate([up[chosen(one)] for one, up in zip(seen, put_up, strict=True)])
        return len(taken), judge_share(taken)

    kinds = [one.name for one in TYPOLOGIES if one.name not in OF_ENTITIES]
    return Line(
        policy.capacity,
        share(lambda one: one.genuine)[1],
        tuple(
            Kind(kind, *share(partial(_of, kind)), *share(partial(_alike, kind))) for kind in kinds
        ),
    )


def _of(typology: str, seen: Watched) -> Flags:
    return np.array([one.typology == typology for one in seen.truths], dtype=np.bool_)


def _alike(typology: str, seen: Watched) -> Flags:
    return np.array([one.look_alike == typology for one in seen.truths], dtype=np.bool_)
