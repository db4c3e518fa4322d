"""Some claims of the past by themselves: each state with all that was known at its own cut-off."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from fraud.assessment import ScoringPoint
from fraud.clock import local_day
from fraud.identity.judgement import Judgement
from fraud.privacy import KeyRing, OpenSources
from fraud.records import AnyFact, ClaimId
from fraud.store import raw_claims, raw_facts, switches
from fraud.store.background import Stored
from fraud.store.engine import Store
from fraud.store.gathering import subjects_of
from fraud.store.judgements import all_judgements, people_as_of
from fraud.store.link_arrays import Links, read_links
from fraud.store.links_as_of import LinksAsOf
from fraud.store.raw_claims import ClaimState
from fraud.store.rebuild import ClaimRow, Raw, live, row_of

EMPLOYER_FACTS_KEPT = 50_000
"""Facts about employers kept at hand: unlike a person's, the claims of many ask for them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A claim whose states are asked for; later looks than those heard of on a day are not."""

    claim_id: ClaimId
    until: date = date.max


@dataclass(frozen=True, slots=True)
class Received:
    """The days on which the first and the last version of a claim came in."""

    first: date
    last: date


def received(store: Store, *, before: datetime) -> dict[ClaimId, Received]:
    """When each claim came in, in the order in which they became known.

    Versions received at the moment `before` or later are left out. Cost: one row for each version.
    """
    today = local_day(before).toordinal()
    with store.reading() as connection:
        rows = connection.execute(
            text(
                "SELECT claim_id, version, trigger_fact, received_on,"
                " CASE WHEN received_on < :today THEN NULL ELSE sealed END AS sealed"
                " FROM claims WHERE trigger_fact = '' AND received_on <= :today ORDER BY known_at"
            ),
            {"today": today},
        )
        found: dict[ClaimId, Received] = {}
        for row in rows:
            if row.sealed and raw_claims.open_claim(store.keyring, row).received_at >= before:
                continue
            day = date.fromordinal(row.received_on)
            known = found.setdefault(row.claim_id, Received(day, day))
            if day > known.last:
                found[row.claim_id] = Received(known.first, day)
        return found


def save_links(store: Store, folder: Path, *, sources: OpenSources) -> None:
    """Write the links of all claims to a folder, for `ClaimParts` of several processes."""
    with store.reading() as connection:
        sources = switches.readable(connection, sources)
    read_links(store, sources=sources).save(folder)


class ClaimParts:
    """Reads any claims of a store, in any order, as `fraud.store.rebuild.claim_rows` reads all.

    Every row is the same to the bit while gates stand as they did when the claims came in: links
    are those that were stored then, which is also what scoring reads. (What became known through
    a gate that was opened later adds to a claim's own vector, and not to the links of others.)
    """

    def __init__(self, store: Store, folder: Path, *, sources: OpenSources) -> None:
        self._store = store
        with store.reading() as connection:
            self._sources = switches.readable(connection, sources)
            self._judged = all_judgements(store, connection)
            self._links = LinksAsOf(Links.load(folder), _decided(connection))
        self._opened = OpenedFacts(store.keyring)

    def close(self) -> None:
        """Give the store back."""
        self._store.close()

    def rows(self, wanted: Sequence[Wanted], /) -> list[ClaimRow]:
        """The states of some claims, in the order they became known, each with its vector."""
        store = self._store
        with store.reading() as connection:
            states = _states(store, connection, wanted)
            facts = self._facts(connection, states)
            every: list[Raw] = list(merge(states, facts, key=itemgetter(0)))
            background = Stored(store, connection, self._sources)
            found = live(background, [every], self._links, self._sources)
            return [row_of(one.known(), one.state) for one in found]

    def _facts(
        self, connection: Connection, states: Sequence[tuple[int, ClaimState]]
    ) -> list[tuple[int, AnyFact]]:
        """Facts about the people and employers of some claim states, in their order."""
        subjects = _subjects(self._store, states, self._judged)
        kinds = self._sources.kinds((*raw_facts.PERSON_FACTS, *raw_facts.EMPLOYER_FACTS))
        rows = connection.execute(
            text(
                "SELECT known_at, fact_id, kind, sealed FROM facts"
                f" WHERE {self._store.among('subject')} AND {self._store.among('kind', 'kinds')}"
                " ORDER BY known_at"
            ),
            {
                "keys": self._store.bound_list(sorted(subjects)),
                "kinds": self._store.bound_list(kinds),
            },
        )
        return [(row.known_at, self._opened.open(row)) for row in rows]


class OpenedFacts:
    """Unseals facts, and keeps those about employers at hand."""

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring
        self._employers: dict[str, AnyFact] = {}

    def open(self, row: Any) -> AnyFact:
        """Unseal a row of `facts` (fact_id, kind, sealed)."""
        fact_id = row.fact_id
        if fact_id in self._employers:
            return self._employers[fact_id]
        opened = self._keyring.open(bytes(row.sealed), f"fact|{fact_id}")
        fact = raw_facts.FACT.validate_json(opened)
        if row.kind in raw_facts.EMPLOYER_FACTS:
            if len(self._employers) >= EMPLOYER_FACTS_KEPT:
                self._employers.clear()
            self._employers[fact_id] = fact
        return fact


def _subjects(
    store: Store, states: Sequence[tuple[int, ClaimState]], judged: Sequence[Judgement]
) -> set[str]:
    found: set[str] = set()
    for position, state in states:
        people = people_as_of(store, judged, position)
        found |= subjects_of(state.claim, store.keyring, people)
    return found - {""}


def _states(
    store: Store, connection: Connection, wanted: Sequence[Wanted]
) -> list[tuple[int, ClaimState]]:
    """The states of some claims, in the order they became known."""
    until = {one.claim_id: one.until.toordinal() for one in wanted}
    claims = raw_claims.OpenedClaims(store.keyring)
    rows = connection.execute(
        text(
            "SELECT known_at, claim_id, version, trigger_fact, scoring_point, heard_on, sealed"
            f" FROM claims WHERE {store.among('claim_id')} ORDER BY known_at"
        ),
        {"keys": store.bound_list(list(until))},
    )
    return [
        (
            row.known_at,
            ClaimState(
                claims.open(row),
                row.trigger_fact,
                ScoringPoint(row.scoring_point),
                row.heard_on,
            ),
        )
        for row in rows
        if not row.trigger_fact or row.heard_on <= until[row.claim_id]
    ]


def _decided(connection: Connection) -> Mapping[ClaimId, list[tuple[int, str]]]:
    """Each claim's final labels with their positions, oldest first."""
    found: dict[ClaimId, list[tuple[int, str]]] = defaultdict(list)
    rows: Iterator[tuple[int, ClaimId, str]] = (
        (row.known_at, row.claim_id, row.label)
        for row in connection.execute(
            text("SELECT known_at, claim_id, label FROM outcomes ORDER BY known_at")
        )
    )
    for known_at, claim_id, label in rows:
        found[claim_id].append((known_at, label))
    return dict(found)
