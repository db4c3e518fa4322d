"""The gates of both countries: what of a passage reaches the border file, and what gets lost."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fraud.movement import CrossingDay, day_number
from fraud.simulator.chance import Hashes, Reals, key, uniform
from fraud.simulator.settings import RegionSettings

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Columns = tuple[NDArray[np.int32], ...]
"""Person, day since 1970, minute, direction, authority, checkpoint, mode, vehicle."""

EARLIEST = 2000
"""Added to day numbers so that days before the window count from zero."""
TRAIN = 5
BUS_LINES = 40


@dataclass(frozen=True)
class Passages:
    """Trips through four gates, one row each, of which one day is asked for.

    `begun` is the day of leaving and `ago` how many days before the day asked for that was;
    `minutes` has the four gates in order of passing, counted from midnight of `begun`.
    `resident_there` marks those who come from Singapore and go home to it.
    """

    person: Ints
    begun: Ints
    ago: Ints
    minutes: Ints
    mode: Ints
    second_link: Flags
    vehicle: Ints
    resident_there: Flags | None = None


class Gates:
    """Clocks, lost records and outages of the gates in a region's window."""

    def __init__(self, settings: RegionSettings) -> None:
        self._seed = settings.seed
        self._first = settings.first_day
        self._outages = _outages(settings)

    def recorded(self, passages: Passages) -> Columns:
        """The rows of that day: skewed, lost, doubled, outages left out; by person and minute."""
        rows = key(self._seed + 404, passages.person, passages.begun)
        day = passages.begun + passages.ago
        parts = [self._at_gate(gate, rows, day, passages) for gate in range(4)]
        together = [np.concatenate(column) for column in zip(*parts, strict=True)]
        order = np.argsort(_place(together), kind="stable")
        return tuple(column[order] for column in together)

    def _at_gate(self, gate: int, rows: Hashes, day: Ints, passages: Passages) -> Columns:
        skew = np.floor(uniform(rows, 30 + gate) * 7).astype(np.int64) - 3
        at = np.maximum(passages.minutes[:, gate] + skew, 0) - 1440 * passages.ago
        authority = np.full(len(rows), 0 if gate in (0, 3) else 1)
        if passages.resident_there is not None:
            authority ^= passages.resident_there
        kept = (at >= 0) & (at < 1440) & ~self._lost(rows, gate, day, at, authority)
        twice = kept & (uniform(rows, 70 + gate) < 0.005)
        wrong = uniform(rows, 60 + gate) < 0.02
        mode = passages.mode
        shown = np.where(wrong & (mode != TRAIN), (mode + 1) % 5, mode)
        checkpoint = passages.second_link + 2 * authority
        checkpoint = np.where(mode == TRAIN, 4, checkpoint)
        direction = np.full(len(rows), gate % 2)
        again = np.minimum(at + 1, 1439)
        since_1970 = day + day_number(self._first)
        columns = [passages.person, since_1970, at, direction, authority, checkpoint, shown]
        columns.append(passages.vehicle)
        return tuple(
            np.concatenate([column[kept], (again if place == 2 else column)[twice]]).astype(
                np.int32
            )
            for place, column in enumerate(columns)
        )

    def _lost(self, rows: Hashes, gate: int, day: Ints, minute: Ints, authority: Ints) -> Flags:
        passage = gate // 2
        luck = uniform(rows, 40 + passage)
        which = (uniform(rows, 42 + passage) < 0.5).astype(np.int64)
        lost: Flags = (luck < 0.003) | ((luck < 0.013) & (which == gate % 2))
        index = np.clip(day + EARLIEST, 0, len(self._outages) - 1)
        share, begin, end, side = self._outages[index].T
        down = (minute >= begin) & (minute < end) & (side == authority)
        lost |= down & (uniform(rows, 50 + gate) < share)
        return lost

    def crossing_day(self, day: date) -> CrossingDay:
        """The share of that day during which one authority lost records."""
        share, begin, end, _ = self._outages[(day - self._first).days + EARLIEST]
        return CrossingDay(day, round(float(end - begin) / 1440, 4) if share > 0 else 0.0)


def mode_of(second_link: Flags, drawn: Reals) -> Ints:
    """How people cross at each checkpoint (shares among Malaysians in 2022: domain facts 6.2)."""
    causeway = np.searchsorted([0.38, 0.53, 0.96], drawn, side="right")
    link: Ints = np.searchsorted([0.61, 0.84, 0.90], drawn, side="right")
    return np.where(second_link, link, causeway)


def _place(columns: list[NDArray[np.int32]]) -> Ints:
    """One number per row that sorts by person, minute, direction and authority."""
    person, _, minute, direction, authority = (column.astype(np.int64) for column in columns[:5])
    place: Ints = ((person * 1440 + minute) * 2 + direction) * 2 + authority
    return place


def _outages(settings: RegionSettings) -> NDArray[np.float64]:
    """Per day: share of records lost, first and last minute, and whose gates failed."""
    days = np.arange(EARLIEST * 2 + settings.days, dtype=np.int64)
    rows = key(settings.seed + 505, days)
    happens = uniform(rows, 1) < 0.03
    begin = np.floor(uniform(rows, 2) * 1100)
    end = np.minimum(begin + 120 + np.floor(uniform(rows, 3) * 300), 1440)
    share = np.where(happens, 0.10 + 0.30 * uniform(rows, 4), 0.0)
    side = np.floor(uniform(rows, 5) * 1.4)
    return np.stack([share, begin, end, side], axis=1)
