"""A broker in memory: the same ports with partitions, offsets, groups and failures on demand.

For tests and for a demonstration without a broker. Everything is lost with the process.
"""

import threading
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from fraud.errors import InvalidInput, Misconfigured, Unavailable
from streams.ports import OutRecord, Partition, Record, TopicSpec
from streams.topics import refuse_missing

DEFAULT_MAX_BYTES = 1024 * 1024  # what Apache Kafka takes unless told otherwise


@dataclass
class _Topic:
    spec: TopicSpec
    partitions: list[list[Record]]
    turn: int = 0  # which partition takes the next record without a key

    @property
    def max_bytes(self) -> int:
        return int(self.spec.settings.get("max.message.bytes", DEFAULT_MAX_BYTES))


@dataclass
class _Group:
    committed: dict[Partition, int] = field(default_factory=dict)
    members: list["MemorySource"] = field(default_factory=list)
    shift: int = 0  # moves partitions to other members when a rebalance is asked for


@dataclass
class _Failures:
    polls: int = 0
    commits: int = 0
    sends: int = 0
    records_kept: int = 0


class MemoryBroker:
    """Topics and groups shared by the sources, sinks and admins it hands out.

    `now_ms` stamps the records; the default counts them, so that runs are repeatable.
    """

    def __init__(self, now_ms: Callable[[], int] | None = None) -> None:
        self._topics: dict[str, _Topic] = {}
        self._groups: dict[str, _Group] = {}
        self._failures = _Failures()
        self._sent = 0
        self._now_ms = now_ms
        self._changed = threading.Condition(threading.RLock())

    def source(self, topics: Sequence[str], group: str) -> "MemorySource":
        """A new member of the group; the others give up a share of their partitions."""
        with self._changed:
            for topic in topics:
                self._topic(topic)
            member = MemorySource(self, tuple(topics), group)
            self._groups.setdefault(group, _Group()).members.append(member)
            self._assign(group)
            return member

    def sink(self) -> "MemorySink":
        return MemorySink(self)

    def admin(self) -> "MemoryAdmin":
        return MemoryAdmin(self)

    # What tests ask for: failures, rebalances, and a look inside.

    def fail_next_polls(self, times: int) -> None:
        self._failures.polls = times

    def fail_next_commits(self, times: int) -> None:
        self._failures.commits = times

    def fail_next_sends(self, times: int, records_kept: int = 0) -> None:
        """Let the next sends raise `Unavailable` after keeping the first records of each.

        With `records_kept` a send fails although part of it arrived, as when a broker dies
        between writing and answering.
        """
        self._failures.sends = times
        self._failures.records_kept = records_kept

    def rebalance(self, group: str) -> None:
        """Deal the partitions anew; every member forgets what it has not committed."""
        with self._changed:
            self._groups[group].shift += 1
            self._assign(group)

    def records(self, topic: str) -> list[Record]:
        """All records of a topic, partition after partition."""
        with self._changed:
            return [record for part in self._topic(topic).partitions for record in part]

    def committed(self, group: str) -> dict[Partition, int]:
        """The next offset to read of each partition that the group ever committed."""
        with self._changed:
            return dict(self._groups[group].committed) if group in self._groups else {}

    # For the sources, sinks and admins below.

    def _topic(self, name: str) -> _Topic:
        refuse_missing([name], self._topics)
        return self._topics[name]

    def _create(self, specs: Sequence[TopicSpec]) -> tuple[str, ...]:
        with self._changed:
            for spec in specs:
                have = self._topics.get(spec.name)
                if have and len(have.partitions) < spec.partitions:
                    raise Misconfigured(_too_few(spec, len(have.partitions)))
            new = [spec for spec in specs if spec.name not in self._topics]
            for spec in new:
                self._topics[spec.name] = _Topic(spec, [[] for _ in range(spec.partitions)])
            return tuple(spec.name for spec in new)

    def _append(self, records: Sequence[OutRecord]) -> None:
        with self._changed:
            for record in records:
                self._check_size(record)
            failing = self._failures.sends > 0
            for record in records[: self._failures.records_kept] if failing else records:
                self._append_one(record)
            self._changed.notify_all()
            if failing:
                self._failures.sends -= 1
                raise Unavailable("The broker in memory was told to fail this send")

    def _check_size(self, record: OutRecord) -> None:
        topic = self._topic(record.topic)
        parts = [record.key, record.value, *(value for _, value in record.headers)]
        size = sum(len(part or b"") for part in parts)
        if size > topic.max_bytes:
            raise InvalidInput(
                f"A record of {size} bytes is too large for the topic '{record.topic}',"
                f" which takes {topic.max_bytes}"
            )

    def _append_one(self, record: OutRecord) -> None:
        topic = self._topic(record.topic)
        if record.key is None:
            partition = topic.turn % len(topic.partitions)
            topic.turn += 1
        else:
            partition = zlib.crc32(record.key) % len(topic.partitions)
        self._sent += 1
        rows = topic.partitions[partition]
        rows.append(
            Record(
                topic=record.topic,
                partition=partition,
                offset=len(rows),
                key=record.key,
                value=record.value,
                headers=record.headers,
                timestamp_ms=self._now_ms() if self._now_ms else self._sent,
            )
        )

    def _assign(self, group: str) -> None:
        members = self._groups[group].members
        dealt: dict[int, set[Partition]] = {id(member): set() for member in members}
        for topic, count in sorted(self._subscribed(members).items()):
            takers = [member for member in members if topic in member.topics]
            for number in range(count):
                taker = takers[(number + self._groups[group].shift) % len(takers)]
                dealt[id(taker)].add((topic, number))
        for member in members:
            member._take(dealt[id(member)], self._groups[group].committed)
        self._changed.notify_all()

    def _subscribed(self, members: Iterable["MemorySource"]) -> dict[str, int]:
        return {
            topic: len(self._topic(topic).partitions)
            for member in members
            for topic in member.topics
        }

    def _leave(self, group: str, member: "MemorySource") -> None:
        with self._changed:
            members = self._groups[group].members
            if member in members:
                members.remove(member)
                self._assign(group)

    def _fails(self, what: str) -> bool:
        left: int = getattr(self._failures, what)
        setattr(self._failures, what, max(0, left - 1))
        return left > 0


class MemorySource:
    """A `RecordSource` on the broker in memory."""

    def __init__(self, broker: MemoryBroker, topics: tuple[str, ...], group: str) -> None:
        self.topics = topics
        self._broker = broker
        self._group = group
        self._next: dict[Partition, int] = {}
        self._first = 0  # which partition is read first, so that a busy one starves no other

    def poll(self, max_records: int, timeout_seconds: float) -> list[Record]:
        deadline = time.monotonic() + timeout_seconds
        with self._broker._changed:
            if self._broker._fails("polls"):
                raise Unavailable("The broker in memory was told to fail this poll")
            found = self._read(max_records)
            while not found and (left := deadline - time.monotonic()) > 0:
                self._broker._changed.wait(left)
                found = self._read(max_records)
            return found

    def _read(self, max_records: int) -> list[Record]:
        found: list[Record] = []
        held = sorted(self._next)
        for step in range(len(held)):
            partition = held[(self._first + step) % len(held)]
            rows = self._broker._topic(partition[0]).partitions[partition[1]]
            start = self._next[partition]
            part = rows[start : start + max_records - len(found)]
            self._next[partition] = start + len(part)
            found.extend(part)
        self._first += 1
        return found

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        with self._broker._changed:
            if self._broker._fails("commits"):
                raise Unavailable("The broker in memory was told to fail this commit")
            committed = self._broker._groups[self._group].committed
            committed.update({part: next_ for part, next_ in offsets.items() if part in self._next})

    def rewind(self) -> None:
        with self._broker._changed:
            committed = self._broker._groups[self._group].committed
            self._next = {partition: committed.get(partition, 0) for partition in self._next}

    def positions(self) -> dict[Partition, int]:
        with self._broker._changed:
            return dict(self._next)

    def lag(self) -> dict[Partition, int]:
        with self._broker._changed:
            return {
                (topic, number): len(self._broker._topic(topic).partitions[number]) - next_
                for (topic, number), next_ in self._next.items()
            }

    def crash(self) -> None:
        """Vanish as a killed process does: what is uncommitted comes again, to somebody else."""
        self.close()

    def close(self) -> None:
        self._broker._leave(self._group, self)
        self._next = {}

    def _take(self, partitions: set[Partition], committed: Mapping[Partition, int]) -> None:
        self._next = {partition: committed.get(partition, 0) for partition in partitions}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class MemorySink:
    """A `RecordSink` on the broker in memory."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    def send_all(self, records: Sequence[OutRecord]) -> None:
        self._broker._append(records)

    def close(self) -> None:
        """Nothing is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class MemoryAdmin:
    """A `TopicAdmin` on the broker in memory."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    def ensure_topics(self, specs: Sequence[TopicSpec]) -> tuple[str, ...]:
        return self._broker._create(specs)

    def group_lag(self, group: str, topics: Sequence[str]) -> dict[Partition, int]:
        committed = self._broker.committed(group)
        with self._broker._changed:
            return {
                (name, number): len(rows) - committed.get((name, number), 0)
                for name in topics
                for number, rows in enumerate(self._broker._topic(name).partitions)
            }

    def close(self) -> None:
        """Nothing is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _too_few(spec: TopicSpec, have: int) -> str:
    return f"The topic '{spec.name}' has {have} partitions, {spec.partitions} are needed"
