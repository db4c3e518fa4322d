"""The rows a fit reads: vectors, which of them are positive, and how much each counts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fraud.assessment import Floats
from models.columns import Columns
from models.split import Flags


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Vectors (n, columns) with NaN for unknown, positives (n,) and weights (n,)."""

    vectors: Floats
    positive: Flags
    weights: Floats

    def __len__(self) -> int:
        return len(self.positive)

    def take(self, rows: NDArray[np.int64]) -> "Rows":
        """Some rows, in the order given."""
        return Rows(self.vectors[rows], self.positive[rows], self.weights[rows])


def with_masked_copies(
    rows: Rows, columns: Columns, *, copies: int, share: float, seed: int
) -> Rows:
    """The rows, followed by copies in which each source is unknown with chance `share`.

    Both labels are masked alike, so that what is missing says nothing and the rest of the row has
    to be enough. All copies of a row together weigh as much as the row did.
    """
    chance = np.random.default_rng(seed)
    sources = sorted(set(columns.sources))
    parts = [rows.vectors]
    for _ in range(copies):
        copy = rows.vectors.copy()
        for source in sources:
            hidden = chance.random(len(rows)) < share
            copy[np.ix_(hidden, columns.of_source(source))] = np.nan
        parts.append(copy)
    times = 1 + copies
    return Rows(
        np.vstack(parts), np.tile(rows.positive, times), np.tile(rows.weights / times, times)
    )
