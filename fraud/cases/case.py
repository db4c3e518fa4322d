"""A case with its question and decision, the people at it, and what each of them may see."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, NewType

from fraud.audit import AuditEvent
from fraud.cases.decision import Decision
from fraud.cases.states import REVIEWERS, CaseState, Cause, Role, Step
from fraud.errors import Conflict, Forbidden
from fraud.records import ClaimId
from fraud.wording import Language, text

CaseId = NewType("CaseId", str)


class Refused(Conflict):
    """The step is not possible now; `key` and `values` say why in either language."""

    def __init__(self, key: str, **values: Any) -> None:
        self.key = key
        self.values = values
        super().__init__(text(key, "en", **values))


class NotYours(Forbidden):
    """This person may not take this step; `key` and `values` say why in either language."""

    def __init__(self, key: str, **values: Any) -> None:
        self.key = key
        self.values = values
        super().__init__(text(key, "en", **values))


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff at work."""

    name: str
    role: Role


CLOCK = "clock"
"""The actor of steps that time takes."""
SCORING = "scoring"
"""The actor of what assessments bring."""


@dataclass(frozen=True, slots=True)
class Windows:
    """How long a case stays with one person, and how long a claimant has to reply."""

    lease: timedelta
    reply: timedelta


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to open. `order_key` is a keyed draw from 0 to 1 that shuffles the cases of a day."""

    case_id: str
    claim_id: str
    assessment_id: str
    cause: str
    opened_at: datetime
    order_key: float

    def as_opened(self) -> "Case":
        """The case as it stands once it is opened, as lists show it."""
        return Case(
            case_id=CaseId(self.case_id),
            claim_id=ClaimId(self.claim_id),
            assessment_id=self.assessment_id,
            state=CaseState.NEW,
            opened_at=self.opened_at,
        )


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the claimant: the facts relied on, the wording, and until when to reply."""

    number: int
    asked_by: str
    asked_at: datetime
    due_at: datetime
    language: Language
    facts: str
    wording: str
    reply: str | None = None
    replied_at: datetime | None = None
    lapsed_at: datetime | None = None
    closed_at: datetime | None = None
    """When the case was concluded without waiting for the reply; nobody was heard."""

    @property
    def is_open(self) -> bool:
        return self.replied_at is None and self.lapsed_at is None and self.closed_at is None


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """What to ask a claimant; `days` to reply, never fewer than the reply window."""

    facts: str
    wording: str
    language: Language
    days: int


@dataclass(frozen=True, slots=True)
class Case:
    """One review. `deciders` is everyone who ever proposed a decision on it.

    `question` is the last one asked since the case was opened or taken up again, the only one a
    claimant can be heard on; `earlier_questions` are all before it. `settled_by_two` stays true
    once a second person has agreed to anything.
    """

    case_id: CaseId
    claim_id: ClaimId
    assessment_id: str
    state: CaseState
    opened_at: datetime
    version: int = 0
    holder: str | None = None
    lease_until: datetime | None = None
    question: Question | None = None
    earlier_questions: tuple[Question, ...] = ()
    decision: Decision | None = None
    decided_by: str | None = None
    approved_by: str | None = None
    settled_by_two: bool = False
    deciders: frozenset[str] = frozenset()
    conflicted: frozenset[str] = frozenset()
    first_decided_at: datetime | None = None
    support_referred_at: datetime | None = None
    cause: Cause | None = None
    """Why the case was put up; None until a first decision is saved."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question ever put to the claimant, oldest first."""
        return (*self.earlier_questions, *([self.question] if self.question else []))


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One step in the history of a case; `details` may hold what people wrote."""

    case_id: CaseId
    number: int
    at: datetime
    actor: str
    step: Step
    state: CaseState
    details: dict[str, Any] = field(default_factory=dict)


class Changed(NamedTuple):
    """What a step leads to: the case as it then is, and the two events to store with it."""

    case: Case
    event: CaseEvent
    audit: AuditEvent


def lease_is_over(case: Case, now: datetime) -> bool:
    """True when the holder's time has passed and another may take the case."""
    return case.lease_until is not None and now >= case.lease_until


def claimant_was_heard(case: Case) -> bool:
    """True when the question of this review has a reply, or its window has lapsed."""
    question = case.question
    return question is not None and bool(question.replied_at or question.lapsed_at)


def awaits_reply(case: Case) -> bool:
    """True while a reply can be recorded: to an open question, or late while the review goes on."""
    question = case.question
    if question is None or question.replied_at is not None:
        return False
    late = case.state is CaseState.IN_REVIEW and question.lapsed_at is not None
    return late or (case.state is CaseState.INFORMATION_REQUESTED and question.is_open)


def may_record_reply(case: Case, actor: Actor) -> bool:
    """True for whoever holds the case, and for a supervisor: no reply waits for one person."""
    return case.holder == actor.name or actor.role is Role.SUPERVISOR


def may_approve(case: Case, actor: Actor) -> bool:
    """True when this person may be the second one on this case."""
    return (
        case.state is CaseState.AWAITING_APPROVAL
        and actor.role in REVIEWERS
        and actor.name not in case.deciders | case.conflicted
    )


def may_open(case: Case, actor: Actor) -> bool:
    """True when this person's work gives them a reason to read this case."""
    if actor.role is Role.AUDITOR:
        return True
    if actor.name in case.conflicted:
        return False
    return (
        actor.role is Role.SUPERVISOR
        or case.holder == actor.name
        or actor.name in case.deciders
        or actor.name == case.approved_by
        or case.state is CaseState.AWAITING_APPROVAL
    )
