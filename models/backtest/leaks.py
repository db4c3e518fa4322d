"""Refuse outside tables that hold the answer: see `models.leaks`."""

import numpy as np

from fraud.errors import InvalidInput
from models.backtest.table import Table
from models.leaks import category_leak_of, leak_of


def refuse_leaks(table: Table, allow: tuple[str, ...] = ()) -> None:
    """Raises InvalidInput naming every column that holds the label or the row order."""
    known = ~np.isnan(table.label)
    positive = table.label[known] == 1
    numeric = [leak_of(name, values[known], positive) for name, values in table.numeric.items()]
    categories = [
        category_leak_of(name, codes[known], positive) for name, codes in table.categorical.items()
    ]
    faults = [one for one in [*numeric, *categories] if one and one.field not in allow]
    if faults:
        raise InvalidInput("columns that leak; leave them out, or list them in `allow`", faults)
