"""Looking at employers, agents and officers, and listing the people to be warned.

Each look is an audit event. Officers are looked at by integrity staff alone, and only while a
legal basis for the office's own log is recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fraud.audit import AuditEvent
from fraud.cases import Role
from fraud.clock import LOCAL, local_day
from fraud.entities import (
    EntityForReview,
    EntityKind,
    Warned,
    WatchRecords,
    entities_for_review,
    people_to_warn,
)
from fraud.errors import Forbidden, InvalidInput
from fraud.features.catalogue import WORKING_STAY_HOURS
from fraud.history import LARGEST_OUTAGE
from fraud.privacy import GatedSource, OpenSources
from fraud.records import Hire
from fraud.store import raw_days, switches
from fraud.store.engine import Connection, Store
from fraud.store.watching import facts_of_kinds, lodged_claims

KINDS = {
    EntityKind.EMPLOYER: ("employer", "employer_arrears", "staff_move", "hire"),
    EntityKind.AGENT: ("employer", "hire"),
    EntityKind.OFFICER: ("officer_action",),
}
LONGEST_LOOK_DAYS = 120
"""Crossings of a hired person are read for so many days after the start at most."""
LEAST_COVERED_DAYS = 14


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks, with the role that was checked at the door; None on the command line."""

    name: str
    role: Role | None = None


def end_of_day(day: str, now: datetime) -> datetime:
    """The end of a day written YYYY-MM-DD at the border; an empty text is this moment.

    Raises InvalidInput for another form.
    """
    if not day:
        return now
    try:
        return datetime.combine(date.fromisoformat(day), time.max, LOCAL)
    except ValueError as error:
        raise InvalidInput(f"{day} is no day; write it as YYYY-MM-DD") from error


def watch(
    store: Store,
    kind: EntityKind,
    *,
    moment: datetime,
    sources: OpenSources,
    looker: Looker,
    now: datetime,
) -> list[EntityForReview]:
    """Entities of one kind for review by what was stated up to a moment.

    Raises Forbidden when officers are looked at by others than integrity staff, or while the gate
    of the office's log is shut. The refusal is an audit event too.
    """
    sources = _readable(store, sources)
    if kind is EntityKind.OFFICER:
        _refuse_strangers(store, sources, looker, now)
    found = entities_for_review(kind, _read(store, kind, moment, sources))
    details = {"kind": kind.value, "on": local_day(moment).isoformat(), "listed": len(found)}
    _note(store, AuditEvent(now, looker.name, "watch.shown", kind.value, details))
    return found


def warn_list(
    store: Store, *, moment: datetime, sources: OpenSources, looker: Looker, now: datetime
) -> list[Warned]:
    """People whose names stand on hires that may never have been; they are warned, never scored."""
    records = _read(store, EntityKind.EMPLOYER, moment, _readable(store, sources))
    listed = [
        one
        for kind in (EntityKind.EMPLOYER, EntityKind.AGENT)
        for one in entities_for_review(kind, records)
    ]
    found = people_to_warn(listed, records)
    details = {"on": local_day(moment).isoformat(), "listed": len(found)}
    _note(store, AuditEvent(now, looker.name, "warnings.shown", "people", details))
    return found


def _readable(store: Store, sources: OpenSources) -> OpenSources:
    with store.reading() as connection:
        return switches.readable(connection, sources)


def _refuse_strangers(store: Store, sources: OpenSources, looker: Looker, now: datetime) -> None:
    why = None
    if looker.role is not Role.INTEGRITY:
        why = "officers are looked at by integrity staff alone"
    elif not sources.allows(GatedSource.OFFICER_LOG):
        why = "no legal basis for the log of officers is in force (FRAUD_BASIS_OFFICER_LOG)"
    if why:
        details = {"kind": EntityKind.OFFICER.value, "why": why}
        _note(store, AuditEvent(now, looker.name, "watch.refused", "officer", details))
        raise Forbidden(why)


def _note(store: Store, event: AuditEvent) -> None:
    with store.begin() as connection:
        store.add_audit(connection, [event])


def _read(store: Store, kind: EntityKind, moment: datetime, sources: OpenSources) -> WatchRecords:
    with store.reading() as connection:
        facts = sources.of(facts_of_kinds(store, connection, KINDS[kind]))
        claims = list(lodged_claims(store, connection)) if kind is EntityKind.OFFICER else []
        hires = [fact for fact in facts if isinstance(fact, Hire)]
        stays = {}
        if hires and sources.allows(GatedSource.CROSSINGS):
            stays = _stays_a_week(store, connection, hires, moment)
    return WatchRecords.known_by(moment, facts, claims, stays)


def _stays_a_week(
    store: Store, connection: Connection, hires: Sequence[Hire], moment: datetime
) -> dict[str, float]:
    """Recorded working-day stays a week during each hire, where enough border files cover it."""
    known_at = store.position(connection)
    covered = {
        day for _, day, lost in raw_days.crossing_files(connection) if lost <= LARGEST_OUTAGE
    }
    spans = [_span(store, hire, moment, known_at) for hire in hires]
    found = {}
    for hire, span, days in zip(
        hires, spans, raw_days.days_of(store, connection, spans), strict=True
    ):
        held = [day for day in range(span.first, span.last + 1) if day in covered]
        if len(held) >= LEAST_COVERED_DAYS:
            stays = [
                day
                for day in held
                if day in days and (days[day].hours_there or 0.0) >= WORKING_STAY_HOURS
            ]
            found[hire.fact_id] = 7 * len(stays) / len(held)
    return found


def _span(store: Store, hire: Hire, moment: datetime, known_at: int) -> raw_days.Span:
    last = min(hire.started_on + timedelta(days=LONGEST_LOOK_DAYS), local_day(moment))
    if hire.ended_on:
        last = min(last, hire.ended_on)
    person = store.keyring.person_key(hire.mykad)
    return raw_days.Span(person, hire.started_on.toordinal() + 1, last.toordinal(), known_at)
