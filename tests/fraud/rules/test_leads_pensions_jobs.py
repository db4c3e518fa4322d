"""Leads on pensions, jobs and payees: two signs fire, the honest look-alike does not."""

from datetime import date, timedelta

import pytest

from fraud.records import Dependant, Scheme
from tests.fraud.features.test_from_jobs import LETTER, dismissed, hired
from tests.fraud.features.test_from_pensions import a_relative
from tests.fraud.rules.test_rules import hits
from tests.support.builders import (
    EMPLOYER,
    JSA,
    RECEIVED_ON,
    a_claim,
    a_death,
    a_death_claim,
    a_history,
    a_job_loss,
    a_job_started,
    a_new_job,
    a_new_job_claim,
    a_payment_due,
    a_referral_answer,
    a_registered_death,
    a_run,
    a_statement,
    an_account_change,
    an_address,
    an_area,
    an_enrolment,
    an_illness,
    an_illness_claim,
    another_claim,
    at,
    days_from,
    known_of,
    stays,
    with_crossings,
)

UNKNOWN_LETTER = a_referral_answer(serial_known=False)


def test_t8_a_letter_nobody_knows_and_a_rhythm_of_work():
    days = stays(days_from(RECEIVED_ON - timedelta(days=42), 42))
    known = known_of(an_illness_claim(), with_crossings(days, facts=(UNKNOWN_LETTER,)))
    key = "rule.referral_unknown_with_second_sign.stays"
    assert hits(known)["referral_unknown_with_second_sign"] == key
    quiet = known_of(an_illness_claim(), a_history(facts=(UNKNOWN_LETTER,)))
    assert hits(quiet) == {}


def test_t8_and_an_intermediary_with_like_reports():
    illness = an_illness(report_text=LETTER)
    brought = {"intermediary": "U1", "illness": illness, "injury": None, "certificates": ()}
    others = an_area(*(another_claim(n, Scheme.INVALIDITY, **brought) for n in (1, 2)))
    claim = an_illness_claim(illness=illness, intermediary="U1")
    known = known_of(claim, a_history(facts=(UNKNOWN_LETTER,)), others)
    key = "rule.referral_unknown_with_second_sign.brought"
    assert hits(known)["referral_unknown_with_second_sign"] == key
    confirmed = a_history(facts=(a_referral_answer(serial_known=True),))
    assert hits(known_of(claim, confirmed, others)) == {}


ENTRY = a_registered_death(died_on=RECEIVED_ON + timedelta(days=5))
DUES = tuple(a_payment_due(n) for n in (1, 2, 3))


def test_t17_payments_after_a_death_with_a_new_account():
    changed = an_account_change(changed_at=at(RECEIVED_ON + timedelta(days=40)))
    history = a_history(facts=(ENTRY, *DUES), account_changes=(changed,))
    found = hits(known_of(an_illness_claim(), history))
    assert found["payments_go_on_after_death"] == "rule.payments_go_on_after_death.account"


def test_t17_a_death_that_was_registered_late_is_left_alone():
    history = a_history(facts=(ENTRY, *DUES))
    assert hits(known_of(an_illness_claim(), history)) == {}


def test_t17_two_payees_of_one_funeral():
    claim = a_death_claim(Scheme.FUNERAL)
    name = "funeral_claimed_by_strangers"
    assert name in hits(known_of(claim, area=an_area(a_relative(1))))
    at_home = an_area(a_relative(1, address=an_address()))
    assert name not in hits(known_of(claim, area=at_home))


def test_t17_dependants_of_two_deaths():
    twice = an_area(a_relative(1, Scheme.SURVIVORS, death=a_death(deceased_mykad="590101000044")))
    assert hits(known_of(a_death_claim(), area=twice)) == {}
    misfit = Dependant(relation="child", mykad="120304000051", born_on=date(1966, 3, 4))
    claim = a_death_claim(death=a_death(dependants=(misfit,)))
    assert "dependants_named_after_two_deaths" in hits(known_of(claim, area=twice))


AT_A_STEP = a_statement(a_run(first_month=date(2025, 2, 1), last_month=date(2026, 1, 1)))


def test_t11_a_letter_of_another_employer_at_a_step():
    claim = a_claim(JSA, job_loss=a_job_loss(letter_text=LETTER))
    assert hits(known_of(claim, a_history(contributions=AT_A_STEP), an_area(dismissed(1)))) == {}
    elsewhere = an_area(dismissed(1), dismissed(2))
    name = "like_letter_of_another_employer"
    found = hits(known_of(claim, a_history(contributions=AT_A_STEP), elsewhere))
    assert found[name] == f"rule.{name}.step"
    assert hits(known_of(claim, a_history(), elsewhere)) == {}
    here = an_area(*(dismissed(n, employer_code=EMPLOYER) for n in (1, 2, 3)))
    assert hits(known_of(claim, a_history(contributions=AT_A_STEP), here)) == {}


def test_t11_back_at_once_without_separation_pay():
    claim = a_claim(JSA, job_loss=a_job_loss(separation_pay_sen=0))
    back = a_job_started(employer_code=EMPLOYER, workplace_uen=None)
    assert "back_with_employer_after_loss" in hits(known_of(claim, a_history(facts=(back,))))
    paid = a_claim(JSA, job_loss=a_job_loss(separation_pay_sen=900_000))
    assert hits(known_of(paid, a_history(facts=(back,)))) == {}
    told = a_history(facts=(back.model_copy(update={"reported_by_claimant": True}),))
    assert hits(known_of(claim, told)) == {}


def test_t1_a_job_reported_by_others_alone_needs_a_second_sign():
    name, job = "job_reported_by_others_while_seeking_work", a_job_started()
    alone = a_history(facts=(job,))
    assert hits(known_of(a_claim(JSA), alone)) == {}
    joined = a_history(facts=(job,), enrolments=(an_enrolment(paid_at=at(date(2026, 2, 5))),))
    assert hits(known_of(a_claim(JSA), joined))[name] == f"rule.{name}.enrolled"
    kept = job.model_copy(update={"started_on": date(2025, 9, 1)})
    joined_too = a_history(facts=(kept,), enrolments=joined.enrolments)
    assert hits(known_of(a_claim(JSA), joined_too)) == {}


def test_t12_short_jobs_of_one_firm_by_one_intermediary():
    name = "short_job_at_a_firm_of_several_claims"
    ended = a_new_job(ended_on=date(2026, 3, 5))
    claim = a_new_job_claim(new_job=ended, intermediary="U1")
    farmed = an_area(*(hired(n, 40 * n, intermediary="U1") for n in (1, 2, 3)))
    assert hits(known_of(claim, area=farmed))[name] == f"rule.{name}.brought"
    cohort = an_area(*(hired(n, n, intermediary="U1") for n in (1, 2, 3)))
    assert hits(known_of(claim, area=cohort)) == {}
    assert hits(known_of(a_new_job_claim(intermediary="U1"), area=farmed)) == {}


def changed_account(**changes):
    return an_account_change(device="DEV-2", **changes)


DUE = a_payment_due(due_on=RECEIVED_ON + timedelta(days=10))


def test_t18_an_account_on_the_list_shortly_before_a_payment():
    name = "account_changed_shortly_before_payment"
    listed = changed_account(on_mule_list=True)
    found = hits(known_of(history=a_history(account_changes=(listed,), facts=(DUE,))))
    assert found[name] == f"rule.{name}.due"
    found = hits(known_of(history=a_history(account_changes=(listed,))))
    assert found[name] == f"rule.{name}.listed"


def test_t18_a_new_telephone_and_a_new_bank_are_left_alone():
    name, claim = "account_changed_shortly_before_payment", a_claim(device="DEV-1")
    history = a_history(account_changes=(changed_account(on_mule_list=False),), facts=(DUE,))
    assert hits(known_of(claim, history)) == {}
    strangers = an_area(another_claim(1, account=claim.claimant.account))
    assert hits(known_of(claim, history, strangers))[name] == f"rule.{name}.device"
    far = a_payment_due(due_on=RECEIVED_ON + timedelta(days=40))
    late = a_history(account_changes=history.account_changes, facts=(far,))
    assert hits(known_of(claim, late, strangers)) == {}


@pytest.mark.parametrize(
    ("known", "key"),
    [
        (
            known_of(history=a_history(facts=(a_registered_death(),))),
            "rule.claimant_registered_as_dead",
        ),
        (
            known_of(
                a_death_claim(),
                a_history(facts=(a_registered_death(mykad="600101000033"),)),
            ),
            "rule.stated_death_differs_from_register",
        ),
        (
            known_of(
                a_death_claim(
                    death=a_death(
                        dependants=(Dependant(relation="child", born_on=date(2027, 6, 1)),)
                    )
                )
            ),
            "rule.dependant_dates_disagree.late",
        ),
        (
            known_of(a_death_claim(death=a_death(died_on=RECEIVED_ON + timedelta(days=1)))),
            "rule.illness_or_death_dates_disagree.death",
        ),
        (
            known_of(an_illness_claim(illness=an_illness(first_treated_on=date(2025, 8, 1)))),
            "rule.illness_or_death_dates_disagree.treatment",
        ),
        (
            known_of(a_new_job_claim(new_job=a_new_job(started_on=date(2026, 1, 5)))),
            "rule.new_job_dates_disagree.early",
        ),
        (
            known_of(a_new_job_claim(new_job=a_new_job(ended_on=date(2026, 2, 1)))),
            "rule.new_job_dates_disagree.ended",
        ),
    ],
)
def test_contradictions_are_data_quality(known, key):
    assert set(hits(known).values()) == {key}


@pytest.mark.parametrize("claim", [an_illness_claim(), a_death_claim(), a_new_job_claim()])
def test_ordinary_claims_of_the_new_schemes_have_no_hit(claim):
    assert hits(known_of(claim)) == {}
