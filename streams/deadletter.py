"""Records that could not be used, kept whole, and the way back for them once the cause is gone.

The original bytes are the value, unchanged. Reason, source topic, partition, offset and time are
headers; the record's own headers are kept beside them, each under `original.` and its name. A
letter that cannot hold its record whole says so, and is never sent back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog

from fraud.errors import Conflict, NotFound
from fraud.store.letters import DeadLetter
from streams.ports import Headers, OutRecord, Partition, Record, RecordSink, RecordSource

log = structlog.get_logger("streams.deadletter")

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
        timestamp_ms=record.timestamp_ms,
        unreadable=record.unreadable is not None,
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
    incomplete: str
    """Why it does not hold its record whole (`cut`, `unreadable`); empty when it does."""
    size: int
    """Bytes of the whole body."""

    @property
    def position(self) -> str:
        """Where it came from, as commands write it."""
        return f"{self.topic}:{self.partition}:{self.offset}"

    def original(self) -> OutRecord:
        """The record as it first came, to be sent once more."""
        return OutRecord(self.topic, self.key, self.value, self.headers)


def read_letter(record: Record) -> Kept:
    """A record of the dead-letter topic, taken apart."""
    ours = {name: (value or b"").decode("utf-8", "replace") for name, value in record.headers}
    own = tuple(
        (name.removeprefix(ORIGINAL), value)
        for name, value in record.headers
        if name.startswith(ORIGINAL)
    )
    return Kept(
        reason=ours.get("reason", ""),
        topic=ours.get("source_topic", ""),
        partition=int(ours.get("source_partition", -1)),
        offset=int(ours.get("source_offset", -1)),
        kept_at=ours.get("kept_at", ""),
        key=record.key or None,
        value=record.value,
        headers=own,
        incomplete=ours.get("incomplete", ""),
        size=int(ours.get("whole_bytes", len(record.value or b""))),
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
    replay of all does not send them again; with positions nothing is committed. A letter that is
    not whole is left out with a line in the log. Raises NotFound for positions without a letter,
    and Conflict for those whose letter is not whole; the others are sent all the same.
    """
    total = 0
    met: dict[str, bool] = {}
    for batch in _batches(source, patience_seconds):
        kept = [
            one for one in map(read_letter, batch) if not positions or one.position in positions
        ]
        whole = [one for one in kept if not one.incomplete]
        sink.send_all([one.original() for one in whole])
        for one in kept:
            met[one.position] = not one.incomplete
            if one.incomplete:
                log.warning("not_sent_back", position=one.position, because=one.incomplete)
        if positions is None:
            source.commit(ends_of(batch))
        total += len(whole)
    if positions is not None:
        _refuse_unmet(positions, met)
    return total


def _refuse_unmet(positions: Sequence[str], met: Mapping[str, bool]) -> None:
    """Say which of the positions asked for were not sent back, and why."""
    if unknown := [position for position in positions if position not in met]:
        raise NotFound(
            f"no dead letter came from {', '.join(unknown)};"
            " `fraud-streams dead-letters list --all` names all there are"
        )
    if parts := [position for position in positions if not met[position]]:
        raise Conflict(
            f"not sent back, because the letter does not hold the record whole: {', '.join(parts)};"
            " have the sender send it again, smaller or corrected"
        )


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
