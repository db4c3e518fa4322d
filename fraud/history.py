"""What was known of a claimant and an employer at a moment, from the facts received by then."""

from collections import ChainMap, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar, cast

from fraud.movement import PersonDay, answered_days
from fraud.records import (
    AccountChange,
    AnyFact,
    Attendance,
    BoardAttendance,
    ClaimId,
    ContributionRun,
    ContributionStatement,
    DayPresence,
    EmployerDescription,
    Enrolment,
    Fact,
    PersonKey,
)

SomeFact = TypeVar("SomeFact", bound=Fact)

LARGEST_OUTAGE = 0.1
"""A day whose border file missed more than this share of the day is unknown for everybody."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom the facts of one claim are about."""

    claimant: PersonKey
    insured: PersonKey
    """The claimant but for a death: then the deceased."""
    employer: str = ""
    """Its code, if the claim names one."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """Each party once, as facts name it."""
        return tuple(dict.fromkeys((self.claimant, self.insured, self.employer)))


ByKind = Mapping[type[Fact], tuple[AnyFact, ...]]


def by_kind(facts: Iterable[AnyFact]) -> ByKind:
    """Facts sorted by their kind, in their order."""
    found: defaultdict[type[Fact], list[AnyFact]] = defaultdict(list)
    for fact in facts:
        found[type(fact)].append(fact)
    return {kind: tuple(each) for kind, each in found.items()}


def _of(facts: ByKind, kind: type[SomeFact]) -> tuple[SomeFact, ...]:
    return cast("tuple[SomeFact, ...]", facts.get(kind, ()))


@dataclass(frozen=True)
class History:
    """Facts about one claim's people, as received before its cut-off.

    `contributions` are those of the insured person (of a death, the deceased); attendances,
    enrolments and changes of account are the claimant's.
    `days` and `outages` are keyed by day number (`date.toordinal`). A day that is not in
    `outages` had no border file and no sure answer (or their gates are closed): unknown.
    """

    contributions: ContributionStatement | None = None
    employer: EmployerDescription | None = None
    attendances: tuple[Attendance, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    account_changes: tuple[AccountChange, ...] = ()
    facts: tuple[AnyFact, ...] = ()
    """Every fact about the claimant, then the insured person if that is somebody else, then the
    claim's employer; those about each oldest first. Ask by `of`."""
    days: Mapping[int, PersonDay] = field(default_factory=dict)
    outages: Mapping[int, float] = field(default_factory=dict)
    files: Mapping[int, float] = field(default_factory=dict)
    """Those of `outages` that border files gave."""
    answers: tuple[DayPresence, ...] = ()
    heard_on: int | None = None
    """Day number on which the claim was last heard of; None when that was its receipt."""

    def of(self, kind: type[SomeFact]) -> tuple[SomeFact, ...]:
        """The facts of one kind, oldest first."""
        return _of(self._by_kind, kind)

    @cached_property
    def _by_kind(self) -> ByKind:
        return by_kind(self.facts)

    def at_board(self, claim_id: ClaimId) -> tuple[BoardAttendance, ...]:
        """Who came to the Medical Board's sessions on a claim, oldest first."""
        return tuple(one for one in self.of(BoardAttendance) if one.claim_id == claim_id)

    def runs(self) -> tuple[ContributionRun, ...] | None:
        """Contribution runs by first month, or None when no statement was received."""
        if self.contributions is None:
            return None
        return tuple(sorted(self.contributions.runs, key=lambda run: run.first_month))


def with_days(
    history: History,
    person: PersonKey,
    days: Mapping[int, PersonDay],
    files: Mapping[int, float],
    answers: tuple[DayPresence, ...],
) -> History:
    """The history with a person's days from border files and from answers on single days.

    Where a file says how many hours the person was across, it wins over an answer.
    """
    if not answers:
        return replace(history, days=days, outages=files, files=files, answers=())
    answered, covered = answered_days(answers, person)
    sure = {day: one for day, one in days.items() if one.hours_there is not None}
    merged = {**days, **answered, **sure}
    outages = ChainMap(covered, dict(files))
    return replace(history, days=merged, outages=outages, files=files, answers=answers)


def under_one_number(facts: Iterable[AnyFact], mykad: str) -> list[AnyFact]:
    """Facts about one person known under several MyKad numbers (in order), as if under one.

    A contribution statement tells of one number only: each takes up what the latest of the other
    numbers said, so that no month is lost because another statement came later.
    """
    stated: dict[str, tuple[ContributionRun, ...]] = {}
    read = []
    for fact in facts:
        changed: dict[str, object] = {"mykad": mykad}
        if isinstance(fact, ContributionStatement):
            stated[fact.mykad] = fact.runs
            runs = dict.fromkeys(run for runs in stated.values() for run in runs)
            changed["runs"] = tuple(sorted(runs, key=lambda run: run.first_month))
        read.append(fact.model_copy(update=changed))
    return read


def history_from(
    about: Mapping[str, Sequence[AnyFact]],
    parties: Parties,
    days: Mapping[int, PersonDay],
    outages: Mapping[int, float],
    heard_on: int | None = None,
) -> History:
    """Sort the facts about a claim's parties (each oldest first); the latest statement counts."""
    claimant = by_kind(about.get(parties.claimant, ()))
    same = parties.insured == parties.claimant
    insured = claimant if same else by_kind(about.get(parties.insured, ()))
    statements = _of(insured, ContributionStatement)
    described = _of(by_kind(about.get(parties.employer, ())), EmployerDescription)
    known = History(
        contributions=statements[-1] if statements else None,
        employer=described[-1] if described else None,
        attendances=_of(claimant, Attendance),
        enrolments=_of(claimant, Enrolment),
        account_changes=_of(claimant, AccountChange),
        facts=tuple(fact for subject in parties.subjects for fact in about.get(subject, ())),
        days=days,
        outages=outages,
        files=outages,
        heard_on=heard_on,
    )
    answers = _of(claimant, DayPresence)
    return with_days(known, parties.claimant, days, outages, answers) if answers else known
