"""Features of illness and death: unknown without the record, and honest cases stay quiet."""

from datetime import date, timedelta
from math import isnan

import pytest

from fraud.features import from_pensions, signs
from fraud.records import Dependant, Scheme
from tests.support.builders import (
    MYKAD,
    RECEIVED_ON,
    a_death,
    a_death_claim,
    a_history,
    a_job_started,
    a_payment_due,
    a_referral_answer,
    a_registered_death,
    a_run,
    a_statement,
    an_account_change,
    an_area,
    an_attendance,
    an_illness,
    an_illness_claim,
    another_claim,
    at,
    days_from,
    known_of,
    stays,
    with_crossings,
)

FUNERAL = Scheme.FUNERAL
DECEASED = "600101000033"


def of_illness(name: str, *facts, illness=None, **history) -> float:
    claim = an_illness_claim(illness=illness or an_illness())
    return getattr(from_pensions, name)(known_of(claim, a_history(facts=facts, **history)))


def of_death(name: str, *facts, claim=None, area=None) -> float:
    known = known_of(claim or a_death_claim(), a_history(facts=facts), area)
    return getattr(from_pensions, name)(known)


@pytest.mark.parametrize(
    "name",
    [
        "referral_unknown_to_hospital",
        "referring_doctor_not_on_duty",
        "jobs_started_after_illness",
        "insured_wage_since_claim_over_before",
        "stays_a_week_before_illness_claim",
    ],
)
def test_what_nobody_answered_is_unknown(name):
    assert isnan(of_illness(name))


@pytest.mark.parametrize(
    "name",
    [
        "stated_death_after_registered_days",
        "days_claimed_after_own_death",
        "payments_due_after_death",
        "days_at_work_after_stated_death",
    ],
)
def test_without_the_register_a_death_is_unknown(name):
    assert isnan(of_death(name))


def test_the_hospital_answers_about_this_letter_alone():
    name = "referral_unknown_to_hospital"
    assert of_illness(name, a_referral_answer(serial_known=False)) == 1
    assert of_illness(name, a_referral_answer(serial_known=True)) == 0
    assert isnan(of_illness(name, a_referral_answer(serial="R-2", serial_known=False)))
    assert isnan(of_illness(name, a_referral_answer()))
    found_later = (a_referral_answer(serial_known=False), a_referral_answer(serial_known=True))
    assert of_illness(name, *found_later) == 0


def test_a_pension_may_be_earned_beside_up_to_a_third():
    name = "insured_wage_since_claim_over_before"
    later = a_run(
        first_month=date(2026, 4, 1), last_month=date(2026, 6, 1), monthly_wage_sen=90_000
    )
    before = a_run(last_month=date(2025, 9, 1))
    drawn = a_statement(before, later, stated_at=at(date(2026, 7, 10)))
    assert of_illness(name, contributions=drawn) == pytest.approx(0.3)
    assert isnan(of_illness(name, contributions=a_statement(before)))
    told = a_job_started(employer_code=later.employer_code, reported_by_claimant=True)
    assert of_illness(name, told, contributions=drawn) == 0


def test_months_past_the_24th_contribution():
    run = a_run(first_month=date(2023, 9, 1), last_month=date(2025, 9, 1))
    known = of_illness("months_past_pension_contributions", contributions=a_statement(run))
    assert known == 1


def test_stays_before_the_claim_are_read_after_the_illness_began():
    days = days_from(RECEIVED_ON - timedelta(days=42), 42)
    known = known_of(an_illness_claim(), with_crossings(stays(days)))
    assert from_pensions.stays_a_week_before_illness_claim(known) == pytest.approx(7)


def test_a_job_that_the_person_reported_does_not_count():
    told = a_job_started(reported_by_claimant=True)
    assert of_illness("jobs_started_after_illness", told) == 0
    assert of_illness("jobs_started_after_illness", a_job_started()) == 0  # nobody asked
    silent = a_job_started(reported_by_claimant=False)
    assert of_illness("jobs_started_after_illness", silent) == 1


def test_payments_after_a_death_that_was_registered():
    dues = [a_payment_due(n) for n in (1, 2, 3)]
    entry = a_registered_death(died_on=RECEIVED_ON + timedelta(days=20))
    claim = an_illness_claim()
    assert of_death("payments_due_after_death", entry, *dues, claim=claim) == 2
    other = a_payment_due(4, claim_id="C-9")
    assert of_death("payments_due_after_death", entry, other, claim=claim) == 0
    assert of_death("days_claimed_after_own_death", entry, claim=claim) == 0
    changed = an_account_change(changed_at=at(RECEIVED_ON + timedelta(days=25)))
    history = a_history(facts=(entry, *dues), account_changes=(changed,))
    known = known_of(claim, history)
    assert from_pensions.account_changes_after_death(known) == 1
    assert from_pensions.payments_due_after_entry(known) == 2
    assert signs.signs_of_payment_after_death(known) == 3


def test_payments_end_with_a_late_entry_of_a_death_abroad():
    entry = a_registered_death(
        died_on=RECEIVED_ON - timedelta(days=20), registered_at=at(RECEIVED_ON + timedelta(days=30))
    )
    claim, dues = an_illness_claim(), [a_payment_due(1)]
    assert of_death("payments_due_after_death", entry, *dues, claim=claim) == 1
    assert of_death("payments_due_after_entry", entry, *dues, claim=claim) == 0
    assert isnan(of_death("payments_due_after_entry", *dues, claim=claim))


def test_the_register_of_the_deceased_is_not_the_claimants():
    entry = a_registered_death(mykad=DECEASED, died_on=date(2026, 2, 10))
    assert of_death("stated_death_after_registered_days", entry) == 10
    assert isnan(of_death("days_claimed_after_own_death", entry))


def test_the_deceased_at_work_afterwards():
    present = (date(2026, 2, 19), date(2026, 2, 23))
    listed = an_attendance(present, mykad=DECEASED)
    assert of_death("days_at_work_after_stated_death", listed) == 1
    assert isnan(of_death("days_at_work_after_stated_death", an_attendance(present, mykad=MYKAD)))


def a_relative(number: int, scheme: Scheme = FUNERAL, **changes):
    parts = {"injury": None, "certificates": (), "death": a_death(), "employer_code": None}
    return another_claim(number, scheme, **parts | changes)


def test_one_funeral_and_two_payees():
    claim = a_death_claim(FUNERAL)
    assert of_death("other_funeral_claimants", claim=claim, area=an_area(a_relative(1))) == 1
    pension = an_area(a_relative(1, Scheme.SURVIVORS))
    assert of_death("other_funeral_claimants", claim=claim, area=pension) == 0


def test_dependants_of_one_death_are_claimed_for_by_several_relatives():
    name = "people_naming_dependants_after_another_death"
    assert of_death(name, area=an_area(a_relative(1, Scheme.SURVIVORS))) == 0
    elsewhere = a_relative(1, Scheme.SURVIVORS, death=a_death(deceased_mykad="590101000044"))
    assert of_death(name, area=an_area(elsewhere)) == 1


@pytest.mark.parametrize(
    ("dependant", "misfits"),
    [
        (Dependant(relation="child", mykad="120304000051", born_on=date(2012, 3, 4)), 0),
        (Dependant(relation="child", mykad="120304000051", born_on=date(2012, 3, 5)), 1),
        (Dependant(relation="child", born_on=date(2026, 12, 1)), 0),
        (Dependant(relation="child", born_on=date(2027, 1, 1)), 1),
        (Dependant(relation="child", born_on=date(1965, 1, 1)), 1),
        (Dependant(relation="parent", born_on=date(1935, 1, 1)), 0),
        (Dependant(relation="parent", born_on=date(1962, 1, 1)), 1),
        (Dependant(relation="spouse", born_on=date(1988, 1, 1)), 0),
        (Dependant(relation="child"), 0),
    ],
)
def test_dates_of_dependants(dependant, misfits):
    claim = a_death_claim(death=a_death(dependants=(dependant,)))
    assert of_death("dependants_whose_dates_do_not_fit", claim=claim) == misfits


@pytest.mark.parametrize(
    ("born_on", "days"), [(date(2012, 3, 4), 0), (date(2011, 12, 5), 90), (date(2018, 3, 4), 2191)]
)
def test_how_far_a_stated_birth_is_off_the_number(born_on, days):
    child = Dependant(relation="child", mykad="120304000051", born_on=born_on)
    claim = a_death_claim(death=a_death(dependants=(child,)))
    assert of_death("most_days_off_number_of_dependant", claim=claim) == days
    nobody = a_death_claim(death=a_death(dependants=(Dependant(relation="child"),)))
    assert isnan(of_death("most_days_off_number_of_dependant", claim=nobody))


def test_an_earlier_claim_of_the_same_death_with_other_children():
    name = "people_naming_other_dependants_before"
    other = Dependant(relation="child", mykad="140506000061")
    family = a_relative(1, Scheme.SURVIVORS, death=a_death(dependants=(other,)))
    assert of_death(name, area=an_area(family)) == 1
    assert of_death(name, area=an_area(a_relative(1, Scheme.SURVIVORS))) == 0
    later = family.model_copy(update={"received_at": at(RECEIVED_ON + timedelta(days=5))})
    assert of_death(name, area=an_area(later)) == 0  # the first family is no suspect


def test_a_guardian_of_orphans_lights_no_sign():
    claim = a_death_claim()
    siblings = an_area(*(a_relative(n, Scheme.SURVIVORS, account=claim.claimant.account)
                         for n in (1, 2, 3)))  # fmt: skip
    known = known_of(claim, a_history(), siblings)
    assert signs.signs_of_false_survivor(known) == 0
    assert signs.signs_of_one_purse(known) <= 1
