"""What follows from an assessment: its reasons, a case, a decision file, an event, a message."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from fraud.assessment import Assessment, Floats, ModelVersion, Outcome, Scorer
from fraud.audit import AuditEvent
from fraud.cases import Cause, NewCase
from fraud.cases.case import SCORING
from fraud.features import FEATURE_NAMES, FEATURE_SET, Known
from fraud.privacy import OpenSources, fingerprint
from fraud.reasons import statements_of, tier_of, told_by_signs
from fraud.statements import Hit
from fraud.store.engine import Connection, Store, cloud_event
from fraud.store.raw_claims import ClaimState
from fraud.store.schema import outbox

ASSESSMENTS = "assessments.made"
ASSESSMENT_TYPE = "my.sempadan.assessment.made.v1"


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


def explain(
    read: ReadState, assessment: Assessment, scorer: Scorer, sources: OpenSources
) -> tuple[Assessment, dict[str, float]]:
    """The assessment with its reasons and tier, and what each feature added in log-odds."""
    contributions = scorer.contributions(read.vector.reshape(1, -1))[0]
    known = read.known
    known.area = known.area.before(known.linked)  # the batch has gone on since it was read
    told = told_by_signs(known, contributions)
    stands_out, against, not_known = statements_of(
        known,
        read.vector,
        told,
        read.hits,
        sources=sources,
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
        actor=SCORING,
        action="claims.assessed",
        subject=f"{final[0].cutoff}-{final[-1].cutoff}",
        details={"count": len(final), "digest": digest, "model": str(version)},
    )
    cases = [
        AuditEvent(
            at=now,
            actor=SCORING,
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
    people = [read.known.linked.as_stored.person for read in reads]
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
