"""Data quality: what cannot be right, and small differences that can."""

from datetime import timedelta

import pytest

from tests.fraud.rules.test_rules import hits
from tests.support.builders import (
    ACCIDENT_ON,
    COMMUTER,
    JSA,
    RECEIVED_ON,
    a_certificate,
    a_claim,
    a_history,
    a_job_loss,
    a_run,
    a_statement,
    an_account,
    an_injury,
    at,
    known_of,
)

DAY = timedelta(days=1)


def certified(**changes):
    return known_of(a_claim(certificates=(a_certificate(**changes),)))


def test_certificate_ends_before_it_begins():
    assert "certificate_ends_before_it_begins" in hits(certified(last_day=ACCIDENT_ON - DAY))


@pytest.mark.parametrize(("days", "fires"), [(1, False), (2, True)])
def test_leave_begins_before_accident_by_more_than_a_slip_around_midnight(days, fires):
    known = certified(first_day=ACCIDENT_ON - days * DAY)
    assert ("leave_begins_before_accident" in hits(known)) is fires


def test_event_after_receipt():
    later = an_injury(occurred_at=at(RECEIVED_ON + DAY), first_treated_at=None)
    assert hits(known_of(a_claim(injury=later)))["event_after_receipt"].endswith("accident")
    loss = a_job_loss(last_day=RECEIVED_ON + DAY)
    assert hits(known_of(a_claim(JSA, job_loss=loss)))["event_after_receipt"].endswith("last_day")


def test_records_older_than_the_accident_beyond_a_slip_of_clocks():
    early = an_injury(first_treated_at=at(ACCIDENT_ON, "09:00"))
    found = hits(known_of(a_claim(injury=early)))
    assert found["record_older_than_accident"].endswith("treatment")
    early = an_injury(police_report_at=at(ACCIDENT_ON, "09:00"))
    found = hits(known_of(a_claim(injury=early)))
    assert found["record_older_than_accident"].endswith("police_report")
    slip = an_injury(first_treated_at=at(ACCIDENT_ON, "11:57"))
    assert "record_older_than_accident" not in hits(known_of(a_claim(injury=slip)))


@pytest.mark.parametrize(
    ("declared", "insured", "fires"),
    [
        (300_000, 300_000, False),
        (360_000, 300_000, False),
        (390_000, 300_000, True),
        (300_000, 390_000, True),
        (900_000, 595_000, False),  # insured at the ceiling
        (900_000, 495_000, False),  # insured at the ceiling before Oct 2024
        (None, 300_000, False),
    ],
)
def test_declared_wage_far_from_insured(declared, insured, fires):
    history = a_history(contributions=a_statement(a_run(monthly_wage_sen=insured)))
    known = known_of(a_claim(declared_monthly_wage_sen=declared), history)
    assert ("declared_wage_far_from_insured" in hits(known)) is fires


def test_another_employers_wage_is_not_compared():
    run = a_run(employer_code="E99999999999", monthly_wage_sen=100_000)
    known = known_of(history=a_history(contributions=a_statement(run)))
    assert "declared_wage_far_from_insured" not in hits(known)


def test_certificate_issued_after_its_leave():
    known = certified(issued_on=ACCIDENT_ON + 10 * DAY)
    assert "certificate_issued_after_its_leave" in hits(known)


def test_identifiers_of_a_claim():
    claim = a_claim(
        COMMUTER,
        mykad="881301010015",
        account=an_account("12345678"),
        workplace_uen="197401143A",
        phone="+60001234567",
    )
    found = hits(known_of(claim))
    assert found["mykad_not_well_formed"].endswith("date")
    assert found["account_not_well_formed"].endswith("length")
    assert found["uen_not_well_formed"].endswith("letter")
    assert found["contact_not_well_formed"].endswith("phone")
