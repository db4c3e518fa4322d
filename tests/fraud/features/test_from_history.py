"""Features of contributions, the employer, attendance and enrolment."""

from datetime import date, timedelta
from math import isnan

import pytest

from fraud.features import from_history
from tests.support.builders import (
    ACCIDENT_ON,
    COMMUTER,
    RECEIVED_ON,
    a_claim,
    a_history,
    a_run,
    a_statement,
    an_attendance,
    an_employer,
    an_enrolment,
    an_injury,
    at,
    days_from,
    known_of,
    weekdays,
)


def measured(name: str, *runs, claim=None, **changes) -> float:
    if runs:
        changes["contributions"] = a_statement(*runs)
    return getattr(from_history, name)(known_of(claim, a_history(**changes)))


OLD = a_run(
    employer_code="E80000000001", first_month=date(2024, 1, 1), last_month=date(2024, 12, 1),
    monthly_wage_sen=200_000,
)  # fmt: skip
NEW = a_run(first_month=date(2025, 1, 1), last_month=date(2026, 2, 1))


def test_months_of_contributions():
    assert measured("contribution_months", OLD, NEW) == 26
    assert measured("months_with_this_employer", OLD, NEW) == 14
    assert measured("months_past_an_entitlement_step", OLD, NEW) == 2


def test_months_after_the_event_do_not_count():
    later = a_run(first_month=date(2025, 1, 1), last_month=date(2026, 12, 1))
    assert measured("contribution_months", later) == 15  # January 2025 to March 2026


def test_late_payment():
    late = a_run(first_month=date(2025, 1, 1), paid_on=RECEIVED_ON - timedelta(days=30))
    assert measured("share_of_months_paid_late", OLD, late) == pytest.approx(14 / 26)
    assert measured("months_paid_late_just_before_claim", OLD, late) == 14
    assert measured("months_paid_late_just_before_claim", OLD, NEW) == 0
    earlier = a_run(first_month=date(2025, 1, 1), paid_on=RECEIVED_ON - timedelta(days=61))
    assert measured("months_paid_late_just_before_claim", earlier) == 0


def test_wages():
    assert measured("wage_step_before_event", OLD, NEW) == 1.5
    claim = a_claim(declared_monthly_wage_sen=450_000)
    assert measured("declared_wage_over_insured", OLD, NEW, claim=claim) == 1.5
    assert isnan(measured("wage_step_before_event", NEW))


def test_a_run_that_ends_before_it_begins_breaks_nothing():
    mistyped = a_run(first_month=date(2025, 2, 1), last_month=date(2025, 1, 1))
    for name in ("contribution_months", "share_of_months_paid_late", "months_with_this_employer"):
        measured(name, mistyped)


def test_the_employer():
    employer = an_employer(registered_on=RECEIVED_ON - timedelta(days=100), staff_count=4)
    assert measured("employer_age_days", employer=employer) == 100
    assert measured("employer_staff", employer=employer) == 4
    assert isnan(measured("employer_staff", employer=None))


def test_days_at_work_on_leave():
    listed = an_attendance(days_from(ACCIDENT_ON + timedelta(days=2), 3))
    assert measured("days_at_work_on_leave", attendances=(listed,)) == 3
    assert measured("days_at_work_on_leave", attendances=(listed, listed)) == 3
    assert measured("days_at_work_on_leave", attendances=(an_attendance(),)) == 0
    assert isnan(measured("days_at_work_on_leave"))


def test_the_day_of_the_accident_is_no_day_at_work_on_leave():
    listed = an_attendance([ACCIDENT_ON])
    assert measured("days_at_work_on_leave", attendances=(listed,)) == 0


def test_share_of_days_at_work_before_the_event():
    present = weekdays(ACCIDENT_ON - timedelta(days=14), ACCIDENT_ON)
    listed = an_attendance([*present, RECEIVED_ON])
    assert measured("share_of_days_at_work_before_event", attendances=(listed,)) == pytest.approx(
        len(present) / 15
    )


def test_enrolment_before_the_event():
    claim = a_claim(COMMUTER)
    joined = an_enrolment(paid_at=at(ACCIDENT_ON - timedelta(days=90)))
    assert measured("enrolled_days_before_event", claim=claim, enrolments=(joined,)) == 90
    after = an_enrolment(paid_at=at(ACCIDENT_ON + timedelta(days=2)))
    assert measured("enrolled_days_before_event", claim=claim, enrolments=(after,)) == -2
    assert isnan(measured("enrolled_days_before_event", claim=claim))


def test_a_renewal_after_the_event_does_not_hide_the_cover_before_it():
    claim = a_claim(COMMUTER)
    joined = an_enrolment(paid_at=at(ACCIDENT_ON - timedelta(days=300)))
    renewed = an_enrolment(fact_id="F-2", paid_at=at(ACCIDENT_ON + timedelta(days=5)))
    assert measured("enrolled_days_before_event", claim=claim, enrolments=(joined, renewed)) == 300


def test_days_at_work_early_in_leave():
    name = "days_at_work_early_in_leave"
    early = an_attendance(days_from(ACCIDENT_ON, 3))
    assert measured(name, attendances=(early,)) == 2  # the day of the accident does not count
    late = an_attendance(days_from(ACCIDENT_ON + timedelta(days=5), 2))
    assert measured(name, attendances=(late,)) == 0
    assert isnan(measured(name))


def off_work(day, clock, kind="work", **listed):
    claim = a_claim(injury=an_injury(kind=kind, occurred_at=at(day, clock)))
    attendances = (an_attendance([day - timedelta(days=1)], **listed),)
    return measured("off_work_when_injured", claim=claim, attendances=attendances)


def test_off_work_on_the_day_of_the_accident():
    assert off_work(ACCIDENT_ON, "15:00") == 1
    assert off_work(ACCIDENT_ON, "19:00", "road") == 1
    claim, listed = a_claim(), an_attendance([ACCIDENT_ON])
    assert measured("off_work_when_injured", claim=claim, attendances=(listed,)) == 0


def test_who_was_hurt_on_the_way_to_work_never_arrived():
    assert isnan(off_work(ACCIDENT_ON, "06:40", "road"))
    assert isnan(off_work(ACCIDENT_ON, "05:00"))  # a night shift may stand under the day before
    assert isnan(off_work(ACCIDENT_ON, "15:00", first_day=ACCIDENT_ON + timedelta(days=1)))
    assert isnan(measured("off_work_when_injured"))


def test_hours_from_joining_to_the_first_treatment():
    name, claim = "hours_from_enrolment_to_treatment", a_claim(COMMUTER)
    hours_before = an_enrolment(paid_at=at(ACCIDENT_ON, "08:00"))
    assert measured(name, claim=claim, enrolments=(hours_before,)) == 5
    after = an_enrolment(paid_at=at(ACCIDENT_ON, "15:00"))
    assert measured(name, claim=claim, enrolments=(after,)) == -2
    assert measured(name, claim=claim, enrolments=(after, hours_before)) == 5
    assert isnan(measured(name, claim=claim))


def test_hours_from_the_accident_to_joining():
    name, claim = "hours_from_accident_to_enrolment", a_claim(COMMUTER)
    after = an_enrolment(paid_at=at(ACCIDENT_ON, "15:00"))
    assert measured(name, claim=claim, enrolments=(after,)) == 3
    before = an_enrolment(paid_at=at(ACCIDENT_ON, "08:00"))
    assert measured(name, claim=claim, enrolments=(after, before)) == -4
    assert isnan(measured(name, claim=claim))


def test_a_full_time_job_here_that_goes_on_after_joining():
    name, claim, joined = "full_time_here_after_joining", a_claim(COMMUTER), (an_enrolment(),)
    still = a_run(last_month=date(2026, 2, 1))
    assert measured(name, still, claim=claim, enrolments=joined) == 1
    left = a_run(last_month=date(2025, 9, 1))  # a new starter left in the month of joining
    assert measured(name, left, claim=claim, enrolments=joined) == 0
    weekends = a_run(monthly_wage_sen=80_000)
    assert measured(name, weekends, claim=claim, enrolments=joined) == 0
    lately = (an_enrolment(paid_at=at(date(2026, 2, 20))),)
    assert isnan(measured(name, still, claim=claim, enrolments=lately))  # no later month yet
    assert isnan(measured(name, claim=claim, contributions=None, enrolments=joined))


def test_who_paid_for_joining():
    name, claim = "enrolment_paid_by_intermediary", a_claim(COMMUTER, intermediary="U1")
    assert measured(name, claim=claim, enrolments=(an_enrolment(paid_by="U1"),)) == 1
    assert measured(name, claim=claim, enrolments=(an_enrolment(paid_by="U2"),)) == 0
    own = a_claim(COMMUTER)
    assert measured(name, claim=own, enrolments=(an_enrolment(),)) == 0  # nobody is no match
    assert isnan(measured(name, claim=claim))


LOW = a_run(last_month=date(2025, 11, 1))


def risen(wage=450_000, first=date(2025, 12, 1), **changes):
    return a_run(first_month=first, monthly_wage_sen=wage, **changes)


def test_a_rise_in_the_six_months_before_the_event():
    assert measured("wage_step_in_six_months", LOW, risen()) == pytest.approx(1.5)
    assert measured("stepped_to_ceiling_before_event", LOW, risen()) == 0
    assert measured("stepped_to_ceiling_before_event", LOW, risen(600_000)) == 1
    assert isnan(measured("wage_step_in_six_months", contributions=None))


@pytest.mark.parametrize(
    "runs",
    [
        (a_run(),),
        (a_run(last_month=date(2025, 3, 1)), risen(first=date(2025, 4, 1))),
        (a_run(employer_code="E80000000001", last_month=date(2025, 11, 1)), risen()),
        (LOW, risen(last_month=date(2025, 12, 1)), a_run(first_month=date(2026, 1, 1))),
        (a_run(last_month=date(2025, 11, 1), monthly_wage_sen=120_000), risen(170_000)),
    ],
    ids=["no rise", "long before", "another employer", "a bonus", "the minimum wage"],
)
def test_what_is_no_rise_before_the_event(runs):
    assert measured("wage_step_in_six_months", *runs) == 1.0
    assert measured("stepped_to_ceiling_before_event", *runs) == 0


def test_months_filed_after_the_event():
    name, late = "months_raised_after_event", ACCIDENT_ON + timedelta(days=4)
    assert measured(name, LOW, risen(paid_on=late)) == 3  # December to February
    assert measured(name, LOW, risen(paid_on=ACCIDENT_ON)) == 0
    assert measured(name, LOW, risen()) == 0
