"""A part that is missing, wrong or away: what is wrong and its cure is told; then work goes on.

Real processes. What can be waited for is waited for; what cannot stops the process at once.
"""

import itertools
import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from fraud.store import migrate
from fraud.store.engine import Store
from models.columns import columns_in_force
from models.registry import CHALLENGER
from streams.codec import encode
from streams.kafka_io import KafkaAdmin
from streams.servers import ApacheKafka, PostgresServer
from streams.topics import specs
from tests.streams.fakes import a_claim
from tests.streams.processes import (
    KEYRING,
    Home,
    keys_of,
    model_settings,
    register_champion,
    spoilt,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry")
    register_champion(model_settings(folder))
    return folder


@pytest.fixture
def home(embedded_server, registry, tmp_path):
    return Home(
        tmp_path,
        f"sqlite:///{tmp_path / 'test.db'}",
        embedded_server.bootstrap_servers,
        registry,
        f"away-{tmp_path.name}",
    )


def claims(count=20):
    first = next(_numbers) * 1000
    return [a_claim(first + n) for n in range(count)]


def refused(home, *told, command="score", **environment):
    """Start, expect it to stop by itself, and look for the words of the cure."""
    with home.start(command, **environment) as started:
        assert started.wait() == 2, started.told()
    for words in told:
        assert words in started.told()
    assert "Traceback" not in started.told()


@pytest.mark.embedded
def test_settings_that_are_wrong_are_told_all_at_once(home):
    home.create()
    refused(
        home,
        "FRAUD_SECRET_KEY",
        "MODELS_THREADS",
        "STREAMS_BATCH_SIZE",
        "STREAMS_BATCHSIZE is not a setting",
        FRAUD_SECRET_KEY="short",
        MODELS_THREADS="none",
        STREAMS_BATCH_SIZE="0",
        STREAMS_BATCHSIZE="10",
    )


@pytest.mark.embedded
def test_without_a_champion_it_says_how_to_get_one(home, tmp_path):
    home.create()
    empty = replace(home, registry=tmp_path / "empty")
    empty.registry.mkdir()
    refused(empty, "no champion yet", "fraud-models train", "fraud-models promote")


@pytest.mark.embedded
def test_a_champion_of_another_feature_set_is_refused(home, tmp_path):
    home.create()
    other = replace(home, registry=tmp_path / "other")
    other.registry.mkdir()
    columns = replace(columns_in_force(), feature_set="fs-of-last-year")
    register_champion(model_settings(other.registry), columns)
    refused(other, "feature set fs-of-last-year", "fraud-models train")


@pytest.mark.embedded
def test_without_mlflow_it_starts_from_the_verified_copy_and_says_so(home, tmp_path):
    home.create()
    sent = claims()
    home.send(sent)
    with home.start("score") as started:
        started.until(lambda: home.lag() == 0, "all read")
        started.stop()
    moved = replace(home, registry=tmp_path / "gone")
    moved.send(more := claims())
    with moved.start("score") as started:
        started.until(lambda: moved.lag() == 0, "all read")
        assert '"event": "champion_from_copy"' in started.told()
        assert started.stop() == 0
    with home.store() as opened:
        assert keys_of([*sent, *more]) <= set(opened.keys())


@pytest.mark.embedded
def test_a_database_without_tables_is_refused(home):
    with KafkaAdmin(home.options) as admin:
        admin.ensure_topics(specs())
    refused(home, "fraud init")


@pytest.mark.embedded
def test_a_database_of_a_newer_program_is_refused(home):
    home.create()
    with home.store() as opened, opened.store.begin() as connection:
        connection.execute(text(f"UPDATE {migrate.VERSION_TABLE} SET version_num = '9999'"))
    refused(home, "newer than this program's", "install the newer program")
    refused(home, "newer than this program's", command="relay")


@pytest.mark.kafka
def test_topics_that_are_missing_are_named_with_their_cure(tmp_path, registry):
    with ApacheKafka(tmp_path / "kafka") as server:
        url = f"sqlite:///{tmp_path / 'test.db'}"
        home = Home(tmp_path, url, server.bootstrap_servers, registry, "missing")
        Store.open(url, KEYRING, create=True).close()
        refused(home, "claims.submitted", "fraud-streams topics --create")
        with home.start("topics") as shown:
            assert shown.wait() == 2
        with home.start("topics", "--create") as shown:
            assert shown.wait() == 0
            assert "created" in shown.told()
        with home.start("lag") as shown:
            assert shown.wait() == 0
            assert "0 records wait" in shown.told()


@pytest.mark.kafka
def test_the_broker_is_waited_for_at_the_start_and_on_the_way(tmp_path, registry):
    server = ApacheKafka(tmp_path / "kafka")
    home = Home(
        tmp_path, f"sqlite:///{tmp_path / 'test.db'}", server.bootstrap_servers, registry, "broker"
    )
    with server:
        home.create()
        server.stop()
        with home.start("score") as worker:
            worker.until(lambda: "start the broker" in worker.told(), "waiting for the broker")
            server.start()
            home.send(first := claims())
            worker.until(lambda: home.lag() == 0, "first claims read")
            server.kill()
            server.start()
            home.send(second := claims())
            worker.until(lambda: home.lag() == 0, "second claims read")
            with home.store() as opened:
                worker.until(lambda: opened.waiting() == 0, "outbox empty")
            assert worker.stop() == 0, worker.told()
        published = home.read("assessments.made")
    with home.store() as opened:
        assert keys_of([*first, *second]) == set(opened.keys())
        assert set(opened.keys().values()) == {1}
        ids = {one for (one,) in opened.rows("SELECT assessment_id FROM assessments")}
    assert {dict(one.headers)["ce_id"].decode() for one in published} == ids


@pytest.mark.kafka
@pytest.mark.postgres
def test_the_database_is_waited_for_at_the_start_and_on_the_way(
    kafka_server, tmp_path_factory, tmp_path, registry
):
    # Durable: a server that acknowledges before it has written may forget what it said.
    server = PostgresServer(tmp_path_factory.mktemp("postgres-away"), durable=True)
    with server:
        url = server.create_database("away")
        home = Home(tmp_path, url, kafka_server.bootstrap_servers, registry, "database-away")
        home.create()
        server.stop()
        with home.start("score") as worker:
            worker.until(lambda: "start the database" in worker.told(), "waiting for the database")
            server.start()
            worker.until(lambda: "champion" in worker.told(), "started")
            home.send(first := claims())
            worker.until(lambda: home.lag() == 0, "first claims read")
            server.kill()
            home.send(second := claims())
            worker.until(lambda: '"event": "waiting"' in worker.told(), "waiting on the way")
            server.start()
            worker.until(lambda: home.lag() == 0, "second claims read")
            with home.store() as opened:
                worker.until(lambda: opened.waiting() == 0, "outbox empty")
            assert worker.stop() == 0, worker.told()
        with home.store() as opened:
            assert keys_of([*first, *second]) <= set(opened.keys())
            assert set(opened.keys().values()) == {1}
            assert set(opened.cases().values()) == {1}


@pytest.mark.embedded
def test_another_champion_is_taken_up_and_a_challenger_watches(home, tmp_path):
    home.create()
    own = replace(home, registry=tmp_path / "own")
    own.registry.mkdir()
    settings = model_settings(own.registry)
    before = register_champion(settings)
    challenger = register_champion(settings, alias=CHALLENGER)
    with own.start("score", MODELS_ALIAS_CHECK_SECONDS="0.2") as worker:
        worker.until(lambda: f"claim-scorer/{before}" in worker.told(), "first champion")
        after = register_champion(settings)
        worker.until(lambda: f"claim-scorer/{after}" in worker.told(), "second champion")
        own.send(sent := claims(3))
        worker.until(lambda: own.lag() == 0, "all read")
        assert worker.stop() == 0
    with home.store() as opened:
        scored = opened.rows("SELECT claim_id, model_version, challenger_version FROM assessments")
    ours = {one.claim_id for one in sent}
    assert {row[1:] for row in scored if row[0] in ours} == {
        (f"claim-scorer/{after}", f"claim-scorer/{challenger}")
    }


@pytest.mark.embedded
def test_ctrl_c_ends_an_idle_worker_in_order(home):
    home.create()
    with home.start("score") as worker:
        worker.until(lambda: "champion" in worker.told(), "started")
        worker.process.send_signal(2)
        assert worker.wait(30) == 0
    lines = [json.loads(line) for line in worker.told().splitlines() if line.startswith("{")]
    assert all({"event", "level", "timestamp"} <= set(line) for line in lines)


@pytest.mark.kafka
def test_dead_letters_are_listed_and_sent_back_by_command(kafka_server, tmp_path, registry):
    url = f"sqlite:///{tmp_path / 'test.db'}"
    home = Home(tmp_path, url, kafka_server.bootstrap_servers, registry, f"dead-{tmp_path.name}")
    home.create()
    home.send([], [spoilt(encode(a_claim(next(_numbers)), KEYRING))])
    with home.start("score") as worker, home.store() as opened:
        worker.until(lambda: home.lag() == 0, "all read")
        worker.until(lambda: opened.waiting() == 0, "outbox empty")
        letters = opened.dead_letters()
        assert worker.stop() == 0
    assert letters
    with home.start("dead-letters", "list") as listed:
        assert listed.wait() == 0
        assert "Invalid JSON" in listed.told()
    before = len(home.read("claims.submitted"))
    with home.start("dead-letters", "replay") as replayed:
        assert replayed.wait() == 0
        assert "records sent back" in replayed.told()
    assert len(home.read("claims.submitted")) > before
