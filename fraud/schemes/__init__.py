"""The law as dated data: amounts and windows that rules need, each with its source and validity.

A value marked `assumed` was not found in law or is a working assumption. It may inform a lead or a
note; a rule that says *not payable* or *money owed* refuses to rest on it.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise

from fraud.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a scheme: what it is, from when to when, and where it is written.

    `value` is a whole number in `unit` (sen, days, months, percent). `first_day` None means in
    force before anything this product looks at; `last_day` None means still in force.
    """

    name: str
    value: int
    unit: str
    source: str
    first_day: date | None = None
    last_day: date | None = None
    assumed: bool = False

    def is_in_force(self, on: date) -> bool:
        return (self.first_day is None or self.first_day <= on) and (
            self.last_day is None or on <= self.last_day
        )


@cache
def terms() -> dict[str, tuple[Term, ...]]:
    """Every term by name, in order of validity. Raises Misconfigured when two overlap."""
    found: dict[str, tuple[Term, ...]] = {}
    for name, table in tomllib.loads(
        files(__name__).joinpath("terms.toml").read_text("utf-8")
    ).items():
        periods = tuple(_term(name, table, period) for period in table["periods"])
        _refuse_overlap(name, periods)
        found[name] = periods
    return found


def _term(name: str, table: dict[str, object], period: dict[str, object]) -> Term:
    try:
        return Term(name=name, unit=str(table["unit"]), **period)  # type: ignore[arg-type]  # TOML, checked below
    except (KeyError, TypeError) as error:
        raise Misconfigured(f"terms.toml: {name} is not complete: {error}") from error


def _refuse_overlap(name: str, periods: tuple[Term, ...]) -> None:
    for earlier, later in pairwise(periods):
        if earlier.last_day is None or later.first_day is None:
            raise Misconfigured(f"terms.toml: {name} needs dates between its periods")
        if earlier.last_day >= later.first_day:
            raise Misconfigured(f"terms.toml: two periods of {name} overlap")


def term(name: str, on: date) -> Term | None:
    """The term in force on a day, or None when none is written for that day.

    Raises KeyError for a name that is in no table.
    """
    for one in terms()[name]:
        if one.is_in_force(on):
            return one
    return None


def value(name: str, on: date) -> int | None:
    """The value of the term in force on a day, or None when none is written for that day."""
    found = term(name, on)
    return None if found is None else found.value
