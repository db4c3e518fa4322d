"""Crossings become person-days here; nothing above this room sees a single clearance.

A person-day says what the day's border file shows of one person on one local day (UTC+8).
Absence of a record proves nothing: a day without a row is *unknown*, never "at home".
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fraud.clock import LOCAL
from fraud.records import Crossing

DIRECTIONS = ("exit", "entry")
AUTHORITIES = ("malaysia", "singapore")
CHECKPOINTS = ("BSI", "KSAB", "Woodlands", "Tuas", "RTS")
MODES = ("motorcycle", "car", "bus", "lorry", "foot", "train")

LONGEST_QUEUE = 240
"""Minutes between the two clearances of one passage on the worst holiday."""
SKEW = 6
"""Two clocks, each up to three minutes off, may swap the order of two clearances."""
SAME_CLEARANCE = 5
"""The same gate twice within so many minutes is one clearance written twice."""
TRAIN_RIDE = 7
"""On the RTS both countries clear before the ride: arrival is so many minutes later."""
STAY_KEPT_DAYS = 14
"""A stay without any evidence for longer than this is no longer believed: unknown."""
USUAL_GAP = np.array([20, 45, 35, 45, 30, 2], dtype=np.int32)
"""Minutes from one country's gate to the other's, by mode, where one gate has no row."""

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


class PersonDay(NamedTuple):
    """What the border file shows of one person on one local day.

    `hours_there` is hours in Singapore on that day, or None when the trips cannot be paired
    (one side missing, outage). `out_minute` and `back_minute` are minutes after local midnight of
    the first leaving of and last return to Malaysia, None when not recorded that day.
    `asleep_there` is True when the last thing known at midnight is a stay in Singapore.
    """

    mykad: str
    day: date
    hours_there: float | None
    out_minute: int | None
    back_minute: int | None
    asleep_there: bool


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


def fold_day(
    crossings: CrossingTable,
    day: date,
    asleep_there: Collection[str],
    coverage: CrossingDay,
) -> list[PersonDay]:
    """What the day's file shows of each person in it, and of those who slept in Singapore.

    Args:
        crossings: clearances; rows of other days (late rows) are left out.
        day: the local day.
        asleep_there: people whose previous person-day had `asleep_there`. Given as a mapping to
            the last day with evidence (see `stays_after`), a stay older than
            `STAY_KEPT_DAYS` is dropped.
        coverage: outages of that day; they turn an open-ended stay into unknown hours.

    Returns:
        Person-days ordered by MyKad number; nobody who has neither a row nor a believed stay.
    """
    believed = _believed(asleep_there, day)
    table = crossings.take(crossings.day == day_number(day))
    moves = _moves(_without_doubles(table))
    seen, at = np.unique(moves.person, return_inverse=True)
    began_there = np.array([table.people[person] in believed for person in seen], dtype=np.bool_)
    hours, asleep = _hours(moves, at, began_there, outage=coverage.outage_share > 0)
    out, back = _first_out(moves, at, len(seen)), _last_back(moves, at, len(seen))
    days = [
        PersonDay(
            table.people[person],
            day,
            None if h < 0 else round(h / 60, 2),
            None if o < 0 else o,
            None if b < 0 else b,
            a,
        )
        for person, h, o, b, a in zip(
            seen.tolist(), hours.tolist(), out.tolist(), back.tolist(), asleep.tolist(), strict=True
        )
    ]
    present = {one.mykad for one in days}
    whole_day = None if coverage.outage_share > 0 else 24.0
    days += [
        PersonDay(one, day, whole_day, None, None, True) for one in believed if one not in present
    ]
    return sorted(days, key=lambda one: one.mykad)


def stays_after(folded: Sequence[PersonDay], before: Mapping[str, date]) -> dict[str, date]:
    """Who sleeps in Singapore after this day, with the last day that gave any evidence of it."""
    return {
        one.mykad: (
            before.get(one.mykad, one.day)
            if one.out_minute is None and one.back_minute is None and one.hours_there in (None, 24)
            else one.day
        )
        for one in folded
        if one.asleep_there
    }


def _believed(asleep_there: Collection[str], day: date) -> set[str]:
    if not isinstance(asleep_there, Mapping):
        return set(asleep_there)
    oldest = day - timedelta(days=STAY_KEPT_DAYS)
    return {mykad for mykad, last in asleep_there.items() if last >= oldest}


def _without_doubles(table: CrossingTable) -> CrossingTable:
    """Rows ordered by person and time, a clearance written twice kept once."""
    order = np.lexsort((table.minute, table.authority, table.direction, table.person))
    one = table.take(order)
    again = np.zeros(len(one), dtype=np.bool_)
    again[1:] = (
        (np.diff(one.person) == 0)
        & (np.diff(one.direction) == 0)
        & (np.diff(one.authority) == 0)
        & (np.diff(one.minute) <= SAME_CLEARANCE)
    )
    return one.take(~again)


@dataclass(frozen=True)
class _Moves:
    """Passages: each joins the clearances of one walk through both gates.

    `there` is the minute from (or until) which the person is in Singapore, `home` the minute at
    the Malaysian gate or -1 when it has no row, `both` whether each gate has its row.
    """

    person: Ints
    inward: Flags
    there: Ints
    home: Ints
    both: Flags


def _moves(table: CrossingTable) -> _Moves:
    """Join the Malaysian and the Singaporean clearance of one passage, in either order."""
    inward = (table.direction == 0) == (table.authority == 0)
    order = np.lexsort((table.minute, inward, table.person))
    table, inward = table.take(order), inward[order]
    joined = _follows_on(table, inward)
    head = np.flatnonzero(~joined)
    tail = np.append(joined[1:], False)[head] if len(head) else np.zeros(0, dtype=np.bool_)
    other = np.minimum(head + 1, max(len(table) - 1, 0))
    first_is_home = table.authority[head] == 0
    train = np.where(table.checkpoint[head] == CHECKPOINTS.index("RTS"), TRAIN_RIDE, 0)
    mine, second = table.minute[head], table.minute[other]
    home = np.where(first_is_home, mine, np.where(tail, second, -1))
    away = np.where(first_is_home, np.where(tail, second, -1), mine)
    inward = inward[head]
    gap = np.where(train > 0, 2, USUAL_GAP[table.mode[head]])
    guess = np.clip(np.where(inward, home + gap, home - gap), 0, 1439)
    there = np.where(away >= 0, away, guess) + np.where(inward, train, 0)
    home = np.where((home >= 0) & ~inward, home + train, home)
    moves = _Moves(
        table.person[head],
        inward,
        np.minimum(there, 1439).astype(np.int32),
        np.minimum(home, 1439).astype(np.int32),
        tail,
    )
    return _in_time(moves)


def _follows_on(table: CrossingTable, inward: Flags) -> Flags:
    """Which row is the second clearance of the passage that the row before began."""
    joined = np.zeros(len(table), dtype=np.bool_)
    if len(table) < 2:
        return joined
    wait = np.diff(table.minute)
    # outward Malaysia clears first, homeward Singapore does; otherwise only skew explains it
    in_order = (table.authority[:-1] == 0) == inward[:-1]
    fits = (
        (np.diff(table.person) == 0)
        & (inward[1:] == inward[:-1])
        & (table.authority[1:] != table.authority[:-1])
        & (wait <= np.where(in_order, LONGEST_QUEUE, SKEW))
    )
    for place in np.flatnonzero(fits):
        joined[place + 1] = not joined[place]
    return joined


def _in_time(moves: _Moves) -> _Moves:
    order = np.lexsort((moves.there, moves.person))
    return _Moves(
        moves.person[order],
        moves.inward[order],
        moves.there[order],
        moves.home[order],
        moves.both[order],
    )


def _hours(
    moves: _Moves, at: NDArray[np.int64], began_there: Flags, *, outage: bool
) -> tuple[NDArray[np.int64], Flags]:
    """Minutes in Singapore per person (-1: cannot be paired) and who is there at midnight."""
    people = len(began_there)
    first = np.ones(len(at), dtype=np.bool_)
    first[1:] = at[1:] != at[:-1]
    before = np.empty(len(at), dtype=np.bool_)
    before[1:] = moves.inward[:-1]
    before[first] = began_there[at[first]]
    twice = moves.inward == before
    # A passage that straddles midnight: its other half was counted the day before.
    straddles = twice & first & ~moves.both & (moves.there < LONGEST_QUEUE)
    half = straddles & np.where(moves.inward, moves.home < 0, moves.home >= 0)
    broken = np.bincount(at, weights=twice & ~half, minlength=people) > 0
    sign = np.where(half, 0, np.where(moves.inward, -1, 1))
    minutes = np.bincount(at, weights=sign * moves.there, minlength=people).astype(np.int64)
    asleep = np.zeros(people, dtype=np.bool_)
    asleep[at] = moves.inward  # rows are in time order: the last one stays
    minutes += np.where(asleep, 1440, 0)
    broken |= asleep & outage
    return np.where(broken | (minutes < 0), -1, minutes), asleep


def _first_out(moves: _Moves, at: NDArray[np.int64], people: int) -> Ints:
    first = np.full(people, 9999, dtype=np.int32)
    mine = moves.inward & (moves.home >= 0)
    np.minimum.at(first, at[mine], moves.home[mine])
    return np.where(first == 9999, -1, first).astype(np.int32)


def _last_back(moves: _Moves, at: NDArray[np.int64], people: int) -> Ints:
    last = np.full(people, -1, dtype=np.int32)
    mine = ~moves.inward & (moves.home >= 0)
    np.maximum.at(last, at[mine], moves.home[mine])
    return last
