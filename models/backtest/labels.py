"""Label columns of every labelled row under one split, out of fold where the links are batch."""

import numpy as np

from fraud.assessment import Floats
from models.backtest.columns import Singles, stacked
from models.backtest.edges import Edges
from models.backtest.known import KnownLabels
from models.backtest.splits import Part, drawn_folds
from models.backtest.table import Table
from models.split import Flags, Ints

FOLDS = 10
"""Folds of the teaching rows; each reads the labels of the other nine."""


def as_of_labels(table: Table, part: Part, rows: Ints, delay: float) -> dict[str, Floats]:
    """Columns from labels known before each row."""
    return KnownLabels(table, part.usable, delay=delay).columns(rows)


def batch_labels(
    table: Table, edges: Edges | None, part: Part, rows: Ints, seed: int
) -> tuple[list[str], Singles]:
    """Columns from teaching labels: a teaching row reads those outside its fold, others all."""
    train = np.zeros(len(table), dtype=np.bool_)
    train[part.train] = True
    fold = drawn_folds(len(table), FOLDS, seed, part.blocks)
    others = _columns(table, edges, train, rows[~train[rows]])
    names = list(others)
    matrix = np.empty((len(rows), len(names)), dtype=np.float32)
    matrix[~train[rows]] = stacked(others, int((~train[rows]).sum()))
    for number in range(FOLDS):
        inside = train[rows] & (fold[rows] == number)
        found = _columns(table, edges, train & (fold != number), rows[inside])
        matrix[inside] = stacked(found, int(inside.sum()))
    return names, matrix


def _columns(table: Table, edges: Edges | None, known: Flags, rows: Ints) -> dict[str, Floats]:
    found = KnownLabels(table, known, delay=None).columns(rows)
    return found | (edges.label_columns(table.label, known, rows) if edges else {})
