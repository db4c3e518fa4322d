"""Whether claims, or the scores given to them, have become others than they were.

Two measures between an earlier and a later period. The population stability index (PSI) sums, over
ten bins with equal counts in the earlier period, the change of a bin's share times the logarithm of
its ratio; *unknown* is a bin of its own, so that a source that falls silent is seen. The distance
of Kolmogorov and Smirnov (KS) is the largest gap between the two running shares of known values.

Levels of the PSI are the usual ones: 0.10 asks for a look, 0.25 for action (Siddiqi 2006, *Credit
Risk Scorecards*). Few claims give large values by chance, so an alarm also asks for more than
chance would give in one period pair out of a thousand, shared among all that is compared: PSI by
its chi-square limit (Yurdakul 2018), KS by its own. The level of the KS, 0.10, is an assumption.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.stats import chi2

from fraud.assessment import Floats
from models.split import Ints

BINS = 10
LOOK, ACT = 0.10, 0.25
"""Levels of the PSI."""
KS_LOOK = 0.10
FALSE_ALARMS = 0.001
"""Chance of any false alarm in one comparison of two periods, all columns together."""


class Alarm(StrEnum):
    """What a drift asks for."""

    NONE = "none"
    LOOK = "look"
    """See what has changed."""
    ACT = "act"
    """Do not trust scores until it is known; train again on what is now."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How far one column, or the score, has moved."""

    name: str
    psi: float
    ks: float
    """`nan` when a period has no known value."""
    unknown_before: float
    unknown_after: float
    """Shares of claims without a value."""
    alarm: Alarm


def drift(before: Mapping[str, Floats], after: Mapping[str, Floats]) -> list[Drift]:
    """The drift of each named column from one period to another, the largest PSI first.

    Columns have shape (n,), `nan` is unknown. Columns without any claim in a period have no drift
    to measure: their figures are `nan` and raise no alarm.
    """
    chance = FALSE_ALARMS / max(1, len(before))
    found = [_drift(name, values, after[name], chance) for name, values in before.items()]
    return sorted(found, key=lambda one: (-np.nan_to_num(one.psi, nan=-1.0), one.name))


def psi(before: Floats, after: Floats) -> tuple[float, int]:
    """The population stability index, and how many bins it has.

    Half a claim is added to each bin, which keeps an empty one finite.
    """
    steps = np.arange(1, BINS) / BINS
    edges = np.unique(np.nanquantile(before, steps)) if _known(before) else np.zeros(0)
    bins = len(edges) + 2
    counts = [np.bincount(_bins(one, edges), minlength=bins) for one in (before, after)]
    held = (counts[0] + counts[1]) > 0
    earlier, later = ((one[held] + 0.5) / (one[held] + 0.5).sum() for one in counts)
    return float(((later - earlier) * np.log(later / earlier)).sum()), int(held.sum())


def ks(before: Floats, after: Floats) -> float:
    """The largest gap between the running shares of known values; `nan` without any."""
    one, other = (np.sort(values[~np.isnan(values)]) for values in (before, after))
    if not len(one) or not len(other):
        return float("nan")
    places = np.concatenate([one, other])
    shares = [np.searchsorted(known, places, side="right") / len(known) for known in (one, other)]
    return float(np.abs(shares[0] - shares[1]).max())


def _drift(name: str, before: Floats, after: Floats, chance: float) -> Drift:
    gone, come = _unknown(before), _unknown(after)
    if not len(before) or not len(after):
        return Drift(name, float("nan"), float("nan"), gone, come, Alarm.NONE)
    index, bins = psi(before, after)
    gap = ks(before, after)
    noise = (1 / len(before) + 1 / len(after)) * float(chi2.ppf(1 - chance, max(1, bins - 1)))
    far = gap > KS_LOOK and gap > _ks_limit(_known(before), _known(after), chance)
    alarm = Alarm.NONE
    if far or index > max(LOOK, noise):
        alarm = Alarm.LOOK
    if index > max(ACT, noise):
        alarm = Alarm.ACT
    return Drift(name, index, gap, gone, come, alarm)


def _unknown(values: Floats) -> float:
    return float(np.isnan(values).mean()) if len(values) else float("nan")


def _ks_limit(before: int, after: int, chance: float) -> float:
    """What the distance passes with that chance where nothing has changed (Smirnov 1948)."""
    return float(np.sqrt(-np.log(chance / 2) / 2 * (1 / before + 1 / after)))


def _known(values: Floats) -> int:
    return int((~np.isnan(values)).sum())


def _bins(values: Floats, edges: Floats) -> Ints:
    """Number of each value's bin; the last one is that of unknown values."""
    found = np.searchsorted(edges, values, side="left")
    return np.where(np.isnan(values), len(edges) + 1, found).astype(np.int64)
