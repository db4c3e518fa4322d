"""The steps of a review: the case, the person and the instant in; the changed case out.

Each answers the case as it then is, with the event for its history and the event for the audit
log. Nothing here reads a clock or a database. Questions and replies are in `hearing`.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from fraud.cases.case import (
    SCORING,
    Actor,
    Case,
    Changed,
    NotYours,
    Question,
    Refused,
    Windows,
    claimant_was_heard,
    lease_is_over,
)
from fraud.cases.decision import VERDICTS, Decision, check_decision, decision_details
from fraud.cases.guards import held, holds, may_review, move, require, told, unheld
from fraud.cases.states import CONCLUDED, FINAL, REVIEWERS, CaseState, Role, Step


def take(case: Case, actor: Actor, now: datetime, windows: Windows) -> Changed:
    """Take a case that nobody holds, or whose lease has run out."""
    may_review(case, actor)
    if case.holder not in {None, actor.name} and not lease_is_over(case, now):
        raise Refused("refused.held")
    if case.state not in {CaseState.NEW, CaseState.IN_REVIEW}:
        move(case, CaseState.NEW)
    taken = replace(case, state=CaseState.IN_REVIEW)
    return told(held(taken, actor.name, now, windows), Step.TAKEN, actor.name, now)


def release(case: Case, actor: Actor, now: datetime) -> Changed:
    """Give a case back to the queue; a supervisor may do so for somebody else."""
    if actor.role is not Role.SUPERVISOR:
        holds(case, actor)
    may_review(case, actor)
    state = move(case, CaseState.NEW)
    return told(unheld(replace(case, state=state)), Step.RELEASED, actor.name, now)


def add_note(case: Case, actor: Actor, now: datetime, windows: Windows, note: str) -> Changed:
    """Write a note into the history."""
    holds(case, actor)
    require("note", note)
    kept = held(case, actor.name, now, windows)
    return told(kept, Step.NOTED, actor.name, now, text=note.strip())


def decide(case: Case, actor: Actor, now: datetime, decision: Decision) -> Changed:
    """Conclude a review; an adverse conclusion waits for a second, different person.

    So does any new conclusion on what two people had settled before.
    """
    holds(case, actor)
    check_decision(decision)
    return _concluded(case, actor, now, decision, Step.DECIDED)


def change_decision(
    case: Case, actor: Actor, now: datetime, decision: Decision, note: str
) -> Changed:
    """Change one's own decision after learning why the case was put up, with a note.

    The first decision stays in the history. Undoing what two people settled takes two again.
    """
    may_review(case, actor)
    if case.decision is None or not is_concluded(case):
        raise Refused("refused.nothing_decided")
    if case.decided_by != actor.name:
        raise NotYours("refused.not_your_decision")
    require("note", note)
    check_decision(decision)
    return _concluded(case, actor, now, decision, Step.CHANGED, note=note.strip())


def reopen(case: Case, actor: Actor, now: datetime, windows: Windows, note: str) -> Changed:
    """Take a concluded case up again; its outcome stands until a new decision is final.

    What the claimant was asked before does not count as a hearing of what may come now.
    """
    may_review(case, actor)
    if case.state not in FINAL:
        raise Refused("refused.nothing_decided")
    if actor.role is not Role.SUPERVISOR and case.decided_by != actor.name:
        raise NotYours("refused.not_your_decision")
    require("note", note)
    reopened = replace(
        case,
        state=move(case, CaseState.IN_REVIEW),
        question=None,
        earlier_questions=case.questions,
    )
    kept = held(reopened, actor.name, now, windows)
    return told(kept, Step.REOPENED, actor.name, now, text=note.strip())


def renew(case: Case, assessment_id: str, by: str, now: datetime, *, source: str) -> Changed:
    """Let a case rest on a newer assessment of the same claim: a source was shut or opened."""
    renewed = replace(case, assessment_id=assessment_id)
    return told(renewed, Step.RENEWED, by, now, source=source, before=case.assessment_id)


def look_anew(case: Case, by: str, now: datetime, note: str) -> Changed:
    """Take up again what was concluded, or proposed, against somebody: what it relied on is gone.

    It lies in nobody's hands and comes back to the queue; its outcome stands until a new decision
    is final. What the claimant was asked before does not count as a hearing of what may come now.
    """
    taken_up = replace(
        unheld(case),
        state=move(case, CaseState.IN_REVIEW),
        question=None,
        earlier_questions=case.questions,
    )
    return told(taken_up, Step.REOPENED, by, now, text=note.strip())


def look_again(case: Case, assessment_id: str, now: datetime, *, point: str) -> Changed:
    """Tell of a later look at the claim: evidence of an open case, a notice on a concluded one.

    Nothing else changes: whoever holds the case keeps it, and what was decided stands until
    people take the case up again. `point` is the scoring point of the look.
    """
    step = Step.NOTICED if is_concluded(case) else Step.EVIDENCE_ADDED
    return told(case, step, SCORING, now, assessment=assessment_id, point=point)


def is_concluded(case: Case) -> bool:
    """True when somebody has decided, whether or not a second person must still agree."""
    return case.state in CONCLUDED


def stands_against_somebody(case: Case) -> bool:
    """True when something adverse was concluded, or waits for a second person."""
    return is_concluded(case) and case.decision is not None and case.decision.is_adverse


def _concluded(
    case: Case, actor: Actor, now: datetime, decision: Decision, step: Step, **details: Any
) -> Changed:
    if decision.is_adverse and not claimant_was_heard(case):
        raise Refused("refused.not_heard")
    needs_second = decision.is_adverse or case.settled_by_two
    target = CaseState.AWAITING_APPROVAL if needs_second else VERDICTS[decision.verdict].state
    decided = replace(
        unheld(case),
        state=move(case, target),
        question=_no_longer_open(case.question, now),
        decision=decision,
        decided_by=actor.name,
        approved_by=None,
        deciders=case.deciders | {actor.name},
        first_decided_at=case.first_decided_at or now,
    )
    return told(decided, step, actor.name, now, **decision_details(decision), **details)


def _no_longer_open(question: Question | None, now: datetime) -> Question | None:
    """A conclusion ends the waiting for a reply, which is not a hearing."""
    if question is None or not question.is_open:
        return question
    return replace(question, closed_at=now)


def approve(case: Case, actor: Actor, now: datetime, note: str = "") -> Changed:
    """Make another person's decision final."""
    decision = _second_person(case, actor)
    if decision.is_adverse and not claimant_was_heard(case):
        raise Refused("refused.not_heard")
    state = move(case, VERDICTS[decision.verdict].state)
    approved = replace(unheld(case), state=state, approved_by=actor.name, settled_by_two=True)
    return told(approved, Step.APPROVED, actor.name, now, text=note.strip())


def send_back(case: Case, actor: Actor, now: datetime, windows: Windows, note: str) -> Changed:
    """Return another person's decision to them, with what is missing."""
    _second_person(case, actor)
    require("note", note)
    returned = replace(case, state=move(case, CaseState.IN_REVIEW))
    proposer = None if case.decided_by in case.conflicted else case.decided_by
    kept = held(returned, proposer, now, windows)
    return told(kept, Step.SENT_BACK, actor.name, now, text=note.strip())


def _second_person(case: Case, actor: Actor) -> Decision:
    may_review(case, actor)
    if case.decision is None or case.state is not CaseState.AWAITING_APPROVAL:
        raise Refused("refused.nothing_to_approve")
    if actor.name in case.deciders:
        raise NotYours("refused.own_decision")
    return case.decision


def declare_conflict(case: Case, actor: Actor, now: datetime, reason: str) -> Changed:
    """Say that one is too close to a case; it leaves one's hands and never comes back."""
    if actor.role not in REVIEWERS:
        raise NotYours("refused.role")
    require("reason", reason)
    marked = replace(case, conflicted=case.conflicted | {actor.name})
    if case.holder == actor.name and case.state is CaseState.IN_REVIEW:
        marked = unheld(replace(marked, state=move(case, CaseState.NEW)))
    elif case.holder == actor.name:
        marked = unheld(marked)
    return told(marked, Step.CONFLICT_DECLARED, actor.name, now, text=reason.strip())


def refer_for_support(
    case: Case, actor: Actor, now: datetime, need: str, *, consents: bool
) -> Changed:
    """Point a person to help, if they agree; the review goes on as before either way."""
    may_review(case, actor)
    if actor.name not in {case.holder, case.decided_by}:
        raise NotYours("refused.not_holder")
    require("need", need)
    step = Step.SUPPORT_REFERRED if consents else Step.SUPPORT_DECLINED
    referred = replace(case, support_referred_at=now if consents else case.support_referred_at)
    return told(referred, step, actor.name, now, text=need.strip())
