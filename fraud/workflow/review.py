"""What the desk can do to a case: each use case is one transaction.

A step that ends a review writes, in that same transaction, the outcome that may later teach a
scorer, the audit event and the message for `reviews.decided`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fraud.cases import (
    FINAL,
    REVIEWERS,
    Actor,
    Case,
    CaseId,
    Decision,
    NotYours,
    QuestionDraft,
    Refused,
    Step,
    Windows,
    hearing,
    steps,
)
from fraud.cases.case import Changed
from fraud.config import Settings
from fraud.errors import Conflict
from fraud.privacy import Gates, gates_of
from fraud.store import desk as rows
from fraud.store import desk_questions, desk_queue
from fraud.store.desk import Transaction
from fraud.store.engine import Store
from fraud.workflow.outcomes import tell_outcome

CONCLUDING = frozenset({Step.DECIDED, Step.CHANGED, Step.APPROVED})


@dataclass(frozen=True, slots=True)
class Desk:
    """The store with the times that the desk keeps to.

    `gates` holds the recorded legal bases; what has none in force stays unknown.
    """

    store: Store
    windows: Windows
    gates: Gates = field(default_factory=Gates)
    seen: int | None = None
    """The version of the case that was on the screen, where there is a screen: a step is refused
    when somebody else has taken one since."""


def desk_of(store: Store, settings: Settings) -> Desk:
    """The desk as the settings want it."""
    lease = timedelta(minutes=settings.lease_minutes)
    windows = Windows(lease, timedelta(days=settings.reply_window_days))
    return Desk(store, windows, gates=gates_of(settings))


def take_next_case(desk: Desk, actor: Actor, now: datetime) -> CaseId | None:
    """Give this person the next case of the queue; None when nothing is waiting.

    Reply windows that have passed are closed first, so that their cases are not forgotten.
    """
    if actor.role not in REVIEWERS:
        raise NotYours("refused.role")
    lapse_questions(desk, now)
    with desk.store.begin() as connection:
        case_id = desk_queue.next_case_id(connection, actor, now)
        if case_id is None:
            return None
        case = rows.load_case(connection, desk.store.keyring, case_id)
        _save(desk, connection, steps.take(case, actor, now, desk.windows))
        return case.case_id


def take_case(desk: Desk, actor: Actor, case_id: str, now: datetime) -> Case:
    """Take one case again whose lease has run out."""
    return _carry_out(desk, case_id, lambda case: steps.take(case, actor, now, desk.windows))


def release_case(desk: Desk, actor: Actor, case_id: str, now: datetime) -> Case:
    """Give a case back to the queue."""
    return _carry_out(desk, case_id, lambda case: steps.release(case, actor, now))


def add_note(desk: Desk, actor: Actor, case_id: str, note: str, now: datetime) -> Case:
    """Write a note into a case."""
    return _carry_out(
        desk, case_id, lambda case: steps.add_note(case, actor, now, desk.windows, note)
    )


def open_question(
    desk: Desk, actor: Actor, case_id: str, draft: QuestionDraft, now: datetime
) -> Case:
    """Ask the claimant, with the facts relied on."""
    return _carry_out(
        desk, case_id, lambda case: hearing.ask(case, actor, now, desk.windows, draft)
    )


def record_reply(desk: Desk, actor: Actor, case_id: str, reply: str, now: datetime) -> Case:
    """Write down what the claimant answered."""
    return _carry_out(
        desk, case_id, lambda case: hearing.record_reply(case, actor, now, desk.windows, reply)
    )


def lapse_questions(desk: Desk, now: datetime) -> int:
    """Close every reply window that has passed; answers how many. Cost: one transaction each."""
    with desk.store.reading() as connection:
        overdue = desk_questions.overdue_questions(connection, now)
    return sum(_lapsed(desk, case_id, now) for case_id in overdue)


def _lapsed(desk: Desk, case_id: str, now: datetime) -> bool:
    """Close one window; False when another process was faster."""
    try:
        _carry_out(desk, case_id, lambda case: hearing.lapse(case, now, desk.windows))
    except Conflict:
        return False
    return True


def decide_case(desk: Desk, actor: Actor, case_id: str, decision: Decision, now: datetime) -> Case:
    """Conclude a review; an adverse conclusion waits for a second person."""
    return _carry_out(desk, case_id, lambda case: steps.decide(case, actor, now, decision))


@dataclass(frozen=True, slots=True)
class ChangedMind:
    """Another decision than the one before, and what led to it."""

    decision: Decision
    note: str


def change_decision(
    desk: Desk, actor: Actor, case_id: str, changed: ChangedMind, now: datetime
) -> Case:
    """Change one's decision after the cause of selection is known, with a note."""
    return _carry_out(
        desk,
        case_id,
        lambda case: steps.change_decision(case, actor, now, changed.decision, changed.note),
    )


def reopen_case(desk: Desk, actor: Actor, case_id: str, note: str, now: datetime) -> Case:
    """Take a concluded case up again."""
    return _carry_out(
        desk, case_id, lambda case: steps.reopen(case, actor, now, desk.windows, note)
    )


def approve_outcome(desk: Desk, actor: Actor, case_id: str, note: str, now: datetime) -> Case:
    """Make somebody else's decision final."""
    return _carry_out(desk, case_id, lambda case: steps.approve(case, actor, now, note))


def send_back(desk: Desk, actor: Actor, case_id: str, note: str, now: datetime) -> Case:
    """Return somebody else's decision to them."""
    return _carry_out(
        desk, case_id, lambda case: steps.send_back(case, actor, now, desk.windows, note)
    )


def declare_conflict(desk: Desk, actor: Actor, case_id: str, reason: str, now: datetime) -> Case:
    """Step aside from a case."""
    return _carry_out(desk, case_id, lambda case: steps.declare_conflict(case, actor, now, reason))


@dataclass(frozen=True, slots=True)
class Support:
    """What help a person may need, and whether they agree to be referred."""

    need: str
    consents: bool


def refer_for_support(
    desk: Desk, actor: Actor, case_id: str, support: Support, now: datetime
) -> Case:
    """Point a person to help, or note that they declined it."""
    return _carry_out(
        desk,
        case_id,
        lambda case: steps.refer_for_support(
            case, actor, now, support.need, consents=support.consents
        ),
    )


def _carry_out(desk: Desk, case_id: str, step: Callable[[Case], Changed]) -> Case:
    with desk.store.begin() as connection:
        changed = step(rows.load_case(connection, desk.store.keyring, case_id))
        if desk.seen is not None and rows.touched_by_others(
            connection, case_id, since=desk.seen, but=changed.event.actor
        ):
            raise Refused("refused.changed_meanwhile")
        return _save(desk, connection, changed)


def _save(desk: Desk, connection: Transaction, changed: Changed) -> Case:
    rows.save_step(connection, desk.store.keyring, changed.case, changed.event)
    desk.store.add_audit(connection, [changed.audit])
    if changed.event.step in CONCLUDING and changed.case.state in FINAL:
        tell_outcome(desk.store, connection, changed)
    return changed.case
