"""One accident in several claims: the same people again, not a crowd that was hurt once."""

from datetime import timedelta
from math import isnan

import pytest

from fraud.features import Known, from_events
from fraud.features.signs import signs_of_staged_collision
from fraud.graph import GUARD, Area
from fraud.history import History
from fraud.records import Scheme
from tests.support.builders import (
    ACCIDENT_ON,
    COMMUTER,
    MYKAD,
    PDB,
    RECEIVED_ON,
    TDB,
    a_board_attendance,
    a_certificate,
    a_claim,
    a_history,
    an_area,
    an_injury,
    another_claim,
    at,
    known_of,
    linked,
)

EARLIER = ACCIDENT_ON - timedelta(days=60)
BUS = "JPX 1 (simulated)"


def in_vehicle(vehicle=BUS, day=ACCIDENT_ON, **changes):
    return an_injury(kind="road", vehicle=vehicle, occurred_at=at(day, "12:00"), **changes)


def measured(name: str, *others, claim=None, history=None) -> float:
    return getattr(from_events, name)(known_of(claim, history, an_area(*others)))


RIDER = a_claim(COMMUTER, injury=in_vehicle())


def companion(number, **changes):
    return another_claim(number, COMMUTER, injury=in_vehicle(), **changes)


def test_a_crash_of_a_bus_is_many_people_once_and_no_sign():
    crowd = [companion(n) for n in range(1, 12)]
    assert measured("people_hurt_in_vehicle_that_day", *crowd, claim=RIDER) == 11
    assert measured("people_hurt_in_vehicle_on_other_days", *crowd, claim=RIDER) == 0
    assert measured("companions_met_in_another_accident", *crowd, claim=RIDER) == 0
    assert isnan(measured("companions_of_same_intermediary", *crowd, claim=RIDER))
    known = known_of(RIDER, a_history(), an_area(*crowd))
    assert signs_of_staged_collision(known) == 0


def test_the_same_vehicle_on_other_days():
    other = another_claim(1, COMMUTER, injury=in_vehicle(day=EARLIER))
    assert measured("people_hurt_in_vehicle_on_other_days", other, claim=RIDER) == 1
    assert measured("people_hurt_in_vehicle_that_day", other, claim=RIDER) == 0


@pytest.mark.parametrize(("today", "before"), [(1, 9), (8, 2)])
def test_a_second_accident_of_a_bus_is_no_sign(today, before):
    riders = [companion(n) for n in range(1, today + 1)]
    earlier = {"injury": in_vehicle(day=EARLIER), "received_at": at(EARLIER)}
    others = [another_claim(20 + n, COMMUTER, **earlier) for n in range(before)]
    name = "people_hurt_in_vehicle_on_other_days"
    assert measured(name, *riders, *others, claim=RIDER) == 0
    assert measured(name, *riders[:7], *others[:8], claim=RIDER) == min(before, 8)


def test_of_a_vehicle_that_more_claims_name_than_are_read_other_accidents_are_unknown():
    """Its older crashes are cut off somewhere, so that one of many may look like one of few."""
    days = [EARLIER - timedelta(days=n) for n in range(GUARD + 1)]
    others = [
        another_claim(n, COMMUTER, injury=in_vehicle(day=day), received_at=at(day))
        for n, day in enumerate(days, 1)
    ]
    name = "people_hurt_in_vehicle_on_other_days"
    assert measured(name, *others[:GUARD], claim=RIDER) == GUARD
    assert isnan(measured(name, *others, claim=RIDER))


def test_amending_does_not_hide_a_vehicle():
    names = "people_hurt_in_vehicle_on_other_days"
    crash = {"injury": in_vehicle(day=EARLIER), "received_at": at(EARLIER)}
    others = [
        another_claim(n, COMMUTER, version=version, **crash)
        for version in (1, 2, 3)
        for n in range(1, 8)
    ]
    assert measured(names, *others, claim=RIDER) == 7


def test_pairs_who_meet_in_several_accidents():
    old = {"injury": in_vehicle("JPX 2", EARLIER), "received_at": at(EARLIER)}
    mine = a_claim(COMMUTER, claim_id="C-0900", **old)
    theirs = another_claim(1, COMMUTER, claim_id="C-0901", **old)
    stranger = companion(2)
    others = (mine, theirs, companion(1), stranger)
    assert measured("companions_met_in_another_accident", *others, claim=RIDER) == 1


def test_an_accident_of_many_does_not_make_pairs():
    old = {"injury": in_vehicle("JPX 2", EARLIER), "received_at": at(EARLIER)}
    mine = a_claim(COMMUTER, claim_id="C-0900", **old)
    crowd = [another_claim(n, COMMUTER, claim_id=f"C-09{n:02d}", **old) for n in range(1, 12)]
    others = (mine, *crowd, companion(1))
    assert measured("companions_met_in_another_accident", *others, claim=RIDER) == 0


def test_one_intermediary_for_several_passengers_and_one_desk():
    brought = {"intermediary": "U1"}
    claim = a_claim(COMMUTER, injury=in_vehicle(police_desk="JB-3"), **brought)
    same = companion(1, **brought)
    other = companion(2, intermediary="U2")
    assert measured("companions_of_same_intermediary", same, other, claim=claim) == 1
    at_desk = another_claim(3, TDB, injury=an_injury(police_desk="JB-3"), **brought)
    name = "claims_of_intermediary_at_police_desk"
    assert measured(name, same, at_desk, claim=claim) == 1
    assert isnan(measured(name, same, at_desk, claim=RIDER))


def test_passengers_of_one_accident_say_nothing_of_a_desk_that_all_of_them_went_to():
    brought = {"intermediary": "U1", "injury": in_vehicle(police_desk="JB-3")}
    others = [another_claim(n, COMMUTER, **brought) for n in (1, 2, 3)]
    name = "claims_of_intermediary_at_police_desk"
    assert measured(name, *others, claim=a_claim(COMMUTER, **brought)) == 0


def test_one_practitioner_for_several_passengers():
    signed = {"certificates": (a_certificate(),)}
    same, other = companion(1, **signed), companion(2)
    elsewhere = another_claim(3, COMMUTER, **signed)  # in another vehicle
    name = "companions_of_same_practitioner"
    assert measured(name, same, other, elsewhere, claim=RIDER) == 1
    assert isnan(measured(name, same, claim=a_claim(COMMUTER, certificates=())))


def own(scheme, **changes):
    return a_claim(scheme, claim_id="C-0500", received_at=at(RECEIVED_ON, "09:00"), **changes)


def test_one_accident_under_two_laws():
    name = "own_claims_under_another_law"
    assert measured(name, own(Scheme.SELF_EMPLOYED), claim=a_claim(TDB)) == 1
    assert measured(name, own(TDB), claim=a_claim(PDB)) == 0  # one law, two benefits
    assert measured(name, another_claim(1, Scheme.SELF_EMPLOYED), claim=a_claim(TDB)) == 0
    elsewhen = an_injury(occurred_at=at(ACCIDENT_ON - timedelta(days=9)))
    assert measured(name, own(Scheme.SELF_EMPLOYED, injury=elsewhen), claim=a_claim(TDB)) == 0


def test_a_declared_second_cover_is_no_sign():
    claim = a_claim(TDB, injury=an_injury(other_payer_declared=True))
    assert measured("own_claims_under_another_law", own(COMMUTER), claim=claim) == 0


def test_receipts_used_again():
    receipts = an_injury(receipts=("R-1", "R-2"))
    name = "own_claims_with_same_receipt"
    again = own(Scheme.SELF_EMPLOYED, injury=an_injury(receipts=("R-2",)))
    assert measured(name, again, claim=a_claim(TDB, injury=receipts)) == 1
    assert isnan(measured(name, again, claim=a_claim(TDB)))
    same_law = own(TDB, injury=an_injury(receipts=("R-2",)))
    assert measured(name, same_law, claim=a_claim(PDB, injury=receipts)) == 0
    stranger = another_claim(1, injury=receipts)
    assert measured(name, stranger, claim=a_claim(TDB, injury=receipts)) == 0


def test_an_escort_with_many_claimants():
    def came(claim):
        came_with = a_board_attendance(
            claim_id=claim.claim_id, mykad=claim.claimant.mykad, escort="ESC-1"
        )
        return History(facts=(came_with,))

    area = Area()
    for position, number in enumerate((1, 2, 3), start=1):
        claim = another_claim(number, PDB)
        area.add(linked(claim, came(claim), known_at=position))
    mine = a_claim(PDB)
    known = Known(mine, came(mine), linked(mine, came(mine)), area)
    assert from_events.people_with_same_escort(known) == 3
    assert isnan(measured("people_with_same_escort", claim=mine))


def test_an_escort_of_somebody_whom_the_board_did_not_recognise():
    def came(claim, *sessions):
        return History(
            facts=tuple(
                a_board_attendance(
                    fact_id=f"F-{claim.claim_id}-{escort}",
                    claim_id=claim.claim_id,
                    mykad=claim.claimant.mykad,
                    escort=escort,
                    likeness=likeness,
                )
                for escort, likeness in sessions
            )
        )

    area, mine = Area(), a_claim(PDB)
    for number, sessions in enumerate(
        (
            [("ESC-1", "differs")],
            [("ESC-1", "same")],
            [("ESC-1", None)],
            [("ESC-1", "same"), ("ESC-2", "differs")],  # unlike with another escort
        ),
        start=1,
    ):
        claim = another_claim(number, PDB)
        area.add(linked(claim, came(claim, *sessions), known_at=number))
    own = came(mine, ("ESC-1", "differs"))
    known = Known(mine, own, linked(mine, own), area)
    assert from_events.people_with_same_escort(known) == 4
    assert from_events.people_unlike_with_same_escort(known) == 1
    assert isnan(measured("people_unlike_with_same_escort", claim=mine))


def test_a_person_is_no_companion_of_their_own():
    again = a_claim(COMMUTER, claim_id="C-0500", injury=in_vehicle(), mykad=MYKAD)
    assert measured("people_hurt_in_vehicle_that_day", again, claim=RIDER) == 0
