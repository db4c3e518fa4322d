"""Contribution months and the average wage they give, as benefits are worked out from them."""

from datetime import date
from functools import cache

from fraud import schemes
from fraud.features.catalogue import Known, month_number

AVERAGING_MONTHS = 6
ENOUGH_MONTHS = 600
"""Months further back are left out, so that a mistyped year costs no time."""


def months_contributed(known: Known, until: date, enough: int = ENOUGH_MONTHS) -> int:
    """Contributed months up to a day, each counted once; stops looking at `enough`."""
    last = month_number(until)
    months: set[int] = set()
    for run in reversed(known.runs or ()):
        begin = max(month_number(run.first_month), last - ENOUGH_MONTHS)
        end = min(month_number(run.last_month), last)
        if end - begin + 1 >= enough:
            return enough
        months.update(range(begin, end + 1))
    return min(len(months), enough)


def average_wage(known: Known, event: date) -> int | None:
    """Average assumed wage of the contributed months among the six before the event, in sen.

    Each month counts up to the top wage class of that month. Where two employers paid for a month
    the lower wage counts. None when no month was contributed, no statement was received, or no
    table covers a month. Source: Act 4.
    """
    month = month_number(event)
    wages: dict[int, int] = {}
    for run in known.runs or ():
        begin = max(month_number(run.first_month), month - AVERAGING_MONTHS)
        for paid in range(begin, min(month_number(run.last_month), month - 1) + 1):
            top = _top_wage(paid)
            if top is None:
                return None
            wages[paid] = min(wages.get(paid, top), run.monthly_wage_sen, top)
    return sum(wages.values()) // len(wages) if wages else None


@cache
def _top_wage(month: int) -> int | None:
    return schemes.value("top_assumed_wage", date(month // 12, month % 12 + 1, 1))
