"""Leave days against border records, as a picture made on the server and as a list of days.

One row of the picture holds a fixed number of days; a long span is folded into several rows, so
that the same drawing fits a desk and a phone. A day without a record is drawn as unknown, never
as a day at home.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from markupsafe import Markup, escape

from fraud.clock import local_day
from fraud.movement import PersonDay
from fraud.records import Claim
from fraud.wording import Language, month, text

LONGEST_DAYS = 112
MARGIN_DAYS = 7
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
    leave: set[date] = field(default_factory=set)
    marks: dict[date, list[Mark]] = field(default_factory=dict)


def timeline_of(
    claim: Claim, person_days: Sequence[PersonDay], covered: Mapping[date, float]
) -> Timeline:
    """The days from a week before the first thing that matters to a week after the last.

    Edges: at most 112 days, counted from the start; empty when the claim names no day but its own.
    """
    records = _Records({day.day: day for day in person_days}, covered, _leave(claim), _marks(claim))
    named = records.leave | set(records.marks)
    first = min(named) - timedelta(days=MARGIN_DAYS)
    last = min(max(named) + timedelta(days=MARGIN_DAYS), first + timedelta(days=LONGEST_DAYS - 1))
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = tuple(_day(day, records) for day in span)
    return Timeline(days, crossings_known=any(day in covered for day in span))


def _leave(claim: Claim) -> set[date]:
    return {
        certificate.first_day + timedelta(days=n)
        for certificate in claim.certificates
        for n in range((certificate.last_day - certificate.first_day).days + 1)
    }


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
        on_leave=day in records.leave,
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


ROW_HEIGHT = 112
LEAVE_TOP, LEAVE_HEIGHT = 34, 14
BARS_TOP, BARS_HEIGHT = 52, 44
HOURS_FULL = 24.0


@dataclass(frozen=True, slots=True)
class Shape:
    """How a timeline is folded: days in a row, and the width of a day in pixels."""

    name: str
    days_in_row: int
    day_width: float


WIDE = Shape("wide", 56, 14.0)
NARROW = Shape("narrow", 21, 16.0)


def draw(timeline: Timeline, shape: Shape, language: Language) -> Markup:
    """The timeline as SVG. Colours come from the stylesheet; a sentence says what it shows."""
    rows = [
        timeline.days[start : start + shape.days_in_row]
        for start in range(0, len(timeline.days), shape.days_in_row)
    ]
    width = shape.days_in_row * shape.day_width
    height = ROW_HEIGHT * len(rows)
    drawn = Markup("").join(
        _row(days, number * ROW_HEIGHT, shape, language) for number, days in enumerate(rows)
    )
    return Markup(
        '<svg class="timeline timeline-{name}" viewBox="0 0 {width} {height}" role="img" '
        'aria-label="{said}" preserveAspectRatio="xMinYMin meet">{drawn}</svg>'
    ).format(
        name=shape.name, width=_n(width), height=height, said=sentence(timeline, language),
        drawn=drawn,
    )  # fmt: skip


def sentence(timeline: Timeline, language: Language) -> str:
    """What the picture shows, in one sentence, for those who do not see it."""
    key = "timeline.sentence" if timeline.crossings_known else "timeline.sentence_closed"
    return text(
        key,
        language,
        first=timeline.days[0].day,
        last=timeline.days[-1].day,
        count=timeline.leave_days,
        there=timeline.leave_days_there,
        unknown=timeline.leave_days_unknown,
    )


def _row(days: Sequence[Day], top: int, shape: Shape, language: Language) -> Markup:
    cells = [_cell(day, n * shape.day_width, top, shape) for n, day in enumerate(days)]
    labels = [
        _label(day, n * shape.day_width, top, language, first=n == 0)
        for n, day in enumerate(days)
        if n == 0 or day.day.day == 1 or day.day.weekday() == 0
    ]
    base = top + BARS_TOP + BARS_HEIGHT
    line = Markup('<path class="tl-base" d="M0 {y}H{x}"/>').format(
        y=base + 0.5, x=_n(len(days) * shape.day_width)
    )
    marks = [_marks_of(day, n * shape.day_width, top, shape) for n, day in enumerate(days)]
    return Markup("").join([*cells, line, *labels, *marks])


def _cell(day: Day, x: float, top: int, shape: Shape) -> Markup:
    width = shape.day_width
    parts = [_rect("tl-weekend" if day.day.weekday() >= 5 else "tl-day", x, top + 28, width, 68)]
    if day.on_leave:
        parts.append(_rect("tl-leave", x, top + LEAVE_TOP, width, LEAVE_HEIGHT))
    parts.append(_bar(day, x, top + BARS_TOP, width))
    return Markup("").join(parts)


def _bar(day: Day, x: float, top: float, width: float) -> Markup:
    base = top + BARS_HEIGHT
    inner, left = width - 4, x + 2
    if day.record is DayRecord.NOT_RECEIVED:
        return _rect("tl-not-received", left, base - 10, inner, 10)
    if day.record is DayRecord.NOTHING:
        kind = "tl-patchy" if day.patchy else "tl-nothing"
        return Markup('<circle class="{kind}" cx="{x}" cy="{y}" r="1.8"/>').format(
            kind=kind, x=_n(x + width / 2), y=_n(base - 5)
        )
    if day.record is DayRecord.CROSSED:
        return _rect("tl-crossed", left, base - 8, inner, 8)
    hours = HOURS_FULL if day.hours_there is None else min(day.hours_there, HOURS_FULL)
    height = max(4.0, BARS_HEIGHT * hours / HOURS_FULL)
    return _rect("tl-stay", left, base - height, inner, height)


def _label(day: Day, x: float, top: int, language: Language, *, first: bool) -> Markup:
    named = first or day.day.day <= 7
    words = f"{day.day.day} {month(day.day.month, language)}" if named else str(day.day.day)
    return Markup('<text class="tl-text" x="{x}" y="{y}">{words}</text>').format(
        x=_n(x + 1), y=top + 110, words=words
    )


def _marks_of(day: Day, x: float, top: int, shape: Shape) -> Markup:
    middle = x + shape.day_width / 2
    drawn = [
        Markup(
            '<path class="tl-mark tl-mark-{kind}" d="M{x} {y}m-5 0l5 -7l5 7l-5 7z"/>'
            '<path class="tl-stem" d="M{x} {from_y}V{to_y}"/>'
        ).format(kind=mark.value, x=_n(middle), y=top + 14, from_y=top + 22, to_y=top + 33)
        for mark in day.marks[:1]
    ]
    return Markup("").join(drawn)


def _rect(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    return Markup(
        '<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}"/>'
    ).format(kind=kind, x=_n(x), y=_n(y), width=_n(width), height=_n(height))


def _n(number: float) -> str:
    return escape(f"{number:.1f}".removesuffix(".0"))
