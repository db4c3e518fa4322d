"""T15: joined the commuter scheme after the accident, or without commuting at all.

Their honest twins: new starters, people back from long leave, those who cross by air or ferry, an
association that enrols its members on one day, a mistyped employer number. Every rate is an
assumption.
"""

from random import Random

from fraud.records import Place, Scheme
from fraud.simulator.crossings import Doing, Spell, Trip
from fraud.simulator.papers import month_of
from fraud.simulator.plans import Plan
from fraud.simulator.region import Region, Work, a_fake_uen
from fraud.simulator.typologies.kind import Alone, Typology, happens
from fraud.simulator.typologies.traces import Traces, become, new_plan, pace, recruit

NEW_STARTER, BACK_FROM_LEAVE, BY_AIR, BULK, MISTYPED = 0.03, 0.02, 0.008, 0.03, 0.006
FROM_HERE, KEPT_HERE = 0.5, 0.01
"""Shares of new starters who left a job in Johor for it, of commuters who kept a full one."""
DRIVE_EVERY = 60
"""Days between two enrolment drives of an association."""
DAY = 1440
STILL = 10_000
"""No month: the job in Johor goes on."""


def _commutes(plan: Plan, _region: Region) -> bool:
    return plan.scheme is Scheme.COMMUTER


def _enrol_late_or_stay(plan: Plan, draw: Random, _region: Region) -> None:
    """T15 alone: three in five join after the accident, the others have never commuted."""
    traces = Traces(draw)
    if draw.random() < 0.6:
        _enrol_after(plan, draw, traces)
    else:
        _never_there(plan, draw, traces)
    plan.wrong_share = 1.0


def _enrol_after(plan: Plan, draw: Random, traces: Traces) -> None:
    if traces.show(0.85):
        most = (plan.received - plan.event) * DAY - 600
        plan.details.enrolled_minutes = min(draw.randrange(25, 3 * DAY), max(most, 20))
        plan.treated_after = max(plan.treated_after, plan.details.enrolled_minutes // 3)
    else:  # the stated hour was moved instead
        plan.details.enrolled_minutes = -draw.randrange(20, 200)


def _never_there(plan: Plan, draw: Random, traces: Traces) -> None:
    if not traces.faint:
        first, last = plan.event - 70, plan.event + 70
        plan.spells.append(Spell(plan.person, first, last, Doing.AT_HOME))
        plan.trips.append(Trip(plan.person, plan.event, -1, -1))
    plan.place = draw.choice((Place.MALAYSIA, Place.LINK))
    plan.treated_in_singapore = False
    if traces.show(0.65):
        plan.details.last_month_here = STILL  # works in Johor all the while
    if traces.show(0.65):
        plan.details.uen = _malformed(a_fake_uen(draw), draw)
    if traces.show(0.35):
        plan.details.enrolled_minutes = -draw.randrange(1, 18) * DAY - draw.randrange(DAY)


def _batch(region: Region, plans: list[Plan], taken: set[int], size: int, draw: Random) -> int:
    """T15 organised: a runner pays for a batch of people who work at home in Johor."""
    payer = draw.choice(region.runners)
    uen = a_fake_uen(draw)
    stay = recruit(region, taken, size, draw, lambda one: bool(region.work[one] == Work.LOCAL))
    paid_on = draw.randrange(0, max(region.settings.days - 120, 1))
    for person, day in zip(stay, pace(region, len(stay), draw), strict=True):
        plan = new_plan(region, plans, person, Scheme.COMMUTER, day)
        become(plan, "T15", organised=True)
        traces = Traces(draw)
        plan.details.uen = uen
        _never_there(plan, draw, traces)
        if traces.show(0.80):
            plan.details.enrolled_by = payer
            if plan.event > paid_on:
                plan.details.enrolled_minutes = (paid_on - plan.event) * DAY + draw.randrange(60)
        if traces.show(0.80):
            plan.intermediary = payer
    return len(stay)


def _malformed(uen: str, draw: Random) -> str:
    """The number with a digit too few or in the wrong place: no shape of a reference."""
    return uen[:4] + uen[5:-1] if draw.random() < 0.5 else uen[:-1] + draw.choice("0123456789")


def _joining_looks(plan: Plan, draw: Random, region: Region) -> None:
    day = plan.event
    if happens(region, draw, NEW_STARTER):
        since = draw.randrange(1, 15)
        plan.details.enrolled_minutes = -since * DAY - draw.randrange(60, 600)
        plan.spells.append(Spell(plan.person, day - 75, day - since - 1, Doing.AT_HOME))
        if draw.random() < FROM_HERE:
            plan.details.last_month_here = month_of(region, day - since)
    elif happens(region, draw, BACK_FROM_LEAVE):
        away = Spell(plan.person, day - 75, day - draw.randrange(1, 9), Doing.AT_HOME)
        plan.spells.append(away)
    elif happens(region, draw, BY_AIR):  # no land clearances at all
        plan.spells.append(Spell(plan.person, day - 75, day, Doing.AT_HOME))
        plan.trips.append(Trip(plan.person, day, -1, -1))
    elif happens(region, draw, BULK):
        plan.details.enrolled_by = region.helpers[plan.person % len(region.helpers)]
        drive = (day // DRIVE_EVERY) * DRIVE_EVERY - draw.choice((0, 1, 2)) * DRIVE_EVERY
        if drive < day:
            plan.details.enrolled_minutes = (drive - day) * DAY + draw.randrange(200)
    elif happens(region, draw, KEPT_HERE):  # paid for the whole month here, works there at night
        plan.details.last_month_here = STILL
    elif happens(region, draw, MISTYPED):
        plan.details.uen = _malformed(a_fake_uen(draw), draw)
    else:
        return
    plan.resembles("T15")


KINDS = (
    Typology(
        "T15",
        0.02,
        _commutes,
        Alone(_commutes, _enrol_late_or_stay),
        ring=_batch,
        organised=0.4,
        look=_joining_looks,
    ),
)
