"""One rig for each rung: the same tests read and write through memory, the wheel and Kafka."""

import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from streams.kafka_io import KafkaAdmin, KafkaOptions, KafkaSink, KafkaSource
from streams.memory_io import MemoryBroker
from streams.ports import OutRecord, Record, RecordSink, RecordSource, TopicAdmin, TopicSpec

_numbers = itertools.count(1)


@dataclass
class Rig:
    """A broker and ways to open its ports; topics and groups are this test's own."""

    open_source: Callable[[Sequence[str], str], RecordSource]
    open_sink: Callable[[], RecordSink]
    open_admin: Callable[[], TopicAdmin]

    def new_topic(self, partitions: int = 1, **settings: str) -> str:
        name = f"t{next(_numbers)}.{uuid.uuid4().hex[:8]}"
        spec = TopicSpec(name, partitions, {k.replace("_", "."): v for k, v in settings.items()})
        with self.open_admin() as admin:
            assert admin.ensure_topics([spec]) == (name,)
        return name

    def send(self, topic: str, *values: str, key: bytes | None = b"k") -> None:
        with self.open_sink() as sink:
            sink.send_all([OutRecord(topic, key, value.encode()) for value in values])


def rig_on(options: KafkaOptions) -> Rig:
    return Rig(
        lambda topics, group: KafkaSource(options, topics, group),
        lambda: KafkaSink(options),
        lambda: KafkaAdmin(options),
    )


@pytest.fixture
def memory_rig() -> Rig:
    broker = MemoryBroker()
    return Rig(broker.source, broker.sink, broker.admin)


@pytest.fixture
def embedded_rig(embedded_server) -> Rig:
    return rig_on(KafkaOptions.for_local(embedded_server.bootstrap_servers))


@pytest.fixture
def kafka_options(kafka_server) -> KafkaOptions:
    """Short patience, so that a test of an outage is over soon."""
    local = KafkaOptions.for_local(kafka_server.bootstrap_servers)
    return replace(local, delivery_timeout_seconds=6, bootstrap_timeout_seconds=4)


@pytest.fixture
def kafka_rig(kafka_options) -> Rig:
    return rig_on(kafka_options)


@pytest.fixture(
    params=[
        "memory",
        pytest.param("embedded", marks=pytest.mark.embedded),
        pytest.param("kafka", marks=pytest.mark.kafka),
    ]
)
def rig(request) -> Iterator[Rig]:
    """Every rung in turn."""
    return request.getfixturevalue(f"{request.param}_rig")


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.kafka)])
def faithful_rig(request) -> Rig:
    """The rungs that keep every promise; the embedded broker keeps most."""
    return request.getfixturevalue(f"{request.param}_rig")


def read(source: RecordSource, count: int, seconds: float = 20) -> list[Record]:
    """Poll until so many records came or nothing more does."""
    records: list[Record] = []
    for _ in range(int(seconds / 0.5)):
        records += source.poll(count - len(records), 0.5)
        if len(records) >= count:
            break
    return records


def values(records: Sequence[Record]) -> list[str]:
    return [(record.value or b"").decode() for record in records]
