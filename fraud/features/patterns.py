"""The typology that a claim resembles most: signs of all of them, weighed on one scale.

An office confirms a few cases of each typology a year, too few to learn each by itself. What they
have in common is that several unusual things come together; so each sign weighs as much as it is
unusual, and the most unusual pattern is one number for all typologies. Signs that come together in
honest lives as well would be counted twice, so the weight of a pattern is read against how seldom
honest claims of its schemes reach it, in bits, as `fraud-models rarity` counts it on simulated
regions without fraud. The weights of the signs were set by hand, near what was counted of each
alone. Both are assumptions until an office counts its own claims; what the number means for a claim
is learned from decisions like anything else.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import NamedTuple

from fraud.features import (
    from_claim,
    from_history,
    from_jobs,
    from_movement,
    from_pensions,
    signs,
)
from fraud.features.catalogue import UNKNOWN, Known, Measure, Source, feature
from fraud.features.signs import Sign, Signs
from fraud.records import Scheme
from fraud.statements import Family

EVERY = frozenset(Scheme)


Steps = tuple[tuple[float, float], ...]
"""Weights and their surprise in bits, both rising; straight between, and bit for bit beyond."""


class Pattern(NamedTuple):
    """The signs of one typology, and the schemes on which they are looked for."""

    typology: str
    schemes: frozenset[Scheme]
    lists: tuple[Signs, ...]
    rarity: Steps
    """How seldom honest claims of these schemes reach a weight."""

    @property
    def signs(self) -> tuple[Sign, ...]:
        """The signs of all its lists; no two lists of one pattern hold the same feature."""
        return tuple(sign for one in self.lists for sign in one.each)

    def read(self, value_of: Callable[[Measure], float]) -> dict[Measure, float]:
        """The signs that values of features show, with their weights."""
        lists = (one.read(value_of) or {} for one in self.lists)
        return {measure: weight for shown in lists for measure, weight in shown.items()}

    def surprise(self, weight: float) -> float:
        """How seldom honest claims reach a weight, in bits; nothing is no surprise."""
        if not weight:
            return 0.0
        if weight >= self.rarity[-1][0]:
            return self.rarity[-1][1] + weight - self.rarity[-1][0]
        above = bisect_right(self.rarity, weight, key=lambda step: step[0])
        (x0, y0), (x1, y1) = ((0.0, 0.0), *self.rarity)[above : above + 2]
        return y0 + (y1 - y0) * (weight - x0) / (x1 - x0)


PATTERNS = (
    Pattern(
        "T1",
        from_jobs.SEARCHING,
        (signs.WORK_DURING_SEARCH, signs.JOB_DURING_SEARCH),
        ((4.0, 3.5), (8.5, 4.5), (9.0, 8.5), (14.5, 9.0), (15.0, 10.0)),
    ),
    Pattern(
        "T2",
        from_claim.INJURIES,
        (signs.WORK_ON_LEAVE, signs.EXTENDED_LEAVE, signs.TRIPS_ON_LEAVE, signs.LISTED_ON_LEAVE),
        (
            (2.0, 3.0),
            (3.0, 3.0),
            (3.5, 6.5),
            (7.0, 6.5),
            (7.5, 7.5),
            (10.5, 8.0),
            (11.0, 10.0),
            (14.0, 11.5),
            (18.5, 12.0),
        ),
    ),
    Pattern(
        "T3",
        from_claim.INJURIES,
        (signs.MOVED_ACCIDENT,),
        ((5.0, 4.0), (5.5, 6.5), (6.0, 8.0), (9.0, 8.0), (10.0, 8.5), (11.0, 11.5), (14.5, 12.0)),
    ),
    Pattern(
        "T4", from_claim.OF_WORK, (signs.RETOLD_ACCIDENT,), ((6.5, 6.0), (8.5, 8.5), (9.0, 11.5))
    ),
    Pattern(
        "T5", from_claim.INJURIES, (signs.PAID_TWICE,), ((8.0, 9.0), (8.5, 12.0), (17.5, 12.0))
    ),
    Pattern(
        "T6",
        from_claim.INJURIES,
        (signs.BOUGHT_CERTIFICATE,),
        ((2.0, 1.5), (2.5, 3.5), (10.0, 8.0), (13.5, 11.5), (15.0, 12.0)),
    ),
    Pattern(
        "T7",
        from_claim.INJURIES,
        (signs.CARTEL,),
        ((2.0, 2.0), (2.5, 3.5), (4.5, 3.5), (5.5, 6.0), (14.5, 10.0), (15.0, 12.0)),
    ),
    Pattern(
        "T8",
        from_pensions.ILLNESSES,
        (signs.FABRICATED_ILLNESS,),
        ((3.0, 1.5), (3.5, 5.5), (8.0, 6.0), (9.5, 8.5)),
    ),
    Pattern(
        "T9", from_claim.BEFORE_BOARD, (signs.STAND_IN,), ((7.5, 8.5), (8.0, 11.0), (9.5, 12.0))
    ),
    Pattern(
        "T10",
        EVERY,
        (signs.YOUNG_FIRM,),
        ((8.0, 6.0), (8.5, 7.0), (10.5, 7.5), (12.0, 10.0), (15.5, 12.5)),
    ),
    Pattern(
        "T11",
        from_jobs.EIS,
        (signs.SOLD_DISMISSAL,),
        ((8.0, 3.5), (10.0, 6.5), (11.5, 6.5), (13.0, 10.0), (14.0, 10.5)),
    ),
    Pattern(
        "T12",
        from_jobs.NEW_JOBS,
        (signs.FARMED_JOB,),
        ((4.5, 2.0), (5.0, 3.5), (7.5, 5.5), (11.5, 7.0), (12.0, 8.5)),
    ),
    Pattern(
        "T15",
        from_history.COVER_BY_PAYMENT,
        (signs.SHAM_COMMUTER,),
        ((5.0, 5.5), (6.5, 5.5), (7.0, 7.5), (8.5, 7.5), (9.0, 10.5), (11.5, 10.5)),
    ),
    Pattern(
        "T16",
        from_claim.INJURIES,
        (signs.STAGED_COLLISION,),
        ((2.5, 2.5), (3.0, 7.0), (7.0, 8.5), (7.5, 10.0), (9.5, 10.5), (10.0, 12.0)),
    ),
    Pattern("T17", EVERY, (signs.PAID_AFTER_DEATH,), ((7.0, 12.5),)),
    Pattern(
        "T17",
        from_pensions.DEATHS,
        (signs.FALSE_SURVIVOR,),
        ((4.5, 5.5), (5.5, 5.5), (6.0, 8.5), (6.5, 8.5)),
    ),
    Pattern(
        "T18",
        EVERY,
        (signs.ONE_PURSE, signs.ACCOUNT_TAKEN_OVER),
        ((3.0, 7.0), (8.0, 8.0), (8.5, 12.5)),
    ),
    Pattern(
        "T20",
        from_claim.INJURIES,
        (signs.RAISED_WAGE,),
        ((5.0, 7.0), (6.0, 7.5), (6.5, 9.5), (11.0, 10.5), (11.5, 12.0)),
    ),
)

_OF_SCHEME = {scheme: tuple(one for one in PATTERNS if scheme in one.schemes) for scheme in Scheme}


def strongest(known: Known) -> tuple[Mapping[Measure, float], float] | None:
    """The signs, with their weights, of the most unusual pattern, and how unusual it is in bits.

    None when nothing is known. A record that is not known can only make a pattern lighter.
    """
    found: tuple[Mapping[Measure, float], float] | None = None
    for pattern in _OF_SCHEME[known.claim.scheme]:
        lists = [shown for one in pattern.lists if (shown := one.shown(known)) is not None]
        if lists:
            bits = pattern.surprise(sum(sum(shown.values()) for shown in lists))
            if found is None or bits > found[1]:
                found = {m: weight for shown in lists for m, weight in shown.items()}, bits
    return found


@feature(
    Family.CLAIM,
    Source.CLAIM,
    "bits",
    *dict.fromkeys(one.typology for one in PATTERNS),
)
def weight_of_strongest_pattern(known: Known) -> float:
    """How unusual, taken together, the signs are of the typology that the claim resembles most."""
    found = strongest(known)
    return UNKNOWN if found is None else found[1]


def _directions() -> dict[str, int]:
    found: dict[str, set[int]] = {}
    for pattern in PATTERNS:
        for measure, levels, _ in pattern.signs:
            found.setdefault(measure.__name__, set()).add(levels.direction)
    sure = {name: ways.pop() for name, ways in found.items() if len(ways) == 1}
    counts = [name for name in vars(signs) if name.startswith("signs_of_")]
    named = {name: way for name, way in sure.items() if way}
    upward = [*counts, weight_of_strongest_pattern.__name__, *from_movement.ONLY_UP]
    return named | dict.fromkeys(upward, 1)


DIRECTIONS = _directions()
"""Which way the features of signs point, by name: 1 when a larger value is more alike to fraud, -1
when a smaller one is. A few dozen decisions are too few to learn that of a rare typology, and
recorded presence across may never speak for a review by its absence."""
