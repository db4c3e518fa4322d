"""How alike two words are: by their letters, and by a spelling that sounds the same."""

import re

_ALIKE = (
    *(("ph", "f"), ("sy", "s"), ("sh", "s"), ("kh", "k"), ("dh", "d"), ("th", "t"), ("gh", "g")),
    *(("dz", "z"), ("zh", "z"), ("ck", "k"), ("q", "k"), ("oo", "u"), ("ou", "u"), ("ee", "i")),
    *(("ie", "i"), ("y", "i"), ("o", "u"), ("e", "i"), ("v", "f"), ("w", "u")),
)
"""Letters written for one another in Malay, Arabic, Chinese and Indian names, replaced in order."""


def sound(word: str) -> str:
    """A word as it sounds: Yusof and Yusuf, Mustapha and Mustaffa are one. Initials stay."""
    if len(word) < 2:
        return word
    for written, heard in _ALIKE:
        word = word.replace(written, heard)
    word = re.sub(r"(.)\1+", r"\1", word)
    return word.rstrip("h") if len(word) > 3 else word


def jaro_winkler(one: str, other: str) -> float:
    """Likeness from 0 to 1 that forgives swaps and favours an equal start.

    Source: Winkler (1990), String comparator metrics; prefix of up to 4 letters, weight 0.1.
    """
    if one == other:
        return 1.0
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    taken = [False] * len(other)
    matched = []
    for place, letter in enumerate(one):
        for at in range(max(0, place - reach), min(len(other), place + reach + 1)):
            if not taken[at] and other[at] == letter:
                taken[at] = True
                matched.append(letter)
                break
    if not matched:
        return 0.0
    opposite = [letter for letter, used in zip(other, taken, strict=True) if used]
    swapped = sum(a != b for a, b in zip(matched, opposite, strict=True)) / 2
    count = len(matched)
    jaro = (count / len(one) + count / len(other) + (count - swapped) / count) / 3
    start = 0
    for a, b in zip(one[:4], other[:4], strict=False):
        if a != b:
            break
        start += 1
    return jaro + 0.1 * start * (1 - jaro)


def edits(one: str, other: str) -> int:
    """Letters to put in, leave out, replace or swap with their neighbour, at least.

    Each letter is touched once (optimal string alignment). Rows of the table of costs are kept as
    bits of whole numbers. Source: Hyyrö (2003), A bit-vector algorithm for computing Levenshtein
    and Damerau edit distances.
    """
    if not one or not other:
        return len(one) + len(other)
    places: dict[str, int] = {}
    for place, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << place
    full = (1 << len(one)) - 1
    last = 1 << (len(one) - 1)
    more, fewer, diagonal, before = full, 0, 0, 0
    cost = len(one)
    for letter in other:
        at = places.get(letter, 0)
        swapped = (((~diagonal & at) << 1) & before) & full
        diagonal = ((((at & more) + more) ^ more) | at | fewer | swapped) & full
        across_more = fewer | ~(diagonal | more) & full
        across_fewer = diagonal & more
        cost += bool(across_more & last) - bool(across_fewer & last)
        across_more = (across_more << 1 | 1) & full
        more = (across_fewer << 1 | ~(diagonal | across_more)) & full
        fewer = across_more & diagonal
        before = at
    return cost
