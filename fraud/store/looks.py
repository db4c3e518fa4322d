"""The looks at a claim that a case shows: what each concluded, and what brought it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from fraud.assessment import Assessment, ScoringPoint
from fraud.privacy import OpenSources
from fraud.records import AnyFact
from fraud.store.assessed import assessment_from
from fraud.store.engine import Connection, Store
from fraud.store.raw_facts import FACT
from fraud.store.schema import assessments, claims, facts, reassessed


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a claim, with the assessment that stands for it now.

    `trigger` is the fact or border file that brought it, empty when a version came in. `fact` is
    None there, and also where the fact may not be read any more.
    """

    assessment: Assessment
    point: ScoringPoint
    version: int
    trigger: str
    fact: AnyFact | None


def looks_of(
    store: Store, connection: Connection, made: Sequence[str], *, sources: OpenSources
) -> dict[str, Look]:
    """Some looks by the assessment that each was first. Cost: four queries."""
    if not made:
        return {}
    standing = {one: one for one in made} | _standing(connection, made)
    rows = connection.execute(
        select(assessments, claims.c.trigger_fact.label("brought_by"))
        .join(claims, claims.c.known_at == assessments.c.cutoff)
        .where(assessments.c.assessment_id.in_(standing.values()))
    ).all()
    by_name = {row.assessment_id: row for row in rows}
    brought = _facts_named(store, connection, [row.brought_by for row in rows], sources)
    found = {}
    for one in made:
        row = by_name[standing[one]]
        found[one] = Look(
            assessment=assessment_from(row),
            point=ScoringPoint(row.scoring_point),
            version=row.claim_version,
            trigger=row.brought_by,
            fact=brought.get(row.brought_by),
        )
    return found


def _standing(connection: Connection, made: Sequence[str]) -> dict[str, str]:
    """The latest assessment made for each of those that were made again."""
    rows = connection.execute(
        select(reassessed.c.original, reassessed.c.assessment_id)
        .where(reassessed.c.original.in_(made))
        .order_by(reassessed.c.number)
    )
    return {row.original: row.assessment_id for row in rows}


def _facts_named(
    store: Store, connection: Connection, names: Sequence[str], sources: OpenSources
) -> Mapping[str, AnyFact]:
    rows = connection.execute(
        select(facts.c.fact_id, facts.c.sealed).where(facts.c.fact_id.in_(names))
    )
    opened = [
        FACT.validate_json(store.keyring.open(bytes(row.sealed), f"fact|{row.fact_id}"))
        for row in rows
    ]
    return {fact.fact_id: fact for fact in sources.of(opened)}
