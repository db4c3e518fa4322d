"""Contribution months and the average wage they give, as benefits are worked out from them.

The wage on a contribution statement is taken as the assumed wage of its class. The full table of
classes was not found: amounts may differ from the office's by some percent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fraud.clock import first_of_month, month_number
from fraud.records import ContributionRun
from fraud.schemes.working import Outcome, Wage, Working

MOST_MONTHS = 600
"""Months further back are left out, so that a mistyped year costs no time."""

CONTRIBUTIONS_DUE_ON = 15
"""Contributions of a month arrive until the 15th of the next one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a benefit is worked out from beside the claim; None means not received.

    The runs are the insured person's. `worked_days` are days on which an employer's list shows the
    claimant at work. `covered_from` is the first known payment into a scheme that covers from its
    receipt. `first_received_on` is when the first version of the claim came in. `search_paid_sen`
    is what was paid of a job search allowance before its early end.
    """

    runs: tuple[ContributionRun, ...] | None = None
    stated_on: date | None = None
    worked_days: frozenset[date] = frozenset()
    covered_from: datetime | None = None
    first_received_on: date | None = None
    search_paid_sen: int | None = None


def months_contributed(
    runs: Sequence[ContributionRun], until: date, enough: int = MOST_MONTHS
) -> int:
    """Contributed months up to a day, each counted once; stops looking at `enough`."""
    last = month_number(until)
    months: set[int] = set()
    for run in reversed(runs):
        begin = max(month_number(run.first_month), last - MOST_MONTHS)
        end = min(month_number(run.last_month), last)
        if end - begin + 1 >= enough:
            return enough
        months.update(range(begin, end + 1))
    return min(len(months), enough)


def months_still_due(last_day: date, stated_on: date) -> int:
    """Months up to a day that a statement drawn on a day may not show yet."""
    closed = month_number(stated_on) - (1 if stated_on.day > CONTRIBUTIONS_DUE_ON else 2)
    return max(0, month_number(last_day) - closed)


def wages_by_month(
    runs: Sequence[ContributionRun], first_month: int, last_month: int
) -> dict[int, int]:
    """The wage of each contributed month of a span; the lower one where two employers paid."""
    wages: dict[int, int] = {}
    for run in runs:
        end = min(month_number(run.last_month), last_month)
        if end < first_month:
            continue
        for month in range(max(month_number(run.first_month), first_month), end + 1):
            wages[month] = min(wages.get(month, run.monthly_wage_sen), run.monthly_wage_sen)
    return wages


def average_wage(
    w: Working,
    runs: Sequence[ContributionRun] | None,
    event: date,
    averaging: str = "averaging_months",
) -> Wage:
    """Average monthly assumed wage, in sen, of the contributed months before an event's month.

    Each month counts up to the top class of that month. The working ends without a statement or a
    contributed month.
    """
    if runs is None:
        w.stop(Outcome.NOT_KNOWN, "contributions_not_known")
    looked_back, month = w.number(averaging, event), month_number(event)
    wages = wages_by_month(runs, month - looked_back, month - 1)
    if not wages:
        w.stop(Outcome.NOT_KNOWN, "no_month_to_average", looked_back=looked_back)
    capped = [
        min(wage, w.number("top_assumed_wage", first_of_month(paid)))
        for paid, wage in sorted(wages.items())
    ]
    average = Wage(sum(capped), len(capped))
    w.say("average_wage", count=len(capped), looked_back=looked_back, wage=average.monthly)
    return average
