"""Crossings that contradict each other are asked about; a lost row on some other day is not."""

from datetime import timedelta

import pytest

from fraud.movement import Fault, PersonDay
from fraud.records import DeathRegistered
from fraud.rules import RULES_BY_NAME, quality_movement, run_rules
from fraud.statements import HitKind
from fraud.wording import text
from tests.fraud.rules.test_rules import hits
from tests.support.builders import (
    ACCIDENT_ON,
    COMMUTER,
    JSA,
    MYKAD,
    TDB,
    a_claim,
    a_history,
    an_injury,
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


TOLD = "journey_told_within_recorded_stay"


def on_the_way(place="malaysia", clock="12:00", **changes):
    injury = an_injury(kind="road", place=place, occurred_at=at(ACCIDENT_ON, clock))
    return a_claim(COMMUTER, injury=injury, **changes)


def test_a_journey_amid_a_recorded_stay_is_asked_about_with_its_minutes():
    days = with_crossings(stays([ACCIDENT_ON]))
    day = days.days[ACCIDENT_ON.toordinal()]
    (hit,) = (one for one in run_rules(known_of(on_the_way(), days)) if one.rule == TOLD)
    assert hit.kind is HitKind.DATA_QUALITY
    assert hit.statement.key == f"rule.{TOLD}.malaysia"
    assert hit.statement.records == (ACCIDENT_ON.isoformat(),)
    for name, minute in (("out", day.out_minute), ("back", day.back_minute)):
        clock = f"{minute // 60:02}:{minute % 60:02}"
        assert hit.statement.values[name] == at(ACCIDENT_ON, clock).isoformat()
        for language in ("en", "ms"):
            assert clock in text(hit.statement.key, language, **hit.statement.values)
    assert hits(known_of(on_the_way("link"), days))[TOLD].endswith(".link")
    across = a_claim(TDB, workplace_uen="00012345A", injury=on_the_way().injury)
    assert TOLD in hits(known_of(across, days))


def test_a_journey_that_may_be_so_is_not_asked_about():
    crossed = with_crossings(stays([ACCIDENT_ON]))
    for place, clock in (("singapore", "12:00"), ("malaysia", "05:30"), ("link", "19:00")):
        assert TOLD not in hits(known_of(on_the_way(place, clock), crossed))
    for unknown in (
        a_history(),
        with_crossings({}),
        with_crossings(stays([ACCIDENT_ON], back_minute=None)),
        with_crossings(stays([ACCIDENT_ON]), files={}),  # answers on single days alone
    ):
        assert TOLD not in hits(known_of(on_the_way(), unknown))


@pytest.mark.parametrize(
    "claim",
    [
        a_claim(JSA),
        a_claim(TDB),
        a_claim(TDB, injury=an_injury(kind="road")),  # works here
        a_claim(COMMUTER, injury=an_injury(kind="work")),
        on_the_way(clock="00:00"),  # no minute was written down
    ],
)
def test_a_claim_that_needs_no_journey_asks_for_none(claim, monkeypatch):
    asked = []
    real = quality_movement.journey
    monkeypatch.setattr(quality_movement, "journey", lambda *a: asked.append(a) or real(*a))
    look, days = RULES_BY_NAME[TOLD].look, with_crossings(stays([ACCIDENT_ON]))
    assert look(known_of(claim, days), None) is None
    assert asked == []
    assert look(known_of(on_the_way(), days), None) is not None
    assert len(asked) == 1
