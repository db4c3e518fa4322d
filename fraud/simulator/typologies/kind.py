"""What is known of a typology before it is planted: how common, in which claims, by whom."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from fraud.simulator.plans import Plan
from fraud.simulator.region import Region

Fits = Callable[[Plan, Region], bool]
"""Whether an honest claim could hide it."""
Act = Callable[[Plan, Random, Region], None]
"""Turns that claim into it; `become` was called before."""
Ring = Callable[[Region, list[Plan], set[int], int, Random], int]
"""Adds the claims of one ring of about that size; returns how many there are."""
Look = Callable[[Plan, Random, Region], None]
"""Gives an honest claim, at times, the circumstances that resemble it."""
Crowd = Callable[[Region, list[Plan], set[int], Random], None]
"""Adds honest claims of several people together that resemble it; `set` holds who has claimed."""


@dataclass(frozen=True)
class Alone:
    """How one person commits it alone: in which honest claims it hides, and what changes."""

    fits: Fits
    act: Act


@dataclass(frozen=True)
class Typology:
    """One pattern of fraud, and the honest cases that look like it."""

    name: str
    prevalence: float
    """Assumed share of the claims of its stream (domain brief, section 7), before scaling."""
    stream: Callable[[Plan, Region], bool]
    alone: Alone | None = None
    ring: Ring | None = None
    organised: float = 0.0
    """Share of its cases that are organised: 1 without `alone`, 0 without `ring`."""
    look: Look | None = None
    crowd: Crowd | None = None


def how_many(region: Region, draw: Random, natural: float) -> int:
    """How many honest crowds of that natural number there are: a whole number, right on average."""
    number = natural * region.settings.look_alikes
    return int(number) + (draw.random() < number % 1)


def happens(region: Region, draw: Random, rate: float) -> bool:
    """Whether a look-alike of that natural rate comes about here; never for most claims."""
    return draw.random() < min(rate * region.settings.look_alikes, 0.6)
