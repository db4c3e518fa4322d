"""The servers that the demo, the bench and the tests need, started and stopped on this machine.

All of them listen on the loopback address only, and none outlives the process that started it
(see `guard`). They are for development: a deployment names its own broker and database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.servers.brokers import ApacheKafka, EmbeddedBroker
from streams.servers.local import LocalServer, cache_folder, free_port
from streams.servers.postgres import PostgresServer

__all__ = [
    "ApacheKafka",
    "EmbeddedBroker",
    "LocalServer",
    "PostgresServer",
    "apache_kafka",
    "cache_folder",
    "embedded_broker",
    "free_port",
    "postgres_server",
]


@contextmanager
def embedded_broker(folder: Path | None = None) -> Iterator[EmbeddedBroker]:
    """The broker that comes with pip, on a free port; for the demo and the tests only."""
    with EmbeddedBroker(folder or cache_folder() / "embedded") as broker:
        yield broker


@contextmanager
def apache_kafka(folder: Path, *, fast_start: bool = True) -> Iterator[ApacheKafka]:
    """One node of Apache Kafka whose data lives in `folder`; needs Java 17 and Maven.

    The first use fetches 44 MB of jars into the cache folder. Raises `Misconfigured` when Java or
    Maven is missing, naming which. For a measurement say `fast_start=False`.
    """
    with ApacheKafka(folder, fast_start=fast_start) as broker:
        yield broker


@contextmanager
def postgres_server(folder: Path, *, durable: bool = True) -> Iterator[PostgresServer]:
    """PostgreSQL whose data lives in `folder`, from the development wheel or the system."""
    with PostgresServer(folder, durable=durable) as server:
        yield server
