"""Features of lost and new jobs: unknown without the record, look-alikes light few signs."""

from datetime import date, timedelta
from math import isnan

import pytest

from fraud.features import from_jobs, signs
from fraud.records import Scheme, StaffMove
from tests.support.builders import (
    EMPLOYER,
    JSA,
    LAST_DAY_AT_WORK,
    RECEIVED_ON,
    a_claim,
    a_history,
    a_job_loss,
    a_job_started,
    a_new_job,
    a_new_job_claim,
    a_run,
    a_statement,
    an_area,
    an_employer,
    an_enrolment,
    another_claim,
    at,
    days_from,
    known_of,
    stays,
    with_crossings,
)

LETTER = (
    "We regret to inform you that owing to restructuring of the business your position as named "
    "above is no longer required and your service ends on the day stated below."
)


def of_loss(name: str, *facts, loss=None, area=None, **history) -> float:
    claim = a_claim(JSA, job_loss=loss or a_job_loss())
    return getattr(from_jobs, name)(known_of(claim, a_history(facts=facts, **history), area))


def of_new_job(name: str, *others, facts=(), claim=None) -> float:
    known = known_of(claim or a_new_job_claim(), a_history(facts=facts), an_area(*others))
    return getattr(from_jobs, name)(known)


@pytest.mark.parametrize(
    "name",
    [
        "people_with_like_letter_elsewhere",
        "separation_pay_was_none",
        "days_until_back_with_employer",
        "jobs_others_reported_since_loss",
        "days_in_unreported_job",
        "joined_commuter_scheme_after_loss",
    ],
)
def test_what_nobody_reported_is_unknown(name):
    assert isnan(of_loss(name))


def dismissed(number: int, **changes):
    return another_claim(number, JSA, job_loss=a_job_loss(letter_text=LETTER), **changes)


def test_letters_alike_here_and_elsewhere():
    area = an_area(dismissed(1), dismissed(2, employer_code=EMPLOYER))
    loss = a_job_loss(letter_text=LETTER)
    assert of_loss("people_with_like_letter_elsewhere", loss=loss, area=area) == 1
    assert of_loss("people_with_like_letter_here", loss=loss, area=area) == 1
    assert of_loss("people_with_like_letter_and_tie", loss=loss, area=area) == 0
    brought = an_area(dismissed(1, intermediary="+60111"))
    claim = a_claim(JSA, job_loss=loss, intermediary="+60111")
    assert from_jobs.people_with_like_letter_and_tie(known_of(claim, a_history(), brought)) == 1


def test_a_real_downsizing_lights_few_signs():
    colleagues = an_area(*(dismissed(n, employer_code=EMPLOYER) for n in range(1, 7)))
    claim = a_claim(JSA, job_loss=a_job_loss(letter_text=LETTER, separation_pay_sen=900_000))
    known = known_of(claim, a_history(employer=an_employer(staff_count=12)), colleagues)
    assert from_jobs.job_losses_of_staff_180d(known) == pytest.approx(0.5)
    assert signs.signs_of_sold_dismissal(known) == 1


def test_separation_pay():
    assert of_loss("separation_pay_was_none", loss=a_job_loss(separation_pay_sen=0)) == 1
    assert of_loss("separation_pay_was_none", loss=a_job_loss(separation_pay_sen=5)) == 0
    resigned = a_job_loss(reason="resignation", separation_pay_sen=0)
    assert isnan(of_loss("separation_pay_was_none", loss=resigned))


@pytest.mark.parametrize(("months", "at_step"), [(12, 1), (13, 0), (16, 1), (24, 1), (36, 0)])
def test_a_loss_at_a_step_of_contributions(months, at_step):
    last = 2026 * 12 + 0  # January 2026
    first = last - months + 1
    run = a_run(first_month=date(first // 12, first % 12 + 1, 1), last_month=date(2026, 1, 1))
    assert of_loss("lost_at_a_contribution_step", contributions=a_statement(run)) == at_step


def test_a_step_counted_with_the_employer_that_was_left():
    before = a_run(employer_code="E90000000002", last_month=date(2025, 1, 1))
    last = a_run(first_month=date(2025, 2, 1), last_month=date(2026, 1, 1))
    assert of_loss("lost_at_a_contribution_step", contributions=a_statement(before, last)) == 1


def test_an_employer_that_goes_on_contributing():
    name = "months_paid_by_employer_after_loss"
    drawn = a_statement(a_run(last_month=date(2026, 4, 1)), stated_at=at(date(2026, 5, 10)))
    assert of_loss(name, contributions=drawn) == 3
    ended = a_statement(a_run(last_month=date(2026, 1, 1)), stated_at=at(date(2026, 5, 10)))
    assert of_loss(name, contributions=ended) == 0
    told = a_job_started(employer_code=EMPLOYER, reported_by_claimant=True)
    assert of_loss(name, told, contributions=drawn) == 0  # hired again, and said so


def test_back_with_the_same_or_a_linked_employer():
    name = "days_until_back_with_employer"
    assert of_loss(name, a_job_started(employer_code=EMPLOYER)) == 5
    elsewhere = a_job_started(employer_code="E90000000002")
    assert isnan(of_loss(name, elsewhere))
    move = StaffMove(
        fact_id="F-move", employer_code=EMPLOYER, to_employer_code="E90000000002", people=8,
        of_staff=10, month=date(2026, 2, 1), stated_at=at(RECEIVED_ON),
    )  # fmt: skip
    assert of_loss(name, elsewhere, move) == 5


def test_a_job_that_was_kept_or_reported_is_no_unreported_one():
    name = "jobs_others_reported_since_loss"
    assert of_loss(name, a_job_started()) == 1
    assert of_loss(name, a_job_started(reported_by_claimant=True)) == 0
    assert of_loss(name, a_job_started(started_on=LAST_DAY_AT_WORK - timedelta(days=90))) == 0
    assert (
        of_loss("days_in_unreported_job", a_job_started())
        == (RECEIVED_ON - LAST_DAY_AT_WORK).days - 5
    )


def test_an_enrolment_after_the_loss():
    name = "joined_commuter_scheme_after_loss"
    assert of_loss(name, enrolments=(an_enrolment(),)) == 0
    assert of_loss(name, enrolments=(an_enrolment(paid_at=at(RECEIVED_ON)),)) == 1


def hired(number: int, days_before: int, **changes):
    parts = {"injury": None, "certificates": (), "job_loss": a_job_loss(), "new_job": a_new_job()}
    received = at(RECEIVED_ON - timedelta(days=days_before))
    return another_claim(number, Scheme.EARLY_REEMPLOYMENT, received_at=received, **parts | changes)


def test_claims_of_one_firm_over_time():
    others = [hired(n, 50 * n) for n in (1, 2, 3)]
    assert of_new_job("people_hired_by_same_firm_365d", *others) == 3
    assert of_new_job("days_of_claims_at_firm_or_centre", *others) == 150
    assert isnan(of_new_job("days_of_claims_at_firm_or_centre"))


def test_how_long_the_new_job_lasted():
    ended = a_new_job(ended_on=date(2026, 3, 10))
    assert of_new_job("new_job_lasted_days", claim=a_new_job_claim(new_job=ended)) == 15
    assert isnan(of_new_job("new_job_lasted_days"))
    told = a_job_started(
        employer_code="E90000000009", started_on=date(2026, 2, 23), ended_on=date(2026, 3, 5)
    )
    assert of_new_job("new_job_ended_after_days", facts=(told,)) == 10
    assert of_new_job("days_from_loss_to_new_job") == 24


def test_the_old_employer_again():
    assert of_new_job("new_job_is_with_old_employer") == 0
    same = a_new_job_claim(new_job=a_new_job(employer_code=EMPLOYER))
    assert of_new_job("new_job_is_with_old_employer", claim=same) == 1


def test_an_earlier_new_job_of_the_same_person():
    before = a_new_job_claim(claim_id="C-0000", received_at=at(date(2025, 5, 1)))
    assert of_new_job("earlier_new_jobs_of_person", before) == 1
    assert of_new_job("earlier_new_jobs_of_person", a_claim(claim_id="C-0000")) == 0


def test_one_cohort_of_a_training_centre_lights_one_sign():
    course = a_new_job(employer_code=None, training_centre="TC-1")
    cohort = an_area(*(hired(n, n, new_job=course) for n in range(1, 8)))
    known = known_of(a_new_job_claim(Scheme.TRAINING, new_job=course), a_history(), cohort)
    assert signs.signs_of_farmed_job(known) == 1


def test_a_failed_probation_lights_few_signs():
    ended = a_new_job(ended_on=date(2026, 3, 10))
    told = a_job_started(
        employer_code="E90000000009", started_on=date(2026, 2, 23), ended_on=date(2026, 3, 10)
    )
    claim = a_new_job_claim(new_job=ended)
    assert signs.signs_of_farmed_job(known_of(claim)) == 0
    known = known_of(claim, a_history(facts=(told,)))
    assert from_jobs.new_job_ended_days_after_claim(known) == 0
    assert signs.signs_of_farmed_job(known) == 1


def test_a_distant_job_and_daily_crossings():
    far = a_new_job_claim(Scheme.MOBILITY, new_job=a_new_job(distance_km=300))
    days = days_from(date(2026, 2, 20), 60)
    name = "days_across_a_week_in_distant_job"
    assert getattr(from_jobs, name)(known_of(far, with_crossings(stays(days)))) == pytest.approx(7)
    assert getattr(from_jobs, name)(known_of(far, with_crossings({}))) == 0
    assert isnan(getattr(from_jobs, name)(known_of(far)))
    near = a_new_job_claim(Scheme.MOBILITY, new_job=a_new_job(distance_km=30))
    assert isnan(getattr(from_jobs, name)(known_of(near, with_crossings(stays(days)))))
