"""From the outbox to the topics: in order, at least once, on both databases."""

import json
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from fraud.audit import AuditEvent, faults_of_chain
from fraud.errors import Unavailable
from fraud.store import outbox
from fraud.store.engine import Store
from streams import failures
from streams import relay as relay_module
from streams.anchor import AuditAnchoring
from streams.messages import AuditAnchored
from streams.relay import Relay, publish_all
from tests.streams.fakes import KEYRING, NOW, a_broker

TOPIC = "assessments.made"


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(failures, "FIRST_WAIT_SECONDS", 0.001)
    monkeypatch.setattr(failures, "LONGEST_WAIT_SECONDS", 0.002)


@pytest.fixture
def store(database_url):
    opened = Store.open(database_url, KEYRING, create=True)
    yield opened
    opened.close()


@pytest.fixture
def broker():
    return a_broker()


def put(store, *numbers):
    with store.begin() as connection:
        for number in numbers:
            store.add_outbox(
                connection,
                topic=TOPIC,
                key="one",
                kind="my.sempadan.assessment.made.v1",
                body=b"%d" % number,
                at=NOW,
                message_id=f"m{number}",
            )


def waiting(store):
    with store.reading() as connection:
        return outbox.waiting(connection)


def values(broker):
    return [int(record.value) for record in broker.records(TOPIC)]


def test_messages_go_out_in_order_with_their_headers_and_leave_the_outbox(store, broker):
    put(store, *range(25))
    assert publish_all(Relay(store, broker.sink(), limit=10)) == 25
    assert values(broker) == list(range(25))
    assert waiting(store) == 0
    headers = dict(broker.records(TOPIC)[3].headers)
    assert headers["ce_id"] == b"m3"
    assert headers["content-type"] == b"application/json"


def test_what_the_broker_did_not_confirm_is_sent_again(store, broker):
    put(store, 1, 2, 3)
    broker.fail_next_sends(1, records_kept=2)
    relay = Relay(store, broker.sink())
    with pytest.raises(Unavailable):
        relay.publish_pending()
    assert waiting(store) == 3
    assert publish_all(relay) == 3
    assert values(broker) == [1, 2, 1, 2, 3]
    ids = [dict(record.headers)["ce_id"] for record in broker.records(TOPIC)]
    assert ids[:2] == ids[2:4]  # the same ids, by which readers drop the doubles


class Killed(BaseException):
    pass


@pytest.mark.parametrize(
    ("point", "sent_once_more"),
    [("before_send", 0), ("after_send_before_delete", 2), ("after_delete", 0)],
)
def test_a_crash_at_any_point_loses_nothing(store, broker, point, sent_once_more):
    put(store, 1, 2)

    def crash(at):
        if at == point:
            raise Killed

    with pytest.raises(Killed):
        Relay(store, broker.sink(), crash=crash).publish_pending()
    publish_all(Relay(store, broker.sink()))
    assert values(broker) == [1, 2] * (2 if sent_once_more else 1)
    assert waiting(store) == 0


def test_any_bytes_in_a_header_survive(store, broker):
    headers = outbox.headers_text([("odd", b"\xff\x00caf\xc3\xa9"), ("odd", b""), ("none", None)])
    with store.begin() as connection:
        store.add_rows(
            connection,
            outbox.outbox,
            {"topic": [TOPIC], "key": [b""], "headers": [headers], "value": [b"\x00"]},
        )
    publish_all(Relay(store, broker.sink()))
    [record] = broker.records(TOPIC)
    assert record.headers == (("odd", b"\xff\x00caf\xc3\xa9"), ("odd", b""), ("none", None))
    assert record.value == b"\x00"


def test_two_relays_take_turns(store, database_url, broker):
    put(store, 1, 2)
    other = Store.open(database_url, KEYRING)
    second = []

    def look(point):
        if point == "before_send":
            second.append(Relay(other, broker.sink()).publish_pending())

    assert Relay(store, broker.sink(), crash=look).publish_pending() == 2
    assert second == [0]
    put(store, 3)
    assert Relay(other, broker.sink()).publish_pending() == 1  # the turn was given back
    assert values(broker) == [1, 2, 3]
    other.close()


def test_a_message_no_broker_takes_is_set_aside_and_keeps_nothing_back(store, broker):
    put(store, 1)
    with store.begin() as connection:
        store.add_outbox(
            connection, topic=TOPIC, key="k", kind="big", body=b"x" * 2_000_000, at=NOW
        )
    put(store, 2)
    with capture_logs() as logs:
        assert publish_all(Relay(store, broker.sink())) == 3
    assert values(broker) == [1, 2]
    assert waiting(store) == 0
    [told] = [line for line in logs if line["event"] == "message_set_aside"]
    assert (told["log_level"], told["bytes"]) == ("error", 2_000_000)
    with store.reading() as connection:
        [kept] = connection.execute(select(outbox.outbox)).all()
    assert len(kept.value) == 2_000_000
    assert "too large" in kept.refused


def test_a_batch_is_bounded_in_bytes_too(store, broker, monkeypatch):
    monkeypatch.setattr(relay_module, "BATCH_BYTES", 1000)
    put(store, *range(10))
    relay = Relay(store, broker.sink())
    assert 0 < relay.publish_pending() < 10
    publish_all(relay)
    assert values(broker) == list(range(10))


def test_the_loop_waits_for_the_broker_and_goes_on(store, broker):
    put(store, *range(10))
    broker.fail_next_sends(3)
    stop = threading.Event()
    counted = []

    def published(count):
        counted.append(count)
        if waiting(store) == 0:
            stop.set()

    Relay(store, broker.sink(), limit=4).run(stop, pause_seconds=0.001, published=published)
    assert values(broker) == list(range(10))
    assert sum(counted) == 10


def test_the_head_of_the_chain_is_published_and_kept_in_a_file(store, broker, tmp_path):
    key = b"k" * 32
    now = [0.0]
    file = tmp_path / "anchor.json"
    anchoring = AuditAnchoring(
        store, key, clock=lambda: NOW, file=file, every_seconds=60, seconds=lambda: now[0]
    )
    relay = Relay(store, broker.sink(), anchoring=anchoring)
    assert not relay.publish_anchor()  # nothing has happened yet
    event = AuditEvent(datetime(2026, 1, 1, tzinfo=UTC), "a", "b", "c", {})
    with store.begin() as connection:
        store.add_audit(connection, [event, event])
    assert not relay.publish_anchor()  # not due yet
    now[0] = 61
    assert relay.publish_anchor()
    now[0] = 130
    assert not relay.publish_anchor()  # the head did not move
    [record] = broker.records("audit.anchors")
    message = AuditAnchored.model_validate_json(record.value)
    assert message.number == 2
    assert json.loads(file.read_text()) == message.model_dump(exclude={"anchored_at"})
    with store.reading() as connection:
        head = store.audit_head(connection)
    assert head.digest == message.digest
    from fraud.audit import Anchor

    anchor = Anchor(message.number, message.digest, message.signature)
    assert any("tail is cut" in fault for fault in faults_of_chain([], [anchor], key))


def test_an_anchor_that_did_not_arrive_is_published_later(store, broker):
    now = [0.0]
    anchoring = AuditAnchoring(
        store, b"k" * 32, clock=lambda: NOW, every_seconds=1, seconds=lambda: now[0]
    )
    relay = Relay(store, broker.sink(), anchoring=anchoring)
    with store.begin() as connection:
        store.add_audit(connection, [AuditEvent(NOW, "a", "b", "c", {})])
    now[0] = 2
    broker.fail_next_sends(1)
    with pytest.raises(Unavailable):
        relay.publish_anchor()
    now[0] = 4
    assert relay.publish_anchor()
    assert len(broker.records("audit.anchors")) == 1
