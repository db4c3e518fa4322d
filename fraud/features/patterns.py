"""The typology that a claim resembles most: signs of all of them, weighed on one scale.

An office confirms a few cases of each typology a year, too few to learn each by itself. What they
have in common is that several unusual things come together; so each sign weighs as much as it is
unusual, and the pattern that weighs most is one number for all typologies. A weight is the
surprise of a sign in bits: how seldom it holds among all claims of its schemes, measured on
simulated claims without regard to what they really were. It is an assumption until an office
measures its own; what the number means for a claim is learned from decisions like anything else.
"""

from collections.abc import Iterable, Mapping
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


class Pattern(NamedTuple):
    """The signs of one typology, and the schemes on which they are looked for."""

    typology: str
    schemes: frozenset[Scheme]
    lists: tuple[Signs, ...]

    @property
    def signs(self) -> tuple[Sign, ...]:
        """The signs of all its lists; no two lists of one pattern hold the same feature."""
        return tuple(sign for one in self.lists for sign in one.each)


PATTERNS = (
    Pattern("T1", from_jobs.SEARCHING, (signs.WORK_DURING_SEARCH, signs.JOB_DURING_SEARCH)),
    Pattern(
        "T2",
        from_claim.INJURIES,
        (signs.WORK_ON_LEAVE, signs.EXTENDED_LEAVE, signs.TRIPS_ON_LEAVE, signs.LISTED_ON_LEAVE),
    ),
    Pattern("T3", from_claim.INJURIES, (signs.MOVED_ACCIDENT,)),
    Pattern("T4", from_claim.OF_WORK, (signs.RETOLD_ACCIDENT,)),
    Pattern("T5", from_claim.INJURIES, (signs.PAID_TWICE,)),
    Pattern("T6", from_claim.INJURIES, (signs.BOUGHT_CERTIFICATE,)),
    Pattern("T7", from_claim.INJURIES, (signs.CARTEL,)),
    Pattern("T8", from_pensions.ILLNESSES, (signs.FABRICATED_ILLNESS,)),
    Pattern("T9", from_claim.BEFORE_BOARD, (signs.STAND_IN,)),
    Pattern("T10", EVERY, (signs.YOUNG_FIRM,)),
    Pattern("T11", from_jobs.EIS, (signs.SOLD_DISMISSAL,)),
    Pattern("T12", from_jobs.NEW_JOBS, (signs.FARMED_JOB,)),
    Pattern("T15", from_history.COVER_BY_PAYMENT, (signs.SHAM_COMMUTER,)),
    Pattern("T16", from_claim.INJURIES, (signs.STAGED_COLLISION,)),
    Pattern("T17", EVERY, (signs.PAID_AFTER_DEATH,)),
    Pattern("T17", from_pensions.DEATHS, (signs.FALSE_SURVIVOR,)),
    Pattern("T18", EVERY, (signs.ONE_PURSE, signs.ACCOUNT_TAKEN_OVER)),
    Pattern("T20", from_claim.INJURIES, (signs.RAISED_WAGE,)),
)

_OF_SCHEME = {scheme: tuple(one for one in PATTERNS if scheme in one.schemes) for scheme in Scheme}


def _weight(shown: Iterable[Mapping[Measure, float]]) -> float:
    return sum(sum(one.values()) for one in shown)


def strongest(known: Known) -> Mapping[Measure, float] | None:
    """The signs, with their weights, of the pattern that weighs most; None when nothing is known.

    A record that is not known can only make a pattern lighter.
    """
    each = [
        [shown for one in pattern.lists if (shown := one.shown(known)) is not None]
        for pattern in _OF_SCHEME[known.claim.scheme]
    ]
    heaviest = max((shown for shown in each if shown), key=_weight, default=None)
    if heaviest is None:
        return None
    return {measure: weight for one in heaviest for measure, weight in one.items()}


@feature(
    Family.CLAIM,
    Source.CLAIM,
    "bits",
    *dict.fromkeys(one.typology for one in PATTERNS),
)
def weight_of_strongest_pattern(known: Known) -> float:
    """How unusual, taken together, the signs are of the typology that the claim resembles most."""
    shown = strongest(known)
    return UNKNOWN if shown is None else sum(shown.values())


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
