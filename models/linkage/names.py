"""Written names taken apart: titles, own parts and a parent's, with how rare each part is."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from fraud.identifiers.names import NameForm, Parts, name_forms
from models.linkage.letters import sound

TITLES = frozenset({
    "adv", "bapa", "capt", "captain", "cik", "cikgu", "ckg", "dato", "datin", "datu", "datuk",
    "dr", "drs", "en", "encik", "haji", "hajah", "hj", "hja", "hjh", "hafiz", "imam", "ir", "jp",
    "kapt", "kapten", "kol", "kolonel", "lebai", "leftenan", "lt", "maulana", "mej", "mejar",
    "miss", "mr", "mrs", "pak", "panglima", "patinggi", "pehin", "pg", "pn", "prof", "profesor",
    "puan", "saudara", "sdr", "seri", "sri", "syeikh", "temenggong", "tuan", "tun", "us", "ust",
    "ustaz", "ustazah", "yab", "yb",
})  # fmt: skip
"""Given, earned or polite: one paper has them and the next has not, so they are compared apart."""

_ONE_TITLE = {
    "ust": "ustaz", "us": "ustaz", "dato": "datuk", "datin": "datuk", "hj": "haji", "hja": "haji",
    "hjh": "haji", "hajah": "haji", "ckg": "cikgu", "sri": "seri", "prof": "profesor",
}  # fmt: skip
_TWO_WORDS = frozenset({("tan", "sri"), ("tan", "seri"), ("toh", "puan"), ("tok", "guru"),
                        ("tuan", "guru"), ("to", "guru"), ("da", "to")})  # fmt: skip
"""Titles in two words, of which the first alone may be a name."""

_SERVANT = frozenset({"ab", "abdul"})
"""First halves of names, joined to what follows."""

sounding = cache(sound)


@dataclass(frozen=True, slots=True)
class Form:
    """One of the names somebody is written under."""

    parts: Parts
    """Own parts, then those of a parent."""
    own: int
    """How many of the parts are own; all of them where no parent is named."""
    sounds: Parts
    """The same parts as they sound."""
    weights: tuple[float, ...]
    """How rare each part is among all names: log of names to names that have it."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written: every form of it (an @ stands between them), and its titles."""

    plain: tuple[NameForm, ...]
    """Every form as the desk compares it."""
    forms: tuple[Form, ...]
    titles: frozenset[str]

    @property
    def text(self) -> str:
        """All forms as they sound, for comparison by pieces of letters."""
        return " ".join(sound for form in self.forms for sound in form.sounds)

    @property
    def sounds(self) -> frozenset[str]:
        """Every part of every form as it sounds."""
        return frozenset(sound for form in self.forms for sound in form.sounds)


def has_parts(name: str) -> bool:
    """Whether a text names anybody at all."""
    return bool(name_forms(name))


def take_apart(written: Sequence[str]) -> list[Name]:
    """Each name taken apart, in order; each has to have parts, and stand once."""
    plain = [name_forms(name) for name in written]
    bare = [[(_bare(form.own), _bare(form.parent)) for form in forms] for forms in plain]
    names_with = Counter(
        heard
        for forms in bare
        for heard in {sounding(part) for own, parent in forms for part in own + parent}
    )
    return [
        Name(
            plain=forms,
            forms=tuple(_form(own, parent, names_with, len(written)) for own, parent in stripped),
            titles=_titles(name),
        )
        for name, forms, stripped in zip(written, plain, bare, strict=True)
    ]


def _form(own: Parts, parent: Parts, names_with: Counter[str], names: int) -> Form:
    parts = own + parent
    sounds = tuple(map(sounding, parts))
    weights = (
        math.log(names / names_with[heard]) * (1.0 if len(part) > 1 else 0.4)
        for part, heard in zip(parts, sounds, strict=True)
    )
    return Form(parts, len(own), sounds, tuple(weights))


def _bare(parts: Parts) -> Parts:
    """The parts that name somebody; all of them where nothing else would be left."""
    left: list[str] = []
    at = 0
    while at < len(parts):
        if parts[at : at + 2] in _TWO_WORDS:
            at += 2
            continue
        if left and left[-1] in _SERVANT:
            left[-1] = "abdul" + parts[at]
        elif parts[at] not in TITLES:
            left.append(parts[at])
        at += 1
    return tuple(left) or parts


def _titles(name: str) -> frozenset[str]:
    words = re.findall(r"[a-z]+", name.lower().replace("'", ""))
    return frozenset(_ONE_TITLE.get(word, word) for word in words if word in TITLES)
