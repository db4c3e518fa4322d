"""What is known for a watch over entities, and what it finds.

Invariants. A record that is missing says nothing on either side. An entity needs two independent
aspects, beside one for each honest circumstance that speaks against it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from fraud.records import (
    AnyFact,
    Claim,
    EmployerArrears,
    EmployerDescription,
    Hire,
    OfficerAction,
    Scheme,
    StaffMove,
)

MOST_RECORDS = 12
"""A sign names at most so many records."""
LEAST_ASPECTS = 2
"""No single sign is enough (domain brief, section 7)."""


Values = Mapping[str, str | int | float]


class EntityKind(StrEnum):
    """Whom a watch is over. An agent is also a device that applications were sent from."""

    EMPLOYER = "employer"
    AGENT = "agent"
    OFFICER = "officer"


class Aspect(StrEnum):
    """Independent kinds of evidence about an entity."""

    STAFF = "staff"
    CONTROL = "control"
    DEBT = "debt"
    PATTERN = "pattern"
    WORD_OF_PEOPLE = "word_of_people"
    LENGTH_OF_JOBS = "length_of_jobs"
    OTHER_JOBS = "other_jobs"
    CROSSINGS = "crossings"
    TIES = "ties"
    HOURS = "hours"
    STEPS = "steps"
    LOOK_UPS = "look_ups"


@dataclass(frozen=True, slots=True)
class Sign:
    """One statement about an entity: a key of the wording catalogue with plain values."""

    key: str
    aspect: Aspect | None
    """None for what speaks against."""
    values: Values
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityForReview:
    """An entity that a person should look at, with what stands out and what speaks against it."""

    kind: EntityKind
    id: str
    typology: str
    signs: tuple[Sign, ...]
    against: tuple[Sign, ...]

    @property
    def aspects(self) -> frozenset[Aspect]:
        """The independent aspects that stand out."""
        return frozenset(sign.aspect for sign in self.signs if sign.aspect)

    @property
    def weight(self) -> int:
        """Aspects that stand out, less what speaks against."""
        return len(self.aspects) - len(self.against)


def for_review(
    kind: EntityKind, name: str, typology: str, signs: Iterable[Sign], against: Iterable[Sign]
) -> list[EntityForReview]:
    """The entity in a list, or an empty list when too little stands out."""
    found = EntityForReview(kind, name, typology, tuple(signs), tuple(against))
    return [found] if found.weight >= LEAST_ASPECTS else []


@dataclass(frozen=True, slots=True)
class Brought:
    """What of a claim the watch over officers reads: its scheme and who brought it."""

    scheme: Scheme
    intermediary: str | None


@dataclass(frozen=True, slots=True)
class WatchRecords:
    """The records a watch reads, as known at a moment; each kind oldest first."""

    employers: Mapping[str, EmployerDescription] = field(default_factory=dict)
    arrears: Mapping[str, Sequence[EmployerArrears]] = field(default_factory=dict)
    moves: Sequence[StaffMove] = ()
    hires: Sequence[Hire] = ()
    actions: Sequence[OfficerAction] = ()
    claims: Mapping[str, Brought] = field(default_factory=dict)
    stays_a_week: Mapping[str, float] = field(default_factory=dict)
    """Recorded working-day stays in Singapore a week during a hire, by fact id. A hire is missing
    here where no border file covers it or the gate is shut: unknown."""

    @classmethod
    def known_by(
        cls,
        moment: datetime,
        facts: Iterable[AnyFact],
        claims: Iterable[Claim] = (),
        stays_a_week: Mapping[str, float] | None = None,
    ) -> "WatchRecords":
        """Sort facts and claims that were stated by a moment; of one hire the last word counts."""
        employers: dict[str, EmployerDescription] = {}
        arrears: dict[str, list[EmployerArrears]] = {}
        moves, actions = [], []
        hires: dict[tuple[str, str, date], Hire] = {}
        for fact in facts:
            if isinstance(fact, OfficerAction):
                if fact.acted_at <= moment:
                    actions.append(fact)
            elif isinstance(fact, EmployerDescription | EmployerArrears | StaffMove | Hire):
                if fact.stated_at > moment:
                    continue
                if isinstance(fact, EmployerDescription):
                    employers[fact.employer_code] = fact
                elif isinstance(fact, EmployerArrears):
                    arrears.setdefault(fact.employer_code, []).append(fact)
                elif isinstance(fact, StaffMove):
                    moves.append(fact)
                else:
                    hires[fact.mykad, fact.employer_code, fact.started_on] = fact
        brought = {
            str(one.claim_id): Brought(one.scheme, one.intermediary)
            for one in claims
            if one.received_at <= moment
        }
        return cls(
            employers, arrears, moves, [*hires.values()], actions, brought, stays_a_week or {}
        )
