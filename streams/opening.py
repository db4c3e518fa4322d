"""Opening what the settings name, waiting while it is away, and the relay that needs no more.

A broker or a database that does not answer is waited for; whatever waiting cannot cure is said at
once, with its cure.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TypeVar

import structlog

from fraud import config as fraud_config
from fraud.errors import Unavailable
from fraud.store.engine import Store
from fraud.store.opening import clock_of, open_store
from streams import topics
from streams.anchor import AuditAnchoring
from streams.config import Settings
from streams.counters import Counters
from streams.crashpoint import CrashPoint
from streams.failures import waits
from streams.kafka_io import KafkaOptions, KafkaSink, KafkaSource
from streams.ports import RecordSink
from streams.relay import Relay

log = structlog.get_logger("streams.opening")

Part = TypeVar("Part")

START_DATABASE = "start the database that FRAUD_DATABASE_URL names"
START_BROKER = "start the broker that STREAMS_BOOTSTRAP_SERVERS names"


class Stopped(Exception):
    """Told to stop while still waiting for a part."""


def kafka_options(settings: Settings, client_id: str = "sempadan") -> KafkaOptions:
    """How the Kafka client is to connect."""
    password = settings.sasl_password
    return KafkaOptions(
        bootstrap_servers=tuple(settings.bootstrap_servers.split(",")),
        client_id=client_id,
        security_protocol=settings.security_protocol,
        sasl_mechanism=settings.sasl_mechanism,
        sasl_username=settings.sasl_username,
        sasl_password=password.get_secret_value() if password else None,
        ssl_cafile=settings.ssl_cafile,
        ssl_certfile=settings.ssl_certfile,
        ssl_keyfile=settings.ssl_keyfile,
        session_timeout_ms=settings.session_timeout_ms,
        heartbeat_interval_ms=settings.heartbeat_interval_ms,
    )


def when_available(open_part: Callable[[], Part], stop: threading.Event, cure: str) -> Part:
    """Open a part, waiting while it is away; raises Stopped when told to stop meanwhile."""
    for wait in waits():
        try:
            return open_part()
        except Unavailable as error:
            log.warning("waiting", reason=str(error), cure=cure, seconds=wait)
            if stop.wait(wait):
                break
    raise Stopped


def opened_store(settings: fraud_config.Settings, stop: threading.Event, parts: ExitStack) -> Store:
    """The database, closed with the other parts."""
    store = when_available(lambda: open_store(settings), stop, START_DATABASE)
    parts.callback(store.close)
    return store


def opened_source(settings: Settings, stop: threading.Event, parts: ExitStack) -> KafkaSource:
    """The topics that are scored, as a member of the group; left with the other parts."""
    return parts.enter_context(when_available(partial(_source, settings), stop, START_BROKER))


def opened_sink(settings: Settings, stop: threading.Event, parts: ExitStack) -> KafkaSink:
    """Where the relay sends to, closed with the other parts."""
    options = kafka_options(settings, "sempadan-relay")
    return parts.enter_context(when_available(partial(_sink, options), stop, START_BROKER))


def _source(settings: Settings) -> KafkaSource:
    return KafkaSource(kafka_options(settings), topics.SOURCES, settings.group)


def _sink(options: KafkaOptions) -> KafkaSink:
    return KafkaSink(options, [topic.name for topic in topics.TOPICS])


def make_relay(
    fraud: fraud_config.Settings,
    settings: Settings,
    store: Store,
    sink: RecordSink,
    crash: CrashPoint,
) -> Relay:
    """The relay of a deployment, which also publishes the head of the audit chain."""
    anchoring = AuditAnchoring(
        store,
        store.keyring.anchor_key,
        clock=clock_of(fraud, store),
        file=fraud.anchor_file,
        every_seconds=settings.anchor_seconds,
    )
    return Relay(store, sink, limit=settings.relay_batch, anchoring=anchoring, crash=crash)


def run_relay(
    fraud: fraud_config.Settings, settings: Settings, stop: threading.Event, crash: CrashPoint
) -> None:
    """Publish the outbox until told to stop."""
    counters = Counters()
    with ExitStack() as parts:
        try:
            store = opened_store(fraud, stop, parts)
            sink = opened_sink(settings, stop, parts)
        except Stopped:
            return
        if settings.metrics_port:
            counters.serve(settings.metrics_port)
        make_relay(fraud, settings, store, sink, crash).run(
            stop, pause_seconds=settings.relay_pause_seconds, published=counters.published
        )


@contextmanager
def relay_beside(
    fraud: fraud_config.Settings,
    settings: Settings,
    store: Store,
    stop: threading.Event,
    counters: Counters,
    crash: CrashPoint,
) -> Iterator[None]:
    """Run the relay in a thread; an error nobody foresaw there stops the worker too."""
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with ExitStack() as parts:
                sink = opened_sink(settings, stop, parts)
                make_relay(fraud, settings, store, sink, crash).run(
                    stop, pause_seconds=settings.relay_pause_seconds, published=counters.published
                )
        except Stopped:
            pass
        except BaseException as error:  # noqa: BLE001 - handed to the main thread below
            failed.append(error)
            stop.set()

    thread = threading.Thread(target=work, name="relay")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if failed:
        raise failed[0]
