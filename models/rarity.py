"""How seldom honest claims reach the weight of a pattern, measured on simulated regions.

The regions hold no fraud, and claims in error are left out: what is counted is how often the signs
of one typology come together in ordinary lives. What is printed is what `fraud.features.patterns`
holds.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import chain
from math import log2

import numpy as np

from fraud.features import FEATURE_NAMES
from fraud.features.catalogue import Measure
from fraud.features.patterns import PATTERNS, Pattern, Steps
from fraud.records import ClaimId, Label
from fraud.simulator.settings import RegionSettings
from fraud.store.rebuild import ClaimRow, claim_rows
from models.evaluate import Scale
from models.train import Tell, say_nothing
from models.watched import Records, in_turn, lodged_from, region_store

FIRST_SEED = 7411
"""Seeds from here to 7430 measure rarity; no other run uses them."""
LEAST_CLAIMS = 3
"""Rarer than this many claims is not measured any more."""
STEP = 0.5
TOLERANCE = 0.7
"""Bits by which a straight line between two points may miss what was measured."""


def measure_rarity(
    *, people: int = 80_000, regions: int = 2, processes: int = 1, tell: Tell = say_nothing
) -> dict[Pattern, tuple[int, Steps]]:
    """For each pattern the number of claims, and weights with their surprise in bits.

    Claims of the first days are left out: there is little to be linked to yet. Cost: four minutes
    a region.
    """
    seeds = range(FIRST_SEED, FIRST_SEED + regions)
    counted = in_turn(partial(_weights, people), seeds, processes=processes, tell=tell)
    totals = [list(chain(*each)) for each in zip(*counted, strict=True)]
    return {
        pattern: (len(weights), steps_of(pattern, weights))
        for pattern, weights in zip(PATTERNS, totals, strict=True)
        if len(weights) >= LEAST_CLAIMS
    }


def _weights(people: int, seed: int) -> list[list[float]]:
    """For each pattern the heaviest weight of each genuine claim of a region without fraud."""
    settings = RegionSettings(people=people, seed=seed, claim_intensity=20, fraud_rate=0.0)
    with region_store(settings) as (region, store):
        first = settings.first_day + timedelta(days=Scale.warm_up_days)
        honest = {
            claim.claim_id
            for claim in lodged_from(region, first)
            if region.truth[claim.claim_id].label is Label.GENUINE
        }
        every = claim_rows(store, sources=Records.FULL.sources)
        rows = [row for row in every if row.claim_id in honest]
    return [list(_heaviest(pattern, rows).values()) for pattern in PATTERNS]


def _heaviest(pattern: Pattern, rows: Sequence[ClaimRow]) -> Mapping[ClaimId, float]:
    """The heaviest weight of each claim over all looks at it."""
    found: dict[ClaimId, float] = {}
    for row in rows:
        if row.scheme in pattern.schemes:
            weight = _weight(pattern, row)
            found[row.claim_id] = max(weight, found.get(row.claim_id, 0.0))
    return found


def _weight(pattern: Pattern, row: ClaimRow) -> float:
    values: dict[str, float] = dict(zip(FEATURE_NAMES, row.vector.tolist(), strict=True))

    def value_of(measure: Measure) -> float:
        return values[measure.__name__]

    return sum(pattern.read(value_of).values())


def steps_of(pattern: Pattern, totals: Sequence[float]) -> Steps:
    """Weights and bits, thinned to where a straight line would miss by more than the tolerance."""
    weights = np.array(totals)
    points = [(0.0, 0.0)]
    lightest = min(weight for *_, weight in pattern.signs)
    for weight in np.arange(lightest, sum(w for *_, w in pattern.signs) + STEP, STEP):
        count = int((weights >= weight).sum())
        points.append((float(weight), log2(len(weights) / max(count, LEAST_CLAIMS))))
        if count < LEAST_CLAIMS:
            break
    return tuple((w, round(2 * bits) / 2) for w, bits in _thinned(points)[1:])


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(points) < 3:
        return points
    (x0, y0), (x1, y1) = points[0], points[-1]
    misses = [abs(y - y0 - (y1 - y0) * (x - x0) / (x1 - x0)) for x, y in points[1:-1]]
    worst = int(np.argmax(misses))
    if misses[worst] <= TOLERANCE:
        return [points[0], points[-1]]
    return _thinned(points[: worst + 2])[:-1] + _thinned(points[worst + 1 :])
