"""Names as they compare: one form for every way of writing the same name.

A name has its own part and, where one is written, the part of a parent. The word between the two
(bin, binti, a/l, a/p, s/o, d/o, anak ...) is dropped, whichever it is: it would say of which
people or sex somebody is, and nothing here keeps that. Titles are dropped, short forms written in
full. Names without such a word compare in any order, since surnames stand first or last.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import product

Parts = tuple[str, ...]

_PARENT_FOLLOWS = re.compile(
    r"\s(?:bin|bn|ibni|ibn|binti|bte|bt|binte|bnt|b|anak lelaki|anak perempuan|anak|ak"
    r"|a ?[/\\] ?[lp]|[sd] ?[/\\] ?o)\s"
)
"""What stands between somebody's own name and the parent's, with signs still in place."""
_TITLES = frozenset({
    "tuan", "puan", "encik", "cik", "en", "pn", "mr", "mrs", "ms", "mdm", "madam", "miss", "dr",
    "ir", "prof", "dato", "datin", "datuk",
})  # fmt: skip
"""Dropped at the start of a name; further on the same letters may be a name."""
_EARNED = frozenset({"haji", "hajah", "hj", "hjh", "hja"})
"""Dropped wherever they stand: one paper has them, the next has not."""
_MUHAMMAD = (
    "mohd", "md", "muhd", "mhd", "mohamd", "mohamad", "mohammad", "mohamed", "mohammed", "muhamad",
    "muhammed",
)  # fmt: skip
_SHORT = dict.fromkeys(_MUHAMMAD, "muhammad") | dict.fromkeys(("abd", "abdl", "abdull"), "abdul")
_JOINED_ON = frozenset({"abdul", "nurul"})
"""First halves of names that are written with or without a space: Abdul Rahman, Abdulrahman."""


class NameMatch(IntEnum):
    """How well two names fit, least first."""

    DIFFERENT = 0
    NEAR = 1
    """One letter more, less, other, or two of them swapped."""
    FITS = 2
    """One of the two leaves parts out, or has initials for them."""
    EQUAL = 3


@dataclass(frozen=True, slots=True)
class NameForm:
    """One name: its own parts, and those of the parent it names, if any; lower case, in order."""

    own: Parts
    parent: Parts = ()

    @property
    def parts(self) -> Parts:
        """All parts in order."""
        return (*self.own, *self.parent)


def name_forms(name: str) -> tuple[NameForm, ...]:
    """Every name under which somebody is written, each once; an @ stands between them.

    Of "Siti @ Aminah binti Ali" both have the same parent. Empty for a text without letters.
    """
    found = [_form(part) for part in name.split("@")]
    parent = next((one.parent for one in found if one.parent), ())
    forms = (NameForm(one.own, one.parent or parent) for one in found if one.own)
    return tuple(dict.fromkeys(forms))


def _form(name: str) -> NameForm:
    plain = unicodedata.normalize("NFKD", name.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    spaced = re.sub(r"\ba ?\. ?([lp])\.?(?=\s)", r"a/\1", plain).replace(".", " ")
    halves = _PARENT_FOLLOWS.split(f" {spaced} ", maxsplit=1)
    own, *parent = (_parts(half) for half in halves)
    if not own or not parent or not parent[0]:
        return NameForm(_parts(spaced))
    return NameForm(own, parent[0])


def _parts(text: str) -> Parts:
    text = re.sub(r"(?<=\w)['’`](?=\w)", "", text)  # Dato', Sa'adah
    words = [word for word in re.split(r"[^\w]+", text) if word and word not in _EARNED]
    while len(words) > 1 and words[0] in _TITLES:
        del words[0]
    parts: list[str] = []
    for word in (_SHORT.get(word, word) for word in words):
        if parts and parts[-1] in _JOINED_ON:
            parts[-1] += word
        else:
            parts.append(word)
    return tuple(parts)


def match_names(one: str, other: str) -> NameMatch:
    """How well two written names fit: the best fit of any of their forms."""
    return match_forms(name_forms(one), name_forms(other))


def match_forms(one: Iterable[NameForm], other: Iterable[NameForm]) -> NameMatch:
    """The same for two names of which every form is known."""
    return max((_match(a, b) for a, b in product(one, other)), default=NameMatch.DIFFERENT)


def _match(one: NameForm, other: NameForm) -> NameMatch:
    if _equal(one, other):
        return NameMatch.EQUAL
    if _fits(one, other) or _fits(other, one):
        return NameMatch.FITS
    if _one_letter_off("".join(one.parts), "".join(other.parts)):
        return NameMatch.NEAR
    return NameMatch.DIFFERENT


def _equal(one: NameForm, other: NameForm) -> bool:
    if one.parent and other.parent:
        halves = ((one.own, other.own), (one.parent, other.parent))
        return all("".join(a) == "".join(b) for a, b in halves)
    if one.parent or other.parent:  # the word between the two was left out
        return "".join(one.parts) == "".join(other.parts)
    return _same_parts(one.own, other.own)


def _same_parts(one: Parts, other: Parts) -> bool:
    """Whether the parts are the same in any order, some of them joined: Wei Ming, Weiming."""
    if not one or not other:
        return one == other
    longest = max((*one, *other), key=len)
    if longest not in one:
        one, other = other, one
    at = one.index(longest)
    rest = (*one[:at], *one[at + 1 :])
    return any(
        "".join(other[start:end]) == longest and _same_parts(rest, (*other[:start], *other[end:]))
        for start in range(len(other))
        for end in range(start + 1, len(other) + 1)
    )


def _fits(shorter: NameForm, longer: NameForm) -> bool:
    """Whether all parts of one name are in the other, as themselves or as initials.

    At least one of them in full, and two parts in all: a single name fits too many people.
    """
    if len(shorter.parts) < 2 or (
        shorter.parent and longer.parent and not _within(shorter, longer)
    ):
        return False
    left = list(longer.parts)
    in_full = 0
    for part in sorted(shorter.parts, key=len, reverse=True):
        found = next((p for p in left if p == part or (len(part) == 1 and p[0] == part)), None)
        if found is None:
            return False
        in_full += found == part and len(part) > 1
        left.remove(found)
    return in_full > 0


def _within(shorter: NameForm, longer: NameForm) -> bool:
    """Whether a name's own part and parent each have something of the other's."""
    initials = {part[0] for part in longer.parent}
    own = bool(set(shorter.own) & set(longer.own))
    parent = set(shorter.parent) & set(longer.parent)
    return own and bool(parent or initials & {part for part in shorter.parent if len(part) == 1})


def _one_letter_off(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 4:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return len(one) != len(other)
    swapped = one[at + 1 : at + 2] + one[at] + one[at + 2 :]
    return (
        one[at + 1 :] == other[at + 1 :]
        or one[at + 1 :] == other[at:]
        or one[at:] == other[at + 1 :]
        or swapped == other[at:]
    )
