"""Loading older history in bulk: the same use cases as the stream, without a broker."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from fraud.clock import end_of
from fraud.movement import CrossingDay, PersonDay
from fraud.records import AnyFact, Claim
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
    store: Store, lived: LivedDay, *, basis: str | None, assessor: Assessor | None = None
) -> BatchResult:
    """Take in one day of history, in the order it became known; again changes nothing.

    Crossings are left out when there is no legal basis. Without an assessor claims are kept with
    their links, but not assessed.
    """
    now = end_of(lived.day)
    if basis:
        take_in_day(store, lived.border_day, lived.person_days, basis=basis, now=now)
    total = BatchResult()
    for records in _parts(lived.records):
        result = process_batch(
            store, records, assessor=assessor, now=now, crossings_open=basis is not None
        )
        total.claims += result.claims
        total.facts += result.facts
        total.assessed += result.assessed
        total.cases += result.cases
    return total


def _parts(records: Sequence[Claim | AnyFact]) -> list[Sequence[Claim | AnyFact]]:
    return [records[start : start + BATCH] for start in range(0, len(records), BATCH)]
