"""The head of the audit chain, signed and carried out of the database: to a topic and to a file.

Whoever can rewrite the table cannot rewrite what readers of the topic and of the file already
have, nor sign another head without the key.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

from fraud.audit import Anchor, sign
from fraud.clock import Clock
from fraud.store.engine import Store
from streams import topics
from streams.codec import envelope
from streams.messages import AUDIT_ANCHORED, AuditAnchored
from streams.ports import OutRecord


class AuditAnchoring:
    """Answers the newest head as a message, at most every so often and only when it moved."""

    def __init__(
        self,
        store: Store,
        key: bytes,
        *,
        clock: Clock,
        file: Path | None = None,
        every_seconds: float = 60,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._key = key
        self._clock = clock
        self._file = file
        self._every_seconds = every_seconds
        self._seconds = seconds
        self._next_at = seconds()
        self._published = 0
        self._due: Anchor | None = None

    def due(self) -> OutRecord | None:
        """The message to publish now, or None; raises Unavailable when the database is away."""
        if self._seconds() < self._next_at:
            return None
        self._next_at = self._seconds() + self._every_seconds
        with self._store.reading() as connection:
            head = self._store.audit_head(connection)
        if head is None or head.number == self._published:
            return None
        self._due = sign(head.number, head.digest, self._key)
        return self._message(self._due)

    def published(self) -> None:
        """The broker has the message that was due: keep the same head in the file too."""
        anchor, self._due = self._due, None
        if anchor is None:
            return
        self._published = anchor.number
        if self._file:
            fresh = self._file.with_name(f"{self._file.name}.new")
            fresh.write_text(
                json.dumps(
                    {
                        "number": anchor.number,
                        "digest": anchor.digest,
                        "signature": anchor.signature,
                    }
                )
            )
            fresh.replace(self._file)

    def _message(self, anchor: Anchor) -> OutRecord:
        at = self._clock()
        body = AuditAnchored(
            number=anchor.number,
            digest=anchor.digest,
            signature=anchor.signature,
            anchored_at=at,
        )
        return OutRecord(
            topics.ANCHORS.name,
            b"audit",
            body.model_dump_json().encode(),
            envelope(AUDIT_ANCHORED, f"anchor-{anchor.number}", at=at, subject="audit"),
        )
