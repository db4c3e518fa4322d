"""The loop on a broker in memory: nothing lost, nothing doubled, whatever fails when."""

import threading
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from fraud.errors import Misconfigured, Unavailable
from streams import failures
from streams.config import Settings
from streams.counters import Counters
from streams.ports import OutRecord
from streams.topics import SOURCES
from streams.worker import Worker
from tests.streams.fakes import (
    NOW,
    FixedChampion,
    MemoryDesk,
    a_broker,
    a_claim,
    a_statement,
    sent,
)

GROUP = "test"


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(failures, "FIRST_WAIT_SECONDS", 0.001)
    monkeypatch.setattr(failures, "LONGEST_WAIT_SECONDS", 0.002)


class Bench:
    """A broker with claims on it, a stand-in database, and a worker between them."""

    def __init__(self, **settings):
        self.broker = a_broker()
        self.desk = MemoryDesk()
        self.stop = threading.Event()
        self.champion = FixedChampion()
        self.settings = Settings(group=GROUP, poll_seconds=0.01, **settings)
        self.counters = Counters()
        self.worker = self.a_worker()

    def a_worker(self, **parts):
        source = parts.pop("source", None) or self.broker.source(SOURCES, GROUP)
        return Worker(
            source,
            parts.pop("process", self.desk.process),
            self.champion,
            settings=self.settings,
            clock=lambda: NOW,
            counters=self.counters,
            **parts,
        )

    def send(self, *records):
        self.broker.sink().send_all([sent(record) for record in records])

    def work(self, worker=None):
        """Run until nothing waits, then stop as SIGTERM would."""
        admin = self.broker.admin()

        def look():
            for _ in range(2000):
                if self.stop.wait(0.005):
                    return
                if not any(admin.group_lag(GROUP, SOURCES).values()):
                    break
            self.stop.set()

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            (worker or self.worker).run(self.stop)
        finally:
            self.stop.set()
            watcher.join()

    def committed(self):
        return sum(self.broker.committed(GROUP).values())

    def keys(self):
        return {claim for claim, _ in self.desk.claims}

    def count(self, sample, **labels):
        return self.counters.registry.get_sample_value(sample, labels)


def test_every_claim_and_fact_is_processed_and_committed():
    bench = Bench(batch_size=7)
    bench.send(*[a_claim(n) for n in range(1, 41)], a_statement(1), a_statement(2))
    bench.work()
    assert len(bench.desk.claims) == 40
    assert len(bench.desk.facts) == 2
    assert bench.committed() == 42
    assert max(bench.desk.batches) <= 7


def test_a_bad_record_becomes_a_dead_letter_and_the_rest_goes_on():
    bench = Bench()
    bench.send(a_claim(1))
    bad = replace(sent(a_claim(2)), value=b'{"claim_id": "C\xff')
    bench.broker.sink().send_all([bad])
    bench.send(a_claim(3))
    bench.work()
    assert bench.keys() == {"C0000001", "C0000003"}
    [(place, kept)] = bench.desk.letters.items()
    assert kept.value == bad.value
    assert kept.headers == bad.headers
    assert kept.key == bad.key
    assert place == (kept.topic, kept.partition, kept.offset)
    assert "Invalid JSON" in kept.reason
    assert bench.count("sempadan_records_total", result="dead_letters") == 1


def test_a_reason_holds_no_long_number_and_nothing_a_database_refuses():
    bench = Bench()
    good = sent(a_claim(1))
    odd = b'{"\\u0000900101000001": 1, "' + b"x" * 5000 + b'": 2}'
    bench.broker.sink().send_all([OutRecord(good.topic, good.key, odd, good.headers)])
    bench.work()
    [kept] = bench.desk.letters.values()
    assert "900101000001" not in kept.reason
    assert "\x00" not in kept.reason
    assert len(kept.reason) <= 1000


def test_the_database_away_is_waited_for_and_nothing_is_lost():
    bench = Bench(batch_size=5)
    bench.send(*[a_claim(n) for n in range(1, 21)])
    bench.desk.fail_next = 4
    with capture_logs() as logs:
        bench.work()
    assert len(bench.desk.claims) == 20
    assert bench.committed() == 20
    waiting = [line for line in logs if line["event"] == "waiting"]
    assert len(waiting) == 4
    assert "database" in waiting[0]["reason"]
    assert bench.count("sempadan_waits_total") == 4


def test_the_broker_away_while_reading_and_while_committing():
    bench = Bench(batch_size=5)
    bench.send(*[a_claim(n) for n in range(1, 21)])
    bench.broker.fail_next_polls(3)
    bench.broker.fail_next_commits(2)
    bench.work()
    assert len(bench.desk.claims) == 20
    assert bench.committed() == 20
    assert sum(bench.desk.batches) > 20  # what was not committed came again, and changed nothing


def test_a_rewind_that_fails_is_tried_again_before_anything_is_read():
    bench = Bench(batch_size=5)
    bench.send(*[a_claim(n) for n in range(1, 11)])
    source = bench.broker.source(SOURCES, GROUP)
    bench.worker._source.close()
    rewind, failing = source.rewind, [True, True]

    def rewind_or_fail():
        if failing:
            failing.pop()
            raise Unavailable("the broker is away")
        rewind()

    source.rewind = rewind_or_fail
    bench.desk.fail_next = 1
    bench.work(bench.a_worker(source=source))
    assert len(bench.desk.claims) == 10
    assert bench.committed() == 10


def test_an_unexpected_error_stops_before_the_offset_moves():
    bench = Bench()
    bench.send(a_claim(1))

    def broken(*_args, **_kwargs):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        bench.work(bench.a_worker(source=bench.worker._source, process=broken))
    assert bench.committed() == 0


def test_wrong_settings_found_on_the_way_stop_too():
    bench = Bench()
    bench.send(a_claim(1))

    def refused(*_args, **_kwargs):
        raise Misconfigured("the database has a newer schema")

    with pytest.raises(Misconfigured):
        bench.work(bench.a_worker(source=bench.worker._source, process=refused))
    assert bench.committed() == 0


def test_a_stop_finishes_the_batch_in_hand():
    bench = Bench(batch_size=3)
    bench.send(*[a_claim(n) for n in range(1, 10)])

    def crash(point):
        if point == "after_poll":
            bench.stop.set()  # the signal comes right after the poll

    worker = bench.a_worker(source=bench.worker._source, crash=crash)
    worker.run(bench.stop)
    assert len(bench.desk.claims) == 3
    assert bench.committed() == 3


def test_the_points_of_a_batch_are_passed_in_order():
    bench = Bench()
    bench.send(a_claim(1))
    passed = []
    bench.a_worker(source=bench.worker._source, crash=passed.append).step()
    assert passed == [
        "after_poll",
        "after_decode",
        "in_transaction",
        "after_commit_before_offsets",
        "after_offsets",
    ]


@pytest.mark.parametrize(
    "point",
    [
        "after_poll",
        "after_decode",
        "in_transaction",
        "after_commit_before_offsets",
        "after_offsets",
    ],
)
def test_a_crash_at_any_point_loses_and_doubles_nothing(point):
    bench = Bench(batch_size=4)
    bench.send(*[a_claim(n) for n in range(1, 13)])
    bad = replace(sent(a_claim(99)), value=b"{")
    bench.broker.sink().send_all([bad])

    class Killed(BaseException):
        pass

    passes = []

    def crash(at):
        passes.append(at)
        if at == point and passes.count(point) == 2:
            raise Killed

    first = bench.worker._source
    with pytest.raises(Killed):
        bench.a_worker(source=first, crash=crash).run(bench.stop)
    first.crash()
    bench.work(bench.a_worker())
    assert len(bench.desk.claims) == 12
    assert len(bench.desk.letters) == 1
    assert bench.committed() == 13


def test_a_rebalance_in_between_loses_nothing():
    bench = Bench(batch_size=2)
    bench.send(*[a_claim(n) for n in range(1, 21)])
    other = bench.broker.source(SOURCES, GROUP)
    bench.worker.step()
    bench.broker.rebalance(GROUP)
    other.poll(5, 0)
    other.crash()
    bench.work()
    assert len(bench.desk.claims) == 20
    assert bench.committed() == 20


def test_another_champion_is_taken_up_between_two_batches():
    bench = Bench(batch_size=1)
    bench.champion = FixedChampion("1", "2")
    bench.send(a_claim(1), a_claim(2))
    with capture_logs() as logs:
        worker = bench.a_worker(source=bench.worker._source)
        worker.step()
        worker.step()
    assert sorted(bench.desk.claims.values()) == ["1", "2"]
    assert [line["model"] for line in logs if line["event"] == "champion"] == ["fixed/1", "fixed/2"]
    assert bench.count("sempadan_model_info", name="fixed", version="2", feature_set="test") == 1


def test_a_partition_that_hangs_sounds_an_alarm():
    bench = Bench(stall_seconds=60)
    now = [0.0]
    source = bench.worker._source
    worker = bench.a_worker(source=source, seconds=lambda: now[0])
    source.poll = lambda *_: []  # as the client library once did: nothing, for ever
    with capture_logs() as logs:
        for number, at in enumerate((0.0, 20.0, 61.0), start=1):
            now[0] = at
            bench.send(a_claim(1, version=number))
            worker.step()
            worker._look_for_stalls()
    stalled = [line for line in logs if line["event"] == "stalled"]
    assert len(stalled) == 1
    assert stalled[0]["log_level"] == "error"
    assert bench.count("sempadan_stalled_partitions") == 1


def test_no_line_of_the_log_holds_an_identifier():
    bench = Bench()
    bench.send(a_claim(1), a_statement(2))
    bench.broker.sink().send_all([replace(sent(a_claim(3)), value=b"{")])
    with capture_logs() as logs:
        bench.work()
    told = str(logs)
    for claim in (a_claim(1), a_claim(2), a_claim(3)):
        assert claim.claimant.mykad not in told
        assert claim.claim_id not in told
    assert "Aminah" not in told
