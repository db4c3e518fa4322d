"""Each number the scorer sees: its name, meaning, unit and the records it is made from.

A feature is a function of what was known of a claim at its cut-off (`Known`). Its docstring is its
public meaning: investigators read it and the documentation is generated from it.
"""

import ast
import hashlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property, wraps
from operator import attrgetter
from types import ModuleType
from typing import Any, Never, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from fraud.clock import local_day
from fraud.clock import month_number as month_number  # noqa: PLC0414  # others read it here
from fraud.graph import OF_EMPLOYER, RING_GUARD, Area, LinkedClaim, NodeKind, Ring, ring_of
from fraud.history import LARGEST_OUTAGE, History
from fraud.movement import WORKING_STAY_HOURS as WORKING_STAY_HOURS  # noqa: PLC0414  # the same
from fraud.movement import PersonDay
from fraud.records import Claim, ClaimId, ContributionRun, JobStarted, Scheme
from fraud.schemes.benefit import benefit_due
from fraud.schemes.contributions import Facts
from fraud.schemes.working import Benefit
from fraud.statements import Family


def event_of(claim: Claim) -> date | None:
    """The day of the accident, last day at work, illness, death or start of a new job."""
    if claim.injury:
        return local_day(claim.injury.occurred_at)
    if claim.job_loss:
        return claim.job_loss.last_day
    if claim.illness:
        return claim.illness.began_on
    if claim.death:
        return claim.death.died_on
    return claim.new_job.started_on if claim.new_job else None


def last_day_read(received_on: int, heard_on: int | None) -> int:
    """The last day of a person that a claim may be read against, as a day number.

    It is the day on which the claim was last heard of: its receipt, or the last fact that names it
    (a changed account, a session of the board, a payment). What somebody did after the last
    payment is none of the claim's business.
    """
    later = received_on if heard_on is None else min(heard_on, received_on + LONGEST_LEAVE_DAYS)
    return max(received_on, later)


Floats = NDArray[np.float64]

UNKNOWN = float("nan")
"""The record a feature needs was not received (or its gate is closed). Never zero, never scored."""

BASELINE_DAYS = 42
"""Days before the event over which a person's usual rhythm is read."""

LONGEST_LEAVE_DAYS = 730
"""Days are read this far before and after the receipt of the claim, whatever it says."""


class Source(StrEnum):
    """The kind of record a feature needs; training masks each at random."""

    CLAIM = "claim"
    CONTRIBUTIONS = "contributions"
    EMPLOYER = "employer"
    CROSSINGS = "crossings"
    ATTENDANCE = "attendance"
    ENROLMENT = "enrolment"
    HOSPITAL = "hospital"
    INSURER = "insurer"
    PLATFORM = "platform"
    JOBS = "jobs"
    DEATHS = "deaths"
    BOARD = "board"
    ARREARS = "arrears"
    LINKS = "links"
    DECISIONS = "decisions"


class LinksNotRead(Exception):
    """Links were asked for before the claim's turn came."""


class _NotRead:
    def __getattr__(self, _name: str) -> Never:
        raise LinksNotRead


NO_LINKS_YET = cast(Area, _NotRead())
"""Stands for the links of a claim whose turn has not come; whatever asks it raises LinksNotRead."""


@dataclass
class Known:
    """All that was known about one claim at its cut-off; parts used twice are worked out once."""

    claim: Claim
    history: History
    linked: LinkedClaim
    area: Area
    _others: dict[NodeKind, list[LinkedClaim] | None] = field(default_factory=dict, repr=False)
    values: "dict[Measure, float]" = field(default_factory=dict, repr=False)
    """Features worked out so far; ask by `value`."""
    parts: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)
    """What was worked out so far by functions marked `once`, and of signs."""

    @cached_property
    def received_on(self) -> date:
        return local_day(self.claim.received_at)

    @cached_property
    def event_on(self) -> date | None:
        """The day of the event that is claimed for; see `event_of`."""
        return event_of(self.claim)

    @cached_property
    def runs(self) -> tuple[ContributionRun, ...] | None:
        """Contribution runs by first month, or None when no statement was received."""
        return self.history.runs()

    @cached_property
    def runs_before_event(self) -> tuple[ContributionRun, ...] | None:
        """Contribution runs begun by the event; None without a statement or an event."""
        runs, event = self.runs, self.event_on
        if runs is None or event is None:
            return None
        return tuple(run for run in runs if run.first_month <= event)

    @cached_property
    def months_of_runs(self) -> list[tuple[int, int, ContributionRun]]:
        """Those runs with the numbers of their first and last month, none after the event's."""
        runs, event = self.runs_before_event, self.event_on
        if not runs or event is None:
            return []
        end = month_number(event)
        return [
            (month_number(run.first_month), min(month_number(run.last_month), end), run)
            for run in runs
        ]

    @cached_property
    def law_facts(self) -> Facts:
        """What a benefit is worked out from, of a claim in its first version.

        A later version does not tell when the first came in.
        """
        history, statement = self.history, self.history.contributions
        worked = (day for attendance in history.attendances for day in attendance.days_present)
        return Facts(
            runs=self.runs,
            stated_on=local_day(statement.stated_at) if statement else None,
            worked_days=frozenset(worked),
            covered_from=min((one.paid_at for one in history.enrolments), default=None),
        )

    @cached_property
    def benefit(self) -> Benefit:
        """What the law gives on the records at hand."""
        return benefit_due(self.claim, self.law_facts, self.received_on)

    @cached_property
    def until(self) -> int:
        """The last day that is read of a person's days, as a day number; see `last_day_read`."""
        return last_day_read(self.received_on.toordinal(), self.history.heard_on)

    @cached_property
    def leave_days(self) -> list[int]:
        """Certified days up to the day the claim was last heard of, as day numbers, in order."""
        last = self.until
        # A mistyped year must not make a century of leave.
        first = self.received_on.toordinal() - LONGEST_LEAVE_DAYS
        return sorted(
            {
                day
                for certificate in self.claim.certificates
                for day in range(
                    max(certificate.first_day.toordinal(), first),
                    min(certificate.last_day.toordinal(), last) + 1,
                )
            }
        )

    @cached_property
    def baseline_days(self) -> list[int]:
        """The six weeks before the event, as day numbers."""
        if self.event_on is None:
            return []
        event = self.event_on.toordinal()
        return list(range(event - BASELINE_DAYS, event))

    @cached_property
    def baseline(self) -> list[PersonDay]:
        """Recorded person-days in the six weeks before the event."""
        days = self.history.days
        return [days[day] for day in self.baseline_days if day in days]

    @cached_property
    def after_loss(self) -> list[int]:
        """Working days (Monday to Friday) after the last day at work, up to the same day.

        A new job that the claimant reported, or of which nobody says otherwise, ends them.
        """
        loss = self.claim.job_loss
        if loss is None:
            return []
        reported = [
            job.started_on.toordinal()
            for job in self.history.of(JobStarted)
            if job.started_on > loss.last_day and job.reported_by_claimant is not False
        ]
        days = range(loss.last_day.toordinal() + 1, min([self.until, *reported]))
        return [day for day in days if (day - 1) % 7 < 5]

    @cached_property
    def others_of_person(self) -> list[LinkedClaim]:
        """Other claims of the same person; at a later look some of them may have come after it."""
        return self.area.others(self.linked, self.linked.numbers(NodeKind.PERSON))

    @cached_property
    def earlier_claims(self) -> list[LinkedClaim]:
        """Those of them that became known before this one first did, as they were then."""
        area, own = self.area, self.linked
        first: dict[ClaimId, LinkedClaim] = {}
        for number in own.numbers(NodeKind.PERSON):
            for one in map(area.claims.__getitem__, area.latest(number)):
                held = first.setdefault(one.claim_id, one)
                if one.known_at < held.known_at:
                    first[one.claim_id] = one
        began = first.pop(own.claim_id, own).known_at
        return sorted(
            (one for one in first.values() if one.known_at < began), key=attrgetter("known_at")
        )

    @cached_property
    def ring(self) -> Ring:
        return ring_of(self.linked, self.area)

    @cached_property
    def covered_baseline(self) -> list[int]:
        """The days of the six weeks before the event that a border file covers."""
        return self.covered(self.baseline_days)

    @cached_property
    def covered_leave(self) -> list[int]:
        """The certified leave days that a border file covers."""
        return self.covered(self.leave_days)

    @cached_property
    def covered_after_loss(self) -> list[int]:
        """The working days after the loss of the job that a border file covers."""
        return self.covered(self.after_loss)

    @cached_property
    def stays_after_loss(self) -> list[PersonDay]:
        """Recorded stays of a working day's length on those days."""
        return self.long_stays(self.covered_after_loss)

    @cached_property
    def stays_on_leave(self) -> list[PersonDay]:
        """Recorded stays of a working day's length on certified leave days.

        Only from a leaving on, or a day at home, that was recorded since the accident: who was hurt
        across the border may lie in a bed there. An answer on the day of the accident itself says
        nothing of the night after it.
        """
        accident = self.event_on.toordinal() if self.event_on else 0
        home = {day for day in self._answered_home if day > accident}
        again = [day for day in self.leave_days if day > accident and self._set_out_on(day, home)]
        return self.long_stays([day for day in self.covered_leave if again and day >= again[0]])

    @cached_property
    def _answered_home(self) -> set[int]:
        """Days on which a border agency answered, with confidence, that the person was here."""
        covered, held = self.history.outages, self.history.days
        return {
            day
            for answer in self.history.answers
            if answer.presence == "here"
            and (day := answer.day.toordinal()) in covered
            and day not in held
        }

    def _set_out_on(self, day: int, home: set[int]) -> bool:
        """Whether a person left home on a day, or was at home for most of the day before.

        `home` holds the days that answers say were spent here.
        """
        held = self.history.days
        today, before = held.get(day), held.get(day - 1)
        if (today and today.out_minute is not None) or day - 1 in home:
            return True
        if before is None or before.hours_there is None or before.asleep_there:
            return False
        return before.hours_there < WORKING_STAY_HOURS

    def value(self, measure: "Measure") -> float:
        """The value of a feature, worked out once."""
        values = self.values
        if measure not in values:
            values[measure] = measure(self)
        return values[measure]

    def others(self, kind: NodeKind) -> list[LinkedClaim] | None:
        """Other people's claims over the claim's nodes of one kind; None without such a node.

        Over nodes that link employers: one claim for each other employer.
        """
        if kind not in self._others:
            self._others[kind] = self._find_others(kind)
        return self._others[kind]

    def _find_others(self, kind: NodeKind) -> list[LinkedClaim] | None:
        others = self.area.others  # first, for a claim without links yet is stopped here
        numbers = self.linked.numbers(kind)
        if not numbers:
            return None
        found = others(self.linked, numbers)
        if kind in OF_EMPLOYER:
            return [one for one in found if one.employers != self.linked.employers]
        return [one for one in found if one.person != self.linked.person]

    def own_others(self, kind: NodeKind) -> list[LinkedClaim] | None:
        """The same person's other claims over the claim's nodes of one kind, or None."""
        numbers = self.linked.numbers(kind)
        if not numbers:
            return None
        found = self.area.others(self.linked, numbers)
        return [one for one in found if one.person == self.linked.person]

    @cached_property
    def companions(self) -> list[LinkedClaim] | None:
        """Other people's claims for an accident in the same vehicle on the same day."""
        return self.others(NodeKind.VEHICLE_ON_DAY)

    @cached_property
    def companions_met_before(self) -> list[LinkedClaim] | None:
        """Those of people with whom the person was in another accident, each of few people."""
        companions = self.companions
        if companions is None:
            return None
        here = set(self.linked.numbers(NodeKind.VEHICLE_ON_DAY))
        degree = self.area.degree
        earlier = {
            number
            for one in (self.others_of_person if companions else ())
            for number in one.numbers(NodeKind.VEHICLE_ON_DAY)
            if number not in here and 0 < degree.get(number, 0) <= RING_GUARD
        }
        met = {one.person for one in self.area.others(self.linked, sorted(earlier))}
        return [one for one in companions if one.person in met]

    @cached_property
    def claims_of_sisters(self) -> list[LinkedClaim] | None:
        """Other people's claims at small employers that share a director with the claim's own."""
        sisters = self.others(NodeKind.DIRECTOR)
        if sisters is None:
            return None
        degree = self.area.degree
        firms = {n for one in sisters for n in one.employers if degree.get(n, 0) <= RING_GUARD}
        found = self.area.others(self.linked, sorted(firms))
        return [one for one in found if one.person != self.linked.person]

    def covered(self, days: list[int]) -> list[int]:
        """Those of some days whose border file, or an answer on the day, was received.

        Whatever the records show of the person: a row that is lost leaves such a day in, so that
        no share of days ever rises for it.
        """
        outages = self.history.outages
        return [day for day in days if outages.get(day, 1.0) <= LARGEST_OUTAGE]

    def long_stays(self, days: list[int]) -> list[PersonDay]:
        """Recorded stays in Singapore of a working day's length on some days."""
        held = self.history.days
        seen = [held[day] for day in days if day in held]
        return [one for one in seen if (one.hours_there or 0.0) >= WORKING_STAY_HOURS]


Measure = Callable[[Known], float]
Part = TypeVar("Part")


def once(work_out: Callable[[Known], Part]) -> Callable[[Known], Part]:
    """A part of what was known that several features ask for: worked out once for each claim."""

    @wraps(work_out)
    def ask(known: Known) -> Part:
        parts = known.parts
        if work_out not in parts:
            parts[work_out] = work_out(known)
        part: Part = parts[work_out]
        return part

    return ask


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of the vector."""

    name: str
    family: Family
    source: Source
    unit: str
    typologies: tuple[str, ...]
    measure: Measure = field(repr=False)
    schemes: frozenset[Scheme] | None = None
    """Schemes it is defined for; for any other it is unknown."""

    @property
    def meaning(self) -> str:
        """What it states, for people."""
        return inspect.getdoc(self.measure) or ""


_REGISTER: list[Feature] = []


def feature(
    family: Family,
    source: Source,
    unit: str,
    *typologies: str,
    schemes: frozenset[Scheme] | None = None,
) -> Callable[[Measure], Measure]:
    """Put a function on the catalogue, under its own name."""

    def register(measure: Measure) -> Measure:
        _REGISTER.append(
            Feature(measure.__name__, family, source, unit, typologies, measure, schemes)
        )
        return measure

    return register


def registered() -> tuple[Feature, ...]:
    """All features in the order of the vector."""
    return tuple(_REGISTER)


def feature_set_id(rooms: Iterable[ModuleType]) -> str:
    """Names the exact meaning of a vector: a hash over the code that makes it.

    Comments and docstrings do not count, and each Python gives the same id.
    """
    code = repr([_shape(ast.parse(inspect.getsource(room))) for room in rooms])
    return "fs-" + hashlib.sha256(code.encode()).hexdigest()[:12]


def _shape(part: object) -> object:
    """A syntax tree without docstrings and without the empty fields that differ by Python."""
    if isinstance(part, list):
        return [_shape(one) for one in part if not _is_text(one)]
    if isinstance(part, ast.AST):
        fields = ((name, value) for name, value in ast.iter_fields(part) if value not in (None, []))
        return type(part).__name__, [(name, _shape(value)) for name, value in fields]
    return repr(part)


def _is_text(part: object) -> bool:
    return (
        isinstance(part, ast.Expr)
        and isinstance(part.value, ast.Constant)
        and isinstance(part.value.value, str)
    )
