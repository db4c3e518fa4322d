"""Judge a scorer on simulated regions that nobody has seen. Every figure here is simulated.

This is the only file of the package that opens the simulator, and the only place anywhere that
reads its truth. A region takes the same road as real records: through the store, each claim read
against what was known before it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np

from fraud.assessment import Floats
from fraud.clock import local_day
from fraud.privacy import KeyRing
from fraud.records import Label
from fraud.simulator.days import lived_days
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import Region, Truth, simulate
from fraud.store.engine import Store
from fraud.store.rebuild import ClaimRow, claim_rows
from fraud.workflow.load import end_of, load_day
from models.baseline import baselines_from_json
from models.config import Settings
from models.judge import Figure, Judged, Order, judge, recall_by_kind
from models.registry import CHAMPION, Registry
from models.retrain import BASELINES, Fitted, Tell, fit, review_lines, say_nothing
from models.promote import line_at
from models.scorer import LightGBMScorer
from models.split import numbered
from models.table import Moment, TrainingTable, gather

FIRST_SEED = 9001
"""Seeds from here on are used for evaluation and nowhere else."""
TEACHING_SEED = 8001
"""Seed of the region that teaches when there is no champion yet."""

BASIS = "simulated legal basis"
KEY = bytes(range(32))
"""Key of the throw-away stores in which simulated regions are read."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the simulated regions are. `claim_intensity` is printed with every result."""

    people: int = 40_000
    months: int = 18
    claim_intensity: float = 8.0
    warm_up_days: int = 180
    """First days whose claims are not judged: there is little to be linked to yet."""
    teaching_people: int = 100_000


@dataclass(frozen=True, slots=True)
class Unseen:
    """What one region showed."""

    seed: int
    claims: int
    frauds: int
    figures: dict[str, Figure]
    share_above_line: float
    """Share of claims that the review line, fixed before, put up for review."""
    precision_above_line: float
    by_typology: dict[str, tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Several regions, and the mean over them with an interval."""

    scorer: str
    capacity: float
    scale: Scale
    regions: tuple[Unseen, ...]
    means: dict[str, Figure]


class Ranker(Protocol):
    """Anything that scores vectors, higher meaning more alike to fraud."""

    def scores(self, vectors: Floats) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Contest:
    """What is judged: the scorer, its review line, and the baselines beside it."""

    name: str
    scorer: LightGBMScorer | Fitted
    line: float
    baselines: Mapping[str, Ranker]

    def probabilities(self, vectors: Floats) -> Floats:
        return self.scorer.probabilities(vectors)


def evaluate_regions(
    settings: Settings,
    *,
    seeds: int = 3,
    capacity: float = 0.01,
    scale: Scale | None = None,
    tell: Tell = say_nothing,
) -> Evaluation:
    """Judge the champion on regions with seeds that were used nowhere else.

    Without a champion a scorer is trained on a region of its own first. Cost: about a minute for
    each region of the usual scale.
    """
    size = scale or Scale()
    contest = _champion(settings, capacity) or _newcomer(settings, size, capacity, tell)
    regions = []
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        tell(f"region of seed {seed}")
        regions.append(judge_region(contest, settings, size, seed=seed, capacity=capacity))
    means = mean_figures(regions, seed=settings.seed)
    return Evaluation(contest.name, capacity, size, tuple(regions), means)


def judge_region(
    contest: Contest, settings: Settings, scale: Scale, *, seed: int, capacity: float
) -> Unseen:
    """Figures of one region, over its claims after the warm-up."""
    chosen = RegionSettings(scale.people, scale.months, seed, scale.claim_intensity)
    with region_store(chosen) as (region, store):
        start = chosen.first_day + timedelta(days=scale.warm_up_days)
        rows = [row for row in lodged(store) if local_day(row.received_at) >= start]
    vectors = np.array([row.vector for row in rows])
    truths = [region.truth[row.claim_id] for row in rows]
    judged = judged_by_truth(rows, truths)
    found = contest.probabilities(vectors)
    scores = {"booster": found, "random": np.zeros(len(rows))}
    scores |= {name: one.scores(vectors) for name, one in contest.baselines.items()}
    above = found >= contest.line
    return Unseen(
        seed=seed,
        claims=len(rows),
        frauds=int(judged.positive.sum()),
        figures=_figures(judged, scores, settings, capacity),
        share_above_line=float(above.mean()),
        precision_above_line=float(judged.positive[above].mean()) if above.any() else float("nan"),
        by_typology=recall_by_kind(
            judged, found, [truth.typology or "" for truth in truths], capacity=capacity
        ),
    )


@contextmanager
def region_store(settings: RegionSettings) -> Iterator[tuple[Region, Store]]:
    """A simulated region, and a throw-away store that has received it day by day."""
    region = simulate(settings)
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'region.db'}"
        store = Store.open(url, KeyRing(KEY), create=True)
        try:
            for day in lived_days(region):
                load_day(store, day, basis=BASIS)
            yield region, store
        finally:
            store.close()


def lodged(store: Store) -> Iterator[ClaimRow]:
    """Each claim as it first came in: what capacity is a share of."""
    for row in claim_rows(store, crossings_open=True):
        if row.version == 1 and not row.trigger_fact:
            yield row


def teaching_table(settings: RegionSettings, *, appeal_window_days: int = 90) -> TrainingTable:
    """The training table of a simulated region at its end, for notebooks and first trials.

    It holds what the simulated office of the past decided, never the truth.
    """
    with region_store(settings) as (_, store):
        return gather(store, _moment(settings, appeal_window_days)).table


def judged_by_truth(rows: list[ClaimRow], truths: list[Truth]) -> Judged:
    """Claims with what they really are, each of equal weight."""
    return Judged(
        positive=np.array([truth.label is Label.CONFIRMED_FRAUD for truth in truths]),
        people=numbered([row.person for row in rows]),
        weights=np.ones(len(rows)),
        payments_sen=np.array([row.expected_payment_sen for row in rows], dtype=np.float64),
    )


def mean_figures(regions: list[Unseen], *, seed: int) -> dict[str, Figure]:
    """The mean of each figure over regions; the interval joins theirs.

    Regions are independent, so the mean's spread is drawn from one random point of each region's
    own interval, taken as normal.
    """
    chance = np.random.default_rng(seed)
    means = {}
    for name in regions[0].figures:
        each = [region.figures[name] for region in regions]
        value = float(np.mean([figure.value for figure in each]))
        spreads = np.array([(figure.high - figure.low) / 3.92 for figure in each])
        drawn = (chance.standard_normal((2000, len(each))) * spreads).mean(axis=1)
        low, high = np.quantile(drawn, [0.025, 0.975])
        means[name] = Figure(value, max(0.0, value + float(low)), min(1.0, value + float(high)))
    return means
