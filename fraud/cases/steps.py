"""Every step of a review: the case, the person and the instant in; the changed case out.

Each answers the case as it then is, with the event for its history and the event for the audit
log. Nothing here reads a clock or a database.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from fraud.audit import AuditEvent
from fraud.cases.case import (
    CLOCK,
    Actor,
    Case,
    CaseEvent,
    Changed,
    NotYours,
    Question,
    QuestionDraft,
    Refused,
    Windows,
    claimant_was_heard,
    lease_is_over,
)
from fraud.cases.decision import VERDICTS, Decision, check_decision, decision_details
from fraud.cases.states import FINAL, MOVES, REVIEWERS, CaseState, Role, Step
from fraud.errors import Fault, InvalidInput


def take(case: Case, actor: Actor, now: datetime, windows: Windows) -> Changed:
    """Take a case that nobody holds, or whose lease has run out."""
    _may_review(case, actor)
    if case.holder not in {None, actor.name} and not lease_is_over(case, now):
        raise Refused("refused.held")
    if case.state not in {CaseState.NEW, CaseState.IN_REVIEW}:
        _move(case, CaseState.NEW)
    taken = replace(case, state=CaseState.IN_REVIEW)
    return _step(_held(taken, actor.name, now, windows), Step.TAKEN, actor.name, now)


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
    check_decision(decision)
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
    check_decision(decision)
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
    return _step(decided, step, actor.name, now, **decision_details(decision), **details)


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
