"""How often something happens to whom: events of a whole region, drawn person by person.

Rates are shares of people a year at intensity 1. Those of work and commuting accidents and of job
loss are the domain's defaults; every other is an assumption, chosen so that all schemes together
give about 2.8% of people a year, most of it injuries and job losses.
"""

import numpy as np
from numpy.typing import NDArray

from fraud.records import Scheme
from fraud.simulator.chance import key, uniform
from fraud.simulator.crossings import Travel
from fraud.simulator.region import Region, Rhythm, Work

Reals = NDArray[np.float64]

ACCIDENT_RATE = 0.008
MOTORCYCLE_RATE = 0.020
JOB_LOSS_RATE = 0.006
PLANT_FACTOR = 3.0
EMPLOYED = {
    Scheme.ANY_HOUR_INJURY: 0.0100,
    Scheme.INVALIDITY: 0.0013,
    Scheme.CONSTANT_ATTENDANCE: 0.0002,
    Scheme.EARLY_REEMPLOYMENT: 0.0014,
    Scheme.REDUCED_INCOME: 0.0004,
    Scheme.TRAINING: 0.0008,
    Scheme.MOBILITY: 0.0004,
}
"""Of people on a Malaysian payroll."""
OLDER_FALL_ILL = frozenset((Scheme.INVALIDITY, Scheme.CONSTANT_ATTENDANCE, Scheme.SURVIVORS))
DEATH_RATE = 0.0011
"""Of everyone insured; a death brings one claim or two."""
SIDE_WORK, SIDE_RATE = 0.12, 0.020
"""Share of people who also work for themselves, and how often those are injured at it."""
HOUSEWIVES, HOUSEWIFE_RATE = 0.20, 0.018
"""Share of the women at home in Johor, and how often those are injured."""
LASTING = 0.18
"""Share of work injuries that end in a permanent disablement."""

MOST_PER_YEAR = 0.20
"""A person's chance of an event in a year never exceeds this, whatever the intensity."""
LEAD_IN = 90
"""Days before the window in which events may already have happened."""
QUIET_DAYS = 366
"""Between two events of one person."""


def events(region: Region, travel: Travel) -> list[tuple[int, int, Scheme]]:
    """Person, day and scheme of everything that happens; a death is given as survivors' pension."""
    rates = yearly(region, travel)
    schemes = list(rates)
    bounds = np.cumsum(np.stack([rates[one] for one in schemes]), axis=0)
    total = bounds[-1]
    yearly_chance = np.minimum(total * region.settings.claim_intensity, MOST_PER_YEAR)
    hazard = -np.log1p(-yearly_chance)
    people = np.arange(region.settings.people, dtype=np.int64)
    at = np.full(len(people), -float(LEAD_IN))
    found: list[tuple[int, int, Scheme]] = []
    for turn in range(1 + region.settings.days // QUIET_DAYS + 1):
        rows = key(region.settings.seed + 606, people, np.full(len(people), turn))
        at += -np.log1p(-uniform(rows, 1)) * 365 / hazard
        within = np.flatnonzero(at < region.settings.days)
        which = (uniform(rows, 2) * total >= bounds).sum(axis=0)
        lasting = uniform(rows, 3) < LASTING
        for person in within.tolist():
            scheme = schemes[min(int(which[person]), len(schemes) - 1)]
            if scheme is Scheme.TEMPORARY_DISABLEMENT:
                scheme = _of_injured(region, person, lasting=bool(lasting[person]))
            found.append((person, int(at[person]), scheme))
        at += QUIET_DAYS
    return sorted(found)


def yearly(region: Region, travel: Travel) -> dict[Scheme, Reals]:
    """Natural yearly rates for everyone; work injuries stand under temporary disablement."""
    people = np.arange(region.settings.people, dtype=np.int64)
    rows = key(region.settings.seed + 707, people)
    here = region.work != Work.SINGAPORE
    born = np.array([one.toordinal() for one in region.birth])
    years = (region.settings.first_day.toordinal() - born) / 365.25
    older = (years / 38.0) ** 2
    woman = np.array([int(one[-1]) % 2 == 0 for one in region.mykads])
    housewife = woman & (region.work == Work.LOCAL) & (uniform(rows, 1) < HOUSEWIVES)
    rates = {
        Scheme.TEMPORARY_DISABLEMENT: _accident(region, travel),
        Scheme.JOB_SEARCH: np.where(here, JOB_LOSS_RATE, 0.0),
        Scheme.SELF_EMPLOYED: np.where(uniform(rows, 2) < SIDE_WORK, SIDE_RATE, 0.0),
        Scheme.SURVIVORS: np.full(len(people), DEATH_RATE),
        **{scheme: np.where(here, rate, 0.0) for scheme, rate in EMPLOYED.items()},
    }
    rates |= {one: rates[one] * older for one in rates if one in OLDER_FALL_ILL}
    kept = (Scheme.SURVIVORS, Scheme.SELF_EMPLOYED)
    rates |= {one: np.where(housewife, 0.0, rates[one]) for one in rates if one not in kept}
    rates[Scheme.HOUSEWIFE] = np.where(housewife & (years < 54), HOUSEWIFE_RATE, 0.0)
    return rates


def _accident(region: Region, travel: Travel) -> Reals:
    rides = (travel.mode == 0) & np.isin(region.rhythm, (int(Rhythm.DAY), int(Rhythm.NIGHT)))
    accident = np.where(rides, MOTORCYCLE_RATE, ACCIDENT_RATE)
    at_plant = (region.employer == region.hazardous_plant) & (region.work != Work.SINGAPORE)
    return np.where(at_plant, accident * PLANT_FACTOR, accident)


def _of_injured(region: Region, person: int, *, lasting: bool) -> Scheme:
    if region.work[person] == Work.SINGAPORE:
        return Scheme.COMMUTER
    return Scheme.PERMANENT_DISABLEMENT if lasting else Scheme.TEMPORARY_DISABLEMENT
