"""Loading older history in bulk: the same use cases as the stream, without a broker."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from fraud.clock import end_of
from fraud.movement import CrossingDay, PersonDay
from fraud.privacy import GatedSource, Gates
from fraud.records import AnyFact, Claim
from fraud.store import switches
from fraud.store.engine import Store
from fraud.workflow.crossings import take_in_day
from fraud.workflow.intake import Assessor, BatchResult, process_batch

__all__ = ["LivedDay", "end_of", "load_day"]

BATCH = 1000
"""Records taken into one transaction."""


class LivedDay(Protocol):
    """What becomes known on one day: the border file of the day before, then the records."""

    @property
    def day(self) -> date: ...
    @property
    def border_day(self) -> CrossingDay: ...
    @property
    def person_days(self) -> list[PersonDay]: ...
    @property
    def records(self) -> list[Claim | AnyFact]: ...


def load_day(
    store: Store, lived: LivedDay, *, gates: Gates, assessor: Assessor | None = None
) -> BatchResult:
    """Take in one day of history, in the order it became known; again changes nothing.

    Crossings are left out without a legal basis in force on that day. Without an assessor claims
    are kept with their links, but not assessed.
    """
    now = end_of(lived.day)
    basis = gates.basis(GatedSource.CROSSINGS)
    with store.reading() as connection:
        sources = switches.readable(connection, gates.open_at(now))
    if basis and sources.allows(GatedSource.CROSSINGS):
        seen = lived.person_days
        take_in_day(store, lived.border_day, seen, basis=basis.reference, now=now)
    total = BatchResult()
    for records in _parts(lived.records):
        result = process_batch(store, records, assessor=assessor, now=now, sources=sources)
        total.claims += result.claims
        total.facts += result.facts
        total.assessed += result.assessed
        total.cases += result.cases
    return total


def _parts(records: Sequence[Claim | AnyFact]) -> list[Sequence[Claim | AnyFact]]:
    return [records[start : start + BATCH] for start in range(0, len(records), BATCH)]
