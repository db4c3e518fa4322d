"""What the store knows of claims that bears on their benefit: facts, payments, earlier claims."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from fraud.records import (
    AnyFact,
    Claim,
    ClaimId,
    ContributionStatement,
    DeathRegistered,
    Label,
    Payment,
    PersonKey,
    Scheme,
)
from fraud.store import raw_claims, raw_facts
from fraud.store.engine import Store

CHUNK = 500
"""Claims that are read together."""

SEARCHING = frozenset({Scheme.JOB_SEARCH, Scheme.EARLY_REEMPLOYMENT})


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A claim in its latest state, with what bears on its benefit."""

    claim: Claim
    first_received_on: date
    facts: tuple[AnyFact, ...]
    """About the claimant and the insured person."""
    payments: tuple[Payment, ...]
    """On this claim."""
    label: Label | None = None
    """What it was found to be, if it is decided."""
    searches: tuple[tuple[Claim, tuple[Payment, ...]], ...] = ()
    """Other job search claims of the claimant, with their payments."""


def claim_files(
    store: Store, connection: Connection, claim_ids: Sequence[ClaimId] | None = None
) -> Iterator[ClaimFile]:
    """The files of some claims, or of all, in the order of their ids.

    Cost: five statements for each 500 claims.
    """
    until = store.position(connection)
    wanted = "" if claim_ids is None else f" WHERE {store.among('claim_id')}"
    bound = {} if claim_ids is None else {"keys": store.bound_list(list(claim_ids))}
    rows = connection.execute(
        text(
            f"SELECT claim_id, MIN(received_on) FROM claims{wanted}"
            " GROUP BY claim_id ORDER BY claim_id"
        ),
        bound,
    ).all()
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        first = {ClaimId(name): date.fromordinal(day) for name, day in chunk}
        yield from _files(store, connection, first, until)


def _files(
    store: Store, connection: Connection, first: dict[ClaimId, date], until: int
) -> Iterator[ClaimFile]:
    claims = raw_claims.latest_claims(store, connection, first)
    key = store.keyring.person_key
    people = {key(one.claimant.mykad) for one in claims.values()}
    insured = {key(one.insured_mykad) for one in claims.values()}
    kinds = (*raw_facts.PERSON_FACTS, "payment")
    about = raw_facts.facts_about(store, connection, people | insured, kinds, until=until)
    labels = _labels(store, connection, list(first))
    searching = {key(c.claimant.mykad) for c in claims.values() if c.scheme in SEARCHING}
    searches = _searches(store, connection, sorted(searching))
    for claim_id, claim in sorted(claims.items()):
        person, of_insurance = key(claim.claimant.mykad), key(claim.insured_mykad)
        own = about.get(person, [])
        others = about.get(of_insurance, []) if of_insurance != person else []
        yield ClaimFile(
            claim,
            first[claim_id],
            tuple(fact for fact in (*own, *others) if not isinstance(fact, Payment)),
            _payments(own, claim_id),
            labels.get(claim_id),
            tuple(
                (other, _payments(own, other.claim_id))
                for other in searches.get(person, ())
                if other.claim_id != claim_id
            ),
        )


def _payments(facts: Sequence[AnyFact], claim_id: ClaimId) -> tuple[Payment, ...]:
    return tuple(fact for fact in facts if isinstance(fact, Payment) and fact.claim_id == claim_id)


def _labels(
    store: Store, connection: Connection, claim_ids: Sequence[ClaimId]
) -> dict[ClaimId, Label]:
    rows = connection.execute(
        text(
            f"SELECT claim_id, label FROM outcomes WHERE {store.among('claim_id')}"
            " ORDER BY known_at"
        ),
        {"keys": store.bound_list(list(claim_ids))},
    )
    return {ClaimId(name): Label(label) for name, label in rows}


def _searches(
    store: Store, connection: Connection, people: Sequence[PersonKey]
) -> dict[PersonKey, list[Claim]]:
    if not people:
        return {}
    names = connection.execute(
        text(f"SELECT DISTINCT claim_id FROM claims WHERE {store.among('person')}"),
        {"keys": store.bound_list(list(people))},
    ).scalars()
    found: dict[PersonKey, list[Claim]] = defaultdict(list)
    for claim in raw_claims.latest_claims(store, connection, list(names)).values():
        if claim.scheme is Scheme.JOB_SEARCH:
            found[store.keyring.person_key(claim.claimant.mykad)].append(claim)
    return found


def registered_deaths(
    store: Store, connection: Connection
) -> Iterator[tuple[DeathRegistered, ContributionStatement | None]]:
    """Every registered death, with the latest contribution statement of who died."""
    rows = connection.execute(
        text("SELECT DISTINCT subject FROM facts WHERE kind = 'death_registered' ORDER BY subject")
    )
    subjects = list(rows.scalars())
    until, kinds = store.position(connection), ("death_registered", "contributions")
    for start in range(0, len(subjects), CHUNK):
        chunk = subjects[start : start + CHUNK]
        about = raw_facts.facts_about(store, connection, chunk, kinds, until=until)
        for subject in chunk:
            facts = about[subject]
            deaths = [fact for fact in facts if isinstance(fact, DeathRegistered)]
            statements = [fact for fact in facts if isinstance(fact, ContributionStatement)]
            yield deaths[-1], statements[-1] if statements else None
