"""Small claims with their surroundings, kept the same on purpose."""

from datetime import date, timedelta
from typing import Any

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
    a_board_attendance,
    a_board_listing,
    a_certificate,
    a_claim,
    a_history,
    a_hospital_answer,
    a_run,
    a_statement,
    an_account,
    an_account_change,
    an_area,
    an_attendance,
    an_employer,
    an_enrolment,
    an_injury,
    an_insurer_payment,
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
        "injury paid by another and denied": _paid_twice(),
        "certificate not known to the hospital": _bought_certificate(),
        "another likeness at the board": _stand_in(),
        "the same pair in two accidents": _same_pair_again(),
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


def _paid_twice() -> Known:
    injury = an_injury(other_payer_declared=False, receipts=("R-1", "R-5"))
    return known_of(a_claim(TDB, injury=injury), a_history(facts=(an_insurer_payment(),)))


def _bought_certificate() -> Known:
    answer = a_hospital_answer(serial_known=False, practitioner_on_duty=False, cause_noted="home")
    return known_of(a_claim(TDB), a_history(facts=(answer,)))


def _stand_in() -> Known:
    day = RECEIVED_ON + timedelta(days=60)
    came = a_board_attendance(likeness="differs", attended_at=at(day, "11:00"))
    history = with_crossings(stays([day]), facts=(a_board_listing(), came))
    return known_of(a_claim(PDB, injury=an_injury(assessed_percent=8)), history)


def _same_pair_again() -> Known:
    before = ACCIDENT_ON - timedelta(days=60)

    def hurt(day: date, vehicle: str) -> dict[str, Any]:
        injury = an_injury(
            kind="road", occurred_at=at(day), vehicle=vehicle, passenger=True, injury_code="S13",
            police_desk="JB-3",
        )  # fmt: skip
        return {"injury": injury, "received_at": at(day + timedelta(days=5)), "intermediary": "U1"}

    area = an_area(
        a_claim(COMMUTER, claim_id="C-0500", **hurt(before, "VAN-2")),
        another_claim(1, COMMUTER, claim_id="C-0501", **hurt(before, "VAN-2")),
        another_claim(1, COMMUTER, **hurt(ACCIDENT_ON, "VAN-1")),
    )
    return known_of(a_claim(COMMUTER, **hurt(ACCIDENT_ON, "VAN-1")), a_history(), area)
