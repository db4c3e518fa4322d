"""The broker in memory fails, doubles and rebalances on demand."""

import pytest

from fraud.errors import Unavailable
from streams.memory_io import MemoryBroker
from streams.ports import OutRecord, TopicSpec

TOPIC = "claims"


def a_broker(partitions: int = 1, records: int = 0) -> MemoryBroker:
    broker = MemoryBroker()
    broker.admin().ensure_topics([TopicSpec(TOPIC, partitions)])
    broker.sink().send_all([out(n) for n in range(records)])
    return broker


def out(number: int) -> OutRecord:
    return OutRecord(TOPIC, str(number).encode(), b"value %d" % number)


def offsets(records) -> list[int]:
    return [record.offset for record in records]


def test_a_crash_brings_back_what_was_not_committed():
    broker = a_broker(records=3)
    source = broker.source([TOPIC], "g")
    assert offsets(source.poll(10, 0)) == [0, 1, 2]
    source.commit({(TOPIC, 0): 1})
    source.crash()
    assert offsets(broker.source([TOPIC], "g").poll(10, 0)) == [1, 2]


def test_a_rebalance_on_demand_forgets_what_was_not_committed():
    broker = a_broker(records=3)
    source = broker.source([TOPIC], "g")
    source.poll(2, 0)
    broker.rebalance("g")
    assert offsets(source.poll(10, 0)) == [0, 1, 2]


def test_a_rebalance_moves_partitions_between_members():
    broker = a_broker(partitions=2)
    first, second = broker.source([TOPIC], "g"), broker.source([TOPIC], "g")
    before = first.positions().keys()
    broker.rebalance("g")
    assert first.positions().keys() != before
    assert first.positions().keys().isdisjoint(second.positions().keys())


def test_members_share_and_a_leaver_hands_back():
    broker = a_broker(partitions=4)
    first, second = broker.source([TOPIC], "g"), broker.source([TOPIC], "g")
    assert len(first.positions()) == len(second.positions()) == 2
    second.close()
    assert len(first.positions()) == 4


def test_groups_do_not_disturb_each_other():
    broker = a_broker(records=2)
    for group in ("a", "b"):
        source = broker.source([TOPIC], group)
        assert offsets(source.poll(10, 0)) == [0, 1]
        source.commit({(TOPIC, 0): 2})
    assert broker.committed("a") == broker.committed("b") == {(TOPIC, 0): 2}
    assert broker.committed("nobody") == {}


def test_polls_and_commits_fail_as_often_as_told():
    broker = a_broker(records=1)
    source = broker.source([TOPIC], "g")
    broker.fail_next_polls(1)
    with pytest.raises(Unavailable):
        source.poll(1, 0)
    assert len(source.poll(1, 0)) == 1
    broker.fail_next_commits(1)
    with pytest.raises(Unavailable):
        source.commit({(TOPIC, 0): 1})
    assert broker.committed("g") == {}
    source.commit({(TOPIC, 0): 1})
    assert broker.committed("g") == {(TOPIC, 0): 1}


def test_a_failed_send_may_have_kept_a_part():
    broker = a_broker()
    broker.fail_next_sends(2, records_kept=1)
    records = [out(1), out(2)]
    for _ in range(2):
        with pytest.raises(Unavailable):
            broker.sink().send_all(records)
    broker.sink().send_all(records)
    assert [record.key for record in broker.records(TOPIC)] == [b"1", b"1", b"1", b"2"]


def test_a_busy_partition_starves_no_other():
    broker = a_broker(partitions=2)
    broker.sink().send_all([OutRecord(TOPIC, None, b"x") for _ in range(10)])
    source = broker.source([TOPIC], "g")
    assert {source.poll(1, 0)[0].partition for _ in range(2)} == {0, 1}


def test_an_empty_poll_waits_no_longer_than_told():
    source = a_broker().source([TOPIC], "g")
    assert source.poll(1, 0.01) == []


def test_stamps_come_from_the_clock_given():
    broker = MemoryBroker(now_ms=lambda: 42)
    broker.admin().ensure_topics([TopicSpec(TOPIC, 1)])
    broker.sink().send_all([out(1)])
    assert broker.records(TOPIC)[0].timestamp_ms == 42
