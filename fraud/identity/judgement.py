"""Same, different or unsure: what people judged of two MyKad numbers, and what stands by now.

Judgements are only ever added. A later one of the same two numbers replaces the one before; one
that is taken back restores it. So what stood at any moment can be told at any later one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What was judged of two numbers."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    """Looked at and left open: neither joins nor keeps apart."""
    TAKEN_BACK = "taken_back"
    """The judgement before this one no longer stands; the one before that does."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody judged of two MyKad numbers, when, and why."""

    one: str
    other: str
    verdict: Verdict
    by: str
    why: str
    at: datetime
    known_at: int
    """Ingest position: claims after it are read with it in mind."""

    @property
    def pair(self) -> frozenset[str]:
        """The two numbers, whichever was named first."""
        return frozenset((self.one, self.other))


def standing(judgements: Iterable[Judgement]) -> dict[frozenset[str], Judgement]:
    """The judgement that stands of each two numbers, in the order in which they were made.

    Taking back where nothing stands changes nothing.
    """
    made: dict[frozenset[str], list[Judgement]] = {}
    for one in judgements:
        of_pair = made.setdefault(one.pair, [])
        if one.verdict is not Verdict.TAKEN_BACK:
            of_pair.append(one)
        elif of_pair:
            of_pair.pop()
    last = [of_pair[-1] for of_pair in made.values() if of_pair]
    return {one.pair: one for one in sorted(last, key=lambda one: one.known_at)}
