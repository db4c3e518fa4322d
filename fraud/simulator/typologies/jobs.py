"""T12: short or paper jobs, for early re-employment, mobility or training money.

Honest ones that look alike: a probation that failed, contract work, a job that was unsafe, a
training centre with one big cohort.
"""

from random import Random

from fraud.records import Scheme
from fraud.simulator.crossings import Doing, Spell
from fraud.simulator.jobs import centres, settle_in
from fraud.simulator.plans import Plan
from fraud.simulator.region import Region, Work
from fraud.simulator.typologies.kind import Alone, Typology, happens, how_many
from fraud.simulator.typologies.traces import (
    Traces,
    become,
    contributes,
    new_plan,
    pace,
    recruit,
)

NEW_JOBS = (Scheme.EARLY_REEMPLOYMENT, Scheme.MOBILITY, Scheme.TRAINING)
FAILED_PROBATION, CONTRACT_WORK, UNSAFE_JOB, OLD_EMPLOYER = 0.10, 0.08, 0.03, 0.03
TWO_CLAIMS = 0.04
LAST_DAY = {Scheme.EARLY_REEMPLOYMENT: 90, Scheme.MOBILITY: 364, Scheme.TRAINING: 150}
"""Days after the loss up to which a start still counts (mobility: 12 months; else assumed)."""


def _new_job(plan: Plan, _region: Region) -> bool:
    return plan.scheme in NEW_JOBS


def _farm(plan: Plan, draw: Random, region: Region) -> None:
    """T12: the job begins just in time, ends when the money has come, or was never there."""
    traces, job = Traces(draw), plan.placement
    if job is None:
        return
    if traces.show(0.60):
        later = LAST_DAY[plan.scheme] - draw.randrange(1, 9) - job.starts_after
        job.starts_after += later
        plan.event -= later  # still comes in on the same day
        if job.ends_after is not None:
            job.ends_after += later
    if traces.show(0.40) and job.centre is None:  # on paper, with whoever signs for it
        job.employer = plan.employer
    if traces.show(0.80) and job.centre is None:
        job.ends_after = plan.received - plan.event + draw.randrange(15, 55)
    if plan.scheme is Scheme.MOBILITY and traces.show(0.65):
        across = region.work[plan.person] != Work.LOCAL
        first, doing = plan.event + 1, Doing.WORKS_ACROSS if across else Doing.SHOPS_WEEKENDS
        plan.spells.append(Spell(plan.person, first, plan.received + 60, doing, 0.9))
    else:
        settle_in(plan, draw, region)


def _farms(region: Region, plans: list[Plan], taken: set[int], size: int, draw: Random) -> int:
    """T12, organised: the same one or two firms hire, the same centre teaches."""
    firms = [draw.randrange(len(region.employers)) for _ in range(draw.choice((1, 1, 2)))]
    centre, runner = draw.choice(centres(region)[1:]), draw.choice(region.runners)
    members = recruit(region, taken, size, draw, contributes(region))
    made = len(members)
    for person, day in zip(members, pace(region, len(members), draw), strict=True):
        scheme = draw.choices(NEW_JOBS, weights=(55, 15, 30))[0]
        plan = new_plan(region, plans, person, scheme, day)
        become(plan, "T12", organised=True)
        own = region.dice("farm", person)
        _farm(plan, own, region)
        traces, job = Traces(own), plan.placement
        if job is None:
            continue
        if job.centre and traces.show(0.85):
            job.centre = centre
        if job.employer is not None and traces.show(0.85):
            job.employer = own.choice(firms)
        if traces.show(0.75):
            plan.intermediary = runner
        again = day + own.randrange(90, 200)
        if traces.show(0.40) and again < region.settings.days:
            _once_more(region, plans, plan, again, own)
            made += 1
    return made


def _once_more(region: Region, plans: list[Plan], first: Plan, day: int, draw: Random) -> None:
    """The same person at the same firm or centre, or so it is said, in the next cycle."""
    plan = new_plan(region, plans, first.person, first.scheme, day)
    plan.again = True
    become(plan, "T12", organised=True)
    _farm(plan, draw, region)
    plan.intermediary = first.intermediary
    if plan.placement and first.placement:
        plan.placement.employer = first.placement.employer
        plan.placement.centre = first.placement.centre


def _two_claims(region: Region, plans: list[Plan], _taken: set[int], draw: Random) -> None:
    """One loss of a job, honestly followed by two sums: a course, then an early return."""
    first = [plan for plan in plans if plan.scheme in NEW_JOBS and plan.untouched]
    for _ in range(how_many(region, draw, TWO_CLAIMS * len(first))):
        one = draw.choice(first)
        scheme = draw.choice([each for each in NEW_JOBS if each is not one.scheme])
        second = new_plan(region, plans, one.person, scheme, one.received + draw.randrange(50, 200))
        second.again = True
        second.resembles("T12")


def _look_like_farming(plan: Plan, draw: Random, region: Region) -> None:
    job = plan.placement
    if job is None or plan.look_alike is not None:
        return
    if job.centre == centres(region)[0]:
        plan.resembles("T12")
    elif job.centre:
        return
    elif happens(region, draw, FAILED_PROBATION) or happens(region, draw, UNSAFE_JOB):
        job.ends_after = job.starts_after + draw.randrange(15, 95)
        plan.resembles("T12")
    elif happens(region, draw, CONTRACT_WORK):
        job.ends_after = job.starts_after + 90
        plan.resembles("T12")
    elif happens(region, draw, OLD_EMPLOYER):  # orders came back, and so did the person
        job.employer = plan.employer
        plan.resembles("T12")


KINDS = (
    Typology(
        "T12",
        0.01,
        _new_job,
        Alone(_new_job, _farm),
        ring=_farms,
        organised=0.75,
        look=_look_like_farming,
        crowd=_two_claims,
    ),
)
