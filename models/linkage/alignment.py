"""Which part of one name stands for which part of another."""

from dataclasses import dataclass
from functools import cache
from itertools import combinations

from models.linkage.letters import jaro_winkler
from models.linkage.names import Form, sounding

LEAST = 0.8
"""Likeness from which two parts in full can stand for one another."""

INITIAL = 0.6
"""Likeness of a part and its initial."""

SHORTENED = 0.93
"""Least likeness of a part of three letters or more and a longer one that starts with it."""


@cache
def likeness(one: str, other: str) -> float:
    """Likeness of two parts from 0 to 1, by their sound; 1 only where they sound the same."""
    heard, other_heard = sounding(one), sounding(other)
    if heard == other_heard:
        return 1.0
    if min(len(one), len(other)) == 1:
        return INITIAL if one[0] == other[0] else 0.0
    alike = jaro_winkler(heard, other_heard)
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) > 2 and longer.startswith(shorter):
        alike = max(alike, SHORTENED)
    return alike


@dataclass(frozen=True, slots=True)
class Aligned:
    """Pairs of places in two forms that stand for one another, with their likeness."""

    pairs: tuple[tuple[int, int, float], ...]

    @property
    def exact(self) -> list[tuple[int, int]]:
        return [(i, j) for i, j, alike in self.pairs if alike == 1.0]

    @property
    def initials(self) -> list[tuple[int, int]]:
        return [(i, j) for i, j, alike in self.pairs if alike == INITIAL]

    @property
    def fuzzy(self) -> list[tuple[int, int, float]]:
        return [pair for pair in self.pairs if pair[2] not in {1.0, INITIAL}]

    @property
    def crossings(self) -> int:
        """How often two parts stand in another order."""
        return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(self.pairs, 2))


def align(one: Form, other: Form) -> Aligned:
    """Pair parts off, the most alike first and then the nearest in place; each stands once."""
    near = []
    for i, part in enumerate(one.parts):
        for j, opposite in enumerate(other.parts):
            alike = likeness(part, opposite)
            if alike >= LEAST or alike == INITIAL:
                near.append((-alike, abs(i - j), i, j))
    pairs: list[tuple[int, int, float]] = []
    rows, columns = set[int](), set[int]()
    for cost, _, i, j in sorted(near):
        if i not in rows and j not in columns:
            rows.add(i)
            columns.add(j)
            pairs.append((i, j, -cost))
    return Aligned(tuple(pairs))
