"""What the steps of a review share: who may act, which moves are allowed, and what is told."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from fraud.audit import AuditEvent
from fraud.cases.case import Actor, Case, CaseEvent, Changed, NotYours, Refused, Windows
from fraud.cases.states import MOVES, REVIEWERS, CaseState, Step
from fraud.errors import Fault, InvalidInput


def may_review(case: Case, actor: Actor) -> None:
    """Raise NotYours for auditors, and for whoever stepped aside from this case."""
    if actor.role not in REVIEWERS:
        raise NotYours("refused.role")
    if actor.name in case.conflicted:
        raise NotYours("refused.conflict")


def holds(case: Case, actor: Actor) -> None:
    """Raise NotYours for anybody but the holder.

    The holder may go on after the lease has run out, as long as nobody else took the case.
    """
    may_review(case, actor)
    if case.holder != actor.name:
        raise NotYours("refused.not_holder")


def move(case: Case, to: CaseState) -> CaseState:
    """The state to go to. Raises Refused, naming the possible ones, when this is none of them."""
    if to not in MOVES[case.state]:
        allowed = sorted(state.value for state in MOVES[case.state])
        raise Refused("refused.move", state=case.state.value, allowed=allowed)
    return to


def require(name: str, value: str) -> None:
    """Raise InvalidInput when nothing was written."""
    if not value.strip():
        raise InvalidInput("something is missing", [Fault(name, "nothing", "the text")])


def held(case: Case, name: str | None, now: datetime, windows: Windows) -> Case:
    """The case in somebody's hands, with a new lease while it is in review."""
    in_hand = case.state is CaseState.IN_REVIEW and name is not None
    lease = now + windows.lease if in_hand else None
    return replace(case, holder=name, lease_until=lease)


def unheld(case: Case) -> Case:
    """The case in nobody's hands."""
    return replace(case, holder=None, lease_until=None)


AUDITED_DETAILS = ("verdict", "label", "amount_sen", "recovery", "due_at")
"""Details of an event that the audit log repeats; never what somebody wrote."""


def told(case: Case, step: Step, actor: str, now: datetime, **details: Any) -> Changed:
    """The case one version on, with the step told twice: to its history and to the audit log."""
    changed = replace(case, version=case.version + 1)
    event = CaseEvent(case.case_id, changed.version, now, actor, step, changed.state, dict(details))
    audited = {name: details[name] for name in AUDITED_DETAILS if name in details}
    audit = AuditEvent(
        now,
        actor,
        f"case.{step.value}",
        case.case_id,
        {"state": changed.state.value, "claim": case.claim_id, **audited},
    )
    return Changed(changed, event, audit)
