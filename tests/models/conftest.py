"""A made-up training table, one fitted scorer and an MLflow database, each made once a session."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from fraud.privacy import KeyRing
from fraud.records import ClaimId, Label
from fraud.store.engine import Store
from models.columns import columns_in_force
from models.config import Settings
from models.fairness import Gap
from models.fit import Recipe
from models.judge import Figure
from models.proxies import Carrier, Proxy
from models.registry import Entry, Registry
from models.retrain import files_of, run_record
from models.scorer import REVIEW_LINES
from models.split import narrow_ties, rings_of
from models.table import TableReport, TrainingTable
from models.train import SHARES, Fitted, train

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
QUICK = Recipe(rounds=80, learning_rate=0.15)
"""Fewer and faster trees than the usual recipe."""


EVEN = Gap("sex", "women", 900, 9, Figure(0.01, 0.005, 0.02), Figure(1.0, 0.4, 2.4))
"""A gap of which nothing can be said."""


TOLD = Proxy("sex", 900, 2, Figure(0.6, 0.55, 0.65), (Carrier("certified_days", 0.4, 0.01),))
"""A trait that is told a little better than by chance."""


def a_table(rows: int = 500, *, seed: int = 1, shuffled: bool = False) -> TrainingTable:
    """Decided claims of which three columns tell much, in the columns of this code."""
    chance = np.random.default_rng(seed)
    columns = columns_in_force()
    vectors = chance.normal(size=(rows, len(columns)))
    pull = 1.4 * vectors[:, 3] + 1.2 * vectors[:, 20] + 1.2 * vectors[:, 40] - 3.2
    positive = chance.random(rows) < 1 / (1 + np.exp(-pull))
    if shuffled:
        positive = chance.permutation(positive)
    vectors[chance.random(rows) < 0.1][:, columns.of_source("crossings")] = np.nan
    days = np.sort(chance.integers(0, 400, rows)) + date(2025, 1, 1).toordinal()
    people = np.arange(rows, dtype=np.int64)
    shared = chance.integers(0, rows // 2, rows)
    accounts = [(f"account {one}",) for one in shared]
    controls = chance.random(rows) < 0.1
    return TrainingTable(
        claim_ids=tuple(ClaimId(f"SIM-{row:05d}") for row in range(rows)),
        vectors=vectors,
        labels=tuple(Label.CONFIRMED_FRAUD if one else Label.GENUINE for one in positive),
        stands_for=np.where(controls, 8.0, 1.0),
        share=np.ones(rows),
        days=days.astype(np.int64),
        people=people,
        ties=narrow_ties(people, accounts),
        rings=rings_of(people, accounts, positive),
        payments_sen=chance.integers(10_000, 900_000, rows).astype(np.float64),
        columns=columns,
        report=TableReport(
            claims=rows * 8,
            unreviewed=rows * 7,
            immature=3,
            undetermined=2,
            superseded=1,
            rows=rows,
            states=rows,
            positives=int(positive.sum()),
            errors=0,
            controls=int(controls.sum()),
            first_received=date.fromordinal(int(days.min())),
            last_received=date.fromordinal(int(days.max())),
        ),
    )


@pytest.fixture(scope="session")
def table() -> TrainingTable:
    return a_table()


@pytest.fixture(scope="session")
def quick_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings for fits that touch no registry."""
    return Settings(bootstrap_rounds=40, gap_days=10)


@pytest.fixture(scope="session")
def fitted(table: TrainingTable, quick_settings: Settings) -> Fitted:
    return train(table, quick_settings, capacity=0.05, recipe=QUICK)


@pytest.fixture(scope="session")
def mlflow_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty MLflow database; making one costs seconds, copying it nothing."""
    path = tmp_path_factory.mktemp("mlflow") / "template.db"
    Registry(Settings(tracking_uri=f"sqlite:///{path}"), create=True)
    return path


@pytest.fixture
def settings(tmp_path: Path, mlflow_template: Path) -> Settings:
    """Settings with a registry of their own, empty."""
    shutil.copy(mlflow_template, tmp_path / "mlflow.db")
    return Settings(
        tracking_uri=f"sqlite:///{tmp_path / 'mlflow.db'}",
        artifact_folder=tmp_path / "artifacts",
        champion_copy=tmp_path / "champion-copy",
        bootstrap_rounds=40,
        gap_days=10,
    )


@pytest.fixture(scope="session")
def store_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "template.db"
    Store.open(f"sqlite:///{path}", KeyRing(bytes(32)), create=True).close()
    return path


@pytest.fixture
def store(tmp_path: Path, store_template: Path) -> Iterator[Store]:
    """An empty application database."""
    shutil.copy(store_template, tmp_path / "fraud.db")
    opened = Store.open(f"sqlite:///{tmp_path / 'fraud.db'}", KeyRing(bytes(32)))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def version_files(table: TrainingTable, fitted: Fitted) -> dict[str, bytes]:
    """The files of the fitted scorer, with made-up review lines."""
    lines = {share: 0.9 - share for share in SHARES}
    return files_of(fitted, table, lines, [EVEN], [TOLD], simulated=True, capacity=0.05, now=NOW)


Register = Callable[..., Entry]


@pytest.fixture
def register(
    settings: Settings, table: TrainingTable, fitted: Fitted, version_files: dict[str, bytes]
) -> Register:
    """Registers the fitted scorer as the next version, as a retraining would."""

    def made(
        *, lift: float = 0.0, figures: dict[str, float] | None = None, **files: bytes
    ) -> Entry:
        """`lift` moves the review lines, `figures` overwrite measured ones, `files` their bytes."""
        lines = {str(share): 0.9 - share + lift for share in SHARES}
        run = run_record(fitted, table, settings, capacity=0.05, now=NOW)
        run = replace(run, metrics={**run.metrics, **(figures or {})})
        content = version_files | {REVIEW_LINES: json.dumps(lines).encode()}
        content |= {name.replace("__", "."): body for name, body in files.items()}
        registry = Registry(settings, create=True)
        return registry.log(run, content, feature_set=table.columns.feature_set)

    return made
