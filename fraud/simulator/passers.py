"""Passers-by: everyone at the border whom the office does not know.

The region's own people make up less than half of what the two land checkpoints clear. The others
(commuters who are not enrolled, visitors from either side, all nationalities) are in the border
file with a document number only. They never claim, and no request names them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from fraud.movement import CrossingTable
from fraud.simulator.chance import Hashes, bell, key, uniform
from fraud.simulator.gates import BUS_LINES, Gates, Passages, mode_of
from fraud.simulator.settings import RegionSettings

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

FOR_EACH_ENROLLED = 2
"""Passers-by for each person of the region (assumption): 800,000 beside 400,000."""
COMMUTERS, FROM_JOHOR = 0.13, 0.30
"""Share who commute, and who visit Singapore; the others visit Johor (assumption)."""
WEEKDAY = (0.72, 0.08, 0.085)
WEEKEND = (0.20, 0.16, 0.24)
"""Chance of going out on a day: commuters, visitors from Johor, from Singapore (assumption)."""
SEASONS = (((6, 1), (6, 29), 1.2), ((12, 12), (12, 31), 1.2), ((12, 19), (12, 19), 1.6))
"""First and last day and by how much more visitors go: June holidays, the end of the year."""
NIGHTS = (0.86, 0.95)
"""Share of visitors back on the same day, and at the latest on the next."""


@dataclass(frozen=True)
class _Habits:
    commutes: Flags
    from_johor: Flags
    second_link: Flags
    mode: Ints


class PassersBy:
    """Clearances of people without a claim, a MyKad number known to the office, or a name."""

    def __init__(self, settings: RegionSettings, gates: Gates) -> None:
        self._settings, self._gates = settings, gates
        self._count = settings.people * FOR_EACH_ENROLLED
        people = np.arange(self._count, dtype=np.int64)
        rows = key(settings.seed + 909, people)
        kind = uniform(rows, 1)
        second_link = uniform(rows, 2) < 0.17
        self._habits = _Habits(
            commutes=kind < COMMUTERS,
            from_johor=kind < FROM_JOHOR,
            second_link=second_link,
            mode=mode_of(second_link, uniform(rows, 3)),
        )

    def crossings(self, day: date) -> CrossingTable:
        """Every recorded clearance of one day; `people` are document numbers."""
        number = (day - self._settings.first_day).days
        parts = [self._out_since(number, ago) for ago in range(3)]
        together = (np.concatenate(column) for column in zip(*parts, strict=True))
        person, begun, ago, minutes = together
        habits = self._habits
        mode = habits.mode[person]
        recorded = self._gates.recorded(
            Passages(
                self._settings.people + person,
                begun,
                ago,
                minutes,
                mode,
                habits.second_link[person],
                np.where(mode == 2, person % BUS_LINES, -1),
                resident_there=~habits.from_johor[person],
            )
        )
        columns = dict(zip(CrossingTable.COLUMNS, recorded, strict=True))
        columns["person"] = columns["person"] - self._settings.people
        return CrossingTable(_Documents(self._count), bus_numbers(), **columns)

    def _out_since(self, day: int, ago: int) -> tuple[Ints, Ints, Ints, Ints]:
        """Who left `ago` days before and passes a gate on that day, with the four minutes."""
        begun = day - ago
        people = np.arange(self._count, dtype=np.int64)
        rows = key(self._settings.seed + 1010, people, np.full(self._count, begun))
        goes = uniform(rows, 1) < self._chance(self._settings.first_day + timedelta(days=begun))
        stays_long = ~self._habits.commutes & (uniform(rows, 2) >= NIGHTS[0])
        goes &= stays_long | (ago < 2)
        chosen = np.flatnonzero(goes)
        minutes = self._minutes(chosen, rows[chosen])
        there = (minutes[:, 3] + 3 >= 1440 * ago) | (ago == 0)
        chosen = chosen[there]
        same = np.full(len(chosen), begun), np.full(len(chosen), ago)
        return chosen, *same, minutes[there]

    def _chance(self, day: date) -> NDArray[np.float64]:
        commuter, from_johor, from_there = WEEKEND if day.weekday() >= 5 else WEEKDAY
        season = max(
            [more for first, last, more in SEASONS if first <= (day.month, day.day) <= last],
            default=1.0,
        )
        habits = self._habits
        visitor = np.where(habits.from_johor, from_johor * season, from_there * season)
        chance: NDArray[np.float64] = np.where(habits.commutes, commuter, visitor)
        return chance

    def _minutes(self, person: Ints, rows: Hashes) -> Ints:
        """The four gates in minutes after midnight of the day of leaving."""
        commutes = self._habits.commutes[person]
        late = uniform(rows, 3) < 0.25
        leaves = np.where(late, 440, 345) + 40 * bell(rows, 4)
        out = np.where(commutes, leaves, 690 + 180 * bell(rows, 5)).round().astype(np.int64)
        nights = np.searchsorted(NIGHTS, uniform(rows, 2), side="right")
        home = 1130 + 1440 * np.where(commutes, 0, nights) + 75 * bell(rows, 6)
        back = np.maximum(home.round().astype(np.int64), out + 200)
        ways = [_way(self._habits.mode[person], rows, purpose) for purpose in (20, 21)]
        return np.stack([out, out + ways[0], back - ways[1], back], axis=1)


def _way(mode: Ints, rows: Hashes, purpose: int) -> Ints:
    """Minutes between the two countries' gates: log-normal, as for the region's own people."""
    median = np.array([20, 45, 35, 45, 30])[mode]
    minutes = median * np.exp(0.38 * bell(rows, purpose))
    return np.clip(np.round(minutes), 1, 90).astype(np.int64)


class _Documents(Sequence[str]):
    """Simulated document numbers: three letters and seven digits, a shape nobody issues."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> str:  # type: ignore[override]
        return f"SIM{index:07d}"


def bus_numbers() -> list[str]:
    """Registration numbers of the simulated bus lines."""
    return [f"SIMBUS{line:02d}" for line in range(BUS_LINES)]
