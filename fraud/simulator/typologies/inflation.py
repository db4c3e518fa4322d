"""T20: a wage that rises to the ceiling in the months from which the benefit is worked out.

Their honest twins: promotion, the overtime season, one month's bonus, and October 2024, when the
ceiling itself rose for everyone above it. Every rate is an assumption.
"""

from random import Random

from fraud.records import Scheme
from fraud.simulator.papers import month_of
from fraud.simulator.plans import Plan, WageStep
from fraud.simulator.region import Region, Work
from fraud.simulator.typologies.kind import Alone, Typology, happens
from fraud.simulator.typologies.traces import Traces

PROMOTED, OVERTIME, BONUS = 0.02, 0.025, 0.012
CEILING = 600_000
LIFTED = -3
"""Month of the window's own first January in which the ceiling rose: October 2024."""


def _by_wage(plan: Plan, _region: Region) -> bool:
    return plan.scheme in (Scheme.TEMPORARY_DISABLEMENT, Scheme.PERMANENT_DISABLEMENT)


def _could_rise(plan: Plan, region: Region) -> bool:
    here = region.work[plan.person] != Work.SINGAPORE
    low = region.wage_sen[plan.person] < 380_000
    return _by_wage(plan, region) and plan.careers is None and bool(here and low)


def _since(plan: Plan, region: Region, before: int) -> int:
    """Months from the last one stated back to `before` months ahead of the event."""
    return month_of(region, plan.received) - 1 - month_of(region, plan.event) + before


def _inflate(plan: Plan, draw: Random, region: Region) -> None:
    """T20: a step without another role, for the claimant alone, often filed afterwards."""
    traces = Traces(draw)
    own = int(region.wage_sen[plan.person])
    paid = CEILING
    if not traces.show(0.75):
        paid = min(round(own * draw.uniform(1.35, 1.9) / 1000) * 1000, CEILING)
    before = draw.randrange(1, 7) if traces.show(0.90) else draw.randrange(7, 12)
    months = max(_since(plan, region, before), 1)
    plan.details.wage_step = WageStep(months, paid, corrected=traces.show(0.65))
    plan.wrong_share = 1 - own / paid


def _pay_looks(plan: Plan, draw: Random, region: Region) -> None:
    if region.work[plan.person] == Work.SINGAPORE or plan.careers is not None:
        return
    own, months = int(region.wage_sen[plan.person]), max(_since(plan, region, 1), 1)
    if happens(region, draw, PROMOTED):
        plan.details.wage_step = _rise(own, months + draw.randrange(0, 6), draw, 1.15, 1.6)
    elif happens(region, draw, OVERTIME):
        plan.details.wage_step = _rise(own, months + draw.randrange(1, 4), draw, 1.1, 1.35)
    elif happens(region, draw, BONUS):
        at = months + draw.randrange(0, 5)
        plan.details.wage_step = _rise(own, at, draw, 1.5, 2.2, lasts=1)
    elif own <= 500_000 or not 0 <= month_of(region, plan.event) - LIFTED <= 6:
        return
    plan.resembles("T20")


def _rise(
    own: int, months: int, draw: Random, least: float, most: float, lasts: int | None = None
) -> WageStep:
    paid = min(round(own * draw.uniform(least, most) / 1000) * 1000, CEILING)
    return WageStep(months, paid, lasts)


KINDS = (Typology("T20", 0.005, _by_wage, Alone(_could_rise, _inflate), look=_pay_looks),)
