"""A rule: a function that states one fact about a claim, with its kind and its source.

Invariants of this room. A rule fires on records that are there, never on one that is missing. Its
docstring is its public meaning. Where an honest situation looks the same, a lead asks for two
independent signs; it says that a person should look, and nothing about what they will find. A rule
of kind *not payable* or *money owed* rests on no assumed term (`fraud.schemes`), and no rule
decides anything.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fraud import schemes
from fraud.errors import Misconfigured
from fraud.features.catalogue import Known
from fraud.features.from_claim import INJURIES
from fraud.movement import PersonDay
from fraud.records import Scheme
from fraud.statements import Family, Hit, HitKind, Statement

Value = str | int | float
"""Values of a sentence are plain, so that a stored hit reads the same; days are ISO text."""

INJURY_SCHEMES = INJURIES

MOST_RECORDS = 12
"""A sentence names at most so many records."""


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a rule needs beside the claim."""

    accept_reserved: bool = False
    """Treat the identifiers of made-up people as well formed (demo and tests)."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: the values of its sentence and the records it rests on.

    `variant` picks one of several sentences of the same rule.
    """

    values: dict[str, Value]
    records: tuple[str, ...] = ()
    variant: str = ""


def day_records(stays: Sequence[PersonDay]) -> tuple[str, ...]:
    """The last days of some stays, as records of a sentence."""
    return tuple(stay.day.isoformat() for stay in stays[-MOST_RECORDS:])


Look = Callable[[Known, RuleContext], Found | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name states the fact, `families` are the kinds of evidence it joins."""

    name: str
    kind: HitKind
    families: tuple[Family, ...]
    source: str
    """Section of law, or typology."""
    look: Look = field(repr=False)
    schemes: frozenset[Scheme] | None = None
    """Schemes it is about; None means all."""
    terms: tuple[str, ...] = ()
    """Names of the dated values it rests on."""
    variants: tuple[str, ...] = ()

    @property
    def meaning(self) -> str:
        """What it states, for people."""
        return inspect.getdoc(self.look) or ""

    @property
    def typology(self) -> str | None:
        """The typology it comes from, such as T7."""
        last = self.source.rpartition(" ")[2]
        return last if self.source.startswith("typology ") else None

    @property
    def keys(self) -> tuple[str, ...]:
        """The sentences it can say."""
        if not self.variants:
            return (f"rule.{self.name}",)
        return tuple(f"rule.{self.name}.{variant}" for variant in self.variants)

    def hit(self, found: Found) -> Hit:
        """The hit that states what was found."""
        key = f"rule.{self.name}.{found.variant}" if found.variant else f"rule.{self.name}"
        statement = Statement(key, dict(found.values), self.families[0], found.records)
        return Hit(self.name, self.kind, self.source, statement)


_REGISTER: list[Rule] = []


def rule(
    kind: HitKind,
    *families: Family,
    source: str,
    on: frozenset[Scheme] | None = None,
    terms: tuple[str, ...] = (),
    variants: tuple[str, ...] = (),
) -> Callable[[Look], Look]:
    """Put a function on the list of rules, under its own name."""
    _refuse_assumed(kind, terms)

    def register(look: Look) -> Look:
        _REGISTER.append(Rule(look.__name__, kind, families, source, look, on, terms, variants))
        return look

    return register


def _refuse_assumed(kind: HitKind, names: tuple[str, ...]) -> None:
    if kind not in (HitKind.NOT_PAYABLE, HitKind.MONEY_OWED):
        return
    for name in names:
        if any(period.assumed for period in schemes.terms()[name]):
            raise Misconfigured(f"a rule of kind {kind.value} rests on the assumed term {name}")


def registered() -> tuple[Rule, ...]:
    """All rules in the order they were written."""
    return tuple(_REGISTER)
