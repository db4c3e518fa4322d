"""Whether genuine claims of some people are put up more often, on regions that nobody has seen.

By the rule of the gate before promotion, but by the truth of simulated regions, in which every
genuine claim is known. Two lines are compared, since a good review line leaves too few to tell.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from models.fairness import MOST, Counts, Gap, gaps_between, surety_of
from models.split import Flags
from models.watched import Watched

WIDE = 0.1
"""Share of claims above the wide line: so wide that a handful of regions tells of women and men,
where the review line would take hundreds, and no wider, to stay among high scores."""

SURE_TO_TELL = 0.8
"""Chance with which the regions needed do tell; customary when a study is planned."""


@dataclass(frozen=True, slots=True)
class CountedGroups:
    """One region: its genuine claims, and the people who made them."""

    claims: int
    review: Counts
    """Put up for review, as it happened."""
    wide: Counts
    """Above the wide line by the highest score of a claim's life, whatever is at stake."""


@dataclass(frozen=True, slots=True)
class LineOfGroups:
    """Groups at one line, several regions together."""

    regions: int
    claims: int
    gaps: tuple[Gap, ...]
    not_compared: tuple[str, ...]
    """Traits of which everybody stands in one group, or in none that is known."""

    def regions_needed(self, gap: Gap) -> int | None:
        """Regions like these in which a group treated like all others is found within the policy.

        In as many, a group put up `MOST` times as often is told from one treated alike. None when
        nobody of the trait was put up, so that there is no rate to plan from.
        """
        of_trait = [one for one in self.gaps if one.trait == gap.trait]
        people = sum(one.people for one in of_trait)
        put_up = sum(one.put_up for one in of_trait)
        if not put_up:
            return None
        # Variance of the logarithm of the ratio, were everybody put up at the rate of the trait.
        variance = (people / put_up - 1) * (1 / gap.people + 1 / (people - gap.people))
        sure = float(norm.ppf((1 + surety_of(len(self.gaps))) / 2) + norm.ppf(SURE_TO_TELL))
        return max(1, math.ceil(self.regions * variance * (sure / math.log(MOST)) ** 2))


def counted_groups(seen: Watched, wide_line: float) -> CountedGroups:
    """Count the people of each group with genuine claims of a region, at both lines."""

    def above(put_up: Flags) -> Counts:
        return seen.standings.counted(seen.genuine, put_up)

    return CountedGroups(
        claims=int(seen.genuine.sum()),
        review=above(seen.reviewed),
        wide=above(np.asarray(seen.probability >= wide_line)),
    )


def lines_of_groups(regions: Sequence[CountedGroups]) -> tuple[LineOfGroups, LineOfGroups]:
    """The gaps over all regions, at the review line and at the wide one."""
    claims = sum(one.claims for one in regions)

    def line(counts: Sequence[Counts]) -> LineOfGroups:
        found = gaps_between(counts)
        traits = dict.fromkeys(trait for one in counts for trait in one)
        compared = {gap.trait for gap in found}
        left = tuple(trait for trait in traits if trait not in compared)
        return LineOfGroups(len(regions), claims, found, left)

    return line([one.review for one in regions]), line([one.wide for one in regions])
