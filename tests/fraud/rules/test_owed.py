"""Money owed: clear shortfalls against the least that the law gives."""

from datetime import date, timedelta

import pytest

from fraud.history import History
from fraud.records import DeathRegistered, PaymentDue, Scheme
from tests.fraud.rules.test_rules import hits
from tests.fraud.schemes.claims import a_death, of
from tests.support.builders import (
    ACCIDENT_ON,
    JSA,
    MYKAD,
    RECEIVED_ON,
    TDB,
    a_certificate,
    a_claim,
    a_history,
    a_job_loss,
    a_run,
    a_statement,
    an_area,
    an_attendance,
    an_injury,
    at,
    days_from,
    known_of,
)

AVERAGE = "temporary_benefit_below_average_wage"
LEAST = "temporary_benefit_below_least_rate"
SHORTEST = "job_search_allowance_below_shortest"


def paid(sen, history=None, **changes):
    return hits(known_of(a_claim(TDB, expected_payment_sen=sen, **changes), history or a_history()))


@pytest.mark.parametrize(("sen", "fires"), [(56_000, False), (52_000, False), (50_000, True)])
def test_temporary_benefit_of_seven_days_at_three_thousand_ringgit(sen, fires):
    """7 days at 80% of RM3,000 / 30 make RM560; wage classes may explain some percent."""
    assert (AVERAGE in paid(sen)) is fires


def test_nothing_expected_means_that_nothing_was_worked_out_yet():
    assert not {AVERAGE, LEAST} & paid(0).keys()


def test_days_at_work_are_not_due():
    listed = an_attendance(days_from(ACCIDENT_ON + timedelta(days=3), 4))
    assert AVERAGE not in paid(30_000, a_history(attendances=(listed,)))


def test_a_wage_above_the_ceiling_counts_as_the_top_class():
    high = a_history(contributions=a_statement(a_run(monthly_wage_sen=900_000)))
    assert AVERAGE not in paid(111_000, high)  # 7 x RM158.67
    assert AVERAGE in paid(100_000, high)


def test_each_month_counts_up_to_the_ceiling_of_its_own_time():
    """June to September 2024 at RM4,950, October and November at RM5,950; not all at the latter."""
    accident, received = date(2024, 12, 15), date(2024, 12, 30)
    claim = a_claim(
        TDB,
        received_at=at(received, "10:00"),
        expected_payment_sen=98_200,  # 7 x RM140.89 is RM986; 7 x RM158.67 would be RM1,111
        injury=an_injury(occurred_at=at(accident, "10:00")),
        certificates=(a_certificate(first_day=accident, last_day=date(2024, 12, 21)),),
    )
    history = a_history(contributions=a_statement(a_run(monthly_wage_sen=650_000)))
    assert AVERAGE not in hits(known_of(claim, history))


def test_only_contributed_months_among_the_six_before_make_the_average():
    runs = (
        a_run(last_month=date(2025, 11, 1), monthly_wage_sen=100_000),
        a_run(first_month=date(2026, 1, 1), last_month=date(2026, 2, 1), monthly_wage_sen=500_000),
    )
    history = a_history(contributions=a_statement(*runs))
    # September to November at RM1,000 (three), January and February at RM5,000: RM2,600
    assert AVERAGE not in paid(48_600, history)
    assert AVERAGE in paid(44_000, history)


def test_no_contributed_month_is_no_average():
    old = a_history(contributions=a_statement(a_run(last_month=date(2024, 1, 1))))
    assert AVERAGE not in paid(22_000, old)
    assert AVERAGE not in paid(22_000, History())


def test_the_least_daily_rate_holds_whatever_else_is_unknown():
    assert LEAST in paid(15_000, History())  # 7 days at RM30 make RM210
    assert LEAST not in paid(21_000, History())


def test_too_few_days_give_no_benefit_to_fall_short_of():
    short = (a_certificate(last_day=ACCIDENT_ON + timedelta(days=2)),)
    assert not {AVERAGE, LEAST} & paid(1_000, certificates=short).keys()


def searching(sen, history=None, **changes):
    claim = a_claim(JSA, expected_payment_sen=sen, **changes)
    return hits(known_of(claim, history or a_history()))


@pytest.mark.parametrize(("sen", "fires"), [(510_000, False), (480_000, False), (400_000, True)])
def test_job_search_allowance_below_the_shortest(sen, fires):
    """Three months at 80, 50 and 40% of RM3,000 make RM5,100."""
    assert (SHORTEST in searching(sen)) is fires


def test_a_claim_that_may_not_be_payable_is_owed_nothing():
    assert SHORTEST not in searching(400_000, received_at=at(RECEIVED_ON + timedelta(days=40)))
    assert SHORTEST not in searching(400_000, job_loss=a_job_loss(reason="resignation"))
    few = a_history(contributions=a_statement(a_run(first_month=date(2025, 6, 1))))
    assert SHORTEST not in searching(400_000, few)


LENGTH = "job_search_allowance_below_its_length"


@pytest.mark.parametrize(("sen", "fires"), [(510_000, True), (740_000, True), (750_000, False)])
def test_job_search_allowance_below_its_length(sen, fires):
    """Six months at RM3,000 make RM8,100; three would make RM5,100."""
    assert (LENGTH in searching(sen)) is fires


def test_whoever_claimed_before_may_have_used_months():
    claim = a_claim(JSA, expected_payment_sen=510_000)
    before = a_claim(JSA, claim_id="C-0000", received_at=at(date(2024, 3, 1)))
    assert LENGTH not in hits(known_of(claim, a_history(), an_area(before)))


def test_a_short_allowance_has_its_own_sentence_only():
    short = a_history(contributions=a_statement(a_run(first_month=date(2025, 1, 1))))
    assert LENGTH not in searching(400_000, short)
    assert SHORTEST in searching(400_000, short)


@pytest.mark.parametrize(("sen", "fires"), [(100_000, True), (190_000, False), (0, False)])
def test_funeral_benefit_below_its_sum(sen, fires):
    claim = of(Scheme.FUNERAL, death=a_death(), expected_payment_sen=sen)
    paid = a_statement(mykad=claim.insured_mykad)
    death = DeathRegistered(
        fact_id="F-death",
        mykad=claim.insured_mykad,
        died_on=claim.death.died_on,
        registered_at=at(RECEIVED_ON),
    )
    name = "funeral_benefit_below_its_sum"
    known = known_of(claim, a_history(contributions=paid, facts=(death,)))
    assert (name in hits(known)) is fires
    assert name not in hits(known_of(claim, a_history(contributions=paid)))
    alone = claim.model_copy(update={"death": a_death(dependants=())})
    assert name not in hits(known_of(alone, a_history(contributions=paid, facts=(death,))))


@pytest.mark.parametrize(
    ("sen", "number", "fires"),
    [(40_000, 2, True), (47_500, 2, False), (44_000, 2, False), (40_000, 1, False), (0, 2, False)],
)
def test_pension_payment_below_least(sen, number, fires):
    claim = of(Scheme.SURVIVORS, death=a_death())
    due = PaymentDue(
        fact_id="F-due",
        claim_id=claim.claim_id,
        mykad=MYKAD,
        number=number,
        amount_sen=sen,
        due_on=RECEIVED_ON,
        stated_at=at(RECEIVED_ON),
    )
    found = hits(known_of(claim, a_history(facts=(due,))))
    assert ("pension_payment_below_least" in found) is fires
    elsewhere = due.model_copy(update={"claim_id": "C-9"})
    other = hits(known_of(claim, a_history(facts=(elsewhere,))))
    assert "pension_payment_below_least" not in other
