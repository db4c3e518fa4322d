"""Crossings that contradict each other are asked about; a lost row on some other day is not."""

from datetime import timedelta

from fraud.movement import Fault, PersonDay
from fraud.records import DeathRegistered
from tests.fraud.rules.test_rules import hits
from tests.support.builders import (
    ACCIDENT_ON,
    MYKAD,
    a_claim,
    a_history,
    at,
    days_from,
    known_of,
    stays,
    with_crossings,
)

NEXT = ACCIDENT_ON + timedelta(days=1)


def found(days, **changes):
    return hits(known_of(a_claim(), with_crossings(days, **changes)))


def test_crossings_that_do_not_join_matter_on_the_day_of_the_event_alone():
    name = "crossings_do_not_join_on_day_of_event"
    assert name in found(stays([ACCIDENT_ON], hours=None, faults=Fault.UNPAIRED))
    assert name not in found(stays([NEXT], hours=None, faults=Fault.UNPAIRED))
    assert name not in found(stays([ACCIDENT_ON], hours=None))
    assert name not in found({})


def test_two_places_at_once():
    name = "recorded_in_two_places_at_once"
    assert name in found(stays([NEXT], faults=Fault.TWO_PLACES | Fault.UNPAIRED))
    assert name not in found(stays([ACCIDENT_ON - timedelta(days=9)], faults=Fault.TWO_PLACES))


def test_a_crossing_from_the_future():
    name = "crossing_dated_after_its_file"
    assert name in found(stays([NEXT], hours=None, faults=Fault.AHEAD))
    assert name not in found(stays([NEXT]))


def test_a_crossing_after_a_registered_death():
    name, died = "crossing_after_registered_death", ACCIDENT_ON + timedelta(days=3)
    entry = DeathRegistered(fact_id="F-d", mykad=MYKAD, died_on=died, registered_at=at(died))
    after = days_from(died + timedelta(days=1), 2)
    assert name in found(stays(after), facts=(entry,))
    assert name not in found(stays([died]), facts=(entry,))
    never_closed = {
        day.toordinal(): PersonDay(MYKAD, day, None, None, None, asleep_there=True) for day in after
    }
    assert name not in found(never_closed, facts=(entry,))
    assert name not in hits(known_of(a_claim(), a_history(facts=(entry,))))
