"""Dead letters: kept whole, listed, and sent back unchanged."""

import json
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from fraud.errors import Conflict, NotFound
from fraud.privacy import KeyRing
from fraud.store.engine import Store
from fraud.workflow.intake import process_batch
from streams import deadletter
from streams.deadletter import letter, letters, read_letter
from streams.ports import OutRecord
from streams.relay import Relay, publish_all
from streams.topics import DEAD_LETTERS, MIB
from tests.streams.fakes import NOW, a_broker, a_claim, as_read, sent

LOOK, REPLAY = "look", "replay"
BAD = replace(sent(a_claim(1)), value=b'{"claim_id": \xff\x00')


@pytest.fixture
def broker():
    return a_broker()


@pytest.fixture
def store(database_url):
    opened = Store.open(database_url, KeyRing(b"x" * 32), create=True)
    yield opened
    opened.close()


def keep(store, broker, *records):
    """Take records in as dead letters and publish them."""
    dead = [letter(record, "not JSON") for record in records]
    process_batch(store, [], assessor=None, now=NOW, dead=dead)
    publish_all(Relay(store, broker.sink()))


def a_source(broker, group):
    return broker.source([DEAD_LETTERS.name], group)


def test_a_letter_is_whole_and_says_where_from_when_and_why(store, broker):
    keep(store, broker, as_read(BAD, offset=41, partition=3))
    [record] = broker.records(DEAD_LETTERS.name)
    assert record.value == BAD.value
    kept = read_letter(record)
    assert kept.position == "claims.submitted:3:41"
    assert kept.reason == "not JSON"
    assert kept.kept_at.startswith("2026-11-02T09:00")
    assert kept.original() == BAD


def test_the_same_position_is_kept_once(store, broker):
    keep(store, broker, as_read(BAD, offset=41))
    keep(store, broker, as_read(BAD, offset=41), as_read(BAD, offset=42))
    offsets = [read_letter(record).offset for record in broker.records(DEAD_LETTERS.name)]
    assert sorted(offsets) == [41, 42]


def test_header_bytes_that_are_no_text_come_back_as_they_were(store, broker):
    odd = replace(BAD, headers=(("ce_type", b"\xff\xfe"), ("note", "é".encode())))
    keep(store, broker, as_read(odd))
    [record] = broker.records(DEAD_LETTERS.name)
    assert read_letter(record).original().headers == odd.headers


def test_headers_without_a_value_or_named_twice_come_back(store, broker):
    odd = replace(BAD, headers=(("trace", None), ("note", b"1"), ("note", b"2")))
    keep(store, broker, as_read(odd))
    [record] = broker.records(DEAD_LETTERS.name)
    assert read_letter(record).original().headers == odd.headers


def test_letters_are_listed_again_and_again(store, broker):
    keep(store, broker, *(as_read(BAD, offset=n) for n in range(30)))
    for _ in range(2):
        with a_source(broker, LOOK) as source:
            assert len(list(letters(source, patience_seconds=0))) == 30


def test_all_are_sent_back_once(store, broker):
    keep(store, broker, *(as_read(BAD, offset=n) for n in range(5)))
    for expected in (5, 0):
        with a_source(broker, REPLAY) as source:
            assert deadletter.replay(source, broker.sink(), patience_seconds=0) == expected
    sent_back = broker.records("claims.submitted")
    assert len(sent_back) == 5
    assert {(one.key, one.value, one.headers) for one in sent_back} == {
        (BAD.key, BAD.value, BAD.headers)
    }


def test_chosen_ones_are_sent_back(store, broker):
    keep(store, broker, *(as_read(BAD, offset=n) for n in range(5)))
    with a_source(broker, LOOK) as source:
        count = deadletter.replay(
            source, broker.sink(), ["claims.submitted:0:2"], patience_seconds=0
        )
    assert count == 1
    assert len(broker.records("claims.submitted")) == 1


def test_a_position_that_no_letter_came_from_is_said(store, broker):
    keep(store, broker, as_read(BAD, offset=1))
    wanted = ["claims.submitted:0:1", "claims.submitted:0:7"]
    with a_source(broker, LOOK) as source, pytest.raises(NotFound, match="submitted:0:7"):
        deadletter.replay(source, broker.sink(), wanted, patience_seconds=0)
    assert len(broker.records("claims.submitted")) == 1  # the other one went


def test_what_is_not_whole_is_never_sent_back(store, broker):
    large = replace(BAD, value=b" " * (2 * MIB))
    cut, unread = as_read(large, offset=1), as_read(replace(BAD, value=None, headers=()), offset=2)
    keep(store, broker, cut, replace(unread, unreadable="no telling"), as_read(BAD, offset=3))
    with a_source(broker, LOOK) as source, pytest.raises(Conflict, match="submitted:0:1"):
        deadletter.replay(source, broker.sink(), ["claims.submitted:0:1"], patience_seconds=0)
    with a_source(broker, REPLAY) as source, capture_logs() as logs:
        assert deadletter.replay(source, broker.sink(), patience_seconds=0) == 1
    left = {line["position"]: line["because"] for line in logs if line["event"] == "not_sent_back"}
    assert left == {"claims.submitted:0:1": "cut", "claims.submitted:0:2": "unreadable"}
    with a_source(broker, LOOK) as source:
        sizes = {kept.offset: kept.size for kept in letters(source, patience_seconds=0)}
    assert sizes == {1: 2 * MIB, 2: 0, 3: len(BAD.value)}


def test_a_failed_sending_back_can_be_repeated(store, broker):
    keep(store, broker, as_read(BAD))
    broker.fail_next_sends(1)
    with a_source(broker, REPLAY) as source, pytest.raises(Exception, match="fail this send"):
        deadletter.replay(source, broker.sink(), patience_seconds=0)
    with a_source(broker, REPLAY) as source:
        assert deadletter.replay(source, broker.sink(), patience_seconds=0) == 1


def test_an_empty_topic_ends_at_once(broker):
    with a_source(broker, LOOK) as source:
        assert list(letters(source, patience_seconds=0)) == []


def test_the_largest_source_record_fits_as_a_letter(store, broker):
    large = OutRecord(BAD.topic, BAD.key, b"x" * (1024 * 1024 - 100), BAD.headers)
    keep(store, broker, as_read(large))
    [record] = broker.records(DEAD_LETTERS.name)
    assert len(record.value) == len(large.value)


def test_a_reason_is_short_enough_for_a_header():
    kept = letter(as_read(BAD), "x" * 10_000)
    assert len(kept.reason) == 1000
    assert json.dumps(kept.reason)
