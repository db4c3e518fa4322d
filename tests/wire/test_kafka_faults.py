"""Apache Kafka is stopped, killed and started again under our feet."""

import threading
import time
from dataclasses import replace

import pytest
from kafka import KafkaProducer

from fraud.errors import Misconfigured, Unavailable
from streams.kafka_io import KafkaOptions, KafkaSink
from streams.ports import OutRecord
from streams.servers import free_port
from tests.wire.conftest import read, values

pytestmark = pytest.mark.kafka


@pytest.fixture
def broker(kafka_server):
    """The broker, running again when the test is over."""
    yield kafka_server
    kafka_server.start()


@pytest.mark.slow
def test_a_send_fails_while_the_broker_is_away_and_works_when_it_is_back(broker, kafka_rig):
    topic = kafka_rig.new_topic()
    with kafka_rig.open_sink() as sink:
        sink.send_all([OutRecord(topic, b"k", b"before")])
        broker.stop()
        with pytest.raises(Unavailable):
            sink.send_all([OutRecord(topic, b"k", b"again")])
        with pytest.raises(Unavailable, match="No answer"):  # now not even a connection
            sink.send_all([OutRecord(topic, b"k", b"again")])
        broker.start()
        sink.send_all([OutRecord(topic, b"k", b"again")])
    with kafka_rig.open_source([topic], "g-" + topic) as source:
        assert values(read(source, 3, seconds=3)) == ["before", "again"]


@pytest.mark.slow
def test_a_broker_killed_while_records_are_sent_loses_and_doubles_none(
    broker, kafka_options, kafka_rig
):
    """The producer waits out the restart and sends again by itself: one send, no error."""
    topic = kafka_rig.new_topic(partitions=3)
    sent = [str(number) for number in range(3_000)]
    failures: list[BaseException] = []

    def send() -> None:
        try:
            with KafkaSink(replace(kafka_options, delivery_timeout_seconds=60)) as sink:
                for start in range(0, len(sent), 50):
                    part = sent[start : start + 50]
                    sink.send_all([OutRecord(topic, v.encode(), v.encode()) for v in part])
        except BaseException as error:  # noqa: BLE001 - handed to the test below
            failures.append(error)

    sender = threading.Thread(target=send)
    sender.start()
    with kafka_rig.open_admin() as admin:
        while sum(admin.group_lag("g", [topic]).values()) < 100:
            time.sleep(0.01)
    broker.kill()
    broker.start()
    sender.join(90)
    assert not failures
    with kafka_rig.open_source([topic], "g-" + topic) as source:
        assert sorted(values(read(source, len(sent) + 1, seconds=10))) == sorted(sent)


@pytest.mark.slow
def test_a_reader_goes_on_after_a_restart_and_misses_nothing(broker, kafka_rig):
    """It may have been put out of its group meanwhile: then a commit fails and records repeat."""
    topic = kafka_rig.new_topic()
    group = "g-" + topic
    kafka_rig.send(topic, "1", "2")
    with kafka_rig.open_source([topic], group) as source, kafka_rig.open_admin() as admin:
        seen = set(values(read(source, 2)))
        source.commit({(topic, 0): 2})
        broker.kill()
        broker.start()
        kafka_rig.send(topic, "3")
        for _ in range(120):
            records = source.poll(10, 0.5)
            seen |= set(values(records))
            try:
                source.commit({record.source: record.offset + 1 for record in records})
            except Unavailable:
                source.rewind()
            if records and admin.group_lag(group, [topic]) == {(topic, 0): 0}:
                break
    assert seen == {"1", "2", "3"}


def test_records_of_an_aborted_transaction_are_never_seen(kafka_server, kafka_rig):
    topic = kafka_rig.new_topic()
    producer = KafkaProducer(
        bootstrap_servers=kafka_server.bootstrap_servers, transactional_id="aborts-" + topic
    )
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(topic, b"never", key=b"k").get(10)
    producer.abort_transaction()
    producer.close()
    kafka_rig.send(topic, "seen")
    with kafka_rig.open_source([topic], "g-" + topic) as source:
        assert values(read(source, 2, seconds=2)) == ["seen"]


def a_silent_cluster(**changes) -> KafkaOptions:
    options = KafkaOptions((f"127.0.0.1:{free_port()}",), bootstrap_timeout_seconds=0.5)
    return replace(options, **changes)


def test_a_cluster_that_does_not_answer_is_unavailable():
    with pytest.raises(Unavailable, match=r"No answer from Kafka at 127\.0\.0\.1"):
        KafkaSink(a_silent_cluster())


def test_with_a_password_the_password_is_named_as_a_cause():
    options = a_silent_cluster(
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_username="scorer",
        sasl_password="open sesame",
    )
    with pytest.raises(Misconfigured, match="the password of 'scorer' may be wrong") as error:
        KafkaSink(options)
    assert "sesame" not in str(error.value) + repr(options)
