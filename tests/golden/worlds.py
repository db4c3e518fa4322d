"""Five small claims with their surroundings, kept the same on purpose."""

from datetime import timedelta

from fraud.features import Known
from fraud.graph import Area
from tests.support.builders import (
    ACCIDENT_ON,
    COMMUTER,
    JSA,
    LAST_DAY_AT_WORK,
    PDB,
    RECEIVED_ON,
    TDB,
    a_certificate,
    a_claim,
    a_history,
    a_run,
    a_statement,
    an_account,
    an_account_change,
    an_area,
    an_attendance,
    an_employer,
    an_enrolment,
    an_injury,
    another_claim,
    at,
    days_from,
    known_of,
    stays,
    weekdays,
    with_crossings,
)

REPORT = (
    "Patient slipped on a wet floor; swelling and reduced range of movement. MRI shows a partial "
    "tear of the meniscus. Referred for physiotherapy and advised rest until review."
)


def worlds() -> dict[str, Known]:
    """Each claim by a name that says what is special about it."""
    return {
        "ordinary injury, little known": known_of(),
        "leave with days at work": _leave_with_days_at_work(),
        "alike reports over one account": _alike_reports(),
        "stays across while seeking work": _seeking_work(),
        "commuter treated across": _commuter(),
    }


def _leave_with_days_at_work() -> Known:
    listed = an_attendance(days_from(ACCIDENT_ON + timedelta(days=1), 5))
    return known_of(a_claim(TDB), a_history(attendances=(listed,)))


def _alike_reports() -> Known:
    injury = an_injury(report_text=REPORT, assessed_percent=8)
    shared = {"intermediary": "U0001", "account": an_account(), "injury": injury}
    others = [
        another_claim(n, PDB, certificates=(a_certificate(serial=f"S{n}"),), **shared)
        for n in (1, 2, 3)
    ]
    area = an_area(*others)
    area.labels["C-1001"] = ["confirmed_fraud"]
    history = a_history(
        account_changes=(an_account_change(),),
        employer=an_employer(registered_on=RECEIVED_ON - timedelta(days=400)),
        contributions=a_statement(a_run(paid_on=RECEIVED_ON - timedelta(days=20))),
    )
    return known_of(a_claim(PDB, **shared), history, area)


def _seeking_work() -> Known:
    days = weekdays(LAST_DAY_AT_WORK + timedelta(days=1), RECEIVED_ON - timedelta(days=1))
    return known_of(a_claim(JSA), with_crossings(stays(days)), Area())


def _commuter() -> Known:
    injury = an_injury(
        kind="road", place="singapore", first_treated_in="singapore",
        police_report_at=at(ACCIDENT_ON + timedelta(days=1)), police_district="JB-SELATAN",
    )  # fmt: skip
    days = weekdays(ACCIDENT_ON - timedelta(days=42), ACCIDENT_ON + timedelta(days=2))
    history = with_crossings(stays(days), enrolments=(an_enrolment(),))
    return known_of(a_claim(COMMUTER, injury=injury), history)
