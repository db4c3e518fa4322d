"""Gates: no gated source is read without a recorded legal basis for it, in force at that moment.

A source is gated when its records say where somebody was, come from across the border, or were
gathered for another purpose than the claim. The papers of a claim itself, contributions and what
employers register are not gated. Every gate is shut until a basis is written down; what is behind
a shut gate is unknown.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fraud.clock import local_day
from fraud.config import Settings
from fraud.errors import Misconfigured
from fraud.records import AnyFact


class GatedSource(StrEnum):
    """A kind of record that needs a legal basis of its own."""

    CROSSINGS = "crossings"
    """Border files, folded to days of a person."""
    PRESENCE = "presence"
    """Answers of a border agency on single days."""
    PLATFORM = "platform"
    """Trips from the log of a gig platform."""
    INSURER = "insurer"
    """Payments that another payer made for an injury."""
    PARTNER_JOBS = "partner_jobs"
    """Jobs in Singapore, as the partner there reported them."""
    HOSPITAL = "hospital"
    """Answers of hospitals on certificates and referral letters."""
    BOARD = "board"
    """Who came to a session of the Medical Board."""
    OFFICER_LOG = "officer_log"
    """What officers did, from the office's own log."""


LOCATION = frozenset({GatedSource.CROSSINGS, GatedSource.PRESENCE, GatedSource.PLATFORM})
"""Sources that say where somebody was."""
FOREIGN = frozenset({GatedSource.INSURER, GatedSource.PARTNER_JOBS})
"""Sources that partners across the border answer from."""

_OF_KIND = {
    "day_presence": GatedSource.PRESENCE,
    "platform_trips": GatedSource.PLATFORM,
    "insurer_payment": GatedSource.INSURER,
    "hospital_answer": GatedSource.HOSPITAL,
    "board_attendance": GatedSource.BOARD,
    "officer_action": GatedSource.OFFICER_LOG,
}
"""Kinds of fact that stand behind a gate whatever they say."""


def source_of(fact: AnyFact) -> GatedSource | None:
    """The gate that a fact stands behind; None for what needs no basis of its own.

    A job that a Malaysian employer registered is an ordinary record; one that names a workplace
    in Singapore came from the partner there.
    """
    if fact.kind == "job_started":
        return GatedSource.PARTNER_JOBS if fact.workplace_uen else None
    return _OF_KIND.get(fact.kind)


@dataclass(frozen=True, slots=True)
class OpenSources:
    """The gated sources that may be read at one moment."""

    sources: frozenset[GatedSource] = frozenset()

    def __str__(self) -> str:
        return ",".join(sorted(self.sources))

    def allows(self, source: GatedSource) -> bool:
        """Whether records of this source may be read."""
        return source in self.sources

    def of(self, facts: Iterable[AnyFact]) -> list[AnyFact]:
        """Those of some facts that may be read, in their order."""
        readable = {None, *self.sources}
        return [fact for fact in facts if source_of(fact) in readable]

    def kinds(self, kinds: Iterable[str]) -> list[str]:
        """Those of some kinds of fact of which any may be read; the others stay sealed."""
        readable = {None, *self.sources}
        return [kind for kind in kinds if _OF_KIND.get(kind) in readable]

    def both(self, other: "OpenSources") -> "OpenSources":
        """The sources that are open here and there."""
        return OpenSources(self.sources & other.sources)

    def without(self, sources: Iterable[GatedSource]) -> "OpenSources":
        """The same with some gates shut."""
        return OpenSources(self.sources.difference(sources))


ALL_OPEN = OpenSources(frozenset(GatedSource))
ALL_SHUT = OpenSources()


def listed_sources(written: str) -> OpenSources:
    """Sources as `str` writes them: names parted by commas."""
    return OpenSources(frozenset(GatedSource(name) for name in written.split(",") if name))


@dataclass(frozen=True, slots=True)
class Basis:
    """What a gated source is used on: which text allows it, what for, and from when to when."""

    source: GatedSource
    reference: str
    purpose: str
    first_day: date
    last_day: date | None = None
    """None while no end is set."""

    def in_force(self, day: date) -> bool:
        """Whether it holds on a day at the border, its first and last day included."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Gates:
    """The recorded bases of a deployment, at most one for each source."""

    bases: tuple[Basis, ...] = ()

    def basis(self, source: GatedSource) -> Basis | None:
        """What is recorded for a source, in force or not."""
        return next((one for one in self.bases if one.source is source), None)

    def open_at(self, now: datetime) -> OpenSources:
        """The sources whose basis is in force at an instant."""
        day = local_day(now)
        return OpenSources(frozenset(one.source for one in self.bases if one.in_force(day)))


def opened_on(reference: str, purpose: str) -> Gates:
    """Every gate open on one reference without end: for simulated records only."""
    return Gates(tuple(Basis(one, reference, purpose, date.min) for one in GatedSource))


def gates_of(settings: Settings) -> Gates:
    """The bases that the settings record (FRAUD_BASIS_*). Raises Misconfigured with every fault."""
    bases, faults = [], []
    for source in GatedSource:
        written = getattr(settings, setting_of(source))
        if written is None:
            continue
        try:
            bases.append(_parsed(source, written))
        except ValueError as error:
            faults.append(f"FRAUD_{setting_of(source).upper()}: {error}")
    if faults:
        raise Misconfigured("; ".join(faults))
    return Gates(tuple(bases))


def setting_of(source: GatedSource) -> str:
    """The name of the setting that records a source's basis, without its prefix."""
    return f"basis_{source.value}"


def _parsed(source: GatedSource, written: str) -> Basis:
    """One basis as it is written: `reference; purpose; first day..last day`."""
    parts = [part.strip() for part in written.split(";")]
    span = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)?", parts[-1])
    if len(parts) != 3 or not all(parts) or span is None:
        raise ValueError("write it as `reference; purpose; 2026-01-01..2026-12-31`")
    first, last = date.fromisoformat(span[1]), span[2] and date.fromisoformat(span[2])
    if last and last < first:
        raise ValueError("its last day lies before its first")
    return Basis(source, parts[0], parts[1], first, last or None)
