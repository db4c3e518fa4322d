"""One journey against the clearances around its minute; whatever is missing makes it unknown."""

from datetime import date, timedelta

import pytest

from fraud.history import Parties, history_from
from fraud.movement import Fault, PersonDay, journey
from fraud.records import Crossing, DayPresence, Place
from tests.properties.test_lost_crossings import folded
from tests.support.builders import ACCIDENT_ON, MYKAD, at, files_received

EVE, NEXT = ACCIDENT_ON - timedelta(days=1), ACCIDENT_ON + timedelta(days=1)
FILES = files_received(ACCIDENT_ON - timedelta(days=30), ACCIDENT_ON + timedelta(days=30))
WAY = 20
"""Minutes from one country's gate to the other's."""

Days = dict[int, PersonDay]


def rows(out, back, gap=WAY, skew=0, **changes) -> list[Crossing]:
    """The four clearances of a trip, from the moments at the Malaysian gate."""
    way, off = timedelta(minutes=gap), timedelta(minutes=skew)
    made = (
        (out + off, "exit", "malaysia"),
        (out + way - off, "entry", "singapore"),
        (back - way + off, "exit", "singapore"),
        (back - off, "entry", "malaysia"),
    )
    return [
        Crossing(
            **{"mykad": MYKAD, "checkpoint": "BSI", "mode": "motorcycle"}
            | {"cleared_at": cleared, "direction": direction, "authority": authority}
            | changes
        )
        for cleared, direction, authority in made
    ]


def trip(out="06:00", back="19:00", day: date = ACCIDENT_ON, nights=0, **changes) -> list[Crossing]:
    return rows(at(day, out), at(day + timedelta(days=nights), back), **changes)


def answer(days: Days, told: Place, clock: str, day: date = ACCIDENT_ON, files=FILES) -> str:
    return journey(days, files, told, at(day, clock)).answer


def test_the_middle_of_a_recorded_stay_is_not_on_the_way():
    days = folded(trip())
    found = journey(days, FILES, Place.MALAYSIA, at(ACCIDENT_ON, "12:00"))
    assert found.answer == "not_plausible"
    assert (found.before, found.after) == (at(ACCIDENT_ON, "06:00"), at(ACCIDENT_ON, "19:00"))
    assert found.days == (days[ACCIDENT_ON.toordinal()],)
    assert answer(days, Place.LINK, "12:00") == "not_plausible"
    assert answer(days, Place.SINGAPORE, "12:00") == "plausible"  # a meal-break trip


@pytest.mark.parametrize(
    ("told", "clock", "expected"),
    [
        (Place.MALAYSIA, "05:30", "plausible"),
        (Place.MALAYSIA, "20:15", "plausible"),
        (Place.MALAYSIA, "07:00", "unknown"),
        (Place.MALAYSIA, "07:01", "not_plausible"),
        (Place.MALAYSIA, "18:00", "unknown"),
        (Place.LINK, "06:10", "plausible"),
        (Place.LINK, "18:50", "plausible"),
        (Place.LINK, "10:00", "plausible"),  # the queue of the worst holiday
        (Place.LINK, "10:01", "not_plausible"),
        (Place.LINK, "05:00", "unknown"),
        (Place.SINGAPORE, "05:30", "unknown"),  # at home: an unrecorded trip looks the same
    ],
)
def test_near_a_clearance_it_is_plausible_or_unknown(told, clock, expected):
    assert answer(folded(trip()), told, clock) == expected


def one_sided(kept: str) -> Days:
    return folded([row for row in trip() if row.direction == kept])


def without(authority: str, direction: str) -> Days:
    return folded([r for r in trip() if (r.authority, r.direction) != (authority, direction)])


def with_changes(**changes) -> Days:
    number = ACCIDENT_ON.toordinal()
    return {number: folded(trip())[number]._replace(**changes)}


@pytest.mark.parametrize(
    ("days", "files"),
    [
        ({}, FILES),
        ({}, {}),
        (folded(trip()), {}),
        (folded(trip()), FILES | {ACCIDENT_ON.toordinal(): 0.02}),
        (folded(trip()), {day: 0.0 for day in FILES if day != EVE.toordinal()}),
        (without("malaysia", "exit"), FILES),
        (without("malaysia", "entry"), FILES),
        (with_changes(hours_there=None), FILES),
        (with_changes(hours_there=8.0), FILES),  # room to have been home in between
        (with_changes(hours_there=15.0), FILES),  # more than the two ends hold
        (with_changes(faults=Fault.TWO_PLACES), FILES),
        (folded(trip("06:00", "11:00") + trip("13:00", "19:00")), FILES),
        (one_sided("exit"), FILES),
    ],
)
def test_what_is_missing_makes_it_unknown(days, files):
    assert answer(days, Place.MALAYSIA, "12:00", files=files) == "unknown"
    assert answer(days, Place.LINK, "12:00", files=files) == "unknown"


def test_answers_on_single_days_say_nothing_of_a_minute():
    stated = DayPresence(
        fact_id="F-1",
        mykad=MYKAD,
        day=ACCIDENT_ON,
        presence="there",
        confidence=0.9,
        stated_at=at(NEXT),
    )
    told = history_from({"P": (stated,)}, Parties("P", "P"), {}, {})
    assert journey(told.days, told.files, Place.MALAYSIA, at(ACCIDENT_ON)).answer == "unknown"
    assert answer(dict(told.days), Place.MALAYSIA, "12:00") == "unknown"


def test_a_night_shift_is_read_across_midnight():
    one = folded(trip("19:00", "08:00", nights=1))
    assert answer(one, Place.MALAYSIA, "03:00", NEXT) == "not_plausible"
    found = journey(one, FILES, Place.MALAYSIA, at(NEXT, "03:00"))
    assert [day.day for day in found.days] == [ACCIDENT_ON, NEXT]


def test_around_midnight_the_day_before_and_the_day_after_are_allowed_for():
    one = folded(trip("19:00", "08:00", nights=1))
    assert answer(one, Place.MALAYSIA, "00:30", NEXT) == "unknown"
    assert answer(one, Place.MALAYSIA, "23:30") == "unknown"
    nights = (EVE, ACCIDENT_ON, NEXT)
    three = folded([row for day in nights for row in trip("19:00", "08:00", day, nights=1)])
    assert answer(three, Place.MALAYSIA, "00:30", NEXT) == "not_plausible"
    away = folded(trip("20:00", "22:30", EVE, nights=3))
    assert answer(away, Place.MALAYSIA, "23:30") == "not_plausible"
    assert answer(away, Place.MALAYSIA, "23:30", NEXT) == "plausible"  # an hour home, a day later


def test_a_passage_that_straddles_midnight_is_no_contradiction():
    late = folded(trip("14:00", "00:10", nights=1))
    for clock in ("23:45", "23:59"):
        assert answer(late, Place.LINK, clock) == "plausible"
        assert answer(late, Place.MALAYSIA, clock) == "unknown"
    assert answer(late, Place.MALAYSIA, "00:20", NEXT) == "plausible"


@pytest.mark.parametrize("skew", [-3, 0, 3])
def test_clocks_that_are_minutes_off_change_nothing(skew):
    days = folded(trip(skew=skew))
    assert answer(days, Place.MALAYSIA, "12:00") == "not_plausible"
    assert answer(days, Place.MALAYSIA, "06:00") != "not_plausible"
    assert answer(days, Place.MALAYSIA, "19:00") != "not_plausible"
    assert answer(days, Place.LINK, "06:01") != "not_plausible"
    assert answer(days, Place.LINK, "06:10") == "plausible"


def test_on_the_train_both_clearances_come_before_the_ride():
    """Cleared out at 06:00 and still on the platform; cleared in at 19:00 and not yet across."""
    days = folded(trip(gap=4, checkpoint="RTS", mode="train"))
    assert answer(days, Place.MALAYSIA, "06:25") != "not_plausible"
    assert answer(days, Place.LINK, "06:10") == "plausible"
    assert answer(days, Place.LINK, "19:05") == "plausible"
    assert answer(days, Place.MALAYSIA, "19:20") == "plausible"
    assert answer(days, Place.MALAYSIA, "12:00") == "not_plausible"


def test_a_holiday_queue_on_the_link_is_never_held_against_anybody():
    days = folded(trip("06:00", "22:00", gap=180))
    for clock in ("06:30", "08:50", "19:10", "21:30"):
        assert answer(days, Place.LINK, clock) == "plausible"
