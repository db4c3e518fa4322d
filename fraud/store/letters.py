"""Dead letters: records that could not be used, put up for publishing and noted by place.

What was seen before is a place *and* a digest: a topic that is made anew hands out its positions
again. A record larger than its topic takes is published in part and kept here whole, sealed.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import Connection, select, text

from fraud.errors import NotFound
from fraud.privacy import fingerprint
from fraud.store.engine import Store
from fraud.store.outbox import headers_text
from fraud.store.schema import dead_letters, outbox

TOPIC = "dead.letters"

PUBLISHED_BYTES = 1900 * 1024
"""Most of a record that is published: its topic takes 2 MiB, our own headers included. A topic
limits a record as it is packed, so one that is packed well may be many times its limit."""
KEPT_BYTES = 64 * 1024 * 1024
"""Most that is kept here; a column takes no more than 1 GiB, and nothing lawful comes near."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that cannot be processed, with its place and the reason."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    reason: str
    timestamp_ms: int = 0
    unreadable: bool = False
    """Not even its parts could be told apart: key, value and headers are missing here."""

    @property
    def size(self) -> int:
        """Bytes of key, value and headers."""
        parts = [self.key, self.value]
        for name, value in self.headers:
            parts += [name.encode(), value]
        return sum(len(part or b"") for part in parts)

    @property
    def digest(self) -> str:
        """SHA-256 of key, value and timestamp, each told apart from its neighbour."""
        found = sha256(str(self.timestamp_ms).encode())
        for part in (self.key, self.value):
            found.update(b"|-" if part is None else b"|%d:" % len(part) + part)
        return found.hexdigest()

    @property
    def is_cut(self) -> bool:
        """Whether it is too large to be published whole."""
        return self.size > PUBLISHED_BYTES


def keep(store: Store, connection: Connection, dead: Sequence[DeadLetter], now: datetime) -> int:
    """Put up the letters not seen before; answers how many. Cost: three statements."""
    fresh = _not_seen(store, connection, dead) if dead else []
    store.add_rows(
        connection,
        dead_letters,
        {
            "topic": [one.topic for one in fresh],
            "partition": [one.partition for one in fresh],
            "offset": [one.offset for one in fresh],
            "digest": [one.digest for one in fresh],
            "reason": [one.reason for one in fresh],
            "kept_at": [now] * len(fresh),
            "sealed": [_sealed(store, one) for one in fresh],
        },
    )
    store.add_rows(
        connection,
        outbox,
        {
            "topic": [TOPIC] * len(fresh),
            "key": [b"" if one.is_cut else one.key or b"" for one in fresh],
            "headers": [headers_text(_headers(one, now)) for one in fresh],
            "value": [(one.value or b"")[:PUBLISHED_BYTES] for one in fresh],
        },
    )
    return len(fresh)


def whole_body(
    store: Store, connection: Connection, topic: str, partition: int, offset: int
) -> bytes:
    """The body of a letter that was too large to be published whole; the latest from that place.

    Raises NotFound when none was kept.
    """
    place = dead_letters.c
    row = connection.execute(
        select(place.digest, place.sealed)
        .where(
            place.topic == topic,
            place.partition == partition,
            place.offset == offset,
            place.sealed.is_not(None),
        )
        .order_by(place.kept_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound(
            f"no body is kept for {topic}:{partition}:{offset}; what fits is on {TOPIC}, whole"
        )
    kept = json.loads(store.keyring.open(bytes(row.sealed), f"letter|{row.digest}"))
    return b64decode(kept["value"] or "")


def _not_seen(store: Store, connection: Connection, dead: Sequence[DeadLetter]) -> list[DeadLetter]:
    by_place = {(one.topic, one.partition, one.offset, one.digest): one for one in dead}
    place = store.among('"offset"')
    known = connection.execute(
        text(f'SELECT topic, "partition", "offset", digest FROM dead_letters WHERE {place}'),
        {"keys": store.bound_list([one.offset for one in dead])},
    )
    for row in known:
        by_place.pop(tuple(row), None)
    return list(by_place.values())


def _sealed(store: Store, one: DeadLetter) -> bytes | None:
    """The whole record, where the published letter holds only a part of it."""
    if not one.is_cut or one.size > KEPT_BYTES:
        return None
    whole = {
        "key": _as_text(one.key),
        "value": _as_text(one.value),
        "headers": [[name, _as_text(value)] for name, value in one.headers],
    }
    return store.keyring.seal(json.dumps(whole).encode(), f"letter|{one.digest}")


def _as_text(part: bytes | None) -> str | None:
    return None if part is None else b64encode(part).decode()


def _headers(one: DeadLetter, now: datetime) -> list[tuple[str, str | bytes | None]]:
    """The record's own headers, where they fit, and ours: why, from where, when, and if whole."""
    found: list[tuple[str, str | bytes | None]] = []
    if not one.is_cut:
        found += [(f"original.{name}", value) for name, value in one.headers]
    found += [
        ("reason", one.reason),
        ("source_topic", one.topic),
        ("source_partition", str(one.partition)),
        ("source_offset", str(one.offset)),
        ("kept_at", now.astimezone(UTC).isoformat()),
    ]
    if one.unreadable:
        found.append(("incomplete", "unreadable"))
    if one.is_cut:
        body = one.value or b""
        found += [
            ("incomplete", "cut"),
            ("whole_bytes", str(len(body))),
            ("whole_sha256", fingerprint(body)),
        ]
    return found
