"""The real commands as real processes, on a database, a broker and a champion made for a test."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import lightgbm as lgb
import numpy as np
from sqlalchemy import text

from fraud.assessment import Policy
from fraud.privacy import KeyRing
from fraud.records import Claim
from fraud.store import chain, outbox
from fraud.store.engine import Store
from fraud.workflow import policy
from models.calibrate import Calibration
from models.columns import Columns, columns_in_force
from models.config import Settings as ModelSettings
from models.registry import CHAMPION, Registry, RunRecord
from streams import topics
from streams.codec import encode
from streams.kafka_io import KafkaAdmin, KafkaOptions, KafkaSink, KafkaSource
from streams.messages import Incoming
from streams.ports import OutRecord, Record

SECRET = bytes(range(32)).hex()
KEYRING = KeyRing(bytes.fromhex(SECRET))
PREFIXES = ("FRAUD_", "STREAMS_", "MODELS_", "MLFLOW_")
PATIENCE_SECONDS = 90
RELAY_BATCH = 10
SPOILT = b'{"claim_id": "C'


def register_champion(
    settings: ModelSettings, columns: Columns | None = None, alias: str = CHAMPION
) -> str:
    """A tiny scorer, trained on noise, named champion; answers its version."""
    columns = columns or columns_in_force()
    draw = np.random.default_rng(1)
    rows = draw.normal(size=(400, len(columns)))
    label = (rows[:, 0] + draw.normal(size=400) > 0).astype(int)
    data = lgb.Dataset(rows, label, feature_name=list(columns.names))
    options = {"verbosity": -1, "num_threads": 1, "num_leaves": 4, "objective": "binary"}
    options["monotone_constraints"] = [1] * len(columns)
    booster = lgb.train(options, data, num_boost_round=5)
    files = {
        "booster.txt": booster.model_to_string().encode(),
        "calibration.json": Calibration((-5.0, 5.0), (-5.0, 5.0), "sigmoid").to_json().encode(),
        "features.json": columns.to_json().encode(),
        "review_lines.json": json.dumps({"0.01": 0.5}).encode(),
    }
    run = RunRecord("test", {}, {}, {}, datetime(2026, 1, 1, tzinfo=UTC), "trained on noise")
    registry = Registry(settings, create=True)
    entry = registry.log(run, files, feature_set=columns.feature_set)
    registry.set_alias(alias, entry.version.version)
    return entry.version.version


def model_settings(folder: Path) -> ModelSettings:
    return ModelSettings(
        tracking_uri=f"sqlite:///{folder / 'mlflow.db'}",
        artifact_folder=folder / "artifacts",
        champion_copy=folder / "copy",
    )


@dataclass
class Home:
    """One deployment: a database, a broker and a registry, and the commands that use them."""

    folder: Path
    database_url: str
    bootstrap_servers: str
    registry: Path
    group: str

    @property
    def options(self) -> KafkaOptions:
        return KafkaOptions.for_local(self.bootstrap_servers)

    def environment(self, **more: str) -> dict[str, str]:
        # Bytecode is kept, or each start would compile the learning libraries anew.
        unwanted = (*PREFIXES, "PYTHONDONTWRITEBYTECODE")
        clean = {k: v for k, v in os.environ.items() if not k.startswith(unwanted)}
        models = model_settings(self.registry)
        return (
            clean
            | {
                "FRAUD_DATABASE_URL": self.database_url,
                "FRAUD_SECRET_KEY": SECRET,
                "FRAUD_ACCEPT_RESERVED_IDENTIFIERS": "1",
                "FRAUD_ANCHOR_FILE": str(self.folder / "anchor.json"),
                "MODELS_TRACKING_URI": models.tracking_uri,
                "MODELS_ARTIFACT_FOLDER": str(models.artifact_folder),
                "MODELS_CHAMPION_COPY": str(self.folder / "copy"),
                "STREAMS_BOOTSTRAP_SERVERS": self.bootstrap_servers,
                "STREAMS_GROUP": self.group,
                "STREAMS_SESSION_TIMEOUT_MS": "6000",
                "STREAMS_HEARTBEAT_INTERVAL_MS": "1000",
                "STREAMS_BATCH_SIZE": "10",
                "STREAMS_RELAY_BATCH": str(RELAY_BATCH),
                "STREAMS_ANCHOR_SECONDS": "1",
            }
            | more
        )

    def start(self, *command: str, crash: str | None = None, **more: str) -> "Started":
        """Start `fraud-streams` with a command; its standard error is kept in a file."""
        environment = self.environment(**more)
        if crash:
            environment["FRAUD_TEST_CRASH_AT"] = crash
        log = self.folder / f"{len(list(self.folder.glob('*.log')))}-{command[0]}.log"
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "streams.cli", *command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
            )
        return Started(process, log)

    def create(self, *, review_all: bool = True) -> None:
        """Make the tables and the topics; with `review_all` every claim becomes a case."""
        with self.store(create=True) as opened:
            if review_all:
                everything = Policy(version=0, review_line=0.0, least_wrong_payment_sen=0)
                now = datetime.now(UTC)
                policy.change(opened.store, everything, by="test", why="test", now=now)
        with KafkaAdmin(self.options) as admin:
            admin.ensure_topics(topics.specs())

    def store(self, *, create: bool = False) -> "Opened":
        return Opened(Store.open(self.database_url, KEYRING, create=create))

    def send(self, records: Iterable[Incoming], spoilt: Sequence[OutRecord] = ()) -> None:
        with KafkaSink(self.options) as sink:
            sink.send_all([encode(record, KEYRING) for record in records])
            sink.send_all(spoilt)

    def lag(self) -> int:
        with KafkaAdmin(self.options) as admin:
            return sum(admin.group_lag(self.group, topics.SOURCES).values())

    def read(self, topic: str) -> list[Record]:
        """Everything on a topic."""
        with KafkaSource(
            self.options, [topic], f"{self.group}.test.{time.monotonic_ns()}"
        ) as source:
            found: list[Record] = []
            until(lambda: found.extend(source.poll(1000, 0.5)) or _at_end(source), "topic read")
            return found


def _at_end(source: KafkaSource) -> bool:
    return bool(source.positions()) and not any(source.lag().values())


@dataclass
class Opened:
    """A store that closes itself, with what tests ask of it."""

    store: Store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.store.close()

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with self.store.reading() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def waiting(self) -> int:
        with self.store.reading() as connection:
            return outbox.waiting(connection)

    def keys(self) -> "Counter[tuple[object, ...]]":
        """How many assessments there are of each intake key."""
        return Counter(
            self.rows(
                "SELECT claim_id, claim_version FROM assessments"
                " WHERE scoring_point = 'intake' AND trigger_fact = ''"
            )
        )

    def cases(self) -> "Counter[object]":
        """How many cases there are of each claim."""
        return Counter(claim_id for (claim_id,) in self.rows("SELECT claim_id FROM cases"))

    def dead_letters(self) -> int:
        return len(self.rows("SELECT topic FROM dead_letters"))

    def put_up(self, topic: str) -> int:
        """How many messages wait for a topic; without a relay, all that were ever put up."""
        return len(self.rows(f"SELECT number FROM outbox WHERE topic = '{topic}'"))

    def chain_faults(self, home: Home) -> list[str]:
        """What is wrong with the audit chain; until a relay has run there is no anchor to miss."""
        found = chain.verify(self.store, home.folder / "anchor.json")
        return [fault for fault in found if not fault.startswith("no anchor")]


@dataclass
class Started:
    """A running command."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def told(self) -> str:
        return self.log.read_text(errors="replace")

    def wait(self, seconds: float = PATIENCE_SECONDS) -> int:
        """Its exit status; a signal is negative."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running; it told:\n{self.told()}") from None

    def until(self, reached: Callable[[], bool], what: str) -> None:
        """Wait until something holds, or fail at once with what it told when it ended early."""
        until(lambda: self.process.poll() is not None or reached(), f"{what}; see {self.log}")
        assert reached(), self.told()

    def stop(self) -> int:
        """SIGTERM, as a service manager sends it."""
        self.process.terminate()
        return self.wait(30)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.kill()


def until(reached: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something holds; real processes leave no other way."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            raise AssertionError(f"not reached in {seconds} s: {what}")
        time.sleep(0.1)


def keys_of(records: Iterable[Incoming]) -> set[tuple[object, ...]]:
    """The intake keys that a list of records is due."""
    return {(one.claim_id, one.version) for one in records if isinstance(one, Claim)}


def spoilt(record: OutRecord) -> OutRecord:
    """A record whose body was cut on the way."""
    return replace(record, value=SPOILT)
