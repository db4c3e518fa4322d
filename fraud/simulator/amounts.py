"""What would be paid on a claim as lodged: the simulator's own short reading of the benefit rules.

Amounts are sen. Pensions and allowances without an end count with their first twelve months.
"""

from fraud.records import Certificate, ContributionRun, Scheme
from fraud.simulator.plans import Plan

WAGE_CEILING = 595_000
DAILY_LEAST, DAILY_MOST = 3_000, 15_867
PERMANENT_LEAST, PERMANENT_MOST = 3_000, 17_850
SEARCH_MONTHS = (0.80, 0.50, 0.40, 0.40, 0.30, 0.30)
PLANS = (105_000, 155_000, 295_000, 395_000)
"""Insured wages of Act 789; assumed for the commuter scheme too."""
PERMANENT_DAYS = 2_000
"""A lump sum stands for about so many days of the pension (assumption)."""
PENSION_LEAST, FUNERAL, ATTENDANCE, MOBILITY = 47_500, 200_000, 50_000, 100_000
EARLY_SHARE = 0.25
TRAINING_DAILY, HOUSEWIFE_DAILY = 2_000, 3_000
"""Assumptions: the sums were not found."""

Runs = list[ContributionRun]


def due(plan: Plan, wage_sen: int, certificates: tuple[Certificate, ...], runs: Runs) -> int:
    """What would be paid on these statements, in sen."""
    wage = min(wage_sen, WAGE_CEILING)
    monthly = instalments(plan, wage, runs)
    if monthly:
        return sum(monthly)
    days = sum((one.last_day - one.first_day).days + 1 for one in certificates)
    match plan.scheme:
        case Scheme.PERMANENT_DISABLEMENT:
            daily = min(max(wage / 30 * 0.9, PERMANENT_LEAST), PERMANENT_MOST)
            return round(daily * plan.percent / 100 * PERMANENT_DAYS)
        case Scheme.FUNERAL:
            return FUNERAL
        case Scheme.MOBILITY:
            return MOBILITY
        case Scheme.EARLY_REEMPLOYMENT | Scheme.REDUCED_INCOME | Scheme.TRAINING:
            return _around_work(plan, wage, runs)
        case Scheme.HOUSEWIFE:
            return HOUSEWIFE_DAILY * days
    return min(max(round(wage / 30 * 0.8), DAILY_LEAST), DAILY_MOST) * days


def _around_work(plan: Plan, wage: int, runs: Runs) -> int:
    job = plan.placement
    if job is None:
        return 0
    if plan.scheme is Scheme.TRAINING:
        return TRAINING_DAILY * ((job.ends_after or job.starts_after) - job.starts_after)
    if plan.scheme is Scheme.REDUCED_INCOME:
        return round(max(wage - (job.wage_sen or 0), 0) * sum(SEARCH_MONTHS[: _length(runs)]))
    used = min(job.starts_after // 30, _length(runs))
    return round(EARLY_SHARE * wage * sum(SEARCH_MONTHS[used : _length(runs)]))


def instalments(plan: Plan, wage: int, runs: Runs) -> list[int]:
    """The monthly sums of what is paid by the month, a year of them at most; else none."""
    match plan.scheme:
        case Scheme.JOB_SEARCH:
            return [round(wage * share) for share in SEARCH_MONTHS[: _length(runs)]]
        case Scheme.INVALIDITY | Scheme.SURVIVORS:
            share = min(0.50 + 0.01 * max((months_of(runs) - 24) // 12, 0), 0.65)
            return [max(round(wage * share), PENSION_LEAST)] * 12
        case Scheme.DEPENDANTS:
            return [round(max(wage / 30 * 0.9, PERMANENT_LEAST) * 30)] * 12
        case Scheme.CONSTANT_ATTENDANCE:
            return [ATTENDANCE] * 12
    return []


def _length(runs: Runs) -> int:
    """Months of job search allowance that the contributions open."""
    return 3 + sum(months_of(runs) >= bound for bound in (16, 20, 24))


def months_of(runs: Runs) -> int:
    """Contributed months of all runs."""
    return sum(
        (run.last_month.year - run.first_month.year) * 12
        + run.last_month.month
        - run.first_month.month
        + 1
        for run in runs
    )
