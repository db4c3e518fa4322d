"""Dead letters in the database: each once, whole somewhere, whatever was sent."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from fraud.errors import NotFound
from fraud.store import letters, outbox
from fraud.store.engine import Store
from fraud.store.letters import PUBLISHED_BYTES, DeadLetter
from fraud.store.schema import dead_letters
from tests.streams.fakes import KEYRING, NOW

LETTER = DeadLetter("claims.submitted", 3, 41, b"key", b"{", (("trace", None),), "cut short", 7)


@pytest.fixture
def store(database_url):
    opened = Store.open(database_url, KEYRING, create=True)
    yield opened
    opened.close()


def keep(store, *dead):
    with store.begin() as connection:
        return letters.keep(store, connection, dead, NOW)


def put_up(store):
    with store.reading() as connection:
        return outbox.pending(connection, 100, 10**9)


def test_a_record_is_kept_once_however_often_it_comes(store):
    assert keep(store, LETTER, LETTER) == 1
    assert keep(store, LETTER) == 0
    assert keep(store) == 0
    assert len(put_up(store)) == 1


@pytest.mark.parametrize(
    "change", [{"value": b"{}"}, {"key": None}, {"key": b""}, {"timestamp_ms": 8}, {"value": None}]
)
def test_another_record_at_the_same_place_is_kept_too(store, change):
    """A topic that was made anew hands out its positions again."""
    assert keep(store, LETTER) == 1
    assert keep(store, replace(LETTER, **change)) == 1
    assert len(put_up(store)) == 2


def test_key_and_value_are_told_apart_in_the_digest():
    assert replace(LETTER, key=b"a", value=b"b|-").digest != replace(LETTER, value=b"a|b").digest
    assert replace(LETTER, key=b"ab", value=b"").digest != replace(LETTER, key=b"", value=b"ab")


def test_a_letter_carries_its_record_and_where_it_came_from(store):
    keep(store, LETTER)
    [row] = put_up(store)
    assert (row.topic, row.key, row.value) == ("dead.letters", b"key", b"{")
    assert row.headers[0] == ("original.trace", None)
    assert dict(row.headers)["source_offset"] == b"41"
    assert "incomplete" not in dict(row.headers)


def test_a_record_too_large_for_its_topic_is_published_in_part_and_kept_whole(store):
    body = b"9001010100001" * 500_000
    keep(store, replace(LETTER, value=body))
    [row] = put_up(store)
    ours = dict(row.headers)
    assert row.value == body[:PUBLISHED_BYTES]
    assert (ours["incomplete"], ours["whole_bytes"]) == (b"cut", b"%d" % len(body))
    assert len(ours["whole_sha256"]) == 64
    assert not [name for name, _ in row.headers if name.startswith("original.")]
    with store.reading() as connection:
        assert letters.whole_body(store, connection, "claims.submitted", 3, 41) == body
        sealed = connection.execute(select(dead_letters.c.sealed)).scalar_one()
    assert body[:26] not in bytes(sealed)


def test_headers_and_keys_count_towards_the_size(store):
    huge = b"x" * PUBLISHED_BYTES
    keep(store, replace(LETTER, key=huge), replace(LETTER, headers=(("h", huge),), offset=42))
    for row in put_up(store):
        size = len(row.key) + len(row.value) + len(json.dumps(str(row.headers)))
        assert size < 2 * 1024 * 1024
        assert dict(row.headers)["incomplete"] == b"cut"


def test_what_is_too_large_to_keep_is_named_by_its_digest_alone(store, monkeypatch):
    monkeypatch.setattr(letters, "KEPT_BYTES", PUBLISHED_BYTES)
    keep(store, replace(LETTER, value=b"x" * (PUBLISHED_BYTES + 1)))
    with store.reading() as connection, pytest.raises(NotFound, match="no body is kept"):
        letters.whole_body(store, connection, "claims.submitted", 3, 41)


def test_an_unreadable_record_says_so(store):
    keep(store, replace(LETTER, key=None, value=None, headers=(), unreadable=True))
    [row] = put_up(store)
    assert row.value == b""
    assert dict(row.headers)["incomplete"] == b"unreadable"
