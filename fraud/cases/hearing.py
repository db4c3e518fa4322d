"""Hearing the claimant: a question with the facts relied on, a reply, or a window that passes."""

from dataclasses import replace
from datetime import datetime, timedelta

from fraud.cases.case import (
    CLOCK,
    Actor,
    Case,
    Changed,
    NotYours,
    Question,
    QuestionDraft,
    Refused,
    Windows,
    awaits_reply,
    may_record_reply,
)
from fraud.cases.guards import held, holds, may_review, move, require, told
from fraud.cases.states import CaseState, Step
from fraud.clock import end_of, local_day
from fraud.errors import Fault, InvalidInput


def ask(case: Case, actor: Actor, now: datetime, windows: Windows, draft: QuestionDraft) -> Changed:
    """Note the question put to the claimant, with the facts relied on, and wait for the reply.

    The claimant may reply until the last day ends at the border.
    """
    holds(case, actor)
    if case.question is not None and case.question.is_open:
        raise Refused("refused.already_asked")
    _check_draft(draft, windows)
    question = Question(
        number=case.version + 1,
        asked_by=actor.name,
        asked_at=now,
        due_at=end_of(local_day(now) + timedelta(days=draft.days)),
        language=draft.language,
        facts=draft.facts.strip(),
        wording=draft.wording.strip(),
    )
    state = move(case, CaseState.INFORMATION_REQUESTED)
    asked = replace(
        case,
        state=state,
        question=question,
        earlier_questions=case.questions,
        lease_until=None,
    )
    return told(asked, Step.ASKED, actor.name, now, due_at=question.due_at.isoformat())


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
    """Write down what the claimant answered, late or not; the case goes back to its reviewer."""
    may_review(case, actor)
    if not may_record_reply(case, actor):
        raise NotYours("refused.not_holder")
    question = case.question
    if question is None or not awaits_reply(case):
        raise Refused("refused.no_question")
    require("reply", reply)
    answered = replace(question, reply=reply.strip(), replied_at=now)
    back = replace(case, state=move(case, CaseState.IN_REVIEW), question=answered)
    return told(held(back, case.holder, now, windows), Step.REPLIED, actor.name, now)


def lapse(case: Case, now: datetime, windows: Windows) -> Changed:
    """Close a reply window that has passed. Silence proves nothing: only the waiting ends."""
    question = case.question
    if question is None or not question.is_open:
        raise Refused("refused.no_question")
    if now <= question.due_at:
        raise Refused("refused.window_open", due=question.due_at)
    silent = replace(question, lapsed_at=now)
    back = replace(case, state=move(case, CaseState.IN_REVIEW), question=silent)
    kept = held(back, case.holder, now, windows)
    return told(kept, Step.LAPSED, CLOCK, now)
