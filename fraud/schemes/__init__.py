"""The law as dated data, and what it gives: amounts and windows with source and validity.

A value whose mark is A or ? was not found in law or is a working assumption. It may inform a lead
or a note; a rule that says *not payable* or *money owed* refuses to rest on it.
"""

from collections.abc import Mapping
from datetime import date

from fraud.schemes.tables import Mark, Tables, Term, law, read_tables

__all__ = ["Mark", "Tables", "Term", "law", "read_tables", "term", "terms", "value"]


def terms() -> Mapping[str, tuple[Term, ...]]:
    """Every term by name, in order of validity."""
    return law().terms


def term(name: str, on: date) -> Term | None:
    """The term in force on a day, or None when no table covers that day.

    Raises KeyError for a name that is in no table.
    """
    return law().term(name, on)


def value(name: str, on: date) -> int | None:
    """The number of the term in force on a day, or None when no table covers that day."""
    found = term(name, on)
    return None if found is None else found.number
