"""Who crosses when: every clearance of every simulated person, computed on request.

Nothing is stored. A trip is a function of seed, person and day, so some people on some days give
the very same rows as the whole region.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from fraud.movement import CrossingDay, CrossingTable, day_number
from fraud.simulator.chance import Hashes, Reals, bell, key, uniform
from fraud.simulator.gates import BUS_LINES, EARLIEST, TRAIN, Columns, Gates, Passages, mode_of
from fraud.simulator.region import Region, Rhythm, words

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

RTS_OPENS = date(2027, 1, 1)
_WIDTH = 1 << 14


class Doing(IntEnum):
    """What somebody does with the border for a while."""

    USUAL = 0
    AT_HOME = 1
    WORKS_ACROSS = 2
    INTERVIEWS = 3
    CARES_ACROSS = 4
    TREATED_ACROSS = 5
    SHOPS_WEEKENDS = 6
    RIDES_ALONG = 7
    GONE = 8


# chance on a weekday, chance at a weekend, leaving, its spread, minutes away, their spread
_ERRANDS = np.array(
    [
        [0.00, 0.00, 600, 90, 300, 60],
        [0.006, 0.02, 660, 120, 260, 70],
        [0.00, 0.00, 600, 90, 300, 60],
        [0.22, 0.01, 540, 60, 270, 60],
        [0.62, 0.60, 570, 110, 440, 120],
        [0.20, 0.00, 470, 50, 330, 70],
        [0.02, 0.55, 650, 110, 360, 90],
        [0.25, 0.15, 500, 150, 240, 80],
        [0.00, 0.00, 600, 90, 300, 60],
    ]
)


@dataclass(frozen=True)
class Spell:
    """From `first` to `last` (days of the window) a person does something unusual."""

    person: int
    first: int
    last: int
    doing: Doing
    rate: float = 1.0


@dataclass(frozen=True)
class Trip:
    """A certain day out: minutes after that day's midnight, or no trip when `out` is -1."""

    person: int
    day: int
    out: int
    back: int


@dataclass(frozen=True)
class Outings:
    """Trips that begin on given days, one row per person and day asked for."""

    goes: Flags
    out: Ints
    back: Ints


class Travel:
    """Habits of everyone in the region and the unusual spells that claims bring with them."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self._seed = region.settings.seed
        rows = key(self._seed + 101, np.arange(region.settings.people, dtype=np.int64))
        self._habits(rows)
        self._work_on = _calendar(region)
        self.gates = Gates(region.settings)
        self.plan([], [])

    def _habits(self, rows: Hashes) -> None:
        """Fixed traits: hours, days off, vehicle, checkpoint."""
        rhythm = self.region.rhythm
        slot = uniform(rows, 1)
        mean = np.where(slot < 0.75, 345, 440) + np.where(rhythm == Rhythm.PART, 90, 0)
        self.leaves = (mean + 22 * bell(rows, 2)).astype(np.int64)
        self.leaves = np.where(
            rhythm == Rhythm.NIGHT, 1110 + (40 * bell(rows, 2)).astype(np.int64), self.leaves
        )
        self.returns = (1140 + 45 * bell(rows, 3)).astype(np.int64)
        self.days_off = _days_off(rhythm, uniform(rows, 4), uniform(rows, 5))
        self.keen = 0.86 + 0.1 * uniform(rows, 6)
        self.second_link = uniform(rows, 8) < 0.17
        self.mode = mode_of(self.second_link, uniform(rows, 7))
        self.by_train = uniform(rows, 9) < 0.08
        self.festival = (uniform(rows, 10) * 3).astype(np.int64)
        self.visits = 0.02 + 0.30 * uniform(rows, 11) ** 2

    def plan(self, spells: Sequence[Spell], trips: Sequence[Trip]) -> None:
        """Set what is unusual; where spells of one person overlap, the earlier one is cut."""
        spells = sorted(spells, key=lambda one: (one.person, one.first, one.last))
        self._spell_key = np.array(
            [one.person * _WIDTH + one.first + EARLIEST for one in spells], dtype=np.int64
        )
        self._spell_person = np.array([one.person for one in spells], dtype=np.int64)
        self._spell_last = np.array([one.last for one in spells], dtype=np.int64)
        self._spell_doing = np.array([one.doing for one in spells], dtype=np.int64)
        self._spell_rate = np.array([one.rate for one in spells], dtype=np.float64)
        by_day = {one.person * _WIDTH + one.day + EARLIEST: one for one in trips}
        keys = sorted(by_day)
        self._trip_key = np.array(keys, dtype=np.int64)
        self._trip_out = np.array([by_day[k].out for k in keys], dtype=np.int64)
        self._trip_back = np.array([by_day[k].back for k in keys], dtype=np.int64)

    def outings(self, person: Ints, day: Ints) -> Outings:
        """The trip, if any, that each person begins on each day (row by row)."""
        rows = key(self._seed + 202, person, day)
        doing, rate = self._doing(person, day)
        weekday = (day + self.region.settings.first_day.weekday()) % 7
        goes, out, back = self._work_trips(person, day, weekday, rows, doing, rate)
        goes, out, back = self._errands(person, weekday, rows, doing, rate, (goes, out, back))
        return self._certain(person, day, Outings(goes, out, back))

    def _doing(self, person: Ints, day: Ints) -> tuple[Ints, Reals]:
        doing = np.zeros(len(person), dtype=np.int64)
        rate = np.ones(len(person), dtype=np.float64)
        if not len(self._spell_key):
            return doing, rate
        at = np.searchsorted(self._spell_key, person * _WIDTH + day + EARLIEST, side="right") - 1
        at = np.maximum(at, 0)
        key_day = self._spell_key[at] - self._spell_person[at] * _WIDTH - EARLIEST
        inside = (self._spell_person[at] == person) & (key_day <= day)
        inside &= day <= self._spell_last[at]
        doing[inside] = self._spell_doing[at[inside]]
        rate[inside] = self._spell_rate[at[inside]]
        return doing, rate

    def _work_trips(
        self, person: Ints, day: Ints, weekday: Ints, rows: Hashes, doing: Ints, rate: Reals
    ) -> tuple[Flags, Ints, Ints]:
        rhythm = self.region.rhythm[person]
        works = doing == Doing.WORKS_ACROSS
        rhythm = np.where(works & np.isin(rhythm, (0, 5)), int(Rhythm.DAY), rhythm)
        usual = (doing == Doing.USUAL) & ~np.isin(rhythm, (0, 5))
        weekly = rhythm == Rhythm.WEEKLY
        workday = ((self.days_off[person] >> weekday) & 1) == 0
        open_share = self._work_on[self.festival[person], day + EARLIEST]
        chance = self.keen[person] * open_share * np.where(works, rate, 1.0)
        chance = np.where(weekly, np.where(weekday == 6, chance, 0.0), np.where(workday, chance, 0))
        goes = (usual | works) & (uniform(rows, 1) < chance)
        out = self.leaves[person] + np.round(14 * bell(rows, 2)).astype(np.int64)
        back = self.returns[person] + np.round(40 * bell(rows, 3)).astype(np.int64)
        night = rhythm == Rhythm.NIGHT
        back = np.where(night, 1440 + 450 + np.round(20 * bell(rows, 3)).astype(np.int64), back)
        sunday = 1130 + np.round(50 * bell(rows, 2)).astype(np.int64)
        friday = 5 * 1440 + 1170 + np.round(50 * bell(rows, 3)).astype(np.int64)
        out, back = np.where(weekly, sunday, out), np.where(weekly, friday, back)
        return goes, out, back

    def _errands(
        self,
        person: Ints,
        weekday: Ints,
        rows: Hashes,
        doing: Ints,
        rate: Reals,
        trips: tuple[Flags, Ints, Ints],
    ) -> tuple[Flags, Ints, Ints]:
        """Shopping, visits, interviews, treatment and care, where no work trip takes place."""
        goes, out, back = trips
        rhythm = self.region.rhythm[person]
        weekend = weekday >= 5
        table = _ERRANDS[doing]
        chance = np.where(weekend, table[:, 1], table[:, 0]) * rate
        usual = doing == Doing.USUAL
        visitor = np.isin(rhythm, (int(Rhythm.VISITOR), int(Rhythm.BETWEEN)))
        visit = np.where(weekend, self.visits[person], 0.02 * self.visits[person] + 0.004)
        chance = np.where(usual, np.where(visitor, visit, 0.0), chance)
        errand = ~goes & (uniform(rows, 4) < chance)
        leaves = np.where(usual, 640, table[:, 2]) + table[:, 3] * bell(rows, 5)
        away = np.where(usual, 330, table[:, 4]) + table[:, 5] * bell(rows, 6)
        start = np.clip(np.round(leaves), 250, 1150).astype(np.int64)
        stay = np.maximum(np.round(away), 110).astype(np.int64)
        out = np.where(errand, start, out)
        back = np.where(errand, np.minimum(start + stay, 1435), back)
        return goes | errand, out, back

    def _certain(self, person: Ints, day: Ints, found: Outings) -> Outings:
        if not len(self._trip_key):
            return found
        wanted = person * _WIDTH + day + EARLIEST
        at = np.minimum(np.searchsorted(self._trip_key, wanted), len(self._trip_key) - 1)
        fixed = self._trip_key[at] == wanted
        goes = np.where(fixed, self._trip_out[at] >= 0, found.goes)
        out = np.where(fixed, self._trip_out[at], found.out)
        return Outings(goes, out, np.where(fixed, self._trip_back[at], found.back))

    def gap(self, person: Ints, day: Ints, *, back: bool) -> Ints:
        """Minutes between the two countries' gates on the way there, or back."""
        rows = key(self._seed + 303, person, day)
        median = np.array([20, 45, 35, 45, 30, 2])[self._mode_on(person, day)]
        spread = np.where(median < 5, 0.2, 0.38)
        minutes = median * np.exp(spread * bell(rows, 20 + back))
        return np.clip(np.round(minutes), 1, 180).astype(np.int64)

    def _mode_on(self, person: Ints, day: Ints) -> Ints:
        opens = day_number(RTS_OPENS) - day_number(self.region.settings.first_day)
        train = self.by_train[person] & (day >= opens)
        return np.where(train, 5, self.mode[person])

    def crossings(
        self, first_day: date, last_day: date, people: Sequence[int] | None = None
    ) -> CrossingTable:
        """Every recorded clearance on these days, of these people or of all."""
        start = self.region.settings.first_day
        low, high = (first_day - start).days, (last_day - start).days
        chosen = np.arange(len(self.region.mykads)) if people is None else np.unique(people)
        parts = [self._on_day(chosen.astype(np.int64), day) for day in range(low, high + 1)]
        joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
        columns = dict(zip(CrossingTable.COLUMNS, joined, strict=True))
        return CrossingTable(self.region.mykads, _Vehicles(len(self.region.mykads)), **columns)

    def _on_day(self, person: Ints, day: int) -> Columns:
        """Rows of one day, from trips begun that day or up to six days ago (weekly stayers)."""
        stayer = person[self.region.rhythm[person] == Rhythm.WEEKLY]
        everyone = np.concatenate([person, person, *[stayer] * 5])
        ago = np.repeat(np.arange(7), [len(person)] * 2 + [len(stayer)] * 5).astype(np.int64)
        return self._rows(everyone, day - ago, ago)

    def _rows(self, person: Ints, begun: Ints, ago: Ints) -> Columns:
        trips = self.outings(person, begun)
        goes = trips.goes & ((ago == 0) | (trips.back >= 1440 * ago))
        person, begun, ago = person[goes], begun[goes], ago[goes]
        out, back = trips.out[goes], trips.back[goes]
        ways = (self.gap(person, begun, back=False), self.gap(person, begun, back=True))
        minutes = np.stack([out, out + ways[0], back - ways[1], back], axis=1)
        mode = self._mode_on(person, begun)
        minutes[:, 2:] -= np.where(mode == TRAIN, 8, 0)[:, None]  # both clear before the ride home
        second_link, vehicle = self.second_link[person], self._vehicle(person, mode)
        return self.gates.recorded(
            Passages(person, begun, ago, minutes, mode, second_link, vehicle)
        )

    def _vehicle(self, person: Ints, mode: Ints) -> Ints:
        """One's own motorcycle or car, a bus line, or nothing to note."""
        bus = len(self.region.mykads) + person % BUS_LINES
        return np.where(mode <= 1, person, np.where(mode == 2, bus, -1))

    def crossing_day(self, day: date) -> CrossingDay:
        """The share of that day during which one authority lost records."""
        return self.gates.crossing_day(day)


class _Vehicles(Sequence[str]):
    """Simulated vehicle numbers: one's own, then the bus lines."""

    def __init__(self, people: int) -> None:
        self._people = people

    def __len__(self) -> int:
        return self._people + BUS_LINES

    def __getitem__(self, index: int) -> str:  # type: ignore[override]
        return vehicle_of(index) if index < self._people else f"SIMBUS{index - self._people:02d}"


def vehicle_of(person: int) -> str:
    """The simulated registration number of a person's own vehicle."""
    return f"SIM{person:06d}"


def _days_off(rhythm: Ints, first: Reals, second: Reals) -> Ints:
    """A bit for each weekday (Monday is bit 0) on which the person does not work."""
    sunday, saturday = 1 << 6, 1 << 5
    five = np.where(first < 0.55, sunday | saturday, sunday)
    shift = (1 << (first * 7).astype(np.int64)) | (1 << (second * 7).astype(np.int64))
    part = 127 ^ ((1 << (first * 5).astype(np.int64)) | (1 << (second * 6).astype(np.int64)))
    off = np.where(rhythm == Rhythm.NIGHT, shift, five)
    return np.where(rhythm == Rhythm.PART, part, off).astype(np.int64)


_HOLIDAYS = words(
    "01-01 05-01 08-09 08-31 12-25 "
    "2024-02-10 2024-02-11 2024-04-10 2024-06-17 2024-10-31 2024-05-22 2024-03-29 "
    "2025-01-29 2025-01-30 2025-03-31 2025-06-07 2025-10-20 2025-05-12 2025-04-18 2025-09-16 "
    "2026-02-17 2026-02-18 2026-03-20 2026-05-27 2026-11-08 2026-05-31 2026-04-03 2026-09-16 "
    "2027-02-06 2027-02-07 2027-03-10 2027-05-16 2027-10-28 2027-05-20 2027-03-26 2027-09-16"
)
_FESTIVALS = (
    ("2024-04-10", "2025-03-31", "2026-03-20", "2027-03-10"),
    ("2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06"),
    ("2024-10-31", "2025-10-20", "2026-11-08", "2027-10-28"),
)
"""Three seasons of long leave; which one a person keeps is drawn, never derived from a name."""


def _calendar(region: Region) -> NDArray[np.float64]:
    """Share of planned work that takes place, per festival group and day."""
    start = region.settings.first_day
    share = np.full((3, EARLIEST * 2 + region.settings.days), 0.92)
    for number in range(share.shape[1]):
        day = start + timedelta(days=number - EARLIEST)
        if f"{day:%m-%d}" in _HOLIDAYS or day.isoformat() in _HOLIDAYS:
            share[:, number] = 0.15
    for group, feasts in enumerate(_FESTIVALS):
        for feast in feasts:
            at = (date.fromisoformat(feast) - start).days + EARLIEST
            for near in range(max(at - 3, 0), max(min(at + 6, share.shape[1]), 0)):
                share[group, near] = min(share[group, near], 0.40)
    return share
