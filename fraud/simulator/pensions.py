"""Lawful claims after illness and death.

Every rate is an assumption for simulation.
"""

from datetime import date, timedelta
from random import Random

from fraud.records import Place, Scheme
from fraud.simulator.crossings import Doing, Spell
from fraud.simulator.plans import Child, Passing, Plan, Sickness
from fraud.simulator.region import Region
from fraud.simulator.texts import an_illness_report

ILLNESS_CODES = ("I63", "I21", "N18", "C50", "F20", "M05", "E11", "G20", "I50", "H54")
CODE_WEIGHTS = (22, 17, 18, 8, 7, 6, 10, 4, 5, 3)
LIVES_ON, FUNERAL, TWO_PAYEES, GUARDIAN = 0.85, 0.65, 0.03, 0.07


def fall_ill(plan: Plan, draw: Random, region: Region) -> None:
    """An illness some time before the pension or allowance is claimed."""
    clinic = region.hospital if draw.random() < 0.8 else region.bone_unit
    code = draw.choices(ILLNESS_CODES, weights=CODE_WEIGHTS)[0]
    began = draw.randrange(60, 700)
    first = min(int(draw.expovariate(1 / 9)), began - 5)
    plan.sickness = Sickness(
        code=code,
        began_before=began,
        treated_before=began - first,
        clinic=clinic,
        signer=draw.choice(clinic.practitioners),
        referral=f"{clinic.facility}-R{draw.randrange(10**6, 10**7)}",
        text=an_illness_report(draw, code),
        percent=draw.choice((40, 50, 60, 67, 70, 75, 80, 90, 100)),
    )
    plan.clinic, plan.signer = clinic, plan.sickness.signer
    plan.received = plan.event + draw.randrange(4, 60)


def stay_ill(plan: Plan, _draw: Random, _region: Region) -> None:
    """An ill person is at home from some weeks before the notice on."""
    first, last = plan.event - 30, plan.received + 400
    plan.spells.append(Spell(plan.person, first, last, Doing.AT_HOME))


def gone(person: int, day: int, region: Region) -> Spell:
    """Who has died crosses no more."""
    return Spell(person, day, region.settings.days + 400, Doing.GONE)


def claims_after(region: Region, deceased: int, day: int) -> list[tuple[int, Scheme, Passing]]:
    """Who claims what after a death: claimant, scheme and what is stated."""
    draw = region.dice("death", deceased)
    cause = draw.choices(("work", "road", "illness", "other"), weights=(7, 17, 66, 10))[0]
    abroad = draw.random() < 0.05
    kin = _household(region, deceased)
    relative = draw.randrange(region.settings.people)
    registered = draw.randrange(1, 15) if draw.random() < 0.88 else draw.randrange(15, 50)
    if abroad:
        registered = draw.randrange(30, 160)
    stated: dict[str, object] = {
        "deceased": deceased,
        "cause": cause,
        "registered_after": registered if draw.random() < 0.9 else None,
        "place": Place.SINGAPORE if abroad else Place.MALAYSIA,
    }
    claims: list[tuple[int, Scheme, Passing]] = []
    if draw.random() < LIVES_ON and kin:
        work = cause == "work" or (cause == "road" and draw.random() < 0.5)
        scheme = Scheme.DEPENDANTS if work else Scheme.SURVIVORS
        passing = Passing(**stated)  # type: ignore[arg-type]  # the same statements for each claim
        passing.spouse = draw.random() >= GUARDIAN
        count = draw.choice((0, 1, 1, 2, 2, 3)) if passing.spouse else draw.randrange(2, 6)
        passing.children = [_child(region, deceased, day, n) for n in range(count)]
        claims.append((kin[0], scheme, passing))
    if draw.random() < FUNERAL:
        payer = kin[-1] if len(kin) > 1 or (kin and not claims) else relative
        claims.append((payer, Scheme.FUNERAL, Passing(**stated, spouse=False)))  # type: ignore[arg-type]
        if draw.random() < TWO_PAYEES:  # two relatives, neither knowing of the other
            claims.append((relative, Scheme.FUNERAL, Passing(**stated, spouse=False)))  # type: ignore[arg-type]
    return [one for one in claims if one[0] != deceased]


def _household(region: Region, person: int) -> list[int]:
    first = person // 3 * 3
    return [n for n in range(first, min(first + 3, region.settings.people)) if n != person]


def _child(region: Region, deceased: int, day: int, number: int) -> Child:
    """A child of the deceased, under age when the parent dies."""
    draw = region.dice("child", deceased, number)
    oldest = (region.day(day) - region.birth[deceased]).days - 17 * 365
    age = draw.randrange(30, max(min(17 * 365, oldest), 31))
    born = region.day(day) - timedelta(days=age)
    return Child(child_mykad(born, deceased * 7 + number), born)


def child_mykad(born: date, serial: int) -> str:
    """A MyKad number of the reserved range for somebody who is no claimant."""
    return f"{born:%y%m%d}00{serial % 10_000:04d}"


def die(plan: Plan, draw: Random) -> None:
    """The papers of a death come in some weeks later, those of a funeral sooner."""
    longest = 40 if plan.scheme is Scheme.FUNERAL else 110
    plan.received = plan.event + draw.randrange(3, longest)


def mourn(plan: Plan, _draw: Random, region: Region) -> None:
    """The deceased crosses no more; who speaks for several orphans or names an abroad is honest."""
    passing = plan.passing
    if passing is None:
        return
    plan.spells.append(gone(passing.deceased, plan.event, region))
    guardian = not passing.spouse and len(passing.children) >= 3
    abroad = passing.place is not Place.MALAYSIA and (passing.registered_after or 0) > 40
    if guardian or abroad:
        plan.resembles("T17")
