"""T6: certificates bought for tens of ringgit, alone or from one seller.

Their honest twins: a lost original replaced, a consultation from afar, the clinic that is open all
night, a slip in the hospital's registry. Every rate is an assumption.
"""

from random import Random

from fraud.records import Scheme
from fraud.simulator.crossings import Doing, Spell
from fraud.simulator.plans import Plan
from fraud.simulator.region import Clinic, Region, Work
from fraud.simulator.texts import a_report, vary
from fraud.simulator.typologies.kind import Alone, Typology, happens
from fraud.simulator.typologies.traces import (
    Traces,
    become,
    contributes,
    new_plan,
    pace,
    recruit,
)

SHORT = 14
"""Days of leave up to which a claim is a short one."""
REPLACED, FROM_AFAR, REGISTRY_SLIP, ROSTER_SLIP = 0.015, 0.03, 0.008, 0.008


def _short(plan: Plan, _region: Region) -> bool:
    return plan.scheme is Scheme.TEMPORARY_DISABLEMENT and plan.leave <= SHORT


def _buy_one(plan: Plan, draw: Random, region: Region) -> None:
    """T6: a stamped sheet without an illness."""
    _bought(plan, draw, region, Traces(draw))


def _bought(plan: Plan, draw: Random, region: Region, traces: Traces) -> None:
    if traces.show(0.75):
        plan.leave_parts = [draw.randrange(4, 8) for _ in range(draw.choice((1, 2, 2, 3)))]
        plan.one_clinic = True
        plan.leave = sum(plan.leave_parts)
    plan.serial_known = not traces.show(0.80)
    plan.on_duty = not traces.show(0.65)
    if traces.show(0.45) and plan.clinic is not None and plan.details.last_serial is None:
        plan.details.last_serial = _out_of_order(plan.clinic, draw)
    if traces.show(0.60) and region.work[plan.person] != Work.LOCAL:
        last = plan.event + plan.leave
        plan.spells.append(Spell(plan.person, plan.event, last, Doing.WORKS_ACROSS, 0.95))


def _out_of_order(clinic: Clinic, draw: Random) -> str:
    """A number of that clinic's that is not its turn."""
    return f"{clinic.facility}-{max(1, clinic.start_serial - draw.randrange(4_000, 9_000)):07d}"


def _seller(region: Region, plans: list[Plan], taken: set[int], size: int, draw: Random) -> int:
    """T6 organised: one stolen pad, one stamp, one wording."""
    clinic = draw.choice((region.hospital, region.night_clinic, *region.clinics))
    signer, runner = draw.choice(clinic.practitioners), draw.choice(region.runners)
    pad = [_out_of_order(clinic, draw) for _ in range(max(1, size // 4))]
    code = draw.choice(("M54", "S93", "S61"))
    text = a_report(draw, code)
    members = recruit(region, taken, size, draw, contributes(region))
    for person, day in zip(members, pace(region, len(members), draw), strict=True):
        plan = new_plan(region, plans, person, Scheme.TEMPORARY_DISABLEMENT, day)
        become(plan, "T6", organised=True)
        traces = Traces(draw)
        if traces.show(0.80):
            plan.clinic, plan.signer, plan.one_clinic = clinic, signer, True
            if traces.show(0.70):
                plan.details.last_serial = draw.choice(pad)
        if traces.show(0.65):
            plan.injury_code, plan.report_text = code, vary(text, draw)
        if traces.show(0.40):
            plan.intermediary = runner
        _bought(plan, draw, region, traces)
    return len(members)


def _paper_looks(plan: Plan, draw: Random, region: Region) -> None:
    if happens(region, draw, REPLACED) and plan.clinic is not None:
        plan.details.issued_late = draw.randrange(5, 25)
        if draw.random() < 0.6:
            ahead = plan.clinic.start_serial + draw.randrange(3_000, 6_000)
            plan.details.serial = f"{plan.clinic.facility}-{ahead:07d}"
    elif happens(region, draw, FROM_AFAR):
        plan.details.remote = True
    elif happens(region, draw, REGISTRY_SLIP):
        plan.serial_known = False
    elif happens(region, draw, ROSTER_SLIP):
        plan.on_duty = False
    elif plan.clinic is not region.night_clinic or plan.leave > 7:
        return
    plan.resembles("T6")


KINDS = (
    Typology(
        "T6",
        0.01,
        _short,
        Alone(_short, _buy_one),
        ring=_seller,
        organised=0.5,
        look=_paper_looks,
    ),
)
