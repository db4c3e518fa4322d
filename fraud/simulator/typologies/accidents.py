"""T4 and T16: private accidents told as commuting, staged collisions and padded passengers.

Their honest twins: Sunday-evening returns, meal breaks, school drops, roads round a flood; bus
crashes, car-pool colleagues, chain crashes in rain. Every rate is an assumption.
"""

from collections.abc import Sequence
from random import Random

from fraud.records import Place, Scheme
from fraud.simulator.crossings import Trip
from fraud.simulator.plans import Plan
from fraud.simulator.region import Region, Rhythm, Work
from fraud.simulator.typologies.kind import Alone, Typology, happens, how_many
from fraud.simulator.typologies.traces import Traces, become, commutes, new_plan, recruit

MEAL_BREAK, SCHOOL_DROP, ROUND_A_JAM, DATE_SLIP, NOTE_SLIP = 0.012, 0.012, 0.012, 0.006, 0.006
BUS_CRASH, CAR_POOL, CHAIN_CRASH, SECOND_INJURY = 0.012, 0.010, 0.006, 0.006
"""Shares of road claims that belong to such a crowd; of injuries, to a second one in a year."""
SOFT_TISSUE = ("M54", "S90", "S93")


def _road(plan: Plan, _region: Region) -> bool:
    return plan.road and plan.injury and plan.scheme is not Scheme.PERMANENT_DISABLEMENT


def _redescribed(plan: Plan) -> bool:
    covered = (Scheme.TEMPORARY_DISABLEMENT, Scheme.COMMUTER)
    return plan.road and plan.scheme in covered


def _tell_as_commuting(plan: Plan, draw: Random, region: Region) -> None:
    """T4: it happened at home, at sport or on a private ride, and is told as the way to work."""
    traces = Traces(draw)
    if traces.show(0.75):
        plan.cause = draw.choices(("home", "sport", "other"), weights=(50, 35, 15))[0]
    if traces.show(0.70):
        plan.details.off_route = draw.randrange(35, 190)
    if traces.show(0.70):
        plan.details.absent_that_day = True
    if traces.show(0.50):
        plan.details.dated_before = draw.choice((1, 2, 2, 3, 4))
    if region.work[plan.person] == Work.LOCAL:
        if traces.show(0.45):  # a Sunday, told as the way to work all the same
            back = (region.day(plan.event).weekday() - 6) % 7
            plan.event, plan.received = plan.event - back, plan.received - back
    elif traces.show(0.50):  # no trip across on the day of the commuting accident
        plan.trips.append(Trip(plan.person, plan.event, -1, -1))
    plan.wrong_share = draw.uniform(0.7, 1.0)


def _way_home_looks(plan: Plan, draw: Random, region: Region) -> None:
    weekly = region.rhythm[plan.person] == Rhythm.WEEKLY
    if weekly and region.day(plan.event).weekday() == 6:
        plan.resembles("T4")  # back to a rented room on Sunday evening
        return
    local = region.work[plan.person] == Work.LOCAL
    if local and happens(region, draw, MEAL_BREAK):
        plan.occurred = plan.really_at = draw.randrange(740, 830)
        plan.details.off_route = draw.randrange(10, 40)
    elif local and happens(region, draw, SCHOOL_DROP):
        plan.occurred = plan.really_at = draw.randrange(390, 450)
        plan.details.off_route = draw.randrange(12, 45)
    elif happens(region, draw, ROUND_A_JAM):
        plan.details.off_route = draw.randrange(18, 75)
    elif happens(region, draw, DATE_SLIP):
        plan.details.dated_before = 1 if draw.random() < 0.8 else 7  # a day, or the week
    elif happens(region, draw, NOTE_SLIP) and plan.cause is None:
        plan.cause = draw.choice(("home", "sport", "other"))
    else:
        return
    plan.resembles("T4")


def _staged(region: Region, plans: list[Plan], taken: set[int], size: int, draw: Random) -> int:
    """T16: the same few people in one van, twice or three times, through the same hands."""
    accidents = 1 if size < 5 else draw.choice((2, 2, 3))
    pool = recruit(region, taken, max(2, size // accidents + 2), draw, commutes(region))
    vehicle, runner = f"SIMVAN{draw.randrange(1000):03d}", draw.choice(region.runners)
    clinic = draw.choice(region.clinics)
    signer, desk = draw.choice(clinic.practitioners), f"JB-SELATAN-{draw.randrange(1, 4)}"
    left, made = size, 0
    span = max((region.settings.days - 60) // accidents, 1)
    for turn in range(accidents):
        count = min(left if turn == accidents - 1 else size // accidents, len(pool))
        day = 10 + turn * span + draw.randrange(max(span - 45, 1))
        people = draw.sample(pool, count)
        for plan in together(region, plans, people, day, vehicle, draw):
            become(plan, "T16", organised=True)
            plan.again = True
            _pad(plan, draw, Traces(draw))
            traces = Traces(draw)
            if traces.show(0.85):
                plan.intermediary = runner
            if traces.show(0.80):
                plan.clinic, plan.signer, plan.one_clinic = clinic, signer, True
            if traces.show(0.85):
                plan.details.police_desk = desk
        left, made = left - count, made + count
    return made


def _pad(plan: Plan, draw: Random, traces: Traces) -> None:
    if not traces.show(0.90):
        plan.details.vehicle = None
    plan.details.passenger = True if traces.show(0.85) else None
    if traces.show(0.85):
        plan.injury_code = draw.choice(SOFT_TISSUE)
    if traces.show(0.35):  # was not in it at all
        out = plan.occurred + draw.randrange(150, 400)  # stayed at home, or left only later
        later = Trip(plan.person, plan.event, out, out + draw.randrange(120, 400))
        plan.trips.append(later if draw.random() < 0.5 else Trip(plan.person, plan.event, -1, -1))


def together(
    region: Region,
    plans: list[Plan],
    people: Sequence[int],
    day: int,
    vehicle: str | None,
    draw: Random,
) -> list[Plan]:
    """Claims of people hurt in one accident on the way across; everyone files in their own time."""
    out = draw.randrange(300, 400)
    minute, place = out + draw.randrange(10, 50), draw.choice((Place.LINK, Place.SINGAPORE))
    police, desk = draw.randrange(1, 20) * 60, f"JB-UTARA-{draw.randrange(1, 4)}"
    found = []
    for person in people:
        work = region.work[person]
        scheme = Scheme.COMMUTER if work == Work.SINGAPORE else Scheme.TEMPORARY_DISABLEMENT
        plan = new_plan(region, plans, person, scheme, day)
        plan.event, plan.received = day, day + max(plan.received - plan.event, 2)
        plan.road, plan.place, plan.occurred = True, place, minute + draw.randrange(3)
        plan.really_at, plan.police_after = plan.occurred, police
        plan.treated_after = draw.randrange(15, 150)
        plan.police_district = "JB-UTARA"
        plan.details.police_desk, plan.details.vehicle = desk, vehicle
        plan.details.passenger = vehicle is not None
        plan.trips.append(Trip(person, day, out, out + draw.randrange(560, 760)))
        found.append(plan)
    return found


def _crashes(region: Region, plans: list[Plan], taken: set[int], draw: Random) -> None:
    """Honest claims of several people in one accident; and second accidents within a year."""
    roads = sum(_road(plan, region) for plan in plans)
    injured = [plan for plan in plans if plan.injury and plan.scheme is not Scheme.HOUSEWIFE]
    for rate, sizes in ((BUS_CRASH, (4, 14)), (CAR_POOL, (2, 5)), (CHAIN_CRASH, (3, 7))):
        mean = (sizes[0] + sizes[1] - 1) / 2
        for _ in range(how_many(region, draw, rate * roads / mean)):
            people = recruit(region, taken, draw.randrange(*sizes), draw, commutes(region))
            _crash(region, plans, people, rate, draw)
    for _ in range(how_many(region, draw, SECOND_INJURY * len(injured))):
        first = draw.choice(injured)
        day = first.received + draw.randrange(60, 300)
        second = new_plan(region, plans, first.person, first.scheme, day)
        second.again = True


def _crash(region: Region, plans: list[Plan], people: list[int], rate: float, draw: Random) -> None:
    day, vehicle = draw.randrange(5, max(region.settings.days - 20, 6)), None
    if rate == BUS_CRASH:
        vehicle = f"SIMBUS{draw.randrange(40):02d}"
    elif rate == CAR_POOL and people:
        vehicle = f"SIM{people[0]:06d}"
    found = together(region, plans, people, day, vehicle, draw)
    if rate == CAR_POOL and draw.random() < 0.25:  # the same colleagues once more
        later = day + draw.randrange(70, 250)
        found += together(region, plans, people, later, vehicle, draw)
    for plan in found:
        plan.in_crowd, plan.again = True, True
        plan.resembles("T16")
        if rate == CHAIN_CRASH:
            plan.details.passenger = None


KINDS = (
    Typology(
        "T4",
        0.02,
        _road,
        Alone(lambda plan, _region: _redescribed(plan), _tell_as_commuting),
        look=_way_home_looks,
    ),
    Typology("T16", 0.005, _road, ring=_staged, organised=1.0, crowd=_crashes),
)
