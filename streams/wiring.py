"""The composition root of the scoring process: settings become a store, a scorer and a worker."""

import gc
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from fraud import config as fraud_config
from fraud.assessment import Policy
from fraud.errors import Misconfigured
from fraud.privacy import OpenSources, gates_of
from fraud.store.engine import Store
from fraud.store.opening import clock_of
from fraud.workflow import policy as policies
from fraud.workflow.intake import Assessor, process_batch
from models import config as models_config
from models.watch import RegistryWatch
from streams import config as streams_config
from streams.counters import Counters
from streams.crashpoint import CrashPoint, crash_point
from streams.opening import Stopped, kafka_options, opened_source, opened_store, relay_beside
from streams.worker import Worker

__all__ = ["Deployment", "NamedChampion", "kafka_options", "named_champion", "run_worker"]

Part = TypeVar("Part")


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
        faults: list[str] = []
        fraud = _read(fraud_config.load_settings, faults)
        models = _read(models_config.load_settings, faults)
        streams = _read(streams_config.load_settings, faults)
        if fraud is None or models is None or streams is None:
            raise Misconfigured("; ".join(faults))
        return cls(fraud, models, streams, crash_point(environment))


def _read(load: Callable[[], Part], faults: list[str]) -> Part | None:
    try:
        return load()
    except Misconfigured as error:
        faults.append(str(error))
        return None


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
        sources: Callable[[], OpenSources],
        accept_reserved: bool,
    ) -> None:
        self._policy = policy
        self._sources = sources
        self._accept_reserved = accept_reserved
        self._watch = RegistryWatch(settings)

    def assessor(self) -> Assessor:
        """What assesses the next batch."""
        self._watch.look()
        return Assessor(
            scorer=self._watch.champion,
            policy=self._policy(),
            challenger=self._watch.challenger,
            sources=self._sources(),
            accept_reserved=self._accept_reserved,
        )


def named_champion(deployment: Deployment, store: Store) -> NamedChampion:
    """The champion of the deployment's registry. Raises Misconfigured when there is none."""
    gates, clock = gates_of(deployment.fraud), clock_of(deployment.fraud, store)
    return NamedChampion(
        deployment.models,
        partial(policies.current, store),
        sources=lambda: gates.open_at(clock()),
        accept_reserved=deployment.fraud.accept_reserved_identifiers,
    )


def run_worker(
    deployment: Deployment,
    stop: threading.Event,
    *,
    with_relay: bool = True,
    counters: Counters | None = None,
) -> None:
    """Score until told to stop. Raises Misconfigured, with the cure, when it cannot start."""
    settings = deployment.streams
    counters = counters or Counters()
    with ExitStack() as parts:
        try:
            store = opened_store(deployment.fraud, stop, parts)
            champion = named_champion(deployment, store)
            source = opened_source(settings, stop, parts)
        except Stopped:
            return
        if settings.metrics_port:
            counters.serve(settings.metrics_port)
        if with_relay:
            beside = (settings, store, stop, counters, deployment.crash)
            parts.enter_context(relay_beside(deployment.fraud, *beside))
        _collect_seldom()
        Worker(
            source,
            partial(process_batch, store),
            champion,
            settings=settings,
            clock=clock_of(deployment.fraud, store),
            counters=counters,
            crash=deployment.crash,
        ).run(stop)


def _collect_seldom() -> None:
    """Leave what was loaded by now out of every garbage collection, and collect less often.

    A batch holds over two hundred thousand small objects at once and leaves no cycles worth the
    search: the default spends a quarter of a batch on looking.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(500_000, 20, 20)
