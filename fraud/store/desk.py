"""The rows of the review desk: cases, their history, and the people who review them.

The cause of a case is not read before its first decision is saved: the queries here answer NULL
until then, so no code above this file can show it too early.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    insert,
    null,
    select,
    update,
)

from fraud.cases import (
    Case,
    CaseEvent,
    CaseId,
    CaseState,
    Cause,
    Decision,
    NewCase,
    Question,
    Step,
    Verdict,
)
from fraud.clock import local_day
from fraud.errors import Conflict, NotFound
from fraud.privacy import KeyRing
from fraud.records import Claim, ClaimId, Label
from fraud.store.desk_questions import load_questions, save_question
from fraud.store.desk_tables import case_conflicts, case_events, cases
from fraud.store.desk_values import opened, read_or_none, sealed, utc, utc_or_none
from fraud.store.engine import Store, as_utc
from fraud.store.raw_claims import latest_claims
from fraud.store.schema import claims

Transaction = Connection
"""An open transaction, under the name that the rooms above use for it."""

DECIDING = (Step.DECIDED.value, Step.CHANGED.value)
REMEMBERED = (*DECIDING, Step.APPROVED.value, Step.REOPENED.value)

CAUSE_ONCE_DECIDED = case((cases.c.first_decided_at.is_not(None), cases.c.cause), else_=null())


def open_cases(connection: Connection, new_cases: Sequence[NewCase]) -> list[NewCase]:
    """Open cases, at most one for each claim; answers those that were opened.

    A claim that has a case already is left alone.

    Cost: one query to find the claims that have a case, two inserts.
    """
    known = set(
        connection.execute(
            select(cases.c.claim_id).where(
                cases.c.claim_id.in_([new.claim_id for new in new_cases])
            )
        ).scalars()
    )
    fresh = {new.claim_id: new for new in reversed(new_cases) if new.claim_id not in known}
    if fresh:
        connection.execute(insert(cases), [_new_row(new) for new in fresh.values()])
    return list(fresh.values())


def cases_of_claims(
    connection: Connection, keyring: KeyRing, claim_ids: Collection[str]
) -> dict[str, Case]:
    """The cases of some claims by claim id, as lists show them. Cost: one query."""
    rows = connection.execute(case_rows().where(cases.c.claim_id.in_(sorted(set(claim_ids)))))
    return {row.claim_id: case_from(row, keyring) for row in rows}


def _new_row(new: NewCase) -> dict[str, Any]:
    return {
        "case_id": new.case_id,
        "claim_id": new.claim_id,
        "assessment_id": new.assessment_id,
        "cause": Cause(new.cause).value,
        "opened_at": utc(new.opened_at),
        "opened_on": local_day(new.opened_at).toordinal(),
        "order_key": new.order_key,
        "state": CaseState.NEW.value,
        "version": 0,
    }


def load_case(connection: Connection, keyring: KeyRing, case_id: str) -> Case:
    """One case with its questions. Raises NotFound when there is none."""
    row = connection.execute(case_rows().where(cases.c.case_id == case_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no case {case_id}")
    past = _past(connection, case_id)
    asked = load_questions(connection, keyring, case_id)
    current = bool(asked) and asked[-1].number > past.last_reopened
    return replace(
        case_from(row, keyring),
        question=asked.pop() if current else None,
        earlier_questions=tuple(asked),
        settled_by_two=past.settled_by_two,
        deciders=past.deciders,
        conflicted=_conflicted(connection, case_id),
    )


def case_rows() -> Select[Any]:
    """Every column of a case, but its cause only once there is a first decision."""
    shown = [column for column in cases.c if column is not cases.c.cause]
    return select(*shown, CAUSE_ONCE_DECIDED.label("shown_cause"))


def case_from(row: Row[Any], keyring: KeyRing, question: Question | None = None) -> Case:
    """A case from a row of `case_rows`, as lists show it: without its past."""
    decision, approved_by = _opened_decision(row, keyring)
    return Case(
        case_id=CaseId(row.case_id),
        claim_id=ClaimId(row.claim_id),
        assessment_id=row.assessment_id,
        state=CaseState(row.state),
        opened_at=as_utc(row.opened_at),
        version=row.version,
        holder=row.holder,
        lease_until=read_or_none(row.lease_until),
        question=question,
        decision=decision,
        decided_by=row.decided_by,
        approved_by=approved_by,
        first_decided_at=read_or_none(row.first_decided_at),
        support_referred_at=read_or_none(row.support_referred_at),
        cause=Cause(row.shown_cause) if row.shown_cause else None,
    )


def _opened_decision(row: Row[Any], keyring: KeyRing) -> tuple[Decision | None, str | None]:
    if row.decision is None:
        return None, None
    content = opened(keyring, row.decision, f"cases|{row.case_id}")
    approved_by = content.pop("approved_by")
    verdict, label = Verdict(content.pop("verdict")), Label(content.pop("label"))
    return Decision(verdict=verdict, label=label, **content), approved_by


@dataclass(frozen=True, slots=True)
class _Past:
    """What the history of a case still means for its next step."""

    deciders: frozenset[str]
    settled_by_two: bool
    last_reopened: int
    """The number of the step that took the case up again last, 0 when none did."""


def _past(connection: Connection, case_id: str) -> _Past:
    steps = connection.execute(
        select(case_events.c.number, case_events.c.actor, case_events.c.step).where(
            case_events.c.case_id == case_id, case_events.c.step.in_(REMEMBERED)
        )
    ).all()
    return _Past(
        deciders=frozenset(one.actor for one in steps if one.step in DECIDING),
        settled_by_two=any(one.step == Step.APPROVED.value for one in steps),
        last_reopened=max(
            (one.number for one in steps if one.step == Step.REOPENED.value), default=0
        ),
    )


def _conflicted(connection: Connection, case_id: str) -> frozenset[str]:
    rows = connection.execute(
        select(case_conflicts.c.staff).where(case_conflicts.c.case_id == case_id)
    )
    return frozenset(rows.scalars())


def save_step(connection: Connection, keyring: KeyRing, after: Case, event: CaseEvent) -> None:
    """Store a case after a step, and the step. Raises Conflict when somebody was faster."""
    done = connection.execute(
        update(cases)
        .where(cases.c.case_id == after.case_id, cases.c.version == event.number - 1)
        .values(_case_values(after, keyring))
    )
    if done.rowcount != 1:
        raise Conflict(f"case {after.case_id} was changed by somebody else meanwhile; look again")
    connection.execute(insert(case_events).values(_event_values(event, keyring)))
    if after.question is not None:
        save_question(connection, keyring, after.case_id, after.question)
    if event.step is Step.CONFLICT_DECLARED:
        _save_conflict(connection, event)


def add_events(connection: Connection, keyring: KeyRing, events: Sequence[CaseEvent]) -> None:
    """Add steps that change nothing of their cases but the history. Cost: two statements."""
    if not events:
        return
    place = and_(cases.c.case_id == bindparam("of_case"), cases.c.version == bindparam("before"))
    connection.execute(
        update(cases).where(place).values(version=bindparam("after")),
        [{"of_case": one.case_id, "before": one.number - 1, "after": one.number} for one in events],
    )
    connection.execute(insert(case_events), [_event_values(one, keyring) for one in events])


def _case_values(after: Case, keyring: KeyRing) -> dict[str, Any]:
    return {
        "assessment_id": after.assessment_id,
        "state": after.state.value,
        "version": after.version,
        "holder": after.holder,
        "lease_until": utc_or_none(after.lease_until),
        "first_decided_at": utc_or_none(after.first_decided_at),
        "decided_by": after.decided_by,
        "decision": _sealed_decision(after, keyring),
        "support_referred_at": utc_or_none(after.support_referred_at),
    }


def _sealed_decision(after: Case, keyring: KeyRing) -> bytes | None:
    if after.decision is None:
        return None
    content = {
        "verdict": after.decision.verdict.value,
        "label": after.decision.label.value,
        "reasons": after.decision.reasons,
        "amount_sen": after.decision.amount_sen,
        "recovery": after.decision.recovery,
        "approved_by": after.approved_by,
    }
    return sealed(keyring, content, f"cases|{after.case_id}")


def _event_values(event: CaseEvent, keyring: KeyRing) -> dict[str, Any]:
    return {
        "case_id": event.case_id,
        "number": event.number,
        "at": utc(event.at),
        "actor": event.actor,
        "step": event.step.value,
        "state": event.state.value,
        "sealed": sealed(keyring, event.details, f"case_events|{event.case_id}|{event.number}"),
    }


def _save_conflict(connection: Connection, event: CaseEvent) -> None:
    place = and_(case_conflicts.c.case_id == event.case_id, case_conflicts.c.staff == event.actor)
    connection.execute(delete(case_conflicts).where(place))
    connection.execute(
        insert(case_conflicts).values(
            case_id=event.case_id, staff=event.actor, declared_at=utc(event.at)
        )
    )


def load_events(connection: Connection, keyring: KeyRing, case_id: str) -> list[CaseEvent]:
    """The history of a case, oldest first."""
    rows = connection.execute(
        select(case_events).where(case_events.c.case_id == case_id).order_by(case_events.c.number)
    )
    return [
        CaseEvent(
            case_id=CaseId(row.case_id),
            number=row.number,
            at=as_utc(row.at),
            actor=row.actor,
            step=Step(row.step),
            state=CaseState(row.state),
            details=opened(keyring, row.sealed, f"case_events|{row.case_id}|{row.number}"),
        )
        for row in rows
    ]


def touched_by_others(connection: Connection, case_id: str, *, since: int, but: str) -> bool:
    """True when anybody but this person took a step on a case after its version `since`."""
    return bool(
        connection.execute(
            select(
                exists().where(
                    case_events.c.case_id == case_id,
                    case_events.c.number > since,
                    case_events.c.actor != but,
                )
            )
        ).scalar_one()
    )


def picked_by(connection: Connection, case_id: str) -> Literal["score", "control"]:
    """Why a decided case was put up, as the training data calls it.

    Raises Conflict while there is no first decision.
    """
    cause = connection.execute(
        select(CAUSE_ONCE_DECIDED).where(cases.c.case_id == case_id)
    ).scalar_one()
    if cause is None:
        raise Conflict(f"case {case_id} has no first decision yet")
    return "control" if cause == Cause.CONTROL.value else "score"


def person_of_claim(connection: Connection, claim_id: str) -> str:
    """The pseudonym of the claimant. Raises NotFound for an unknown claim."""
    person = connection.execute(
        select(claims.c.person)
        .where(claims.c.claim_id == claim_id)
        .order_by(claims.c.version.desc())
        .limit(1)
    ).scalar_one_or_none()
    if person is None:
        raise NotFound(f"there is no claim {claim_id}")
    return str(person)


def claims_by_id(
    store: Store, connection: Connection, claim_ids: Sequence[str]
) -> dict[str, Claim]:
    """The latest state of some claims, by claim id."""
    return {str(key): claim for key, claim in latest_claims(store, connection, claim_ids).items()}
