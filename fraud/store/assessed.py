"""Assessments and decision files: what was concluded, from what, kept for good."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, Row, func, select

from fraud.assessment import Assessment, ModelVersion, Outcome, ScoringPoint
from fraud.errors import NotFound
from fraud.features import Floats
from fraud.privacy import fingerprint, listed_sources
from fraud.records import ClaimId
from fraud.statements import Family, Hit, HitKind, Statement
from fraud.store.desk_tables import cases
from fraud.store.engine import Store, as_utc
from fraud.store.schema import assessments, claims, decision_files


def add_assessments(store: Store, connection: Connection, made: Sequence[Assessment]) -> None:
    """Keep new assessments. Cost: one statement for the batch."""
    store.add_rows(
        connection,
        assessments,
        {
            "assessment_id": [one.assessment_id for one in made],
            "claim_id": [one.claim_id for one in made],
            "claim_version": [one.claim_version for one in made],
            "scoring_point": [one.scoring_point.value for one in made],
            "trigger_fact": [one.trigger_fact for one in made],
            "cutoff": [one.cutoff for one in made],
            "vector": [one.vector.astype("<f8").tobytes() for one in made],
            "probability": [one.probability for one in made],
            "outcome": [one.outcome.value for one in made],
            "tier": [one.tier for one in made],
            "content": [_content(one) for one in made],
            "sources": [str(one.sources) for one in made],
            "model_version": [str(one.model_version) for one in made],
            "challenger_version": [one.challenger_version for one in made],
            "challenger_probability": [one.challenger_probability for one in made],
            "made_at": [one.made_at for one in made],
        },
    )


def add_decision_files(
    store: Store, connection: Connection, files: Mapping[str, Mapping[str, Any]]
) -> None:
    """Seal what each case rests on, by assessment id."""
    bodies = {
        key: json.dumps(content, ensure_ascii=False, default=str).encode()
        for key, content in files.items()
    }
    store.add_rows(
        connection,
        decision_files,
        {
            "assessment_id": list(bodies),
            "digest": [fingerprint(body) for body in bodies.values()],
            "sealed": [store.keyring.seal(body, f"decision|{key}") for key, body in bodies.items()],
        },
    )


def decision_file(store: Store, connection: Connection, assessment_id: str) -> dict[str, Any]:
    """Open a decision file. Raises NotFound when there is none."""
    row = connection.execute(
        select(decision_files.c.sealed).where(decision_files.c.assessment_id == assessment_id)
    ).scalar_one_or_none()
    if row is None:
        raise NotFound(f"no decision file for assessment {assessment_id}")
    content: dict[str, Any] = json.loads(store.keyring.open(row, f"decision|{assessment_id}"))
    return content


class Given(NamedTuple):
    """What one assessment gave a claim, without its reasons."""

    claim_id: str
    probability: float
    outcome: Outcome
    tier: int
    vector: Floats


def given(store: Store) -> list[Given]:
    """What every assessment gave, in the order in which the claims became known."""
    of = assessments.c
    chosen = select(of.claim_id, of.probability, of.outcome, of.tier, of.vector)
    with store.reading() as connection:
        return [
            Given(claim_id, found, Outcome(outcome), tier, np.frombuffer(vector, dtype="<f8"))
            for claim_id, found, outcome, tier, vector in connection.execute(
                chosen.order_by(of.cutoff)
            )
        ]


class Shadowed(NamedTuple):
    """What one look gave a claim, by the scorer at work and by one in its shadow."""

    claim_id: ClaimId
    champion: float
    challenger: float


def shadowed(store: Store, champion: str, challenger: str) -> list[Shadowed]:
    """Every look that both of two versions scored, in the order in which claims became known."""
    of = assessments.c
    chosen = select(of.claim_id, of.probability, of.challenger_probability).where(
        of.model_version == champion, of.challenger_version == challenger
    )
    with store.reading() as connection:
        return [
            Shadowed(ClaimId(claim_id), first, second)
            for claim_id, first, second in connection.execute(chosen.order_by(of.cutoff))
        ]


def load_assessment(connection: Connection, assessment_id: str) -> Assessment:
    """One assessment. Raises NotFound when there is none."""
    row = connection.execute(
        select(assessments).where(assessments.c.assessment_id == assessment_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"there is no assessment {assessment_id}")
    return assessment_from(row)


def assessment_from(row: Row[Any]) -> Assessment:
    """An assessment from its row."""
    content = json.loads(row.content)
    return Assessment(
        assessment_id=row.assessment_id,
        claim_id=row.claim_id,
        claim_version=row.claim_version,
        scoring_point=ScoringPoint(row.scoring_point),
        trigger_fact=row.trigger_fact,
        cutoff=row.cutoff,
        vector=np.frombuffer(row.vector, dtype="<f8"),
        probability=row.probability,
        outcome=Outcome(row.outcome),
        tier=row.tier,
        hits=tuple(_hit_from(hit) for hit in content["hits"]),
        model_version=ModelVersion(**content["model"]),
        policy_version=content["policy"],
        made_at=as_utc(row.made_at),
        stands_out=_statements_from(content["stands_out"]),
        speaks_against=_statements_from(content["speaks_against"]),
        not_known=_statements_from(content["not_known"]),
        sources=listed_sources(row.sources),
        challenger_version=row.challenger_version,
        challenger_probability=row.challenger_probability,
    )


def _content(one: Assessment) -> str:
    version = one.model_version
    return json.dumps(
        {
            "model": {
                "name": version.name,
                "version": version.version,
                "sha256": version.sha256,
                "feature_set": version.feature_set,
            },
            "policy": one.policy_version,
            "hits": [
                {
                    "rule": hit.rule,
                    "kind": hit.kind.value,
                    "source": hit.source,
                    "statement": _statement(hit.statement),
                }
                for hit in one.hits
            ],
            "stands_out": [_statement(statement) for statement in one.stands_out],
            "speaks_against": [_statement(statement) for statement in one.speaks_against],
            "not_known": [_statement(statement) for statement in one.not_known],
        },
        ensure_ascii=False,
        separators=(",", ":"),
        default=str,
    )


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "key": statement.key,
        "values": statement.values,
        "family": statement.family.value,
        "records": statement.records,
    }


def _statements_from(stored: Sequence[Mapping[str, Any]]) -> tuple[Statement, ...]:
    return tuple(_statement_from(one) for one in stored)


def _statement_from(stored: Mapping[str, Any]) -> Statement:
    return Statement(
        stored["key"], dict(stored["values"]), Family(stored["family"]), tuple(stored["records"])
    )


def _hit_from(stored: Mapping[str, Any]) -> Hit:
    return Hit(
        stored["rule"],
        HitKind(stored["kind"]),
        stored["source"],
        _statement_from(stored["statement"]),
    )


@dataclass(frozen=True, slots=True)
class Scored:
    """What the stream concluded on one claim version as it came in."""

    claim_id: str
    version: int
    person: str
    vector: Floats
    probability: float
    outcome: Outcome
    received_on: date
    model_version: str


def scored_at_intake(connection: Connection, *, after: int) -> list[Scored]:
    """Assessments at intake of claims that became known after a position, in that order."""
    rows = connection.execute(
        select(assessments, claims.c.person, claims.c.heard_on)
        .join(claims, claims.c.known_at == assessments.c.cutoff)
        .where(
            assessments.c.cutoff > after,
            assessments.c.scoring_point == ScoringPoint.INTAKE.value,
        )
        .order_by(assessments.c.cutoff)
    )
    return [
        Scored(
            row.claim_id,
            row.claim_version,
            row.person,
            np.frombuffer(row.vector, dtype="<f8"),
            row.probability,
            Outcome(row.outcome),
            date.fromordinal(row.heard_on),
            row.model_version,
        )
        for row in rows
    ]


def cases_opened(connection: Connection, *, after: int) -> int:
    """How many cases rest on claims that became known after a position."""
    counted = (
        select(func.count())
        .select_from(cases)
        .join(assessments, assessments.c.assessment_id == cases.c.assessment_id)
        .where(assessments.c.cutoff > after)
    )
    return int(connection.execute(counted).scalar_one())
