"""Which pairs of records are compared at all: those whose names have rare letters in common.

Docs: docs/decisions/0019-pairs-of-names.md. What is lost here is lost: every figure counts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from models.backtest.columns import Singles
from models.split import Flags, Ints

NEIGHBOURS = 30
"""Names nearest to each name that it is compared with."""

AT_A_TIME = 500
"""Names whose likeness to all others is held in memory at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of rows: `first` is below `second`, each pair stands once, in order."""

    first: Ints
    second: Ints

    def __len__(self) -> int:
        return len(self.first)

    def where(self, kept: Flags) -> "Pairs":
        return Pairs(self.first[kept], self.second[kept])


def pieces(texts: Sequence[str]) -> sparse.csr_matrix:
    """A row of weighted two and three letter pieces for each text, of length 1."""
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), sublinear_tf=True)
    return letters.fit_transform(texts).astype(np.float32).tocsr()


def cosines(rows: sparse.csr_matrix, pairs: Pairs) -> Singles:
    """Likeness from 0 to 1 of the two rows of each pair."""
    found = np.empty(len(pairs), dtype=np.float32)
    for start in range(0, len(pairs), 100_000):
        part = slice(start, start + 100_000)
        both = rows[pairs.first[part]].multiply(rows[pairs.second[part]])
        found[part] = np.asarray(both.sum(axis=1)).ravel()
    return found


def nearest_names(rows: sparse.csr_matrix) -> Pairs:
    """Each name with the names nearest to it by pieces, and with itself.

    Cost: a sparse product of all names with all names, some seconds for ten thousand of them.
    """
    count = rows.shape[0]
    found: list[Ints] = [np.arange(count, dtype=np.int64) * (count + 1)]
    for start in range(0, count, AT_A_TIME):
        likeness = (rows[start : start + AT_A_TIME] @ rows.T).tocsr()
        for place in range(likeness.shape[0]):
            part = slice(likeness.indptr[place], likeness.indptr[place + 1])
            near, alike = likeness.indices[part].astype(np.int64), likeness.data[part]
            if len(near) > NEIGHBOURS + 1:  # one of them is the name itself
                near = near[np.argpartition(-alike, NEIGHBOURS)[: NEIGHBOURS + 1]]
            own = start + place
            found.append(np.minimum(near, own) * count + np.maximum(near, own))
    numbers = np.unique(np.concatenate(found))
    return Pairs(numbers // count, numbers % count)


def record_pairs(names: Pairs, name_of: Ints) -> tuple[Pairs, Ints]:
    """Pairs of records whose names are paired, and which pair of names each comes from.

    `name_of` has the number of the name of each record.
    """
    order = np.argsort(name_of, kind="stable")
    size = np.bincount(name_of)
    start = np.cumsum(size) - size
    wide = size[names.second]
    # Every record of the first name with every record of the second.
    count = size[names.first] * wide
    source = np.repeat(np.arange(len(names), dtype=np.int64), count)
    within = np.arange(len(source)) - np.repeat(np.cumsum(count) - count, count)
    one = order[start[names.first[source]] + within // wide[source]]
    other = order[start[names.second[source]] + within % wide[source]]
    kept = (names.first[source] != names.second[source]) | (one < other)
    first, second = np.minimum(one, other)[kept], np.maximum(one, other)[kept]
    placed = np.lexsort((second, first))
    return Pairs(first[placed], second[placed]), source[kept][placed]
