"""What a reader of a case gets to see: the facts and the reasons, never the numbers behind them.

A `CaseFile` has no place for a score, a tier or the cause of selection, so no page built from it
can show them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from fraud.assessment import ScoringPoint
from fraud.cases import Case, CaseEvent, Step
from fraud.movement import PersonDay
from fraud.records import AnyFact, Claim, EmployerDescription
from fraud.statements import Statement
from fraud.store import reading
from fraud.store.desk import claims_by_id
from fraud.store.later import Later
from fraud.store.looks import Look
from fraud.store.reading import LinkPicture
from fraud.workflow.review import Desk

LATER_LOOKS = frozenset({Step.EVIDENCE_ADDED, Step.NOTICED})


@dataclass(frozen=True, slots=True)
class LookFile:
    """One look at a claim: when in its life, what brought it, and the reasons it gave.

    `trigger` is empty when a version of the claim came in; `fact` is None then, for a border file,
    and where the fact may not be read.
    """

    point: ScoringPoint
    version: int
    trigger: str = ""
    fact: AnyFact | None = None
    stands_out: tuple[Statement, ...] = ()
    speaks_against: tuple[Statement, ...] = ()
    not_known: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything a reviewer weighs on one claim."""

    claim: Claim
    look: LookFile
    """The look that the case was opened on."""
    since: Mapping[str, LookFile] = field(default_factory=dict)
    """Later looks, by the name that the history of the case gives them."""
    facts: tuple[AnyFact, ...] = ()
    employer: EmployerDescription | None = None
    person_days: tuple[PersonDay, ...] = ()
    covered_days: Mapping[date, float] = field(default_factory=dict)
    """Days whose border file was received, with the share of the day (0 to 1) it was out."""
    earlier_claims: tuple[Claim, ...] = ()
    picture: LinkPicture = field(default_factory=LinkPicture)
    later: Later = field(default_factory=Later)


def case_file(desk: Desk, case: Case, now: datetime, events: Iterable[CaseEvent] = ()) -> CaseFile:
    """What may be read of a case now: all of its material but the assessments' numbers.

    Later looks are those that the events tell of.
    """
    sources = desk.gates.open_at(now)
    since = [str(event.details["assessment"]) for event in events if event.step in LATER_LOOKS]
    material = reading.case_material(desk.store, case.assessment_id, sources=sources, since=since)
    return CaseFile(
        claim=material.claim,
        look=_look_file(material.look),
        since={name: _look_file(look) for name, look in material.since.items()},
        facts=material.facts,
        employer=material.employer,
        person_days=material.person_days,
        covered_days=material.covered_days,
        earlier_claims=material.earlier_claims,
        picture=material.picture,
        later=material.later,
    )


def _look_file(look: Look) -> LookFile:
    made = look.assessment
    return LookFile(
        point=look.point,
        version=look.version,
        trigger=look.trigger,
        fact=look.fact,
        stands_out=made.stands_out,
        speaks_against=made.speaks_against,
        not_known=made.not_known,
    )


def claims_of(desk: Desk, cases: Iterable[Case]) -> dict[str, Claim]:
    """The claims of some cases, by claim id. Cost: one query."""
    with desk.store.reading() as connection:
        return claims_by_id(desk.store, connection, [case.claim_id for case in cases])
