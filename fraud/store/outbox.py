"""Messages waiting to be published: read in order, removed once the broker has them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from fraud.store.schema import outbox

TURN = 7_305_113_847_021_559_043
"""Any fixed number: the PostgreSQL lock that relays of one database take in turn."""


@dataclass(frozen=True, slots=True)
class Pending:
    """One message as it waits; a header's bytes were kept with `surrogateescape`."""

    number: int
    topic: str
    key: bytes
    headers: tuple[tuple[str, bytes], ...]
    value: bytes


def take_turn(connection: Connection) -> bool:
    """False while another relay of this PostgreSQL database is at it; ends with the transaction.

    A SQLite file has one machine and, as the runbook says, one relay: the answer is always True.
    """
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.execute(select(func.pg_try_advisory_xact_lock(TURN))).scalar_one())


def pending(connection: Connection, limit: int) -> list[Pending]:
    """The oldest messages, in the order in which they were written; at most `limit`."""
    rows = connection.execute(select(outbox).order_by(outbox.c.number).limit(limit))
    return [
        Pending(row.number, row.topic, bytes(row.key), _headers(row.headers), bytes(row.value))
        for row in rows
    ]


def remove(connection: Connection, numbers: Sequence[int]) -> None:
    """Forget messages that the broker has.

    Cost: one statement. What was read in order is contiguous but for rows that were still being
    written, and those carry other numbers, so each is named.
    """
    connection.execute(delete(outbox).where(outbox.c.number.in_(list(numbers))))


def waiting(connection: Connection) -> int:
    """How many messages wait."""
    return int(connection.execute(select(func.count()).select_from(outbox)).scalar_one())


def _headers(stored: str) -> tuple[tuple[str, bytes], ...]:
    return tuple(
        (name, str(value).encode("utf-8", "surrogateescape"))
        for name, value in json.loads(stored).items()
    )
