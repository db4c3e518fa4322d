"""Looking at the desk: its queue, one case, the audit log. Each look at a case is written down."""

from dataclasses import dataclass, replace
from datetime import datetime

from fraud.audit import AuditEvent
from fraud.cases import Actor, Case, CaseEvent, NotYours
from fraud.cases.case import may_open
from fraud.privacy import GatedSource
from fraud.store import desk as rows
from fraud.store import desk_queue, switches
from fraud.store.desk_queue import AuditFilter, AuditPage, Counts
from fraud.workflow.review import Desk, lapse_questions

OWN_ACTIONS = ("case.", "staff.")
RECENTLY_DECIDED = 5


@dataclass(frozen=True, slots=True)
class QueueView:
    """What the queue page shows one person."""

    counts: Counts
    mine: list[Case]
    to_approve: list[Case]
    decided: list[Case]
    closed: tuple[GatedSource, ...] = ()
    """Gated sources that nothing may be read from now."""


def look_at_queue(desk: Desk, actor: Actor, now: datetime) -> QueueView:
    """Counts, the cases in one's hands, and those that wait for a second person.

    Reply windows that have passed are closed first.
    """
    lapse_questions(desk, now)
    keyring = desk.store.keyring
    with desk.store.reading() as connection:
        sources = switches.readable(connection, desk.gates.open_at(now))
        return QueueView(
            counts=desk_queue.count_cases(connection, actor, now),
            mine=desk_queue.cases_held_by(connection, keyring, actor),
            to_approve=desk_queue.cases_to_approve(connection, keyring, actor),
            decided=desk_queue.cases_decided_by(connection, keyring, actor, RECENTLY_DECIDED),
            closed=tuple(one for one in GatedSource if not sources.allows(one)),
        )


def look_at_audit(desk: Desk, wanted: AuditFilter, limit: int) -> AuditPage:
    """A page of the audit log. Details are shown of the desk's own steps alone.

    What scoring writes could tell why a case was put up.
    """
    with desk.store.reading() as connection:
        found = desk_queue.read_audit(connection, wanted, limit)
    shown = [
        (number, event if event["action"].startswith(OWN_ACTIONS) else event | {"details": {}})
        for number, event in found.events
    ]
    return replace(found, events=shown)


def look_at_case(
    desk: Desk, actor: Actor, case_id: str, now: datetime, action: str = "case.viewed"
) -> tuple[Case, list[CaseEvent]]:
    """A case with its history, once reply windows that have passed are closed.

    The audit log keeps the look, as `action`. Raises NotYours when this person has no reason to
    read the case.
    """
    lapse_questions(desk, now)
    with desk.store.reading() as connection:
        case = rows.load_case(connection, desk.store.keyring, case_id)
        events = rows.load_events(connection, desk.store.keyring, case_id)
    if not may_open(case, actor):
        raise NotYours("refused.not_yours_to_read")
    look = AuditEvent(now, actor.name, action, case.case_id, {"claim": case.claim_id})
    with desk.store.begin() as connection:
        desk.store.add_audit(connection, [look])
    return case, events
