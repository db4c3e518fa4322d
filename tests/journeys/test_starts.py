"""What is missing or away besides the parts of `tests/streams/test_parts_away.py`.

Each time: what is wrong and its cure are told, nothing is lost or doubled, and work goes on once
the part is back. The desk and the worker start as real processes; where a lock or a stop has to
hit one moment, the worker runs here, on a broker in memory and a real database.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event, text
from structlog.testing import capture_logs

from fraud.config import Settings as FraudSettings
from fraud.errors import Misconfigured
from fraud.store import migrate
from fraud.store.engine import Store
from fraud.web.app import create_app
from fraud.workflow.intake import process_batch
from streams import failures
from streams.config import Settings
from streams.crashpoint import no_crash
from streams.servers import PostgresServer
from streams.topics import SOURCES
from streams.worker import Worker
from tests.streams.fakes import NOW, FixedChampion, a_broker, a_claim, a_statement, sent
from tests.streams.processes import (
    KEYRING,
    SECRET,
    Home,
    Opened,
    keys_of,
    model_settings,
    register_champion,
    until,
)
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

GROUP = "starts"
CLAIMS = [a_claim(number) for number in range(1, 31)]
FACTS = [a_statement(number) for number in range(1, 11)]


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry")
    register_champion(model_settings(folder))
    return folder


@pytest.fixture
def home(embedded_server, registry, tmp_path):
    own = tmp_path / "registry"
    shutil.copytree(registry, own)
    return Home(
        tmp_path,
        f"sqlite:///{tmp_path / 'test.db'}",
        embedded_server.bootstrap_servers,
        own,
        f"starts-{tmp_path.name}",
    )


def refused(home, *told, **environment):
    with home.start("score", **environment) as started:
        assert started.wait() == 2, started.told()
    for words in told:
        assert words in started.told()
    assert "Traceback" not in started.told()


@pytest.mark.embedded
def test_without_mlflow_and_without_a_copy_both_cures_are_told(home):
    home.create()
    refused(
        home,
        "fraud-models promote",
        "bring MLflow back (MODELS_TRACKING_URI)",
        MODELS_TRACKING_URI="http://127.0.0.1:9",
        MODELS_CHAMPION_COPY=str(home.folder / "no-copy"),
    )


@pytest.mark.embedded
def test_an_altered_copy_is_refused_while_mlflow_is_away(home):
    home.create()
    with home.start("score") as worker:
        worker.until(lambda: "champion" in worker.told(), "started, and the copy kept")
        assert worker.stop() == 0
    (booster,) = (home.folder / "copy").rglob("booster.txt")
    booster.write_bytes(booster.read_bytes() + b"\n")
    refused(
        replace(home, registry=home.folder / "gone"),
        "is not what was registered",
        "restore the file, or train and promote a new version",
    )


@pytest.mark.embedded
def test_mlflow_away_on_the_way_leaves_the_champion_at_work(home):
    home.create()
    database, hidden = home.registry / "mlflow.db", home.registry / "hidden.db"
    with home.start("score", MODELS_ALIAS_CHECK_SECONDS="0.2") as worker:
        worker.until(lambda: "champion" in worker.told(), "started")
        database.rename(hidden)
        worker.until(lambda: "champion_stays" in worker.told(), "told that MLflow is away")
        home.send(CLAIMS)
        worker.until(lambda: home.lag() == 0, "scored without MLflow")
        hidden.rename(database)
        after = register_champion(model_settings(home.registry))
        worker.until(lambda: f"claim-scorer/{after}" in worker.told(), "the next one taken up")
        assert worker.stop() == 0
    with home.store() as opened:
        assert keys_of(CLAIMS) <= set(opened.keys())
        assert set(opened.keys().values()) == {1}


@pytest.mark.embedded
def test_a_sqlite_file_out_of_reach_is_waited_for(home):
    """As when a disk is not mounted yet."""
    home.create()
    place = home.folder / "disk"
    away = replace(home, database_url=f"sqlite:///{place / 'test.db'}")
    with away.start("score") as worker:
        worker.until(lambda: "start the database" in worker.told(), "waiting for the file")
        staged = home.folder / "staged"
        staged.mkdir()
        Store.open(f"sqlite:///{staged / 'test.db'}", KEYRING, create=True).close()
        staged.rename(place)
        away.send(CLAIMS)
        worker.until(lambda: away.lag() == 0, "all read")
        assert worker.stop() == 0, worker.told()
    with away.store() as opened:
        assert keys_of(CLAIMS) <= set(opened.keys())


def desk(*command, url, **environment):
    """Run `fraud` to its end; answers its exit status and what it told."""
    unwanted = ("FRAUD_", "PYTHONDONTWRITEBYTECODE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    done = subprocess.run(
        [sys.executable, "-m", "fraud.cli", *command],
        env=clean | {"FRAUD_DATABASE_URL": url, "FRAUD_SECRET_KEY": SECRET} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    told = " ".join((done.stdout + done.stderr).split())
    assert "Traceback" not in told
    return done.returncode, told


def no_tables(path: Path) -> None:
    sqlite3.connect(path).close()


def of_a_newer_program(path: Path) -> None:
    store = Store.open(f"sqlite:///{path}", KEYRING, create=True)
    with store.begin() as connection:
        connection.execute(text(f"UPDATE {migrate.VERSION_TABLE} SET version_num = '9999'"))
    store.close()


def no_database_at_all(path: Path) -> None:
    path.write_bytes(b"a letter to the office, not a database\n" * 50)


@pytest.mark.parametrize(
    ("made", "cure"),
    [
        (no_tables, "create its tables with `fraud init`"),
        (of_a_newer_program, "install the newer program"),
        (no_database_at_all, "name another, or restore it from a backup"),
    ],
)
def test_the_desk_refuses_a_database_that_it_cannot_use(tmp_path, made, cure):
    made(tmp_path / "test.db")
    status, told = desk("serve", url=f"sqlite:///{tmp_path / 'test.db'}")
    assert status == 1
    assert cure in told


def test_the_desk_tells_all_wrong_settings_at_once(tmp_path):
    status, told = desk(
        "serve", url=f"sqlite:///{tmp_path}/x.db", FRAUD_PORT="0", FRAUD_LEASE_MINUTS="5"
    )
    assert status == 1
    assert "FRAUD_PORT" in told
    assert "FRAUD_LEASE_MINUTS is not a setting" in told


def test_an_empty_database_is_cured_by_the_command_that_was_named(tmp_path):
    url = f"sqlite:///{tmp_path / 'test.db'}"
    assert desk("rebuild", url=url)[0] == 1
    assert desk("init", url=url) == (0, "The database is up to date.")
    assert desk("rebuild", url=url) == (0, "0 vectors compared, 0 differ")


class Bench:
    """A worker here, between a broker in memory and a real database."""

    def __init__(self, url):
        self.opened = Opened(Store.open(url, KEYRING, create=True))
        self.broker = a_broker()
        self.broker.sink().send_all([sent(record) for record in [*FACTS, *CLAIMS]])
        self.stop = threading.Event()
        self.failure = None

    def work(self, crash):
        settings = Settings(group=GROUP, batch_size=10, poll_seconds=0.05)
        try:
            with self.broker.source(SOURCES, GROUP) as source:
                Worker(
                    source,
                    partial(process_batch, self.opened.store),
                    FixedChampion(),
                    settings=settings,
                    clock=lambda: NOW,
                    crash=crash,
                ).run(self.stop)
        except BaseException as error:  # noqa: BLE001 - shown by the test's own thread
            self.failure = error

    @contextmanager
    def working(self, crash=no_crash):
        """The worker in a thread; answers the lines it logs."""
        thread = threading.Thread(target=self.work, args=(crash,))
        with capture_logs() as lines:
            thread.start()
            try:
                yield lines
            finally:
                self.stop.set()
                thread.join()
        assert self.failure is None

    def all_read(self):
        assert self.failure is None
        return not any(self.broker.admin().group_lag(GROUP, SOURCES).values())

    def check(self):
        """Every claim once, every fact once, and each row that follows from them once."""
        assert self.opened.keys() == dict.fromkeys(keys_of(CLAIMS), 1)
        assert len(self.opened.rows("SELECT fact_id FROM facts")) == len(FACTS)
        looks = self.opened.rows("SELECT claim_id, trigger_fact FROM assessments")
        assert self.opened.put_up("assessments.made") == len(looks) == len(set(looks))
        self.opened.store.close()


def has_waited(lines):
    return [line["reason"] for line in lines if line["event"] == "waiting"]


@pytest.fixture
def short_waits(monkeypatch):
    monkeypatch.setattr(failures, "FIRST_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(failures, "LONGEST_WAIT_SECONDS", 0.2)


def impatient(store):
    """Give up on a locked SQLite file after a tenth of a second, not after thirty."""

    @event.listens_for(store._engine, "connect")
    def shorten(connection, _record):
        connection.execute("PRAGMA busy_timeout = 100")

    store._engine.dispose()


def test_a_locked_sqlite_file_is_waited_for(tmp_path, short_waits):
    bench = Bench(f"sqlite:///{tmp_path / 'test.db'}")
    impatient(bench.opened.store)
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with bench.working() as lines:
        until(lambda: len(has_waited(lines)) >= 3, "the lock told")
        assert "database is locked" in has_waited(lines)[0]
        assert bench.opened.rows("SELECT claim_id FROM claims") == []
        other.execute("ROLLBACK")
        until(bench.all_read, "all read")
    other.close()
    bench.check()


@pytest.fixture
def own_postgres(tmp_path_factory):
    """A server to stop; durable, or a kill may take the last committed batch with it."""
    try:
        server = PostgresServer(tmp_path_factory.mktemp("stopped"))
    except Misconfigured as missing:
        pytest.skip(str(missing))
    with server:
        yield server


@pytest.mark.postgres
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_postgresql_ends_inside_a_transaction_and_comes_back(own_postgres, short_waits, end):
    """The batch in hand is given up whole, and taken again once the server is back."""
    bench = Bench(own_postgres.create_database("away"))
    passes = []

    def in_the_second_batch(point):
        if point == "in_transaction":
            passes.append(point)
            if len(passes) == 2:
                getattr(own_postgres, end)()

    with bench.working(in_the_second_batch) as lines:
        until(lambda: has_waited(lines), "the server's end told")
        assert "the database" in has_waited(lines)[0]
        own_postgres.start()
        until(bench.all_read, "all read")
    assert len(passes) > 2
    bench.check()


@pytest.mark.postgres
def test_the_desk_says_that_its_database_is_away_and_goes_on(own_postgres):
    url = own_postgres.create_database("desk")
    store = Store.open(url, KEYRING, create=True)
    settings = FraudSettings(database_url=url, secret_key=SECRET, secure_cookies=False)
    visitor = Visitor(create_app(settings, store, lambda: NOW))
    assert visitor.get("/healthz").status_code == 200
    own_postgres.stop()
    for path in ("/healthz", "/queue"):
        visitor.cookies.set("sempadan_session", "somebody")
        answer = visitor.get(path)
        assert answer.status_code == 503
        assert "Traceback" not in answer.text
    own_postgres.start()
    assert visitor.get("/healthz").status_code == 200
    assert visitor.get("/queue").status_code == 303  # to the sign-in page, as ever
    store.close()
