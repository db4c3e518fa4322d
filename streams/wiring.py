"""The composition root: settings become a store, a scorer, a broker and the loops that use them.

Everything that can be wrong at the start is said here, with its cure. A broker or a database that
is merely away is waited for.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog

from fraud import config as fraud_config
from fraud.assessment import Policy
from fraud.errors import Misconfigured, Unavailable
from fraud.store.engine import Store
from fraud.store.opening import clock_of, open_store
from fraud.workflow import policy as policies
from fraud.workflow.intake import Assessor, process_batch
from models import config as models_config
from models.scorer import ChampionWatch, load_challenger, load_champion
from streams import config as streams_config
from streams import topics
from streams.anchor import AuditAnchoring
from streams.counters import Counters
from streams.crashpoint import CrashPoint, crash_point
from streams.failures import waits
from streams.kafka_io import KafkaAdmin, KafkaOptions, KafkaSink, KafkaSource
from streams.relay import Relay
from streams.worker import Worker

log = structlog.get_logger("streams.wiring")

Part = TypeVar("Part")


class Stopped(Exception):
    """Told to stop while still waiting for a part."""


@dataclass(frozen=True)
class Deployment:
    """All settings of the scoring process, read at once."""

    fraud: fraud_config.Settings
    models: models_config.Settings
    streams: streams_config.Settings
    crash: CrashPoint

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Deployment":
        """From the environment. Raises Misconfigured with the faults of all three packages."""
        faults = []
        found = []
        for load in (
            fraud_config.load_settings,
            models_config.load_settings,
            streams_config.load_settings,
        ):
            try:
                found.append(load())
            except Misconfigured as error:
                faults.append(str(error))
        if faults:
            raise Misconfigured("; ".join(faults))
        fraud, models, streams = found
        return cls(fraud, models, streams, crash_point(environment))  # type: ignore[arg-type] # one of each, in order


def kafka_options(settings: streams_config.Settings, client_id: str = "sempadan") -> KafkaOptions:
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


class NamedChampion:
    """The scorer that the registry names champion, and a challenger in its shadow.

    Between two batches it takes up what was named meanwhile; a version that does not fit this
    code is refused with its cure in the log, and the one at work stays.
    """

    def __init__(
        self,
        settings: models_config.Settings,
        policy: Callable[[], Policy],
        *,
        crossings_open: bool,
        accept_reserved: bool,
    ) -> None:
        self._settings = settings
        self._policy = policy
        self._crossings_open = crossings_open
        self._accept_reserved = accept_reserved
        self._watch = ChampionWatch(settings, load_champion(settings))
        self._challenger = load_challenger(settings)

    def assessor(self) -> Assessor:
        """What assesses the next batch."""
        if self._watch.changed():
            self._watch.reload()
            self._challenger = load_challenger(self._settings)
        scorer = self._watch.scorer
        return Assessor(
            scorer=scorer,
            policy=self._policy(),
            challenger=self._challenger,
            crossings_open=self._crossings_open,
            accept_reserved=self._accept_reserved,
        )


def named_champion(deployment: Deployment, store: Store) -> NamedChampion:
    """The champion of the deployment's registry. Raises Misconfigured when there is none."""
    return NamedChampion(
        deployment.models,
        partial(policies.current, store),
        crossings_open=deployment.fraud.crossings_basis is not None,
        accept_reserved=deployment.fraud.accept_reserved_identifiers,
    )


def make_relay(deployment: Deployment, store: Store, sink: KafkaSink) -> Relay:
    """The relay of a deployment, which also publishes the head of the audit chain."""
    return Relay(
        store,
        sink,
        limit=deployment.streams.relay_batch,
        anchoring=AuditAnchoring(
            store,
            store.keyring.anchor_key,
            clock=clock_of(deployment.fraud, store),
            file=deployment.fraud.anchor_file,
            every_seconds=deployment.streams.anchor_seconds,
        ),
        crash=deployment.crash,
    )


def run_worker(deployment: Deployment, stop: threading.Event, *, with_relay: bool = True) -> None:
    """Score until told to stop. Raises Misconfigured, with the cure, when it cannot start."""
    settings = deployment.streams
    counters = Counters()
    with ExitStack() as parts:
        try:
            store = _opened_store(deployment, stop, parts)
            champion = named_champion(deployment, store)
            source = _opened(partial(_source, settings), stop, parts)
            if with_relay:
                parts.enter_context(_relay_beside(deployment, store, stop, counters))
        except Stopped:
            return
        if settings.metrics_port:
            counters.serve(settings.metrics_port)
        worker = Worker(
            source,
            partial(process_batch, store),
            champion,
            settings=settings,
            clock=clock_of(deployment.fraud, store),
            counters=counters,
            crash=deployment.crash,
        )
        worker.run(stop)


def run_relay(deployment: Deployment, stop: threading.Event) -> None:
    """Publish the outbox until told to stop."""
    counters = Counters()
    with ExitStack() as parts:
        try:
            store = _opened_store(deployment, stop, parts)
            sink = _opened(partial(KafkaSink, kafka_options(deployment.streams)), stop, parts)
        except Stopped:
            return
        if deployment.streams.metrics_port:
            counters.serve(deployment.streams.metrics_port)
        make_relay(deployment, store, sink).run(
            stop,
            pause_seconds=deployment.streams.relay_pause_seconds,
            published=counters.published,
        )


def _opened_store(deployment: Deployment, stop: threading.Event, parts: ExitStack) -> Store:
    store = when_available(
        lambda: open_store(deployment.fraud), stop, "start the database of FRAUD_DATABASE_URL"
    )
    parts.callback(store.close)
    return store


def _opened(open_part: Callable[[], Part], stop: threading.Event, parts: ExitStack) -> Part:
    part = when_available(open_part, stop, "start the broker of STREAMS_BOOTSTRAP_SERVERS")
    parts.enter_context(part)  # type: ignore[arg-type] # sources, sinks and admins all are
    return part


def _source(settings: streams_config.Settings) -> KafkaSource:
    options = kafka_options(settings)
    with KafkaAdmin(options) as admin:
        missing = sorted(set(topics.SOURCES) - admin.topics())
    if missing:
        raise Misconfigured(
            f"these topics do not exist: {', '.join(missing)};"
            " create them with `fraud-streams topics --create`"
        )
    return KafkaSource(options, topics.SOURCES, settings.group)


@contextmanager
def _relay_beside(
    deployment: Deployment, store: Store, stop: threading.Event, counters: Counters
) -> Iterator[None]:
    """Run the relay in a thread; an error nobody foresaw there stops the worker too."""
    failed: list[BaseException] = []

    def work() -> None:
        try:
            options = kafka_options(deployment.streams, "sempadan-relay")
            with _sink(options, stop) as sink:
                make_relay(deployment, store, sink).run(
                    stop,
                    pause_seconds=deployment.streams.relay_pause_seconds,
                    published=counters.published,
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


def _sink(options: KafkaOptions, stop: threading.Event) -> KafkaSink:
    return when_available(
        lambda: KafkaSink(options), stop, "start the broker of STREAMS_BOOTSTRAP_SERVERS"
    )
