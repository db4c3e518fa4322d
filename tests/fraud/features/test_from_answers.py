"""Features of what others answered: an answer counts for what it says, silence for nothing."""

from datetime import timedelta
from math import isnan

import pytest

from fraud.features import from_answers
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
    an_injury,
    an_insurer_payment,
    at,
    days_from,
    known_of,
    platform_trips,
)


def measured(name: str, *facts, claim=None) -> float:
    return getattr(from_answers, name)(known_of(claim, a_history(facts=facts)))


@pytest.mark.parametrize(
    "name",
    [
        "certificates_unknown_to_hospital",
        "certificates_by_doctor_off_duty",
        "private_cause_noted_by_hospital",
        "days_seen_before_accident",
        "payments_denied_on_form",
        "leave_days_paid_by_another",
        "receipts_paid_by_another",
        "days_from_other_payment_to_board",
        "trip_days_on_leave",
        "share_of_leave_with_trips",
        "trips_on_leave_over_usual",
        "likeness_differs_at_board",
    ],
)
def test_without_an_answer_it_is_unknown(name):
    assert isnan(measured(name, claim=a_claim(PDB, injury=denied())))


def denied(**changes):
    return an_injury(other_payer_declared=False, receipts=("R-1", "R-9"), **changes)


def test_what_the_hospital_says_of_the_certificate():
    unknown = a_hospital_answer(serial_known=False, practitioner_on_duty=False)
    assert measured("certificates_unknown_to_hospital", unknown) == 1
    assert measured("certificates_by_doctor_off_duty", unknown) == 1
    assert measured("certificates_unknown_to_hospital", a_hospital_answer()) == 0
    assert isnan(measured("certificates_unknown_to_hospital", a_hospital_answer(serial_known=None)))


def test_an_answer_about_another_certificate_says_nothing_of_this_one():
    for other in (a_hospital_answer(serial="X-1"), a_hospital_answer(facility="KL00099")):
        assert isnan(measured("certificates_unknown_to_hospital", other))


def test_a_tele_consultation_needs_nobody_on_duty():
    claim = a_claim(certificates=(a_certificate(remote=True),))
    answer = a_hospital_answer(practitioner_on_duty=False)
    assert isnan(measured("certificates_by_doctor_off_duty", answer, claim=claim))


@pytest.mark.parametrize(("cause", "value"), [("home", 1), ("sport", 1), ("work", 0), ("road", 0)])
def test_the_cause_in_the_hospitals_note(cause, value):
    answer = a_hospital_answer(cause_noted=cause)
    assert measured("private_cause_noted_by_hospital", answer) == value


@pytest.mark.parametrize("cause", ["other", None])
def test_a_cause_that_says_nothing_is_unknown(cause):
    answer = a_hospital_answer(cause_noted=cause)
    assert isnan(measured("private_cause_noted_by_hospital", answer))


def test_a_visit_before_the_stated_accident():
    early = a_hospital_answer(seen_on=ACCIDENT_ON - timedelta(days=3))
    assert measured("days_seen_before_accident", early) == 3
    later = a_hospital_answer(seen_on=ACCIDENT_ON + timedelta(days=1))
    assert measured("days_seen_before_accident", later) == 0


def test_the_same_injury_paid_by_another_and_denied():
    claim, payment = a_claim(injury=denied()), an_insurer_payment()
    assert measured("payments_denied_on_form", payment, claim=claim) == 1
    assert measured("leave_days_paid_by_another", payment, claim=claim) == 4
    assert measured("receipts_paid_by_another", payment, claim=claim) == 1


@pytest.mark.parametrize(
    "honest",
    [
        an_insurer_payment(payer="private_insurer"),
        an_insurer_payment(injured_on=ACCIDENT_ON - timedelta(days=40)),
        an_insurer_payment(injury_code="T20"),
    ],
    ids=["personal insurance", "another accident", "another part of the body"],
)
def test_other_payments_are_none_for_this_injury(honest):
    claim = a_claim(injury=denied())
    assert measured("payments_denied_on_form", honest, claim=claim) == 0
    assert measured("leave_days_paid_by_another", honest, claim=claim) == 0
    assert measured("receipts_paid_by_another", honest, claim=claim) == 0


def test_a_declared_overlap_is_no_sign():
    claim = a_claim(injury=an_injury(other_payer_declared=True, receipts=("R-1",)))
    for name in ("payments_denied_on_form", "leave_days_paid_by_another"):
        assert measured(name, an_insurer_payment(), claim=claim) == 0
    assert measured("receipts_paid_by_another", an_insurer_payment(), claim=claim) == 0


def test_a_form_that_did_not_ask_denied_nothing():
    assert isnan(measured("payments_denied_on_form", an_insurer_payment()))


def test_expenses_split_between_payers_have_receipts_of_their_own():
    claim = a_claim(injury=an_injury(other_payer_declared=False, receipts=("R-7",)))
    assert measured("receipts_paid_by_another", an_insurer_payment(), claim=claim) == 0


def test_a_payment_shortly_before_the_board():
    claim = a_claim(PDB, injury=denied())
    facts = (an_insurer_payment(), a_board_listing())
    assert measured("days_from_other_payment_to_board", *facts, claim=claim) == 60
    after = an_insurer_payment(paid_at=at(RECEIVED_ON + timedelta(days=90)))
    name = "days_from_other_payment_to_board"
    assert isnan(measured(name, after, a_board_listing(), claim=claim))


def test_trips_on_leave():
    ridden = days_from(ACCIDENT_ON - timedelta(days=42), 42)[::2] + days_from(ACCIDENT_ON, 4)
    log = platform_trips(ridden)
    assert measured("trip_days_on_leave", log) == 3  # the day of the accident does not count
    assert measured("share_of_leave_with_trips", log) == pytest.approx(3 / 6)
    assert measured("trips_on_leave_over_usual", log) == pytest.approx(1.0)


def test_a_log_of_other_days_says_nothing_of_the_leave():
    log = platform_trips(days_from(ACCIDENT_ON - timedelta(days=9), 3), last_day=ACCIDENT_ON)
    assert isnan(measured("trip_days_on_leave", log))
    assert measured("trip_days_on_leave", platform_trips()) == 0


def test_without_usual_trips_there_is_nothing_to_compare_with():
    log = platform_trips(days_from(ACCIDENT_ON, 4))
    assert isnan(measured("trips_on_leave_over_usual", log))


def test_likeness_at_the_board():
    assert measured("likeness_differs_at_board", a_board_attendance()) == 0
    assert measured("likeness_differs_at_board", a_board_attendance(likeness="differs")) == 1
    assert isnan(measured("likeness_differs_at_board", a_board_attendance(likeness=None)))
    of_another = a_board_attendance(claim_id="C-0009", likeness="differs")
    assert isnan(measured("likeness_differs_at_board", of_another))
