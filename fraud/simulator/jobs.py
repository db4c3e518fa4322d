"""Lawful claims after the loss of a job: new work, kept work, courses and moves.

Every rate is an assumption for simulation.
"""

from random import Random

from fraud.records import Scheme
from fraud.simulator.crossings import Doing, Spell
from fraud.simulator.plans import Placement, Plan
from fraud.simulator.region import Region, digits, old_firms

REASONS = ("retrenchment", "closure", "voluntary_separation", "resignation", "other")
REASON_WEIGHTS = (46, 14, 14, 20, 6)
CLAIMED_IN_TIME = 0.94
"""With the share of resignations this leaves about 74% that the law allows (2023)."""
LATE_MOVE = 0.3
"""Share of those who move for a job who find it only after five months."""
COHORT = 0.25
"""Share of trainees whom one large centre takes in."""


def lose_job(plan: Plan, draw: Random) -> None:
    """A loss of employment, claimed in time in nearly all cases."""
    in_time = draw.random() < CLAIMED_IN_TIME
    delay = draw.randrange(3, 59) if in_time else draw.randrange(61, 100)
    plan.reason = draw.choices(REASONS, weights=REASON_WEIGHTS)[0]
    plan.received = plan.event + delay


def find_job(plan: Plan, draw: Random, region: Region) -> None:
    """The loss, and then the job or course that the allowance is claimed for."""
    lose_job(plan, draw)
    plan.reason = draw.choices(REASONS[:3], weights=(62, 19, 19))[0]
    firm = draw.randrange(old_firms(region))
    wage = max(120_000, round(int(region.wage_sen[plan.person]) * draw.uniform(0.7, 1.1)))
    starts = draw.randrange(14, 150)
    plan.placement = Placement(starts, None, firm, wage_sen=round(wage / 1000) * 1000)
    if plan.scheme is Scheme.REDUCED_INCOME:  # the other job, kept
        plan.placement.starts_after = starts = -draw.randrange(60, 900)
        plan.placement.wage_sen = round(wage * draw.uniform(0.2, 0.7) / 1000) * 1000
        plan.received = plan.event + draw.randrange(3, 59)
        return
    if plan.scheme is Scheme.MOBILITY:
        plan.placement.distance = draw.randrange(105, 700)
        if draw.random() < LATE_MOVE:
            plan.placement.starts_after = starts = draw.randrange(150, 365)
    if plan.scheme is Scheme.TRAINING:
        plan.placement.centre = a_centre(region, draw)
        plan.placement.ends_after = starts + draw.choice((14, 30, 60, 90))
        plan.placement.employer = plan.placement.wage_sen = None
    plan.received = plan.event + starts + draw.randrange(5, 60)


def centres(region: Region) -> list[str]:
    """Training centres of the region; the first of them is the largest by far."""
    count = max(4, region.settings.people // 2500)
    return [f"TC{digits(region.dice('centre', n), 6)}" for n in range(count)]


def a_centre(region: Region, draw: Random) -> str:
    """The large centre, or one of the others."""
    known = centres(region)
    return known[0] if draw.random() < COHORT else draw.choice(known[1:])


def settle_in(plan: Plan, _draw: Random, _region: Region) -> None:
    """Nobody crosses for work until the new job; who moves far away does not afterwards either."""
    job = plan.placement
    if job is None:
        return
    until = plan.event + max(job.starts_after, 1) - 1
    last = plan.received + 300 if plan.scheme is Scheme.MOBILITY else until
    plan.spells.append(Spell(plan.person, plan.event + 1, last, Doing.AT_HOME))


def ends_search(plan: Plan, last: int, draw: Random, region: Region) -> None:
    """The job with which an honest search ends, the day after its last day."""
    firm = draw.randrange(old_firms(region))
    plan.placement = Placement(last + 1 - plan.event, None, firm, told=True)
