"""Taking in a border file: one day's crossings, folded to person-days, or nothing at all."""

from collections.abc import Sequence
from datetime import datetime

from fraud.audit import AuditEvent
from fraud.errors import Misconfigured
from fraud.movement import CrossingDay, PersonDay
from fraud.privacy import GatedSource
from fraud.store import raw_days, switches
from fraud.store.engine import Store


def take_in_day(
    store: Store, day: CrossingDay, seen: Sequence[PersonDay], *, basis: str | None, now: datetime
) -> None:
    """Keep one day's person-days under a recorded legal basis; the same day again changes nothing.

    Raises Misconfigured without a basis, and while crossings are withdrawn: their gate is shut by
    default.
    """
    if not basis:
        raise Misconfigured(
            "crossings need a recorded legal basis: set FRAUD_BASIS_CROSSINGS to its reference"
        )
    with store.begin() as connection:
        if GatedSource.CROSSINGS in switches.withdrawn(connection):
            raise Misconfigured("crossings are withdrawn: `fraud-streams restore` opens their gate")
        if not raw_days.add_crossing_day(store, connection, day, seen):
            return
        store.add_audit(
            connection,
            [
                AuditEvent(
                    at=now,
                    actor="crossings",
                    action="crossings.received",
                    subject=day.day.isoformat(),
                    details={"person_days": len(seen), "basis": basis},
                )
            ],
        )
