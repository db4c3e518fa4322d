"""Vectors again from raw rows: what training reads, and the proof that scoring saw the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Connection, select

from fraud.assessment import Floats
from fraud.features import build_vector
from fraud.graph import Area
from fraud.movement import PersonDay
from fraud.privacy import GatedSource, OpenSources
from fraud.records import AnyFact, ClaimId, Label, PersonKey, Scheme
from fraud.store import raw
from fraud.store.engine import Store, as_utc
from fraud.store.gathering import FactBook, linked_claim, span_of
from fraud.store.raw import ClaimState
from fraud.store.schema import assessments, outcomes

CHUNK = 500
"""Claims whose crossings are loaded together."""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim state with the vector recomputed at its cut-off."""

    claim_id: ClaimId
    version: int
    trigger_fact: str
    person: PersonKey
    scheme: Scheme
    received_at: datetime
    cutoff: int
    vector: Floats
    expected_payment_sen: int
    strong_nodes: tuple[int, ...]
    """Nodes by which people count as linked when rows are split: person, account, ring steps."""


@dataclass(frozen=True, slots=True)
class DecidedClaim:
    """The final label of a claim, old enough to teach."""

    claim_id: ClaimId
    label: Label
    picked_by: str
    decided_at: datetime
    source: str


Raw = tuple[int, ClaimState | AnyFact | tuple[str, str]]


def claim_rows(store: Store, *, sources: OpenSources) -> Iterator[ClaimRow]:
    """Every claim state in the order it became known, with its vector at its own cut-off.

    Reads raw rows only, never a stored vector. Cost: one pass over all claims and facts, and one
    query of crossings for each 500 claims.
    """
    area, book = Area(), FactBook(store.keyring)
    outages: dict[int, float] = {}
    with store.reading() as connection:
        crossings = sources.allows(GatedSource.CROSSINGS)
        files = raw.crossing_files(connection)[::-1] if crossings else []
        for chunk in _chunks(raw.raw_rows(store, connection)):
            days = _days(store, connection, chunk, sources)
            for position, row in chunk:
                while files and files[-1][0] <= position:
                    _, day, share = files.pop()
                    outages[day] = share
                if isinstance(row, ClaimState):
                    seen = (days[position], outages, sources)
                    yield _rebuilt(store, position, row, area, book, seen)
                elif isinstance(row, tuple):
                    area.labels.setdefault(ClaimId(row[0]), []).append(row[1])
                else:
                    book.add(row)


def _chunks(rows: Iterator[Raw]) -> Iterator[list[Raw]]:
    chunk: list[Raw] = []
    claims = 0
    for row in rows:
        chunk.append(row)
        claims += isinstance(row[1], ClaimState)
        if claims == CHUNK:
            yield chunk
            chunk, claims = [], 0
    yield chunk


def _days(
    store: Store, connection: Connection, chunk: Sequence[Raw], sources: OpenSources
) -> dict[int, dict[int, PersonDay]]:
    states = [(position, row) for position, row in chunk if isinstance(row, ClaimState)]
    if not sources.allows(GatedSource.CROSSINGS):
        return {position: {} for position, _ in states}
    spans = [span_of(row.claim, store.keyring, cutoff=position) for position, row in states]
    seen = raw.days_of(store, connection, spans)
    return {position: days for (position, _), days in zip(states, seen, strict=True)}


def _rebuilt(
    store: Store,
    position: int,
    state: ClaimState,
    area: Area,
    book: FactBook,
    seen: tuple[dict[int, PersonDay], dict[int, float], OpenSources],
) -> ClaimRow:
    claim = state.claim
    history = book.history(claim, *seen)
    linked = linked_claim(claim, history, store.keyring, known_at=position)
    vector = build_vector(claim, history, area, linked)
    area.add(linked)
    return ClaimRow(
        claim_id=claim.claim_id,
        version=claim.version,
        trigger_fact=state.trigger_fact,
        person=linked.person,
        scheme=claim.scheme,
        received_at=claim.received_at,
        cutoff=position,
        vector=vector,
        expected_payment_sen=claim.expected_payment_sen,
        strong_nodes=linked.strong_nodes(),
    )


def decided_claims(store: Store) -> list[DecidedClaim]:
    """The latest label of each decided claim, by the day it was decided."""
    with store.reading() as connection:
        rows = connection.execute(select(outcomes).order_by(outcomes.c.known_at)).all()
    latest = {
        row.claim_id: DecidedClaim(
            row.claim_id, Label(row.label), row.picked_by, as_utc(row.decided_at), row.source
        )
        for row in rows
    }
    return sorted(latest.values(), key=lambda one: (one.decided_at, one.claim_id))


def mature_outcomes(
    store: Store, *, now: datetime, appeal_window_days: int
) -> tuple[list[DecidedClaim], list[DecidedClaim]]:
    """Decided claims whose appeal window has passed, and those where it has not."""
    line = now - timedelta(days=appeal_window_days)
    decided = decided_claims(store)
    mature = [one for one in decided if one.decided_at <= line]
    return mature, [one for one in decided if one.decided_at > line]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many stored vectors a rebuild met, and which differ in any bit."""

    compared: int
    different: tuple[str, ...]


def compare_with_stored(store: Store, *, sources: OpenSources) -> Comparison:
    """Recompute every assessed vector at its stored cut-off and compare it bit for bit."""
    with store.reading() as connection:
        stored = {
            row.cutoff: (row.assessment_id, bytes(row.vector))
            for row in connection.execute(
                select(assessments.c.assessment_id, assessments.c.cutoff, assessments.c.vector)
            )
        }
    compared, different = 0, []
    for row in claim_rows(store, sources=sources):
        if row.cutoff in stored:
            name, vector = stored[row.cutoff]
            compared += 1
            if np.asarray(row.vector, dtype="<f8").tobytes() != vector:
                different.append(name)
    return Comparison(compared, tuple(different))
