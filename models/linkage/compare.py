"""Comparisons of two names: numbers that say how they are alike, and how much that means.

Every comparison gives the same whichever name stands first. `nan` is for what cannot be compared.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np

from fraud.identifiers.names import match_forms
from models.backtest.columns import Singles
from models.linkage.alignment import Aligned, align, likeness
from models.linkage.blocking import Pairs
from models.linkage.letters import edits, jaro_winkler
from models.linkage.names import Form, Name

NAN = float("nan")

WEIGHED = "rare parts shared"

SINGLE = (WEIGHED, "rare parts covered, fuller name", "name match of the desk", "whole alike",
          "whole letters equal", "sorted parts equal")  # fmt: skip
"""Comparisons that could stand alone: more of them is nearer. The best stands beside the model."""


class NameComparer:
    """Compares names taken apart, knowing how many names have each part."""

    def __init__(self, names: Sequence[Name]) -> None:
        self._names = names
        having: dict[str, set[int]] = {}
        for number, name in enumerate(names):
            for heard in name.sounds:
                having.setdefault(heard, set()).add(number)
        self._having: Mapping[str, set[int]] = having
        # Spelled differently and both common: two names, not one mistyped.
        self._spelled: dict[str, int] = {}
        for name in names:
            for part in {part for form in name.forms for part in form.parts}:
                self._spelled[part] = self._spelled.get(part, 0) + 1
        self._titled: dict[str, int] = {}
        for name in names:
            for title in name.titles:
                self._titled[title] = self._titled.get(title, 0) + 1
        self._names_with_all = cache(self._count_names)

    def compare(self, pairs: Pairs, tell: Callable[[str], None]) -> dict[str, Singles]:
        """A column for each comparison, a row for each pair of names, given by their numbers."""
        columns: dict[str, Singles] = {}
        for row, (a, b) in enumerate(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)):
            if row % 20_000 == 0:
                tell(f"comparing names, {row:,} of {len(pairs):,} pairs")
            for column, value in self._pair(self._names[a], self._names[b]).items():
                if column not in columns:
                    columns[column] = np.empty(len(pairs), dtype=np.float32)
                columns[column][row] = value
        return columns

    def _pair(self, one: Name, other: Name) -> dict[str, float]:
        of_forms = [self._forms(a, b) for a in one.forms for b in other.forms]
        found = max(of_forms, key=lambda form: form[WEIGHED])
        shared, apart = one.titles & other.titles, one.titles ^ other.titles
        fewer, more = sorted((len(one.titles), len(other.titles)))
        return found | {
            "best cover of any form": max(form[COVER[1]] for form in of_forms),
            "forms": len(one.forms) + len(other.forms),
            "name match of the desk": int(match_forms(one.plain, other.plain)),
            "rare titles shared": sum(
                math.log(len(self._names) / self._titled[title]) for title in shared
            ),
            "titles apart": len(apart),
            "titles, fewer": fewer,
            "titles, more": more,
        }

    def _forms(self, one: Form, other: Form) -> dict[str, float]:
        aligned = align(one, other)
        return {
            **_weights(one, other, aligned),
            **_counts(one, other, aligned),
            **_halves(one, other, aligned),
            **self._doubt(one, other, aligned),
            **_whole(one, other),
        }

    def _doubt(self, one: Form, other: Form, aligned: Aligned) -> dict[str, float]:
        """What the least alike parts say, and how many names have all that is shared."""
        shared = frozenset(one.sounds[i] for i, _ in aligned.exact)
        found = {"names with all shared": float(self._names_with_all(shared))}
        words = ("rarer", "commoner", "edits", "first letter", "last letter", "letters", "likeness")
        least = min(aligned.fuzzy, key=lambda pair: pair[2], default=None)
        if least is None:
            return found | {f"least alike: {word}": NAN for word in words}
        a, b = one.parts[least[0]], other.parts[least[1]]
        rarer, commoner = sorted((self._spelled[a], self._spelled[b]))
        values = (
            *(rarer, commoner, edits(a, b)),
            *(a[0] == b[0], a[-1] == b[-1], min(len(a), len(b)), least[2]),
        )
        return found | {
            f"least alike: {word}": float(value) for word, value in zip(words, values, strict=True)
        }

    def _count_names(self, sounds: frozenset[str]) -> int:
        sets = sorted((self._having[heard] for heard in sounds), key=len)
        return len(set.intersection(*sets)) if sets else len(self._names)


COVER = ("rare parts covered, fuller name", "rare parts covered, shorter name")


def _weights(one: Form, other: Form, aligned: Aligned) -> dict[str, float]:
    """How much of the rarity of both names the aligned parts carry, and what is left over."""
    total, other_total = sum(one.weights), sum(other.weights)
    carried = sum(alike * one.weights[i] for i, _, alike in aligned.pairs)
    other_carried = sum(alike * other.weights[j] for _, j, alike in aligned.pairs)
    shared = sum(alike * min(one.weights[i], other.weights[j]) for i, j, alike in aligned.pairs)
    exact = sorted((one.weights[i] for i, _ in aligned.exact), reverse=True)
    rows, columns = {i for i, *_ in aligned.pairs}, {j for _, j, _ in aligned.pairs}
    left = [w for i, w in enumerate(one.weights) if i not in rows]
    other_left = [w for j, w in enumerate(other.weights) if j not in columns]
    covers = sorted((carried / max(total, 1e-9), other_carried / max(other_total, 1e-9)))
    all_of_it = total + other_total - shared
    return {
        WEIGHED: shared / all_of_it if all_of_it > 0 else 1.0,
        **dict(zip(COVER, covers, strict=True)),
        "weight shared": shared,
        "weight shared exactly": sum(exact),
        "rarest shared part": exact[0] if exact else 0.0,
        "second rarest shared part": exact[1] if len(exact) > 1 else 0.0,
        **_ordered("weight left over", sum(left), sum(other_left)),
        **_ordered("parts left over", len(left), len(other_left)),
        **_ordered("rarest left over", max(left, default=0.0), max(other_left, default=0.0)),
    }


def _counts(one: Form, other: Form, aligned: Aligned) -> dict[str, float]:
    rows, columns = {i for i, *_ in aligned.pairs}, {j for _, j, _ in aligned.pairs}
    initials = aligned.initials
    return {
        "parts aligned": len(aligned.pairs),
        "parts aligned exactly": len(aligned.exact),
        "parts spelled alike": sum(one.parts[i] == other.parts[j] for i, j, _ in aligned.pairs),
        "parts aligned roughly": len(aligned.fuzzy),
        "initials": len(initials),
        "initials of a parent": sum(i >= one.own or j >= other.own for i, j in initials),
        "initials in front": sum(0 in {i, j} for i, j in initials),
        "crossings": aligned.crossings,
        "first part left over": (0 not in rows) + (0 not in columns),
        "last part left over": (len(one.parts) - 1 not in rows)
        + (len(other.parts) - 1 not in columns),
        **_ordered("parts", len(one.parts), len(other.parts)),
    }


def _halves(one: Form, other: Form, aligned: Aligned) -> dict[str, float]:
    """Own parts with own parts, a parent's with a parent's, and one with the other."""
    own = parent = across = 0.0
    for i, j, alike in aligned.pairs:
        weight = alike * min(one.weights[i], other.weights[j])
        if (i < one.own) != (j < other.own):
            across += weight
        elif i < one.own:
            own += weight
        else:
            parent += weight
    halves = [(sum(f.weights[: f.own]), sum(f.weights[f.own :])) for f in (one, other)]
    parents = sum(len(form.parts) > form.own for form in (one, other))
    least_own = min(half[0] for half in halves)
    least_parent = min(half[1] for half in halves)
    return {
        "own parts shared": own / least_own if least_own > 0 else NAN,
        "parent's parts shared": parent / least_parent if least_parent > 0 else NAN,
        "shared across": across if parents else NAN,
        "parents named": parents,
    }


def _whole(one: Form, other: Form) -> dict[str, float]:
    """The names without spaces: as they sound, in a fixed order, and as they are spelled."""
    heard, other_heard = "".join(one.sounds), "".join(other.sounds)
    apart = edits(heard, other_heard)
    return {
        "first parts alike": likeness(one.parts[0], other.parts[0]),
        "last parts alike": likeness(one.parts[-1], other.parts[-1]),
        "whole edits": apart,
        "whole letters equal": 1 - apart / max(len(heard), len(other_heard), 1),
        "whole alike": jaro_winkler(heard, other_heard),
        "sorted parts equal": _equal("".join(sorted(one.sounds)), "".join(sorted(other.sounds))),
        "spelling equal": _equal("".join(one.parts), "".join(other.parts)),
    }


def _equal(one: str, other: str) -> float:
    return 1 - edits(one, other) / max(len(one), len(other), 1)


def _ordered(word: str, one: float, other: float) -> dict[str, float]:
    less, more = sorted((one, other))
    return {f"{word}, less": less, f"{word}, more": more}
