"""The one-command demo: broker, database, region, scorer, worker and desk, in that order.

Everything in it is simulated and says so. The older history is loaded through the same use cases
as the stream; the last months pass day by simulated day, with claims and facts through the broker
and yesterday's border file in the morning.
"""

import json
import os
import secrets
import shutil
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from time import monotonic, sleep

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from fraud.assessment import Floats
from fraud.cases import Role
from fraud.errors import NotFound, Unavailable
from fraud.privacy import GatedSource, gates_of, setting_of
from fraud.records import AnyFact, Claim, Label
from fraud.simulator.days import LivedDay, lived_days
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import Region, simulate
from fraud.store import assessed, outbox, raw
from fraud.store.engine import Store
from fraud.store.opening import clock_of, open_store
from fraud.web.serve import serve
from fraud.workflow import policy
from fraud.workflow.crossings import take_in_day
from fraud.workflow.intake import BatchResult
from fraud.workflow.load import end_of, load_day
from fraud.workflow.staff import add_staff
from models.baseline import baselines_from_json
from models.judge import Judged, Order
from models.promote import promote
from models.registry import CHAMPION, Entry, Registry
from models.retrain import BASELINES, retrain
from models.split import Flags
from models.table import Moment
from streams import topics, wiring
from streams.codec import encode
from streams.counters import Counters
from streams.kafka_io import KafkaAdmin, KafkaOptions, KafkaSink, KafkaSource
from streams.log import log_to
from streams.ports import OutRecord, Record
from streams.servers import apache_kafka, embedded_broker, postgres_server

BASIS = "SIMULATED: legal basis of the demo, no real data"
WRITTEN_BASIS = f"{BASIS}; ranking simulated claims for people; 2000-01-01.."
FIRST_DAY = date(2025, 1, 1)
DUPLICATE_SHARE = 0.12
"""Share of the streamed claims that another producer sends again some days later."""
MALFORMED_EVERY_DAY = 2
DAY_PATIENCE_SECONDS = 120.0
"""A simulated day that is not through by then means the worker has died."""

PEOPLE = {
    "aina": Role.INVESTIGATOR,
    "badrul": Role.INVESTIGATOR,
    "chong": Role.SUPERVISOR,
    "devi": Role.AUDITOR,
}
"""Demo sign-ins; all with the password that the demo prints."""

console = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What the demo is to run on and how large its region is."""

    once: bool = False
    broker: str = "embedded"
    """`embedded` or `kafka`; a broker named in STREAMS_BOOTSTRAP_SERVERS goes before both."""
    database: str = "sqlite"
    """`sqlite`, `postgres` (started here), or the URL of an empty PostgreSQL database."""
    people: int = 56_000
    months: int = 24
    stream_months: int = 7
    seed: int = 7
    claim_intensity: float = 20.0
    fraud_rate: float = 0.03
    folder: Path = Path(".demo")
    port: int = 8700

    def region(self) -> RegionSettings:
        """The simulated region of the demo."""
        return RegionSettings(
            people=self.people,
            months=self.months,
            seed=self.seed,
            claim_intensity=self.claim_intensity,
            first_day=FIRST_DAY,
            fraud_rate=self.fraud_rate,
        )


@dataclass(slots=True)
class Sent:
    """What the demo's producers sent."""

    claims: set[tuple[str, int]] = field(default_factory=set)
    duplicates: int = 0
    malformed: int = 0


class DemoCounters(Counters):
    """The worker's counters, with the exact times that the last line of the demo reports."""

    def __init__(self) -> None:
        super().__init__()
        self.assessed = 0
        self.seconds = 0.0
        self.delays_ms: list[float] = []

    def batch(self, result: BatchResult, seconds: float) -> None:
        super().batch(result, seconds)
        self.assessed += result.assessed
        self.seconds += sum(result.stage_seconds.values()) if result.assessed else 0.0

    def delays(self, milliseconds: list[float]) -> None:
        super().delays(milliseconds)
        self.delays_ms.extend(milliseconds)


def run(options: DemoOptions) -> None:
    """Run the demo: with `once` its last line on standard output is one JSON object."""
    folder = options.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ExitStack() as parts:
        log_to(parts.enter_context((folder / "worker.log").open("w", encoding="utf-8")))
        broker, broker_version = parts.enter_context(_broker(options, folder))
        database, database_version = parts.enter_context(_database(options, folder))
        environment = _environment(folder, broker, database, options.port)
        deployment = wiring.Deployment.read(environment)
        store = open_store(deployment.fraud, create=True)
        parts.callback(store.close)
        story = _Story(options, deployment, store)
        parts.callback(story.end)
        region = story.simulate()
        start = story.load_history(region)
        story.train(start)
        story.stream(region, start)
        figures = story.figures(region)
        figures |= {"broker": broker_version, "database": database_version}
        if not options.once:
            story.serve(figures)
        if options.once:
            sys.stdout.write(json.dumps(figures) + "\n")


def _environment(folder: Path, broker: str, database: str, port: int) -> dict[str, str]:
    """The settings of this demo, for its own process and, as a file, for other terminals."""
    settings = {
        "FRAUD_DATABASE_URL": database,
        "FRAUD_SECRET_KEY": secrets.token_hex(32),
        "FRAUD_CLOCK": "simulated",
        "FRAUD_ACCEPT_RESERVED_IDENTIFIERS": "true",
        **{f"FRAUD_{setting_of(one).upper()}": WRITTEN_BASIS for one in GatedSource},
        "FRAUD_APPEAL_WINDOW_DAYS": "30",
        "FRAUD_SECURE_COOKIES": "false",
        "FRAUD_PORT": str(port),
        "FRAUD_ANCHOR_FILE": str(folder / "audit-anchor.json"),
        "MODELS_TRACKING_URI": f"sqlite:///{folder / 'mlflow.db'}",
        "MODELS_ARTIFACT_FOLDER": str(folder / "mlartifacts"),
        "MODELS_CHAMPION_COPY": str(folder / "champion-copy"),
        "STREAMS_BOOTSTRAP_SERVERS": broker,
        "STREAMS_SESSION_TIMEOUT_MS": "6000",
        "STREAMS_HEARTBEAT_INTERVAL_MS": "1000",
        "STREAMS_POLL_SECONDS": "0.05",
        "STREAMS_RELAY_PAUSE_SECONDS": "0.05",
        "STREAMS_ANCHOR_SECONDS": "5",
    }
    lines = [f"export {name}='{value}'" for name, value in settings.items()]
    (folder / "env").write_text("\n".join(lines) + "\n")
    os.environ.update(settings)
    return dict(os.environ)


@contextmanager
def _broker(options: DemoOptions, folder: Path) -> Iterator[tuple[str, str]]:
    """Address and version of the broker to use, started here unless one is named."""
    named = os.environ.get("STREAMS_BOOTSTRAP_SERVERS")
    if named:
        yield named, f"named by STREAMS_BOOTSTRAP_SERVERS ({named})"
    elif options.broker == "kafka":
        console.print("Starting Apache Kafka (the first time fetches its jars through Maven) ...")
        with apache_kafka(folder / "kafka") as kafka:
            yield kafka.bootstrap_servers, kafka.version
    else:
        with embedded_broker(folder / "broker") as broker:
            yield broker.bootstrap_servers, f"embedded {broker.version}"


@contextmanager
def _database(options: DemoOptions, folder: Path) -> Iterator[tuple[str, str]]:
    """URL and version of the database to use."""
    if options.database == "sqlite":
        yield f"sqlite:///{folder / 'sempadan.db'}", f"SQLite {sqlite3.sqlite_version}"
    elif options.database == "postgres":
        console.print("Starting PostgreSQL ...")
        with postgres_server(folder / "postgres") as server:
            yield server.create_database("sempadan"), server.version
    else:
        yield options.database, "named by its URL"


class _Story:
    """The demo's steps, each with its progress, on one store."""

    def __init__(self, options: DemoOptions, deployment: wiring.Deployment, store: Store) -> None:
        self._options = options
        self._deployment = deployment
        self._store = store
        self._clock = clock_of(deployment.fraud, store)
        self._gates = gates_of(deployment.fraud)
        self._counters = DemoCounters()
        self._sent = Sent()
        self._stream_from = 0
        self._stop = threading.Event()
        self._worker: threading.Thread | None = None
        self._failure: BaseException | None = None
        self._days: Iterator[LivedDay] = iter(())
        self._password = secrets.token_urlsafe(9)

    def simulate(self) -> Region:
        """Make the region; print what was chosen."""
        chosen = self._options.region()
        console.print(
            f"[bold]SIMULATED[/bold] region: {chosen.people:,} made-up people,"
            f" {chosen.months} months, seed {chosen.seed},"
            f" claim intensity {chosen.claim_intensity:g}, fraud rate {chosen.fraud_rate:.1%}."
            " Every gate (crossings, other places, partners, boards) is open on a simulated"
            " legal basis."
        )
        with _bar() as bar:
            task = bar.add_task("simulate the region", total=1.0)
            region = simulate(chosen, lambda _what, share: bar.update(task, completed=share))
        self._days = lived_days(region)
        return region

    def load_history(self, region: Region) -> date:
        """Load all but the last months in bulk; answers the first day of the stream."""
        total = region.settings.days
        streamed = round(self._options.stream_months * total / region.settings.months)
        claims = 0
        with _bar() as bar:
            task = bar.add_task("load the older history", total=total - streamed)
            for lived in islice(self._days, total - streamed):
                claims += load_day(self._store, lived, gates=self._gates).claims
                bar.advance(task)
        start = FIRST_DAY + timedelta(days=total - streamed)
        self._store.set_simulated_time(end_of(start - timedelta(days=1)))
        console.print(f"{claims:,} earlier claims loaded, up to {start - timedelta(days=1)}")
        return start

    def train(self, start: date) -> None:
        """Train on the simulated office's past decisions and name the result champion."""
        moment = Moment(
            now=self._clock(),
            appeal_window_days=self._deployment.fraud.appeal_window_days,
            recent_days=self._deployment.models.recent_days,
            sources=self._gates.open_at(self._clock()),
        )
        with _bar() as bar:
            task = bar.add_task("train", total=None)
            trained = retrain(
                self._store,
                self._deployment.models,
                moment,
                tell=lambda step: bar.update(task, description=f"train: {step}"),
            )
        promote(
            trained.entry.version.version,
            by="demo",
            why="first scorer of the demo, on simulated data",
            store=self._store,
            settings=self._deployment.models,
            clock=self._clock,
        )
        report = trained.table.report
        line = policy.current(self._store).review_line
        console.print(
            f"Trained on {report.rows:,} decided claims, {report.positives} of them confirmed"
            f" fraud; review line {line:.4f}, fixed before the stream begins on {start}"
        )

    def stream(self, region: Region, start: date) -> None:
        """Let the last months pass day by simulated day, through the broker."""
        options = wiring.kafka_options(self._deployment.streams)
        with KafkaAdmin(options) as admin:
            admin.ensure_topics(topics.specs(self._deployment.streams.replication_factor))
        with self._store.reading() as connection:
            self._stream_from = self._store.position(connection)
        self._worker = threading.Thread(target=self._work, name="worker", daemon=True)
        self._worker.start()
        again = Random(region.settings.seed)
        waiting: list[tuple[date, Claim]] = []
        end = FIRST_DAY + timedelta(days=region.settings.days)
        with KafkaSink(options) as producer, KafkaSink(options) as other, _bar() as bar:
            task = bar.add_task("stream the last months", total=(end - start).days)
            for lived in self._days:
                waiting = self._live(lived, producer, other, waiting, again)
                bar.advance(task)
            other.send_all([self._message(claim) for _, claim in waiting])
            self._sent.duplicates += len(waiting)
        self._wait_until_published()

    def _work(self) -> None:
        try:
            wiring.run_worker(self._deployment, self._stop, counters=self._counters)
        except BaseException as error:
            self._failure = error
            raise

    def _live(
        self,
        lived: LivedDay,
        producer: KafkaSink,
        other: KafkaSink,
        waiting: list[tuple[date, Claim]],
        again: Random,
    ) -> list[tuple[date, Claim]]:
        """One simulated day: the border file, the day's records, and some of them once more."""
        self._store.set_simulated_time(end_of(lived.day))
        take_in_day(
            self._store, lived.border_day, lived.person_days, basis=BASIS, now=end_of(lived.day)
        )
        due = [claim for day, claim in waiting if day <= lived.day]
        waiting = [(day, claim) for day, claim in waiting if day > lived.day]
        with self._store.reading() as connection:
            before = raw.counts(connection)
        producer.send_all([self._message(record) for record in lived.records])
        other.send_all([self._message(claim) for claim in due])
        claims = [record for record in lived.records if isinstance(record, Claim)]
        spoilt = _malformed(lived, [self._message(claim) for claim in claims])
        other.send_all(spoilt)
        self._sent.claims.update((claim.claim_id, claim.version) for claim in claims)
        self._sent.duplicates += len(due)
        self._sent.malformed += len(spoilt)
        facts = len(lived.records) - len(claims)
        self._wait_for(before.claims + len(claims), before.facts + facts)
        return waiting + [
            (lived.day + timedelta(days=again.randint(1, 20)), claim)
            for claim in claims
            if again.random() < DUPLICATE_SHARE
        ]

    def _message(self, record: Claim | AnyFact) -> OutRecord:
        return encode(record, self._store.keyring, source="simulated-region")

    def _wait_for(self, claims: int, facts: int) -> None:
        """Until the worker has stored the day: tomorrow's border file must not come before it."""
        give_up = monotonic() + DAY_PATIENCE_SECONDS
        while True:
            with self._store.reading() as connection:
                now = raw.counts(connection)
            if now.claims >= claims and now.facts >= facts:
                return
            self._check_worker(give_up)
            sleep(0.01)

    def _check_worker(self, give_up: float) -> None:
        if self._failure is not None:
            raise self._failure
        if monotonic() > give_up:
            raise Unavailable("the worker does not come forward: see its lines above")

    def _wait_until_published(self) -> None:
        give_up = monotonic() + DAY_PATIENCE_SECONDS
        while True:
            with self._store.reading() as connection:
                letters, left = raw.counts(connection).dead_letters, outbox.waiting(connection)
            if letters >= self._sent.malformed and not left:
                return
            self._check_worker(give_up)
            sleep(0.05)

    def figures(self, region: Region) -> dict[str, object]:
        """The last line: what was sent, what came of it, and how good the order is."""
        with self._store.reading() as connection:
            scored = assessed.scored_at_intake(connection, after=self._stream_from)
            cases_opened = assessed.cases_opened(connection, after=self._stream_from)
        options = wiring.kafka_options(self._deployment.streams)
        fraud = np.array(
            [region.truth[one.claim_id].label is Label.CONFIRMED_FRAUD for one in scored]
        )
        probability = np.array([one.probability for one in scored])
        vectors = np.vstack([one.vector for one in scored])
        capacity = policy.current(self._store).capacity
        champion = self._champion()
        files = Registry(self._deployment.models).files(champion)
        column, regression = baselines_from_json(files[BASELINES].decode())
        return {
            "simulated": True,
            "claims_sent": len(self._sent.claims),
            "duplicates_sent": self._sent.duplicates,
            "claims_assessed": len({(one.claim_id, one.version) for one in scored}),
            "malformed_sent": self._sent.malformed,
            "dead_letters": len(_on_topic(options, topics.DEAD_LETTERS.name)),
            "assessments_published": len(_intake_keys(_on_topic(options, topics.ASSESSMENTS.name))),
            "cases_opened": cases_opened,
            "capacity": capacity,
            **_quality(fraud, probability, capacity),
            "logistic_average_precision": _average(fraud, regression.scores(vectors)),
            "best_column_average_precision": _average(fraud, column.scores(vectors)),
            "random_precision": round(float(fraud.mean()), 4),
            "people": region.settings.people,
            "claim_intensity": region.settings.claim_intensity,
            "fraud_rate": region.settings.fraud_rate,
            "claims_per_second": round(self._counters.assessed / self._counters.seconds),
            "p99_ms": round(float(np.quantile(self._counters.delays_ms, 0.99))),
            "model_version": str(champion.version),
        }

    def _champion(self) -> Entry:
        entry = Registry(self._deployment.models).by_alias(CHAMPION)
        if entry is None:
            raise NotFound("the demo's champion is gone from the registry")
        return entry

    def serve(self, figures: dict[str, object]) -> None:
        """Serve the desk until Ctrl-C; the worker goes on beside it."""
        for name, role in PEOPLE.items():
            add_staff(self._store, name, role, self._password, now=self._clock(), by="demo")
        settings = self._deployment.fraud
        console.print_json(json.dumps(figures))
        console.print(
            f"\n[bold]The desk (SIMULATED data): http://{settings.host}:{settings.port}[/bold]\n"
            f"Sign in as {', '.join(f'{n} ({r.value})' for n, r in PEOPLE.items())};"
            f" password {self._password}\n"
            f"In another terminal: source {self._options.folder / 'env'}; then for example\n"
            "  fraud clock --days 31    let the simulated reply windows and appeals lapse\n"
            "  fraud-models retrain     learn from what was decided at the desk\n"
            "  fraud-models promote 2 --by YOU --why REASON\n"
            "Ctrl-C ends everything."
        )
        serve(settings, self._store, self._clock)

    def end(self) -> None:
        """Let the worker finish the batch in hand."""
        self._stop.set()
        if self._worker:
            self._worker.join(timeout=10)


@contextmanager
def _bar() -> Iterator[Progress]:
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        console=console,
    ) as bar:
        yield bar


def _malformed(lived: LivedDay, whole: list[OutRecord]) -> list[OutRecord]:
    """Two records of the day, spoilt in two of six ways; empty days spoil nothing."""
    spoilt = []
    for number in range(min(MALFORMED_EVERY_DAY, len(whole))):
        way = _SPOILERS[(lived.day.toordinal() * MALFORMED_EVERY_DAY + number) % len(_SPOILERS)]
        spoilt.append(way(whole[number]))
    return spoilt


def _cut(one: OutRecord) -> OutRecord:
    return replace(one, value=(one.value or b"")[: len(one.value or b"") // 2])


def _wrong_types(one: OutRecord) -> OutRecord:
    body = json.loads(one.value or b"{}")
    return replace(one, value=json.dumps({**body, "version": "many", "claimant": 7}).encode())


def _wrong_version(one: OutRecord) -> OutRecord:
    headers = tuple(
        (name, b"my.sempadan.claim.lodged.v99" if name == "ce_type" else value)
        for name, value in one.headers
    )
    return replace(one, headers=headers)


def _too_big(one: OutRecord) -> OutRecord:
    return replace(one, value=(one.value or b"") + b" " * 300_000)


def _empty(one: OutRecord) -> OutRecord:
    return replace(one, value=b"")


def _not_utf8(one: OutRecord) -> OutRecord:
    return replace(one, value=b"\xff\xfe" + (one.value or b""))


_SPOILERS = (_cut, _wrong_types, _wrong_version, _too_big, _empty, _not_utf8)


def _on_topic(options: KafkaOptions, topic: str) -> list[Record]:
    """Every record of a topic, read as any other reader would read it."""
    found: list[Record] = []
    with KafkaSource(options, [topic], f"demo-count-{topic}-{secrets.token_hex(4)}") as source:
        give_up = monotonic() + DAY_PATIENCE_SECONDS
        while monotonic() < give_up:
            found += source.poll(5000, 1.0)
            if source.positions() and not sum(source.lag().values()):
                return found
    raise Unavailable(f"the topic {topic} could not be read to its end")


def _intake_keys(published: list[Record]) -> set[str]:
    """Ids of the assessments at intake among some published messages."""
    bodies = (json.loads(record.value or b"{}") for record in published)
    return {body["assessment_id"] for body in bodies if body["scoring_point"] == "intake"}


def _quality(fraud: Flags, probability: Floats, capacity: float) -> dict[str, float]:
    order, ones = Order(Judged.plain(fraud), probability), np.ones(len(fraud))
    return {
        "precision_at_capacity": round(order.precision(ones, capacity), 4),
        "recall_at_capacity": round(order.recall(ones, capacity), 4),
        "average_precision": _average(fraud, probability),
    }


def _average(fraud: Flags, scores: Floats) -> float:
    return round(Order(Judged.plain(fraud), scores).average_precision(np.ones(len(fraud))), 4)
