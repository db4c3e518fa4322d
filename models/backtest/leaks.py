"""Refuse inputs that hold the answer: a column that equals the label, or the order of the rows."""

import numpy as np

from fraud.assessment import Floats
from fraud.errors import Fault, InvalidInput
from models.backtest.figures import auc
from models.backtest.table import Table
from models.split import Flags, Ints

SURE = 0.9999
"""AUC from which a single column is taken to be the label itself."""

FEW = 5.0
"""Rows that each category has on average before pure categories mean anything."""

IN_ORDER = 0.999
"""Rank correlation with the row number from which a column is taken to be the order."""


def refuse_leaks(table: Table, allow: tuple[str, ...] = ()) -> None:
    """Raises InvalidInput naming every column that holds the label or the row order."""
    known = ~np.isnan(table.label)
    positive = table.label[known] == 1
    faults = []
    for name, values in table.numeric.items():
        if name in allow:
            continue
        if _tells(values[known], positive):
            faults.append(Fault(name, "tells the label of every row", "what was known before it"))
        elif follows_order(values):
            faults.append(Fault(name, "follows the row order", "a property of the row"))
    faults += [
        Fault(name, "tells the label of every row", "what was known before it")
        for name, codes in table.categorical.items()
        if name not in allow and _is_pure(codes[known], positive)
    ]
    if faults:
        raise InvalidInput("columns that leak; leave them out, or list them in `allow`", faults)


def _tells(values: Floats, positive: Flags) -> bool:
    unknown = np.isnan(values)
    if (unknown == positive).all() or (unknown != positive).all():
        return True
    ranked = np.where(unknown, np.nanmin(values) - 1.0, values) if not unknown.all() else None
    if ranked is None:
        return False
    found = auc(positive, ranked)
    return max(found, 1 - found) >= SURE


def _is_pure(codes: Ints, positive: Flags) -> bool:
    _, place = np.unique(codes, return_inverse=True)
    size = np.bincount(place)
    share = np.bincount(place, weights=positive) / size
    return len(codes) / len(size) >= FEW and bool(np.isin(share, (0.0, 1.0)).all())


def follows_order(values: Floats) -> bool:
    """Whether values rise or fall with the row number, as nearly all different values."""
    known = np.flatnonzero(~np.isnan(values))
    different = np.unique(values[known], return_inverse=True)[1]
    # A handful of values sorted by hand is no row number; the order has nearly as many as rows.
    if len(known) < 20 or different.max() < 0.5 * len(known):
        return False
    return bool(abs(np.corrcoef(known, different)[0, 1]) >= IN_ORDER)
