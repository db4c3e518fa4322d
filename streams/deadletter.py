"""Records that could not be used, kept whole, and the way back for them once the cause is gone.

The original bytes are the value, unchanged. Reason, source topic, partition, offset and time are
headers; the record's own headers are kept beside them, each under `original.` and its name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fraud.workflow.intake import DeadLetter
from streams.ports import Headers, OutRecord, Partition, Record, RecordSink, RecordSource

ORIGINAL = "original."
LONGEST_REASON = 1000
_LONG_NUMBER = re.compile(r"\d{6,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def letter(record: Record, reason: str) -> DeadLetter:
    """A record as it is kept.

    The reason names fields, never a long number (it could be a person's), and holds nothing that
    a database refuses: a name of an unknown field comes from outside.
    """
    safe = _CONTROL.sub("?", _LONG_NUMBER.sub("(number)", reason))
    return DeadLetter(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=record.headers,
        reason=safe[:LONGEST_REASON],
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A dead letter as it stands on its topic."""

    reason: str
    topic: str
    partition: int
    offset: int
    kept_at: str
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def position(self) -> str:
        """Where it came from, as commands write it."""
        return f"{self.topic}:{self.partition}:{self.offset}"

    def original(self) -> OutRecord:
        """The record as it first came, to be sent once more."""
        return OutRecord(self.topic, self.key, self.value, self.headers)


def read_letter(record: Record) -> Kept:
    """A record of the dead-letter topic, taken apart."""
    headers = dict(record.headers)
    own = tuple(
        (name.removeprefix(ORIGINAL), value)
        for name, value in record.headers
        if name.startswith(ORIGINAL)
    )
    return Kept(
        reason=headers.get("reason", b"").decode("utf-8", "replace"),
        topic=headers.get("source_topic", b"").decode("utf-8", "replace"),
        partition=int(headers.get("source_partition", b"-1")),
        offset=int(headers.get("source_offset", b"-1")),
        kept_at=headers.get("kept_at", b"").decode("utf-8", "replace"),
        key=record.key or None,
        value=record.value,
        headers=own,
    )


def letters(source: RecordSource, *, patience_seconds: float = 10) -> Iterator[Kept]:
    """Every dead letter that the source's group has not passed yet, to the end of the topic.

    `patience_seconds` is how long a first record may take: joining a group is not instant.
    """
    for batch in _batches(source, patience_seconds):
        yield from map(read_letter, batch)


def replay(
    source: RecordSource,
    sink: RecordSink,
    positions: Sequence[str] | None = None,
    *,
    patience_seconds: float = 10,
) -> int:
    """Send dead letters back to where they came from; answers how many.

    All that the source's group has not passed yet, or those at `positions` only (written
    `topic:partition:offset`). Offsets are committed after each batch arrived, so that a second
    replay of all does not send them again; with positions nothing is committed.
    """
    total = 0
    for batch in _batches(source, patience_seconds):
        chosen = [
            kept
            for kept in map(read_letter, batch)
            if positions is None or kept.position in positions
        ]
        sink.send_all([kept.original() for kept in chosen])
        if positions is None:
            source.commit(ends_of(batch))
        total += len(chosen)
    return total


def ends_of(batch: Sequence[Record]) -> dict[Partition, int]:
    """For each partition of a batch, the offset after its last record."""
    return {record.source: record.offset + 1 for record in batch}


def _batches(source: RecordSource, patience_seconds: float) -> Iterator[list[Record]]:
    """Records up to the end of what is there; nothing waits once all partitions are read."""
    left = patience_seconds
    while True:
        batch = source.poll(500, 0.5)
        if batch:
            yield batch
        elif (source.positions() and not any(source.lag().values())) or left <= 0:
            return
        else:
            left -= 0.5
