"""The timeline as a picture made on the server, and the sentence that says what it shows.

One row holds a fixed number of days; a long span is folded into several rows, so that the same
drawing fits a desk and a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from fraud.web.timeline import Day, DayRecord, Timeline
from fraud.wording import Language, month, text

# One row, from top to bottom: marks, leave, hours, day names.
MARKS_MIDDLE = 13
BAND_TOP = 27
LEAVE_TOP, LEAVE_HEIGHT = 33, 13
BARS_TOP, BARS_HEIGHT = 52, 56
BASE = BARS_TOP + BARS_HEIGHT
NAMES_LINE = BASE + 16
ROW_HEIGHT = BASE + 30
GUTTER = 30
"""Pixels at the left for the names of the hour lines."""

HOURS_FULL = 24.0
HOUR_LINES = (8.0, 24.0)
"""A working day and a whole day."""

WIDEST_DAY = 26.0

LABEL = "timeline-said"
"""The id of the element that says in words what the picture shows."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a timeline is folded: most days in a row, and the pixels a full row takes."""

    name: str
    days_in_row: int
    row_width: float

    def day_width(self, days: int) -> float:
        """Pixels of one day when a row has this many."""
        return min(WIDEST_DAY, self.row_width / min(days, self.days_in_row))


WIDE = Shape("wide", 56, 850.0)
NARROW = Shape("narrow", 21, 326.0)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row being drawn: its days, where it begins, and the pixels of a day."""

    days: Sequence[Day]
    top: int
    day_width: float
    language: Language

    def x(self, place: int) -> float:
        return GUTTER + place * self.day_width

    @property
    def end(self) -> float:
        return self.x(len(self.days))


def draw(timeline: Timeline, shape: Shape, language: Language) -> Markup:
    """The timeline as SVG, labelled by the sentence beside it (`LABEL`); colours from the sheet."""
    width = shape.day_width(len(timeline.days))
    rows = [
        _Row(timeline.days[start : start + shape.days_in_row], n * ROW_HEIGHT, width, language)
        for n, start in enumerate(range(0, len(timeline.days), shape.days_in_row))
    ]
    return Markup(
        '<svg class="timeline timeline-{name}" width="{width}" viewBox="0 0 {width} {height}" '
        'role="img" aria-labelledby="{label}">{drawn}</svg>'
    ).format(
        name=shape.name,
        width=_n(max(row.end for row in rows) + 1),
        height=ROW_HEIGHT * len(rows),
        label=LABEL,
        drawn=Markup("").join(_drawn(row) for row in rows),
    )


def sentence(timeline: Timeline, language: Language) -> str:
    """What the picture shows, in one sentence, for those who do not see it."""
    key = "timeline.sentence" if timeline.crossings_known else "timeline.sentence_closed"
    if not timeline.leave_days:
        key = "timeline.sentence_no_leave"
    return text(
        key,
        language,
        first=timeline.days[0].day,
        last=timeline.days[-1].day,
        count=timeline.leave_days,
        there=timeline.leave_days_there,
        unknown=timeline.leave_days_unknown,
    )


def _drawn(row: _Row) -> Markup:
    parts = [_cell(row, n, day) for n, day in enumerate(row.days)]
    parts += _leave_spans(row)
    parts += [_hour_line(row, hours) for hours in HOUR_LINES]
    parts += [_bar(row, n, day) for n, day in enumerate(row.days)]
    parts.append(
        Markup('<path class="tl-base" d="M{x} {y}H{end}"/>').format(
            x=GUTTER, y=row.top + BASE + 0.5, end=_n(row.end)
        )
    )
    parts += _names(row)
    parts += [_marks_of(row, n, day) for n, day in enumerate(row.days) if day.marks]
    return Markup("").join(parts)


def _cell(row: _Row, place: int, day: Day) -> Markup:
    kind = "tl-weekend" if day.day.weekday() >= 5 else "tl-day"
    return _rect(kind, row.x(place), row.top + BAND_TOP, row.day_width, BASE - BAND_TOP)


def _leave_spans(row: _Row) -> list[Markup]:
    """Unbroken leave as one bar each, so that no seam shows between two days."""
    spans: list[list[int]] = []
    for n, day in enumerate(row.days):
        if not day.on_leave:
            continue
        if spans and spans[-1][1] == n:
            spans[-1][1] = n + 1
        else:
            spans.append([n, n + 1])
    return [
        _rect(
            "tl-leave", row.x(first), row.top + LEAVE_TOP, row.x(end) - row.x(first), LEAVE_HEIGHT
        )
        for first, end in spans
    ]


def _hour_line(row: _Row, hours: float) -> Markup:
    y = row.top + BASE - BARS_HEIGHT * hours / HOURS_FULL
    words = text("timeline.hours_short", row.language, hours=int(hours))
    return Markup(
        '<path class="tl-hours" d="M{x} {y}H{end}"/>'
        '<text class="tl-text" x="{text_x}" y="{text_y}" text-anchor="end">{words}</text>'
    ).format(x=GUTTER, y=_n(y), end=_n(row.end), text_x=GUTTER - 6, text_y=_n(y + 4), words=words)


def _bar(row: _Row, place: int, day: Day) -> Markup:
    base, width = row.top + BASE, row.day_width
    left, inner = row.x(place) + width * 0.14, width * 0.72
    if day.record is DayRecord.NOT_RECEIVED:
        return _rect("tl-not-received", left, base - 12, inner, 11)
    if day.record is DayRecord.NOTHING:
        kind = "tl-patchy" if day.patchy else "tl-nothing"
        return Markup('<circle class="{kind}" cx="{x}" cy="{y}" r="2.2"/>').format(
            kind=kind, x=_n(left + inner / 2), y=_n(base - 6)
        )
    if day.record is DayRecord.CROSSED:
        return _rect("tl-crossed", left, base - 8, inner, 8)
    hours = HOURS_FULL if day.hours_there is None else min(day.hours_there, HOURS_FULL)
    height = max(4.0, BARS_HEIGHT * hours / HOURS_FULL)
    return _rect("tl-stay", left, base - height, inner, height)


def _names(row: _Row) -> list[Markup]:
    """Mondays by date, with the month where it changes; the first day if there is room."""
    named = [n for n, day in enumerate(row.days) if day.day.weekday() == 0]
    if not named or named[0] >= 3:
        named.insert(0, 0)
    names, shown = [], 0
    for n in named:
        day = row.days[n].day
        words = f"{day.day} {month(day.month, row.language)}" if day.month != shown else day.day
        shown = day.month
        names.append(
            Markup('<text class="tl-text" x="{x}" y="{y}">{words}</text>').format(
                x=_n(row.x(n) + 2), y=row.top + NAMES_LINE, words=words
            )
        )
    return names


def _marks_of(row: _Row, place: int, day: Day) -> Markup:
    middle = row.x(place) + row.day_width / 2
    first = middle - 6 * (len(day.marks) - 1)
    diamonds = [
        Markup('<path class="tl-mark-{kind}" d="M{x} {y}l5.5 7l-5.5 7l-5.5 -7z"/>').format(
            kind=mark.value, x=_n(first + 12 * n), y=row.top + MARKS_MIDDLE - 7
        )
        for n, mark in enumerate(day.marks)
    ]
    stem = Markup('<path class="tl-stem" d="M{x} {top}V{end}"/>').format(
        x=_n(middle), top=row.top + MARKS_MIDDLE + 7, end=row.top + BAND_TOP + 6
    )
    return Markup("").join([stem, *diamonds])


def _rect(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    return Markup(
        '<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}"/>'
    ).format(kind=kind, x=_n(x), y=_n(y), width=_n(width), height=_n(height))


def _n(number: float) -> str:
    return escape(f"{number:.1f}".removesuffix(".0"))
