"""The servers of the tests, started once for each worker of the test runner."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from fraud.errors import Misconfigured

if TYPE_CHECKING:  # the client library is loaded by the tests that need it
    from streams.servers import ApacheKafka, EmbeddedBroker, PostgresServer

Server = TypeVar("Server")

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def kafka_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[ApacheKafka]":
    """Apache Kafka, one node. A test that stops or kills it starts it again."""
    from streams.servers import ApacheKafka

    with _or_skip(lambda: ApacheKafka(tmp_path_factory.mktemp("kafka"))) as server:
        yield server


@pytest.fixture(scope="session")
def embedded_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[EmbeddedBroker]":
    """The broker that comes with pip."""
    from streams.servers import EmbeddedBroker

    with _or_skip(lambda: EmbeddedBroker(tmp_path_factory.mktemp("embedded"))) as server:
        yield server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[PostgresServer]":
    """PostgreSQL that does not wait for the disk."""
    from streams.servers import PostgresServer

    folder = tmp_path_factory.mktemp("postgres")
    with _or_skip(lambda: PostgresServer(folder, durable=False)) as server:
        yield server


@pytest.fixture
def postgres_url(postgres: "PostgresServer") -> Iterator[str]:
    """The URL of an empty database of this test's own."""
    name = f"test_{next(_numbers)}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


def _or_skip(make: Callable[[], Server]) -> Server:
    try:
        return make()
    except Misconfigured as missing:
        pytest.skip(str(missing))
