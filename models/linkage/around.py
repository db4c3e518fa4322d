"""What stands around a pair: how it ranks among others of its ends, and whom both ends are like."""

from collections.abc import Mapping

import numpy as np
from scipy import sparse

from fraud.assessment import Floats
from models.backtest.columns import Singles
from models.linkage.blocking import Pairs
from models.split import Ints

FAINT = 0.02
"""Chance below which a pair is no support for others."""

DOUBT = 2.0
"""Pairs that the mean of all counts for in a mean of few."""


def standing(pairs: Pairs, values: Singles, of: str, count: int) -> dict[str, Singles]:
    """How each pair stands among all pairs of its two ends, by some values; least and most.

    Pairs of an end with itself stand apart: rank -1. `count` is the number of ends.
    """
    others = pairs.first != pairs.second
    ends = np.concatenate([pairs.first[others], pairs.second[others]])
    both = np.concatenate([values[others], values[others]])
    order = np.lexsort((-both, ends))
    size = np.bincount(ends, minlength=count)
    place = np.empty(len(ends), dtype=np.float32)
    place[order] = np.arange(len(ends)) - np.repeat(np.cumsum(size) - size, size)
    best = np.zeros(count, dtype=np.float32)
    np.maximum.at(best, ends, both)
    ranks = np.full((2, len(pairs)), -1, dtype=np.float32)
    ranks[:, others] = place.reshape(2, -1)
    gaps = np.stack([best[pairs.first], best[pairs.second]]) - values
    found = _least_and_most(f"{of}: rank", *ranks) | _least_and_most(f"{of}: gap", *gaps)
    for least in (0.6, 0.8):
        near = np.bincount(ends[both > least], minlength=count).astype(np.float32)
        word = f"{of}: pairs above {least}"
        found |= _least_and_most(word, near[pairs.first], near[pairs.second])
    return found


def support(pairs: Pairs, chances: Floats, count: int) -> dict[str, Singles]:
    """Whom both ends are like, and whom only one of them, by the chances of all pairs."""
    near = chances > FAINT
    one, other = pairs.first[near], pairs.second[near]
    likely = sparse.coo_matrix(
        (np.tile(chances[near], 2), (np.append(one, other), np.append(other, one))),
        shape=(count, count),
    ).tocsr()
    total = np.asarray(likely.sum(axis=1)).ravel()
    best = np.zeros(count)
    for ends in (pairs.first, pairs.second):
        np.maximum.at(best, ends, chances)
    own = np.where(near, chances, 0.0)
    rest = total[pairs.first] - own, total[pairs.second] - own
    fewer, more = np.minimum(*rest), np.maximum(*rest)
    shared = _values(likely @ likely, pairs)
    columns = {
        "first chance": chances,
        "likely for both": shared,
        "likely for one alone": fewer + more - 2 * shared,
        "likely for both, share of fewer": shared / (fewer + 0.01),
        "likely for both, share of more": shared / (more + 0.01),
    }
    return (
        {name: values.astype(np.float32) for name, values in columns.items()}
        | _least_and_most("likely besides", *rest)
        | _least_and_most(
            "first chance below the best", best[pairs.first] - chances, best[pairs.second] - chances
        )
    )


def alike_by_values(
    pairs: Pairs, chances: Floats, values: Mapping[str, Ints]
) -> dict[str, Singles]:
    """By field, the mean chance of all other pairs that have the same two values there.

    Two parties that many people change between, or two seats side by side, so say more than two
    that nobody else has in common. Few such pairs are drawn to the mean of all; unknown is NaN.
    """
    columns = {}
    general = chances.mean()
    for name, of_record in values.items():
        one, other = of_record[pairs.first], of_record[pairs.second]
        known = (one >= 0) & (other >= 0)
        both = np.minimum(one, other) * (of_record.max() + 1) + np.maximum(one, other)
        group = np.unique(both, return_inverse=True)[1].ravel()
        total = np.bincount(group, chances)[group] - chances
        count = np.bincount(group)[group] - 1
        mean = (total + DOUBT * general) / (count + DOUBT)
        columns[f"{name}: pairs with these values"] = np.where(known, mean, np.nan).astype(
            np.float32
        )
    return columns


def _values(matrix: sparse.csr_matrix, pairs: Pairs) -> Floats:
    """The values of a sparse matrix at some places; 0 where it has none."""
    matrix = matrix.tocsr()
    matrix.sort_indices()
    count = matrix.shape[0]
    rows: Ints = np.repeat(np.arange(count, dtype=np.int64), np.diff(matrix.indptr))
    there = np.append(rows * count + matrix.indices, np.int64(count) * count)
    wanted = pairs.first * count + pairs.second
    at = np.searchsorted(there, wanted)
    return np.where(there[at] == wanted, np.append(matrix.data, 0.0)[at], 0.0)


def _least_and_most(
    name: str, one: Singles | Floats, other: Singles | Floats
) -> dict[str, Singles]:
    return {
        f"{name}, least": np.minimum(one, other).astype(np.float32),
        f"{name}, most": np.maximum(one, other).astype(np.float32),
    }
