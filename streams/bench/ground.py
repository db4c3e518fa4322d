"""What the bench stands on: a broker, a database with history, a champion, claims to send."""

import math
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from fraud.assessment import Policy
from fraud.errors import Misconfigured
from fraud.privacy import ALL_OPEN, GatedSource, KeyRing, opened_on, setting_of
from fraud.records import AnyFact, Claim
from fraud.store.engine import Store
from fraud.workflow import policy
from fraud.workflow.crossings import take_in_day
from fraud.workflow.intake import process_batch
from fraud.workflow.load import LivedDay, end_of, load_day
from models.config import Settings as ModelSettings
from models.promote import line_at
from models.registry import CHAMPION, Registry
from models.retrain import retrain
from models.scorer import load_champion
from models.table import Moment
from streams import replay, topics
from streams.kafka_io import KafkaAdmin, KafkaOptions, KafkaSink
from streams.ports import OutRecord
from streams.servers import apache_kafka, cache_folder, embedded_broker, postgres_server

LEAST_MONTHS = 24
HISTORY_MONTHS = 10
"""The history must reach back so far, or none of its decisions has come of age to train on."""
CLAIM_INTENSITY = 40.0
CLAIMS_PER_PERSON_MONTH = 0.0135
"""A little less than what the simulator yields at that intensity."""

BASIS = "SIMULATED: legal basis of the bench, no real data"
WRITTEN_BASIS = f"{BASIS}; measuring; 2000-01-01.."
GROUP = "bench"

console = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """What is measured on what."""

    broker: str = "kafka"
    """`kafka` or `embedded` (started here), or the address of a broker without our topics."""
    database: str = "sqlite"
    """`sqlite` or `postgres` (started here)."""
    history: int = 20_000
    claims: int = 60_000
    rate: float = 200.0
    rate_seconds: float = 60.0
    batch_size: int = 1000
    workers: int = 2
    seed: int = 2026

    @property
    def paced(self) -> int:
        """Claims sent at the fixed rate."""
        return int(self.rate * self.rate_seconds)

    @property
    def people(self) -> int:
        """People in a region large enough for all claims."""
        return max(2000, math.ceil(self.wanted / (self.months * CLAIMS_PER_PERSON_MONTH)))

    @property
    def months(self) -> int:
        """Months in which as many claims come in as are wanted."""
        return max(LEAST_MONTHS, math.ceil(HISTORY_MONTHS * self.wanted / max(1, self.history)))

    @property
    def wanted(self) -> int:
        """All claims: history, backlog and paced."""
        return self.history + self.claims + self.paced


@dataclass(slots=True)
class Ground:
    """What the measured processes run on, and the claims that are still to be sent."""

    folder: Path
    store: Store
    floor: Store
    """An empty database of the same kind, for the floor."""
    options: KafkaOptions
    environment: dict[str, str]
    models: ModelSettings
    made_with: dict[str, Any]
    backlog: list[Claim] = field(default_factory=list)
    paced: list[Claim] = field(default_factory=list)

    def send(self, messages: list[OutRecord]) -> None:
        """Put messages on their topics, some thousands at a time."""
        with KafkaSink(self.options) as sink:
            for start in range(0, len(messages), 5000):
                sink.send_all(messages[start : start + 5000])


def prepare(chosen: BenchOptions, parts: ExitStack) -> Ground:
    """Start the servers, load the history, train a champion; all end with `parts`."""
    ground = _started(chosen, parts)
    _train(ground, _load(chosen, ground))
    return ground


def _started(chosen: BenchOptions, parts: ExitStack) -> Ground:
    cache_folder().mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=cache_folder()))
    parts.callback(shutil.rmtree, folder, ignore_errors=True)
    broker, broker_name = parts.enter_context(_broker(chosen, folder))
    url, floor_url, database_name = parts.enter_context(_database(chosen, folder))
    secret = secrets.token_hex(32)
    keyring = KeyRing(bytes.fromhex(secret))
    store = Store.open(url, keyring, create=True)
    parts.callback(store.close)
    floor = Store.open(floor_url, keyring, create=True)
    parts.callback(floor.close)
    options = KafkaOptions.for_local(broker)
    with KafkaAdmin(options) as admin:
        admin.ensure_topics(topics.specs())
    models = ModelSettings(
        tracking_uri=f"sqlite:///{folder / 'mlflow.db'}",
        artifact_folder=folder / "mlartifacts",
        champion_copy=folder / "champion-copy",
    )
    environment = _environment(chosen, models, broker=broker, url=url, secret=secret)
    made_with = {"broker": broker_name, "database": database_name}
    return Ground(folder, store, floor, options, environment, models, made_with)


@contextmanager
def _broker(chosen: BenchOptions, folder: Path) -> Iterator[tuple[str, str]]:
    """Address and version of the broker."""
    if chosen.broker == "kafka":
        console.print("Starting Apache Kafka ...")
        with apache_kafka(folder / "kafka") as kafka:
            yield kafka.bootstrap_servers, kafka.version
    elif chosen.broker == "embedded":
        with embedded_broker(folder / "broker") as embedded:
            yield embedded.bootstrap_servers, embedded.version
    elif ":" in chosen.broker:
        yield chosen.broker, "named"
    else:
        raise Misconfigured(f"--broker is kafka, embedded or host:port, not {chosen.broker}")


@contextmanager
def _database(chosen: BenchOptions, folder: Path) -> Iterator[tuple[str, str, str]]:
    """URLs of the product's and of the floor's database, and what they are."""
    if chosen.database == "sqlite":
        yield f"sqlite:///{folder / 'product.db'}", f"sqlite:///{folder / 'floor.db'}", "SQLite"
    elif chosen.database == "postgres":
        console.print("Starting PostgreSQL ...")
        with postgres_server(folder / "postgres") as server:
            product, floor = server.create_database("product"), server.create_database("floor")
            yield product, floor, server.version
    else:
        raise Misconfigured(f"--database is sqlite or postgres, not {chosen.database}")


def _environment(
    chosen: BenchOptions, models: ModelSettings, *, broker: str, url: str, secret: str
) -> dict[str, str]:
    """The settings of the measured processes: production's defaults but for names and places."""
    ours = ("FRAUD_", "MODELS_", "STREAMS_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {
        "FRAUD_DATABASE_URL": url,
        "FRAUD_SECRET_KEY": secret,
        **{f"FRAUD_{setting_of(one).upper()}": WRITTEN_BASIS for one in GatedSource},
        "FRAUD_ACCEPT_RESERVED_IDENTIFIERS": "true",
        "FRAUD_ANCHOR_FILE": str(models.champion_copy.with_name("audit-anchor.json")),
        "MODELS_TRACKING_URI": models.tracking_uri,
        "MODELS_ARTIFACT_FOLDER": str(models.artifact_folder),
        "MODELS_CHAMPION_COPY": str(models.champion_copy),
        "STREAMS_BOOTSTRAP_SERVERS": broker,
        "STREAMS_GROUP": GROUP,
        "STREAMS_BATCH_SIZE": str(chosen.batch_size),
        "STREAMS_SESSION_TIMEOUT_MS": "6000",
        "STREAMS_HEARTBEAT_INTERVAL_MS": "1000",
    }


def _load(chosen: BenchOptions, ground: Ground) -> date:
    """Load history in bulk; of the days after it all but the claims is loaded too."""
    console.print(f"Simulating {chosen.people:,} people over {chosen.months} months ...")
    began, loaded, history_ends = time.monotonic(), 0, date.min
    waiting: list[Claim] = []
    for lived in replay.simulated_days(
        people=chosen.people,
        months=chosen.months,
        seed=chosen.seed,
        claim_intensity=CLAIM_INTENSITY,
    ):
        if loaded < chosen.history:
            loaded += load_day(ground.store, lived, gates=opened_on(BASIS, "measuring")).claims
            history_ends = lived.day
        else:
            waiting += _load_all_but_claims(ground.store, lived)
    if len(waiting) < chosen.claims + chosen.paced:
        raise Misconfigured(f"the region yielded {len(waiting)} claims to send: ask for fewer")
    ground.backlog = waiting[: chosen.claims]
    ground.paced = waiting[chosen.claims :][: chosen.paced]
    console.print(f"{loaded:,} earlier claims loaded in {time.monotonic() - began:.0f} s")
    return history_ends


def _load_all_but_claims(store: Store, lived: LivedDay) -> list[Claim]:
    now = end_of(lived.day)
    take_in_day(store, lived.border_day, lived.person_days, basis=BASIS, now=now)
    facts: list[Claim | AnyFact] = [one for one in lived.records if not isinstance(one, Claim)]
    process_batch(store, facts, assessor=None, now=now, sources=ALL_OPEN)
    return [one for one in lived.records if isinstance(one, Claim)]


def _train(ground: Ground, history_ends: date) -> None:
    """A champion from the simulated office's decisions, as the demo makes it."""
    console.print("Training a champion ...")
    now = end_of(history_ends)
    moment = Moment(
        now=now, appeal_window_days=30, recent_days=ground.models.recent_days, sources=ALL_OPEN
    )
    trained = retrain(ground.store, ground.models, moment)
    # Named without the checks of a promotion: what is measured here is speed.
    registry = Registry(ground.models)
    registry.set_alias(CHAMPION, trained.entry.version.version)
    scorer = load_champion(ground.models)
    line = line_at(scorer.review_lines, Policy().capacity)
    put = replace(policy.current(ground.store), review_line=line)
    policy.change(ground.store, put, by="bench", why="the scorer's own line", now=now)
    ground.made_with["trained_on"] = trained.table.report.rows
