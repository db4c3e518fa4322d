"""Whether a probability means what it says: of claims given 30%, are 30 in 100 fraud.

The expected calibration error (Naeini, Cooper and Hauskrecht 2015) is the mean over bins of how far
the mean probability lies from the share of positives, each bin weighing what it holds. Claims are
binned by rank, so that bins hold equal counts; rows of equal probability share the middle of their
ranks and stand in one bin. There are ten bins, fewer where one would hold under fifty claims.
"""

from dataclasses import dataclass

import numpy as np

from fraud.assessment import Floats
from models.judge import COVERAGE, Figure, Judged, judge_share, with_intervals
from models.split import Flags, Ints

MOST_BINS = 10
LEAST_IN_BIN = 50
"""Claims below which the share of positives in a bin is mostly chance."""

TOP_SHARE = 0.05
"""Share of claims, those with the highest probabilities, that is also judged by itself."""

CHANCE_ROUNDS = 400
"""Sets of made-up outcomes behind what chance alone gives."""


@dataclass(frozen=True, slots=True)
class Point:
    """One bin: what was said, and what was found, with Wilson's interval."""

    said: float
    found: Figure
    claims: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far probabilities lie from what was found."""

    error: Figure
    """Expected calibration error, 0 to 1, with its interval from redrawn people."""
    by_chance: Figure
    """What it would be on as many claims were every probability right: mean, and the range."""
    points: tuple[Point, ...]


def reliability(
    rows: Judged, probability: Floats, *, share: float = 1.0, rounds: int, seed: int
) -> Reliability:
    """Judge the `share` of claims with the highest probabilities; all of them unless told.

    A redraw of people adds noise to what is already in the error, and so lies above it: the
    interval is the redraws' range turned about the error (basic bootstrap), and begins at 0 where
    chance alone explains the error. On made-up claims it covered in 86 to 97 of 100 samples.
    Weights of rows are not read. `nan` and no points without a claim.
    """
    top = highest(probability, share)
    positive, said = rows.positive[top], probability[top]
    chosen = Judged(positive, rows.people[top], np.ones(len(said)), rows.payments_sen[top])
    bins = equal_bins(said)
    found = with_intervals(
        chosen,
        {"error": lambda weights: _error(said, positive, weights, bins)},
        rounds=rounds,
        seed=seed,
    )["error"]
    by_chance = _by_chance(said, bins, seed)
    low, high = 2 * found.value - found.high, 2 * found.value - found.low
    if found.value <= by_chance.high:
        low = 0.0
    error = Figure(found.value, float(np.maximum(0.0, low)), float(np.fmax(found.value, high)))
    return Reliability(error, by_chance, _points(said, positive, bins))


def highest(probability: Floats, share: float) -> Flags:
    """The share of rows with the highest probabilities; a tie at the edge is taken whole."""
    if not len(probability):
        return np.zeros(0, dtype=np.bool_)
    count = max(1, round(share * len(probability)))
    return np.asarray(probability >= np.sort(probability)[-count])


def equal_bins(said: Floats) -> Ints:
    """Number of each row's bin, lowest probabilities first, shape (n,)."""
    count = int(np.clip(len(said) // LEAST_IN_BIN, 1, MOST_BINS))
    tie, held = np.unique(said, return_inverse=True, return_counts=True)[1:]
    middle = np.cumsum(held) - held / 2
    wanted = (middle[tie] * count / max(1, len(said))).astype(np.int64)
    return np.unique(wanted, return_inverse=True)[1].astype(np.int64)  # without empty bins


def _error(said: Floats, positive: Flags, weights: Floats, bins: Ints) -> float:
    whole = weights.sum()
    apart = np.bincount(bins, weights=weights * (said - positive))
    return float(np.abs(apart).sum() / whole) if whole > 0 else float("nan")


def _by_chance(said: Floats, bins: Ints, seed: int) -> Figure:
    chance, ones = np.random.default_rng(seed), np.ones(len(said))
    drawn = [
        _error(said, chance.random(len(said)) < said, ones, bins) for _ in range(CHANCE_ROUNDS)
    ]
    outside = (1 - COVERAGE) / 2
    low, high = np.quantile(drawn, [outside, 1 - outside])
    return Figure(float(np.mean(drawn)), float(low), float(high))


def _points(said: Floats, positive: Flags, bins: Ints) -> tuple[Point, ...]:
    return tuple(
        Point(float(said[bins == one].mean()), judge_share(positive[bins == one]), int(held))
        for one, held in enumerate(np.bincount(bins))
    )
