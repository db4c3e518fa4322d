"""Clearances of one day's border file, of both countries, become trips and person-days.

Files are folded once, as they come. A stay whose return is not recorded yet is unknown; the file
that holds the return also says what the days before it came to. So a return that got lost never
reads as a stay. Pairs hold with rows that are missing, doubled, late, or off by some minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fraud.movement.clearances import (
    CHECKPOINTS,
    CrossingDay,
    CrossingTable,
    Flags,
    Ints,
    day_number,
)
from fraud.movement.presence import Fault, PersonDay

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
LONG_GAP = np.array([40, 90, 70, 90, 60, 4], dtype=np.int32)
"""Minutes from one country's gate to the other's, by mode, where one gate has no row: twice the
usual, so that a lost row rather shortens a stay than lengthens it."""
RTS = CHECKPOINTS.index("RTS")
RTS_GAP = 4
SOONEST = 10
"""Nobody enters, or leaves, both countries within so many minutes: gates are a causeway apart."""


class OpenStay(NamedTuple):
    """A leaving whose return is not recorded yet.

    `days` are its days as they will read once it is; `half_way` says that it began late in the
    evening with a Malaysian row only, so the other half of that passage may follow after midnight.
    """

    days: tuple[PersonDay, ...]
    half_way: bool

    def going_on(self, day: PersonDay) -> "OpenStay":
        """The same after one more day without a return."""
        return OpenStay((*self.days, day), half_way=False)

    def closed(self) -> list[PersonDay]:
        """Its days now that the return is recorded; those that stay unknown are left out."""
        return [one for one in self.days if one.hours_there is not None]


class Folded(NamedTuple):
    """What one border file adds: person-days, also of days before it, and stays still open."""

    days: list[PersonDay]
    open_stays: dict[str, OpenStay]


def fold_day(
    crossings: CrossingTable,
    day: date,
    open_stays: Mapping[str, OpenStay],
    coverage: CrossingDay,
) -> Folded:
    """What the day's file shows of each person in it, and of those not back from Singapore.

    Args:
        crossings: clearances; rows of other days (late rows) are left out, later ones are noted.
        day: the local day.
        open_stays: those of the file before; one older than `STAY_KEPT_DAYS` is dropped.
        coverage: outages of that day; on such a day an open-ended stay stays unknown.

    Returns:
        Person-days ordered by MyKad number and day; nobody who has neither a row nor a believed
        stay. A later person-day of the same day replaces an earlier one.
    """
    oldest = day - timedelta(days=STAY_KEPT_DAYS)
    believed = {name: one for name, one in open_stays.items() if one.days[0].day >= oldest}
    today = day_number(day)
    ahead = {crossings.people[one] for one in set(crossings.person[crossings.day > today].tolist())}
    table = _without_doubles(crossings.take(crossings.day == today))
    both = _in_two_places(table)
    moves = _moves(table)
    seen, at = np.unique(moves.person, return_inverse=True)
    names = [table.people[person] for person in seen.tolist()]
    found = _hours(
        moves,
        at,
        np.array([name in believed for name in names], dtype=np.bool_),
        np.array([name in believed and believed[name].half_way for name in names], dtype=np.bool_),
        outage=coverage.outage_share > 0,
    )
    out, back = _first_out(moves, at, len(seen)), _last_back(moves, at, len(seen))
    faults = (
        np.where(found.broken, Fault.UNPAIRED, 0)
        | np.where(np.isin(seen, both), Fault.TWO_PLACES, 0)
        | np.array([Fault.AHEAD if name in ahead else 0 for name in names], dtype=np.int64)
    )
    days: list[PersonDay] = []
    still: dict[str, OpenStay] = {}
    rows = zip(
        names,
        found.minutes.tolist(),
        out.tolist(),
        back.tolist(),
        found.asleep.tolist(),
        found.course.tolist(),
        found.half_way.tolist(),
        faults.tolist(),
        strict=True,
    )
    for name, minutes, first, last, asleep, course, half_way, wrong in rows:
        whole = PersonDay(
            name,
            day,
            None if minutes < 0 else round(minutes / 60, 2),
            None if first < 0 else first,
            None if last < 0 else last,
            asleep,
            wrong,
        )
        if course == CLOSES:
            days += believed[name].closed()
        if asleep:
            goes_on = course == GOES_ON
            still[name] = (
                believed[name].going_on(whole) if goes_on else OpenStay((whole,), half_way)
            )
        days.append(whole._replace(hours_there=None) if asleep else whole)
    present = set(names)
    whole_day = None if coverage.outage_share > 0 else 24.0
    for name, stay in believed.items():
        if name not in present:
            wrong = int(Fault.AHEAD) if name in ahead else 0
            silent = PersonDay(name, day, whole_day, None, None, True, wrong)
            still[name] = stay.going_on(silent)
            days.append(silent._replace(hours_there=None))
    days += [
        PersonDay(name, day, None, None, None, False, int(Fault.AHEAD))
        for name in ahead - present - set(believed)
    ]
    return Folded(sorted(days, key=lambda one: (one.mykad, one.day)), still)


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


def _in_two_places(table: CrossingTable) -> list[int]:
    """People whom both countries let in, or let out, within minutes."""
    order = np.lexsort((table.minute, table.person))
    one = table.take(order)
    if len(one) < 2:
        return []
    at_once = (
        (np.diff(one.person) == 0)
        & (np.diff(one.direction) == 0)
        & (np.diff(one.authority) != 0)
        & (np.diff(one.minute) < SOONEST)
    )
    return sorted(set(one.person[1:][at_once].tolist()))


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
    train = np.where(table.checkpoint[head] == RTS, TRAIN_RIDE, 0)
    mine, second = table.minute[head], table.minute[other]
    home = np.where(first_is_home, mine, np.where(tail, second, -1))
    away = np.where(first_is_home, np.where(tail, second, -1), mine)
    inward = inward[head]
    gap = np.where(train > 0, RTS_GAP, LONG_GAP[table.mode[head]])
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


GOES_ON, CLOSES = 1, 2
"""What becomes of a stay that was open at midnight; 0 when there was none to believe."""


@dataclass(frozen=True)
class _Hours:
    """Per person: minutes in Singapore (-1: unknown), and what is open at midnight."""

    minutes: NDArray[np.int64]
    asleep: Flags
    broken: Flags
    course: NDArray[np.int64]
    half_way: Flags


def _hours(
    moves: _Moves,
    at: NDArray[np.int64],
    began_there: Flags,
    began_half_way: Flags,
    *,
    outage: bool,
) -> _Hours:
    """Minutes in Singapore per person, up to midnight for who has not come back by then."""
    people = len(began_there)
    first = np.ones(len(at), dtype=np.bool_)
    first[1:] = at[1:] != at[:-1]
    last = np.append(first[1:], True) if len(at) else first
    before = np.empty(len(at), dtype=np.bool_)
    before[1:] = moves.inward[:-1]
    before[first] = began_there[at[first]]
    twice = moves.inward == before
    # A passage that straddles midnight: its other half was counted the day before.
    straddles = twice & first & ~moves.both & (moves.there < LONGEST_QUEUE)
    inward_half = moves.inward & (moves.home < 0) & began_half_way[at]
    half = straddles & np.where(moves.inward, inward_half, moves.home >= 0)
    broken = np.bincount(at, weights=twice & ~half, minlength=people) > 0
    sign = np.where(half, 0, np.where(moves.inward, -1, 1))
    minutes = np.bincount(at, weights=sign * moves.there, minlength=people).astype(np.int64)
    asleep = np.zeros(people, dtype=np.bool_)
    asleep[at] = moves.inward  # rows are in time order: the last one stays
    minutes += np.where(asleep, 1440, 0)
    unknown = broken | (asleep & outage) | (minutes < 0)
    course = np.zeros(people, dtype=np.int64)
    course[at[first & ~twice & began_there[at]]] = CLOSES
    halves = half & moves.inward
    back_next = np.append(~moves.inward[1:], False) & ~last if len(at) else last
    course[at[halves]] = np.where(last, GOES_ON, np.where(back_next, CLOSES, 0))[halves]
    half_way = np.zeros(people, dtype=np.bool_)
    late = (moves.home >= 1440 - LONGEST_QUEUE) & ~moves.both
    half_way[at[last]] = (moves.inward & late)[last]
    return _Hours(np.where(unknown, -1, minutes), asleep, broken, course, half_way)


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
