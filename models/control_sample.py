"""How much fraud the review line misses, from a blind random sample of what it does not put up.

A design-based estimate: it rests on how claims were drawn and on what people found in them, and on
no probability of the scorer. Claims that passed the line are looked into, so the fraud among them
is counted; fraud below the line is estimated from the control cases, each standing for one over
its chance of being drawn (Horvitz and Thompson 1952).

Few control cases are fraud, often none, so intervals come from the posterior of a share under
Jeffreys' prior, which covers well at small counts (Brown, Cai and DasGupta 2001), carried over to
the claims that were not drawn as a binomial count. Where chances differ, the sample counts as the
size that plain draws would need for the same spread (Kish 1965).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fraud.assessment import Floats
from models.judge import COVERAGE, Figure, judge_share
from models.split import Flags

DRAWS = 4000
"""Draws from a posterior behind each interval."""

PRIOR = 0.5
"""Jeffreys' prior of a share: Beta(1/2, 1/2)."""

REDRAWS = 200
"""Control samples drawn anew behind a planned width."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Claims of one side of the line, and what people found in those they decided."""

    claims: int
    """Claims on this side, decided or not."""
    fraud: Flags
    """Of each decided claim whether it proved to be fraud, shape (n,)."""
    chances: Floats
    """The chance with which each of them was drawn, shape (n,); ones where all are looked into."""

    def __post_init__(self) -> None:
        if len(self.fraud) != len(self.chances) or len(self.fraud) > self.claims:
            raise ValueError("every decided claim has one chance, and is one of the claims")
        if not ((self.chances > 0) & (self.chances <= 1)).all():
            raise ValueError("a chance lies above 0 and is at most 1")

    @classmethod
    def plain(cls, claims: int, decided: int, fraud: int) -> "Stratum":
        """A stratum of which every claim had the same chance."""
        return cls(claims, np.arange(decided) < fraud, np.ones(decided))

    @property
    def share(self) -> float:
        """Estimated share of fraud among the claims; `nan` when none was decided."""
        weights = 1 / self.chances
        return float(weights[self.fraud].sum() / weights.sum()) if len(weights) else float("nan")

    def drawn(self, chance: np.random.Generator) -> Floats:
        """Frauds among the claims, in as many draws as `DRAWS`: those counted, and the others'."""
        weights = 1 / self.chances
        size = weights.sum() ** 2 / (weights**2).sum() if len(weights) else 0.0
        hits = size * self.share if len(weights) else 0.0
        shares = chance.beta(hits + PRIOR, size - hits + PRIOR, DRAWS)
        others = chance.binomial(self.claims - len(self.fraud), shares)
        return np.asarray(others + self.fraud.sum(), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the claims put up and the control cases say together."""

    precision: Figure
    """Fraud among the claims that passed the line and were decided, with Wilson's interval."""
    missed_share: Figure
    """Fraud among the claims that did not pass it."""
    fraud_share: Figure
    """Fraud among all claims."""
    recall: Figure
    """Share of all fraud that passed the line."""

    @property
    def width(self) -> float:
        """Width of the interval of recall."""
        return self.recall.high - self.recall.low


def estimate(passed: Stratum, rest: Stratum, *, seed: int) -> Estimate:
    """Fraud above and below the line, and recall at it, each with a 95% interval.

    Claims that are not decided yet are taken to be like the decided ones of their side. Without a
    decided claim on a side its share is `nan` and its interval wide. Fraud is what people find:
    what they overlook on both sides alike leaves recall as it is, an honest claim wrongly
    confirmed among the control cases lowers it.
    """
    chance = np.random.default_rng(seed)
    found, missed = passed.drawn(chance), rest.drawn(chance)
    claims = max(1, passed.claims + rest.claims)
    found_at, missed_at = passed.share * passed.claims, rest.share * rest.claims
    found_at, missed_at = (
        value if side.claims else 0.0 for side, value in ((passed, found_at), (rest, missed_at))
    )
    return Estimate(
        precision=judge_share(passed.fraud),
        missed_share=_figure(rest.share, missed / max(1, rest.claims)),
        fraud_share=_figure(
            (found_at + missed_at) / max(1, claims), (found + missed) / max(1, claims)
        ),
        recall=_figure(_share(found_at, missed_at), _shares(found, missed)),
    )


def redrawn(
    passed: Stratum, fraud: Flags, controls: int, *, rounds: int, seed: int
) -> list[Estimate]:
    """Estimates from control samples drawn anew, to be held against a truth that is known.

    `fraud` says of every claim below the line whether it is fraud, shape (claims,), as only
    simulated claims can; `controls` of them are drawn in each round.
    """
    chance = np.random.default_rng(seed)
    chances = np.full(controls, controls / max(1, len(fraud)))
    return [
        estimate(
            passed,
            Stratum(len(fraud), chance.choice(fraud, controls, replace=False), chances),
            seed=round_,
        )
        for round_ in range(rounds)
    ]


def planned_width(passed: Stratum, claims: int, missed: int, controls: int, *, seed: int) -> float:
    """Median width of recall's interval with so many control cases, were `missed` the truth.

    `claims` is how many did not pass the line. Cost: one estimate for each count of frauds that
    occurs among redrawn control cases.
    """
    chance = np.random.default_rng(seed)
    counts, often = np.unique(
        chance.hypergeometric(missed, claims - missed, controls, REDRAWS), return_counts=True
    )
    widths = [
        estimate(passed, Stratum.plain(claims, controls, int(count)), seed=seed).width
        for count in counts
    ]
    return float(np.median(np.repeat(widths, often)))


def controls_for(width: float, planned: Callable[[int], float], most: int) -> int | None:
    """The least number of control cases, to 2%, with which the planned width is at most `width`.

    None when not even `most` are enough.
    """
    if planned(most) > width:
        return None
    low, high = 1, most
    while high - low > max(1, 0.02 * high):
        middle = int(np.sqrt(low * high)) if high > 4 * low else (low + high) // 2
        low, high = (low, middle) if planned(middle) <= width else (middle, high)
    return high


def _figure(value: float, drawn: Floats) -> Figure:
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return Figure(value, float("nan"), float("nan"))
    outside = (1 - COVERAGE) / 2
    low, high = np.quantile(known, [outside, 1 - outside])
    return Figure(value, float(low), float(high))


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest > 0 else float("nan")


def _shares(part: Floats, rest: Floats) -> Floats:
    whole = part + rest
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)
