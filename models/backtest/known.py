"""What the labels of linked rows say: rates among those that were known, one step and two away.

*As of*: labels of strictly earlier rows, once their delay has passed. *Batch*: the labels handed
in, from before and after; whoever asks leaves out the labels of the rows that ask (see
`models.backtest.labels`), all of a fold at once, since a rate that lacks only a row's own label
still tells it.
"""

import numpy as np

from fraud.assessment import Floats
from models.backtest.columns import prefixed
from models.backtest.table import Table
from models.backtest.trails import Places, Trail, moments, pick, ratio, total
from models.split import Flags, Ints

NEAREST = (1, 3, 10, 30)
"""Known labels of an entity on each side that a rate is taken over."""

RECENT = 10
"""Linked rows whose own rates make the rate two steps away."""

DOUBT = 5.0
"""Labels that the general rate counts for in an entity's whole rate; 1 in a nearest one."""


class KnownLabels:
    """Rates among known labels, for any rows of a table."""

    def __init__(self, table: Table, known: Flags, *, delay: float | None) -> None:
        """With a delay each label counts once it has passed; without one (batch), at once."""
        self._table, self._delay = table, delay
        self._moment, different = moments(table.time)
        self._length = len(different)
        self._asks = self._moment
        if delay is not None:
            self._asks = np.searchsorted(different, table.time - delay).astype(np.int64)
        self._events = np.flatnonzero(known)
        self._label = table.label[self._events]

    def columns(self, rows: Ints) -> dict[str, Floats]:
        """Columns for some rows. Cost: a few sorts and look-ups for each kind of entity."""
        made: dict[str, Floats] = {}
        general = self._general(rows)
        for kind, entity in self._table.entities.items():
            made |= prefixed(kind, self._one_step(entity, rows, general))
        if len(self._table.entities) > 1:
            made |= self._two_steps(rows)
        return made

    def _places(self, entity: Ints, rows: Ints) -> tuple[Trail, Places]:
        events = self._events
        trail = Trail(entity[events], self._moment[events], self._length)
        return trail, trail.places(entity[rows], self._asks[rows])

    def _bounds(self, places: Places) -> tuple[Ints, Ints]:
        """The stretch of all labels that a row may read."""
        return places.first, places.before if self._delay is not None else places.last

    def _general(self, rows: Ints) -> Floats:
        """The rate of all labels known to each row, a half without any."""
        trail, places = self._places(np.zeros(len(self._table), dtype=np.int64), rows)
        start, stop = self._bounds(places)
        return np.asarray((total(trail.running(self._label), start, stop) + 1) / (stop - start + 2))

    def _one_step(self, entity: Ints, rows: Ints, general: Floats) -> dict[str, Floats]:
        trail, places = self._places(entity, rows)
        positive = trail.running(self._label)
        start, stop = self._bounds(places)
        made = {
            "known labels": (stop - start).astype(np.float64),
            "rate": (total(positive, start, stop) + DOUBT * general) / (stop - start + DOUBT),
        }
        if self._length == 1:
            return made
        times = self._table.time[self._events][trail.order]
        for count in NEAREST:
            made[f"rate of nearest {count}"] = self._nearest(positive, places, count, general)
        there = places.before > places.first
        since = self._table.time[rows] - pick(times, places.before - 1, there=there)
        made["time since known label"] = since
        if self._delay is None:
            return made | self._sides(positive, places)
        return made | self._since_positives(entity, rows) | self._in_a_row(trail, places, rows)

    def _since_positives(self, entity: Ints, rows: Ints) -> dict[str, Floats]:
        """How long ago the entity's positives were: the latest, and those before it."""
        positives = self._events[self._label == 1]
        trail = Trail(entity[positives], self._moment[positives], self._length)
        places = trail.places(entity[rows], self._asks[rows])
        times, made = self._table.time[positives][trail.order], {}
        for count in NEAREST[:3]:
            there = places.before - places.first >= count
            earlier = pick(times, places.before - count, there=there)
            made[f"time since positive {count} before"] = self._table.time[rows] - earlier
        return made

    def _in_a_row(self, trail: Trail, places: Places, rows: Ints) -> dict[str, Floats]:
        """The positives since the entity's last negative: how many, and how long ago they began.

        A rate cannot tell a trouble that goes on from one that is over; its beginning can.
        """
        positive = self._label[trail.order] == 1
        # For each place where the stretch begins that an event just before it goes on with.
        begins = np.where(positive, 0, np.arange(1, len(positive) + 1))
        begun = np.append(0, np.maximum.accumulate(begins))
        start = np.maximum(places.first, begun[places.before])
        there = start < places.before
        first = pick(self._table.time[self._events][trail.order], start, there=there)
        return {
            "positives in a row": (places.before - start).astype(np.float64),
            "time since the first of them": self._table.time[rows] - first,
        }

    def _nearest(self, positive: Floats, places: Places, count: int, general: Floats) -> Floats:
        low = np.maximum(places.first, places.before - count)
        found, seen = total(positive, low, places.before), (places.before - low).astype(np.float64)
        if self._delay is None:
            high = np.minimum(places.last, places.after + count)
            found, seen = found + total(positive, places.after, high), seen + high - places.after
        return np.asarray((found + general) / (seen + 1))

    def _sides(self, positive: Floats, places: Places) -> dict[str, Floats]:
        made = {}
        for count in NEAREST[:3]:
            low = np.maximum(places.first, places.before - count)
            high = np.minimum(places.last, places.after + count)
            before, after = total(positive, low, places.before), total(positive, places.after, high)
            made[f"rate of {count} before"] = ratio(before, places.before - low)
            made[f"rate of {count} after"] = ratio(after, high - places.after)
        return made

    def _two_steps(self, rows: Ints) -> dict[str, Floats]:
        """How the rows linked to a row look by their own links, large entities counting less.

        The idea of GOTCHA! (Van Vlasselaer et al. 2017): suspicion spreads through entities, loses
        weight with time (only recent rows carry it) and with the size of what it passes.
        """
        everyone = np.arange(len(self._table), dtype=np.int64)
        own = self._own(everyone)
        made = {}
        for kind, entity in self._table.entities.items():
            trail = Trail(entity, self._moment, self._length)
            places = trail.places(entity[rows], self._moment[rows])
            running = trail.running(own)
            low, high = np.maximum(places.first, places.before - RECENT), places.before
            if self._delay is None:
                low, high = places.first, places.last
            rate = ratio(total(running, low, high), (high - low).astype(np.float64))
            made[f"{kind}: rate two steps away"] = rate
        return made

    def _own(self, rows: Ints) -> Floats:
        """Each row's rate over its entities, an entity of n known labels weighing 1/sqrt(1 + n)."""
        general = self._general(rows)
        found, weight = np.zeros(len(rows)), np.zeros(len(rows))
        for entity in self._table.entities.values():
            trail, places = self._places(entity, rows)
            positive = trail.running(self._label)
            damped = 1 / np.sqrt(1.0 + self._stretch(places))
            found += damped * self._nearest(positive, places, RECENT, general)
            weight += damped
        return np.asarray(found / weight)

    def _stretch(self, places: Places) -> Floats:
        start, stop = self._bounds(places)
        return (stop - start).astype(np.float64)
