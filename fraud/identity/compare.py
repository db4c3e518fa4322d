"""Comparisons of two entries, each with its reason: what agrees, what nearly does, what does not.

They help somebody to judge and are no score: brothers share an address, twins a birth date, and a
family a telephone or an account.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product

from fraud.identifiers.contact import address_form
from fraud.identifiers.names import NameMatch, match_names
from fraud.records import Claim
from fraud.wording import Language, text


class Finding(StrEnum):
    """What a comparison found."""

    AGREES = "agrees"
    NEAR = "near"
    """Not equal, but one could be the other written another way, or mistyped."""
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    """One of the two has nothing to compare."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One named comparison: what it found, and why in words (`same.<name>.<reason>`)."""

    name: str
    finding: Finding
    reason: str
    values: tuple[str, ...] = ()
    """The two names that fit best; nothing else is ever repeated."""

    def sentence(self, language: Language) -> str:
        """The reason in words."""
        named = dict(zip(("one", "other"), self.values, strict=False))
        return text(f"same.{self.name}.{self.reason}", language, **named)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the claims under one MyKad number say of the claimant."""

    mykad: str
    names: tuple[str, ...] = ()
    phones: frozenset[str] = frozenset()
    addresses: frozenset[tuple[str, ...]] = frozenset()
    accounts: frozenset[tuple[str, str]] = frozenset()


def entry_of(mykad: str, claims: Iterable[Claim]) -> Entry:
    """What some claims say of the claimant with a MyKad number."""
    own = [one.claimant for one in claims if one.claimant.mykad == mykad]
    addresses = (address_form(p.address.line, p.address.postcode) for p in own if p.address)
    return Entry(
        mykad,
        tuple(dict.fromkeys(one.name for one in own)),
        frozenset(one.phone for one in own if one.phone),
        frozenset(address for address in addresses if address),
        frozenset((one.account.bank, one.account.number) for one in own if one.account),
    )


def compare(one: Entry, other: Entry) -> tuple[Comparison, ...]:
    """Every comparison of two entries, in the order in which people read them."""
    return (
        _numbers(one.mykad, other.mykad),
        _birth_dates(one.mykad, other.mykad),
        _names(one.names, other.names),
        _shared("phone", one.phones, other.phones),
        _shared("address", one.addresses, other.addresses),
        _shared("account", one.accounts, other.accounts),
    )


def _numbers(one: str, other: str) -> Comparison:
    off = [at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    if one == other:
        return Comparison("mykad", Finding.AGREES, "equal")
    if len(off) == 1:
        return Comparison("mykad", Finding.NEAR, "one_digit")
    if len(off) == 2 and off[1] == off[0] + 1 and sorted(one) == sorted(other):
        return Comparison("mykad", Finding.NEAR, "swapped")
    return Comparison("mykad", Finding.DIFFERS, "differs")


def _birth_dates(one: str, other: str) -> Comparison:
    dates = [_is_date(number) for number in (one, other)]
    if not all(dates):
        return Comparison("birth", Finding.UNKNOWN, "unknown")
    if one[:6] == other[:6]:
        return Comparison("birth", Finding.AGREES, "equal")
    return Comparison("birth", Finding.DIFFERS, "differs")


def _is_date(number: str) -> bool:
    """Whether the first six digits are a day; the century does not matter, but for 1900."""
    try:
        date(2000 if int(number[:2]) % 4 == 0 else 2001, int(number[2:4]), int(number[4:6]))
    except ValueError:
        return False
    return True


_OF_NAMES = {
    NameMatch.EQUAL: Finding.AGREES,
    NameMatch.FITS: Finding.NEAR,
    NameMatch.NEAR: Finding.NEAR,
    NameMatch.DIFFERENT: Finding.DIFFERS,
}


def _names(one: Sequence[str], other: Sequence[str]) -> Comparison:
    if not one or not other:
        return Comparison("name", Finding.UNKNOWN, "unknown")
    best = max(product(one, other), key=lambda pair: match_names(*pair))
    match = match_names(*best)
    return Comparison("name", _OF_NAMES[match], match.name.lower(), best)


def _shared(name: str, one: frozenset[object], other: frozenset[object]) -> Comparison:
    if not one or not other:
        return Comparison(name, Finding.UNKNOWN, "unknown")
    if one & other:
        return Comparison(name, Finding.AGREES, "equal")
    return Comparison(name, Finding.DIFFERS, "differs")
