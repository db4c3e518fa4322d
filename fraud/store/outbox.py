"""Messages waiting to be published: read in order, removed once the broker has them."""

import fcntl
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, func, select, update

from fraud.store.schema import outbox

TURN = 7_305_113_847_021_559_043
"""Any fixed number: the PostgreSQL lock that relays of one database take in turn."""
TURN_FILE = "{database}-relay"
"""The file beside a SQLite database that its relays lock in turn; it stays, and holds nothing."""

Headers = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """One message as it waits."""

    number: int
    topic: str
    key: bytes
    headers: Headers
    value: bytes


@contextmanager
def turn(connection: Connection) -> Iterator[bool]:
    """False while another relay of this database is at it, in this process or in another.

    On PostgreSQL the turn ends with the transaction, on SQLite with the block or the process.
    """
    if connection.dialect.name == "postgresql":
        yield bool(connection.execute(select(func.pg_try_advisory_xact_lock(TURN))).scalar_one())
        return
    database = connection.engine.url.database
    if not database or database == ":memory:":  # nobody else can open it
        yield True
        return
    with Path(TURN_FILE.format(database=database)).open("a", encoding="ascii") as file:
        yield _locked(file.fileno())


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def pending(connection: Connection, limit: int, most_bytes: int) -> list[Pending]:
    """The oldest messages, in the order in which they were written.

    At most `limit`, and no more once they hold `most_bytes`. Those set aside are left out.
    """
    waiting_rows = select(outbox).where(outbox.c.refused.is_(None)).order_by(outbox.c.number)
    found: list[Pending] = []
    size = 0
    with connection.execute(
        waiting_rows.limit(limit), execution_options={"yield_per": 100}
    ) as rows:
        for row in rows:
            found.append(
                Pending(
                    row.number, row.topic, bytes(row.key), _headers(row.headers), bytes(row.value)
                )
            )
            size += len(row.key) + len(row.headers) + len(row.value)
            if size >= most_bytes:
                break
    return found


def remove(connection: Connection, numbers: Sequence[int]) -> None:
    """Forget messages that the broker has.

    Cost: one statement. What was read in order is contiguous but for rows that were still being
    written, and those carry other numbers, so each is named.
    """
    connection.execute(delete(outbox).where(outbox.c.number.in_(list(numbers))))


def set_aside(connection: Connection, refused: Mapping[int, str]) -> None:
    """Keep messages that no broker will ever take, by number with the reason, out of the line."""
    for number, reason in refused.items():
        connection.execute(update(outbox).where(outbox.c.number == number).values(refused=reason))


def waiting(connection: Connection) -> int:
    """How many messages wait; those set aside do not."""
    counted = select(func.count()).select_from(outbox).where(outbox.c.refused.is_(None))
    return int(connection.execute(counted).scalar_one())


def headers_text(headers: Iterable[tuple[str, str | bytes | None]]) -> str:
    """Headers as a row keeps them: a name may come twice, a value may be any bytes or none."""
    return json.dumps(
        [
            [name, value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value]
            for name, value in headers
        ]
    )


def _headers(stored: str) -> Headers:
    return tuple(
        (name, None if value is None else value.encode("utf-8", "surrogateescape"))
        for name, value in json.loads(stored)
    )
