"""A clearance that is lost never makes a stay, and never puts anybody across the border.

People make trips; a border agency loses rows of them. Whatever whole trips are lost, whatever one
country loses, and wherever one end of a stay is lost, what is left says nothing of being in
Singapore that the whole record does not say. The one loss that joins two trips into one is left
out: a return and the leaving after it, each with both countries' rows.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isnan

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fraud.clock import LOCAL
from fraud.features import from_movement
from fraud.movement import (
    CrossingDay,
    CrossingTable,
    Folded,
    PersonDay,
    day_number,
    fold_day,
    place_at,
)
from fraud.records import Crossing
from tests.support.builders import (
    ACCIDENT_ON,
    COMMUTER,
    JSA,
    MYKAD,
    TDB,
    a_claim,
    an_injury,
    known_of,
    with_crossings,
)

FIRST = ACCIDENT_ON - timedelta(days=4)
DAYS = 9
PATIENCE = 14
"""Days that are folded, so that stays across midnight come to their end."""
MARKED = (
    "stays_on_leave",
    "stays_early_in_leave",
    "share_of_leave_in_stays",
    "stays_a_week_before_event",
    "weekday_stays_while_employed_here",
    "weekday_stays_after_loss",
    "most_stays_in_four_weeks_after_notice",
    "share_of_weekdays_in_stays_after_loss",
    "stays_in_last_two_weeks_before_claim",
    "recorded_there_at_accident_stated_here",
    "hours_there_on_day_of_event",
    "certificates_issued_while_across",
)
"""Features of recorded stays: each may fall when a row is lost, none may rise."""


@dataclass(frozen=True)
class Trip:
    """Minutes since the first midnight: both gates on the way out, then both on the way home."""

    gates: tuple[int, int, int, int]


@st.composite
def trips(draw: st.DrawFn) -> list[Trip]:
    """Trips of a motorcyclist in order: some short, some over a night, some of several days."""
    found, at = [], draw(st.integers(300, 900))
    while at < DAYS * 1440:
        stay = draw(st.sampled_from([70, 200, 475, 485, 640, 900, 3000]))
        there = at + draw(st.integers(11, 40))
        leaves = there + stay + draw(st.integers(0, 30))
        home = leaves + draw(st.integers(11, 40))
        found.append(Trip((at, there, leaves, home)))
        at = home + draw(st.sampled_from([90, 300, 660, 700, 2000]))
    return found


@st.composite
def records(draw: st.DrawFn) -> tuple[list[Crossing], list[Crossing]]:
    """What happened, and what is left of it after a loss."""
    made = draw(trips())
    whole = [rows_of(trip) for trip in made]
    left, open_end = [], False
    for rows in whole:
        loss = draw(st.sampled_from(["none", "none", "trip", "rows", "out", "back"]))
        if loss == "trip":
            continue
        out, back = rows[:2], rows[2:]
        if loss == "out" and not open_end:
            out = []
        elif loss == "back":
            back = []
        elif loss == "rows":
            out = [out[place] for place in sorted(draw(kept))]
            back = [back[place] for place in sorted(draw(kept))]
        open_end = not back
        left += [*out, *back]
    return [row for rows in whole for row in rows], left


kept = st.sets(st.integers(0, 1), min_size=1)


def rows_of(trip: Trip) -> list[Crossing]:
    gates = (("exit", "malaysia"), ("entry", "singapore"), ("exit", "singapore"),
             ("entry", "malaysia"))  # fmt: skip
    return [
        Crossing(
            mykad=MYKAD,
            cleared_at=midnight(FIRST) + timedelta(minutes=minute),
            direction=direction,
            authority=authority,
            checkpoint="BSI",
            mode="motorcycle",
        )
        for minute, (direction, authority) in zip(trip.gates, gates, strict=True)
    ]


def midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), LOCAL)


def folded(rows: list[Crossing]) -> dict[int, PersonDay]:
    """What the files of those days said at last, by day number."""
    said: dict[int, PersonDay] = {}
    found, table = Folded([], {}), CrossingTable.from_rows(rows)
    for number in range(PATIENCE):
        day = FIRST + timedelta(days=number)
        file = table.take(table.day == day_number(day))
        found = fold_day(file, day, found.open_stays, CrossingDay(day, 0.0))
        said |= {one.day.toordinal(): one for one in found.days}
    return said


def long_stays(days: dict[int, PersonDay]) -> set[int]:
    return {day for day, one in days.items() if (one.hours_there or 0.0) >= 8}


def there(days: dict[int, PersonDay]) -> set[datetime]:
    hours = (midnight(FIRST) + timedelta(hours=hour) for hour in range(24 * (DAYS + 3)))
    return {at for at in hours if place_at(days, at) == "there"}


many = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@many
@given(records())
def test_a_lost_row_makes_no_stay(record):
    whole, left = map(folded, record)
    assert long_stays(left) <= long_stays(whole)


@many
@given(records())
def test_a_lost_row_puts_nobody_across(record):
    """Nor within the hours in which the person was home, as the trips themselves say."""
    whole, left = record
    gone = [row.cleared_at for row in whole if (row.direction, row.authority) == OUT]
    back = [row.cleared_at for row in whole if (row.direction, row.authority) == HOME]
    for at in there(folded(left)):
        assert any(a < at < b for a, b in zip(gone, back, strict=True))


OUT, HOME = ("exit", "malaysia"), ("entry", "malaysia")


@settings(many, max_examples=20)
@given(records())
def test_a_lost_row_raises_no_feature_of_stays(record):
    whole, left = map(folded, record)
    at = midnight(ACCIDENT_ON) + timedelta(hours=12)
    claims = (a_claim(TDB, injury=an_injury(occurred_at=at)), a_claim(JSA), a_claim(COMMUTER))
    for claim in claims:
        before, after = (known_of(claim, with_crossings(days)) for days in (whole, left))
        for name in MARKED:
            was, is_now = (getattr(from_movement, name)(known) for known in (before, after))
            assert isnan(is_now) or isnan(was) or is_now <= was, name


@many
@given(records(), st.data())
def test_doubled_and_unordered_rows_change_nothing(record, data):
    """A double may carry the number of the other passport."""
    _, rows = record
    again = [row for row in rows if data.draw(st.booleans())]
    twice = [row.model_copy(update={"document": "SIM-RENEWED"}) for row in again]
    assert folded(data.draw(st.permutations([*rows, *twice]))) == folded(rows)


@many
@given(trips(), st.data())
def test_clocks_that_disagree_change_hours_by_minutes(made, data):
    rows = [row for trip in made for row in rows_of(trip)]
    skewed = [
        row.model_copy(
            update={"cleared_at": row.cleared_at + timedelta(minutes=data.draw(st.integers(-3, 3)))}
        )
        for row in rows
    ]
    exact, found = folded(rows), folded(skewed)
    for day in exact.keys() & found.keys():
        hours = (exact[day].hours_there, found[day].hours_there)
        assert None in hours or abs(hours[0] - hours[1]) <= 0.8  # six minutes a trip
