"""Taking a batch in: facts, claims, dead letters and all that follows, in one transaction.

Order inside a batch: facts first, then claims as they came, then claims that a later fact asks to
look at again (`fraud.workflow.points`). Each gets its own ingest position, and each claim is read
against what was known before it. A record that was seen before changes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import perf_counter
from typing import Any

import numpy as np

from fraud.assessment import Assessment, Outcome, Policy, Scorer
from fraud.cases import NewCase, steps
from fraud.cases.case import Changed
from fraud.features import measure_ahead, vector_of
from fraud.privacy import ALL_SHUT, OpenSources
from fraud.records import AnyFact, Claim
from fraud.rules import Asked, ask_ahead, run_rules
from fraud.store import assessed, desk, letters, raw_claims, raw_facts, switches
from fraud.store.engine import Connection, Store
from fraud.store.gathering import Ahead, Gathered, gather, read_ahead, sources_read
from fraud.store.judgements import people_now
from fraud.store.letters import DeadLetter
from fraud.store.raw_claims import ClaimState
from fraud.workflow.consequences import (
    ReadState,
    audit_events,
    decision_file,
    explain,
    new_case,
    publish,
)
from fraud.workflow.points import states_due
from fraud.workflow.put_up import is_control, outcome_of


@dataclass(frozen=True, slots=True)
class Assessor:
    """What claims are assessed with: scorer, policy, and a challenger that only watches."""

    scorer: Scorer
    policy: Policy
    challenger: Scorer | None = None
    sources: OpenSources = ALL_SHUT
    """Gated sources with a legal basis in force; the others stay unknown."""
    accept_reserved: bool = False


@dataclass(slots=True)
class BatchResult:
    """What a batch brought; `stage_seconds` is the time each stage of it took."""

    claims: int = 0
    duplicates: int = 0
    facts: int = 0
    assessed: int = 0
    cases: int = 0
    dead_letters: int = 0
    position: int = 0
    """The last ingest position that a claim of it was given; 0 without claims."""
    stage_seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of a block to a stage."""
        start = perf_counter()
        yield
        self.stage_seconds[name] = self.stage_seconds.get(name, 0.0) + perf_counter() - start


def _no_crash(_point: str) -> None:
    """Crash hook of production: none."""


def process_batch(
    store: Store,
    records: Sequence[Claim | AnyFact],
    *,
    assessor: Assessor | None,
    now: datetime,
    dead: Sequence[DeadLetter] = (),
    sources: OpenSources = ALL_SHUT,
    crash: Callable[[str], None] = _no_crash,
) -> BatchResult:
    """Take one batch in, whole or not at all; running it again changes nothing.

    With an `assessor` each new claim state is assessed; without one (loading older history) it is
    kept with its links only. Raises Unavailable when the database does not answer.
    """
    result = BatchResult()
    with result.stage("ahead"):
        prepared = _prepare(store, records, assessor) if assessor else None
    waiting_since = perf_counter()
    with store.begin() as connection:
        result.stage_seconds["turn"] = perf_counter() - waiting_since
        result.dead_letters = letters.keep(store, connection, dead, now)
        with result.stage("facts"):
            fresh = _take_facts(store, connection, records, result)
        with result.stage("load"):
            readable = switches.readable(connection, assessor.sources if assessor else sources)
            received = [record for record in records if isinstance(record, Claim)]
            people = people_now(store, connection)
            due = states_due(store, connection, received, fresh, sources=readable, people=people)
            states = due.states
            result.claims = len(received)
            result.duplicates += len(received) - sum(not state.trigger_fact for state in states)
            positions = store.next_positions(connection, len(states)) if states else range(0)
            gathered = gather(
                store,
                connection,
                states,
                positions,
                sources=readable,
                ahead=prepared.ahead if prepared else None,
                named=due.named,
                people=people,
            )
            result.position = positions[-1] if states else 0
        if assessor:
            assessor = replace(assessor, sources=gathered.sources)
        known = _each_as_of_its_position(gathered, assessor, prepared, result)
        if assessor and known:
            made = _assess(known, assessor, now, result)
            with result.stage("write"):
                _keep(store, connection, made, assessor, now, result)
        with result.stage("write"):
            sealed = prepared.sealed if prepared else {}
            raw_claims.add_states(store, connection, states, gathered.linked, gathered.area, sealed)
        crash("in_transaction")
        commit_start = perf_counter()
    result.stage_seconds["commit"] = perf_counter() - commit_start
    store.linked_claims.update((one.known_at, one.as_stored) for one in gathered.linked)
    return result


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What was done for the claims of a batch before its turn, by claim state."""

    ahead: Ahead
    asked: dict[tuple[str, int, str], Asked]
    sealed: dict[tuple[str, int, str], bytes]


def _prepare(
    store: Store, records: Sequence[Claim | AnyFact], assessor: Assessor
) -> _Prepared | None:
    """Everything that needs neither links nor a position; None when there are no claims."""
    lodged = [ClaimState(record) for record in records if isinstance(record, Claim)]
    if not lodged:
        return None
    ahead = read_ahead(store, lodged, sources=assessor.sources)
    asked, sealed = {}, {}
    for key, known in ahead.known.items():
        measure_ahead(known)
        asked[key] = ask_ahead(known, accept_reserved=assessor.accept_reserved)
        sealed[key] = raw_claims.seal_claim(store.keyring, ClaimState(known.claim))
    return _Prepared(ahead, asked, sealed)


def _take_facts(
    store: Store, connection: Connection, records: Sequence[Claim | AnyFact], result: BatchResult
) -> list[AnyFact]:
    received = [record for record in records if not isinstance(record, Claim)]
    if not received:
        return []
    fresh = list(raw_facts.new_facts(store, connection, received).values())
    result.facts = len(fresh)
    result.duplicates += len(received) - len(fresh)
    if fresh:
        raw_facts.add_facts(store, connection, store.next_positions(connection, len(fresh)), fresh)
    return fresh


def _each_as_of_its_position(
    gathered: Gathered,
    assessor: Assessor | None,
    prepared: _Prepared | None,
    result: BatchResult,
) -> list[ReadState]:
    """Read each claim against what was known before it, then make it known to the next."""
    reads = []
    for state, known in gathered.each():
        if assessor:
            with result.stage("vectors"):
                vector = vector_of(known)
            with result.stage("rules"):
                still_true = prepared and prepared.ahead.known.get(state.key) is known
                asked = prepared.asked[state.key] if prepared and still_true else None
                hits = run_rules(known, accept_reserved=assessor.accept_reserved, asked=asked)
            reads.append(ReadState(state, known, vector, hits))
    return reads


def _assess(
    reads: Sequence[ReadState], assessor: Assessor, now: datetime, result: BatchResult
) -> list[tuple[ReadState, Assessment]]:
    with result.stage("score"):
        matrix = np.vstack([read.vector for read in reads])
        probabilities = assessor.scorer.probabilities(matrix)
        watched = assessor.challenger.probabilities(matrix) if assessor.challenger else None
    made = []
    for row, read in enumerate(reads):
        probability = float(probabilities[row])
        assessment = Assessment(
            assessment_id=read.assessment_id,
            claim_id=read.state.claim.claim_id,
            claim_version=read.state.claim.version,
            scoring_point=read.state.point,
            trigger_fact=read.state.trigger_fact,
            cutoff=read.known.linked.known_at,
            vector=read.vector,
            probability=probability,
            outcome=outcome_of(read.state.claim, probability, read.hits, assessor.policy),
            tier=0,
            hits=read.hits,
            model_version=assessor.scorer.version,
            policy_version=assessor.policy.version,
            made_at=now,
            sources=sources_read(read.known),
            challenger_version=str(assessor.challenger.version) if assessor.challenger else None,
            challenger_probability=float(watched[row]) if watched is not None else None,
        )
        made.append((read, assessment))
    return made


def _keep(
    store: Store,
    connection: Connection,
    made: Sequence[tuple[ReadState, Assessment]],
    assessor: Assessor,
    now: datetime,
    result: BatchResult,
) -> None:
    """Draw the control sample, explain what people will read, and write everything.

    Every look at a claim whose case is open is explained and added to it, whatever it says: a look
    that was left out would tell what the scorer thought of it. A concluded case gets a note of the
    looks that say review, and stays concluded.
    """
    final: list[Assessment] = []
    files: dict[str, dict[str, Any]] = {}
    new_cases: list[NewCase] = []
    looked_again: list[Changed] = []
    claim_ids = [assessment.claim_id for _, assessment in made]
    standing = desk.cases_of_claims(connection, store.keyring, claim_ids)
    for read, assessment in made:
        one, case = assessment, standing.get(assessment.claim_id)
        if case is None and is_control(store.keyring, one, assessor.policy):
            one = replace(one, outcome=Outcome.CONTROL)
        put_up = one.outcome in {Outcome.REVIEW, Outcome.CONTROL}
        if put_up or (case and not steps.is_concluded(case)):
            one, contributions = explain(read, one, assessor.scorer, assessor.sources)
            files[one.assessment_id] = decision_file(one, contributions)
            if case is None:
                new_cases.append(new_case(store, one, now))
                standing[one.claim_id] = new_cases[-1].as_opened()
            else:
                looked_again.append(
                    steps.look_again(case, one.assessment_id, now, point=one.scoring_point)
                )
                standing[one.claim_id] = looked_again[-1].case
        final.append(one)
    assessed.add_assessments(store, connection, final)
    assessed.add_decision_files(store, connection, files)
    opened = desk.open_cases(connection, new_cases)
    desk.add_events(connection, store.keyring, [changed.event for changed in looked_again])
    events = audit_events(final, opened, assessor.scorer.version, now)
    store.add_audit(connection, [*events, *(changed.audit for changed in looked_again)])
    publish(store, connection, [read for read, _ in made], final, now)
    result.assessed, result.cases = len(final), len(opened)
