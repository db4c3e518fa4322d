"""Killed with SIGKILL wherever it hurts most: nothing is lost, nothing is doubled.

Real processes, on SQLite and on PostgreSQL, reading from Apache Kafka. After each restart every
intake key has exactly one assessment, every claim at most one case, every spoilt record one dead
letter, and the audit chain is whole.
"""

import itertools
import signal

import pytest

from streams.codec import encode
from streams.topics import ASSESSMENTS, DEAD_LETTERS
from tests.streams.fakes import a_claim, a_statement
from tests.streams.processes import (
    KEYRING,
    Home,
    keys_of,
    model_settings,
    register_champion,
    spoilt,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

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


def a_home(tmp_path, database_url, bootstrap_servers, registry):
    number = next(_numbers)
    home = Home(tmp_path, database_url, bootstrap_servers, registry, f"crash-{tmp_path.name}")
    home.create()
    first = number * 1000
    claims = [a_claim(first + n) for n in range(35)]
    claims += [a_claim(first + n, version=2) for n in range(3)]
    facts = [a_statement(first + n) for n in range(5)]
    again = claims[:4]  # the sender repeats itself too
    return home, [*claims, *facts, *again], spoilt(encode(a_claim(first + 99), KEYRING))


def finish(home):
    """Score what is left, as after a restart, and stop in order."""
    with home.start("score", "--without-relay") as worker:
        worker.until(lambda: home.lag() == 0, "all read")
        assert worker.stop() == 0, worker.told()


def check(home, records, letters):
    with home.store() as opened:
        keys = opened.keys()
        assert keys_of(records) <= set(keys)
        assert set(keys.values()) == {1}
        assert set(opened.cases().values()) == {1}
        assert opened.dead_letters() == letters
        published = len(
            opened.rows(f"SELECT number FROM outbox WHERE topic = '{ASSESSMENTS.name}'")
        )
        assert published == sum(keys.values())
        assert opened.chain_faults(home) == []


def crash_and_finish(home, records, bad, point):
    """Kill at the point's second pass (so that one batch is done), restart, and check."""
    earlier = sum(1 for _ in home.read("claims.submitted") if not _.value.endswith(b"}"))
    home.send(records, [bad])
    with home.start("score", "--without-relay", crash=f"{point}:2") as worker:
        assert worker.wait() == -signal.SIGKILL, worker.told()
    finish(home)
    check(home, records, letters=earlier + 1)


@pytest.mark.kafka
@pytest.mark.parametrize("point", WORKER_POINTS)
def test_a_killed_worker_loses_and_doubles_nothing(
    kafka_server, database_url, registry, tmp_path, point
):
    home, records, bad = a_home(tmp_path, database_url, kafka_server.bootstrap_servers, registry)
    crash_and_finish(home, records, bad, point)


@pytest.mark.embedded
@pytest.mark.parametrize("point", ["in_transaction", "after_commit_before_offsets"])
def test_a_killed_worker_on_the_embedded_broker(embedded_server, registry, tmp_path, point):
    url = f"sqlite:///{tmp_path / 'test.db'}"
    home, records, bad = a_home(tmp_path, url, embedded_server.bootstrap_servers, registry)
    crash_and_finish(home, records, bad, point)


@pytest.mark.kafka
@pytest.mark.parametrize("point", RELAY_POINTS)
def test_a_killed_relay_loses_nothing_and_repeats_only_what_readers_can_drop(
    kafka_server, database_url, registry, tmp_path, point
):
    home, records, bad = a_home(tmp_path, database_url, kafka_server.bootstrap_servers, registry)
    home.send(records, [bad])
    finish(home)
    with home.store() as opened:
        due = {row[0] for row in opened.rows("SELECT assessment_id FROM assessments")}
        letters = opened.dead_letters()
        with home.start("relay", crash=f"{point}:2") as relay:
            assert relay.wait() == -signal.SIGKILL, relay.told()
        with home.start("relay") as relay:
            relay.until(lambda: opened.waiting() == 0, "outbox empty")
            assert relay.stop() == 0, relay.told()
    check_published(home, due, letters, at_most_again=10 if point.startswith("after_send") else 0)


def check_published(home, due, letters, at_most_again):
    sent = [dict(record.headers)["ce_id"].decode() for record in home.read(ASSESSMENTS.name)]
    ours = [message_id for message_id in sent if message_id in due]
    assert set(ours) == due
    assert len(ours) - len(due) <= at_most_again
    assert len(home.read(DEAD_LETTERS.name)) >= letters
