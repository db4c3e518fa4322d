"""Vectors again from raw rows: what training reads, and the proof that scoring saw the same."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol

import numpy as np
from sqlalchemy import select

from fraud.assessment import Floats, ScoringPoint
from fraud.features import Known, vector_of
from fraud.graph import Area, LinkedClaim, Node, unpack_nodes
from fraud.history import History, with_days
from fraud.identity.clusters import People
from fraud.movement import PersonDay
from fraud.privacy import GatedSource, KeyRing, OpenSources, listed_sources, source_of
from fraud.records import AnyFact, Claim, ClaimId, Label, PersonKey, Scheme
from fraud.store import raw, raw_claims, switches
from fraud.store.background import Background, Stored
from fraud.store.engine import Store, as_utc
from fraud.store.gathering import FactBook, NodesAtHand, link, linked_claim
from fraud.store.raw_claims import ClaimState
from fraud.store.schema import assessments, claims, outcomes

CHUNK = 500
"""Claims whose crossings are loaded together."""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim state with the vector recomputed at its cut-off."""

    claim_id: ClaimId
    version: int
    trigger_fact: str
    point: ScoringPoint
    person: PersonKey
    scheme: Scheme
    received_at: datetime
    heard_on: date
    """When the claim was last heard of: its receipt, or the last fact that names it."""
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


class LinksSoFar(Protocol):
    """The links that the next claim is read against, and what it and its label add to them."""

    def area(self, position: int, people: People) -> Area: ...
    def add(self, state: ClaimState, linked: LinkedClaim) -> None: ...
    def label(self, claim_id: ClaimId, label: str) -> None: ...


class Growing:
    """Links that grow claim by claim, where all claims are read in their order."""

    def __init__(self) -> None:
        self._area = Area()
        self._named: dict[ClaimId, tuple[Node, ...]] = {}

    def area(self, position: int, people: People) -> Area:  # noqa: ARG002  # as of what was added
        """The links so far, by who is who at that position."""
        self._area.people = people
        return self._area

    def add(self, state: ClaimState, linked: LinkedClaim) -> None:
        """Make a claim state known to those after it."""
        link(self._area, self._named, state, linked)

    def label(self, claim_id: ClaimId, label: str) -> None:
        """Make a final label known."""
        self._area.labels.setdefault(claim_id, []).append(label)


@dataclass(frozen=True, slots=True)
class Lived:
    """One claim state at its cut-off, before any later one is known."""

    state: ClaimState
    cutoff: int
    sources: OpenSources
    """The gated sources that may be read."""
    history: History
    linked: LinkedClaim
    area: Area
    people: People
    """Who is who by the judgements known then."""
    _seen: Mapping[int, PersonDay] = field(repr=False)
    """The person's days from border files."""
    _keyring: KeyRing = field(repr=False)

    def known(self, sources: OpenSources | None = None) -> Known:
        """What was known of the claim then; with `sources`, of gated ones from these alone."""
        claim, history, linked = self.state.claim, self.history, self.linked
        if sources is not None:
            crossings = sources.allows(GatedSource.CROSSINGS)
            history = with_days(
                replace(history, facts=tuple(sources.of(history.facts))),
                linked.person,
                self._seen if crossings else {},
                history.files if crossings else {},
                tuple(one for one in history.answers if source_of(one) in sources.sources),
            )
        if history.facts != self.history.facts:  # some facts name nodes of their own
            linked = linked_claim(
                claim, history, self._keyring, known_at=self.cutoff, people=self.people
            )
        return Known(claim, history, linked, self.area)


def claim_rows(store: Store, *, sources: OpenSources) -> Iterator[ClaimRow]:
    """Every claim state in the order it became known, with its vector at its own cut-off."""
    for one in live_again(store, sources=sources):
        yield row_of(one.known(), one.state)


def live_again(store: Store, *, sources: OpenSources) -> Iterator[Lived]:
    """Every claim state in the order it became known, with all that was known before it.

    Reads raw rows only, never a stored vector; what is said of a state holds until the next one
    is asked for. Withdrawn sources stay shut. Cost: one pass over all claims and facts, and one
    query of crossings for each 500 claims.
    """
    with store.reading() as connection:
        sources = switches.readable(connection, sources)
        rows = _chunks(raw.raw_rows(store, connection))
        background = Stored(store, connection, sources)
        yield from live(background, rows, Growing(), sources)


def live(
    background: Background,
    chunks: Iterable[Sequence[Raw]],
    links: LinksSoFar,
    sources: OpenSources,
) -> Iterator[Lived]:
    """The claim states among some rows, with what the rows before each told and the links then.

    The rows come in the order in which they became known, and hold all facts about the claims
    among them. Crossings are loaded for each chunk together.
    """
    keyring, outages = background.keyring, dict[int, float]()
    book, files = FactBook(keyring), background.files()[::-1]
    at_hand = NodesAtHand(keyring)
    for chunk in chunks:
        days = _days(background, chunk)
        for position, row in chunk:
            while files and files[-1][0] <= position:
                _, day, share = files.pop()
                outages[day] = share
            if isinstance(row, ClaimState):
                people = background.people(position)
                history = book.history(row, days[position], outages, sources, people)
                linked = linked_claim(
                    row.claim,
                    history,
                    keyring,
                    known_at=position,
                    people=people,
                    nodes=at_hand.of(row.claim, history),
                )
                known = (history, linked, links.area(position, people), people)
                yield Lived(row, position, sources, *known, days[position], keyring)
                links.add(row, linked)
            elif isinstance(row, tuple):
                links.label(ClaimId(row[0]), row[1])
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


def _days(background: Background, chunk: Sequence[Raw]) -> dict[int, dict[int, PersonDay]]:
    states = [(row, position) for position, row in chunk if isinstance(row, ClaimState)]
    seen = background.days(states)
    return {position: days for (_, position), days in zip(states, seen, strict=True)}


def row_of(known: Known, state: ClaimState) -> ClaimRow:
    """A claim state with the vector of what was known of it."""
    claim, linked = known.claim, known.linked
    return ClaimRow(
        claim_id=claim.claim_id,
        version=claim.version,
        trigger_fact=state.trigger_fact,
        point=state.point,
        person=linked.person,
        scheme=claim.scheme,
        received_at=claim.received_at,
        heard_on=date.fromordinal(state.heard_on),
        cutoff=linked.known_at,
        vector=vector_of(known),
        expected_payment_sen=claim.expected_payment_sen,
        strong_nodes=linked.strong_nodes(),
    )


def named_nodes(store: Store) -> list[tuple[ClaimId, tuple[Node, ...]]]:
    """Which nodes each claim state named, in the order in which the states became known."""
    with store.reading() as connection:
        rows = connection.execute(
            select(claims.c.claim_id, claims.c.nodes).order_by(claims.c.known_at)
        )
        return [(ClaimId(row.claim_id), unpack_nodes(bytes(row.nodes))) for row in rows]


def claims_by_id(store: Store, claim_ids: Sequence[ClaimId]) -> dict[ClaimId, Claim]:
    """The latest state of some claims. Cost: one unsealed claim each."""
    found: dict[ClaimId, Claim] = {}
    with store.reading() as connection:
        for start in range(0, len(claim_ids), CHUNK):
            found |= raw_claims.latest_claims(store, connection, claim_ids[start : start + CHUNK])
    return found


def decided_claims(store: Store, *, until: datetime | None = None) -> list[DecidedClaim]:
    """The latest label of each decided claim, by the day it was decided.

    With `until`, the latest one decided by then.
    """
    chosen = select(outcomes).order_by(outcomes.c.known_at)
    if until is not None:
        chosen = chosen.where(outcomes.c.decided_at <= until)
    with store.reading() as connection:
        rows = connection.execute(chosen).all()
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
    """Decided claims whose appeal window has passed, and those where it has not, as of `now`."""
    line = now - timedelta(days=appeal_window_days)
    decided = decided_claims(store, until=now)
    mature = [one for one in decided if one.decided_at <= line]
    return mature, [one for one in decided if one.decided_at > line]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many stored vectors a rebuild met, which differ in any bit, and how many it left out."""

    compared: int
    different: tuple[str, ...]
    shut: int = 0
    """Those that read a source whose gate is shut by now."""


def compare_with_stored(store: Store, *, sources: OpenSources) -> Comparison:
    """Recompute every assessed vector at its stored cut-off and compare it bit for bit.

    Each from the sources that were read for it; where one of them is shut by now, nothing is read.
    """
    stored = defaultdict(list)
    with store.reading() as connection:
        sources = switches.readable(connection, sources)
        for row in connection.execute(select(assessments)):
            read = listed_sources(row.sources)
            stored[row.cutoff].append((row.assessment_id, bytes(row.vector), read))
    compared, shut, different = 0, 0, []
    for one in live_again(store, sources=sources):
        for name, vector, read in stored.get(one.cutoff, ()):
            if read.both(sources) != read:
                shut += 1
                continue
            compared += 1
            again = vector_of(one.known(read))
            if np.asarray(again, dtype="<f8").tobytes() != vector:
                different.append(name)
    return Comparison(compared, tuple(different), shut)
