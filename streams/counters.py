"""What the scoring process counts, as a Prometheus page on loopback. Never an identifier."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    start_http_server,
)

from fraud.assessment import ModelVersion
from fraud.workflow.intake import BatchResult
from streams.ports import Partition

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class Counters:
    """The counters of one process; each has its own registry, so that tests do not share any."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._records = Counter(
            "sempadan_records", "Records by what became of them", ["result"], registry=self.registry
        )
        self._batch = Histogram(
            "sempadan_batch_seconds",
            "From records in hand to committed offsets",
            buckets=SECONDS,
            registry=self.registry,
        )
        self._delay = Histogram(
            "sempadan_delay_seconds",
            "From the sending of a record to its committed offset",
            buckets=SECONDS,
            registry=self.registry,
        )
        self._stages = Counter(
            "sempadan_stage_seconds", "Time by stage of a batch", ["stage"], registry=self.registry
        )
        self._waits = Counter("sempadan_waits", "Times a part was away", registry=self.registry)
        self._lag = Gauge("sempadan_lag_records", "Records not yet read", registry=self.registry)
        self._stalled = Gauge(
            "sempadan_stalled_partitions",
            "Partitions that stand still while records wait",
            registry=self.registry,
        )
        self._published = Counter(
            "sempadan_published", "Outbox messages the broker has", registry=self.registry
        )
        self._model = Info("sempadan_model", "The scorer in force", registry=self.registry)

    def batch(self, result: BatchResult, seconds: float) -> None:
        for name in ("claims", "duplicates", "facts", "assessed", "cases", "dead_letters"):
            self._records.labels(name).inc(getattr(result, name))
        self._batch.observe(seconds)
        for stage, took in result.stage_seconds.items():
            self._stages.labels(stage).inc(took)

    def delays(self, milliseconds: list[float]) -> None:
        """From the sending of records to their committed offsets."""
        for one in milliseconds:
            self._delay.observe(one / 1000)

    def wait(self) -> None:
        self._waits.inc()

    def lag(self, lag: dict[Partition, int]) -> None:
        self._lag.set(sum(lag.values()))

    def stalled(self, partitions: int) -> None:
        self._stalled.set(partitions)

    def published(self, count: int) -> None:
        self._published.inc(count)

    def model(self, version: ModelVersion) -> None:
        self._model.info(
            {
                "name": version.name,
                "version": version.version,
                "feature_set": version.feature_set,
            }
        )

    def serve(self, port: int) -> None:
        """Show the page on loopback only."""
        start_http_server(port, addr="127.0.0.1", registry=self.registry)
