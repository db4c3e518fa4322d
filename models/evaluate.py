"""Judge a scorer on simulated regions that nobody has seen. Every figure here is simulated.

This is the only file of the package that opens the simulator and reads its truth; outside it the
demo reads the truth too, for the last line that it prints. A region takes the same road as real
records: through the store, each claim read against what was known before it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np
from scipy.stats import t as student

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
from models.judge import COVERAGE, Figure, Judged, recall_by_kind
from models.promote import line_at
from models.registry import CHAMPION, NothingYet, Registry
from models.retrain import BASELINES
from models.scorer import LightGBMScorer
from models.split import numbered
from models.table import Gathered, Moment, gather
from models.train import Fitted, Tell, judge_all, review_lines, say_nothing, train

FIRST_SEED = 9001
"""Seeds from here on are used for evaluation and nowhere else."""
TEACHING_SEED = 8001
"""Seed of the region that teaches when there is no champion yet."""

APPEAL_DAYS = 90
TAIL = (1 + COVERAGE) / 2
"""Quantile at which an interval ends."""

BASIS = "simulated legal basis"
KEY = bytes(range(32))
"""Key of the throw-away stores in which simulated regions are read."""


@dataclass(frozen=True)
class Scale:
    """How large the simulated regions are; all of it is printed with every result."""

    people: int = 30_000
    months: int = 12
    claim_intensity: float = 20.0
    fraud_rate: float = 0.03
    """The upper end of the domain's 0.5 to 3%, as in the demo."""
    warm_up_days: int = 120
    """First days whose claims are not judged: there is little to be linked to yet."""
    teaching_people: int = 56_000
    teaching_months: int = 20

    def unseen(self, seed: int) -> RegionSettings:
        """A region that judges."""
        return self._region(self.people, self.months, seed)

    def teaching(self, seed: int) -> RegionSettings:
        """A region that teaches, when there is no champion."""
        return self._region(self.teaching_people, self.teaching_months, seed)

    def _region(self, people: int, months: int, seed: int) -> RegionSettings:
        return RegionSettings(
            people=people,
            months=months,
            seed=seed,
            claim_intensity=self.claim_intensity,
            fraud_rate=self.fraud_rate,
        )


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
    return Evaluation(contest.name, capacity, size, tuple(regions), mean_figures(regions))


def judge_region(
    contest: Contest, settings: Settings, scale: Scale, *, seed: int, capacity: float
) -> Unseen:
    """Figures of one region, over its claims after the warm-up."""
    chosen = scale.unseen(seed)
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
        figures=judge_all(judged, scores, capacity=capacity, settings=settings),
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


def judged_by_truth(rows: Sequence[ClaimRow], truths: Sequence[Truth]) -> Judged:
    """Claims with what they really are, each of equal weight."""
    return Judged(
        positive=np.array([truth.label is Label.CONFIRMED_FRAUD for truth in truths]),
        people=numbered([row.person for row in rows]),
        weights=np.ones(len(rows)),
        payments_sen=np.array([row.expected_payment_sen for row in rows], dtype=np.float64),
    )


def mean_figures(regions: Sequence[Unseen]) -> dict[str, Figure]:
    """The mean of each figure over regions, with an interval.

    Its half width is the larger of two: what the regions' own intervals say, and what follows from
    how far the regions lie apart (Student's t: a spread seen in three regions is itself a guess).
    A figure that is unknown in one region has no mean.
    """
    return {
        name: _mean([region.figures[name] for region in regions]) for name in regions[0].figures
    }


def _mean(figures: Sequence[Figure]) -> Figure:
    values = np.array([figure.value for figure in figures])
    count = len(values)
    widths = np.array([figure.high - figure.low for figure in figures])
    half = np.sqrt(np.mean((widths / 2) ** 2) / count)
    if count > 1:
        half = np.maximum(half, student.ppf(TAIL, count - 1) * values.std(ddof=1) / np.sqrt(count))
    mean = values.mean()
    low, high = np.clip([mean - half, mean + half], 0.0, 1.0)  # NaN stays NaN
    return Figure(float(mean), float(low), float(high))


def _champion(settings: Settings, capacity: float) -> Contest | None:
    """The champion with the baselines that were fitted on its rows; None when none is named.

    Raises Unavailable when the registry does not answer: that is not the same.
    """
    try:
        registry = Registry(settings)
    except NothingYet:
        return None
    entry = registry.by_alias(CHAMPION)
    if entry is None:
        return None
    files = registry.files(entry)
    scorer = LightGBMScorer.from_files(entry.version, files)
    column, line = baselines_from_json(files[BASELINES].decode())
    review_line = line_at(scorer.review_lines, capacity)
    return Contest(
        str(entry.version), scorer, review_line, {"logistic": line, "best_column": column}
    )


def _newcomer(settings: Settings, scale: Scale, capacity: float, tell: Tell) -> Contest:
    """A scorer trained on what the office of one more simulated region decided."""
    tell(f"no champion: training on a region of its own, seed {TEACHING_SEED}")
    gathered = taught_region(scale, settings)
    fitted = train(gathered.table, settings, capacity=capacity)
    column, line = fitted.baselines
    return Contest(
        name=f"trained on simulated region {TEACHING_SEED}",
        scorer=fitted,
        line=line_at(review_lines(fitted, gathered.recent), capacity),
        baselines={"logistic": line, "best_column": column},
    )


def taught_region(scale: Scale, settings: Settings, *, seed: int = TEACHING_SEED) -> Gathered:
    """What training reads from a simulated region at its end: decisions of its office, no truth."""
    chosen = scale.teaching(seed)
    with region_store(chosen) as (_, store):
        return gather(
            store,
            Moment(
                now=end_of(chosen.last_day),
                appeal_window_days=APPEAL_DAYS,
                recent_days=settings.recent_days,
                crossings_open=True,
            ),
        )
