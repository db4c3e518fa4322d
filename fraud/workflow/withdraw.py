"""Withdrawing a gated source, and restoring it: the gate at once, then all that rested on it.

A withdrawal shuts the gate in one transaction. Then each assessment that read the source is made
again without it, at its own cut-off and from raw rows; the old one stays as it was. A restoration
does the same the other way. Both may be killed anywhere and run again: what is done is not done
twice. People decide what becomes of a case: here it only gets its new reasons, and what was
concluded against somebody comes back to the queue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from fraud.assessment import Assessment, Outcome
from fraud.audit import AuditEvent
from fraud.cases import Case, NewCase, steps
from fraud.cases.case import Changed
from fraud.errors import Conflict, Fault, InvalidInput, Misconfigured
from fraud.features import vector_of
from fraud.privacy import GatedSource
from fraud.rules import run_rules
from fraud.store import assessed, switches
from fraud.store import desk as rows
from fraud.store.engine import Connection, Store
from fraud.store.gathering import sources_read
from fraud.store.rebuild import Lived, live_again
from fraud.store.switches import Standing, Switch
from fraud.workflow.consequences import (
    ReadState,
    assessment_id,
    audit_events,
    decision_file,
    explain,
    new_case,
    publish,
)
from fraud.workflow.intake import Assessor
from fraud.workflow.put_up import outcome_of

CHUNK = 200
"""Assessments made again in one transaction: the most that a kill undoes."""

Tell = Callable[[int, int], object]
"""Told how many of how many are done."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants a source withdrawn or restored, and why."""

    by: str
    reason: str


@dataclass(slots=True)
class FollowedUp:
    """What came of a withdrawal or a restoration, in this run of it."""

    switch: Switch
    assessed: int = 0
    changed: int = 0
    """Those whose outcome is another one now."""
    renewed: list[str] = field(default_factory=list)
    """Cases that got new reasons."""
    reopened: list[str] = field(default_factory=list)
    """Those of them that had been concluded against somebody, and are looked at anew."""
    opened: list[str] = field(default_factory=list)
    """Cases of claims that had none."""


def withdraw(
    store: Store,
    source: GatedSource,
    order: Order,
    *,
    assessor: Assessor,
    now: datetime,
    tell: Tell = lambda _done, _of: None,
) -> FollowedUp:
    """Shut the gate of a source from now on, and assess again whatever read it.

    One that was not finished goes on. Raises Conflict when the source stands withdrawn already,
    and InvalidInput without a reason.
    """
    switch = _switched(store, source, order, withdraw=True, now=now)
    return _follow_up(store, switch, assessor, now, tell)


def shut_gate(store: Store, source: GatedSource, order: Order, *, now: datetime) -> Switch:
    """Only the first part of a withdrawal, which needs no scorer; `withdraw` goes on from there."""
    return _switched(store, source, order, withdraw=True, now=now)


def restore(
    store: Store,
    source: GatedSource,
    order: Order,
    *,
    assessor: Assessor,
    now: datetime,
    tell: Tell = lambda _done, _of: None,
) -> FollowedUp:
    """Open the gate of a withdrawn source, and assess again what had read it before.

    One that was not finished goes on. Raises Misconfigured while no legal basis is in force, and
    Conflict when the source does not stand withdrawn.
    """
    if not assessor.sources.allows(source):
        raise Misconfigured(
            f"{source.value} has no legal basis in force: see `fraud gates` and FRAUD_BASIS_*"
        )
    switch = _switched(store, source, order, withdraw=False, now=now)
    return _follow_up(store, switch, assessor, now, tell)


def _switched(
    store: Store, source: GatedSource, order: Order, *, withdraw: bool, now: datetime
) -> Switch:
    """The switch to follow up: an unfinished one, or a new one."""
    faults = [
        Fault(name, "nothing", "the text")
        for name, written in (("by", order.by), ("reason", order.reason))
        if not written.strip()
    ]
    if faults:
        raise InvalidInput("a gate is moved by somebody, for a reason", faults)
    with store.begin() as connection:
        last = switches.last_switch(connection, source)
        if last and not last.finished:
            if last.withdrawn is withdraw:
                return last
            raise Conflict(f"{last.name} of {source.value} is not finished: run that again first")
        if withdraw is bool(last and last.withdrawn):
            state = "withdrawn already" if withdraw else "not withdrawn"
            raise Conflict(f"{source.value} is {state}")
        switch = switches.add_switch(
            connection, source, withdraw=withdraw, by=order.by, reason=order.reason, now=now
        )
        action = "source.withdrawn" if withdraw else "source.restored"
        details = {"switch": switch.name, "why": order.reason}
        event = AuditEvent(now, order.by, action, source.value, details)
        store.add_audit(connection, [event])
        return switch


def _follow_up(
    store: Store, switch: Switch, assessor: Assessor, now: datetime, tell: Tell
) -> FollowedUp:
    report = FollowedUp(switch)
    with store.reading() as connection:
        waiting = switches.waiting_for(connection, switch)
        open_now = switches.readable(connection, assessor.sources)
    assessor = replace(assessor, sources=open_now)
    by_cutoff: dict[int, list[Standing]] = {}
    for one in waiting:
        by_cutoff.setdefault(one.cutoff, []).append(one)
    made: list[_Again] = []
    tell(0, len(waiting))
    for lived in live_again(store, sources=open_now) if waiting else ():
        made += [
            _assess_again(one, lived, switch, assessor, now)
            for one in by_cutoff.get(lived.cutoff, ())
        ]
        if len(made) >= CHUNK:
            _keep(store, made, switch, assessor, now, report)
            made = []
            tell(report.assessed, len(waiting))
    _keep(store, made, switch, assessor, now, report)
    tell(report.assessed, len(waiting))
    _finish(store, switch, now, report)
    return report


@dataclass(frozen=True, slots=True)
class _Again:
    """An assessment made again, with what a case that rests on it needs."""

    before: Standing
    read: ReadState
    after: Assessment
    file: dict[str, Any] | None
    """The decision file, for cases only."""


def _assess_again(
    before: Standing, lived: Lived, switch: Switch, assessor: Assessor, now: datetime
) -> _Again:
    """The same claim state at the same cut-off, from the sources of then that are open now."""
    known = lived.known(before.sources)
    vector = vector_of(known)
    hits = run_rules(known, accept_reserved=assessor.accept_reserved)
    read = ReadState(lived.state, known, vector, hits)
    probability = float(assessor.scorer.probabilities(vector.reshape(1, -1))[0])
    claim = lived.state.claim
    outcome = outcome_of(claim, probability, hits, assessor.policy)
    if before.outcome is Outcome.CONTROL and outcome is not Outcome.REVIEW:
        outcome = Outcome.CONTROL
    trigger = f"{switch.name}:{before.original}"
    after = Assessment(
        assessment_id=assessment_id(claim.claim_id, claim.version, trigger),
        claim_id=claim.claim_id,
        claim_version=claim.version,
        scoring_point=before.scoring_point,
        trigger_fact=trigger,
        cutoff=lived.cutoff,
        vector=vector,
        probability=probability,
        outcome=outcome,
        tier=0,
        hits=hits,
        model_version=assessor.scorer.version,
        policy_version=assessor.policy.version,
        made_at=now,
        sources=sources_read(known),
    )
    if before.case_id is None and outcome not in {Outcome.REVIEW, Outcome.CONTROL}:
        return _Again(before, read, after, None)
    explained, contributions = explain(read, after, assessor.scorer, assessor.sources)
    return _Again(before, read, explained, decision_file(explained, contributions))


def _keep(
    store: Store,
    made: Sequence[_Again],
    switch: Switch,
    assessor: Assessor,
    now: datetime,
    report: FollowedUp,
) -> None:
    """Write some assessments and what they mean for cases, all or none; what is there stays."""
    if not made:
        return
    with store.begin() as connection:
        originals = [one.before.original for one in made]
        done = switches.done_of(store, connection, switch, originals)
        made = [one for one in made if one.before.original not in done]
        if not made:
            return
        after = [one.after for one in made]
        assessed.add_assessments(store, connection, after)
        files = {one.after.assessment_id: one.file for one in made if one.file}
        assessed.add_decision_files(store, connection, files)
        pairs = {one.before.original: one.after.assessment_id for one in made}
        switches.replace_originals(store, connection, switch, pairs)
        opened = rows.open_cases(connection, _new_cases(store, made, now))
        events = audit_events(after, opened, assessor.scorer.version, now)
        store.add_audit(connection, events)
        publish(store, connection, [one.read for one in made], after, now)
        for one in made:
            _renew(store, connection, one, switch, now, report)
    report.assessed += len(made)
    report.changed += sum(one.after.outcome is not one.before.stands_as for one in made)
    report.opened += [case.case_id for case in opened]


def _new_cases(store: Store, made: Sequence[_Again], now: datetime) -> list[NewCase]:
    """Claims without a case that are put up for review only now."""
    return [
        new_case(store, one.after, now)
        for one in made
        if one.before.case_id is None and one.after.outcome is Outcome.REVIEW
    ]


def _renew(
    store: Store,
    connection: Connection,
    one: _Again,
    switch: Switch,
    now: datetime,
    report: FollowedUp,
) -> None:
    """Give the case that shows an assessment its new reasons, and take it up again if need be.

    Of several that it shows, one tells of the change. What was concluded in somebody's favour
    stands: no withdrawal is a reason to doubt it.
    """
    case_id = one.before.case_id
    if case_id is None:
        return
    case = rows.load_case(connection, store.keyring, case_id)
    opened_on = case.assessment_id == one.before.standing
    if not opened_on and case_id in report.renewed:
        return
    name = one.after.assessment_id if opened_on else case.assessment_id
    case = _saved(
        store, connection, steps.renew(case, name, switch.by, now, source=switch.source.value)
    )
    if case_id not in report.renewed:
        report.renewed.append(case_id)
    if switch.withdrawn and steps.stands_against_somebody(case):
        _saved(store, connection, steps.look_anew(case, switch.by, now, switch.reason))
        report.reopened.append(case_id)


def _saved(store: Store, connection: Connection, changed: Changed) -> Case:
    rows.save_step(connection, store.keyring, changed.case, changed.event)
    store.add_audit(connection, [changed.audit])
    return changed.case


def _finish(store: Store, switch: Switch, now: datetime, report: FollowedUp) -> None:
    """Close the switch when nothing is left of it. Raises Conflict when something is."""
    with store.begin() as connection:
        if left := len(switches.waiting_for(connection, switch)):
            raise Conflict(f"{left} assessments came in meanwhile: run it again")
        switches.finish(connection, switch, now)
        details = {
            "switch": switch.name,
            "assessed": report.assessed,
            "renewed": len(report.renewed),
            "reopened": len(report.reopened),
            "opened": len(report.opened),
        }
        event = AuditEvent(now, switch.by, "source.followed_up", switch.source.value, details)
        store.add_audit(connection, [event])
