"""The days around a claim: leave against border records, and what else happened on them.

A day without a record is unknown, never a day at home.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from fraud.clock import local_day
from fraud.movement import PersonDay
from fraud.records import (
    AnyFact,
    BoardAttendance,
    BoardListing,
    Claim,
    DayPresence,
    DeathRegistered,
    JobStarted,
    PaymentDue,
)

LONGEST_DAYS = 112
MARGIN_DAYS = 7
NEAR_DAYS = 90
"""How far from the receipt a day may lie that widens the span."""
OUTAGE_FROM = 0.1
"""Share of a day without records from which the day is marked as patchy."""


class DayRecord(StrEnum):
    """What the border file of a day shows of a person."""

    STAY = "stay"
    CROSSED = "crossed"
    ASLEEP = "asleep"
    NOTHING = "nothing"
    NOT_RECEIVED = "not_received"


class Mark(StrEnum):
    """Something that happened on a day."""

    ACCIDENT = "accident"
    TREATED = "treated"
    LAST_WORK = "last_work"
    RECEIVED = "received"
    ILLNESS = "illness"
    DEATH = "death"
    NEW_JOB = "new_job"
    BOARD = "board"
    PAYMENT_DUE = "payment_due"
    AGENCY_ANSWER = "agency_answer"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the timeline. `hours_there` is hours in Singapore, None when not known."""

    day: date
    on_leave: bool
    record: DayRecord
    hours_there: float | None
    patchy: bool
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days around a claim; `crossings_known` is False when no border file was received."""

    days: tuple[Day, ...] = ()
    crossings_known: bool = False

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Every kind of mark on the timeline, each once, in order of appearance."""
        return tuple(dict.fromkeys(mark for day in self.days for mark in day.marks))

    @property
    def leave_days(self) -> int:
        return sum(day.on_leave for day in self.days)

    @property
    def leave_days_there(self) -> int:
        seen = {DayRecord.STAY, DayRecord.CROSSED, DayRecord.ASLEEP}
        return sum(day.on_leave and day.record in seen for day in self.days)

    @property
    def leave_days_unknown(self) -> int:
        return self.leave_days - self.leave_days_there


@dataclass
class _Records:
    person_days: Mapping[date, PersonDay]
    covered: Mapping[date, float]
    leave: list[tuple[date, date]] = field(default_factory=list)
    marks: dict[date, list[Mark]] = field(default_factory=dict)


def timeline_of(
    claim: Claim,
    person_days: Sequence[PersonDay],
    covered: Mapping[date, float],
    facts: Iterable[AnyFact] = (),
) -> Timeline:
    """The days from a week before the first thing that matters to a week after the last.

    What lies far from the receipt, such as an illness of years ago or a payment next year, is
    marked only where the span shows its day. Edges: at most 112 days, counted from the start.
    """
    marks = _marks(claim)
    records = _Records({day.day: day for day in person_days}, covered, _leave(claim), marks)
    named = {day for span in records.leave for day in span} | set(marks)
    received = local_day(claim.received_at)
    around = [*_around(claim), *_told_by(facts, claim)]
    named |= {day for day, _ in around if abs((day - received).days) <= NEAR_DAYS}
    for day, mark in sorted(set(around)):
        if mark not in marks.setdefault(day, []):
            marks[day].append(mark)
    first = _moved(min(named), -MARGIN_DAYS)
    last = min(_moved(max(named), MARGIN_DAYS), _moved(first, LONGEST_DAYS - 1))
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = tuple(_day(day, records) for day in span)
    return Timeline(days, crossings_known=any(day in covered for day in span))


def _around(claim: Claim) -> Iterator[tuple[date, Mark]]:
    """Days that a claim names beside those that its timeline is drawn for."""
    if claim.illness:
        yield claim.illness.began_on, Mark.ILLNESS
        if claim.illness.first_treated_on:
            yield claim.illness.first_treated_on, Mark.TREATED
    if claim.death:
        yield claim.death.died_on, Mark.DEATH
    if claim.new_job:
        yield claim.new_job.started_on, Mark.NEW_JOB


def _told_by(facts: Iterable[AnyFact], claim: Claim) -> Iterator[tuple[date, Mark]]:
    """Days that later facts name; of those about one claim, only what is about this one."""
    for fact in facts:
        match fact:
            case BoardListing(held_on=day) if fact.claim_id == claim.claim_id:
                yield day, Mark.BOARD
            case BoardAttendance(attended_at=at) if fact.claim_id == claim.claim_id:
                yield local_day(at), Mark.BOARD
            case PaymentDue(due_on=day) if fact.claim_id == claim.claim_id:
                yield day, Mark.PAYMENT_DUE
            case JobStarted(started_on=day):
                yield day, Mark.NEW_JOB
            case DeathRegistered(died_on=day):
                yield day, Mark.DEATH
            case DayPresence(day=day):
                yield day, Mark.AGENCY_ANSWER
            case _:
                pass


def _moved(day: date, days: int) -> date:
    """A day so many days away, held inside the calendar: a certificate may end in the year 9999."""
    moved = min(day.toordinal() + days, date.max.toordinal())
    return date.fromordinal(max(moved, date.min.toordinal()))


def _leave(claim: Claim) -> list[tuple[date, date]]:
    return [
        (one.first_day, one.last_day) for one in claim.certificates if one.first_day <= one.last_day
    ]


def _marks(claim: Claim) -> dict[date, list[Mark]]:
    marks: dict[date, list[Mark]] = {}
    happened = [(local_day(claim.received_at), Mark.RECEIVED)]
    if claim.injury:
        happened.append((local_day(claim.injury.occurred_at), Mark.ACCIDENT))
        if claim.injury.first_treated_at:
            happened.append((local_day(claim.injury.first_treated_at), Mark.TREATED))
    if claim.job_loss:
        happened.append((claim.job_loss.last_day, Mark.LAST_WORK))
    for day, mark in sorted(happened):
        marks.setdefault(day, []).append(mark)
    return marks


def _day(day: date, records: _Records) -> Day:
    seen = records.person_days.get(day)
    return Day(
        day=day,
        on_leave=any(first <= day <= last for first, last in records.leave),
        record=_record(day, seen, records),
        hours_there=seen.hours_there if seen else None,
        patchy=records.covered.get(day, 0.0) >= OUTAGE_FROM,
        marks=tuple(records.marks.get(day, ())),
    )


def _record(day: date, seen: PersonDay | None, records: _Records) -> DayRecord:
    if seen is None:
        return DayRecord.NOTHING if day in records.covered else DayRecord.NOT_RECEIVED
    if seen.hours_there is not None and seen.hours_there > 0:
        return DayRecord.STAY
    return DayRecord.ASLEEP if seen.asleep_there else DayRecord.CROSSED
