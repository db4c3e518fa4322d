"""The fairness gate: how much more often honest people of one group are put up for review.

A group is compared with everybody else of the same trait. Where a gap is surely larger than the
policy allows, a version cannot be promoted, unless the champion's surely is too and larger still.
Where people are too few to tell, that is said: a gap nobody could see is not a gap that is not
there. A person counts once, however many claims there are, because they are alike.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np
from scipy.stats import norm

from fraud.errors import InvalidInput
from fraud.records import Claim, Label
from models.equality import NOT_KNOWN, groups_of
from models.judge import COVERAGE, Figure, share_of
from models.split import Flags, numbered

FAIRNESS = "fairness.json"
"""The file of a version that holds its gaps."""

MOST = 1.25
"""A group's honest claims may be put up this many times as often as everybody else's."""


class Verdict(StrEnum):
    """What the claims at hand say of a gap."""

    WITHIN = "within"
    BEYOND = "beyond"
    UNKNOWN = "unknown"
    """Too few to tell."""


@dataclass(frozen=True, slots=True)
class Tally:
    """So many people, and how many of them were put up."""

    people: int
    put_up: int

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.people + other.people, self.put_up + other.put_up)

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(self.people - other.people, self.put_up - other.put_up)


NOBODY = Tally(0, 0)

Counts = Mapping[str, Mapping[str, Tally]]
"""For each trait its groups, and the people of each."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One group of one trait, among people whose claims nobody found wrong."""

    trait: str
    group: str
    people: int
    put_up: int
    rate: Figure
    """Share put up."""
    ratio: Figure
    """Times the rate of all other groups; intervals of all groups hold together."""

    @property
    def verdict(self) -> Verdict:
        """Whether the gap surely keeps to the policy, surely does not, or neither."""
        if self.ratio.low > MOST:
            return Verdict.BEYOND
        return Verdict.WITHIN if self.ratio.high <= MOST else Verdict.UNKNOWN

    @property
    def sentence(self) -> str:
        """The gap in words."""
        return (
            f"{self.trait}, {self.group}: honest claims are put up {self.ratio.value:.1f} times as"
            f" often as others' ({self.ratio.low:.1f} to {self.ratio.high:.1f}, {self.people}"
            f" people); {MOST:g} times is allowed"
        )


class Standings:
    """The groups in which the claimants of some claims stand; only counts of them leave here."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._people = numbered([claim.claimant.mykad for claim in claims]).tolist()
        self._groups = [groups_of(claim) for claim in claims]

    def counted(self, kept: Flags, put_up: Flags) -> Counts:
        """People with a claim that is kept, and how many of them were put up; both of shape (n,).

        A person stands in the groups of the last of several claims, and is put up when any of them
        is. Who cannot be placed is not counted in that trait.
        """
        rows = np.flatnonzero(kept).tolist()
        last = {self._people[row]: self._groups[row] for row in rows}
        up = {self._people[row] for row in rows if put_up[row]}
        counts: dict[str, dict[str, Tally]] = {}
        for person, groups in last.items():
            for trait, group in groups.items():
                of_trait = counts.setdefault(trait, {})
                if group != NOT_KNOWN:
                    of_trait[group] = of_trait.get(group, NOBODY) + Tally(1, int(person in up))
        return counts


def gaps(claims: Sequence[Claim], put_up: Flags) -> tuple[Gap, ...]:
    """The gap of every group; `claims` hold none that was found wrong, `put_up` has shape (n,)."""
    everybody = np.ones(len(claims), dtype=np.bool_)
    return gaps_between([Standings(claims).counted(everybody, put_up)])


def gaps_between(regions: Sequence[Counts]) -> tuple[Gap, ...]:
    """The gap of every group over several sets of people, nobody of whom stands in two of them."""
    together: dict[str, dict[str, Tally]] = {}
    for counts in regions:
        for trait, groups in counts.items():
            of_trait = together.setdefault(trait, {})
            for group, tally in groups.items():
                of_trait[group] = of_trait.get(group, NOBODY) + tally
    compared = {trait: groups for trait, groups in together.items() if len(groups) > 1}
    surety = surety_of(sum(map(len, compared.values())))
    return tuple(
        Gap(
            trait,
            group,
            own.people,
            own.put_up,
            share_of(own.put_up, own.people),
            _ratio(own, sum(groups.values(), NOBODY) - own, surety),
        )
        for trait, groups in compared.items()
        for group, own in sorted(groups.items())
    )


def surety_of(groups: int) -> float:
    """How sure the interval of each group has to be for those of all groups to hold together.

    Šidák 1967, "Rectangular confidence regions for the means of multivariate normal distributions".
    """
    return float(COVERAGE ** (1 / max(groups, 1)))


def gaps_of_honest(
    claims: Sequence[Claim], labels: Sequence[Label | None], put_up: Flags
) -> tuple[Gap, ...]:
    """The gaps among claims that nobody found wrong; None is the label of an undecided claim.

    A claim that would be put up counts only where it was found genuine: most of the others are
    fraud, and would say where fraud is in place of who is wrongly suspected.
    """
    kept = [
        row
        for row, (label, up) in enumerate(zip(labels, put_up.tolist(), strict=True))
        if label is Label.GENUINE or (not up and label in (None, Label.UNDETERMINED))
    ]
    return gaps([claims[row] for row in kept], put_up[kept])


def _ratio(own: Tally, others: Tally, surety: float) -> Figure:
    """How many times as often, with Walter's interval: half a person is added to each count.

    Walter 1975, "The distribution of Levin's measure of attributable risk".
    """
    mine, theirs = own.put_up + 0.5, others.put_up + 0.5
    of_mine, of_theirs = own.people + 0.5, others.people + 0.5
    middle = math.log((mine / of_mine) / (theirs / of_theirs))
    spread = math.sqrt(max(1 / mine - 1 / of_mine + 1 / theirs - 1 / of_theirs, 0.0))
    half = float(norm.ppf((1 + surety) / 2)) * spread
    return Figure(math.exp(middle), math.exp(middle - half), math.exp(middle + half))


def refusals(challenger: Sequence[Gap], champion: Sequence[Gap]) -> list[str]:
    """In words, every gap beyond the policy that the champion does not surely have as wide."""
    before = {
        (gap.trait, gap.group): gap.ratio.value for gap in champion if gap.verdict is Verdict.BEYOND
    }
    return [
        gap.sentence
        for gap in challenger
        if gap.verdict is Verdict.BEYOND
        and gap.ratio.value > before.get((gap.trait, gap.group), 0.0)
    ]


def gaps_to_json(found: Sequence[Gap]) -> str:
    """Gaps as a version keeps them; `gaps_from_json` reads them."""
    return json.dumps([asdict(gap) for gap in found], indent=1)


def gaps_from_json(text: str) -> tuple[Gap, ...]:
    """Read what `gaps_to_json` wrote. Raises InvalidInput when it is something else."""
    try:
        return tuple(_gap(entry) for entry in json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput("not a list of gaps between groups") from error


def _gap(entry: Mapping[str, object]) -> Gap:
    rate, ratio = entry["rate"], entry["ratio"]
    if not isinstance(rate, dict) or not isinstance(ratio, dict):
        raise TypeError("a rate and a ratio are figures")
    fields = {**entry, "rate": Figure(**rate), "ratio": Figure(**ratio)}
    return Gap(**fields)  # type: ignore[arg-type]


def lines_of(found: Sequence[Gap]) -> list[str]:
    """The rows of a table in a model card."""
    return [
        f"| {gap.trait} | {gap.group} | {gap.people} | {gap.put_up} | {gap.rate} | {gap.ratio} |"
        f" {gap.verdict} |"
        for gap in found
    ]
