"""What worker and relay rely on, on every rung."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from fraud.errors import InvalidInput, Misconfigured
from streams.ports import OutRecord, Partition, TopicSpec
from tests.wire.conftest import read, values


def test_a_topic_is_made_once_and_never_narrowed(rig):
    topic = rig.new_topic(partitions=2)
    with rig.open_admin() as admin:
        assert admin.ensure_topics([TopicSpec(topic, 2)]) == ()
        assert admin.ensure_topics([TopicSpec(topic, 1)]) == ()
        with pytest.raises(Misconfigured, match="has 2 partitions, 3 are needed"):
            admin.ensure_topics([TopicSpec(topic, 3)])


def test_a_record_comes_back_as_it_was_sent(rig):
    topic = rig.new_topic()
    raw = bytes(range(256))
    with rig.open_sink() as sink:
        sink.send_all([OutRecord(topic, b"key", raw, (("ce_id", b"1"), ("ce_id", b"2")))])
    with rig.open_source([topic], "g-" + topic) as source:
        [record] = read(source, 1)
    assert (record.topic, record.partition, record.offset) == (topic, 0, 0)
    assert (record.key, record.value) == (b"key", raw)
    assert record.headers == (("ce_id", b"1"), ("ce_id", b"2"))
    assert record.timestamp_ms > 0


def test_records_of_one_key_stay_in_order_in_one_partition(rig):
    topic = rig.new_topic(partitions=3)
    with rig.open_sink() as sink:
        sink.send_all(
            [
                OutRecord(topic, key, str(n).encode())
                for n in range(20)
                for key in (b"a", b"b", b"c")
            ]
        )
    with rig.open_source([topic], "g-" + topic) as source:
        records = read(source, 60)
    for key in (b"a", b"b", b"c"):
        mine = [record for record in records if record.key == key]
        assert values(mine) == [str(n) for n in range(20)]
        assert len({record.partition for record in mine}) == 1


def test_poll_returns_no_more_than_asked_for(rig):
    topic = rig.new_topic()
    rig.send(topic, "1", "2", "3")
    with rig.open_source([topic], "g-" + topic) as source:
        assert values(read(source, 2)) == ["1", "2"]
        assert values(read(source, 5, seconds=1)) == ["3"]


def test_the_next_reader_starts_after_what_was_committed(rig):
    topic = rig.new_topic()
    rig.send(topic, "1", "2", "3")
    with rig.open_source([topic], "g-" + topic) as source:
        assert len(read(source, 3)) == 3
        source.commit({(topic, 0): 2})
    with rig.open_source([topic], "g-" + topic) as source:
        assert values(read(source, 1)) == ["3"]


def test_what_was_not_committed_comes_again(rig):
    topic = rig.new_topic()
    rig.send(topic, "1", "2")
    with rig.open_source([topic], "g-" + topic) as source:
        assert values(read(source, 2)) == ["1", "2"]
    with rig.open_source([topic], "g-" + topic) as source:
        assert values(read(source, 2)) == ["1", "2"]


def test_rewind_reads_again_from_the_committed_offset(rig):
    topic = rig.new_topic()
    rig.send(topic, "1", "2", "3")
    with rig.open_source([topic], "g-" + topic) as source:
        read(source, 3)
        source.rewind()
        assert values(read(source, 3)) == ["1", "2", "3"]
        source.commit({(topic, 0): 1})
        source.rewind()
        assert values(read(source, 2)) == ["2", "3"]


def test_positions_and_lag_say_how_far_a_reader_is(rig):
    topic = rig.new_topic()
    rig.send(topic, "1", "2", "3")
    with rig.open_source([topic], "g-" + topic) as source:
        read(source, 2)
        assert source.positions() == {(topic, 0): 2}
        assert source.lag() == {(topic, 0): 1}


def test_group_lag_counts_what_is_not_committed(faithful_rig):
    rig, topic = faithful_rig, faithful_rig.new_topic()
    group = "g-" + topic
    rig.send(topic, "1", "2", "3")
    with rig.open_source([topic], group) as source:
        read(source, 3)
        source.commit({(topic, 0): 1})
    with rig.open_admin() as admin:
        assert admin.group_lag(group, [topic]) == {(topic, 0): 2}
        assert admin.group_lag("g-nobody", [topic]) == {(topic, 0): 3}


def test_a_missing_topic_is_refused_at_once(rig):
    with pytest.raises(Misconfigured, match=r"no\.such"):
        rig.open_source(["no.such"], "g")
    with rig.open_sink() as sink, pytest.raises(Misconfigured, match=r"no\.such"):
        sink.send_all([OutRecord("no.such", None, b"x")])


def test_nothing_to_send_is_no_work(rig):
    with rig.open_sink() as sink:
        sink.send_all([])


def test_a_record_that_is_too_large_is_the_records_fault(faithful_rig):
    topic = faithful_rig.new_topic(max_message_bytes="100000")
    with faithful_rig.open_sink() as sink:
        with pytest.raises(InvalidInput):
            sink.send_all([OutRecord(topic, b"k", b"x" * 200_000)])
        sink.send_all([OutRecord(topic, b"k", b"small")])
    with faithful_rig.open_source([topic], "g-" + topic) as source:
        assert values(read(source, 1)) == ["small"]


def held(source, count: int) -> set[Partition]:
    """Poll until the source holds so many partitions."""
    deadline = time.monotonic() + 120
    while len(source.positions()) != count and time.monotonic() < deadline:
        source.poll(1, 0.2)
    return set(source.positions())


def test_a_second_member_takes_a_share_and_the_first_forgets_it(faithful_rig):
    topic = faithful_rig.new_topic(partitions=2)
    group = "g-" + topic
    with faithful_rig.open_source([topic], group) as first:
        assert len(held(first, 2)) == 2
        # As in two processes: a member that waits for its turn to poll would hold up the other.
        with (
            faithful_rig.open_source([topic], group) as second,
            ThreadPoolExecutor(1) as other_process,
        ):
            gone = other_process.submit(held, second, 1)
            assert len(held(first, 1)) == 1
            assert len(gone.result()) == 1

            first.commit(dict.fromkeys(gone.result(), 7))  # no longer ours: left out
            with faithful_rig.open_admin() as admin:
                assert set(admin.group_lag(group, [topic]).values()) == {0}
