"""Answers that contradict another record are asked about; a slip of a day is not."""

from datetime import timedelta

from tests.fraud.rules.test_rules import hits
from tests.support.builders import (
    ACCIDENT_ON,
    PDB,
    RECEIVED_ON,
    a_board_attendance,
    a_board_listing,
    a_certificate,
    a_claim,
    a_history,
    a_hospital_answer,
    an_attendance,
    an_insurer_payment,
    at,
    known_of,
    platform_trips,
)


def found(*facts, claim=None, **history):
    return hits(known_of(claim, a_history(facts=facts, **history)))


def dated(days):
    return a_claim(certificates=(a_certificate(issued_on=RECEIVED_ON + timedelta(days=days)),))


def test_a_certificate_from_the_future():
    assert "certificate_dated_after_receipt" in found(claim=dated(5))
    assert "certificate_dated_after_receipt" not in found(claim=dated(1))


def test_seen_before_the_accident():
    early = a_hospital_answer(seen_on=ACCIDENT_ON - timedelta(days=4))
    assert "seen_in_hospital_before_accident" in found(early)
    slip = a_hospital_answer(seen_on=ACCIDENT_ON - timedelta(days=1))
    assert "seen_in_hospital_before_accident" not in found(slip)


BOARD = "board_attendance_not_as_listed"


def test_a_session_that_was_not_listed():
    claim = a_claim(PDB)
    other = a_board_attendance(session="JD-9")
    assert found(a_board_listing(), other, claim=claim)[BOARD].endswith("session")
    moved = a_board_attendance(attended_at=at(RECEIVED_ON + timedelta(days=66)))
    assert found(a_board_listing(), moved, claim=claim)[BOARD].endswith("day")
    assert BOARD not in found(a_board_listing(), a_board_attendance(), claim=claim)
    assert BOARD not in found(other, claim=claim)  # no listing was received


PAYMENT = "other_payment_of_impossible_date"


def test_a_payment_whose_dates_cannot_be():
    soon = RECEIVED_ON + timedelta(days=8)
    after = an_insurer_payment(injured_on=soon, paid_at=at(soon))
    assert found(after)[PAYMENT].endswith("after_claim")
    before = an_insurer_payment(paid_at=at(ACCIDENT_ON - timedelta(days=2)))
    assert found(before)[PAYMENT].endswith("before_injury")
    later = RECEIVED_ON + timedelta(days=200)
    another = an_insurer_payment(injured_on=later, paid_at=at(later))
    assert PAYMENT not in found(another)
    assert PAYMENT not in found(an_insurer_payment())


LISTED = "list_names_days_it_does_not_cover"


def test_lists_that_name_days_they_do_not_cover():
    outside = [RECEIVED_ON + timedelta(days=3)]
    assert found(attendances=(an_attendance(outside),))[LISTED].endswith("attendance")
    assert found(platform_trips(outside))[LISTED].endswith("platform")
    inside = [ACCIDENT_ON]
    assert LISTED not in found(platform_trips(inside), attendances=(an_attendance(inside),))
