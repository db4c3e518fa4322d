"""Facts around a claim, each told in words with the day it came about.

Hires and what officers did are never told here: the first say who was wronged by somebody else,
the second are for integrity staff alone.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from fraud.clock import local_day
from fraud.records import (
    AccountChange,
    AnyFact,
    Attendance,
    BoardAttendance,
    BoardListing,
    Claim,
    DayPresence,
    DeathRegistered,
    EmployerArrears,
    HospitalAnswer,
    InsurerPayment,
    JobStarted,
    Payment,
    PaymentDue,
    PlatformTrips,
)
from fraud.wording import Language, day, text
from fraud.workflow.points import SAID_ON

OfOneClaim = AccountChange | Payment | BoardListing | BoardAttendance | PaymentDue
"""Facts that name the claim they are about."""

SAID_ON_PAGES = SAID_ON | {
    "payment": "paid_at",
    "employer_arrears": "stated_at",
    "staff_move": "stated_at",
}
"""The kinds of fact that a page tells, with the field that says when each came about."""


def received(claim: Claim, facts: Iterable[AnyFact], language: Language) -> list[tuple[str, str]]:
    """What was received about the people and the employer of a claim, newest first.

    Each is a day and a sentence. Facts about another claim of the person are left out.
    """
    told = []
    for fact in facts:
        if isinstance(fact, OfOneClaim) and fact.claim_id != claim.claim_id:
            continue
        found = told_of(fact, claim, language)
        if found:
            told.append(found)
    told.sort(key=lambda one: one[0], reverse=True)
    return [(day(on, language), sentence) for on, sentence in told]


def told_of(fact: AnyFact, claim: Claim, language: Language) -> tuple[date, str] | None:
    """The day on which a fact came about, and what it says; None for what no page shows."""
    came = _day_of(fact)
    if came is None:
        return None
    return came, " ".join(_sentences(fact, claim, language))


def _day_of(fact: AnyFact) -> date | None:
    name = SAID_ON_PAGES.get(fact.kind)
    return local_day(getattr(fact, name)) if name else None


def _sentences(fact: AnyFact, claim: Claim, language: Language) -> Iterator[str]:
    """What a fact says, then each thing it also says; what it leaves open is not told."""
    values = fact.model_dump(exclude={"kind"})
    if isinstance(fact, Attendance):
        values["count"] = len(fact.days_present)
    elif isinstance(fact, PlatformTrips):
        values["count"] = len(fact.days)
    elif isinstance(fact, EmployerArrears):
        values["count"] = fact.months_unpaid
    yield text(f"fact.{_name(fact, claim)}", language, **values)
    for name, said in _also(fact):
        yield text(f"fact.{name}", language, **values | {"said": said})


def _name(fact: AnyFact, claim: Claim) -> str:
    """The sentence of a fact: a death is that of the claimant, or of who was insured."""
    if isinstance(fact, DeathRegistered):
        return "death_of_claimant" if fact.mykad == claim.claimant.mykad else "death_of_insured"
    if isinstance(fact, DayPresence):
        return f"presence_{fact.presence}"
    return fact.kind


def _also(fact: AnyFact) -> Iterator[tuple[str, object]]:
    """Sentences on what a fact may say besides, with the value; unknown ones are left out."""
    said: dict[str, object] = {}
    match fact:
        case HospitalAnswer():
            said |= {
                _either("serial", known=fact.serial_known): fact.serial_known,
                _either("on_duty", known=fact.practitioner_on_duty): fact.practitioner_on_duty,
                "cause_noted": fact.cause_noted,
                "seen_on": fact.seen_on,
            }
        case JobStarted():
            reported = fact.reported_by_claimant
            said |= {
                "job_at": fact.employer_code,
                "job_in_singapore_at": fact.workplace_uen,
                "job_ended": fact.ended_on,
                _either("job_reported", known=reported): reported,
            }
        case BoardAttendance():
            said |= {"with_escort": fact.escort, f"likeness_{fact.likeness}": fact.likeness}
        case InsurerPayment(leave_first_day=first, leave_last_day=last) if first and last:
            said["insurer_leave"] = first
        case EmployerArrears():
            said["employer_closed"] = fact.closed_on
            if fact.deducted_from_wages:
                said["deducted"] = True
    for name, value in said.items():
        if value is not None:
            yield name, value


def _either(name: str, *, known: bool | None) -> str:
    return f"{name}_{'yes' if known else 'no'}"
