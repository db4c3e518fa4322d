"""T1, T2, T3: work during a job search, work on leave, an accident told to be elsewhere."""

from random import Random

from fraud.records import Place, Scheme
from fraud.simulator.crossings import Doing, Spell
from fraud.simulator.honest import many_parts, stay_home
from fraud.simulator.plans import Placement, Plan
from fraud.simulator.region import Region, Work
from fraud.simulator.typologies.kind import Alone, Typology
from fraud.simulator.typologies.traces import Traces


def _seeks(plan: Plan, _region: Region) -> bool:
    return plan.scheme is Scheme.JOB_SEARCH


def _on_leave(plan: Plan, _region: Region) -> bool:
    return plan.scheme is Scheme.TEMPORARY_DISABLEMENT


def _commutes(plan: Plan, _region: Region) -> bool:
    return plan.scheme is Scheme.COMMUTER


def _could_be_moved(plan: Plan, region: Region) -> bool:
    across = region.work[plan.person] != Work.LOCAL and plan.place is not Place.LINK
    return across and plan.road and plan.scheme in (Scheme.COMMUTER, Scheme.TEMPORARY_DISABLEMENT)


def _work_and_seek(plan: Plan, draw: Random, region: Region) -> None:
    """T1: the loss is declared, the daily crossing goes on or begins."""
    traces = Traces(draw)
    begins = plan.event + 1
    if region.work[plan.person] == Work.LOCAL or draw.random() < 0.3:
        begins += draw.randrange(2, 22)
        plan.spells.append(Spell(plan.person, plan.event + 1, begins - 1, Doing.AT_HOME))
    until = plan.received + draw.randrange(60, 150)
    if traces.faint:
        stay_home(plan, region)
    else:
        rate = draw.uniform(0.7, 1.0)
        plan.spells.append(Spell(plan.person, begins, until, Doing.WORKS_ACROSS, rate))
    if traces.show(0.90):  # the partner across the border may name the job one day
        plan.placement = Placement(begins - plan.event, across=True, told=False)
    if traces.show(0.30):
        plan.enrolled_after = draw.randrange(1, 30)
    plan.wrong_share = draw.uniform(0.6, 1.0)


def _works_on_leave(plan: Plan, draw: Random, region: Region) -> None:
    """T2: certified unfit, at work all the same, here or across."""
    traces = Traces(draw)
    across = region.work[plan.person] != Work.LOCAL or draw.random() < 0.4
    first = plan.event + draw.randrange(1, 4)
    plan.spells.append(Spell(plan.person, plan.event + 1, first - 1, Doing.AT_HOME))
    doing = Doing.WORKS_ACROSS if across and not traces.faint else Doing.AT_HOME
    last = plan.event + plan.leave - 1
    rate = draw.uniform(0.65, 1.0)
    plan.spells.append(Spell(plan.person, min(first, last), last, doing, rate))
    if traces.show(0.80 if not across else 0.45):
        plan.worked_on_leave = draw.uniform(0.5, 0.95)
        plan.worked_from = min(draw.randrange(1, 4), plan.leave - 1)
    if traces.show(0.65) and plan.leave >= 8:
        many_parts(plan, draw)
    if plan.platform and traces.show(0.75):
        plan.trips_on_leave = draw.uniform(0.4, 0.9)
    plan.wrong_share = draw.uniform(0.6, 0.95)


def _moved_accident(plan: Plan, draw: Random, region: Region) -> None:
    """T3: it happened in Singapore and is declared at home or on the link."""
    traces = Traces(draw)
    truly = plan.really_at
    if plan.place is Place.MALAYSIA:  # after the return: put it into the stay before
        truly -= draw.randrange(150, 420)
    plan.really_at = truly
    plan.place = Place.LINK if draw.random() < 0.2 else Place.MALAYSIA
    told = truly if traces.show(0.85) else truly + draw.randrange(360, 560)
    plan.occurred = told
    plan.treated_after = max(20, truly - told + draw.randrange(25, 300))
    plan.treated_in_singapore = traces.show(0.75)
    if traces.show(0.75):
        plan.police_after = draw.randrange(60, 300) * 60
    if traces.show(0.60):
        plan.details.off_route = draw.randrange(25, 120)
    if traces.show(0.50):
        plan.police_district = draw.choice(("SEGAMAT", "MUAR", "BATU PAHAT", "MERSING", "KLUANG"))
    stay_home(plan, region)


KINDS = (
    Typology(
        "T1",
        0.02,
        _seeks,
        Alone(lambda plan, _region: _seeks(plan, _region) and plan.careers is None, _work_and_seek),
    ),
    Typology(
        "T2",
        0.015,
        _on_leave,
        Alone(lambda plan, _region: _on_leave(plan, _region) and plan.leave >= 8, _works_on_leave),
    ),
    Typology("T3", 0.01, _commutes, Alone(_could_be_moved, _moved_accident)),
)
