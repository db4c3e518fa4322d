"""What the desk reads of a case: the claim as it was assessed and the records around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fraud.assessment import Assessment, ScoringPoint
from fraud.errors import NotFound
from fraud.features import Known
from fraud.graph import picture_of
from fraud.movement import PersonDay
from fraud.privacy import OpenSources
from fraud.records import AnyFact, Claim, ClaimId, EmployerDescription
from fraud.store import raw_claims, raw_facts, switches
from fraud.store.assessed import load_assessment
from fraud.store.engine import Connection, Store
from fraud.store.gathering import gather
from fraud.store.later import Later, later_of
from fraud.store.looks import Look, looks_of
from fraud.store.raw_claims import ClaimState
from fraud.store.schema import claims


@dataclass(frozen=True, slots=True)
class PictureNode:
    """A point of the link picture; only claims have a `label`, which the page gives the others."""

    id: str
    kind: str
    label: str
    hub: bool


@dataclass(frozen=True, slots=True)
class PictureEdge:
    """A tie between a claim and something it names, since the day of that claim's receipt."""

    source: str
    target: str
    kind: str
    first_seen: date


@dataclass(frozen=True, slots=True)
class LinkPicture:
    """Links around one claim, for the picture and its table."""

    nodes: tuple[PictureNode, ...] = ()
    edges: tuple[PictureEdge, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseMaterial:
    """One claim as it was assessed, what was known around it then, and what came of it later."""

    claim: Claim
    assessment: Assessment
    facts: tuple[AnyFact, ...]
    employer: EmployerDescription | None
    person_days: tuple[PersonDay, ...]
    covered_days: Mapping[date, float]
    earlier_claims: tuple[Claim, ...]
    picture: LinkPicture
    later: Later
    look: Look
    """What the case was opened on."""
    since: Mapping[str, Look]
    """Later looks that the case tells of, by the assessment that each was first."""


SHOWN_FACTS = (
    *raw_facts.PERSON_FACTS,
    "payment",
    "employer_arrears",
    "staff_move",
)
"""Kinds of fact that a case shows. Hires say who was wronged by somebody else, and what officers
did is for integrity staff."""

PICTURE_NODES = 200
"""A picture with more points than this helps nobody; the table says how many were left out."""


def case_material(
    store: Store, assessment_id: str, *, sources: OpenSources, since: Sequence[str] = ()
) -> CaseMaterial:
    """All the desk shows of the claim behind an assessment, in one consistent view.

    `since` names later assessments of the same claim. Raises NotFound for an unknown assessment.
    Cost: about twenty statements.
    """
    with store.reading() as connection:
        made = load_assessment(connection, assessment_id)
        state = _state(store, connection, made.cutoff)
        sources = switches.readable(connection, sources)
        gathered = gather(store, connection, [state], [made.cutoff], sources=sources)
        gathered.area.forget_from(made.cutoff)
        _, known = next(gathered.each())
        key, claim = store.keyring.person_key, state.claim
        person = gathered.people.together(key(claim.claimant.mykad))
        insured = gathered.people.together(key(claim.insured_mykad))
        facts = raw_facts.facts_about(
            store,
            connection,
            {*person, *insured, claim.employer_code or ""},
            sources.kinds(SHOWN_FACTS),
            until=made.cutoff,
            people=gathered.people,
        )
        looks = looks_of(store, connection, [assessment_id, *since], sources=sources)
        earlier = _earlier(store, connection, person, made)
        later = later_of(store, connection, state.claim, made, person)
    return CaseMaterial(
        claim=state.claim,
        assessment=made,
        facts=tuple(fact for found in facts.values() for fact in sources.of(found)),
        employer=known.history.employer,
        person_days=tuple(known.history.days[day] for day in sorted(known.history.days)),
        covered_days={date.fromordinal(day): share for day, share in known.history.outages.items()},
        earlier_claims=earlier,
        picture=_picture(known),
        later=later,
        look=looks.pop(assessment_id),
        since=looks,
    )


def claim_picture(store: Store, claim_id: ClaimId, *, sources: OpenSources) -> LinkPicture:
    """Links around the latest state of a claim, as they were known when it came in.

    Raises NotFound for an unknown claim.
    """
    with store.reading() as connection:
        latest = select(func.max(claims.c.known_at)).where(claims.c.claim_id == claim_id)
        cutoff = connection.execute(latest).scalar_one()
        if cutoff is None:
            raise NotFound(f"there is no claim {claim_id}")
        state = _state(store, connection, cutoff)
        sources = switches.readable(connection, sources)
        gathered = gather(store, connection, [state], [cutoff], sources=sources)
        gathered.area.forget_from(cutoff)
        _, known = next(gathered.each())
    return _picture(known)


def _state(store: Store, connection: Connection, cutoff: int) -> ClaimState:
    row = connection.execute(select(claims).where(claims.c.known_at == cutoff)).one()
    claim = raw_claims.open_claim(store.keyring, row)
    return ClaimState(claim, row.trigger_fact, ScoringPoint(row.scoring_point), row.heard_on)


def _earlier(
    store: Store, connection: Connection, person: Sequence[str], made: Assessment
) -> tuple[Claim, ...]:
    rows = connection.execute(
        select(claims)
        .where(
            claims.c.person.in_(person),
            claims.c.known_at < made.cutoff,
            claims.c.claim_id != made.claim_id,
        )
        .order_by(claims.c.known_at)
    ).all()
    return tuple(raw_claims.open_claim(store.keyring, row) for row in rows)


def _picture(known: Known) -> LinkPicture:
    graph = picture_of(known.linked, known.area)
    kept = list(graph)[:PICTURE_NODES]
    names = {node: f"n{number}" for number, node in enumerate(kept)}
    nodes = []
    for node in kept:
        shown = graph.nodes[node]
        label = str(node[1]) if shown["kind"] == "CLAIM" else ""
        nodes.append(PictureNode(names[node], shown["kind"], label, shown["hub"]))
    edges = [
        PictureEdge(
            names[one],
            names[other],
            graph.nodes[other if one[0] == "claim" else one]["kind"],
            date.fromordinal(tie["first_seen"]),
        )
        for one, other, tie in graph.edges(data=True)
        if one in names and other in names
    ]
    return LinkPicture(tuple(nodes), tuple(edges))
