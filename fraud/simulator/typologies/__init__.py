"""Patterns of fraud, each leaving only the traces that real cases are reported to leave.

Every trace appears with a probability, and about one case in seven leaves hardly any, so that
no single column gives fraud away. Prevalences are scaled together to meet the overall rate.
"""

from collections.abc import Sequence
from random import Random

from fraud.records import Scheme
from fraud.simulator.plans import Plan
from fraud.simulator.region import Region, Work
from fraud.simulator.typologies.alone import ACTS, fits
from fraud.simulator.typologies.rings import RING
from fraud.simulator.typologies.traces import become

ORGANISED_SHARE = 0.40
ALONE = (("T1", 0.40), ("T2", 0.40), ("T3", 0.20))
RINGS = (("T7", 0.34), ("T10", 0.36), ("T18", 0.30))
SMALLEST_RING = 3

NATURAL_PREVALENCE = {"T1": 0.02, "T2": 0.015, "T3": 0.01, "T7": 0.005, "T10": 0.003, "T18": 0.002}
"""Assumed share of the typology's own stream, before scaling (see the rates the region reports)."""


def plant(region: Region, plans: list[Plan]) -> None:
    """Turn some honest claims into fraud and add the claims of rings."""
    wanted = region.settings.fraud_rate * len(plans)
    draw = region.dice("fraud")
    rings = round(wanted * ORGANISED_SHARE)
    _plant_rings(region, plans, rings, draw)
    alone = round(wanted - wanted * ORGANISED_SHARE)
    for typology, share in ALONE:
        fitting = [plan for plan in plans if plan.honest and fits(typology, plan, region)]
        count = min(round(alone * share), len(fitting))
        for plan in _lean_across(region, fitting, count, draw):
            become(plan, typology)
            ACTS[typology](plan, plan.dice(region, "fraud"), region)


def _lean_across(region: Region, fitting: list[Plan], count: int, draw: Random) -> list[Plan]:
    """Who already works across the border has the occasion twice as often."""
    keyed = [
        (draw.random() ** (1 if region.work[plan.person] == Work.LOCAL else 2), plan.number, plan)
        for plan in fitting
    ]
    return [plan for _, _, plan in sorted(keyed, key=lambda one: one[:2])[:count]]


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
        found = RING[kind](region, plans, taken, size, region.dice("ring", number))
        made[kind] += max(found, 1)
        number += 1


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
