"""What claims of the past are read against that is no row of their own, out of the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection

from fraud.identity.clusters import People
from fraud.identity.judgement import Judgement
from fraud.movement import PersonDay
from fraud.privacy import GatedSource, KeyRing, OpenSources
from fraud.store import raw_days
from fraud.store.engine import Store
from fraud.store.gathering import days_of_people
from fraud.store.judgements import all_judgements, people_as_of
from fraud.store.raw_claims import ClaimState
from fraud.store.raw_days import Span


class Background(Protocol):
    """Who is who, border files and recorded days, each as known at a position."""

    @property
    def keyring(self) -> KeyRing: ...
    def people(self, position: int) -> People: ...
    def files(self) -> list[tuple[int, int, float]]: ...
    def days(self, states: Sequence[tuple[ClaimState, int]]) -> list[dict[int, PersonDay]]: ...


@dataclass(slots=True)
class Stored:
    """As one view of the database has it; what is behind a shut gate is unknown."""

    store: Store
    connection: Connection
    sources: OpenSources
    _judged: tuple[Judgement, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._judged = all_judgements(self.store, self.connection)

    @property
    def keyring(self) -> KeyRing:
        """The keys of the deployment."""
        return self.store.keyring

    def people(self, position: int) -> People:
        """Who is who by the judgements known by a position."""
        return people_as_of(self.store, self._judged, position)

    def files(self) -> list[tuple[int, int, float]]:
        """Border files (known_at, day number, share of the day lost), in their order."""
        open_now = self.sources.allows(GatedSource.CROSSINGS)
        return raw_days.crossing_files(self.connection) if open_now else []

    def days(self, states: Sequence[tuple[ClaimState, int]]) -> list[dict[int, PersonDay]]:
        """The recorded days of each state's claimant as known at its position, by day number."""
        if not self.sources.allows(GatedSource.CROSSINGS):
            return [{} for _ in states]
        return days_of_people(states, self.keyring, self.people, self._days_of)

    def _days_of(self, spans: Sequence[Span]) -> list[dict[int, PersonDay]]:
        return raw_days.days_of(self.store, self.connection, spans)
