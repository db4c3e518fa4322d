"""Looking at many cases at once: who may take which, what waits, how many stand where.

No query here reads why a case was put up; the order is by day, then by the keyed shuffle.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select

from fraud.cases import FINAL, Actor, Case, CaseState
from fraud.privacy import KeyRing
from fraud.store.desk import DECIDING, case_from, case_rows
from fraud.store.desk_questions import open_questions
from fraud.store.desk_tables import case_conflicts, case_events, cases
from fraud.store.desk_values import utc
from fraud.store.schema import audit_events


def next_case_id(connection: Connection, actor: Actor, now: datetime) -> str | None:
    """The first case that this person may take: by day of opening, then by the keyed shuffle."""
    return connection.execute(
        select(cases.c.case_id)
        .where(_is_free(now), _no_conflict_of(actor))
        .order_by(cases.c.opened_on, cases.c.order_key, cases.c.case_id)
        .limit(1)
    ).scalar_one_or_none()


def _is_free(now: datetime) -> Any:
    given_up = and_(
        cases.c.state == CaseState.IN_REVIEW.value,
        or_(cases.c.holder.is_(None), cases.c.lease_until <= utc(now)),
    )
    return or_(cases.c.state == CaseState.NEW.value, given_up)


def _no_conflict_of(actor: Actor) -> Any:
    return ~exists().where(
        case_conflicts.c.case_id == cases.c.case_id, case_conflicts.c.staff == actor.name
    )


def cases_held_by(connection: Connection, keyring: KeyRing, actor: Actor) -> list[Case]:
    """The cases in this person's hands, those with a running lease first."""
    rows = connection.execute(
        case_rows()
        .where(cases.c.holder == actor.name)
        .order_by(cases.c.lease_until.is_(None), cases.c.lease_until, cases.c.opened_on)
    ).all()
    asked = open_questions(connection, keyring, [row.case_id for row in rows])
    return [case_from(row, keyring, asked.get(row.case_id)) for row in rows]


def cases_to_approve(connection: Connection, keyring: KeyRing, actor: Actor) -> list[Case]:
    """Decisions of other people that wait for a second person, oldest case first."""
    proposed_by_actor = exists().where(
        case_events.c.case_id == cases.c.case_id,
        case_events.c.actor == actor.name,
        case_events.c.step.in_(DECIDING),
    )
    rows = connection.execute(
        case_rows()
        .where(
            cases.c.state == CaseState.AWAITING_APPROVAL.value,
            ~proposed_by_actor,
            _no_conflict_of(actor),
        )
        .order_by(cases.c.opened_on, cases.c.order_key)
    )
    return [case_from(row, keyring) for row in rows]


def cases_decided_by(
    connection: Connection, keyring: KeyRing, actor: Actor, limit: int
) -> list[Case]:
    """The cases this person decided last, the latest decision first."""
    decided_at = (
        select(func.max(case_events.c.at))
        .where(case_events.c.case_id == cases.c.case_id, case_events.c.step.in_(DECIDING))
        .scalar_subquery()
    )
    rows = connection.execute(
        case_rows()
        .where(cases.c.decided_by == actor.name, cases.c.holder.is_(None))
        .order_by(decided_at.desc(), cases.c.case_id)
        .limit(limit)
    )
    return [case_from(row, keyring) for row in rows]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases stand where; flagged and control cases are counted together.

    `waiting` is what one reader could take now: lent cases whose lease has run out are among it,
    those the reader stepped aside from are not.
    """

    waiting: int
    in_review: int
    information_requested: int
    awaiting_approval: int
    concluded: int


def count_cases(connection: Connection, actor: Actor, now: datetime) -> Counts:
    """How many cases stand where, as one reader sees it."""
    waiting = connection.execute(
        select(func.count()).select_from(cases).where(_is_free(now), _no_conflict_of(actor))
    ).scalar_one()
    rows = connection.execute(
        select(cases.c.state, func.count()).where(~_is_free(now)).group_by(cases.c.state)
    )
    by_state: Mapping[str, int] = {state: int(number) for state, number in rows}
    return Counts(
        waiting=waiting,
        in_review=by_state.get(CaseState.IN_REVIEW.value, 0),
        information_requested=by_state.get(CaseState.INFORMATION_REQUESTED.value, 0),
        awaiting_approval=by_state.get(CaseState.AWAITING_APPROVAL.value, 0),
        concluded=sum(by_state.get(state.value, 0) for state in FINAL),
    )


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which audit events to read: those before `before`, by actor, about a subject."""

    before: int | None = None
    actor: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Audit events with their numbers, newest first.

    `older` is the number before which nothing was looked at yet, None at the very beginning.
    """

    events: list[tuple[int, dict[str, Any]]]
    older: int | None


MOST_SCANNED = 20_000
"""Audit events looked through for one page."""


def read_audit(connection: Connection, wanted: AuditFilter, limit: int) -> AuditPage:
    """One page of the audit log.

    Cost: reads backwards until `limit` events fit, at most `MOST_SCANNED` rows.
    """
    found = []
    reached = 1
    for number, content in _audit_backwards(connection, wanted.before):
        reached = number
        if wanted.actor in {"", content["actor"]} and wanted.subject in {"", content["subject"]}:
            found.append((number, content))
        if len(found) == limit:
            break
    return AuditPage(found, older=reached if reached > 1 else None)


def _audit_backwards(
    connection: Connection, before: int | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    query = select(audit_events.c.number, audit_events.c.content).limit(MOST_SCANNED)
    if before is not None:
        query = query.where(audit_events.c.number < before)
    for number, content in connection.execute(query.order_by(audit_events.c.number.desc())):
        yield number, json.loads(content)
