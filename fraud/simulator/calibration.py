"""A written region against the published figures: each with its target, tolerance and outcome.

Targets and marks are those of the domain facts: [F] sourced, [D] derived from sourced figures. A
figure that holds says that the simulated region has that volume or mix; it says nothing about how
well fraud would be found in the field.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fraud.movement import MODES
from fraud.records import Scheme
from fraud.simulator.observed import BIN, Border, Described, Office

CAUSEWAY, SECOND_LINK = ("BSI", "KSAB")
MODE_SHARES = {"BSI": (38, 15, 43, 4), "KSAB": (61, 23, 6, 10)}
"""Percent by motorcycle, car, bus and lorry, Malaysians in 2022."""


@dataclass(frozen=True)
class Figure:
    """One published figure beside the simulated one; it holds between `least` and `most`.

    A simulated value that the region has no records for is NaN, and does not hold.
    """

    name: str
    target: str
    simulated: float
    least: float
    most: float
    shown: str
    """How the simulated value is printed, as a format of one number."""

    @property
    def holds(self) -> bool:
        return self.least <= self.simulated <= self.most

    @property
    def row(self) -> tuple[str, str, str, str, str]:
        """Name, target, simulated value, tolerance and outcome, as printed."""
        value, *bounds = (self.shown.format(x) for x in (self.simulated, self.least, self.most))
        value = "unknown" if np.isnan(self.simulated) else value
        tolerance = f"{bounds[0]} to {bounds[1]}"
        return self.name, self.target, value, tolerance, "yes" if self.holds else "**no**"


NOT_COMPARABLE = (
    (
        "Accident notices (66,000 to 80,000 a year), job losses (40,000 to 107,000 a year)",
        "National totals over all employees. The region's yearly rates are assumptions.",
    ),
    (
        "Benefits of RM5.82bn to 871,949 people in 2024",
        "A stock of pensioners built up over decades; the region begins without one.",
    ),
    ("54 offices", "The region has one office and a handful of branches for its officers."),
    (
        "RM270,000 to 630,000 for one long-running false benefit",
        "Lifetime of a pension; the region lasts a year.",
    ),
    (
        '"Nearly 400,000 commute daily", 150,000 a day before 2020',
        "Not literal beside 503,000 crossings (decision 0014): read as who may be enrolled.",
    ),
    (
        "An hour each way by motorcycle",
        "Door to door; here only the gates have times, homes and workplaces none.",
    ),
    (
        "Car queues of up to three hours on holidays",
        "**Not simulated**: the time between two gates has the same distribution on every day.",
    ),
    (
        "QR clearance, two apps, lane failures; the failures of March 2024 and May 2026",
        "The channel is not simulated. Outages are, at an assumed rate, not as events.",
    ),
    ("RTS Link, about 40,000 a day at first", "Opens on 1 January 2027, after the window."),
    ("Johor weekend of Friday and Saturday", "Ended on 31 December 2024, before the window."),
)


def figures(border: Border, office: Office, region: Described) -> list[Figure]:
    """Every comparable figure of the domain facts, sections 3.4 and 6.2."""
    return [*_volumes(border, region), *_ways(border), *_peaks(border), *_claims(office)]


def _volumes(border: Border, region: Described) -> Iterator[Figure]:
    days = {day: count * region.scale for day, count in border.crossings.items()}
    june = [count for day, count in days.items() if (6, 1) <= (day.month, day.day) <= (6, 29)]
    busiest = max(days, key=lambda day: days[day])
    mean = float(np.mean(list(days.values())))
    yield _within("Land crossings a day, both directions", "503,000 [F/D]", mean, 503_000, 0.10)
    yield _within("Busiest day of the year", "589,000 [F]", days[busiest], 589_000, 0.10)
    christmas = abs((busiest - date(busiest.year, 12, 19)).days)
    yield Figure("Days between it and 19 December", "0 [F]", christmas, 0, 7, "{:.0f}")
    yield _within("A day of the June holidays", "525,000 [F]", float(np.mean(june)), 525_000, 0.10)


def _within(name: str, target: str, value: float, middle: float, part: float) -> Figure:
    return Figure(name, target, value, middle * (1 - part), middle * (1 + part), "{:,.0f}")


def _points(name: str, percent: float, value: float, points: float, mark: str) -> Figure:
    target = f"{percent:g}% [{mark}]"
    return Figure(name, target, value, percent - points, percent + points, "{:.1f}%")


def mode_percent(border: Border, checkpoint: str) -> NDArray[np.float64]:
    """Percent of the clearances at a checkpoint by each mode."""
    counted = border.of(checkpoint)
    percent: NDArray[np.float64] = 100 * counted / counted.sum()
    return percent


def _ways(border: Border) -> Iterator[Figure]:
    causeway, link = (int(border.of(one).sum()) for one in (CAUSEWAY, SECOND_LINK))
    share = 100 * causeway / (causeway + link)
    yield _points("Causeway's share on the Malaysian side", 83, share, 3, "F")
    for checkpoint, targets in MODE_SHARES.items():
        found = mode_percent(border, checkpoint)
        for mode, percent in enumerate(targets):
            name = f"By {MODES[mode]} at {checkpoint}"
            yield _points(name, percent, float(found[mode]), 3, "F")


def _peaks(border: Border) -> Iterator[Figure]:
    for name, counted, hour in (
        ("Busiest hour out of Malaysia begins, working days", border.leaving, 6),
        ("Busiest hour back into Malaysia begins, working days", border.returning, 19),
    ):
        begins = _busiest_hour(counted)
        about = f"about {hour}:00 [F]"
        yield Figure(name, about, begins, hour - 1, hour + 0.5, "{:.2f} h")


def _busiest_hour(counted: NDArray[np.int64]) -> float:
    """When the hour with the most clearances begins, in hours after midnight."""
    hour = 60 // BIN
    together = np.convolve(counted, np.ones(hour, dtype=np.int64), mode="valid")
    return float(together.argmax()) / hour


def _claims(office: Office) -> Iterator[Figure]:
    accidents = sum(office.accidents.values())
    road = 100 * office.accidents["road"] / accidents
    name = f"Commuting accidents among {accidents:,} work accidents"
    yield Figure(name, "46 to 48% [F]", road, 44, 50, "{:.1f}%")
    approved = 100 * office.payable / office.job_losses
    name = f"Allowed by the law, of {office.job_losses:,} job loss claims"
    yield _points(name, 74, approved, 4, "F")
    for scheme, kind, least, most in (
        (Scheme.TEMPORARY_DISABLEMENT, "Temporary", 600, 1_950),
        (Scheme.PERMANENT_DISABLEMENT, "Permanent", 13_000, 18_000),
    ):
        name = f"{kind} disablement, mean of {office.lodged[scheme]:,} cases"
        mean = _mean_ringgit(office.expected_sen[scheme])
        target = f"RM{least:,} to RM{most:,} [D]"
        yield Figure(name, target, mean, least, most, "RM{:,.0f}")
    paid = _mean_ringgit(office.search_paid_sen)
    name = f"Job search allowance, mean of {len(office.search_paid_sen):,} paid out"
    yield Figure(name, "RM5,250 [D]", paid, 5_250 * 0.85, 5_250 * 1.15, "RM{:,.0f}")


def _mean_ringgit(sen: Sequence[int]) -> float:
    return float(np.mean(sen)) / 100 if sen else float("nan")
