"""What watches over entities and rings read: whole kinds of fact, claims, and their links."""

from collections.abc import Iterator, Sequence

from sqlalchemy import text

from fraud.graph import LinkedClaim, unpack_nodes
from fraud.records import AnyFact, Claim, ClaimId
from fraud.store import raw_claims, raw_facts
from fraud.store.engine import Connection, Store
from fraud.store.judgements import people_now


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
        yield raw_facts.FACT.validate_json(store.keyring.open(bytes(sealed), f"fact|{fact_id}"))


def lodged_claims(store: Store, connection: Connection) -> Iterator[Claim]:
    """Every claim version as lodged, oldest first. Cost: unseals and parses each of them once."""
    rows = connection.execute(
        text(
            "SELECT claim_id, version, trigger_fact, sealed FROM claims"
            " WHERE trigger_fact = '' ORDER BY known_at"
        )
    )
    for row in rows:
        yield raw_claims.open_claim(store.keyring, row)


def linked_claims(store: Store, connection: Connection) -> Iterator[LinkedClaim]:
    """Every claim state as links see it, oldest first.

    Nothing is unsealed; people who were judged to be one have one key.
    """
    people = people_now(store, connection)
    rows = connection.execute(
        text("SELECT known_at, claim_id, person, received_on, nodes FROM claims ORDER BY known_at")
    )
    for row in rows:
        yield LinkedClaim(
            known_at=row.known_at,
            claim_id=ClaimId(row.claim_id),
            person=people.key(row.person),
            received_on=row.received_on,
            nodes=unpack_nodes(bytes(row.nodes)),
        )


def claims_with_case(connection: Connection) -> dict[ClaimId, str]:
    """The state of the case of each claim that has one, whyever it was opened."""
    rows = connection.execute(text("SELECT claim_id, state FROM cases"))
    return {ClaimId(claim_id): state for claim_id, state in rows}
