"""What a watch over employers, agents and officers reads: whole kinds of fact, and claims."""

from collections.abc import Iterator, Sequence

from sqlalchemy import text

from fraud.records import AnyFact, Claim
from fraud.store import raw
from fraud.store.engine import Connection, Store


def facts_of_kinds(store: Store, connection: Connection, kinds: Sequence[str]) -> Iterator[AnyFact]:
    """Every fact of some kinds, oldest first. Cost: unseals and parses each of them once."""
    rows = connection.execute(
        text(
            f"SELECT fact_id, sealed FROM facts WHERE {store.among('kind', 'kinds')}"
            " ORDER BY known_at"
        ),
        {"kinds": store.bound_list(kinds)},
    )
    for fact_id, sealed in rows:
        yield raw.FACT.validate_json(store.keyring.open(bytes(sealed), f"fact|{fact_id}"))


def lodged_claims(store: Store, connection: Connection) -> Iterator[Claim]:
    """Every claim version as lodged, oldest first. Cost: unseals and parses each of them once."""
    rows = connection.execute(
        text(
            "SELECT claim_id, version, trigger_fact, sealed FROM claims"
            " WHERE trigger_fact = '' ORDER BY known_at"
        )
    )
    for row in rows:
        yield raw.open_claim(store.keyring, row)
