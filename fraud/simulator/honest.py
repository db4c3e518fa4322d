"""Lawful claims: accidents, job losses, ordinary mistakes, and circumstances that look like fraud.

Every rate is an assumption for simulation. A look-alike is honest and stays labelled genuine.
"""

from collections.abc import Callable, Sequence
from random import Random

import numpy as np

from fraud.records import Account, Place, Scheme
from fraud.simulator import jobs, pensions
from fraud.simulator.boards import convene
from fraud.simulator.crossings import Doing, Spell, Travel, Trip
from fraud.simulator.plans import (
    CODE_WEIGHTS,
    DEATHS,
    ILLNESSES,
    INJURY_CODES,
    JOB_LOSSES,
    OFF_WORK,
    WITHOUT_EMPLOYER,
    Plan,
    add_leave,
)
from fraud.simulator.rates import events
from fraud.simulator.region import Career, Region, Rhythm, Work, an_account

FOLLOW_UP, LIGHT_DUTY, PASSENGER, MANY_PARTS = 0.06, 0.045, 0.03, 0.06
INTERVIEWS, SHOPPING, CARING, NOTICE_PERIOD = 0.08, 0.07, 0.035, 0.025
POLICE_LATE, MIDNIGHT_SLIP = 0.07, 0.015
HELPER, RUNNER, PLANT_INJURY = 0.07, 0.025, 0.5
WEEKEND_JOB, SPOUSE, REIMBURSED, CARE_HOME, BANK_SWITCH = 0.08, 0.04, 0.45, 0.004, 0.015
RE_ENROLLED = 0.06
GIG, SIDE_JOB, RELATIVE_DRIVES, LEISURE_ACROSS = 0.55, 0.12, 0.05, 0.08
PLATFORMS = ("SIMRIDE", "SIMFOOD", "SIMPARCEL")
WICA, PRIVATE_COVER = 0.35, 0.03
KEEPS_ITS_LIFE = (None, "T9", "T18", "T19")
"""Typologies that leave a person's days as they are."""
AMENDED = 0.02
NIGHTS_AWAY = {int(Rhythm.NIGHT): 1, int(Rhythm.WEEKLY): 6}
"""How many days before it a trip may have begun that lasts into a day."""


def plan_claims(region: Region, travel: Travel) -> list[Plan]:
    """Honest claims of the whole window, in order of person and event."""
    plans: list[Plan] = []
    died: dict[int, int] = {}
    for person, day, scheme in events(region, travel):
        if person in died:
            continue
        if scheme is Scheme.SURVIVORS:
            died[person] = day
            _add_death(region, plans, person, day)
            continue
        plan = _a_plan(region, len(plans), person, day, scheme)
        if 0 <= plan.received < region.settings.days:
            plans.append(plan)
    plans = [plan for plan in plans if plan.received < died.get(plan.person, plan.received + 1)]
    place_accidents(travel, region, [plan for plan in plans if plan.injury])
    return plans


def _add_death(region: Region, plans: list[Plan], person: int, day: int) -> None:
    claims = pensions.claims_after(region, person, day)
    funerals = sum(scheme is Scheme.FUNERAL for _, scheme, _ in claims)
    for claimant, scheme, passing in claims:
        plan = _a_plan(region, len(plans), claimant, day, scheme)
        plan.passing = passing
        plan.employer = int(region.employer[person])
        if scheme is Scheme.FUNERAL and funerals > 1:
            plan.resembles("T17")
        if 0 <= plan.received < region.settings.days:
            plans.append(plan)


def _a_plan(region: Region, number: int, person: int, day: int, scheme: Scheme) -> Plan:
    draw = region.dice("plan", number)
    plan = Plan(
        number=number,
        person=person,
        scheme=scheme,
        event=day,
        received=day,
        minute=draw.randrange(8 * 60, 20 * 60),
        employer=int(region.employer[person]),
    )
    if scheme is Scheme.COMMUTER and draw.random() < WEEKEND_JOB:
        _weekend_job(plan, draw, region)
    fill_in(plan, draw, region)
    return plan


def fill_in(plan: Plan, draw: Random, region: Region) -> None:
    """Ordinary circumstances of a claim whose `event` holds the day it came up."""
    if plan.injury:
        _be_injured(plan, draw, region)
    elif plan.scheme is Scheme.JOB_SEARCH:
        jobs.lose_job(plan, draw)
    elif plan.loses_job:
        jobs.find_job(plan, draw, region)
    elif plan.scheme in ILLNESSES:
        pensions.fall_ill(plan, draw, region)
    else:
        pensions.die(plan, draw)
    if draw.random() < RUNNER:
        plan.intermediary = draw.choice(region.runners)
    plan.amended = draw.random() < AMENDED


def _be_injured(plan: Plan, draw: Random, region: Region) -> None:
    delay = max(2, min(int(9 * np.exp(1.15 * draw.gauss(0, 1))), 150))
    add_leave(plan, draw, region)
    _injure(plan, draw)
    if draw.random() < 0.75:  # most file when the leave is nearly or wholly over
        delay += int(plan.leave * draw.uniform(0.4, 1.2))
    employed = plan.scheme is not Scheme.COMMUTER and plan.scheme not in WITHOUT_EMPLOYER
    plan.asked_employer = employed and draw.random() < 0.70
    if plan.scheme is Scheme.PERMANENT_DISABLEMENT:
        plan.event -= draw.randrange(110, 330)
        delay = draw.randrange(110, 330) + draw.randrange(3, 40)
    plan.received = plan.event + delay
    side_job = employed and region.dice("side job", plan.person).random() < SIDE_JOB
    if side_job or (plan.scheme is Scheme.SELF_EMPLOYED and draw.random() < GIG):
        plan.platform = draw.choice(PLATFORMS)


def _injure(plan: Plan, draw: Random) -> None:
    road = {Scheme.COMMUTER: 1.0, Scheme.HOUSEWIFE: 0.0, Scheme.SELF_EMPLOYED: 0.6}
    plan.road = draw.random() < road.get(plan.scheme, 0.45)
    plan.injury_code = draw.choices(INJURY_CODES, weights=CODE_WEIGHTS)[0]
    plan.occurred = plan.really_at = draw.choice((430, 600, 700, 820, 930, 1080)) + draw.randrange(
        60
    )
    plan.treated_after = draw.randrange(15, 240)
    if plan.road:
        plan.police_after = draw.randrange(2, 30) * 60
        plan.police_district = draw.choice(("JB-SELATAN", "JB-UTARA", "ISKANDAR PUTERI", "KULAI"))
        if draw.random() < 0.05:
            plan.police_district = draw.choice(("SEGAMAT", "MUAR", "BATU PAHAT", "MERSING"))
    if plan.scheme is Scheme.PERMANENT_DISABLEMENT:
        plan.percent = max(1, min(int(7 * np.exp(0.7 * draw.gauss(0, 1))), 60))


def place_accidents(travel: Travel, region: Region, plans: Sequence[Plan]) -> None:
    """Put accidents of people who cross onto a day and an hour of a trip they really make."""
    moving = [one for one in plans if _away(one, region)]
    span = 16
    person = np.repeat(np.array([one.person for one in moving], dtype=np.int64), span)
    start = np.repeat(np.array([one.event for one in moving], dtype=np.int64), span)
    day = start + np.tile(np.arange(span, dtype=np.int64), len(moving))
    trips = travel.outings(person, day)
    ways = (travel.gap(person, day, back=False), travel.gap(person, day, back=True))
    for index, plan in enumerate(moving):
        rows = slice(index * span, (index + 1) * span)
        goes = np.flatnonzero(trips.goes[rows])
        if not len(goes):
            continue
        row = index * span + int(goes[0])
        plan.received += int(goes[0])
        plan.event += int(goes[0])
        times = (int(trips.out[row]), int(ways[0][row]), int(ways[1][row]), int(trips.back[row]))
        _place_on_trip(plan, plan.dice(region, "place"), times)
        _to_its_day(plan)
    for plan in plans:
        if not _away(plan, region):
            away = NIGHTS_AWAY.get(region.rhythm[plan.person], 0)
            plan.trips += [Trip(plan.person, plan.event - ago, -1, -1) for ago in range(away + 1)]


def _away(plan: Plan, region: Region) -> bool:
    """Whether the accident belongs to a trip across: work there, or leisure there now and then."""
    if region.work[plan.person] == Work.LOCAL or plan.scheme in WITHOUT_EMPLOYER:
        return False
    return plan.scheme not in OFF_WORK or plan.dice(region, "leisure").random() < LEISURE_ACROSS


def _place_on_trip(plan: Plan, draw: Random, times: tuple[int, int, int, int]) -> None:
    out, way, way_back, back = times
    inside = (out + way + 15, max(back - way_back - 15, out + way + 16))
    where = draw.random()
    if not plan.road or where < 0.42:
        plan.place, plan.occurred = Place.SINGAPORE, draw.randrange(*inside)
        if plan.road:  # on the way to or from work
            edge = draw.randrange(5, 55)
            plan.occurred = inside[0] + edge if draw.random() < 0.5 else inside[1] - edge
        plan.treated_in_singapore = draw.random() < 0.75
    elif where < 0.60:
        plan.place = Place.LINK
        plan.occurred = out + draw.randrange(1, max(way, 2))
        if draw.random() < 0.6:
            plan.occurred = back - draw.randrange(1, max(way_back, 2))
        plan.treated_in_singapore = draw.random() < 0.25
        plan.resembles("T3")
    else:
        plan.occurred = back + draw.randrange(6, 60)
    plan.really_at = plan.occurred


def _to_its_day(plan: Plan) -> None:
    """After a stay of several days the accident is later than the leaving: count from its day."""
    later = max(plan.occurred // 1440, 0)
    plan.event, plan.received = plan.event + later, plan.received + later
    plan.occurred, plan.really_at = plan.occurred - 1440 * later, plan.really_at - 1440 * later


def rest_and_look(region: Region, plans: Sequence[Plan]) -> None:
    """How honest claimants cross afterwards, and the honest cases that resemble fraud.

    Fraudulent claims get the same ordinary noise in whatever their typology leaves open.
    """
    for plan in plans:
        draw = plan.dice(region, "honest")
        if plan.typology in KEEPS_ITS_LIFE:
            _LOOKS[plan.scheme](plan, draw, region)
        elif not plan.spells:
            stay_home(plan, region)
        convene(plan, region)
        if plan.account is None and plan.switched_to is None:
            _payee(plan, draw, region)
        if plan.careers is None:
            _employer_looks(plan, draw, region)
        if plan.injury and plan.other_payer is None:
            _other_payer(plan, plan.dice(region, "other payer"))


def stay_home(plan: Plan, region: Region) -> None:
    """No work across the border while on leave or without work."""
    last = plan.event + plan.leave - 1
    if plan.loses_job:
        search = plan.dice(region, "search").expovariate(0.0077)
        last = max(plan.received + 30, plan.event + int(search))
    plan.spells.append(Spell(plan.person, plan.event + 1, last, Doing.AT_HOME))


def _job_search_looks(plan: Plan, draw: Random, region: Region) -> None:
    if draw.random() < RE_ENROLLED:  # still a member, or preparing for an announced new job
        plan.enrolled_after = (
            draw.randrange(1, 30) if draw.random() < 0.4 else -draw.randrange(1, 300)
        )
    if region.work[plan.person] == Work.SINGAPORE:
        return  # lost the weekend job, keeps the other one: crosses as before, and says so
    last = max(plan.received + 40, plan.event + int(draw.expovariate(0.0077)))
    jobs.ends_search(plan, last, draw, region)
    first, doing, rate = plan.event + 1, Doing.AT_HOME, 1.0
    look = draw.random()
    if look < INTERVIEWS:
        doing, rate = Doing.INTERVIEWS, draw.uniform(0.6, 1.6)
    elif look < INTERVIEWS + SHOPPING:
        doing, rate = Doing.SHOPS_WEEKENDS, draw.uniform(0.7, 1.3)
    elif look < INTERVIEWS + SHOPPING + CARING:
        doing, rate = Doing.CARES_ACROSS, draw.uniform(0.5, 1.2)
    elif look < INTERVIEWS + SHOPPING + CARING + NOTICE_PERIOD:
        until = plan.event + draw.randrange(10, 32)  # the notice is still being worked out
        worked = draw.uniform(0.9, 1.0)
        plan.spells.append(Spell(plan.person, first, until, Doing.WORKS_ACROSS, worked))
        first = until + 1
        plan.resembles("T1")
    if doing is not Doing.AT_HOME:
        plan.resembles("T1")
    plan.spells.append(Spell(plan.person, first, last, doing, rate))


def _temporary_looks(plan: Plan, draw: Random, region: Region) -> None:
    doing, rate = Doing.AT_HOME, 1.0
    look = draw.random()
    across = plan.treated_in_singapore or region.work[plan.person] != Work.LOCAL
    if look < FOLLOW_UP * (2.0 if across else 0.5):
        doing, rate = Doing.TREATED_ACROSS, draw.uniform(0.6, 2.2)
        plan.clinic = region.singapore_hospital if draw.random() < 0.4 else plan.clinic
        plan.resembles("T2")
    elif look < 0.16 and draw.random() < LIGHT_DUTY / 0.1 and plan.scheme not in WITHOUT_EMPLOYER:
        plan.worked_from = plan.leave // 2
        plan.worked_on_leave = draw.uniform(0.5, 0.95)
        if across and draw.random() < 0.5:
            doing, rate = Doing.WORKS_ACROSS, draw.uniform(0.4, 0.8)
        plan.resembles("T2")
    elif look > 1 - PASSENGER:
        doing, rate = Doing.RIDES_ALONG, draw.uniform(0.7, 1.6)
        plan.resembles("T2")
    elif look > 1 - PASSENGER - MANY_PARTS and plan.leave >= 12:
        many_parts(plan, draw)
        plan.resembles("T2")
    first = plan.event + 1 + plan.worked_from * (doing is Doing.WORKS_ACROSS)
    if first > plan.event + 1:
        plan.spells.append(Spell(plan.person, plan.event + 1, first - 1, Doing.AT_HOME))
    last = max(plan.event + plan.leave - 1, first)
    plan.spells.append(Spell(plan.person, first, last, doing, rate))
    _road_looks(plan, draw)
    _off_work_looks(plan, draw)


def _off_work_looks(plan: Plan, draw: Random) -> None:
    """What the first clinic note says of a private accident; a relative who drives meanwhile."""
    if plan.scheme in OFF_WORK and not plan.road:
        home = plan.scheme is Scheme.HOUSEWIFE
        plan.cause = "home" if home else draw.choice(("home", "home", "sport", "other"))
        if plan.scheme is Scheme.SELF_EMPLOYED:
            plan.cause = "work"
    if plan.platform and draw.random() < RELATIVE_DRIVES:
        plan.trips_on_leave = draw.uniform(0.3, 0.9)
        plan.resembles("T2")


def many_parts(plan: Plan, draw: Random) -> None:
    """The same leave in short certificates of one clinic, again and again."""
    total, plan.leave_parts, plan.one_clinic = plan.leave, [], True
    while total > 0:
        plan.leave_parts.append(min(total, draw.choice((4, 5, 5, 6, 7))))
        total -= plan.leave_parts[-1]


def _road_looks(plan: Plan, draw: Random) -> None:
    if not plan.road or plan.scheme is Scheme.PERMANENT_DISABLEMENT:
        return
    look = draw.random()
    if look < POLICE_LATE:  # in hospital first
        plan.police_after = draw.randrange(72, 290) * 60
        plan.resembles("T3")
    elif look < POLICE_LATE + MIDNIGHT_SLIP and plan.place is Place.MALAYSIA:
        plan.occurred -= draw.choice((1440, 1440, 720, 2160))  # a day, or noon for midnight
        plan.resembles("T3")


def _permanent_looks(plan: Plan, draw: Random, region: Region) -> None:
    stay_home(plan, region)
    if plan.clinic is region.bone_unit:
        plan.injury_code = draw.choice(("S83", "S83", "M51", "S82"))
        plan.resembles("T7")
    if plan.employer == region.hazardous_plant and draw.random() < PLANT_INJURY:
        plan.injury_code, plan.percent = "S62", max(1, 6 + draw.randrange(-2, 3))
        plan.resembles("T7")
    elif draw.random() < 0.10:  # one trade, one strain
        trade = region.employers[plan.employer].trade
        plan.injury_code = INJURY_CODES[trade]
        plan.percent = max(1, 5 + trade % 4 + draw.randrange(-1, 2))
        plan.resembles("T7")


_LOOKS: dict[Scheme, Callable[[Plan, Random, Region], None]] = {
    Scheme.JOB_SEARCH: _job_search_looks,
    Scheme.TEMPORARY_DISABLEMENT: _temporary_looks,
    Scheme.COMMUTER: _temporary_looks,
    Scheme.PERMANENT_DISABLEMENT: _permanent_looks,
    **dict.fromkeys(OFF_WORK, _temporary_looks),
    **dict.fromkeys(ILLNESSES, pensions.stay_ill),
    **dict.fromkeys(DEATHS, pensions.mourn),
    **dict.fromkeys(JOB_LOSSES - {Scheme.JOB_SEARCH}, jobs.settle_in),
}


def _other_payer(plan: Plan, draw: Random) -> None:
    """A second insurer of the same injury, declared: a matter to coordinate."""
    if plan.place is Place.SINGAPORE and not plan.road and draw.random() < WICA:
        plan.other_payer = "wica_insurer"
    elif draw.random() < PRIVATE_COVER:
        plan.other_payer = "private_insurer"
    if plan.other_payer and plan.other_payer_told is None:
        plan.other_payer_told = True if draw.random() < 0.9 else None
        plan.resembles("T5")


def _payee(plan: Plan, draw: Random, region: Region) -> None:
    employer = region.employers[plan.employer]
    temporary = plan.scheme is Scheme.TEMPORARY_DISABLEMENT
    if temporary and employer.reimbursed_to is not None and draw.random() < REIMBURSED:
        plan.account = employer.reimbursed_to
        plan.resembles("T18")
    elif draw.random() < SPOUSE:
        mate = plan.person + 1 if plan.person % 3 < 2 else plan.person - 1
        plan.account = own_account(region, min(mate, region.settings.people - 1))
        plan.resembles("T18")
    elif plan.injury and draw.random() < CARE_HOME:
        plan.account = region.care_home
        plan.resembles("T18")
    elif draw.random() < BANK_SWITCH:
        plan.switched_to, plan.switch_before = an_account(draw), draw.randrange(1, 20)
        plan.resembles("T18")
    if plan.injury and draw.random() < HELPER * (2 if plan.percent else 1):
        plan.intermediary = plan.intermediary or draw.choice(region.helpers)
        plan.resembles("T7")


def _employer_looks(plan: Plan, draw: Random, region: Region) -> None:
    employer = region.employers[plan.employer]
    if region.work[plan.insured] == Work.SINGAPORE or plan.scheme in WITHOUT_EMPLOYER:
        return
    young = (region.settings.first_day - employer.registered_on).days < 720
    if employer.pays_late:
        plan.paid_in_lump = draw.randrange(10, 150) if draw.random() < 0.5 else None
    if young or employer.pays_late:
        plan.resembles("T10")


def _weekend_job(plan: Plan, draw: Random, region: Region) -> None:
    """Works in Singapore in the week and for a small Johor firm at weekends."""
    small = [n for n, one in enumerate(region.employers) if one.staff < 8][:400]
    firm = draw.choice(small) if small else plan.employer
    begun = draw.randrange(-20, 0)
    plan.employer = firm
    plan.scheme = draw.choice((Scheme.TEMPORARY_DISABLEMENT, Scheme.JOB_SEARCH))
    plan.careers = [Career(firm, begun, 10_000, draw.choice((60_000, 80_000, 100_000, 120_000)))]
    plan.resembles("T10")


def own_account(region: Region, person: int) -> Account:
    """The account a person has had all along."""
    return an_account(region.dice("account", person))
