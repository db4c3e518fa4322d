"""Chance that can be asked again: every draw is a function of seed, subject and purpose.

Nothing here keeps state, so a draw for one person on one day is the same whether the whole
region is simulated or that person alone.
"""

from random import Random

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Reals = NDArray[np.float64]

_STEP = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def mix(values: Hashes) -> Hashes:
    """The splitmix64 finaliser, over a whole column."""
    z = values.astype(np.uint64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def key(seed: int, *columns: NDArray[np.int64]) -> Hashes:
    """One hash per row from the seed and whole-number columns."""
    start = np.uint64((seed * _STEP + 0x632BE59BD9B4E019) & _MASK)
    total = np.full(len(columns[0]), start, dtype=np.uint64)
    for column in columns:
        total = mix(total + np.uint64(_STEP) + column.astype(np.int64).view(np.uint64))
    return total


def uniform(rows: Hashes, purpose: int) -> Reals:
    """A number in [0, 1) per row; another purpose gives an independent one."""
    drawn = mix(rows + np.uint64((purpose * _STEP) & _MASK))
    return (drawn >> np.uint64(11)).astype(np.float64) * 2.0**-53


def bell(rows: Hashes, purpose: int) -> Reals:
    """A number of mean 0 and deviation 1 per row (sum of three uniforms: never beyond 3)."""
    drawn = mix(rows + np.uint64((purpose * _STEP) & _MASK))
    low = np.uint64((1 << 21) - 1)
    parts = (drawn & low) + ((drawn >> np.uint64(21)) & low) + ((drawn >> np.uint64(42)) & low)
    drawn_bell: Reals = (parts.astype(np.float64) / float(1 << 21) - 1.5) * 2.0
    return drawn_bell


def dice(seed: int, *words: int | str) -> Random:
    """A sequence of draws for one subject, for the parts that are written one by one."""
    return Random(f"{seed}/" + "/".join(str(word) for word in words))
