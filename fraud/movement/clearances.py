"""Clearances: one row each time somebody passes a country's gate, held in columns.

A passage makes up to two rows (both countries), a trip up to four. Source of the working schema:
domain brief, section 6.1, an assumption.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from fraud.clock import LOCAL
from fraud.records import Crossing

DIRECTIONS = ("exit", "entry")
AUTHORITIES = ("malaysia", "singapore")
CHECKPOINTS = ("BSI", "KSAB", "Woodlands", "Tuas", "RTS")
MODES = ("motorcycle", "car", "bus", "lorry", "foot", "train")

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CrossingDay:
    """What is known of a day's border file as a whole; `outage_share` is 0 to 1 of the day."""

    day: date
    outage_share: float


@dataclass(frozen=True, eq=False)
class CrossingTable:
    """Clearances in columns: one row per clearance, codes into the tuples of this room.

    `person` points into `people` (MyKad numbers), `vehicle` into `vehicles` (-1: none),
    `day` counts local days since 1970-01-01, `minute` runs from that day's local midnight.
    The number of the passport is left behind: while one is renewed a person has two of them.
    """

    people: Sequence[str]
    vehicles: Sequence[str]
    person: Ints
    day: Ints
    minute: Ints
    direction: Ints
    authority: Ints
    checkpoint: Ints
    mode: Ints
    vehicle: Ints

    COLUMNS = (
        "person",
        "day",
        "minute",
        "direction",
        "authority",
        "checkpoint",
        "mode",
        "vehicle",
    )

    def __len__(self) -> int:
        return len(self.person)

    def column(self, name: str) -> Ints:
        """One column by name."""
        values: Ints = getattr(self, name)
        return values

    def take(self, rows: NDArray[np.int64] | Flags) -> "CrossingTable":
        """The rows named by position or by flag, in that order."""
        columns = {name: self.column(name)[rows] for name in self.COLUMNS}
        return CrossingTable(self.people, self.vehicles, **columns)

    def rows(self) -> Iterator[Crossing]:
        """One record per clearance, as a border agency would send them."""
        for row in zip(*(self.column(name).tolist() for name in self.COLUMNS), strict=True):
            person, day, minute, direction, authority, checkpoint, mode, vehicle = row
            yield Crossing(
                mykad=self.people[person],
                cleared_at=instant(day, minute),
                direction="entry" if direction else "exit",
                authority="singapore" if authority else "malaysia",
                checkpoint=CHECKPOINTS[checkpoint],
                mode=MODES[mode],
                vehicle=self.vehicles[vehicle] if vehicle >= 0 else None,
            )

    @classmethod
    def from_rows(cls, rows: Iterable[Crossing]) -> "CrossingTable":
        """Columns from single records; a checkpoint or mode not on our list counts as the first."""
        people: dict[str, int] = {}
        vehicles: dict[str, int] = {}
        cells = [_cells(row, people, vehicles) for row in rows]
        grid = np.array(cells, dtype=np.int32).reshape(-1, len(cls.COLUMNS))
        columns = {name: grid[:, place] for place, name in enumerate(cls.COLUMNS)}
        return cls(list(people), list(vehicles), **columns)


def instant(day: int, minute: int) -> datetime:
    """The instant of a local day (days since 1970) and a minute of it."""
    return datetime(1970, 1, 1, tzinfo=LOCAL) + timedelta(days=day, minutes=minute)


def day_number(day: date) -> int:
    """Days since 1970-01-01, as `CrossingTable.day` counts them."""
    return (day - date(1970, 1, 1)).days


def _place(name: str, known: Sequence[str]) -> int:
    return known.index(name) if name in known else 0


def _cells(row: Crossing, people: dict[str, int], vehicles: dict[str, int]) -> list[int]:
    at = row.cleared_at.astimezone(LOCAL) if row.cleared_at.tzinfo else row.cleared_at
    return [
        people.setdefault(row.mykad, len(people)),
        day_number(at.date()),
        at.hour * 60 + at.minute,
        DIRECTIONS.index(row.direction),
        AUTHORITIES.index(row.authority),
        _place(row.checkpoint, CHECKPOINTS),
        _place(row.mode, MODES),
        -1 if row.vehicle is None else vehicles.setdefault(row.vehicle, len(vehicles)),
    ]
