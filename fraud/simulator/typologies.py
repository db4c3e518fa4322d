"""Six patterns of fraud, each leaving only the traces that real cases are reported to leave.

Every trace appears with a probability, and about one case in seven leaves hardly any, so that
no single column gives fraud away. Prevalences are scaled together to meet the overall rate.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from fraud.records import Account, Label, Place, Scheme
from fraud.simulator.crossings import Doing, Spell
from fraud.simulator.honest import fill_in, many_parts, stay_home
from fraud.simulator.plans import Plan
from fraud.simulator.region import (
    Career,
    Employer,
    Region,
    Rhythm,
    Work,
    a_mobile,
    an_account,
    an_address,
    an_employer_code,
    digits,
)

ORGANISED_SHARE = 0.40
INVISIBLE_SHARE = 0.15
ALONE = (("T1", 0.40), ("T2", 0.40), ("T3", 0.20))
RINGS = (("T7", 0.34), ("T10", 0.36), ("T18", 0.30))
SMALLEST_RING = 3

NATURAL_PREVALENCE = {"T1": 0.02, "T2": 0.015, "T3": 0.01, "T7": 0.005, "T10": 0.003, "T18": 0.002}
"""Assumed share of the typology's own stream, before scaling (see the rates the region reports)."""


class Traces:
    """Whether a trace shows: seldom, in the cases that leave hardly any."""

    def __init__(self, draw: Random) -> None:
        self._draw = draw
        self._factor = 0.15 if draw.random() < INVISIBLE_SHARE else 1.0
        self.faint = self._factor < 1

    def show(self, probability: float) -> bool:
        return self._draw.random() < probability * self._factor


def plant(region: Region, plans: list[Plan]) -> None:
    """Turn some honest claims into fraud and add the claims of rings."""
    wanted = region.settings.fraud_rate * len(plans)
    draw = region.dice("fraud")
    rings = round(wanted * ORGANISED_SHARE)
    _plant_rings(region, plans, rings, draw)
    alone = round(wanted - wanted * ORGANISED_SHARE)
    for typology, share in ALONE:
        fitting = [plan for plan in plans if plan.honest and _fits(typology, plan, region)]
        count = min(round(alone * share), len(fitting))
        for plan in _lean_across(region, fitting, count, draw):
            _become(plan, typology)
            _ALONE[typology](plan, plan.dice(region, "fraud"), region)


def _lean_across(region: Region, fitting: list[Plan], count: int, draw: Random) -> list[Plan]:
    """Who already works across the border has the occasion twice as often."""
    keyed = [
        (draw.random() ** (1 if region.work[plan.person] == Work.LOCAL else 2), plan.number, plan)
        for plan in fitting
    ]
    return [plan for _, _, plan in sorted(keyed, key=lambda one: one[:2])[:count]]


def _become(plan: Plan, typology: str, *, organised: bool = False) -> None:
    plan.label, plan.typology, plan.organised = Label.CONFIRMED_FRAUD, typology, organised
    plan.look_alike = None
    plan.wrong_share = 1.0


def _fits(typology: str, plan: Plan, region: Region) -> bool:
    if typology == "T1":
        return plan.scheme is Scheme.JOB_SEARCH and plan.careers is None
    if typology == "T2":
        return plan.scheme is Scheme.TEMPORARY_DISABLEMENT and plan.leave >= 6
    across = region.work[plan.person] != Work.LOCAL and plan.place is not Place.LINK
    return across and plan.road and plan.scheme in (Scheme.COMMUTER, Scheme.TEMPORARY_DISABLEMENT)


def _works_during_search(plan: Plan, draw: Random, region: Region) -> None:
    """T1: the loss is declared, the daily crossing goes on or begins."""
    traces = Traces(draw)
    begins = plan.event + 1
    if region.work[plan.person] == Work.LOCAL or draw.random() < 0.3:
        begins += draw.randrange(3, 35)
        plan.spells.append(Spell(plan.person, plan.event + 1, begins - 1, Doing.AT_HOME))
    until = plan.received + draw.randrange(60, 150)
    if traces.faint:
        stay_home(plan, region)
    else:
        rate = draw.uniform(0.6, 1.0)
        plan.spells.append(Spell(plan.person, begins, until, Doing.WORKS_ACROSS, rate))
    if traces.show(0.30):
        plan.enrolled_after = draw.randrange(1, 30)
    plan.wrong_share = draw.uniform(0.6, 1.0)


def _works_on_leave(plan: Plan, draw: Random, region: Region) -> None:
    """T2: certified unfit, at work all the same, here or across."""
    traces = Traces(draw)
    across = region.work[plan.person] != Work.LOCAL or draw.random() < 0.4
    first = plan.event + draw.randrange(2, 5)
    plan.spells.append(Spell(plan.person, plan.event + 1, first - 1, Doing.AT_HOME))
    doing = Doing.WORKS_ACROSS if across and not traces.faint else Doing.AT_HOME
    last = plan.event + plan.leave - 1
    rate = draw.uniform(0.55, 0.95)
    plan.spells.append(Spell(plan.person, min(first, last), last, doing, rate))
    if traces.show(0.75 if not across else 0.35):
        plan.asked_employer, plan.worked_on_leave = True, draw.uniform(0.4, 0.9)
        plan.worked_from = min(draw.randrange(2, 5), plan.leave - 1)
    if traces.show(0.65) and plan.leave >= 8:
        many_parts(plan, draw)
    plan.wrong_share = draw.uniform(0.6, 0.95)


def _moved_accident(plan: Plan, draw: Random, region: Region) -> None:
    """T3: it happened in Singapore and is declared at home or on the link."""
    traces = Traces(draw)
    truly = plan.really_at
    if plan.place is Place.MALAYSIA:  # after the return: put it into the stay before
        truly -= draw.randrange(150, 420)
    plan.really_at = truly
    plan.place = Place.LINK if draw.random() < 0.2 else Place.MALAYSIA
    told = truly if traces.show(0.80) else truly + draw.randrange(360, 560)
    plan.occurred = told
    plan.treated_after = max(20, truly - told + draw.randrange(25, 300))
    plan.treated_in_singapore = traces.show(0.65)
    if traces.show(0.65):
        plan.police_after = draw.randrange(60, 300) * 60
    if traces.show(0.50):
        plan.police_district = draw.choice(("SEGAMAT", "MUAR", "BATU PAHAT", "MERSING", "KLUANG"))
    stay_home(plan, region)


_ALONE: dict[str, Callable[[Plan, Random, Region], None]] = {
    "T1": _works_during_search,
    "T2": _works_on_leave,
    "T3": _moved_accident,
}


def _plant_rings(region: Region, plans: list[Plan], wanted: int, draw: Random) -> None:
    """Rings until the organised share is met, the type that lags most coming next."""
    taken = {plan.person for plan in plans}
    made = dict.fromkeys((name for name, _ in RINGS), 0)
    number = 0
    while wanted - sum(made.values()) >= SMALLEST_RING:
        kind, share = max(RINGS, key=lambda one: wanted * one[1] - made[one[0]])
        left = wanted - sum(made.values())
        size = draw.randrange(7, 16)
        lags = max(SMALLEST_RING, round(wanted * share - made[kind]))
        size = left if left - min(size, lags) < SMALLEST_RING else min(size, lags)
        found = _RING[kind](region, plans, taken, size, region.dice("ring", number))
        made[kind] += max(found, 1)
        number += 1


def _pace(region: Region, size: int, draw: Random) -> list[int]:
    """Days on which a ring's claims come in, months apart from first to last.

    A ring may have begun before the window and may go on after it: no month has more of them.
    """
    days, length = region.settings.days, draw.randrange(140, 330)
    start = draw.randrange(-length // 2, max(days - length // 2, 1))
    first, last = max(start, 5), max(min(start + length, days - 2), 6)
    return sorted(draw.randrange(min(first, last - 1), last) for _ in range(size))


def _recruit(
    region: Region, taken: set[int], size: int, draw: Random, fits: Callable[[int], bool]
) -> list[int]:
    found: list[int] = []
    for _ in range(size * 400):
        person = draw.randrange(region.settings.people)
        if person not in taken and fits(person):
            found.append(person)
            taken.add(person)
        if len(found) == size:
            break
    return found


def _new_plan(region: Region, plans: list[Plan], person: int, scheme: Scheme, day: int) -> Plan:
    """An ordinary claim of that kind, shifted so that it comes in on the given day."""
    number = 10_000_000 + len(plans)
    plan = Plan(number, person, scheme, day, day, 0, int(region.employer[person]))
    draw = plan.dice(region, "ordinary")
    plan.minute = draw.randrange(8 * 60, 20 * 60)
    fill_in(plan, draw, region)
    plan.event -= plan.received - day
    plan.received = day
    plans.append(plan)
    return plan


def _contributes(region: Region) -> Callable[[int], bool]:
    return lambda person: bool(region.work[person] != Work.SINGAPORE)


def _cartel(region: Region, plans: list[Plan], taken: set[int], size: int, draw: Random) -> int:
    """T7: a go-between, one or two specialists, a few employers, the same knee again and again."""
    runner = draw.choice(region.runners)
    second = a_mobile(draw)
    clinic = draw.choice([region.bone_unit, region.hospital, *region.clinics])
    signers = draw.sample(clinic.practitioners, min(2, len(clinic.practitioners)))
    firms = [draw.randrange(len(region.employers)) for _ in range(draw.choice((1, 2, 2, 3)))]
    code, percent = draw.choice(("S83", "M51", "S82", "S93")), draw.randrange(7, 16)
    text = a_report(draw, code)
    members = _recruit(region, taken, size, draw, _contributes(region))
    for person, day in zip(members, _pace(region, len(members), draw), strict=True):
        plan = _new_plan(region, plans, person, Scheme.PERMANENT_DISABLEMENT, day)
        _become(plan, "T7", organised=True)
        traces = Traces(draw)
        if traces.show(0.80):
            plan.intermediary = runner if draw.random() < 0.75 else second
        if traces.show(0.80):
            plan.clinic, plan.signer = clinic, draw.choice(signers)
        if traces.show(0.65):
            plan.employer = draw.choice(firms)
        if traces.show(0.85):
            plan.injury_code = code
        if traces.show(0.80):
            plan.percent = percent + draw.choice((-1, 0, 0, 0, 1))
        if traces.show(0.75):
            plan.report_text = vary(text, draw)
        stay_home(plan, region)
    return len(members)


def a_report(draw: Random, code: str) -> str:
    """The few sentences a practitioner writes about an injury (simulated)."""
    first = draw.choice((
        "Patient fell at the workplace", "Patient slipped on a wet floor",
        "Pesakit jatuh semasa mengangkat barang", "Patient hit by a moving load",
        "Motosikal terbabas di selekoh", "Collision at a junction", "Pesakit tergelincir di tangga",
        "Patient struck the guard rail", "Hand caught while feeding the machine",
    ))  # fmt: skip
    second = draw.choice((
        "swelling and reduced range of movement", "pain on weight bearing", "bengkak dan lebam",
        "tenderness over the joint line", "kelemahan anggota", "numbness of the fingers",
        "instability on stress test", "radiating pain to the leg", "luka terbuka",
    ))  # fmt: skip
    third = draw.choice((
        "X-ray done, no dislocation", "MRI shows a partial tear", "Imaging not available",
        "X-ray menunjukkan retak halus", "referred for physiotherapy", "plaster applied",
        "conservative treatment", "sutured under local anaesthesia", "fisioterapi dicadangkan",
    ))  # fmt: skip
    last = draw.choice((
        "Review in two weeks.", "Follow-up given.", "Unfit for work.", "Rawatan susulan diberi.",
        "Advised rest.", "Fit for light work after review.",
    ))  # fmt: skip
    told = " ".join(draw.choice(words) for words in _TOLD)
    day = draw.randrange(2, 29)
    return f"{first}; {told}; code {code}. On examination {second}. {third} on day {day}. {last}"


_TOLD = (
    ("early in the shift", "late in the shift", "on the way home", "semasa hujan", "at the gate",
     "before the meal break", "pada waktu malam", "while unloading", "near the stairs"),
    ("with one colleague", "alone at the time", "dengan dua saksi", "in heavy traffic",
     "on uneven ground", "carrying two boxes", "without a helmet", "dengan kasut keselamatan"),
    ("and could not stand", "and walked with help", "lalu dibawa ke klinik", "and felt it next day",
     "and was taken by ambulance", "dan rehat di rumah", "and went on for an hour"),
    ("No earlier complaint", "Old complaint of the same side", "Tiada sejarah penyakit",
     "Takes medicine for blood pressure", "Smoker", "Menghidap kencing manis", "Fit before"),
)  # fmt: skip


def vary(text: str, draw: Random) -> str:
    """The same report with a word changed."""
    words = text.split()
    if draw.random() < 0.7:
        at = draw.randrange(len(words))
        words[at] = draw.choice(("mild", "marked", "left", "right", "kiri", "kanan", "again"))
    return " ".join(words)


def _ghost_firms(
    region: Region, plans: list[Plan], taken: set[int], size: int, draw: Random
) -> int:
    """T10: young firms without work, wages at one round value, claims in month 13 or 25."""
    firms = _found_firms(region, draw)
    wage = draw.choice((300_000, 400_000, 500_000, 600_000, 600_000))
    members = _recruit(region, taken, size, draw, _commutes(region))
    for person, day in zip(members, _pace(region, len(members), draw), strict=True):
        scheme = draw.choices(
            (Scheme.JOB_SEARCH, Scheme.TEMPORARY_DISABLEMENT, Scheme.PERMANENT_DISABLEMENT),
            weights=(55, 35, 10),
        )[0]
        plan = _new_plan(region, plans, person, scheme, day)
        _become(plan, "T10", organised=True)
        traces = Traces(draw)
        plan.employer = draw.choice(firms)
        months = draw.choice((12, 12, 24)) if traces.show(0.75) else draw.randrange(9, 30)
        paid = wage if traces.show(0.80) else int(region.wage_sen[person])
        plan.careers = _paper_job(region, plan, months, paid)
        if traces.show(0.65):
            plan.paid_in_lump = draw.randrange(4, 35)
        if traces.faint:
            stay_home(plan, region)
        else:
            until = plan.received + 90
            plan.spells.append(Spell(person, plan.event + 1, until, Doing.WORKS_ACROSS, 0.9))
    return len(members)


def _commutes(region: Region) -> Callable[[int], bool]:
    daily = (int(Rhythm.DAY), int(Rhythm.NIGHT), int(Rhythm.WEEKLY))
    return lambda person: int(region.rhythm[person]) in daily


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
    days = _pace(region, size, draw)
    fitting = [one for one in plans if one.honest and days[0] <= one.received <= days[-1] + 30]
    for plan in draw.sample(fitting, min(size, len(fitting))):
        _become(plan, "T18", organised=True)
        _redirect(plan, draw.choice(purses), device, draw)
    return min(size, len(fitting))


def _redirect(plan: Plan, purse: Account, device: str, draw: Random) -> None:
    traces = Traces(draw)
    if traces.show(0.75):
        plan.account = purse
    elif traces.show(0.95):
        plan.switched_to, plan.switch_before = purse, draw.randrange(1, 15)
        plan.switch_device = device if traces.show(0.7) else None
    else:
        plan.account = an_account(draw)


_RING: dict[str, Callable[[Region, list[Plan], set[int], int, Random], int]] = {
    "T7": _cartel,
    "T10": _ghost_firms,
    "T18": _one_purse,
}


def scaling(plans: Sequence[Plan]) -> dict[str, float]:
    """By how much each prevalence had to be scaled to meet the overall rate."""
    streams = {
        "T1": (Scheme.JOB_SEARCH,),
        "T2": (Scheme.TEMPORARY_DISABLEMENT,),
        "T3": (Scheme.COMMUTER,),
        "T7": (Scheme.PERMANENT_DISABLEMENT,),
        "T10": tuple(Scheme),
        "T18": tuple(Scheme),
    }
    factors = {}
    for typology, schemes in streams.items():
        natural = sum(one.scheme in schemes for one in plans) * NATURAL_PREVALENCE[typology]
        found = sum(one.typology == typology for one in plans)
        factors[typology] = round(found / natural, 2) if natural else 0.0
    return factors
