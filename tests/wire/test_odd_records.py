"""Records that a broker takes and that once stopped us: each ends as one dead letter at most."""

from functools import partial

import pytest
from kafka import KafkaProducer
from kafka.record.default_records import DefaultRecordBatchBuilder
from structlog.testing import capture_logs

from fraud.store import letters as kept_letters
from fraud.store.engine import Store
from fraud.workflow.intake import process_batch
from streams import topics
from streams.config import Settings
from streams.deadletter import letters
from streams.kafka_io import KafkaAdmin, KafkaOptions, KafkaSink, KafkaSource
from streams.relay import Relay, publish_all
from streams.worker import Worker
from tests.streams.fakes import KEYRING, NOW, FixedChampion
from tests.wire.conftest import read, rig_on


class Raw:
    """A producer of the library, talked into sending what it refuses to send."""

    def __init__(self, options):
        self.options = options

    def send(self, topic, *records, **settings):
        producer = KafkaProducer(
            bootstrap_servers=list(self.options.bootstrap_servers),
            enable_idempotence=False,
            linger_ms=500,  # all in one batch
            max_request_size=20_000_000,
            **settings,
        )
        sending = [
            producer.send(topic, value, key=b"k", headers=list(headers))
            for value, headers in records
        ]
        producer.flush(20)
        found = [one.get(0).offset for one in sending]
        producer.close()
        return found


class Odd(str):
    """A header's name that is not UTF-8 on the wire."""

    __slots__ = ()

    def encode(self, *_):
        return b"\xff\xfe"


@pytest.fixture(
    params=[
        pytest.param("embedded", marks=pytest.mark.embedded),
        pytest.param("kafka", marks=pytest.mark.kafka),
    ]
)
def options(request):
    if request.param == "kafka":
        return request.getfixturevalue("kafka_options")
    return KafkaOptions.for_local(request.getfixturevalue("embedded_server").bootstrap_servers)


@pytest.fixture
def topic(options):
    return rig_on(options).new_topic()


def test_a_header_name_that_is_no_text_hides_no_other_record(options, topic):
    records = [(b"1", ()), (b"2", ((Odd("x"), b"v"),)), (b"3", (("a", b"b"),))]
    assert Raw(options).send(topic, *records) == [0, 1, 2]
    with KafkaSource(options, [topic], "g-" + topic) as source, capture_logs() as logs:
        found = read(source, 3)
        assert source.positions() == {(topic, 0): 3}
    assert [(one.offset, one.value) for one in found] == [(0, b"1"), (1, None), (2, b"3")]
    assert [bool(one.unreadable) for one in found] == [False, True, False]
    assert found[2].headers == (("a", b"b"),)
    [told] = [line for line in logs if line["event"] == "unreadable_record"]
    assert (told["log_level"], told["topic"], told["position"]) == ("error", topic, 1)


def test_a_packed_batch_is_read_past_its_odd_record_too(options, topic):
    records = [(b"1", ((Odd("x"), b"v"),)), (b"2", ())]
    Raw(options).send(topic, *records, compression_type="gzip")
    with KafkaSource(options, [topic], "g-" + topic) as source:
        assert [one.value for one in read(source, 2)] == [None, b"2"]


def test_a_header_without_a_value_is_read(options, topic, monkeypatch):
    append = DefaultRecordBatchBuilder.append

    def with_none(self, offset, timestamp, key, value, headers):
        odd = [(name, None if given == b"NONE" else given) for name, given in headers]
        return append(self, offset, timestamp, key, value, odd)

    monkeypatch.setattr(DefaultRecordBatchBuilder, "append", with_none)
    Raw(options).send(topic, (b"1", (("trace", b"NONE"),)))
    with KafkaSource(options, [topic], "g-" + topic) as source:
        [found] = read(source, 1)
    assert found.headers == (("trace", None),)


def test_a_body_packed_small_stops_neither_worker_nor_relay(options, topic, tmp_path):
    """5 MB of spaces pass a limit of 1 MiB, which a broker holds against the packed batch."""
    with KafkaAdmin(options) as admin:
        admin.ensure_topics([topics.DEAD_LETTERS.spec()])
    body = b" " * 5_000_000
    Raw(options).send(topic, (body, ()), compression_type="gzip")
    group = f"odd-{tmp_path.name}"
    store = Store.open(f"sqlite:///{tmp_path / 'test.db'}", KEYRING, create=True)
    with KafkaSource(options, [topic], group) as source:
        worker = Worker(
            source,
            partial(process_batch, store),
            FixedChampion(),
            settings=Settings(group=group, poll_seconds=0.5),
            clock=lambda: NOW,
        )
        while not (source.positions() and not any(source.lag().values())):
            worker.step()
    with KafkaSink(options) as sink:
        assert publish_all(Relay(store, sink)) >= 1
    with KafkaSource(options, [topics.DEAD_LETTERS.name], group + "-look") as source:
        found = [one for one in letters(source) if one.size == len(body)]
    assert found[-1].incomplete == "cut"
    place = (found[-1].topic, found[-1].partition, found[-1].offset)
    with store.reading() as connection:
        assert kept_letters.whole_body(store, connection, *place) == body
    store.close()
