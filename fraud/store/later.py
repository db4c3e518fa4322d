"""What came of a claim after the state of it that a case rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fraud.assessment import Assessment
from fraud.clock import local_day
from fraud.records import AccountChange, Claim, Claimant
from fraud.store import raw_claims, raw_facts
from fraud.store.engine import Connection, Store
from fraud.store.schema import claims

ALWAYS_NEW = frozenset({"claim_id", "version", "received_at", "claimant"})
"""Fields of a claim that say nothing when they differ; those of the claimant are compared apart."""
COMPARED = tuple(name for name in Claim.model_fields if name not in ALWAYS_NEW)
COMPARED_OF_CLAIMANT = tuple(Claimant.model_fields)


@dataclass(frozen=True, slots=True)
class Later:
    """The newest version since, with the names of the fields that differ, and a changed account."""

    version_on: date | None = None
    changed: tuple[str, ...] = ()
    account_on: date | None = None


def later_of(
    store: Store, connection: Connection, claim: Claim, made: Assessment, person: Sequence[str]
) -> Later:
    """What is known of a claim since an assessment of it was made. Cost: at most two queries."""
    rows = connection.execute(
        select(claims)
        .where(claims.c.claim_id == made.claim_id, claims.c.known_at > made.cutoff)
        .order_by(claims.c.version, claims.c.known_at)
    ).all()
    versions = [row for row in rows if not row.trigger_fact and row.version > made.claim_version]
    newest = raw_claims.open_claim(store.keyring, versions[-1]) if versions else None
    changes = {row.trigger_fact for row in rows if row.trigger_fact}
    return Later(
        version_on=local_day(newest.received_at) if newest else None,
        changed=_changed(claim, newest) if newest else (),
        account_on=_changed_on(store, connection, person, changes) if changes else None,
    )


def _changed(before: Claim, after: Claim) -> tuple[str, ...]:
    own = [name for name in COMPARED if getattr(before, name) != getattr(after, name)]
    one, other = before.claimant, after.claimant
    return (*[n for n in COMPARED_OF_CLAIMANT if getattr(one, n) != getattr(other, n)], *own)


def _changed_on(
    store: Store, connection: Connection, person: Sequence[str], fact_ids: set[str]
) -> date | None:
    """The day of the last of these changes of an account."""
    known = raw_facts.facts_about(
        store, connection, person, ["account_change"], until=store.position(connection)
    )
    days = [
        local_day(fact.changed_at)
        for facts in known.values()
        for fact in facts
        if isinstance(fact, AccountChange) and fact.fact_id in fact_ids
    ]
    return max(days, default=None)
