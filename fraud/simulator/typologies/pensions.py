"""T8 and T17: illnesses that are none, payments after death, dependants who are nobody's.

Honest ones that look alike: work under the one-third rule, escorted travel, good weeks, recovery
that is told; deaths registered late, children adopted, earlier marriages, two funeral payees.
"""

from datetime import timedelta
from random import Random

from fraud.records import Scheme
from fraud.simulator.crossings import Doing, Spell
from fraud.simulator.pensions import child_mykad, gone, stay_ill
from fraud.simulator.plans import DEATHS, Child, Passing, Placement, Plan
from fraud.simulator.region import Career, Region, Work, an_account, old_firms
from fraud.simulator.texts import an_illness_report, vary
from fraud.simulator.typologies.kind import Alone, Typology, happens
from fraud.simulator.typologies.traces import (
    Traces,
    become,
    contributes,
    new_plan,
    pace,
    recruit,
)

LIFELONG = frozenset((Scheme.INVALIDITY, Scheme.SURVIVORS, Scheme.DEPENDANTS))
RETURNS, ESCORTED, FLUCTUATES, RECOVERS, FILED_ELSEWHERE = 0.07, 0.06, 0.05, 0.05, 0.04
DIES_IN_PAYMENT, REGISTERED_LATE, ADOPTED, EARLIER_MARRIAGE = 0.04, 0.05, 0.05, 0.03
DEAD_ALREADY = 0.3
"""Share of the payments after a death for which the claim itself came after it."""


def _is_invalidity(plan: Plan, _region: Region) -> bool:
    return plan.scheme is Scheme.INVALIDITY and plan.sickness is not None


def _is_pension(plan: Plan, _region: Region) -> bool:
    return plan.scheme in LIFELONG or plan.scheme in DEATHS


def _make_up_illness(plan: Plan, draw: Random, region: Region) -> None:
    """T8: a stroke, a heart or a mind on paper, for a pension for life."""
    traces, ill = Traces(draw), plan.sickness
    if ill is None:
        return
    ill.code = draw.choice(("I63", "I21", "F20", "I50"))
    ill.text = an_illness_report(draw, ill.code)
    plan.serial_known = not traces.show(0.70)
    if traces.show(0.70):
        ill.began_before, ill.treated_before = draw.randrange(250, 900), draw.randrange(15, 70)
    if traces.show(0.65):  # no more months than the law asks for, paid late and together
        months, wage = 24 + draw.randrange(3), int(region.wage_sen[plan.person])
        first = plan.received // 30 - months
        plan.careers = [Career(draw.randrange(old_firms(region)), first, 10_000, wage)]
        plan.first_job = True
        plan.employer = plan.careers[0].employer
        plan.paid_in_lump = draw.randrange(5, 60) if traces.show(0.70) else None
    if traces.show(0.45):
        plan.intermediary = draw.choice(region.runners)
    across = region.work[plan.person] != Work.LOCAL
    if traces.show(0.70 if across else 0.30):
        last, rate = plan.received + 200, draw.uniform(0.7, 1.0)
        plan.spells.append(Spell(plan.person, plan.event, last, Doing.WORKS_ACROSS, rate))
        plan.placement = Placement(draw.randrange(-20, 30), across=True, told=False)
    else:
        stay_ill(plan, draw, region)
        if traces.show(0.65):
            wage = int(region.wage_sen[plan.person] * draw.uniform(0.6, 1.0))
            plan.placement = Placement(draw.randrange(20, 120), None, plan.employer, wage_sen=wage)
            plan.placement.told = False


def _invalidity_ring(
    region: Region, plans: list[Plan], taken: set[int], size: int, draw: Random
) -> int:
    """T8, organised: one go-between and one specialist sell the same report."""
    runner, clinic = draw.choice(region.runners), region.hospital
    signer, code = draw.choice(clinic.practitioners), draw.choice(("I63", "I21", "F20"))
    text = an_illness_report(draw, code)
    members = recruit(region, taken, size, draw, contributes(region))
    for person, day in zip(members, pace(region, len(members), draw), strict=True):
        plan = new_plan(region, plans, person, Scheme.INVALIDITY, day)
        become(plan, "T8", organised=True)
        own = region.dice("invalidity ring", person)
        _make_up_illness(plan, own, region)
        traces, ill = Traces(own), plan.sickness
        if ill is None:
            continue
        if traces.show(0.85):
            plan.intermediary = runner
        if traces.show(0.80):
            ill.clinic, ill.signer, plan.signer = clinic, signer, signer
        if traces.show(0.75):
            ill.code, ill.text = code, vary(text, own)
    return len(members)


def _look_like_made_up(plan: Plan, draw: Random, region: Region) -> None:
    """Lawful work, travel and good weeks of people whose illness is real."""
    if plan.look_alike is not None or plan.placement is not None:
        return
    wage = int(region.wage_sen[plan.person])
    if happens(region, draw, RETURNS):  # below one third of the former wage, and told
        part = round(wage * draw.uniform(0.15, 0.33))
        plan.placement = Placement(draw.randrange(40, 200), None, plan.employer, wage_sen=part)
    elif happens(region, draw, ESCORTED):
        last, rate = plan.received + 400, draw.uniform(0.5, 2.0)
        plan.spells.append(Spell(plan.person, plan.event - 29, last, Doing.TREATED_ACROSS, rate))
    elif happens(region, draw, FLUCTUATES):
        again = plan.event + draw.randrange(10, 60)
        until = again + draw.randrange(8, 30)
        plan.spells.append(Spell(plan.person, again, until, Doing.WORKS_ACROSS, 0.7))
        plan.spells.append(Spell(plan.person, until + 1, plan.received + 400, Doing.AT_HOME))
    elif happens(region, draw, RECOVERS):
        plan.placement = Placement(draw.randrange(150, 320), None, plan.employer, wage_sen=wage)
    elif happens(region, draw, FILED_ELSEWHERE):  # the registry has it under another number
        plan.serial_known = False
    else:
        return
    plan.resembles("T8")


def _draw_on(plan: Plan, draw: Random, region: Region) -> None:
    """T17: payments go on after a death that nobody tells, or children are added to the list."""
    traces, passing = Traces(draw), plan.passing
    if passing and passing.children and draw.random() < 0.5:
        _false_children(passing, traces, draw, region)
        plan.spells.append(gone(passing.deceased, plan.event, region))
        plan.wrong_share = draw.uniform(0.2, 0.6)
        return
    plan.died_on = plan.received + draw.randrange(10, 80)
    if draw.random() < DEAD_ALREADY:  # the number of somebody who had died
        plan.died_on = plan.received - draw.randrange(20, 150)
    plan.paid_after_death = 10_000
    plan.wrong_share = draw.uniform(0.5, 0.9)
    if plan.scheme is Scheme.INVALIDITY:
        stay_ill(plan, draw, region)
    if passing:
        plan.spells.append(gone(passing.deceased, plan.event, region))
    if traces.show(0.80):  # else somebody goes on using the papers of the deceased
        plan.spells.append(gone(plan.person, plan.died_on, region))
    if traces.show(0.50):
        plan.switched_to, plan.switch_before = an_account(draw), -draw.randrange(40, 90)


def _false_children(passing: Passing, traces: Traces, draw: Random, region: Region) -> None:
    """Numbers of people of another age, or who are no children any more."""
    for child in passing.children:
        if traces.show(0.85):
            years = draw.choice((-9, -6, -4, 4, 6)) * 365
            child.born_on += timedelta(days=years + draw.randrange(-100, 100))
    if traces.show(0.65):
        born = region.birth[passing.deceased] + timedelta(days=draw.randrange(1500, 4200))
        passing.children.append(Child(child_mykad(born, draw.randrange(10_000)), born))


def _children_for_hire(
    region: Region, plans: list[Plan], taken: set[int], size: int, draw: Random
) -> int:
    """T17, organised: real deaths claimed once more, with the same children each time."""
    runner, purse = draw.choice(region.runners), an_account(draw)
    days = pace(region, size, draw)
    deaths = [one for one in plans if one.passing and one.untouched and one.received > 5]
    deaths = sorted(draw.sample(deaths, min(size, len(deaths))), key=lambda one: one.received)
    lent = [_lent_child(region, draw) for _ in range(3)]
    members = recruit(region, taken, len(deaths), draw, lambda _person: True)
    for person, death, day in zip(members, deaths, days, strict=False):
        first = death.passing
        if first is None:
            continue
        again = death.scheme is Scheme.FUNERAL and draw.random() < 0.8
        scheme = Scheme.FUNERAL if again else Scheme.SURVIVORS
        received = min(max(day, death.received + 3), region.settings.days - 1)
        plan = new_plan(region, plans, person, scheme, received)
        become(plan, "T17", organised=True)
        traces = Traces(draw)
        plan.event, plan.employer = death.event, death.employer
        plan.passing = Passing(
            first.deceased, first.cause, first.registered_after, first.place, spouse=False
        )
        if not again:
            plan.passing.children = list(lent if traces.show(0.90) else lent[:1])
        if traces.show(0.75):
            plan.intermediary = runner
        if traces.show(0.70):
            plan.account = purse
    return len(members)


def _lent_child(region: Region, draw: Random) -> Child:
    born = region.settings.first_day - timedelta(days=draw.randrange(800, 5500))
    return Child(child_mykad(born, draw.randrange(10_000)), born)


def _look_like_drawn_on(plan: Plan, draw: Random, region: Region) -> None:
    """Late entries in the register, adopted children and wives of an earlier marriage."""
    passing = plan.passing
    if plan.look_alike is not None:
        return
    if passing and passing.children and happens(region, draw, ADOPTED):
        child = passing.children[0]  # the birth was certified later
        child.born_on -= timedelta(days=draw.randrange(20, 700))
        plan.resembles("T17")
    elif passing and passing.children and happens(region, draw, EARLIER_MARRIAGE):
        born = region.birth[passing.deceased] + timedelta(days=draw.randrange(-900, 900))
        passing.children.append(Child(child_mykad(born, plan.number), born, "spouse"))
        plan.resembles("T17")
    elif plan.scheme in LIFELONG and happens(region, draw, REGISTERED_LATE):  # it was abroad
        _die(plan, draw, region)
        plan.register_late = draw.randrange(35, 80)
        plan.paid_after_death = plan.register_late + 5
        plan.resembles("T17")
    elif plan.scheme in LIFELONG and draw.random() < DIES_IN_PAYMENT:  # and the family tells
        _die(plan, draw, region)
        plan.paid_after_death = draw.randrange(20)


def _die(plan: Plan, draw: Random, region: Region) -> None:
    plan.died_on = plan.received + draw.randrange(35, 250)
    plan.spells.append(gone(plan.person, plan.died_on, region))


KINDS = (
    Typology(
        "T8",
        0.003,
        _is_invalidity,
        Alone(_is_invalidity, _make_up_illness),
        ring=_invalidity_ring,
        organised=0.5,
        look=_look_like_made_up,
    ),
    Typology(
        "T17",
        0.003,
        _is_pension,
        Alone(lambda plan, _region: plan.scheme in LIFELONG, _draw_on),
        ring=_children_for_hire,
        organised=0.4,
        look=_look_like_drawn_on,
    ),
)
