"""Which claims a later fact or border file is about, and where each of them stands.

Set-based: three statements for a batch, whatever it brings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from fraud.assessment import ScoringPoint
from fraud.features.catalogue import WORKING_STAY_HOURS
from fraud.movement import STAY_KEPT_DAYS
from fraud.records import ClaimId
from fraud.store.engine import Store

OPEN_DAYS = 180
"""[A] Days after which a claim that nobody decided, and no fact named, is no longer open."""

LIFE = tuple(ScoringPoint)
"""Scoring points in the order in which a claim comes to them."""


@dataclass(slots=True)
class Standing:
    """Where a known claim stands in its life."""

    claim_id: ClaimId
    person: str
    insured: str
    decided: bool
    heard_on: int = 0
    """Day number of its receipt, or of the last fact that named it."""
    point: ScoringPoint = ScoringPoint.INTAKE
    """The furthest it has come."""
    days: tuple[int, int] | None = None
    """Days of crossings that it is about (`ClaimState.days`)."""
    keys: set[tuple[str, int, str]] = field(default_factory=set)
    """Its states: claim, version and triggering fact."""

    def is_open(self, day: int) -> bool:
        """Whether a fact of a day may still change how it is seen."""
        return not self.decided and day <= self.heard_on + OPEN_DAYS

    def is_about(self, day: int) -> bool:
        """Whether a day is one on which it matters where the person was."""
        return self.days is not None and self.days[0] <= day <= self.days[1]


_STATES = (
    "SELECT c.known_at, c.claim_id, c.version, c.trigger_fact, c.scoring_point, c.person,"
    " c.insured, c.heard_on, c.first_day, c.last_day,"
    " EXISTS (SELECT 1 FROM outcomes o WHERE o.claim_id = c.claim_id) AS decided FROM claims c"
)


def standings(
    store: Store, connection: Connection, claim_ids: Iterable[str], people: Iterable[str]
) -> dict[ClaimId, Standing]:
    """The claims of these ids, and those of these people, as claimant or as insured person."""
    rows = connection.execute(
        text(
            f"{_STATES} WHERE {store.among('c.claim_id', 'ids')}"
            f" UNION {_STATES} WHERE {store.among('c.person', 'people')}"
            f" UNION {_STATES} WHERE {store.among('c.insured', 'people')} ORDER BY 1"
        ),
        {
            "ids": store.bound_list(sorted(set(claim_ids))),
            "people": store.bound_list(sorted(set(people))),
        },
    )
    found: dict[ClaimId, Standing] = {}
    for row in rows:
        one = found.setdefault(
            row.claim_id, Standing(row.claim_id, row.person, row.insured, bool(row.decided))
        )
        one.keys.add((row.claim_id, row.version, row.trigger_fact))
        one.heard_on = max(one.heard_on, row.heard_on)
        one.point = max(one.point, ScoringPoint(row.scoring_point), key=LIFE.index)
        if row.first_day is not None:
            one.days = (row.first_day, row.last_day)
    return found


def files_to_follow(connection: Connection) -> dict[int, int]:
    """The border files whose claims were not looked at again yet: position and day, in order."""
    rows = connection.execute(
        text("SELECT known_at, day FROM crossing_days WHERE NOT followed_up ORDER BY known_at")
    )
    return {row.known_at: row.day for row in rows}


def follow_up(
    store: Store, connection: Connection, files: Mapping[int, int]
) -> list[tuple[int, ClaimId]]:
    """Claims that some border files are about, as (day number, claim); the files are then done.

    About a claim is a recorded stay as long as a working day on a day that matters to it and that
    may be read, or any record on the first such day; a file also says what open stays of the days
    before it came to. Cost: what the claims heard of since the earliest file have of person-days,
    whether one file waits or years of them.
    """
    rows = connection.execute(
        text(
            "SELECT DISTINCT d.known_at, c.claim_id"
            " FROM (SELECT DISTINCT claim_id, person, heard_on, first_day, last_day"
            " FROM claims WHERE heard_on >= :first) c"
            " JOIN person_days d ON d.person = c.person AND d.day BETWEEN :first AND :last"
            f" WHERE {store.among('d.known_at', 'files')} AND d.day <= c.heard_on"
            " AND d.day BETWEEN c.first_day AND c.last_day"
            " AND (d.hours_there >= :hours OR d.day = c.first_day)"
        ),
        {
            "files": store.bound_list(list(files)),
            "first": min(files.values()) - STAY_KEPT_DAYS,
            "last": max(files.values()),
            "hours": WORKING_STAY_HOURS,
        },
    )
    found = sorted((files[row.known_at], ClaimId(row.claim_id)) for row in rows)
    connection.execute(
        text(f"UPDATE crossing_days SET followed_up = TRUE WHERE {store.among('known_at')}"),
        {"keys": store.bound_list(list(files))},
    )
    return found
