"""What people judged of two MyKad numbers: sealed rows, and who is who as of a position."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select

from fraud.identity.clusters import People
from fraud.identity.judgement import Judgement, Verdict
from fraud.privacy import KeyRing
from fraud.records import Claim
from fraud.store import raw_claims
from fraud.store.desk_values import opened, sealed, utc
from fraud.store.engine import Store, as_utc
from fraud.store.schema import claims, facts, judgements

VIEWS_KEPT = 50
"""Views of who is who kept at hand, one for each judgement as of which somebody read."""


def add_judgement(
    store: Store,
    connection: Connection,
    numbers: tuple[str, str],
    verdict: Verdict,
    *,
    by: str,
    why: str,
    at: datetime,
) -> None:
    """Keep a judgement; claims that become known after it are read with it in mind."""
    known_at = store.next_positions(connection, 1)[0]
    content = {"one": numbers[0], "other": numbers[1], "why": why}
    connection.execute(
        insert(judgements).values(
            known_at=known_at,
            verdict=verdict.value,
            judged_by=by,
            judged_at=utc(at),
            sealed=sealed(store.keyring, content, f"judgement|{known_at}"),
        )
    )


def all_judgements(store: Store, connection: Connection) -> tuple[Judgement, ...]:
    """Every judgement in the order in which they were made.

    Rows never change, so those read before are kept at hand. Cost: one query of what came since.
    """
    kept = store.judgements
    rows = connection.execute(
        select(judgements)
        .where(judgements.c.known_at > (kept[-1].known_at if kept else 0))
        .order_by(judgements.c.known_at)
    ).all()
    if rows:
        kept = (*kept, *(open_judgement(store.keyring, row) for row in rows))
        store.judgements = kept
    return kept


def open_judgement(keyring: KeyRing, row: object) -> Judgement:
    """Unseal a row of `judgements` (known_at, verdict, judged_by, judged_at, sealed)."""
    known_at, verdict, by, at, content = (
        getattr(row, name) for name in ("known_at", "verdict", "judged_by", "judged_at", "sealed")
    )
    said = opened(keyring, bytes(content), f"judgement|{known_at}")
    return Judgement(
        said["one"], said["other"], Verdict(verdict), by, said["why"], as_utc(at), known_at
    )


def people_as_of(store: Store, judged: Sequence[Judgement], position: int) -> People:
    """Who is who by the judgements known by a position; the same object while nothing changed."""
    count = bisect_right(judged, position, key=lambda one: one.known_at)
    known = store.people.get(count)
    if known is None:
        if len(store.people) >= VIEWS_KEPT:
            store.people.clear()
        known = store.people[count] = People(judged[:count], store.keyring.person_key)
    return known


def people_now(store: Store, connection: Connection) -> People:
    """Who is who by all judgements so far; in a serial transaction none comes in between."""
    judged = all_judgements(store, connection)
    return people_as_of(store, judged, judged[-1].known_at if judged else 0)


def people_at_hand(store: Store) -> People:
    """Who is who by the judgements that were read before: later ones may be missing."""
    judged = store.judgements
    return people_as_of(store, judged, judged[-1].known_at if judged else 0)


def claims_under(store: Store, connection: Connection, mykad: str) -> tuple[Claim, ...]:
    """The latest state of each claim that was lodged under a MyKad number, oldest first."""
    person = store.keyring.person_key(mykad)
    ids = connection.execute(
        select(claims.c.claim_id).where(claims.c.person == person).order_by(claims.c.known_at)
    ).scalars()
    found = raw_claims.latest_claims(store, connection, dict.fromkeys(ids))
    return tuple(sorted(found.values(), key=lambda one: one.received_at))


def is_known(store: Store, connection: Connection, mykad: str) -> bool:
    """Whether any claim or fact names a MyKad number."""
    person = store.keyring.person_key(mykad)
    named = select(claims.c.claim_id).where(
        or_(claims.c.person == person, claims.c.insured == person)
    )
    told = select(facts.c.fact_id).where(facts.c.subject == person)
    return any(connection.execute(query.limit(1)).first() for query in (named, told))
