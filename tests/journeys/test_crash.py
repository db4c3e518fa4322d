"""Killed with SIGKILL wherever it hurts most: nothing is lost, nothing is doubled.

Real processes, on SQLite and on PostgreSQL, reading from Apache Kafka. After each restart every
intake key has exactly one assessment, every claim at most one case, every spoilt record one dead
letter, and the audit chain is whole.
"""

import itertools
import signal
from collections import Counter

import pytest

from streams.codec import encode
from streams.topics import ASSESSMENTS, CLAIMS, DEAD_LETTERS
from tests.streams.fakes import a_claim, a_statement
from tests.streams.processes import (
    KEYRING,
    RELAY_BATCH,
    SPOILT,
    Home,
    keys_of,
    model_settings,
    register_champion,
    spoilt,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

WORKER_POINTS = (
    "after_poll",
    "after_decode",
    "in_transaction",
    "after_commit_before_offsets",
    "after_offsets",
)
RELAY_POINTS = ("before_send", "after_send_before_delete", "after_delete")
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry")
    register_champion(model_settings(folder))
    return folder


@pytest.fixture
def a_home(registry, tmp_path):
    def make(database_url, server):
        group = f"{tmp_path.name}-{next(_numbers)}"
        home = Home(tmp_path, database_url, server.bootstrap_servers, registry, group)
        home.create()
        return home

    return make


def send_some(home):
    """Claims, later versions, facts, repeats by the sender, and one spoilt record."""
    first = next(_numbers) * 1000
    claims = [a_claim(first + n) for n in range(25)]
    claims += [a_claim(first + n, version=2) for n in range(3)]
    facts = [a_statement(first + n) for n in range(5)]
    home.send([*claims, *facts, *claims[:4]], [spoilt(encode(a_claim(first + 99), KEYRING))])
    return keys_of(claims)


def finish(home):
    """Score what is left, as after a restart, and stop in order."""
    with home.start("score", "--without-relay") as worker:
        worker.until(lambda: home.lag() == 0, "all read")
        assert worker.stop() == 0, worker.told()


def check_nothing_doubled(home, after):
    with home.store() as opened:
        assert set(opened.keys().values()) <= {1}, after
        assert set(opened.cases().values()) <= {1}, after
        made = len(opened.rows("SELECT assessment_id FROM assessments"))
        assert opened.put_up(ASSESSMENTS.name) == made, after
        assert opened.put_up(DEAD_LETTERS.name) == opened.dead_letters(), after
        assert opened.chain_faults(home) == [], after


def check_nothing_lost(home, due):
    with home.store() as opened:
        assert due <= set(opened.keys())
        assert {claim for claim, _version in due} <= set(opened.cases())
        spoilt_sent = [one for one in home.read(CLAIMS.name) if one.value == SPOILT]
        assert opened.dead_letters() == len(spoilt_sent)


def kill_the_worker(home, points):
    due = set()
    for point in points:
        due |= send_some(home)
        # At the second pass, so that the batch before it is done and committed.
        with home.start("score", "--without-relay", crash=f"{point}:2") as worker:
            assert worker.wait() == -signal.SIGKILL, worker.told()
        check_nothing_doubled(home, after=point)
    finish(home)
    check_nothing_doubled(home, after="all")
    check_nothing_lost(home, due)


def published(home):
    """How often each assessment stands on its topic."""
    return Counter(dict(one.headers)["ce_id"].decode() for one in home.read(ASSESSMENTS.name))


def kill_the_relay(home):
    earlier = published(home)
    with home.store() as opened:
        due = {one for (one,) in opened.rows("SELECT assessment_id FROM assessments")}
        letters = opened.dead_letters()
        for point in RELAY_POINTS:
            with home.start("relay", crash=f"{point}:2") as relay:
                assert relay.wait() == -signal.SIGKILL, relay.told()
        with home.start("relay") as relay:
            relay.until(lambda: opened.waiting() == 0, "outbox empty")
            assert relay.stop() == 0, relay.told()
    sent = published(home) - earlier
    assert set(sent) == due
    assert sent.total() - len(due) <= RELAY_BATCH  # what was sent and not yet deleted, once
    assert len(home.read(DEAD_LETTERS.name)) >= letters


@pytest.mark.kafka
def test_killed_at_every_point_nothing_is_lost_or_doubled(kafka_server, database_url, a_home):
    home = a_home(database_url, kafka_server)
    kill_the_worker(home, WORKER_POINTS)
    kill_the_relay(home)


@pytest.mark.embedded
def test_killed_on_the_embedded_broker(embedded_server, a_home, tmp_path):
    home = a_home(f"sqlite:///{tmp_path / 'test.db'}", embedded_server)
    kill_the_worker(home, ["in_transaction", "after_commit_before_offsets"])


@pytest.mark.kafka
def test_two_workers_share_the_work_and_one_is_killed(kafka_server, database_url, a_home):
    home = a_home(database_url, kafka_server)
    with home.start("score") as first, home.start("score") as second:
        first.until(lambda: "champion" in first.told(), "first started")
        second.until(lambda: "champion" in second.told(), "second started")
        due = set().union(*(send_some(home) for _ in range(5)))
        first.kill()
        second.until(lambda: home.lag() == 0, "all read")
        with home.store() as opened:
            second.until(lambda: opened.waiting() == 0, "outbox empty")
        assert second.stop() == 0, second.told()
    with home.store() as opened:
        assert due <= set(opened.keys())
        assert set(opened.keys().values()) == {1}
        assert set(opened.cases().values()) == {1}
        assert opened.chain_faults(home) == []
