"""T7, T10, T18: cartels around a board, firms on paper, one purse for many."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from fraud.records import Account, Scheme
from fraud.simulator.crossings import Doing, Spell
from fraud.simulator.honest import stay_home
from fraud.simulator.plans import Plan
from fraud.simulator.region import (
    Career,
    Employer,
    Region,
    a_mobile,
    an_account,
    an_address,
    an_employer_code,
    digits,
)
from fraud.simulator.texts import a_report, vary
from fraud.simulator.typologies.kind import Typology
from fraud.simulator.typologies.traces import (
    Traces,
    become,
    commutes,
    contributes,
    new_plan,
    pace,
    recruit,
)


def _cartel(region: Region, plans: list[Plan], taken: set[int], size: int, draw: Random) -> int:
    """T7: a go-between, one or two specialists, a few employers, the same knee again and again."""
    runner = draw.choice(region.runners)
    second = a_mobile(draw)
    clinic = draw.choice([region.bone_unit, region.hospital, *region.clinics])
    signers = draw.sample(clinic.practitioners, min(2, len(clinic.practitioners)))
    firms = [draw.randrange(len(region.employers)) for _ in range(draw.choice((1, 2, 2, 3)))]
    code, percent = draw.choice(("S83", "M51", "S82", "S93")), draw.randrange(7, 16)
    text = a_report(draw, code)
    members = recruit(region, taken, size, draw, contributes(region))
    for person, day in zip(members, pace(region, len(members), draw), strict=True):
        plan = new_plan(region, plans, person, Scheme.PERMANENT_DISABLEMENT, day)
        become(plan, "T7", organised=True)
        traces = Traces(draw)
        if traces.show(0.85):
            plan.intermediary = runner if draw.random() < 0.85 else second
        if traces.show(0.80):
            plan.clinic, plan.signer = clinic, draw.choice(signers)
        if traces.show(0.65):
            plan.employer = draw.choice(firms)
        if traces.show(0.85):
            plan.injury_code = code
        if traces.show(0.80):
            plan.percent = percent + draw.choice((-1, 0, 0, 0, 1))
        if traces.show(0.85):
            plan.report_text = vary(text, draw)
        if traces.show(0.55):
            plan.details.imaging = draw.choice(("missing", "contradicts"))
        stay_home(plan, region)
    return len(members)


def _ghost_firms(
    region: Region, plans: list[Plan], taken: set[int], size: int, draw: Random
) -> int:
    """T10: young firms without work, wages at one round value, claims in month 13 or 25."""
    firms = _found_firms(region, draw)
    wage = draw.choice((300_000, 400_000, 500_000, 600_000, 600_000))
    device = f"DEV{digits(draw, 8)}"
    members = recruit(region, taken, size, draw, commutes(region))
    for person, day in zip(members, pace(region, len(members), draw), strict=True):
        scheme = draw.choices(
            (Scheme.JOB_SEARCH, Scheme.TEMPORARY_DISABLEMENT, Scheme.PERMANENT_DISABLEMENT),
            weights=(55, 35, 10),
        )[0]
        plan = new_plan(region, plans, person, scheme, day)
        become(plan, "T10", organised=True)
        traces = Traces(draw)
        plan.employer = draw.choice(firms)
        months = draw.choice((12, 12, 24)) if traces.show(0.75) else draw.randrange(9, 30)
        paid = wage if traces.show(0.80) else int(region.wage_sen[person])
        plan.careers = _paper_job(region, plan, months, paid)
        if traces.show(0.50):
            plan.details.device = device
        if traces.show(0.65):
            plan.paid_in_lump = draw.randrange(4, 35)
        if traces.faint:
            stay_home(plan, region)
        else:
            until = plan.received + 90
            plan.spells.append(Spell(person, plan.event + 1, until, Doing.WORKS_ACROSS, 0.9))
    return len(members)


def _paper_job(region: Region, plan: Plan, months: int, wage_sen: int) -> list[Career]:
    last = plan.event // 30
    firm = region.employers[plan.employer]
    opened = region.settings.first_day + timedelta(days=(last - months - 2) * 30)
    region.employers[plan.employer] = replace(firm, registered_on=min(firm.registered_on, opened))
    return [Career(plan.employer, last - months, 10_000, wage_sen)]


def _found_firms(region: Region, draw: Random) -> list[int]:
    """Two to four young firms that share a director, an address, a telephone or a bureau."""
    shared = (f"D{digits(draw, 9)}", an_address(draw), f"+607{digits(draw, 7)}")
    bureau = f"PB{digits(draw, 6)}"
    opened = region.settings.first_day - timedelta(days=draw.randrange(200, 600))
    numbers = []
    for _ in range(draw.choice((2, 3, 3, 4))):
        directors = [f"D{digits(draw, 9)}"]
        if draw.random() < 0.70:
            directors.append(shared[0])
        pattern = region.employers[draw.randrange(len(region.employers))]
        firm = Employer(
            code=an_employer_code(draw),
            name=pattern.name.rsplit(" ", 2)[0] + f" {draw.randrange(1, 999)} (simulated)",
            registered_on=opened + timedelta(days=draw.randrange(-60, 60)),
            staff=draw.randrange(4, 26),
            directors=tuple(directors),
            phone=shared[2] if draw.random() < 0.6 else f"+607{digits(draw, 7)}",
            address=shared[1] if draw.random() < 0.65 else an_address(draw),
            bureau=bureau if draw.random() < 0.6 else None,
            trade=pattern.trade,
        )
        region.employers.append(firm)
        numbers.append(len(region.employers) - 1)
    return numbers


def _one_purse(region: Region, plans: list[Plan], _taken: set[int], size: int, draw: Random) -> int:
    """T18: benefits of unrelated people flow to one account, often changed just before payment."""
    purses = [an_account(draw) for _ in range(1 if size < 10 else 2)]
    device = f"DEV{digits(draw, 8)}"
    days = pace(region, size, draw)
    fitting = [one for one in plans if one.untouched and days[0] <= one.received <= days[-1] + 30]
    for plan in draw.sample(fitting, min(size, len(fitting))):
        become(plan, "T18", organised=True)
        _redirect(plan, draw.choice(purses), device, draw)
    return min(size, len(fitting))


def _redirect(plan: Plan, purse: Account, device: str, draw: Random) -> None:
    traces = Traces(draw)
    if traces.show(0.75):
        plan.account = purse
    elif traces.show(0.95):
        plan.details.on_mule_list = traces.show(0.45)
        plan.switched_to, plan.switch_before = purse, draw.randrange(1, 15)
        plan.switch_device = device if traces.show(0.7) else None
    else:
        plan.account = an_account(draw)


def _anyone(_plan: Plan, _region: Region) -> bool:
    return True


KINDS = (
    Typology(
        "T7",
        0.005,
        lambda plan, _region: plan.scheme is Scheme.PERMANENT_DISABLEMENT,
        ring=_cartel,
        organised=1.0,
    ),
    Typology("T10", 0.003, _anyone, ring=_ghost_firms, organised=1.0),
    Typology("T18", 0.002, _anyone, ring=_one_purse, organised=1.0),
)
