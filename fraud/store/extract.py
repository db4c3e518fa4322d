"""The database as plain tables that training can be made from elsewhere: an extract.

People, employers and links stand there under their pseudonyms, and what records say stays sealed:
without the key of the deployment an extract tells who is linked to whom and when, and no more.
What is behind a shut gate is left out.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, CursorResult, Row, select, text

from fraud.assessment import ScoringPoint
from fraud.clock import local_day
from fraud.graph import NodeKind
from fraud.identity.judgement import Judgement
from fraud.privacy import GatedSource, KeyRing, OpenSources
from fraud.records import Claim
from fraud.store import raw_claims, raw_days, raw_facts, switches
from fraud.store.engine import Store, as_utc
from fraud.store.gathering import span_of
from fraud.store.judgements import all_judgements
from fraud.store.link_arrays import NODE, shut_nodes
from fraud.store.raw_claims import ClaimState
from fraud.store.schema import judgements, outcomes

ROWS = 20_000
"""Rows taken from the database at a time."""

Columns = Mapping[str, list[Any]]
"""Some rows of a table, column by column."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(instant: datetime) -> int:
    """An instant as the extract writes it: microseconds since 1970."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant_of(number: int) -> datetime:
    """The instant that `microseconds` wrote."""
    return _EPOCH + timedelta(microseconds=number)


def readable_sources(store: Store, sources: OpenSources) -> OpenSources:
    """Of the sources with a legal basis, those that are not withdrawn in the database."""
    with store.reading() as connection:
        return switches.readable(connection, sources)


def tables_of(
    store: Store, *, before: datetime, sources: OpenSources
) -> Iterator[tuple[str, Columns]]:
    """Every table of an extract in batches, each with its name, on one consistent view.

    A claim that nobody decided goes in without its record: it lends links to others. `before` says
    which versions count as received. Cost: one pass over the rows; decided claims are unsealed.
    """
    with store.reading() as connection:
        batches = {
            "claims": _claims(store, connection, before, sources),
            "facts": _facts(store, connection, sources),
            "outcomes": _outcomes(connection),
            "judgements": _judgements(connection),
            "aliases": _aliases(store, connection),
        }
        if sources.allows(GatedSource.CROSSINGS):
            batches["border_files"] = _border_files(connection)
            batches["person_days"] = _person_days(connection)
        for name, each in batches.items():
            for batch in each:
                yield name, batch


def _claims(
    store: Store, connection: Connection, before: datetime, sources: OpenSources
) -> Iterator[Columns]:
    today = local_day(before).toordinal()
    found = _streamed(
        connection,
        "SELECT c.known_at, c.claim_id, c.version, c.trigger_fact, c.scoring_point, c.person,"
        " c.insured, c.received_on, c.heard_on, c.nodes, o.claim_id IS NOT NULL AS decided,"
        " CASE WHEN o.claim_id IS NOT NULL OR c.received_on = :today THEN c.sealed END AS sealed"
        " FROM claims c LEFT JOIN (SELECT DISTINCT claim_id FROM outcomes) o"
        " ON o.claim_id = c.claim_id ORDER BY c.known_at",
        today=today,
    )
    shut = shut_nodes(sources)

    def one(row: Row[Any]) -> dict[str, Any]:
        claim = raw_claims.open_claim(store.keyring, row) if row.sealed else None
        received_then = claim is None or claim.received_at < before
        nodes = np.frombuffer(row.nodes, dtype=NODE)
        return {
            "known_at": row.known_at,
            "claim_id": row.claim_id,
            "version": row.version,
            "trigger_fact": row.trigger_fact,
            "scoring_point": row.scoring_point,
            "person": row.person,
            "insured": row.insured,
            "received_on": row.received_on,
            "heard_on": row.heard_on,
            "in_time": row.received_on <= today and received_then,
            "nodes": nodes[~np.isin(nodes["kind"], shut)].tobytes(),
            **_of_record(store.keyring, row, claim if row.decided else None),
        }

    return _columns(found, one)


def _of_record(keyring: KeyRing, row: Row[Any], claim: Claim | None) -> dict[str, Any]:
    """What the record of a decided claim adds: itself, sealed, and what to join it with."""
    if claim is None:
        return dict.fromkeys(("employer", "first_day_read", "last_day_read", "sealed"))
    state = ClaimState(claim, row.trigger_fact, ScoringPoint(row.scoring_point), row.heard_on)
    span = span_of(state, keyring, cutoff=row.known_at)
    return {
        "employer": _firm(keyring, claim.employer_code) if claim.employer_code else None,
        "first_day_read": span.first,
        "last_day_read": span.last,
        "sealed": row.sealed,
    }


def _firm(keyring: KeyRing, code: str) -> str:
    """The pseudonym of an employer: the number of its node."""
    return str(keyring.node(NodeKind.EMPLOYER.name, code))


def _facts(store: Store, connection: Connection, sources: OpenSources) -> Iterator[Columns]:
    kinds = sources.kinds((*raw_facts.PERSON_FACTS, *raw_facts.EMPLOYER_FACTS))
    found = _streamed(
        connection,
        "SELECT known_at, fact_id, kind, subject, sealed FROM facts"
        f" WHERE {store.among('kind', 'kinds')} ORDER BY known_at",
        kinds=store.bound_list(kinds),
    )

    def one(row: Row[Any]) -> dict[str, Any]:
        subject = row.subject
        if row.kind in raw_facts.EMPLOYER_FACTS:
            subject = _firm(store.keyring, subject)
        return {**row._asdict(), "subject": subject}

    return _columns(found, one)


def _outcomes(connection: Connection) -> Iterator[Columns]:
    found = connection.execute(select(outcomes).order_by(outcomes.c.known_at))

    def one(row: Row[Any]) -> dict[str, Any]:
        decided_at = as_utc(row.decided_at)
        return {
            "known_at": row.known_at,
            "claim_id": row.claim_id,
            "label": row.label,
            "picked_by": row.picked_by,
            "decided_at": microseconds(decided_at),
            "decided_on": local_day(decided_at).toordinal(),
            "source": row.source,
        }

    return _columns(found, one)


def _judgements(connection: Connection) -> Iterator[Columns]:
    found = connection.execute(select(judgements).order_by(judgements.c.known_at))

    def one(row: Row[Any]) -> dict[str, Any]:
        return {
            "known_at": row.known_at,
            "verdict": row.verdict,
            "judged_at": microseconds(as_utc(row.judged_at)),
            "sealed": row.sealed,
        }

    return _columns(found, one)


def _aliases(store: Store, connection: Connection) -> Iterator[Columns]:
    """Which pseudonyms any judgement was ever about together, either way."""
    together = judged_together(all_judgements(store, connection), store.keyring)
    pairs = [(person, name) for person, names in together.items() for name in sorted(names)]
    yield {"person": [person for person, _ in pairs], "name": [name for _, name in pairs]}


def judged_together(judged: tuple[Judgement, ...], keyring: KeyRing) -> dict[str, set[str]]:
    """For each pseudonym in any judgement, all that judgements ever tied it to, itself included."""
    together: dict[str, set[str]] = {}
    for each in judged:
        one, other = keyring.person_key(each.one), keyring.person_key(each.other)
        names = together.get(one, {str(one)}) | together.get(other, {str(other)})
        together.update(dict.fromkeys(names, names))
    return together


def _border_files(connection: Connection) -> Iterator[Columns]:
    files = raw_days.crossing_files(connection)
    known_at, days, shares = zip(*files, strict=True) if files else ((), (), ())
    yield {"known_at": list(known_at), "day_number": list(days), "outage_share": list(shares)}


def _person_days(connection: Connection) -> Iterator[Columns]:
    found = _streamed(
        connection,
        "SELECT known_at, person, day AS day_number, hours_there, out_minute, back_minute,"
        " asleep_there, faults FROM person_days",
    )
    return _columns(found, lambda row: {**row._asdict(), "asleep_there": bool(row.asleep_there)})


def _streamed(connection: Connection, statement: str, **bound: object) -> CursorResult[Any]:
    return connection.execution_options(stream_results=True).execute(text(statement), bound)


def _columns(
    found: CursorResult[Any], one: Callable[[Row[Any]], Mapping[str, Any]]
) -> Iterator[Columns]:
    for rows in found.partitions(ROWS):
        each = [one(row) for row in rows]
        yield {name: [row[name] for row in each] for name in each[0]}
