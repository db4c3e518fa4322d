"""How a benefit is worked out: steps in words and numbers, each naming the terms it took."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple, Never

from fraud.records import Scheme
from fraud.schemes.tables import Mark, Tables, Term, weakest

Value = str | int
"""Values of a step are plain; days are ISO text, amounts whole sen."""


class Outcome(StrEnum):
    """What the law gives for the records at hand."""

    DUE = "due"
    WOULD_BE = "would_be"
    """An amount that rests on something assumed or not found: never called due."""
    NOTHING = "nothing"
    """The law gives nothing, for a reason that the last step names."""
    NOT_KNOWN = "not_known"
    """A record that is needed is not there: the last step names it."""
    NO_TABLE = "no_table"
    """No table covers the day or the value that the last step names."""


class Step(NamedTuple):
    """One step: a key of the wording catalogue with its values, and the terms it rests on."""

    key: str
    values: dict[str, Value]
    terms: tuple[Term, ...] = ()


Per = Literal["once", "day", "month"]


@dataclass(frozen=True, slots=True)
class Benefit:
    """What is payable on a claim, with every step that led there.

    `amount_sen` is None where nothing was worked out and 0 where the law gives nothing. `units`
    is how many days or months a sum is made of.
    """

    scheme: Scheme
    outcome: Outcome
    steps: tuple[Step, ...]
    amount_sen: int | None = None
    per: Per = "once"
    units: int | None = None

    @property
    def mark(self) -> Mark:
        """The weakest mark it rests on."""
        return weakest([term.mark for step in self.steps for term in step.terms])


class Paid(NamedTuple):
    """An amount in sen, for what, and of how many days or months a sum is made."""

    sen: int
    per: Per = "once"
    units: int | None = None


class _Stopped(Exception):
    """The working ends here, without an amount."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class Working:
    """Takes terms from the tables and notes each step with the terms taken since the last."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._taken: dict[tuple[str, date | None], Term] = {}
        self._steps: list[Step] = []

    def number(self, name: str, on: date) -> int:
        """The number of the term in force on a day; where there is none the working ends."""
        return self._take(name, on).number

    def word(self, name: str, on: date) -> str:
        """The word of the term in force on a day; where there is none the working ends."""
        return str(self._take(name, on).value)

    def peek(self, name: str, on: date) -> int | str | None:
        """The value in force on a day, without resting on it."""
        term = self._tables.term(name, on)
        return None if term is None else term.value

    def _take(self, name: str, on: date) -> Term:
        term = self._tables.term(name, on)
        if term is None:
            self.stop(Outcome.NO_TABLE, "no_table", what=name, day=on.isoformat())
        self._taken[term.name, term.first_day] = term
        return term

    def say(self, key: str, **values: Value) -> None:
        """Note a step."""
        self._steps.append(Step(f"law.{key}", values, tuple(self._taken.values())))
        self._taken.clear()

    def stop(self, outcome: Outcome, key: str, **values: Value) -> Never:
        """Note the last step and end the working without an amount."""
        self.say(key, **values)
        raise _Stopped(outcome)

    def run(self, scheme: Scheme, work_out: Callable[["Working"], Paid]) -> Benefit:
        """Work a benefit out to its amount, or to where it ended."""
        try:
            paid = work_out(self)
        except _Stopped as stopped:
            amount = 0 if stopped.outcome is Outcome.NOTHING else None
            return Benefit(scheme, stopped.outcome, tuple(self._steps), amount)
        steps = tuple(self._steps)
        assumed = any(term.assumed for step in steps for term in step.terms)
        outcome = Outcome.WOULD_BE if assumed else Outcome.DUE
        return Benefit(scheme, outcome, steps, paid.sen, paid.per, paid.units)


def sen(numerator: int, denominator: int) -> int:
    """A fraction of sen as whole sen, half a sen upwards."""
    return (2 * numerator + denominator) // (2 * denominator)


class Wage(NamedTuple):
    """An average monthly wage, kept exact: the sum of some months, in sen, and their number."""

    total: int
    months: int = 1

    @property
    def monthly(self) -> int:
        return sen(self.total, self.months)

    def share(self, percent: int, days: int = 1) -> int:
        """So many percent of it, divided by days: sen a month, or sen a day."""
        return sen(self.total * percent, self.months * 100 * days)
