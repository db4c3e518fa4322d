"""What was known of a claimant and an employer at a moment, from the facts received by then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from fraud.movement import PersonDay
from fraud.records import (
    AccountChange,
    AnyFact,
    Attendance,
    ContributionRun,
    ContributionStatement,
    EmployerDescription,
    Enrolment,
    Fact,
)

SomeFact = TypeVar("SomeFact", bound=Fact)

LARGEST_OUTAGE = 0.1
"""A day whose border file missed more than this share of the day is unknown for everybody."""


@dataclass(frozen=True, slots=True)
class History:
    """Facts about one claim's people, as received before its cut-off.

    `days` and `outages` are keyed by day number (`date.toordinal`). A day that is not in
    `outages` had no border file (or the gate for crossings is closed): unknown.
    """

    contributions: ContributionStatement | None = None
    employer: EmployerDescription | None = None
    attendances: tuple[Attendance, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    account_changes: tuple[AccountChange, ...] = ()
    facts: tuple[AnyFact, ...] = ()
    """Every fact about the person, oldest first; ask by `of`."""
    days: Mapping[int, PersonDay] = field(default_factory=dict)
    outages: Mapping[int, float] = field(default_factory=dict)

    def of(self, kind: type[SomeFact]) -> tuple[SomeFact, ...]:
        """The facts of one kind, oldest first."""
        return tuple(fact for fact in self.facts if isinstance(fact, kind))

    def runs(self) -> tuple[ContributionRun, ...] | None:
        """Contribution runs by first month, or None when no statement was received."""
        if self.contributions is None:
            return None
        return tuple(sorted(self.contributions.runs, key=lambda run: run.first_month))


def history_from(
    person_facts: list[AnyFact],
    employer: EmployerDescription | None,
    days: Mapping[int, PersonDay],
    outages: Mapping[int, float],
) -> History:
    """Sort a person's facts (oldest first) into a History; the latest statement counts."""
    statements = [f for f in person_facts if isinstance(f, ContributionStatement)]
    return History(
        contributions=statements[-1] if statements else None,
        employer=employer,
        attendances=tuple(f for f in person_facts if isinstance(f, Attendance)),
        enrolments=tuple(f for f in person_facts if isinstance(f, Enrolment)),
        account_changes=tuple(f for f in person_facts if isinstance(f, AccountChange)),
        facts=tuple(person_facts),
        days=days,
        outages=outages,
    )
