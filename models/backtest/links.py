"""What a row's entities show without any label: pace, and amounts beside the entity's own.

*As of* a row only strictly earlier rows count. *Batch* sees all rows of the table, later ones too.
"""

import numpy as np

from fraud.assessment import Floats
from models.backtest.columns import merged, prefixed
from models.backtest.table import Table
from models.backtest.trails import Places, Trail, moments, pick, ratio, total
from models.split import Ints

PACES = (1, 5, 20)
"""The entity's row that many before (or after) this one: how long ago was it?"""

SAME = 1e-6
"""Variance below which an entity's numbers are all the same, but for rounding."""

RECENT = 10
"""Rows of an entity that its recent mean is taken over."""


def link_columns(table: Table, rows: Ints, *, batch: bool) -> dict[str, Floats]:
    """Columns for some rows of the table. Cost: a few sorts for each kind of entity.

    An unknown entity, or one without other rows, has NaN and no zero.
    """
    moment, different = moments(table.time)
    numeric = {name: tamed(values) for name, values in table.numeric.items()}
    timed = len(different) > 1
    parts = []
    for kind, entity in table.entities.items():
        trail = Trail(entity, moment, len(different))
        places = trail.places(entity, moment)
        made: dict[str, Floats] = {}
        if timed:
            made |= _paces(table.time, trail, places, rows, batch=batch)
        if batch:
            size = (places.last - places.first).astype(np.float64)
            made["rows"] = np.where(entity >= 0, size, np.nan)[rows]
        for name, values in numeric.items():
            made |= prefixed(name, _beside(values, trail, places, rows, batch=batch))
        parts.append(prefixed(kind, made))
    return merged(parts)


def tamed(values: Floats) -> Floats:
    """Sign and logarithm: heavy tails would drown every mean."""
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))


def _paces(
    time: Floats, trail: Trail, places: Places, rows: Ints, *, batch: bool
) -> dict[str, Floats]:
    times, made = time[trail.order], {}
    for pace in PACES:
        there = places.before - places.first >= pace
        earlier = pick(times, places.before - pace, there=there)
        made[f"time since row {pace} before"] = (time - earlier)[rows]
        if batch:
            there = places.last - places.after >= pace
            later = pick(times, places.after + pace - 1, there=there)
            made[f"time until row {pace} after"] = (later - time)[rows]
    return made


def _beside(
    values: Floats, trail: Trail, places: Places, rows: Ints, *, batch: bool
) -> dict[str, Floats]:
    """A number beside the entity's other rows; `places` are those of every row of the table."""
    known = ~np.isnan(values)
    sums, counts = trail.running(np.where(known, values, 0.0)), trail.running(known.astype(float))

    def mean(start: Ints, stop: Ints) -> Floats:
        return ratio(total(sums, start, stop), total(counts, start, stop))

    start, stop = places.first, places.last if batch else places.before
    squares = trail.running(np.where(known, values**2, 0.0))
    centre = mean(start, stop)
    square = ratio(total(squares, start, stop), total(counts, start, stop))
    variance = square - centre**2
    spread = np.sqrt(np.where(variance < SAME, 0.0, variance))
    recent, ordered = np.maximum(start, places.before - RECENT), values[trail.order]
    above = values - centre
    excess = trail.running(np.maximum(np.nan_to_num(above), 0.0))
    earlier = (places.before - recent).astype(np.float64)
    made = {
        "above mean": above,
        "above mean, in spreads": ratio(above, spread),
        "above recent mean": values - mean(recent, places.before),
        "above row before": values - pick(ordered, places.before - 1, there=earlier > 0),
        "recent rows above their means": ratio(total(excess, recent, places.before), earlier),
    }
    if batch:
        after = pick(ordered, places.after, there=places.after < places.last)
        made |= {"mean": centre, "spread": spread, "above row after": values - after}
    return {name: column[rows] for name, column in made.items()}
