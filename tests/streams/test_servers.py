"""Servers start, stop, start again, and never outlive the process that asked for them."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from fraud.errors import Misconfigured, Unavailable
from streams.servers import EmbeddedBroker, PostgresServer, brokers, free_port
from streams.servers import postgres as postgres_module
from streams.servers.local import Launch, LocalServer

ASKER = """
import signal, sys, time
from pathlib import Path
from streams import servers
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup has it ignored
with getattr(servers, sys.argv[1])(Path(sys.argv[2])) as server:
    print(server.process_id, server._folder, flush=True)
    time.sleep(60)
"""


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(true: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def end_the_asker(server, how, folder):
    """Let another process start a server, end that process, and say what it had started."""
    command = [sys.executable, "-c", ASKER, server, str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as asker:
        process_id, used = asker.stdout.readline().split(maxsplit=1)
        assert is_alive(int(process_id))
        asker.send_signal(how)
        asker.wait(10)
    return int(process_id), Path(used.strip())


@pytest.mark.embedded
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_server_ends_with_the_process_that_asked_for_it(how, tmp_path):
    process_id, _ = end_the_asker("embedded_broker", how, tmp_path)
    assert wait_until(lambda: not is_alive(process_id))


@pytest.mark.skipif("os.geteuid() != 0", reason="only root needs a temporary folder")
def test_a_temporary_folder_goes_with_the_process_that_asked_for_it(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    process_id, folder = end_the_asker("postgres_server", signal.SIGKILL, closed / "data")
    assert not folder.is_relative_to(tmp_path)
    assert wait_until(lambda: not is_alive(process_id) and not folder.exists())


@pytest.mark.embedded
def test_a_broker_stops_and_starts_again_on_its_port(tmp_path):
    with EmbeddedBroker(tmp_path) as broker:
        first, servers = broker.process_id, broker.bootstrap_servers
        broker.stop()
        assert not broker.is_running
        assert not is_alive(first)
        broker.stop()  # twice does no harm
        broker.start()
        broker.start()  # nor this
        assert broker.process_id != first
        assert broker.bootstrap_servers == servers
    assert not is_alive(broker.process_id)


@pytest.mark.postgres
def test_a_database_keeps_its_rows_across_a_stop_and_a_kill(tmp_path):
    with PostgresServer(tmp_path) as server:
        url = server.create_database("claims").replace("+psycopg", "")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE t (n int)")
            connection.execute("INSERT INTO t VALUES (1)")
        for end in (server.stop, server.kill):
            end()
            server.start()
            with psycopg.connect(url) as connection:
                assert connection.execute("SELECT n FROM t").fetchall() == [(1,)]
        assert server.version.startswith("PostgreSQL 1")


@pytest.mark.postgres
def test_a_folder_is_opened_again_by_another_server():
    # Not `tmp_path`: as root, a folder closed to others is replaced by a temporary one.
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        with PostgresServer(Path(place) / "kept", durable=False) as server:
            server.create_database("claims")
            before = server._password
        with PostgresServer(Path(place) / "kept", durable=False) as server:
            assert server._password == before
            server.drop_database("claims")


@pytest.mark.skipif("os.geteuid() != 0", reason="only root has to hand over")
def test_as_root_what_others_cannot_reach_is_copied(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    programs = postgres_module._copied(postgres_module._postgres_programs(), closed / "site")
    with PostgresServer(closed / "data", programs=programs, durable=False) as server:
        server.create_database("claims")
        place = server._folder
        assert not place.is_relative_to(tmp_path)
    assert not place.exists()


@pytest.mark.postgres
def test_each_database_is_new_and_empty(postgres):
    for _ in range(2):
        url = postgres.create_database("fresh").replace("+psycopg", "")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE t (n int)")
    postgres.drop_database("fresh")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


@pytest.mark.postgres
def test_a_wrong_password_opens_no_database(postgres):
    url = postgres.create_database("guarded").replace("+psycopg", "")
    password = url.split(":")[2].split("@")[0]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(password, "guessed"))
    postgres.drop_database("guarded")


class ShortLived(LocalServer):
    name, version, port = "A server that fails", "0", free_port()

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def _launch(self) -> Launch:
        script = "print('why it failed', flush=True); raise SystemExit(3)"
        return Launch([sys.executable, "-c", script], self.folder / "log")

    def _answers(self) -> bool:
        return True


def test_a_server_that_fails_shows_the_end_of_its_log(tmp_path):
    server = ShortLived(tmp_path)
    with pytest.raises(Unavailable, match="why it failed"):
        server.start()
    assert not server.is_running


def test_what_is_missing_is_named_in_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("SEMPADAN_CACHE", str(tmp_path))
    monkeypatch.setattr(brokers.importlib.util, "find_spec", lambda name: None)
    for find, told in (
        (brokers._java, "needs Java 17 or newer"),
        (brokers._kafka_jars, "fetched by Maven"),
        (brokers._embedded_binary, "embedded broker is not installed"),
    ):
        with pytest.raises(Misconfigured, match=told) as error:
            find()
        assert "\n" not in str(error.value)
    monkeypatch.setattr(postgres_module.Path, "glob", lambda self, pattern: [])
    with pytest.raises(Misconfigured, match="PostgreSQL was not found"):
        postgres_module._postgres_programs()
