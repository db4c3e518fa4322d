"""Patterns of fraud, each leaving only the traces that real cases are reported to leave.

Every trace appears with a probability, and about one case in seven leaves hardly any, so that
no single column gives fraud away. The assumed prevalences are scaled together to meet the overall
rate: one factor for people alone, one for rings, so that two fifths are organised.
"""

from collections.abc import Mapping, Sequence
from random import Random

from fraud.simulator.plans import Plan
from fraud.simulator.region import Region, Work
from fraud.simulator.typologies.catalogue import TYPOLOGIES
from fraud.simulator.typologies.kind import Look, Typology
from fraud.simulator.typologies.traces import become

ORGANISED_SHARE = 0.40
SMALLEST_RING = 6


def plant(region: Region, plans: list[Plan]) -> None:
    """Turn some honest claims into fraud, add the claims of rings and of honest crowds."""
    draw = region.dice("fraud")
    taken = {plan.person for plan in plans} | {plan.insured for plan in plans}
    wanted = region.settings.fraud_rate * len(plans)
    rings = _wanted(region, plans, wanted * ORGANISED_SHARE, organised=True)
    alone = _wanted(region, plans, wanted * (1 - ORGANISED_SHARE), organised=False)
    for kind in TYPOLOGIES:
        if kind.crowd:
            kind.crowd(region, plans, taken, region.dice("crowd", kind.name))
    _plant_rings(region, plans, taken, rings)
    for kind in TYPOLOGIES:
        if kind.alone:
            fitting = [plan for plan in plans if plan.untouched and kind.alone.fits(plan, region)]
            for plan in _lean_across(region, fitting, alone[kind.name], draw):
                become(plan, kind.name)
                kind.alone.act(plan, plan.dice(region, "fraud"), region)


def look_alike(region: Region, plans: Sequence[Plan]) -> None:
    """Give some honest claims the circumstances that resemble a typology.

    A claim may come to resemble several; it is counted with the last one, which is the rarer one.
    """
    for kind in TYPOLOGIES:
        if kind.look is None:
            continue
        for plan in plans:
            if plan.typology is None and not plan.in_crowd and kind.stream(plan, region):
                _look(kind.look, plan, plan.dice(region, f"look {kind.name}"), region)


def _look(look: Look, plan: Plan, draw: Random, region: Region) -> None:
    before, plan.look_alike = plan.look_alike, None
    look(plan, draw, region)
    if plan.look_alike is None:
        plan.look_alike = before


def _wanted(
    region: Region, plans: Sequence[Plan], total: float, *, organised: bool
) -> dict[str, int]:
    """Cases of each typology: prevalences scaled to the total, then raised where one is dialled.

    Rounded so that their sum is kept (the largest remainders go up).
    """
    natural = {
        one.name: _natural(one, region, plans) * (one.organised if organised else 1 - one.organised)
        for one in TYPOLOGIES
    }
    factor = total / (sum(natural.values()) or 1.0)
    exact = {
        name: share * factor * region.settings.raised.get(name, 1.0)
        for name, share in natural.items()
    }
    whole = {name: int(share) for name, share in exact.items()}
    left = round(sum(exact.values())) - sum(whole.values())
    for name in sorted(exact, key=lambda one: whole[one] - exact[one])[:left]:
        whole[name] += 1
    return whole


def _natural(kind: Typology, region: Region, plans: Sequence[Plan]) -> float:
    return kind.prevalence * sum(kind.stream(plan, region) for plan in plans)


def _lean_across(region: Region, fitting: list[Plan], count: int, draw: Random) -> list[Plan]:
    """Who already works across the border has the occasion twice as often."""
    keyed = [
        (draw.random() ** (1 if region.work[plan.person] == Work.LOCAL else 2), plan.number, plan)
        for plan in fitting
    ]
    return [plan for _, _, plan in sorted(keyed, key=lambda one: one[:2])[:count]]


def _plant_rings(
    region: Region, plans: list[Plan], taken: set[int], wanted: Mapping[str, int]
) -> None:
    """Rings until the organised share is met, the type that lags most coming next."""
    kinds = {one.name: one.ring for one in TYPOLOGIES if one.ring}
    made = dict.fromkeys(kinds, 0)
    total = sum(wanted[name] for name in kinds)
    number = 0
    while total - sum(made.values()) >= SMALLEST_RING:
        name = max(kinds, key=lambda one: wanted[one] - made[one])
        draw = region.dice("ring", number)
        left, lags = total - sum(made.values()), max(SMALLEST_RING, wanted[name] - made[name])
        size = min(draw.randrange(7, 16), lags)
        size = left if left - size < SMALLEST_RING else size
        made[name] += max(kinds[name](region, plans, taken, size, draw), 1)
        number += 1


def scaling(region: Region, plans: Sequence[Plan]) -> dict[str, float]:
    """How often each typology was planted, over its assumed prevalence."""
    factors = {}
    for kind in TYPOLOGIES:
        natural = _natural(kind, region, plans)
        found = sum(one.typology == kind.name for one in plans)
        factors[kind.name] = round(found / natural, 2) if natural else 0.0
    return factors
