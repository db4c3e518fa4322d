"""Events of each entity in order of time, with running sums: any stretch of them in one step."""

from dataclasses import dataclass

import numpy as np

from fraud.assessment import Floats
from models.split import Ints


def moments(time: Floats) -> tuple[Ints, Floats]:
    """The place of each row's time among the different times, and these times in order."""
    different, place = np.unique(time, return_inverse=True)
    return place.astype(np.int64), different


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """For each asking row where its entity's events stand in a trail, as half-open borders.

    Events earlier than the row are `first` to `before`, later ones `after` to `last`; those of
    the same moment stand between and are neither. Unknown entities have none.
    """

    first: Ints
    before: Ints
    after: Ints
    last: Ints


class Trail:
    """Where each entity's events stand, entity by entity and within one in order of time."""

    def __init__(self, entity: Ints, moment: Ints, length: int) -> None:
        """Events with their entity (-1 has no trail) and moment, below `length`."""
        key = entity * length + moment
        order = np.argsort(key, kind="stable")
        self.order: Ints = order[np.searchsorted(key[order], 0) if length else 0 :]
        """Numbers of the events, as they stand in the trail."""
        self._keys = key[self.order]
        self._length = length

    def places(self, entity: Ints, moment: Ints) -> Places:
        """The places for rows that ask as of a moment, 0 to `length`."""
        known = entity >= 0
        start = np.where(known, entity * self._length, -1)
        end = np.where(known, start + self._length, -1)
        at = np.where(known, start + moment, -1)
        after = np.where(known, np.minimum(at + 1, end), -1)
        first, before, behind, last = (
            np.searchsorted(self._keys, border).astype(np.int64)
            for border in (start, at, after, end)
        )
        return Places(first, before, behind, last)

    def running(self, values: Floats) -> Floats:
        """Sums of the events' values up to each place; `total` takes stretches of it."""
        return np.asarray(np.append(0.0, np.cumsum(values[self.order])), dtype=np.float64)


def total(running: Floats, start: Ints, stop: Ints) -> Floats:
    """Sum of the values on a stretch."""
    return np.asarray(running[stop] - running[start], dtype=np.float64)


def ratio(part: Floats, whole: Floats | Ints) -> Floats:
    """A quotient, NaN of nothing."""
    found: Floats = np.full(len(part), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found


def pick(
    values: Floats, place: Ints, *, there: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Floats:
    """The value at a place where there is one, else NaN."""
    if not len(values):
        return np.full(len(place), np.nan)
    return np.where(there, values[np.clip(place, 0, len(values) - 1)], np.nan)
