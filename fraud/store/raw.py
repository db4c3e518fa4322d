"""Raw rows of every kind in the order they became known, and how many there are."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from fraud.assessment import ScoringPoint
from fraud.records import AnyFact, Claim
from fraud.store.engine import Store
from fraud.store.raw_claims import ClaimState
from fraud.store.raw_facts import EMPLOYER_FACTS, FACT, PERSON_FACTS


def raw_rows(
    store: Store, connection: Connection
) -> Iterator[tuple[int, ClaimState | AnyFact | tuple[str, str]]]:
    """Every claim state, person or employer fact and outcome, in the order they became known.

    An outcome is a pair of claim id and label. Cost: unseals and parses each row once.
    """
    rows = connection.execution_options(stream_results=True).execute(
        text(
            "SELECT known_at, 'claim' AS what, claim_id AS a, version AS b, trigger_fact AS c,"
            " scoring_point AS d, heard_on AS e, sealed FROM claims"
            " UNION ALL SELECT known_at, 'fact', fact_id, 0, '', '', 0, sealed FROM facts"
            f" WHERE {store.among('kind', 'kinds')}"
            " UNION ALL SELECT known_at, 'outcome', claim_id, 0, label, '', 0, NULL FROM outcomes"
            " ORDER BY 1"
        ),
        {"kinds": store.bound_list([*PERSON_FACTS, *EMPLOYER_FACTS])},
    )
    for known_at, what, name, version, third, point, heard_on, sealed in rows:
        if what == "claim":
            body = store.keyring.open(bytes(sealed), f"claim|{name}|{version}|{third}")
            claim = Claim.model_validate_json(body)
            yield known_at, ClaimState(claim, third, ScoringPoint(point), heard_on)
        elif what == "fact":
            body = store.keyring.open(bytes(sealed), f"fact|{name}")
            yield known_at, FACT.validate_json(body)
        else:
            yield known_at, (name, third)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many raw rows there are: claim versions as lodged, facts, dead letters kept."""

    claims: int
    facts: int
    dead_letters: int


def counts(connection: Connection) -> Counts:
    """Count the raw rows. Cost: a scan of three indexes."""
    row = connection.execute(
        text(
            "SELECT (SELECT COUNT(*) FROM claims WHERE trigger_fact = '') AS claims,"
            " (SELECT COUNT(*) FROM facts) AS facts,"
            " (SELECT COUNT(*) FROM dead_letters) AS letters"
        )
    ).one()
    return Counts(row.claims, row.facts, row.letters)
