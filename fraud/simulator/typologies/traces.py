"""What every typology needs: whether a trace shows, when a ring claims, and whom it recruits."""

from collections.abc import Callable
from random import Random

from fraud.records import Label, Scheme
from fraud.simulator.honest import fill_in
from fraud.simulator.plans import Plan
from fraud.simulator.region import Region, Rhythm, Work

INVISIBLE_SHARE = 0.15


class Traces:
    """Whether a trace shows: seldom, in the cases that leave hardly any."""

    def __init__(self, draw: Random) -> None:
        self._draw = draw
        self._factor = 0.15 if draw.random() < INVISIBLE_SHARE else 1.0
        self.faint = self._factor < 1

    def show(self, probability: float) -> bool:
        return self._draw.random() < probability * self._factor


def become(plan: Plan, typology: str, *, organised: bool = False) -> None:
    """From now on the claim is fraud: nothing of it is owed unless a typology says otherwise."""
    plan.label, plan.typology, plan.organised = Label.CONFIRMED_FRAUD, typology, organised
    plan.look_alike = None
    plan.wrong_share = 1.0


def pace(region: Region, size: int, draw: Random) -> list[int]:
    """Days on which a ring's claims come in, months apart from first to last.

    A ring may have begun before the window and may go on after it: no month has more of them.
    """
    days, length = region.settings.days, draw.randrange(140, 330)
    start = draw.randrange(-length // 2, max(days - length // 2, 1))
    first, last = max(start, 5), max(min(start + length, days - 2), 6)
    return sorted(draw.randrange(min(first, last - 1), last) for _ in range(size))


def recruit(
    region: Region, taken: set[int], size: int, draw: Random, fits: Callable[[int], bool]
) -> list[int]:
    """People without a claim yet who fit, at most `size` of them."""
    found: list[int] = []
    for _ in range(size * 400):
        person = draw.randrange(region.settings.people)
        if person not in taken and fits(person):
            found.append(person)
            taken.add(person)
        if len(found) == size:
            break
    return found


def new_plan(region: Region, plans: list[Plan], person: int, scheme: Scheme, day: int) -> Plan:
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


def contributes(region: Region) -> Callable[[int], bool]:
    """Picks people on a Malaysian payroll."""
    return lambda person: bool(region.work[person] != Work.SINGAPORE)


def commutes(region: Region) -> Callable[[int], bool]:
    """Picks people who cross for work."""
    daily = (int(Rhythm.DAY), int(Rhythm.NIGHT), int(Rhythm.WEEKLY))
    return lambda person: int(region.rhythm[person]) in daily
