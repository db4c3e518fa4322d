"""What an edge file shows: a row's neighbours, their numbers and the labels known of them.

Always batch: the file says who is linked, not since when.
"""

from typing import Any

import numpy as np
from scipy import sparse

from fraud.assessment import Floats
from models.backtest.columns import merged, prefixed
from models.backtest.table import Table
from models.split import Flags, Ints

DOUBT = 0.02
"""Share of a neighbourhood that the general rate counts for."""

STEPS, GOES_ON = 10, 0.85
"""Steps of the spread from known labels, and the share that goes on at each."""


class Edges:
    """Links between rows, either direction alike, each once."""

    def __init__(self, ends: tuple[Ints, Ints], rows: int) -> None:
        first, second = ends
        apart = first != second
        both = (
            np.concatenate([first[apart], second[apart]]),
            np.concatenate([second[apart], first[apart]]),
        )
        joined = sparse.coo_matrix((np.ones(len(both[0])), both), shape=(rows, rows)).tocsr()
        joined.data[:] = 1.0
        self.degree: Floats = np.asarray(joined.sum(axis=1)).ravel()
        self._joined = joined
        inverse = sparse.diags(1 / np.maximum(self.degree, 1.0))
        damped = joined @ inverse
        sums = np.asarray(damped.sum(axis=1)).ravel()
        self._means = {
            "neighbours": inverse @ joined,
            "small neighbours": sparse.diags(1 / np.where(sums > 0, sums, 1.0)) @ damped,
        }
        """Mean over neighbours; and with a hub of n links weighing 1/n."""
        root = sparse.diags(1 / np.sqrt(np.maximum(self.degree, 1.0)))
        self._spread = root @ joined @ root

    def link_columns(self, table: Table, rows: Ints) -> dict[str, Floats]:
        """Columns without any label: number of links, and neighbours' numbers."""
        values = {name: _filled(column) for name, column in table.numeric.items()}
        values["links"] = np.log1p(self.degree)
        parts = [{"links": self.degree[rows]}]
        for whose, mean in self._means.items():
            for name, column in values.items():
                around = mean @ column
                found = {"mean": around[rows], "above mean": (column - around)[rows]}
                parts.append(prefixed(f"{whose}: {name}", found))
        plain = self._means["neighbours"]
        for name, column in values.items():
            around = plain @ column
            wide = np.sqrt(np.maximum(plain @ column**2 - around**2, 0.0))
            found = {"spread": wide[rows], "mean two steps away": (plain @ around)[rows]}
            parts.append(prefixed(f"neighbours: {name}", found))
        return merged(parts)

    def label_columns(self, label: Floats, known: Flags, rows: Ints) -> dict[str, Floats]:
        """Columns from the labels handed in; see `models.backtest.known` on whose to leave out."""
        general = float(label[known].mean())
        positive, counted = np.where(known, label, 0.0), known.astype(np.float64)
        made: dict[str, Floats] = {"neighbours: known labels": (self._joined @ counted)[rows]}
        for whose, mean in self._means.items():
            rate = (mean @ positive + DOUBT * general) / (mean @ counted + DOUBT)
            mixed = np.where(known, (label + rate) / 2, rate)
            two = mean @ mixed
            made |= prefixed(
                whose,
                {"rate": rate[rows], "two steps": two[rows], "three steps": (mean @ two)[rows]},
            )
        made["neighbours: spread of labels"] = self._spread_from(
            np.where(known, label - general, 0.0)
        )[rows]
        return made

    def _spread_from(self, start: Floats) -> Floats:
        """What arrives from known labels, what a row itself holds left out."""
        reached: Any = start
        for _ in range(STEPS):
            reached = GOES_ON * (self._spread @ reached) + start
        return np.asarray(reached - start)


def _filled(column: Floats) -> Floats:
    """Unknown numbers as the median: a mean over neighbours needs one."""
    if np.isnan(column).all():
        return np.zeros(len(column))
    return np.where(np.isnan(column), np.nanmedian(column), column)
