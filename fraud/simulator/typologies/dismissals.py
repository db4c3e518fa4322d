"""T11: a resignation or a job on paper told as retrenchment, alone or with letters from a seller.

Their honest twins: downsizing, insolvency, a voluntary separation scheme, being hired again after
the order book filled. Every rate is an assumption.
"""

from random import Random

from fraud.records import Scheme
from fraud.simulator.papers import month_of
from fraud.simulator.plans import Placement, Plan
from fraud.simulator.region import Career, Region, Work, old_firms
from fraud.simulator.texts import a_letter, vary
from fraud.simulator.typologies.kind import Alone, Typology, happens, how_many
from fraud.simulator.typologies.traces import Traces, become, contributes, new_plan, pace, recruit

BOUNDS = (12, 16, 20, 24)
"""Contributions at which the allowance gets longer."""
DOWNSIZED, INSOLVENT, HIRED_AGAIN = 0.02, 0.012, 0.02


def _seeks(plan: Plan, _region: Region) -> bool:
    return plan.scheme is Scheme.JOB_SEARCH


def _could_collude(plan: Plan, region: Region) -> bool:
    return _seeks(plan, region) and plan.careers is None


def _resign_as_retrenched(plan: Plan, draw: Random, region: Region) -> None:
    """T11: the employer signs whatever is asked for."""
    _collude(plan, draw, region, Traces(draw), plan.employer)


def _collude(plan: Plan, draw: Random, region: Region, traces: Traces, next_firm: int) -> None:
    plan.reason = "retrenchment"
    plan.details.separation_pay = False if traces.show(0.80) else None
    if traces.show(0.65):
        until, months = month_of(region, plan.event), draw.choice(BOUNDS)
        wage = int(region.wage_sen[plan.person])
        plan.careers = [Career(plan.employer, until - months + 1, 10_000, wage)]
    if traces.show(0.70):
        back = plan.employer if draw.random() < 0.5 else next_firm
        plan.placement = Placement(draw.randrange(12, 55), None, back, told=False)
    plan.wrong_share = 1.0


def _letters(region: Region, plans: list[Plan], taken: set[int], size: int, draw: Random) -> int:
    """T11 organised: one seller's letter for many, jobs at two to four linked firms."""
    firms = _linked_firms(region, draw)
    letter = a_letter(region.dice("letter", firms[0]), draw, "retrenchment")
    runner = draw.choice(region.runners)
    members = recruit(region, taken, size, draw, contributes(region))
    for person, day in zip(members, pace(region, len(members), draw), strict=True):
        plan = new_plan(region, plans, person, Scheme.JOB_SEARCH, day)
        become(plan, "T11", organised=True)
        traces = Traces(draw)
        if traces.show(0.75):
            plan.employer = draw.choice(firms)
        if traces.show(0.90):
            plan.details.letter = vary(letter, draw)
        if traces.show(0.60):
            plan.intermediary = runner
        _collude(plan, draw, region, traces, draw.choice(firms))
    return len(members)


def _linked_firms(region: Region, draw: Random) -> list[int]:
    """Two to four small firms with one director."""
    small = [n for n in range(old_firms(region)) if region.employers[n].staff < 30]
    firms = draw.sample(small, min(draw.choice((2, 3, 3, 4)), len(small)))
    director = region.employers[firms[0]].directors[0]
    for number in firms[1:]:
        one = region.employers[number]
        one.directors = (director, *one.directors[1:])
    return firms


def _downsizing(region: Region, plans: list[Plan], taken: set[int], draw: Random) -> None:
    """Many of one employer's people lose their jobs within weeks, with one letter for all."""
    seeking = sum(_seeks(plan, region) for plan in plans)
    for rate, reason in ((DOWNSIZED, "retrenchment"), (INSOLVENT, "closure")):
        for _ in range(how_many(region, draw, rate * seeking / 5)):
            firm = _firm_with_staff(region, draw)
            there = [one for one in region.staff_of.get(firm, ()) if one not in taken]
            here = [one for one in there if region.work[one] != Work.SINGAPORE]
            day = draw.randrange(5, max(region.settings.days - 30, 6))
            for person in draw.sample(here, min(draw.randrange(3, 9), len(here))):
                taken.add(person)
                later = day + draw.randrange(0, 25)
                plan = new_plan(region, plans, person, Scheme.JOB_SEARCH, later)
                plan.reason, plan.in_crowd = reason, True
                plan.details.separation_pay = reason == "retrenchment" and draw.random() < 0.9
                plan.resembles("T11")


def _firm_with_staff(region: Region, draw: Random) -> int:
    for _ in range(60):
        firm = draw.randrange(old_firms(region))
        if len(region.staff_of.get(firm, ())) >= 6:
            return firm
    return region.hazardous_plant


def _hired_again(plan: Plan, draw: Random, region: Region) -> None:
    if plan.placement is None and happens(region, draw, HIRED_AGAIN):
        plan.placement = Placement(draw.randrange(60, 170), None, plan.employer, told=True)
        plan.resembles("T11")


KINDS = (
    Typology(
        "T11",
        0.015,
        _seeks,
        Alone(_could_collude, _resign_as_retrenched),
        ring=_letters,
        organised=0.6,
        look=_hired_again,
        crowd=_downsizing,
    ),
)
