"""What the desk can do to a case: each use case is one transaction.

A step that ends a review writes, in that same transaction, the outcome that may later teach a
scorer, the audit event and the message for `reviews.decided`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from fraud.audit import AuditEvent
from fraud.cases import (
    FINAL,
    REVIEWERS,
    Actor,
    Case,
    CaseEvent,
    CaseId,
    CaseState,
    Decision,
    NotYours,
    QuestionDraft,
    Refused,
    Step,
    Windows,
    steps,
)
from fraud.cases.case import Changed, may_open
from fraud.config import Settings
from fraud.records import Label
from fraud.store import desk as rows
from fraud.store import desk_queue
from fraud.store.desk import Transaction
from fraud.store.desk_queue import AuditFilter, Counts
from fraud.store.engine import Store

REVIEWS_DECIDED = "reviews.decided"
OWN_ACTIONS = ("case.", "staff.")
CONCLUDING = frozenset({Step.DECIDED, Step.CHANGED, Step.APPROVED})


class ReviewDecided(BaseModel):
    """What the outside learns of a finished review; no name, no reasons."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: str
    claim_id: str
    state: CaseState
    label: Label
    wrong_payment_sen: int
    picked_by: Literal["score", "control"]
    two_people: bool
    decided_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Desk:
    """The store with the times that the desk keeps to.

    `crossings_open` is True when a legal basis for border records is on record; without one they
    stay unknown.
    """

    store: Store
    windows: Windows
    crossings_open: bool = False


def desk_of(store: Store, settings: Settings) -> Desk:
    """The desk as the settings want it."""
    lease = timedelta(minutes=settings.lease_minutes)
    windows = Windows(lease, timedelta(days=settings.reply_window_days))
    return Desk(store, windows, crossings_open=settings.crossings_basis is not None)


RECENTLY_DECIDED = 5


@dataclass(frozen=True, slots=True)
class QueueView:
    """What the queue page shows one person."""

    counts: Counts
    mine: list[Case]
    to_approve: list[Case]
    decided: list[Case]


def look_at_queue(desk: Desk, actor: Actor) -> QueueView:
    """Counts, the cases in one's hands, and those that wait for a second person."""
    keyring = desk.store.keyring
    with desk.store.reading() as connection:
        return QueueView(
            counts=desk_queue.count_cases(connection),
            mine=desk_queue.cases_held_by(connection, keyring, actor),
            to_approve=desk_queue.cases_to_approve(connection, keyring, actor),
            decided=desk_queue.cases_decided_by(connection, keyring, actor, RECENTLY_DECIDED),
        )


def look_at_audit(desk: Desk, wanted: AuditFilter, limit: int) -> list[tuple[int, dict[str, Any]]]:
    """Audit events, newest first. Details are shown of the desk's own steps alone.

    What scoring writes could tell why a case was put up.
    """
    with desk.store.reading() as connection:
        found = desk_queue.read_audit(connection, wanted, limit)
    return [
        (number, event if event["action"].startswith(OWN_ACTIONS) else event | {"details": {}})
        for number, event in found
    ]


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
    return _carry_out(desk, case_id, lambda case: steps.ask(case, actor, now, desk.windows, draft))


def record_reply(desk: Desk, actor: Actor, case_id: str, reply: str, now: datetime) -> Case:
    """Write down what the claimant answered."""
    return _carry_out(
        desk, case_id, lambda case: steps.record_reply(case, actor, now, desk.windows, reply)
    )


def lapse_questions(desk: Desk, now: datetime) -> int:
    """Close every reply window that has passed; answers how many. Cost: one transaction each."""
    with desk.store.reading() as connection:
        overdue = desk_queue.overdue_questions(connection, now)
    for case_id in overdue:
        _carry_out(desk, case_id, lambda case: steps.lapse(case, now, desk.windows))
    return len(overdue)


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


def note_look(desk: Desk, actor: Actor, case: Case, action: str, now: datetime) -> None:
    """Write into the audit log that somebody looked at a case, or unmasked it."""
    look = AuditEvent(now, actor.name, action, case.case_id, {"claim": case.claim_id})
    with desk.store.begin() as connection:
        desk.store.add_audit(connection, [look])


def look_at_case(desk: Desk, actor: Actor, case_id: str) -> tuple[Case, list[CaseEvent]]:
    """A case with its history. Raises NotYours when this person has no reason to read it."""
    with desk.store.reading() as connection:
        case = rows.load_case(connection, desk.store.keyring, case_id)
        if not may_open(case, actor):
            raise NotYours("refused.not_yours_to_read")
        return case, rows.load_events(connection, desk.store.keyring, case_id)


def _carry_out(desk: Desk, case_id: str, step: Callable[[Case], Changed]) -> Case:
    with desk.store.begin() as connection:
        case = rows.load_case(connection, desk.store.keyring, case_id)
        return _save(desk, connection, step(case))


def _save(desk: Desk, connection: Transaction, changed: Changed) -> Case:
    rows.save_step(connection, desk.store.keyring, changed.case, changed.event)
    desk.store.add_audit(connection, [changed.audit])
    if changed.event.step in CONCLUDING and changed.case.state in FINAL:
        _tell_outcome(desk, connection, changed)
    return changed.case


def _tell_outcome(desk: Desk, connection: Transaction, changed: Changed) -> None:
    message = _message(connection, changed)
    desk.store.add_outcome(
        connection,
        claim_id=message.claim_id,
        label=message.label,
        picked_by=message.picked_by,
        decided_at=message.decided_at,
        wrong_payment_sen=message.wrong_payment_sen,
        source="desk",
    )
    desk.store.add_outbox(
        connection,
        topic=REVIEWS_DECIDED,
        key=rows.person_of_claim(connection, message.claim_id),
        kind="my.sempadan.review.decided.v1",
        body=message.model_dump_json().encode(),
        at=message.decided_at,
        message_id=f"{message.case_id}-{changed.event.number}",
    )


def _message(connection: Transaction, changed: Changed) -> ReviewDecided:
    case, decision = changed.case, changed.case.decision
    if decision is None:
        raise Refused("refused.nothing_decided")
    return ReviewDecided(
        case_id=case.case_id,
        claim_id=case.claim_id,
        state=case.state,
        label=decision.label,
        wrong_payment_sen=decision.wrong_payment_sen,
        picked_by=rows.picked_by(connection, case.case_id),
        two_people=case.approved_by is not None,
        decided_at=changed.event.at,
    )
