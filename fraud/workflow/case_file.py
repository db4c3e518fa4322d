"""What a reader of a case gets to see: the facts and the reasons, never the numbers behind them.

A `CaseFile` has no place for a score, a tier or the cause of selection, so no page built from it
can show them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from fraud.cases import Case
from fraud.movement import PersonDay
from fraud.records import AnyFact, Claim, EmployerDescription
from fraud.statements import Statement
from fraud.store import reading
from fraud.store.desk import claims_by_id
from fraud.store.later import Later
from fraud.store.reading import LinkPicture
from fraud.workflow.review import Desk


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything a reviewer weighs on one claim."""

    claim: Claim
    stands_out: tuple[Statement, ...] = ()
    speaks_against: tuple[Statement, ...] = ()
    not_known: tuple[Statement, ...] = ()
    facts: tuple[AnyFact, ...] = ()
    employer: EmployerDescription | None = None
    person_days: tuple[PersonDay, ...] = ()
    covered_days: Mapping[date, float] = field(default_factory=dict)
    """Days whose border file was received, with the share of the day (0 to 1) it was out."""
    earlier_claims: tuple[Claim, ...] = ()
    picture: LinkPicture = field(default_factory=LinkPicture)
    later: Later = field(default_factory=Later)


def case_file(desk: Desk, case: Case, now: datetime) -> CaseFile:
    """What may be read of a case now: all of its material but the assessment's numbers."""
    sources = desk.gates.open_at(now)
    material = reading.case_material(desk.store, case.assessment_id, sources=sources)
    return CaseFile(
        claim=material.claim,
        stands_out=material.assessment.stands_out,
        speaks_against=material.assessment.speaks_against,
        not_known=material.assessment.not_known,
        facts=material.facts,
        employer=material.employer,
        person_days=material.person_days,
        covered_days=material.covered_days,
        earlier_claims=material.earlier_claims,
        picture=material.picture,
        later=material.later,
    )


def claims_of(desk: Desk, cases: Iterable[Case]) -> dict[str, Claim]:
    """The claims of some cases, by claim id. Cost: one query."""
    with desk.store.reading() as connection:
        return claims_by_id(desk.store, connection, [case.claim_id for case in cases])
