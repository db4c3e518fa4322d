"""How good an order of claims is, in the terms of the office: at what it can review.

Each figure comes with an interval from redrawing people, not claims, because the claims of one
person are alike. Rows may carry weights; ties share what is left of the capacity, so that no
figure depends on the order in which rows happen to stand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from fraud.assessment import Floats
from models.split import Flags, Ints

COVERAGE = 0.95
"""Share of redraws that an interval holds."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its interval; `nan` when there is nothing to measure it on."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Rows to judge an order on: all arrays of shape (n,)."""

    positive: Flags
    people: Ints
    weights: Floats
    payments_sen: Floats
    """What would be paid on each claim."""

    def __len__(self) -> int:
        return len(self.positive)

    @classmethod
    def plain(cls, positive: Flags) -> "Judged":
        """Rows of equal weight and payment, each of a person of its own."""
        ones = np.ones(len(positive))
        return cls(positive, np.arange(len(positive), dtype=np.int64), ones, ones)


class Order:
    """Judged rows in falling order of their scores, sorted once for many redraws."""

    def __init__(self, rows: Judged, scores: Floats) -> None:
        self._rows = rows
        self._places = np.argsort(-scores, kind="stable")
        fallen = scores[self._places]
        # Number of the tie each row stands in; rows of one tie are never told apart.
        self._ties = np.concatenate([[0], np.cumsum(fallen[1:] != fallen[:-1])]).astype(np.int64)

    def taken(self, weights: Floats, capacity: float) -> Floats:
        """Share of each row's weight that is reviewed when the top `capacity` of weight is."""
        by_tie = np.bincount(self._ties, weights=weights[self._places])
        before = np.concatenate([[0.0], np.cumsum(by_tie)[:-1]])
        room = np.clip(capacity * by_tie.sum() - before, 0.0, by_tie)
        share = np.divide(room, by_tie, out=np.zeros_like(room), where=by_tie > 0)
        taken = np.empty(len(weights))
        taken[self._places] = share[self._ties]
        return taken

    def precision(self, weights: Floats, capacity: float) -> float:
        """Share of the reviewed weight that is positive."""
        reviewed = self.taken(weights, capacity) * weights
        return _share(reviewed[self._rows.positive].sum(), reviewed.sum())

    def recall(self, weights: Floats, capacity: float) -> float:
        """Share of the positive weight that is reviewed."""
        found = self.taken(weights, capacity)[self._rows.positive]
        held = weights[self._rows.positive]
        return _share((found * held).sum(), held.sum())

    def money(self, weights: Floats, capacity: float) -> float:
        """Share of the money on positive claims that lies on reviewed ones."""
        held = (weights * self._rows.payments_sen)[self._rows.positive]
        found = self.taken(weights, capacity)[self._rows.positive]
        return _share((found * held).sum(), held.sum())

    def average_precision(self, weights: Floats) -> float:
        """Mean precision over the positives, from the top down; ties count as one step."""
        sorted_weights = weights[self._places]
        hits = np.bincount(self._ties, weights=sorted_weights * self._rows.positive[self._places])
        seen = np.cumsum(np.bincount(self._ties, weights=sorted_weights))
        precision = np.divide(np.cumsum(hits), seen, out=np.zeros_like(seen), where=seen > 0)
        return _share((precision * hits).sum(), hits.sum())


def judge(
    rows: Judged, scores: Floats, *, capacity: float, rounds: int, seed: int
) -> dict[str, Figure]:
    """Precision, recall and money at capacity, and average precision, each with its interval."""
    order = Order(rows, scores)
    measures: dict[str, Callable[[Floats], float]] = {
        "precision_at_capacity": lambda weights: order.precision(weights, capacity),
        "recall_at_capacity": lambda weights: order.recall(weights, capacity),
        "money_at_capacity": lambda weights: order.money(weights, capacity),
        "average_precision": order.average_precision,
    }
    return with_intervals(rows, measures, rounds=rounds, seed=seed)


def with_intervals(
    rows: Judged, measures: Mapping[str, Callable[[Floats], float]], *, rounds: int, seed: int
) -> dict[str, Figure]:
    """Each measure on the rows as they are, with the range it has when people are redrawn."""
    redraws = [rows.weights * times for times in _redraws(rows.people, rounds, seed)]
    figures = {}
    for name, measure in measures.items():
        drawn = np.array([measure(weights) for weights in redraws])
        figures[name] = Figure(measure(rows.weights), *_range(drawn))
    return figures


def recall_by_kind(
    rows: Judged, scores: Floats, kinds: Sequence[str], *, capacity: float
) -> dict[str, tuple[float, int]]:
    """For each kind of positive (a typology), the share that is reviewed and how many there are."""
    taken = Order(rows, scores).taken(rows.weights, capacity)
    named = np.array(kinds)
    found = {}
    for kind in sorted(set(named[rows.positive])):
        these = rows.positive & (named == kind)
        found[str(kind)] = (float(taken[these].mean()), int(these.sum()))
    return found


def judge_share(flags: Flags) -> Figure:
    """The share that is true, with its interval; `nan` of nothing."""
    return share_of(int(flags.sum()), len(flags))


def share_of(part: int, count: int) -> Figure:
    """The share of a count, with Wilson's interval; `nan` of nothing.

    Wilson 1927: holds for small counts and for shares near 0 and 1.
    """
    if not count:
        return Figure(float("nan"), float("nan"), float("nan"))
    share, z = part / count, float(norm.ppf((1 + COVERAGE) / 2))
    spread = z * np.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)
    middle, scale = share + z * z / (2 * count), 1 + z * z / count
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return Figure(share, max(0.0, float(low)), min(1.0, float(high)))


def judge_money(found: Flags, money: Floats, people: Ints, *, rounds: int, seed: int) -> Figure:
    """The share of some money that lies on found rows, with its interval from redrawn people."""
    drawn = np.array(
        [
            _share((times * money * found).sum(), (times * money).sum())
            for times in _redraws(people, rounds, seed)
        ]
    )
    return Figure(_share((money * found).sum(), money.sum()), *_range(drawn))


def precision_curve(
    rows: Judged, scores: Floats, capacities: Sequence[float]
) -> list[tuple[float, float]]:
    """Pairs of capacity and precision, for a plot."""
    order = Order(rows, scores)
    return [(capacity, order.precision(rows.weights, capacity)) for capacity in capacities]


def _redraws(people: Ints, rounds: int, seed: int) -> list[Floats]:
    """How often each row counts when as many people are drawn again with replacement."""
    chance = np.random.default_rng(seed)
    numbers = np.unique(people, return_inverse=True)[1]
    count = int(numbers.max()) + 1 if len(numbers) else 0
    return [
        np.bincount(chance.integers(0, count, count), minlength=count)[numbers].astype(np.float64)
        for _ in range(rounds if count else 0)
    ]


def _range(drawn: Floats) -> tuple[float, float]:
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return float("nan"), float("nan")
    outside = (1 - COVERAGE) / 2
    low, high = np.quantile(known, [outside, 1 - outside])
    return float(low), float(high)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
