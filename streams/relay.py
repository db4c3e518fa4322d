"""From the outbox to the topics: in order, at least once, nothing deleted before it arrived.

A crash between sending and deleting sends the same messages again with the same ids; readers
drop doubles by `ce_id`.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from fraud.errors import InvalidInput, SempadanError
from fraud.store import outbox
from fraud.store.engine import Store
from fraud.store.outbox import Pending
from streams.crashpoint import CrashPoint, no_crash
from streams.failures import Answer, answer, waits
from streams.ports import OutRecord, RecordSink

log = structlog.get_logger("streams.relay")

BATCH_BYTES = 16 * 1024 * 1024
"""Most that is sent at once, whatever the number of messages: it is held in memory twice."""


class Anchoring(Protocol):
    """Answers the head of the audit chain as a message, when it is due and has moved."""

    def due(self) -> OutRecord | None: ...

    def published(self) -> None:
        """The broker has the message that was due."""


class Relay:
    """Publishes what waits in the outbox of one database; one relay at a time does the work."""

    def __init__(
        self,
        store: Store,
        sink: RecordSink,
        *,
        limit: int = 1000,
        anchoring: Anchoring | None = None,
        crash: CrashPoint = no_crash,
    ) -> None:
        self._store = store
        self._sink = sink
        self._limit = limit
        self._anchoring = anchoring
        self._crash = crash

    def publish_pending(self) -> int:
        """Publish the oldest messages, at most `limit`, and delete them; answers how many.

        One that the broker will never take is set aside, so that it keeps nothing back; it counts
        too. Raises Unavailable when the database or the broker is away; everything not confirmed
        stays and is sent again.
        """
        with self._store.reading() as connection, outbox.turn(connection) as is_ours:
            rows = outbox.pending(connection, self._limit, BATCH_BYTES) if is_ours else []
            if not rows:
                return 0
            self._crash("before_send")
            refused = self._send(rows)
            self._crash("after_send_before_delete")
            with self._store.begin(serial=False) as writing:
                outbox.remove(writing, [row.number for row in rows if row.number not in refused])
                outbox.set_aside(writing, refused)
        self._crash("after_delete")
        return len(rows)

    def _send(self, rows: Sequence[Pending]) -> dict[int, str]:
        """Send all, or one by one when one is refused; answers the refused with the reason."""
        reason = self._refusal(rows)
        if reason is None:
            return {}
        if len(rows) > 1:
            return {number: why for row in rows for number, why in self._send([row]).items()}
        [row] = rows
        log.error(
            "message_set_aside",
            number=row.number,
            topic=row.topic,
            bytes=len(row.value),
            reason=reason,
            cure="it stays in the table outbox: raise the topic's max.message.bytes and clear its"
            " column refused, or delete it",
        )
        return {row.number: reason}

    def _refusal(self, rows: Sequence[Pending]) -> str | None:
        """Why the broker will never take one of these; None when it has them all."""
        try:
            self._sink.send_all([_message(row) for row in rows])
        except InvalidInput as error:
            return str(error)
        return None

    def publish_anchor(self) -> bool:
        """Publish the head of the audit chain if it is due; True when one went out."""
        message = self._anchoring.due() if self._anchoring else None
        if message is None or self._anchoring is None:
            return False
        self._sink.send_all([message])
        self._anchoring.published()
        return True

    def run(
        self,
        stop: threading.Event,
        *,
        pause_seconds: float = 0.2,
        published: Callable[[int], None] = lambda _count: None,
    ) -> None:
        """Publish until told to stop; back off while the database or the broker is away."""
        tries = waits()
        while not stop.is_set():
            try:
                count = self.publish_pending()
                self.publish_anchor()
            except SempadanError as error:
                if answer(error) is not Answer.RETRY:
                    raise
                wait = next(tries)
                log.warning("relay_waits", reason=str(error), seconds=wait)
                stop.wait(wait)
                continue
            tries = waits()
            published(count)
            if count < self._limit:
                stop.wait(pause_seconds)


def publish_all(relay: Relay) -> int:
    """Publish until the outbox is empty; for tests and commands that end."""
    total = 0
    while count := relay.publish_pending():
        total += count
    return total


def _message(row: Pending) -> OutRecord:
    return OutRecord(row.topic, row.key, row.value, row.headers)
