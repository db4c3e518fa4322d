"""Taking a batch in: facts, claims, dead letters and all that follows, in one transaction.

Order inside a batch: facts first, then claims as they came, then claims that a later fact asks to
look at again (`fraud.workflow.points`). Each gets its own ingest position, and each claim is read
against what was known before it. A record that was seen before changes nothing.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from time import perf_counter
from typing import Any

import numpy as np

from fraud.assessment import Assessment, Floats, ModelVersion, Outcome, Policy, Scorer
from fraud.audit import AuditEvent
from fraud.cases import Cause, NewCase
from fraud.features import FEATURE_NAMES, FEATURE_SET, Known, measure_ahead, vector_of
from fraud.privacy import ALL_SHUT, OpenSources, fingerprint
from fraud.reasons import statements_of, tier_of, told_by_signs
from fraud.records import AnyFact, Claim
from fraud.rules import Asked, ask_ahead, run_rules
from fraud.statements import Hit, HitKind
from fraud.store import assessed, letters, raw, switches
from fraud.store.desk import open_cases
from fraud.store.engine import Connection, Store, cloud_event
from fraud.store.gathering import Ahead, Gathered, gather, read_ahead, sources_read
from fraud.store.letters import DeadLetter
from fraud.store.raw import ClaimState
from fraud.store.schema import outbox
from fraud.workflow.points import states_due

ACTOR = "scoring"
ASSESSMENTS = "assessments.made"
ASSESSMENT_TYPE = "my.sempadan.assessment.made.v1"


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
            due = states_due(store, connection, received, fresh, sources=readable)
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
            raw.add_states(store, connection, states, gathered.linked, gathered.area, sealed)
        crash("in_transaction")
        commit_start = perf_counter()
    result.stage_seconds["commit"] = perf_counter() - commit_start
    store.linked_claims.update((one.known_at, one) for one in gathered.linked)
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
        sealed[key] = raw.seal_claim(store.keyring, ClaimState(known.claim))
    return _Prepared(ahead, asked, sealed)


def _take_facts(
    store: Store, connection: Connection, records: Sequence[Claim | AnyFact], result: BatchResult
) -> list[AnyFact]:
    received = [record for record in records if not isinstance(record, Claim)]
    if not received:
        return []
    fresh = list(raw.new_facts(store, connection, received).values())
    result.facts = len(fresh)
    result.duplicates += len(received) - len(fresh)
    if fresh:
        raw.add_facts(store, connection, store.next_positions(connection, len(fresh)), fresh)
    return fresh


@dataclass(frozen=True, slots=True)
class ReadState:
    """One claim state with its vector and hits."""

    state: ClaimState
    known: Known
    vector: Floats
    hits: tuple[Hit, ...]

    @property
    def assessment_id(self) -> str:
        return assessment_id(*self.state.key)


def assessment_id(claim_id: str, version: int, trigger_fact: str) -> str:
    """The id of the one assessment of a claim state: the same for whoever computes it."""
    return sha256(f"{claim_id}|{version}|{trigger_fact}".encode()).hexdigest()[:32]


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


def outcome_of(claim: Claim, probability: float, hits: Sequence[Hit], policy: Policy) -> Outcome:
    """Review from a fixed line on, and only where enough money could be wrong; never a refusal."""
    at_stake = probability * claim.expected_payment_sen
    if probability >= policy.review_line and at_stake >= policy.least_wrong_payment_sen:
        return Outcome.REVIEW
    if any(hit.kind is HitKind.MONEY_OWED for hit in hits):
        return Outcome.OFFER_HELP
    return Outcome.NO_REVIEW


def _keep(
    store: Store,
    connection: Connection,
    made: Sequence[tuple[ReadState, Assessment]],
    assessor: Assessor,
    now: datetime,
    result: BatchResult,
) -> None:
    """Draw the control sample, explain what becomes a case, and write everything."""
    policy = assessor.policy
    final: list[Assessment] = []
    files: dict[str, dict[str, Any]] = {}
    new_cases: list[NewCase] = []
    for read, assessment in made:
        drawn = _is_control(store, assessment, policy)
        if assessment.outcome is Outcome.REVIEW or drawn:
            explained, contributions = explain(read, assessment, assessor)
            if drawn:
                explained = replace(explained, outcome=Outcome.CONTROL)
            final.append(explained)
            files[explained.assessment_id] = decision_file(explained, contributions)
            new_cases.append(new_case(store, explained, now))
        else:
            final.append(assessment)
    assessed.add_assessments(store, connection, final)
    assessed.add_decision_files(store, connection, files)
    opened = open_cases(connection, new_cases)
    store.add_audit(connection, audit_events(final, opened, assessor.scorer.version, now))
    publish(store, connection, [read for read, _ in made], final, now)
    result.assessed, result.cases = len(final), len(opened)


def _is_control(store: Store, assessment: Assessment, policy: Policy) -> bool:
    """A keyed draw among the unflagged, so that two workers and a rerun draw the same.

    It is drawn anew for every assessment: a later version or a changed account that no control
    case could show would tell the reader that the case was flagged.
    """
    if assessment.outcome is Outcome.REVIEW:
        return False
    key = (assessment.claim_id, str(assessment.claim_version), assessment.trigger_fact)
    return store.keyring.blind_number("control", *key) < policy.capacity * policy.control_share


def explain(
    read: ReadState, assessment: Assessment, assessor: Assessor
) -> tuple[Assessment, dict[str, float]]:
    """The assessment with its reasons and tier, and what each feature added in log-odds."""
    contributions = assessor.scorer.contributions(read.vector.reshape(1, -1))[0]
    known = read.known
    known.area = known.area.before(known.linked)  # the batch has gone on since it was read
    told = told_by_signs(known, contributions)
    stands_out, against, not_known = statements_of(
        known,
        read.vector,
        told,
        read.hits,
        sources=assessor.sources,
    )
    explained = replace(
        assessment,
        tier=tier_of(read.hits, read.vector, told),
        stands_out=stands_out,
        speaks_against=against,
        not_known=not_known,
    )
    return explained, dict(zip(FEATURE_NAMES, contributions.tolist(), strict=True))


def new_case(store: Store, assessment: Assessment, now: datetime) -> NewCase:
    """A case whose id and place in the queue say nothing of why it was opened."""
    cause = Cause.CONTROL if assessment.outcome is Outcome.CONTROL else Cause.FLAGGED
    name = store.keyring.node("case", assessment.claim_id)
    return NewCase(
        case_id=f"K{name % 10**15:015d}",
        claim_id=assessment.claim_id,
        assessment_id=assessment.assessment_id,
        cause=cause,
        opened_at=now,
        order_key=store.keyring.blind_number("queue", assessment.claim_id),
    )


def decision_file(one: Assessment, contributions: dict[str, float]) -> dict[str, Any]:
    """Everything that a case rests on, to be sealed."""
    return {
        "assessment_id": one.assessment_id,
        "claim": [one.claim_id, one.claim_version],
        "cutoff": one.cutoff,
        "feature_set": FEATURE_SET,
        "vector": dict(zip(FEATURE_NAMES, one.vector.tolist(), strict=True)),
        "contributions": contributions,
        "probability": one.probability,
        "model": str(one.model_version),
        "model_sha256": one.model_version.sha256,
        "policy": one.policy_version,
        "sources": sorted(one.sources.sources),
        "hits": [hit.rule for hit in one.hits],
        "stands_out": [statement.key for statement in one.stands_out],
        "speaks_against": [statement.key for statement in one.speaks_against],
        "not_known": [statement.key for statement in one.not_known],
    }


def audit_events(
    final: Sequence[Assessment], opened: Sequence[NewCase], version: ModelVersion, now: datetime
) -> list[AuditEvent]:
    """One event for the batch, bound to each assessment by a digest, and one for each case."""
    digest = fingerprint(
        b"".join(
            f"{one.assessment_id}|{one.cutoff}|{one.probability!r}|{one.outcome}".encode()
            + one.vector.tobytes()
            for one in final
        )
    )
    batch = AuditEvent(
        at=now,
        actor=ACTOR,
        action="claims.assessed",
        subject=f"{final[0].cutoff}-{final[-1].cutoff}",
        details={"count": len(final), "digest": digest, "model": str(version)},
    )
    cases = [
        AuditEvent(
            at=now,
            actor=ACTOR,
            action="case.opened",
            subject=case.case_id,
            details={"claim": case.claim_id},
        )
        for case in opened
    ]
    return [batch, *cases]


def publish(
    store: Store,
    connection: Connection,
    reads: Sequence[ReadState],
    final: Sequence[Assessment],
    now: datetime,
) -> None:
    """Put one message for each assessment up for the topic of assessments."""
    people = [read.known.linked.person for read in reads]
    store.add_rows(
        connection,
        outbox,
        {
            "topic": [ASSESSMENTS] * len(final),
            "key": [person.encode() for person in people],
            "headers": [
                cloud_event(
                    kind=ASSESSMENT_TYPE, message_id=one.assessment_id, at=now, subject=person
                )
                for one, person in zip(final, people, strict=True)
            ],
            "value": [_message(one) for one in final],
        },
    )


def _message(one: Assessment) -> bytes:
    return json.dumps(
        {
            "assessment_id": one.assessment_id,
            "claim_id": one.claim_id,
            "claim_version": one.claim_version,
            "scoring_point": one.scoring_point.value,
            "trigger_fact": one.trigger_fact,
            "outcome": one.outcome.value,
            "probability": one.probability,
            "model_version": str(one.model_version),
            "feature_set": one.model_version.feature_set,
            "policy_version": one.policy_version,
            "cutoff": one.cutoff,
            "made_at": one.made_at.isoformat(),
        }
    ).encode()
