"""Comparisons of what records say beside the name: unknown on one side is unknown."""

import numpy as np

from models.backtest.columns import Singles
from models.linkage.blocking import Pairs, cosines, pieces
from models.linkage.table import Records


def compare_fields(records: Records, pairs: Pairs) -> dict[str, Singles]:
    """Columns for each field, a row for each pair."""
    columns: dict[str, Singles] = {}
    for name, values in records.exact.items():
        one, other = values[pairs.first], values[pairs.second]
        equal = np.where((one < 0) | (other < 0), np.nan, one == other)
        size = np.bincount(values[values >= 0], minlength=1)
        # What many have says little when it agrees.
        rare = np.log(len(records) / np.maximum(size[np.maximum(one, 0)], 1))
        columns[f"{name}: equal"] = equal.astype(np.float32)
        columns[f"{name}: rare and equal"] = np.where(equal == 1, rare, equal).astype(np.float32)
    for name, texts in records.texts.items():
        known = np.array([bool(text and text.strip()) for text in texts])
        both = known[pairs.first] & known[pairs.second]
        if not both.any():
            columns[f"{name}: alike"] = np.full(len(pairs), np.nan, dtype=np.float32)
            continue
        alike = cosines(pieces([text or "" for text in texts]), pairs)
        columns[f"{name}: alike"] = np.where(both, alike, np.nan).astype(np.float32)
    for name, numbers in records.numbers.items():
        apart = np.abs(numbers[pairs.first] - numbers[pairs.second])
        columns[f"{name}: apart"] = apart.astype(np.float32)
    return columns
