"""Not payable: what the law excludes, and never on a missing record."""

from datetime import date, timedelta

import pytest

from fraud.graph import Area
from fraud.history import History
from fraud.records import Illness, NewJob, Scheme
from tests.fraud.rules.test_rules import hits
from tests.fraud.schemes.claims import a_death, of
from tests.support.builders import (
    ACCIDENT_ON,
    JSA,
    LAST_DAY_AT_WORK,
    PDB,
    TDB,
    a_certificate,
    a_claim,
    a_history,
    a_job_loss,
    a_run,
    a_statement,
    an_area,
    an_enrolment,
    an_injury,
    at,
    known_of,
)


def claimed_after(days: int, version: int = 1):
    received = at(LAST_DAY_AT_WORK + timedelta(days=days), "10:00")
    return a_claim(JSA, received_at=received, version=version)


@pytest.mark.parametrize(("days", "late"), [(59, False), (60, False), (61, True)])
def test_job_loss_claimed_late(days, late):
    assert ("job_loss_claimed_late" in hits(known_of(claimed_after(days)))) is late


def test_a_correction_does_not_make_a_claim_late():
    corrected = claimed_after(75, version=2)
    assert "job_loss_claimed_late" not in hits(known_of(corrected, area=Area()))
    in_time = an_area(claimed_after(20))
    assert "job_loss_claimed_late" not in hits(known_of(corrected, area=in_time))
    too_late = an_area(claimed_after(70))
    assert "job_loss_claimed_late" in hits(known_of(corrected, area=too_late))


@pytest.mark.parametrize(
    ("reason", "fires"),
    [("resignation", True), ("voluntary_separation", False), ("closure", False), ("other", False)],
)
def test_resignation_stated_as_reason(reason, fires):
    claim = a_claim(JSA, job_loss=a_job_loss(reason=reason))
    assert ("resignation_stated_as_reason" in hits(known_of(claim))) is fires


def contributed(first: date, last: date, stated: date = date(2026, 3, 12)):
    run = a_run(first_month=first, last_month=last)
    return a_history(contributions=a_statement(run, stated_at=at(stated)))


@pytest.mark.parametrize(("first", "fires"), [(date(2025, 3, 1), True), (date(2025, 2, 1), False)])
def test_too_few_contribution_months(first, fires):
    history = contributed(first, date(2026, 1, 1))
    assert ("too_few_contribution_months" in hits(known_of(a_claim(JSA), history))) is fires


def test_months_that_may_still_arrive_count_as_contributed():
    history = contributed(date(2025, 2, 1), date(2025, 12, 1), stated=date(2026, 2, 10))
    assert "too_few_contribution_months" not in hits(known_of(a_claim(JSA), history))
    history = contributed(date(2025, 2, 1), date(2025, 12, 1), stated=date(2026, 2, 16))
    assert "too_few_contribution_months" in hits(known_of(a_claim(JSA), history))


def test_months_after_the_loss_do_not_count_and_two_employers_count_once():
    runs = (
        a_run(first_month=date(2025, 8, 1), last_month=date(2026, 9, 1)),
        a_run(employer_code="E00000000002", first_month=date(2025, 9, 1)),
    )
    history = a_history(contributions=a_statement(*runs))
    assert "too_few_contribution_months" in hits(known_of(a_claim(JSA), history))


def test_an_unknown_statement_is_no_few_months():
    assert hits(known_of(a_claim(JSA), History())) == {}


@pytest.mark.parametrize(("days", "fires"), [(2, True), (3, False), (4, False)])
def test_fewer_than_four_certified_days_with_the_day_of_the_accident(days, fires):
    certificate = a_certificate(
        first_day=ACCIDENT_ON + timedelta(days=1), last_day=ACCIDENT_ON + timedelta(days=days)
    )
    known = known_of(a_claim(TDB, certificates=(certificate,)))
    assert ("fewer_than_four_certified_days" in hits(known)) is fires


def test_a_certificate_that_ends_before_it_begins_is_a_typing_mistake_only():
    certificate = a_certificate(last_day=ACCIDENT_ON - timedelta(days=1))
    found = hits(known_of(a_claim(TDB, certificates=(certificate,))))
    assert "fewer_than_four_certified_days" not in found
    assert "certificate_ends_before_it_begins" in found


@pytest.mark.parametrize(
    ("received", "late"), [(date(2027, 3, 8), False), (date(2027, 3, 9), True)]
)
def test_disablement_claimed_late(received, late):
    claim = a_claim(PDB, received_at=at(received))  # leave ended on 8 March 2026
    assert ("disablement_claimed_late" in hits(known_of(claim))) is late


@pytest.mark.parametrize(
    ("place", "fires"), [("singapore", True), ("link", False), ("malaysia", False)]
)
def test_accident_outside_malaysia(place, fires):
    claim = a_claim(Scheme.ANY_HOUR_INJURY, injury=an_injury(place=place))
    assert ("accident_outside_malaysia" in hits(known_of(claim))) is fires
    at_work = a_claim(TDB, injury=an_injury(place=place))
    assert "accident_outside_malaysia" not in hits(known_of(at_work))


def an_invalidity(**changes):
    illness = Illness(diagnosis_code="I63", began_on=date(2025, 11, 3))
    return of(Scheme.INVALIDITY, **{"illness": illness} | changes)


@pytest.mark.parametrize(
    ("first", "last", "fires"),
    [
        (date(2024, 3, 1), date(2026, 2, 1), False),  # 24 of the last 40
        (date(2024, 4, 1), date(2026, 2, 1), True),  # 23, and as many in all
        (date(2018, 1, 1), date(2023, 5, 1), True),  # 65 of 98 months since entry are too few ...
        (date(2018, 1, 1), date(2023, 6, 1), False),  # ... and 66 are two thirds
    ],
)
def test_contributions_below_qualifying_period(first, last, fires):
    history = contributed(first, last, stated=date(2026, 3, 20))
    found = hits(known_of(an_invalidity(), history))
    assert ("contributions_below_qualifying_period" in found) is fires


def test_a_month_that_may_still_arrive_keeps_a_pension_open():
    history = contributed(date(2024, 3, 1), date(2026, 1, 1), stated=date(2026, 3, 10))
    found = hits(known_of(an_invalidity(), history))
    assert "contributions_below_qualifying_period" not in found


@pytest.mark.parametrize(("born", "fires"), [("651104", False), ("651103", True), ("380101", True)])
def test_invalidity_began_after_age(born, fires):
    claim = an_invalidity(mykad=f"{born}000015")
    assert ("invalidity_began_after_age" in hits(known_of(claim))) is fires


@pytest.mark.parametrize(
    ("started", "fires"), [(date(2026, 10, 31), False), (date(2026, 11, 1), True)]
)
def test_new_job_after_search_period(started, fires):
    """Lost on 30 January; 60 days, six months and one more end on 31 October."""
    claim = of(Scheme.EARLY_REEMPLOYMENT, job_loss=a_job_loss(), new_job=NewJob(started_on=started))
    assert ("new_job_after_search_period" in hits(known_of(claim))) is fires


@pytest.mark.parametrize(("clock", "fires"), [("11:59", False), ("12:00", False), ("12:01", True)])
def test_accident_before_first_receipt(clock, fires):
    claim = a_claim(Scheme.SELF_EMPLOYED)  # injured at 12:00
    late = a_history(enrolments=(an_enrolment(paid_at=at(ACCIDENT_ON, clock)),))
    assert ("accident_before_first_receipt" in hits(known_of(claim, late))) is fires
    again = a_history(enrolments=(*late.enrolments, an_enrolment()))
    assert "accident_before_first_receipt" not in hits(known_of(claim, again))
    assert "accident_before_first_receipt" not in hits(known_of(claim))


@pytest.mark.parametrize(
    ("cause", "fires"), [("work", False), ("road", False), ("illness", True), ("other", True)]
)
def test_death_not_from_work(cause, fires):
    claim = of(Scheme.DEPENDANTS, death=a_death(cause=cause))
    assert ("death_not_from_work" in hits(known_of(claim))) is fires
    pension = of(Scheme.SURVIVORS, death=a_death(cause=cause))
    assert "death_not_from_work" not in hits(known_of(pension))


@pytest.mark.parametrize(("born", "fires"), [("710303", False), ("710302", True)])
def test_housewife_above_age(born, fires):
    claim = a_claim(Scheme.HOUSEWIFE, mykad=f"{born}000015")
    assert ("housewife_above_age" in hits(known_of(claim))) is fires


@pytest.mark.parametrize(("distance", "fires"), [(100, True), (101, False), (None, False)])
def test_new_job_not_far_away(distance, fires):
    job = NewJob(started_on=date(2026, 4, 1), distance_km=distance)
    claim = of(Scheme.MOBILITY, job_loss=a_job_loss(), new_job=job)
    assert ("new_job_not_far_away" in hits(known_of(claim))) is fires
