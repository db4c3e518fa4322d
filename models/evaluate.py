"""Judge a scorer on simulated regions that nobody has seen. Every figure here is simulated.

A region takes the same road as real records: through the product, each claim read against what was
known before it, at each of its scoring points. A claim counts as sent to review when any of its
assessments was, outside the control sample.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.stats import t as student

from fraud.assessment import Floats, Policy
from fraud.simulator.settings import RegionSettings
from fraud.workflow.load import end_of
from models.baseline import baselines_from_json
from models.config import Settings
from models.judge import COVERAGE, Figure, Judged, judge_money, judge_share, recall_by_kind
from models.newcomer import newcomer
from models.promote import line_at
from models.registry import CHAMPION, NothingYet, Registry
from models.reliability import Reliability
from models.retrain import BASELINES
from models.scorer import LightGBMScorer
from models.senses import Sense, both_shares, calibration_errors, together
from models.split import Flags
from models.table import Gathered, Moment, gather
from models.train import Tell, judge_all, say_nothing, train
from models.unseen_groups import WIDE, CountedGroups, LineOfGroups, counted_groups, lines_of_groups
from models.watched import Ranker, Records, Watched, in_turn, region_store, watch

FIRST_SEED = 9113
"""Seeds from here on are used for evaluation and nowhere else."""
TEACHING_SEED = 8001
"""Seed of the region that teaches when there is no champion yet."""

CAPACITIES = (0.005, 0.01, 0.02)
"""Shares of intake claims at which recall and money are printed."""

AT_THE_LINE = {
    "share_reviewed": "Share of claims put up for review by the line fixed before",
    "precision_reviewed": "Fraud among these",
    "share_top_tier": "Share of claims in the top tier (two families of evidence)",
    "precision_top_tier": "Fraud in the top tier",
    "genuine_reviewed": "Share of genuine claims put up for review",
    **{
        f"{name}_at_{100 * share:g}": f"{words} at the line of {100 * share:g}%"
        for share in CAPACITIES
        for name, words in (
            ("recall", "Recall"),
            ("money_saved", "Wrongly paid money on found claims"),
        )
    },
}
"""What the review line did, in words."""

APPEAL_DAYS = 90
TAIL = (1 + COVERAGE) / 2
"""Quantile at which an interval ends."""


@dataclass(frozen=True)
class Scale:
    """How large the simulated regions are; all of it is printed with every result."""

    people: int = 40_000
    months: int = 12
    claim_intensity: float = 20.0
    fraud_rate: float = 0.015
    """As assumed in the domain brief; the demo has 3%, the upper end."""
    records: Records = Records.FULL
    """What a legal basis gives of where people were; a newcomer learns from the same."""
    warm_up_days: int = 120
    """First days whose claims are not judged: there is little to be linked to yet."""
    teaching_people: int = 200_000
    teaching_months: int = 20
    """With the people above about sixty thousand claims, a year of the whole office."""

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
    by_typology: dict[str, tuple[float, int]]
    """At capacity: share found and how many there are."""
    judged: Judged
    """Its claims with what they really are."""
    as_put_up: Floats
    """What was said of each of them, see `models.senses`."""
    groups: CountedGroups
    """People with genuine claims at both lines, group by group."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Several regions, and the mean over them with an interval."""

    scorer: str
    capacity: float
    scale: Scale
    regions: tuple[Unseen, ...]
    means: dict[str, Figure]
    calibration: tuple[Reliability, ...]
    """Of all regions' claims together, over all of them and over the top by themselves."""
    groups: tuple[LineOfGroups, ...]
    """How genuine claims of each group of people fared, all regions together."""


@dataclass(frozen=True, slots=True)
class Contest:
    """What is judged: the scorer, with its review lines fixed before, and the baselines."""

    scorer: LightGBMScorer
    baselines: Mapping[str, Ranker]

    @property
    def name(self) -> str:
        return str(self.scorer.version)

    def policy(self, capacity: float) -> Policy:
        """What a supervisor would have set for that capacity."""
        return Policy(capacity=capacity, review_line=line_at(self.scorer.review_lines, capacity))


def evaluate_regions(
    settings: Settings,
    *,
    seeds: int = 3,
    capacity: float = 0.01,
    scale: Scale | None = None,
    processes: int = 1,
    tell: Tell = say_nothing,
) -> Evaluation:
    """Judge the champion on regions with seeds that were used nowhere else.

    Without a champion a scorer is trained on a region of its own first. Cost: three minutes for
    each region of the usual scale, shared by `processes`; twenty more without a champion.
    """
    size = scale or Scale()
    contest = contest_of(settings, size, capacity=capacity, tell=tell)
    judged = partial(judge_region, contest, settings, size, capacity)
    unseen = range(FIRST_SEED, FIRST_SEED + seeds)
    regions = list(in_turn(judged, unseen, processes=processes, tell=tell))
    calibration = both_shares(
        together([one.judged for one in regions]),
        np.concatenate([one.as_put_up for one in regions]),
        rounds=settings.bootstrap_rounds,
        seed=settings.seed,
    )
    return Evaluation(
        contest.name,
        capacity,
        size,
        tuple(regions),
        mean_figures(regions),
        tuple(calibration),
        lines_of_groups([one.groups for one in regions]),
    )


def contest_of(
    settings: Settings, scale: Scale, *, capacity: float, tell: Tell = say_nothing
) -> Contest:
    """The champion, or a newcomer where none is named yet."""
    return _champion(settings) or _newcomer(settings, scale, capacity, tell)


def judge_region(
    contest: Contest, settings: Settings, scale: Scale, capacity: float, seed: int
) -> Unseen:
    """Figures of one region, over its claims after the warm-up."""
    policy = contest.policy(capacity)
    seen = watch(
        scale.unseen(seed),
        contest.scorer,
        policy,
        baselines=contest.baselines,
        warm_up_days=scale.warm_up_days,
        records=scale.records,
    )
    judged = judged_by_truth(seen)
    scores = {"booster": seen.probability, "random": np.zeros(len(seen)), **seen.baselines}
    figures = judge_all(judged, scores, capacity=capacity, settings=settings)
    figures |= at_the_line(seen)
    said = {
        Sense.AS_PUT_UP: seen.as_put_up,
        Sense.FIRST: seen.first,
        Sense.HIGHEST: seen.probability,
    }
    figures |= calibration_errors(
        judged, said, rounds=settings.bootstrap_rounds, seed=settings.seed
    )
    for share in CAPACITIES:
        figures |= at_capacity(seen, contest.policy(share), settings)
    return Unseen(
        seed=seed,
        claims=len(seen),
        frauds=int(judged.positive.sum()),
        figures=figures,
        by_typology=recall_by_kind(
            judged,
            seen.probability,
            [truth.typology or "" for truth in seen.truths],
            capacity=capacity,
        ),
        judged=judged,
        as_put_up=seen.as_put_up,
        groups=counted_groups(seen, contest.policy(WIDE).review_line),
    )


def at_the_line(seen: Watched) -> dict[str, Figure]:
    """What the review line, fixed before the stream began, put up for review."""
    return {
        "share_reviewed": judge_share(seen.reviewed),
        "share_top_tier": judge_share(seen.top_tier),
        "precision_reviewed": judge_share(seen.fraud[seen.reviewed]),
        "precision_top_tier": judge_share(seen.fraud[seen.top_tier]),
        "genuine_reviewed": judge_share(seen.reviewed[seen.genuine]),
    }


def at_capacity(seen: Watched, policy: Policy, settings: Settings) -> dict[str, Figure]:
    """Recall, and the share of wrongly paid money, where the line is that of a capacity."""
    taken, fraud = passes(seen, policy), seen.fraud
    name = f"{100 * policy.capacity:g}"
    money = judge_money(
        taken[fraud],
        seen.wrong_payment_sen[fraud],
        seen.people[fraud],
        rounds=settings.bootstrap_rounds,
        seed=settings.seed,
    )
    return {f"recall_at_{name}": judge_share(taken[fraud]), f"money_saved_at_{name}": money}


def passes(seen: Watched, policy: Policy) -> Flags:
    """Which claims a policy would have put up for review, by the highest score of their life."""
    at_stake = seen.probability * seen.payments_sen
    above = (seen.probability >= policy.review_line) & (at_stake >= policy.least_wrong_payment_sen)
    return np.asarray(above)


def judged_by_truth(seen: Watched) -> Judged:
    """Claims with what they really are, each of equal weight."""
    return Judged(
        positive=seen.fraud,
        people=seen.people,
        weights=np.ones(len(seen)),
        payments_sen=seen.payments_sen,
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


def _champion(settings: Settings) -> Contest | None:
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
    column, line = baselines_from_json(files[BASELINES].decode())
    scorer = LightGBMScorer.from_files(entry.version, files)
    return Contest(scorer, {"logistic": line, "best_column": column})


def _newcomer(settings: Settings, scale: Scale, capacity: float, tell: Tell) -> Contest:
    """A scorer trained on what the office of one more simulated region decided."""
    tell(f"no champion: training on a region of its own, seed {TEACHING_SEED}")
    gathered = taught_region(scale, settings)
    fitted = train(gathered.table, settings, capacity=capacity)
    column, line = fitted.baselines
    scorer = newcomer(fitted, gathered, name=f"simulated-region-{TEACHING_SEED}")
    return Contest(scorer, {"logistic": line, "best_column": column})


def taught_region(scale: Scale, settings: Settings, *, seed: int = TEACHING_SEED) -> Gathered:
    """What training reads from a simulated region at its end: decisions of its office, no truth."""
    chosen = scale.teaching(seed)
    with region_store(chosen, records=scale.records) as (_, store):
        return gather(
            store,
            Moment(
                now=end_of(chosen.last_day),
                appeal_window_days=APPEAL_DAYS,
                recent_days=settings.recent_days,
                sources=scale.records.sources,
            ),
        )
