"""Wages that change: the insured ceiling of October 2024, and steps before an event."""

from collections.abc import Sequence
from datetime import date

from fraud.records import ContributionRun
from fraud.simulator.plans import WageStep

CEILING_LIFTED = date(2024, 10, 1)
OLD_CEILING = 500_000
"""Insured wage ceiling before that month, in sen; RM6,000 since."""


def under_ceiling(runs: Sequence[ContributionRun]) -> list[ContributionRun]:
    """Contribution runs with the ceiling of their time; a run across the change becomes two."""
    found: list[ContributionRun] = []
    for run in runs:
        if run.monthly_wage_sen <= OLD_CEILING or run.first_month >= CEILING_LIFTED:
            found.append(run)
            continue
        before, after = _cut(run, CEILING_LIFTED)
        if before:
            found.append(before.model_copy(update={"monthly_wage_sen": OLD_CEILING}))
        found += [after] if after else []
    return found


def stepped(
    runs: Sequence[ContributionRun], step: WageStep, corrected_on: date
) -> list[ContributionRun]:
    """Runs whose last months carry another wage, paid late where they were corrected."""
    if not runs:
        return []
    end = runs[-1].last_month
    since = month_before(end, step.months - 1)
    until = end if step.lasts is None else month_before(end, step.months - step.lasts)
    found: list[ContributionRun] = []
    for run in runs:
        before, rest = _cut(run, since)
        inside, after = _cut(rest, month_before(until, -1)) if rest else (None, None)
        change: dict[str, object] = {"monthly_wage_sen": step.wage_sen}
        if step.corrected:
            change["paid_on"] = corrected_on
        found += [before] if before else []
        found += [inside.model_copy(update=change)] if inside else []
        found += [after] if after else []
    return found


def _cut(run: ContributionRun, at: date) -> tuple[ContributionRun | None, ContributionRun | None]:
    """The months before `at`, and those from it on."""
    if run.last_month < at:
        return run, None
    if run.first_month >= at:
        return None, run
    return (
        run.model_copy(update={"last_month": month_before(at, 1)}),
        run.model_copy(update={"first_month": at}),
    )


def month_before(month: date, count: int) -> date:
    """The first day of the month that lies `count` months earlier."""
    total = month.year * 12 + month.month - 1 - count
    return date(total // 12, total % 12 + 1, 1)
