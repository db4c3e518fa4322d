"""The review of one claim as pure steps: who may do what next, and what it then becomes.

Every step takes the case, the person and the instant, and answers the changed case with the event
for its history and the event for the audit log. Nothing here reads a clock or a database.

Two promises live in this file. An outcome to a person's disadvantage needs a question to that
person, a reply or a lapsed window, reasons, and a second, different person. And until a first
decision is saved nobody learns why the case was put up: `Case.cause` is None until then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, NewType

from fraud.audit import AuditEvent
from fraud.errors import Conflict, Fault, Forbidden, InvalidInput
from fraud.records import ClaimId, Label
from fraud.wording import Language, text

CaseId = NewType("CaseId", str)

LEAST_REASONS = 20
"""Characters of reasons below which nobody else can follow a decision."""


class Role(StrEnum):
    """What a member of staff is here for. An auditor reads and changes nothing."""

    INVESTIGATOR = "investigator"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


REVIEWERS = frozenset({Role.INVESTIGATOR, Role.SUPERVISOR})


class Cause(StrEnum):
    """Why a claim was put up: the scorer and the rules, or a blind random draw."""

    FLAGGED = "flagged"
    CONTROL = "control"


class CaseState(StrEnum):
    """Where a review stands."""

    NEW = "new"
    IN_REVIEW = "in_review"
    INFORMATION_REQUESTED = "information_requested"
    AWAITING_APPROVAL = "awaiting_approval"
    CLEARED = "cleared"
    CORRECTED = "corrected"
    REFERRED = "referred"
    CLOSED = "closed_insufficient_evidence"


FINAL = frozenset(
    {CaseState.CLEARED, CaseState.CORRECTED, CaseState.REFERRED, CaseState.CLOSED},
)

REVISABLE = frozenset(
    {
        CaseState.IN_REVIEW,
        CaseState.AWAITING_APPROVAL,
        CaseState.CLEARED,
        CaseState.CORRECTED,
        CaseState.CLOSED,
    }
)
"""Where an outcome that one person may settle can go when it is looked at again."""

MOVES: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.NEW: frozenset({CaseState.IN_REVIEW}),
    CaseState.IN_REVIEW: frozenset(
        {
            CaseState.NEW,
            CaseState.IN_REVIEW,
            CaseState.INFORMATION_REQUESTED,
            CaseState.AWAITING_APPROVAL,
            CaseState.CLEARED,
            CaseState.CORRECTED,
            CaseState.CLOSED,
        }
    ),
    CaseState.INFORMATION_REQUESTED: frozenset(
        {CaseState.IN_REVIEW, CaseState.CLEARED, CaseState.CORRECTED, CaseState.CLOSED}
    ),
    CaseState.AWAITING_APPROVAL: frozenset(
        {CaseState.IN_REVIEW, CaseState.AWAITING_APPROVAL, *FINAL}
    ),
    CaseState.CLEARED: REVISABLE,
    CaseState.CORRECTED: REVISABLE,
    CaseState.CLOSED: REVISABLE,
    CaseState.REFERRED: frozenset({CaseState.IN_REVIEW, CaseState.AWAITING_APPROVAL}),
}
"""The one table of allowed moves. A referral is reached from `awaiting_approval` alone."""


class Verdict(StrEnum):
    """What a reviewer can conclude."""

    CLEAR = "clear"
    PAY_MORE = "pay_more"
    CORRECT_DOWN = "correct_down"
    EMPLOYER = "employer"
    INSUFFICIENT = "insufficient"
    REFER = "refer"
    FRAUD = "fraud"


@dataclass(frozen=True, slots=True)
class VerdictRule:
    """The state a verdict leads to, the labels it allows, and what may be written as amount.

    `direction` is +1 when the amount is wrongly paid, -1 when it is owed to the person, 0 when
    there is none.
    """

    state: CaseState
    labels: tuple[Label, ...]
    direction: int
    always_adverse: bool = False


ERRORS = (Label.CLAIMANT_ERROR, Label.OFFICE_ERROR)
VERDICTS: Mapping[Verdict, VerdictRule] = {
    Verdict.CLEAR: VerdictRule(CaseState.CLEARED, (Label.GENUINE,), 0),
    Verdict.PAY_MORE: VerdictRule(CaseState.CORRECTED, ERRORS, -1),
    Verdict.CORRECT_DOWN: VerdictRule(CaseState.CORRECTED, ERRORS, +1, always_adverse=True),
    # the employer did not pay contributions; the worker keeps every right
    Verdict.EMPLOYER: VerdictRule(CaseState.CORRECTED, (Label.EMPLOYER_NON_COMPLIANCE,), 0),
    Verdict.INSUFFICIENT: VerdictRule(CaseState.CLOSED, (Label.UNDETERMINED,), 0),
    Verdict.REFER: VerdictRule(CaseState.REFERRED, (Label.UNDETERMINED,), +1, always_adverse=True),
    Verdict.FRAUD: VerdictRule(
        CaseState.REFERRED, (Label.CONFIRMED_FRAUD,), +1, always_adverse=True
    ),
}

NEEDS_AMOUNT = frozenset({Verdict.PAY_MORE, Verdict.CORRECT_DOWN})


class Step(StrEnum):
    """What can happen to a case."""

    OPENED = "opened"
    TAKEN = "taken"
    RELEASED = "released"
    NOTED = "noted"
    ASKED = "asked"
    REPLIED = "replied"
    LAPSED = "lapsed"
    DECIDED = "decided"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    CHANGED = "changed"
    REOPENED = "reopened"
    CONFLICT_DECLARED = "conflict_declared"
    SUPPORT_REFERRED = "support_referred"
    SUPPORT_DECLINED = "support_declined"


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

    @property
    def is_open(self) -> bool:
        return self.replied_at is None and self.lapsed_at is None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer concludes, and why. `amount_sen` is never negative."""

    verdict: Verdict
    label: Label
    reasons: str
    amount_sen: int = 0
    recovery: bool = False

    @property
    def wrong_payment_sen(self) -> int:
        """Positive: would have been overpaid; negative: owed to the person."""
        return self.amount_sen * VERDICTS[self.verdict].direction

    @property
    def is_adverse(self) -> bool:
        """True for a referral, confirmed fraud, any correction downwards, and recovery."""
        always = VERDICTS[self.verdict].always_adverse
        return always or self.wrong_payment_sen > 0 or self.recovery


@dataclass(frozen=True, slots=True)
class Case:
    """One review. `deciders` is everyone who ever proposed a decision on it."""

    case_id: CaseId
    claim_id: ClaimId
    assessment_id: str
    state: CaseState
    opened_at: datetime
    version: int = 0
    holder: str | None = None
    lease_until: datetime | None = None
    question: Question | None = None
    decision: Decision | None = None
    decided_by: str | None = None
    approved_by: str | None = None
    deciders: frozenset[str] = frozenset()
    conflicted: frozenset[str] = frozenset()
    first_decided_at: datetime | None = None
    support_referred_at: datetime | None = None
    cause: Cause | None = None
    """Why the case was put up; None until a first decision is saved."""


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


def take(case: Case, actor: Actor, now: datetime, windows: Windows) -> Changed:
    """Take a case that nobody holds, or whose lease has run out."""
    _may_review(case, actor)
    if case.holder not in {None, actor.name} and not lease_is_over(case, now):
        raise Refused("refused.held")
    if case.state not in {CaseState.NEW, CaseState.IN_REVIEW}:
        _move(case, CaseState.NEW)
    taken = replace(case, state=CaseState.IN_REVIEW)
    return _step(_held(taken, actor.name, now, windows), Step.TAKEN, actor.name, now)


def lease_is_over(case: Case, now: datetime) -> bool:
    """True when the holder's time has passed and another may take the case."""
    return case.lease_until is not None and now >= case.lease_until


def release(case: Case, actor: Actor, now: datetime) -> Changed:
    """Give a case back to the queue; a supervisor may do so for somebody else."""
    if actor.role is not Role.SUPERVISOR:
        _holds(case, actor)
    _may_review(case, actor)
    state = _move(case, CaseState.NEW)
    return _step(_unheld(replace(case, state=state)), Step.RELEASED, actor.name, now)


def add_note(case: Case, actor: Actor, now: datetime, windows: Windows, note: str) -> Changed:
    """Write a note into the history."""
    _holds(case, actor)
    _require("note", note)
    kept = _held(case, actor.name, now, windows)
    return _step(kept, Step.NOTED, actor.name, now, text=note.strip())


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """What to ask a claimant; `days` to reply, never fewer than the reply window."""

    facts: str
    wording: str
    language: Language
    days: int


def ask(case: Case, actor: Actor, now: datetime, windows: Windows, draft: QuestionDraft) -> Changed:
    """Put a question to the claimant, with the facts relied on, and wait for the reply."""
    _holds(case, actor)
    if case.question is not None and case.question.is_open:
        raise Refused("refused.already_asked")
    _check_draft(draft, windows)
    question = Question(
        number=case.version + 1,
        asked_by=actor.name,
        asked_at=now,
        due_at=now + timedelta(days=draft.days),
        language=draft.language,
        facts=draft.facts.strip(),
        wording=draft.wording.strip(),
    )
    state = _move(case, CaseState.INFORMATION_REQUESTED)
    asked = replace(case, state=state, question=question, lease_until=None)
    return _step(asked, Step.ASKED, actor.name, now, due_at=question.due_at.isoformat())


def _check_draft(draft: QuestionDraft, windows: Windows) -> None:
    faults = [
        Fault(name, "nothing", "the text")
        for name, value in (("facts", draft.facts), ("wording", draft.wording))
        if not value.strip()
    ]
    if timedelta(days=draft.days) < windows.reply:
        faults.append(Fault("days", str(draft.days), f"at least {windows.reply.days}"))
    if faults:
        raise InvalidInput("the question is not complete", faults)


def record_reply(case: Case, actor: Actor, now: datetime, windows: Windows, reply: str) -> Changed:
    """Write down what the claimant answered; the case goes back to its reviewer."""
    _may_review(case, actor)
    question = _open_question(case)
    _require("reply", reply)
    answered = replace(question, reply=reply.strip(), replied_at=now)
    back = replace(case, state=_move(case, CaseState.IN_REVIEW), question=answered)
    return _step(_held(back, case.holder, now, windows), Step.REPLIED, actor.name, now)


def lapse(case: Case, now: datetime, windows: Windows) -> Changed:
    """Close a reply window that has passed. Silence proves nothing: only the waiting ends."""
    question = _open_question(case)
    if now < question.due_at:
        raise Refused("refused.window_open", due=question.due_at)
    silent = replace(question, lapsed_at=now)
    back = replace(case, state=_move(case, CaseState.IN_REVIEW), question=silent)
    kept = _held(back, case.holder, now, windows)
    return _step(kept, Step.LAPSED, CLOCK, now)


def decide(case: Case, actor: Actor, now: datetime, decision: Decision) -> Changed:
    """Conclude a review; an adverse conclusion waits for a second, different person.

    So does any new conclusion on what two people had settled before.
    """
    _holds(case, actor)
    _check_decision(decision)
    return _concluded(case, actor, now, decision, Step.DECIDED)


def change_decision(
    case: Case, actor: Actor, now: datetime, decision: Decision, note: str
) -> Changed:
    """Change one's own decision after learning why the case was put up, with a note.

    The first decision stays in the history. Undoing what two people settled takes two again.
    """
    _may_review(case, actor)
    if case.decision is None or case.state not in {CaseState.AWAITING_APPROVAL, *FINAL}:
        raise Refused("refused.nothing_decided")
    if case.decided_by != actor.name:
        raise NotYours("refused.not_your_decision")
    _require("note", note)
    _check_decision(decision)
    return _concluded(case, actor, now, decision, Step.CHANGED, note=note.strip())


def reopen(case: Case, actor: Actor, now: datetime, windows: Windows, note: str) -> Changed:
    """Take a concluded case up again; its outcome stands until a new decision is final."""
    _may_review(case, actor)
    if case.state not in FINAL:
        raise Refused("refused.nothing_decided")
    if actor.role is not Role.SUPERVISOR and case.decided_by != actor.name:
        raise NotYours("refused.not_your_decision")
    _require("note", note)
    reopened = replace(case, state=_move(case, CaseState.IN_REVIEW))
    kept = _held(reopened, actor.name, now, windows)
    return _step(kept, Step.REOPENED, actor.name, now, text=note.strip())


def _concluded(
    case: Case, actor: Actor, now: datetime, decision: Decision, step: Step, **details: Any
) -> Changed:
    if decision.is_adverse and not claimant_was_heard(case):
        raise Refused("refused.not_heard")
    needs_second = decision.is_adverse or case.approved_by is not None
    target = CaseState.AWAITING_APPROVAL if needs_second else VERDICTS[decision.verdict].state
    decided = replace(
        _unheld(case),
        state=_move(case, target),
        decision=decision,
        decided_by=actor.name,
        approved_by=None,
        deciders=case.deciders | {actor.name},
        first_decided_at=case.first_decided_at or now,
    )
    return _step(decided, step, actor.name, now, **_decision_details(decision), **details)


def claimant_was_heard(case: Case) -> bool:
    """True when the last question has a reply, or its window has lapsed."""
    return case.question is not None and not case.question.is_open


def _decision_details(decision: Decision) -> dict[str, Any]:
    return {
        "verdict": decision.verdict.value,
        "label": decision.label.value,
        "amount_sen": decision.amount_sen,
        "recovery": decision.recovery,
        "text": decision.reasons,
    }


def _check_decision(decision: Decision) -> None:
    rule = VERDICTS[decision.verdict]
    faults = []
    if len(decision.reasons.strip()) < LEAST_REASONS:
        faults.append(Fault("reasons", "too little", f"at least {LEAST_REASONS} characters"))
    if decision.label not in rule.labels:
        faults.append(Fault("label", decision.label.value, " or ".join(rule.labels)))
    if decision.amount_sen < 0 or (decision.amount_sen and rule.direction == 0):
        faults.append(Fault("amount", "an amount", "none with this conclusion"))
    if decision.verdict in NEEDS_AMOUNT and decision.amount_sen <= 0:
        faults.append(Fault("amount", "nothing", "an amount above zero"))
    if decision.recovery and rule.direction <= 0:
        faults.append(Fault("recovery", "yes", "no with this conclusion"))
    if faults:
        raise InvalidInput("the decision is not complete", faults)


def approve(case: Case, actor: Actor, now: datetime, note: str = "") -> Changed:
    """Make another person's decision final."""
    decision = _second_person(case, actor)
    if decision.is_adverse and not claimant_was_heard(case):
        raise Refused("refused.not_heard")
    state = _move(case, VERDICTS[decision.verdict].state)
    approved = replace(_unheld(case), state=state, approved_by=actor.name)
    return _step(approved, Step.APPROVED, actor.name, now, text=note.strip())


def send_back(case: Case, actor: Actor, now: datetime, windows: Windows, note: str) -> Changed:
    """Return another person's decision to them, with what is missing."""
    _second_person(case, actor)
    _require("note", note)
    returned = replace(case, state=_move(case, CaseState.IN_REVIEW))
    proposer = None if case.decided_by in case.conflicted else case.decided_by
    kept = _held(returned, proposer, now, windows)
    return _step(kept, Step.SENT_BACK, actor.name, now, text=note.strip())


def may_approve(case: Case, actor: Actor) -> bool:
    """True when this person may be the second one on this case."""
    return (
        case.state is CaseState.AWAITING_APPROVAL
        and actor.role in REVIEWERS
        and actor.name not in case.deciders | case.conflicted
    )


def _second_person(case: Case, actor: Actor) -> Decision:
    _may_review(case, actor)
    if case.decision is None or case.state is not CaseState.AWAITING_APPROVAL:
        raise Refused("refused.nothing_to_approve")
    if actor.name in case.deciders:
        raise NotYours("refused.own_decision")
    return case.decision


def declare_conflict(case: Case, actor: Actor, now: datetime, reason: str) -> Changed:
    """Say that one is too close to a case; it leaves one's hands and never comes back."""
    if actor.role not in REVIEWERS:
        raise NotYours("refused.role")
    _require("reason", reason)
    marked = replace(case, conflicted=case.conflicted | {actor.name})
    if case.holder == actor.name and case.state is CaseState.IN_REVIEW:
        marked = _unheld(replace(marked, state=_move(case, CaseState.NEW)))
    elif case.holder == actor.name:
        marked = _unheld(marked)
    return _step(marked, Step.CONFLICT_DECLARED, actor.name, now, text=reason.strip())


def refer_for_support(
    case: Case, actor: Actor, now: datetime, need: str, *, consents: bool
) -> Changed:
    """Point a person to help, if they agree; the review goes on as before either way."""
    _may_review(case, actor)
    if actor.name not in {case.holder, case.decided_by}:
        raise NotYours("refused.not_holder")
    _require("need", need)
    step = Step.SUPPORT_REFERRED if consents else Step.SUPPORT_DECLINED
    referred = replace(case, support_referred_at=now if consents else case.support_referred_at)
    return _step(referred, step, actor.name, now, text=need.strip())


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


def _may_review(case: Case, actor: Actor) -> None:
    if actor.role not in REVIEWERS:
        raise NotYours("refused.role")
    if actor.name in case.conflicted:
        raise NotYours("refused.conflict")


def _holds(case: Case, actor: Actor) -> None:
    """The holder may go on after the lease has run out, as long as nobody else took the case."""
    _may_review(case, actor)
    if case.holder != actor.name:
        raise NotYours("refused.not_holder")


def _open_question(case: Case) -> Question:
    if case.question is None or not case.question.is_open:
        raise Refused("refused.no_question")
    return case.question


def _move(case: Case, to: CaseState) -> CaseState:
    if to not in MOVES[case.state]:
        allowed = sorted(state.value for state in MOVES[case.state])
        raise Refused("refused.move", state=case.state.value, allowed=allowed)
    return to


def _require(name: str, value: str) -> None:
    if not value.strip():
        raise InvalidInput("something is missing", [Fault(name, "nothing", "the text")])


def _held(case: Case, name: str | None, now: datetime, windows: Windows) -> Case:
    in_hand = case.state is CaseState.IN_REVIEW and name is not None
    lease = now + windows.lease if in_hand else None
    return replace(case, holder=name, lease_until=lease)


def _unheld(case: Case) -> Case:
    return replace(case, holder=None, lease_until=None)


AUDITED_DETAILS = ("verdict", "label", "amount_sen", "recovery", "due_at")
"""Details of an event that the audit log repeats; never what somebody wrote."""


def _step(case: Case, step: Step, actor: str, now: datetime, **details: Any) -> Changed:
    changed = replace(case, version=case.version + 1)
    event = CaseEvent(case.case_id, changed.version, now, actor, step, changed.state, dict(details))
    told = {name: details[name] for name in AUDITED_DETAILS if name in details}
    audit = AuditEvent(
        now,
        actor,
        f"case.{step.value}",
        case.case_id,
        {"state": changed.state.value, "claim": case.claim_id, **told},
    )
    return Changed(changed, event, audit)
