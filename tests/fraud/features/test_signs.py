"""Counts of signs: a pattern shows several, its honest twin one at most, the unknown none."""

from datetime import date, timedelta
from math import isnan

import pytest

from fraud.features import Known, signs
from fraud.graph import Area
from fraud.history import History
from tests.support.builders import (
    ACCIDENT_ON,
    COMMUTER,
    PDB,
    RECEIVED_ON,
    TDB,
    a_board_attendance,
    a_certificate,
    a_claim,
    a_history,
    a_hospital_answer,
    a_run,
    a_statement,
    an_attendance,
    an_enrolment,
    an_injury,
    an_insurer_payment,
    at,
    days_from,
    known_of,
    linked,
    platform_trips,
    stays,
    with_crossings,
)

LEAVE = days_from(ACCIDENT_ON, 7)
USUAL = days_from(ACCIDENT_ON - timedelta(days=42), 42)[::2]


def counted(name: str, claim=None, history=None) -> float:
    return getattr(signs, name)(known_of(claim, history))


def test_trips_on_leave():
    ridden = a_history(facts=(platform_trips([*USUAL, *LEAVE]),))
    assert counted("signs_of_trips_on_leave", history=ridden) == 2
    borrowed = a_history(facts=(platform_trips([*USUAL, LEAVE[3]]),))
    assert counted("signs_of_trips_on_leave", history=borrowed) == 0
    assert isnan(counted("signs_of_trips_on_leave"))


def test_listed_work_on_leave():
    early = a_history(attendances=(an_attendance(LEAVE),))
    assert counted("signs_of_listed_work_on_leave", history=early) == 2
    light = a_history(attendances=(an_attendance(LEAVE[5:]),))
    assert counted("signs_of_listed_work_on_leave", history=light) == 0


def test_a_retold_accident_and_a_sunday_return():
    injury = an_injury(kind="road", cause_first_noted="home", minutes_off_route=90,
                       occurred_at=at(ACCIDENT_ON, "19:00"))  # fmt: skip
    listed = (an_attendance([ACCIDENT_ON - timedelta(days=3)]),)
    told = a_history(attendances=listed)
    assert counted("signs_of_retold_accident", a_claim(injury=injury), told) == 3
    sunday = an_injury(kind="road", occurred_at=at(date(2026, 3, 1), "20:00"), minutes_off_route=5)
    assert counted("signs_of_retold_accident", a_claim(injury=sunday), told) == 1


@pytest.mark.parametrize(("declared", "count"), [(False, 3), (True, 0)])
def test_double_recovery_and_a_declared_overlap(declared, count):
    claim = a_claim(injury=an_injury(other_payer_declared=declared, receipts=("R-1",)))
    history = a_history(facts=(an_insurer_payment(),))
    assert counted("signs_of_double_recovery", claim, history) == count


def test_a_bought_certificate_and_a_replaced_one():
    refused = a_hospital_answer(serial_known=False, practitioner_on_duty=False)
    assert counted("signs_of_bought_certificate", history=a_history(facts=(refused,))) == 2
    replaced = a_hospital_answer(serial_known=False)
    assert counted("signs_of_bought_certificate", history=a_history(facts=(replaced,))) == 1
    assert counted("signs_of_bought_certificate") == 0
    bare = a_claim(certificates=())
    assert isnan(counted("signs_of_bought_certificate", bare, History()))


def test_a_stand_in_and_changed_looks():
    day = RECEIVED_ON + timedelta(days=60)
    came = a_board_attendance(likeness="differs", attended_at=at(day, "11:00"))
    across = with_crossings(stays([day]), facts=(came,))
    assert counted("signs_of_stand_in", a_claim(PDB), across) == 2
    assert counted("signs_of_stand_in", a_claim(PDB), a_history(facts=(came,))) == 1
    assert isnan(counted("signs_of_stand_in", a_claim(PDB)))


def test_a_sham_commuter_and_a_new_starter():
    claim = a_claim(COMMUTER, intermediary="U1", workplace_uen="12345")
    paid = an_enrolment(paid_at=at(ACCIDENT_ON, "08:00"), paid_by="U1")
    assert counted("signs_of_sham_commuter", claim, a_history(enrolments=(paid,))) == 4
    starter = an_enrolment(paid_at=at(ACCIDENT_ON - timedelta(days=5)))
    started = with_crossings(stays(days_from(ACCIDENT_ON - timedelta(days=4), 4)),
                             enrolments=(starter,))  # fmt: skip
    assert counted("signs_of_sham_commuter", a_claim(COMMUTER), started) == 0


def test_a_raised_wage_and_a_promotion():
    low = a_run(last_month=date(2025, 11, 1))
    rise = {"first_month": date(2025, 12, 1)}
    filed = ACCIDENT_ON + timedelta(days=3)
    raised = a_run(**rise, monthly_wage_sen=600_000, paid_on=filed)
    history = a_history(contributions=a_statement(low, raised))
    assert counted("signs_of_raised_wage", history=history) == 3
    promoted = a_run(**rise, monthly_wage_sen=410_000)
    history = a_history(contributions=a_statement(low, promoted))
    assert counted("signs_of_raised_wage", history=history) == 1


@pytest.mark.parametrize("scheme", [TDB, PDB, COMMUTER])
def test_of_a_claim_of_which_nothing_is_known_few_signs_can_be_looked_for(scheme):
    claim = a_claim(scheme, certificates=(), workplace_uen=None)
    known = Known(claim, History(), linked(claim, History()), Area())
    for name in ("signs_of_trips_on_leave", "signs_of_stand_in", "signs_of_raised_wage"):
        assert isnan(getattr(signs, name)(known))
    assert signs.signs_of_double_recovery(known) == 0  # claims on record are known
    kept = a_claim(scheme, certificates=(a_certificate(),))
    assert signs.signs_of_bought_certificate(known_of(kept)) == 0
