"""What gives an answer away: a column that tells the label of every row, or follows their order.

Shared by training and by backtests on foreign tables.
"""

import numpy as np
from scipy.stats import rankdata

from fraud.assessment import Floats
from fraud.errors import Fault
from models.split import Flags, Ints

SURE = 0.9999
"""AUC from which a single column is taken to be the label itself."""

WHOLE = 1.0
"""Share of the positives that a column names alone, from which it is taken to be the label."""

FEW = 5.0
"""Rows that each category has on average before pure categories mean anything."""

IN_ORDER = 0.999
"""Rank correlation with the row number from which a column is taken to be the order."""

INSTEAD = "what was known before it"


def leak_of(
    name: str,
    values: Floats,
    positive: Flags,
    *,
    rings: Ints | None = None,
    sure: float = SURE,
    alone: float = WHOLE,
) -> Fault | None:
    """What a numeric column gives away, or None; arrays have shape (n,), NaN is unknown.

    Whether it tells nearly every row is asked with each of the `rings` counted once.
    """
    if tells(values, positive, sure=SURE) or is_pure(numbered(values), positive):
        return Fault(name, "tells the label of every row", INSTEAD)
    shares = _shares(positive, rings)
    if (
        tells(values, positive, sure=sure, shares=shares)
        or names_alone(values, positive, shares) >= alone
    ):
        return Fault(name, "tells the label of nearly every row, as if made from it", INSTEAD)
    if follows_order(values):
        return Fault(name, "follows the row order", "a property of the row")
    return None


def category_leak_of(name: str, codes: Ints, positive: Flags) -> Fault | None:
    """The same of a column of categories."""
    if is_pure(codes, positive):
        return Fault(name, "tells the label of every row", INSTEAD)
    return None


def _shares(positive: Flags, rings: Ints | None) -> Floats | None:
    """What each positive row counts for when each ring of them counts once."""
    if rings is None:
        return None
    _, ring, size = np.unique(rings[positive], return_inverse=True, return_counts=True)
    return np.asarray(1 / size[ring], dtype=np.float64)


def tells(
    values: Floats, positive: Flags, *, sure: float = SURE, shares: Floats | None = None
) -> bool:
    """Whether a column, or where it is unknown, orders positives apart from all other rows.

    `shares` holds what each positive counts for; without it all count alike.
    """
    if not _has_both(positive):
        return False
    known = _filled(values)
    below = rankdata(known)[positive] - rankdata(known[positive])
    auc = np.average(below, weights=shares) / (~positive).sum()
    return bool(max(auc, 1 - auc) >= sure)


def names_alone(values: Floats, positive: Flags, shares: Floats | None = None) -> float:
    """Share of the positives beyond all other rows, on the side of a column that has more.

    `shares` holds what each positive counts for; without it all count alike.
    """
    if not _has_both(positive):
        return 0.0
    known = _filled(values)
    own, others = known[positive], known[~positive]
    return float(
        max(
            np.average(own > others.max(), weights=shares),
            np.average(own < others.min(), weights=shares),
        )
    )


def _filled(values: Floats) -> Floats:
    """Unknown values below all known ones, where they can be told from them."""
    unknown = np.isnan(values)
    return (
        np.where(unknown, np.nanmin(values) - 1.0, values)
        if not unknown.all()
        else np.zeros(len(values))
    )


def is_pure(codes: Ints, positive: Flags) -> bool:
    """Whether every category has rows of one label alone, and enough of them to mean anything."""
    if not _has_both(positive):
        return False
    _, place = np.unique(codes, return_inverse=True)
    size = np.bincount(place)
    share = np.bincount(place, weights=positive) / size
    return len(codes) / len(size) >= FEW and bool(np.isin(share, (0.0, 1.0)).all())


def _has_both(positive: Flags) -> bool:
    return bool(positive.any() and not positive.all())


def numbered(values: Floats) -> Ints:
    """A number for each different value; -1 is unknown."""
    place = np.unique(values, return_inverse=True)[1].ravel().astype(np.int64)
    return np.where(np.isnan(values), -1, place)


def follows_order(values: Floats) -> bool:
    """Whether values rise or fall with the row number, as nearly all different values."""
    known = np.flatnonzero(~np.isnan(values))
    different = np.unique(values[known], return_inverse=True)[1]
    # A handful of values sorted by hand is no row number; the order has nearly as many as rows.
    if len(known) < 20 or different.max() < 0.5 * len(known):
        return False
    return bool(abs(np.corrcoef(known, different)[0, 1]) >= IN_ORDER)
