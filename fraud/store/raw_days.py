"""Person-days of border files in and out, under pseudonyms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, TextClause, text

from fraud.movement import CrossingDay, PersonDay
from fraud.records import PersonKey
from fraud.store.engine import Store
from fraud.store.schema import crossing_days, person_days


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a person that one look may use: first and last day number, and its cut-off."""

    person: PersonKey
    first: int
    last: int
    cutoff: int


def days_of(
    store: Store, connection: Connection, spans: Sequence[Span]
) -> list[dict[int, PersonDay]]:
    """Recorded person-days for each span, by day number, as last known at its cut-off.

    The records carry the pseudonym in place of the identity number.
    """
    found: list[dict[int, PersonDay]] = [{} for _ in spans]
    if not spans:
        return found
    statement, bound = _days_query(store, spans)
    made, day_of = PersonDay._make, date.fromordinal
    rows = connection.execute(statement, bound).all()
    for index, person, day, hours, out, back, asleep, faults in rows:
        found[index][day] = made((person, day_of(day), hours, out, back, bool(asleep), faults))
    return found


def _days_query(store: Store, spans: Sequence[Span]) -> tuple[TextClause, dict[str, object]]:
    if store.dialect == "postgresql":
        wanted = (
            "unnest(CAST(:i AS int[]), CAST(:p AS text[]), CAST(:f AS int[]), CAST(:l AS int[]),"
            " CAST(:c AS bigint[])) AS s(i, person, first, last, cutoff)"
        )
        bound: dict[str, object] = {
            "i": list(range(len(spans))),
            "p": [span.person for span in spans],
            "f": [span.first for span in spans],
            "l": [span.last for span in spans],
            "c": [span.cutoff for span in spans],
        }
    else:
        wanted = (
            "(SELECT value ->> 0 AS i, value ->> 1 AS person, value ->> 2 AS first,"
            " value ->> 3 AS last, value ->> 4 AS cutoff FROM json_each(:spans)) AS s"
        )
        rows = [(i, s.person, s.first, s.last, s.cutoff) for i, s in enumerate(spans)]
        bound = {"spans": store.bound_list(rows)}
    return (
        text(
            "SELECT s.i, d.person, d.day, d.hours_there, d.out_minute, d.back_minute,"
            f" d.asleep_there, d.faults FROM {wanted} JOIN person_days d ON d.person = s.person"
            " AND d.day BETWEEN s.first AND s.last AND d.known_at <= s.cutoff"
            " ORDER BY d.known_at"
        ),
        bound,
    )


def crossing_files(connection: Connection) -> list[tuple[int, int, float]]:
    """Border files received so far: (known_at, day number, share of the day lost), in order."""
    rows = connection.execute(
        text("SELECT known_at, day, outage_share FROM crossing_days ORDER BY known_at")
    )
    return [(known_at, day, share) for known_at, day, share in rows]


def files_since(connection: Connection, position: int) -> bool:
    """Whether a border file came in after a position."""
    latest = text("SELECT MAX(known_at) FROM crossing_days")
    return (connection.execute(latest).scalar_one() or 0) > position


def add_crossing_day(
    store: Store, connection: Connection, day: CrossingDay, seen: Sequence[PersonDay]
) -> bool:
    """Keep the person-days of one border file; False when that day's file was kept before."""
    if day.day.toordinal() in {number for _, number, _ in crossing_files(connection)}:
        return False
    known_at = store.next_positions(connection, 1)[0]
    ordinal = day.day.toordinal()
    key = store.keyring.person_key
    store.add_rows(
        connection,
        crossing_days,
        {
            "day": [ordinal],
            "outage_share": [day.outage_share],
            "known_at": [known_at],
            "followed_up": [False],
        },
    )
    in_order = sorted(((key(one.mykad), one) for one in seen), key=lambda p: (p[0], p[1].day))
    store.add_rows(
        connection,
        person_days,
        {
            "person": [person for person, _ in in_order],
            "day": [one.day.toordinal() for _, one in in_order],
            "hours_there": [one.hours_there for _, one in in_order],
            "out_minute": [one.out_minute for _, one in in_order],
            "back_minute": [one.back_minute for _, one in in_order],
            "asleep_there": [one.asleep_there for _, one in in_order],
            "faults": [one.faults for _, one in in_order],
            "known_at": [known_at] * len(in_order),
        },
    )
    return True
