"""The tables of the law: each value with its mark, its source, the source's date and validity.

One file for each law in `data/`. A rate changes by editing its table: no code knows an amount.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from typing import Any

from fraud.errors import Misconfigured


class Mark(StrEnum):
    """How well a value is known, from best to worst."""

    FACT = "F"
    """A sourced fact."""
    DERIVED = "D"
    """Worked out from sourced facts."""
    ASSUMED = "A"
    """A working assumption."""
    NOT_FOUND = "?"
    """Searched for and not found, or planned and not confirmed."""

    @property
    def is_assumed(self) -> bool:
        return self in (Mark.ASSUMED, Mark.NOT_FOUND)


def weakest(marks: "list[Mark]") -> Mark:
    """The worst of some marks; a fact when there is none."""
    order = list(Mark)
    return max(marks, key=order.index, default=Mark.FACT)


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a law: what it is, from when to when, and where it is written.

    `value` is a whole number in `unit` (sen, days, months, percent), or one of the words that the
    unit names. `first_day` None means in force before anything this product looks at; `last_day`
    None means still in force. `dated` is the date of the source.
    """

    name: str
    law: str
    unit: str
    value: int | str
    source: str
    dated: str
    mark: Mark
    first_day: date | None = None
    last_day: date | None = None

    @property
    def assumed(self) -> bool:
        """May inform a lead or a note, never *not payable* or *money owed*."""
        return self.mark.is_assumed

    @property
    def number(self) -> int:
        """Its value as a number. Raises Misconfigured for a word."""
        if isinstance(self.value, str):
            raise Misconfigured(f"{self.name} is a word, where a number is needed")
        return self.value

    def is_in_force(self, on: date) -> bool:
        return (self.first_day is None or self.first_day <= on) and (
            self.last_day is None or on <= self.last_day
        )


@dataclass(frozen=True, slots=True)
class Tables:
    """Every term by name, in order of validity."""

    terms: Mapping[str, tuple[Term, ...]]

    def term(self, name: str, on: date) -> Term | None:
        """The term in force on a day, or None when no table covers that day.

        Raises KeyError for a name that is in no table.
        """
        for one in self.terms[name]:
            if one.is_in_force(on):
                return one
        return None


@cache
def law() -> Tables:
    """The tables this version comes with; read once."""
    return read_tables(files("fraud.schemes").joinpath("data"))


def read_tables(folder: Traversable | Path) -> Tables:
    """Read every table of a folder.

    Raises Misconfigured when a value is not complete, two of its periods overlap, or a name stands
    in two files.
    """
    found: dict[str, tuple[Term, ...]] = {}
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not path.name.endswith(".toml"):
            continue
        for term in _terms_in(path.name, tomllib.loads(path.read_text("utf-8"))):
            if term[0].name in found:
                raise Misconfigured(f"{path.name}: {term[0].name} stands in another file too")
            found[term[0].name] = term
    return Tables(found)


def _terms_in(file: str, content: dict[str, Any]) -> list[tuple[Term, ...]]:
    try:
        title = content.pop("law")
    except KeyError as error:
        raise Misconfigured(f"{file} does not say which law it is") from error
    return [_periods(file, title, name, table) for name, table in content.items()]


def _periods(file: str, title: str, name: str, table: dict[str, Any]) -> tuple[Term, ...]:
    try:
        periods = tuple(
            Term(name=name, law=title, unit=table["unit"], **one | {"mark": Mark(one["mark"])})
            for one in table["periods"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Misconfigured(f"{file}: {name} is not complete: {error}") from error
    if not periods:
        raise Misconfigured(f"{file}: {name} has no value")
    _refuse_overlap(file, name, periods)
    return periods


def _refuse_overlap(file: str, name: str, periods: tuple[Term, ...]) -> None:
    for earlier, later in pairwise(periods):
        if earlier.last_day is None or later.first_day is None:
            raise Misconfigured(f"{file}: {name} needs dates between its periods")
        if earlier.last_day >= later.first_day:
            raise Misconfigured(f"{file}: two periods of {name} overlap")
