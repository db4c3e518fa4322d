"""What the worker and the relay need from a broker, whichever broker it is.

Every promise is *at least once*: a record may come twice, a send may be repeated after a failure.
Guarantees are claimed from Apache Kafka only; the other two rungs fit the same protocols.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

Partition = tuple[str, int]
"""A topic and the number of one of its partitions."""

Headers = tuple[tuple[str, bytes | None], ...]
"""Names and values in order; a name may come twice."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it was read, with the place it came from."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp_ms: int
    unreadable: str | None = None
    """Why the client could not tell its parts apart; key, value and headers are then missing."""

    @property
    def source(self) -> Partition:
        return (self.topic, self.partition)


@dataclass(frozen=True, slots=True)
class OutRecord:
    """One record to send; records with the same key stay in order."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it should be: `settings` are the broker's own names, such as `retention.ms`."""

    name: str
    partitions: int
    settings: Mapping[str, str] = field(default_factory=dict)
    replication_factor: int = 1


class RecordSource(Protocol):
    """Records of some topics, shared among the members of one group; one thread only."""

    def poll(self, max_records: int, timeout_seconds: float) -> list[Record]:
        """Return the next records, in order within each partition; none when time runs out.

        Raises `Unavailable` when the broker says that it cannot answer.
        """

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Note for each partition the *next* offset to read, after a crash or by another member.

        Partitions that are no longer ours are left out: their new reader decides.
        Raises `Unavailable` when the broker did not confirm; the records will come again.
        """

    def rewind(self) -> None:
        """Go back to the committed offsets, so that everything polled since comes again."""

    def positions(self) -> dict[Partition, int]:
        """For each partition held, the next offset that `poll` will read."""

    def lag(self) -> dict[Partition, int]:
        """For each partition held, how many records wait beyond `positions`.

        A position that stands still while its lag grows is a stalled reader: sound an alarm.
        """

    def close(self) -> None:
        """Leave the group at once; nothing is committed."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


class RecordSink(Protocol):
    """Where records go; safe to use from one thread."""

    def send_all(self, records: Sequence[OutRecord]) -> None:
        """Return when the broker holds every record; order is kept for each key.

        Raises `Unavailable` when any was not acknowledged: some may have arrived all the same,
        so the caller sends all again and readers drop the doubles by id. Raises `InvalidInput`
        for a record the broker will never take, and `Misconfigured` for a topic that is missing.
        """

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


class TopicAdmin(Protocol):
    """Topics and how far groups have read, for commands and wiring."""

    def ensure_topics(self, specs: Sequence[TopicSpec]) -> tuple[str, ...]:
        """Create the topics that are missing, wait until readers see them, and name them.

        An existing topic is left as it is. Raises `Misconfigured` when one exists with fewer
        partitions than asked for: adding some would part a key from its earlier records.
        """

    def group_lag(self, group: str, topics: Sequence[str]) -> dict[Partition, int]:
        """For each partition of the topics, how many records the group has not yet committed.

        The embedded broker understates it: it counts what was sent together as one.
        """

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...
