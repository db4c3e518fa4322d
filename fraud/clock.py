"""The one clock port: nothing else in the product asks the machine for the time."""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone

Clock = Callable[[], datetime]
"""Answers the present instant, in UTC."""

LOCAL = timezone(timedelta(hours=8), "+08")
"""Malaysia and Singapore both keep UTC+8 all year."""


def system_clock() -> datetime:
    """The machine's time, for real deployments."""
    return datetime.now(UTC)


def fixed_clock(instant: datetime) -> Clock:
    """A clock that stands still, for tests."""
    return lambda: instant


def local_day(instant: datetime) -> date:
    """The calendar day at the border on which an instant falls."""
    return instant.astimezone(LOCAL).date()


def end_of(day: date) -> datetime:
    """The last instant of a day at the border, in UTC."""
    return datetime.combine(day, time.max, LOCAL).astimezone(UTC)


def month_number(day: date) -> int:
    """Months since year 0, so that months can be counted and compared."""
    return day.year * 12 + day.month - 1


def first_of_month(number: int) -> date:
    """The first day of a numbered month."""
    return date(number // 12, number % 12 + 1, 1)


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month when it is shorter."""
    first = first_of_month(month_number(day) + months)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))
