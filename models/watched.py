"""Simulated regions taken through the product itself, claim by claim over their whole life.

Beside the demo's last line and the notebook on control samples, this room and `models.evaluate` are
the only ones that read the simulator's truth. Every figure made from them is simulated.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, TypeVar

import numpy as np

from fraud.assessment import Floats, Outcome, Policy, Scorer
from fraud.clock import local_day
from fraud.privacy import GatedSource, Gates, KeyRing, OpenSources, opened_on
from fraud.privacy.basis import LOCATION
from fraud.records import Claim, ClaimId, Label
from fraud.simulator.days import LivedDay, in_answers, lived_days
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import Region, Truth, simulate
from fraud.store.assessed import Given, given
from fraud.store.engine import Store
from fraud.workflow.intake import Assessor
from fraud.workflow.load import load_day
from models.entities import EntitySeen, watch_entities
from models.fairness import Standings
from models.split import Flags, Ints, numbered
from models.train import Tell

GATES = opened_on("simulated legal basis", "evaluation on simulated regions")
KEY = bytes(range(32))
"""Key of the throw-away stores in which simulated regions are read."""


Made = TypeVar("Made")


class Ranker(Protocol):
    """Anything that scores vectors, higher meaning more alike to fraud."""

    def scores(self, vectors: Floats) -> Floats: ...


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """The claims of a region with what the product made of them; all arrays of shape (n,)."""

    claim_ids: tuple[ClaimId, ...]
    truths: tuple[Truth, ...]
    people: Ints
    standings: Standings
    """Groups of the claimants, for the fairness report alone."""
    payments_sen: Floats
    probability: Floats
    """The highest of all assessments in the claim's life."""
    first: Floats
    """The probability at the first look."""
    as_put_up: Floats
    """The probability at the look that put the claim up for review, or else at its latest look."""
    reviewed: Flags
    """Put up for review by any of them; the control sample is not counted."""
    top_tier: Flags
    """Put up for review with two independent families of evidence."""
    baselines: Mapping[str, Floats]
    """The highest score of each baseline over the same assessments."""
    entities: tuple[EntitySeen, ...] = ()
    """Employers, agents and officers with a truth of their own, at the end."""

    def __len__(self) -> int:
        return len(self.claim_ids)

    @property
    def fraud(self) -> Flags:
        return np.array([one.label is Label.CONFIRMED_FRAUD for one in self.truths], dtype=np.bool_)

    @property
    def genuine(self) -> Flags:
        """Genuine claims; errors are neither these nor fraud."""
        return np.array([one.label is Label.GENUINE for one in self.truths], dtype=np.bool_)

    @property
    def wrong_payment_sen(self) -> Floats:
        return np.array([one.wrong_payment_sen for one in self.truths], dtype=np.float64)


class Records(StrEnum):
    """What a legal basis gives of where people were."""

    FULL = "full"
    """Every clearance of the people a lawful request names."""
    ANSWERS = "answers"
    """Whether a person was across for a working day, day by day, and no hours."""
    NONE = "none"
    """Nothing: the gates of all location data are shut."""

    @property
    def gates(self) -> Gates:
        """The recorded bases: of everything, or of everything but location data."""
        shut = LOCATION if self is Records.NONE else frozenset[GatedSource]()
        return Gates(tuple(one for one in GATES.bases if one.source not in shut))

    @property
    def sources(self) -> OpenSources:
        """The gates that are open."""
        return OpenSources(frozenset(one.source for one in self.gates.bases))

    def of(self, lived: LivedDay, region: Region) -> LivedDay:
        """A day as this basis gives it."""
        if self is Records.FULL:
            return lived
        if self is Records.NONE:
            return replace(lived, person_days=[])
        return in_answers(lived, region.requested(lived.border_day.day))


@contextmanager
def region_store(
    settings: RegionSettings,
    assessor: Assessor | None = None,
    *,
    records: Records = Records.FULL,
) -> Iterator[tuple[Region, Store]]:
    """A simulated region, and a throw-away store that has received it day by day."""
    region = simulate(settings)
    with empty_store() as store:
        for day in lived_days(region):
            held = records.of(day, region)
            load_day(store, held, gates=records.gates, assessor=assessor)
        yield region, store


@contextmanager
def empty_store() -> Iterator[Store]:
    """A throw-away store that has received nothing yet."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'region.db'}"
        with closing(Store.open(url, KeyRing(KEY), create=True)) as store:
            yield store


def in_turn(
    judged: Callable[[int], Made], seeds: Sequence[int], *, processes: int, tell: Tell
) -> Iterator[Made]:
    """What became of the region of each seed, in order; several at a time in own processes."""
    if processes == 1:
        for seed in seeds:
            tell(f"region of seed {seed}")
            yield judged(seed)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as workers:
        for done, made in enumerate(workers.map(judged, seeds)):
            tell(f"{done + 1} of {len(seeds)} regions, {processes} at a time")
            yield made


def watch(
    settings: RegionSettings,
    scorer: Scorer,
    policy: Policy,
    *,
    baselines: Mapping[str, Ranker],
    warm_up_days: int,
    records: Records = Records.FULL,
) -> Watched:
    """Take a simulated region through the product and read what it made of each claim.

    Claims received in the first `warm_up_days` are left out: there is little to be linked to yet.
    Cost: two to three minutes for ten thousand claims.
    """
    assessor = Assessor(scorer, policy, sources=records.sources, accept_reserved=True)
    with region_store(settings, assessor, records=records) as (region, store):
        made = _made(store, baselines)
        entities = watch_entities(region, store)
    first = settings.first_day + timedelta(days=warm_up_days)
    claims = lodged_from(region, first)
    life = [made[claim.claim_id] for claim in claims]
    return Watched(
        claim_ids=tuple(claim.claim_id for claim in claims),
        truths=tuple(region.truth[claim.claim_id] for claim in claims),
        people=numbered([claim.claimant.mykad for claim in claims]),
        standings=Standings(claims),
        payments_sen=np.array([claim.expected_payment_sen for claim in claims], dtype=np.float64),
        probability=np.array([one.probability for one in life]),
        first=np.array([one.first for one in life]),
        as_put_up=np.array([one.as_put_up for one in life]),
        reviewed=np.array([one.reviewed for one in life], dtype=np.bool_),
        top_tier=np.array([one.top_tier for one in life], dtype=np.bool_),
        baselines={name: np.array([one.baselines[name] for one in life]) for name in baselines},
        entities=entities,
    )


def lodged_from(region: Region, first: date) -> list[Claim]:
    """The claims of a region, as lodged, that were received on a day or later."""
    return [
        event.record
        for event in region.events
        if isinstance(event.record, Claim)
        and event.record.version == 1
        and local_day(event.record.received_at) >= first
    ]


class _Life:
    """What the assessments of one claim amount to."""

    def __init__(self) -> None:
        self.probability = 0.0
        self.first = np.nan
        self.as_put_up = np.nan
        self.reviewed = False
        self.top_tier = False
        self.baselines: dict[str, float] = {}

    def add(self, row: Given) -> None:
        """Take in the next look."""
        self.probability = max(self.probability, row.probability)
        if np.isnan(self.first):
            self.first = row.probability
        if not self.reviewed:
            self.as_put_up = row.probability
        if row.outcome is Outcome.REVIEW:
            self.reviewed = True
            self.top_tier |= row.tier == 1


def _made(store: Store, baselines: Mapping[str, Ranker]) -> Mapping[str, _Life]:
    lives: dict[str, _Life] = defaultdict(_Life)
    rows = given(store)
    vectors = np.array([row.vector for row in rows])
    scores = {name: one.scores(vectors) for name, one in baselines.items()}
    for at, row in enumerate(rows):
        life = lives[row.claim_id]
        life.add(row)
        for name, values in scores.items():
            life.baselines[name] = max(life.baselines.get(name, -np.inf), float(values[at]))
    return lives
