"""Which probability of a claim that is looked at several times is judged against the truth.

The one that people are shown: that of the look which put the claim up for review, or else of its
latest look. The rule that picks it looks at no later probability, so a scorer that is right given
all that was known up to each look is right in it (optional stopping, Doob 1953); looks that
disagree with each other show as an error here. The highest of a claim's life is picked after
the fact and says too much even of a scorer that is right; it and the first are shown beside it.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np

from fraud.assessment import Floats
from models.judge import Figure, Judged
from models.reliability import TOP_SHARE, Reliability, reliability


class Sense(StrEnum):
    """Whose probability of a claim."""

    AS_PUT_UP = "as_put_up"
    """Of the look that put it up, or else of its latest."""
    FIRST = "first"
    HIGHEST = "highest"


SHARES = {"": 1.0, "_top": TOP_SHARE}
"""Which claims, highest first: all, and the top by themselves."""

CALIBRATION = {
    f"calibration_{sense}{top}": f"Calibration error{among}, {words}"
    for top, among in (("", ""), ("_top", f" in the top {100 * TOP_SHARE:g}%"))
    for sense, words in (
        (Sense.AS_PUT_UP, "probability as put up or latest"),
        (f"{Sense.AS_PUT_UP}_by_chance", "the same, were every probability right"),
        (Sense.FIRST, "probability at the first look"),
        (Sense.HIGHEST, "highest probability of its life"),
    )
}
"""Figures of `calibration_errors` in words."""


def calibration_errors(
    rows: Judged, said: Mapping[Sense, Floats], *, rounds: int, seed: int
) -> dict[str, Figure]:
    """The calibration error in each sense, over all claims and in the top, with intervals."""
    figures = {}
    for sense, probability in said.items():
        for top, share in SHARES.items():
            found = reliability(rows, probability, share=share, rounds=rounds, seed=seed)
            figures[f"calibration_{sense}{top}"] = found.error
            if sense is Sense.AS_PUT_UP:
                figures[f"calibration_{sense}_by_chance{top}"] = found.by_chance
    return figures


def both_shares(rows: Judged, probability: Floats, *, rounds: int, seed: int) -> list[Reliability]:
    """Over all claims, and over the top by themselves."""
    return [
        reliability(rows, probability, share=share, rounds=rounds, seed=seed)
        for share in SHARES.values()
    ]


def together(regions: Sequence[Judged]) -> Judged:
    """Claims of several regions as one set; nobody of one region is anybody of another."""
    first = np.cumsum([0, *(int(one.people.max(initial=-1)) + 1 for one in regions)])
    return Judged(
        np.concatenate([one.positive for one in regions]),
        np.concatenate([one.people + at for one, at in zip(regions, first, strict=False)]),
        np.concatenate([one.weights for one in regions]),
        np.concatenate([one.payments_sen for one in regions]),
    )
