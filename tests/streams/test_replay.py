"""Records sent in order, each no earlier than it is due."""

from datetime import timedelta

import pytest

from fraud.errors import Unavailable
from streams import replay
from tests.streams.fakes import KEYRING, NOW, a_broker, a_claim


class Time:
    def __init__(self):
        self.now = 100.0
        self.rests = []

    def seconds(self):
        return self.now

    def rest(self, seconds):
        self.rests.append(round(seconds, 6))
        self.now += seconds


def run(records, pace=replay.at_once):
    broker, time = a_broker(), Time()
    count = replay.replay(
        records, broker.sink(), KEYRING, pace=pace, seconds=time.seconds, rest=time.rest
    )
    return count, len(broker.records("claims.submitted")), time


def claims(count, apart=timedelta(minutes=1)):
    return [a_claim(n, received_at=NOW + n * apart) for n in range(count)]


def test_at_once_never_rests():
    count, arrived, time = run(claims(2500))
    assert (count, arrived, time.rests) == (2500, 2500, [])


def test_at_a_rate_the_last_is_due_when_it_should_be():
    count, arrived, time = run(claims(11), replay.at_rate(20))
    assert (count, arrived) == (11, 11)
    assert time.now == pytest.approx(100.5)


def test_as_lived_keeps_the_rhythm():
    _, arrived, time = run(claims(5), replay.as_lived(60))
    assert arrived == 5
    assert time.rests == [1.0] * 4


def test_nothing_is_thinned_out_when_time_runs_late():
    broker, time = a_broker(), Time()
    sink = broker.sink()
    send, sizes = sink.send_all, []

    def slow(records):
        sizes.append(len(records))
        time.now += 1.0
        send(records)

    sink.send_all = slow
    replay.replay(
        claims(100),
        sink,
        KEYRING,
        pace=replay.at_rate(50),
        seconds=time.seconds,
        rest=time.rest,
    )
    assert sum(sizes) == 100
    assert len(broker.records("claims.submitted")) == 100


def test_a_broker_away_is_told():
    broker = a_broker()
    broker.fail_next_sends(1)
    with pytest.raises(Unavailable):
        replay.replay(claims(1), broker.sink(), KEYRING)


def test_an_empty_list_sends_nothing():
    assert run([])[0] == 0
