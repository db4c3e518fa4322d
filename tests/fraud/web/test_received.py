"""Every kind of fact is told in both languages, but for those that no page may show."""

from datetime import date, timedelta
from typing import get_args

import pytest

from fraud.records import (
    AnyFact,
    BoardAttendance,
    ContributionStatement,
    DayPresence,
    DeathRegistered,
    EmployerArrears,
    Fact,
    Hire,
    HospitalAnswer,
    InsurerPayment,
    JobStarted,
    OfficerAction,
    Payment,
    PaymentDue,
    PlatformTrips,
    StaffMove,
)
from fraud.web.received import SAID_ON_PAGES, received, told_of
from tests.support.builders import (
    MYKAD,
    a_claim,
    a_statement,
    an_account,
    an_account_change,
    an_attendance,
    an_enrolment,
    at,
)
from tests.support.desk_world import EMPLOYER_CODE

CLAIM = a_claim()
DAY = date(2026, 3, 20)
THEN = at(DAY)
ABOUT = {"mykad": MYKAD}
ON_CLAIM = {"mykad": MYKAD, "claim_id": CLAIM.claim_id}


def a_presence(presence: str) -> DayPresence:
    return DayPresence(
        fact_id=f"P-{presence}", **ABOUT, day=DAY, presence=presence, confidence=0.9, stated_at=THEN
    )


def an_answer(**said: object) -> HospitalAnswer:
    return HospitalAnswer(
        fact_id="H", **ABOUT, facility="KL-1", serial="S-1", answered_at=THEN, **said
    )


A_JOB = JobStarted(fact_id="J", **ABOUT, started_on=DAY, stated_at=THEN)
A_SESSION = BoardAttendance(
    fact_id="B", **ON_CLAIM, session="MB-1", attended_at=THEN, escort="E-1", likeness="differs"
)
A_PAYMENT = PaymentDue(
    fact_id="D", **ON_CLAIM, number=3, amount_sen=98_050, due_on=DAY, stated_at=THEN
)
A_HIRE = Hire(
    fact_id="I",
    **ABOUT,
    employer_code=EMPLOYER_CODE,
    started_on=DAY,
    incentive_months=6,
    incentive_sen=60_000,
    stated_at=THEN,
)
AN_ACTION = OfficerAction(
    fact_id="O", officer="SIM-OFF-1", branch="JB", action="looked_up", acted_at=THEN
)
SAID = [
    (a_statement(), "The contributions known of the person were stated."),
    (an_attendance(), "The employer answered for"),
    (an_enrolment(), "The person joined the commuter scheme."),
    (an_account_change(), "The account to be paid into was changed."),
    (
        Payment(fact_id="Y", **ON_CLAIM, account=an_account(), amount_sen=12_345, paid_at=THEN),
        "RM123.45 was paid on this claim.",
    ),
    (an_answer(), "KL-1 answered about S-1."),
    (
        an_answer(serial_known=False, practitioner_on_duty=True, cause_noted="sport", seen_on=DAY),
        (
            "KL-1 answered about S-1. They do not know the number. The doctor was on duty then. "
            "The cause noted there: at sport. The person was seen on 20 Mar 2026."
        ),
    ),
    (
        InsurerPayment(
            fact_id="N",
            **ABOUT,
            payer="wica_insurer",
            injured_on=DAY,
            injury_code="S62",
            leave_first_day=DAY,
            leave_last_day=DAY + timedelta(days=3),
            amount_sen=100_000,
            paid_at=THEN,
        ),
        (
            "A work injury insurer in Singapore paid RM1,000.00 for an injury of 20 Mar 2026. "
            "That payment covers leave from 20 Mar 2026 to 23 Mar 2026."
        ),
    ),
    (
        PlatformTrips(
            fact_id="T",
            **ABOUT,
            platform="SIM-RIDE",
            first_day=DAY,
            last_day=DAY + timedelta(days=9),
            days=(DAY,),
            stated_at=THEN,
        ),
        "Platform SIM-RIDE has trips on 1 day between 20 Mar 2026 and 29 Mar 2026.",
    ),
    (A_JOB, "A job began on 20 Mar 2026."),
    (
        A_JOB.model_copy(
            update={
                "employer_code": EMPLOYER_CODE,
                "workplace_uen": "T00ZZ0000X",
                "ended_on": DAY,
                "reported_by_claimant": True,
            }
        ),
        (
            f"A job began on 20 Mar 2026. Employer {EMPLOYER_CODE}. Employer in Singapore, "
            "UEN T00ZZ0000X. It ended on 20 Mar 2026. The person reported it."
        ),
    ),
    (
        DeathRegistered(fact_id="R", **ABOUT, died_on=DAY, registered_at=THEN),
        "The register has the death of the claimant on 20 Mar 2026.",
    ),
    (A_PAYMENT, "Payment number 3 falls due on 20 Mar 2026: RM980.50."),
    (
        A_SESSION,
        (
            "Came to session MB-1 of the Medical Board. Somebody came along. Its register notes a "
            "likeness that differs from earlier visits."
        ),
    ),
    (a_presence("there"), "in Singapore for eight hours or more, 90% certain."),
    (a_presence("here"), "not in Singapore for a working day, 90% certain."),
    (a_presence("unknown"), "A border agency answered for 20 Mar 2026: not known."),
    (
        EmployerArrears(
            fact_id="A",
            employer_code=EMPLOYER_CODE,
            arrears_sen=4_500_000,
            months_unpaid=7,
            deducted_from_wages=True,
            closed_on=DAY,
            stated_at=THEN,
        ),
        (
            "The employer owes RM45,000.00 in contributions for 7 months. The worker keeps every "
            "right. The employer closed on 20 Mar 2026. "
            "Payslips show that it was deducted from wages."
        ),
    ),
    (
        StaffMove(
            fact_id="M",
            employer_code=EMPLOYER_CODE,
            to_employer_code="E1100099999X",
            people=40,
            of_staff=143,
            month=DAY,
            stated_at=THEN,
        ),
        "Of 143 people of this employer, 40 were next registered by E1100099999X.",
    ),
]


@pytest.mark.parametrize(("fact", "words"), SAID)
def test_a_fact_is_told_with_what_it_says_and_no_more(fact: AnyFact, words: str) -> None:
    told = told_of(fact, CLAIM, "en")
    assert told is not None
    assert words in told[1]
    malay = told_of(fact, CLAIM, "ms")
    assert malay is not None
    assert malay[0] == told[0]
    assert malay[1] != told[1]


@pytest.mark.parametrize("fact", [A_HIRE, AN_ACTION])
def test_hires_and_what_officers_did_are_told_nowhere(fact: AnyFact) -> None:
    assert told_of(fact, CLAIM, "en") is None
    assert received(CLAIM, [fact], "en") == []


def test_every_kind_of_fact_is_told_or_kept_off_the_page_on_purpose() -> None:
    kinds = {
        kind for one in Fact.__subclasses__() for kind in get_args(one.__annotations__["kind"])
    }
    told_elsewhere, kept_off = {"employer", "decision"}, {"hire", "officer_action"}
    assert kinds - set(SAID_ON_PAGES) == told_elsewhere | kept_off


def test_what_names_another_claim_of_the_person_is_left_out() -> None:
    other = A_PAYMENT.model_copy(update={"claim_id": "C-9999"})
    statement: ContributionStatement = a_statement(stated_at=at(DAY - timedelta(days=1)))
    told = received(CLAIM, [statement, other, A_PAYMENT], "en")
    assert [day for day, _ in told] == ["20 Mar 2026", "19 Mar 2026"], "newest first"
    assert told[0][1].startswith("Payment number 3")
