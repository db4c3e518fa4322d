"""Small simulated regions, each made once a session, and what was taught from one of them.

Everything here is made up, and busier and more fraudulent than life, so that a small region
yields enough claims and enough decisions.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from fraud.config import Settings
from fraud.privacy import ALL_OPEN, GatedSource, KeyRing, opened_on, setting_of
from fraud.records import AnyFact, Claim, Label
from fraud.simulator.days import LivedDay, lived_days
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import Region, simulate
from fraud.store.engine import Store
from fraud.workflow.load import end_of, load_day
from models.config import Settings as ModelSettings
from models.retrain import retrain
from models.table import Moment

SECRET = bytes(range(32)).hex()
KEYRING = KeyRing(bytes.fromhex(SECRET))
BASIS = "SIMULATED: legal basis of the tests, no real data"
GATES = opened_on(BASIS, "tests")
APPEAL_DAYS = 30

BUSY = RegionSettings(people=13_000, months=11, seed=21, claim_intensity=50, fraud_rate=0.05)
"""A little over 2,000 claims in eleven months."""

TAUGHT = RegionSettings(
    people=5_000,
    months=14,
    seed=15,
    claim_intensity=50,
    fraud_rate=0.2,
    office_review_share=0.6,
    office_control_share=0.1,
    raised={"T7": 14, "T10": 5},
)
"""A region with enough decisions to learn from, long before its end."""

TAUGHT_UNTIL = date(2025, 12, 15)
"""Last day of that region that its scorer could know."""


@dataclass(frozen=True, slots=True)
class Town:
    """A simulated region with the days on which it becomes known. Its truth is for tests alone."""

    region: Region
    days: tuple[LivedDay, ...]

    def records(self) -> Iterator[Claim | AnyFact]:
        """Claims and facts in the order in which they became known."""
        for lived in self.days:
            yield from lived.records


@cache
def town(settings: RegionSettings) -> Town:
    """The region of some settings, made when first asked for."""
    region = simulate(settings)
    return Town(region, tuple(lived_days(region)))


@dataclass(frozen=True, slots=True)
class Taught:
    """Where a store with history and a registry with one trained, unnamed version are kept."""

    folder: Path

    @property
    def models(self) -> ModelSettings:
        return model_settings(self.folder)

    def honest(self) -> set[str]:
        """Ids of the claims that are genuine, by the simulator's truth."""
        return set(json.loads((self.folder / "honest.json").read_text()))

    def copy_to(self, folder: Path) -> "Taught":
        """The same in a folder of a test's own; only the files of the version stay in place."""
        for name in ("fraud.db", "mlflow.db", "honest.json"):
            shutil.copy(self.folder / name, folder / name)
        return Taught(folder)

    def store(self) -> Store:
        return Store.open(f"sqlite:///{self.folder / 'fraud.db'}", KEYRING)

    def settings(self) -> Settings:
        return Settings(
            database_url=f"sqlite:///{self.folder / 'fraud.db'}",
            secret_key=SECRET,
            clock="simulated",
            accept_reserved_identifiers=True,
            **{setting_of(one): f"{BASIS}; tests; 2000-01-01.." for one in GatedSource},
            appeal_window_days=APPEAL_DAYS,
            secure_cookies=False,
        )


def model_settings(folder: Path) -> ModelSettings:
    return ModelSettings(
        tracking_uri=f"sqlite:///{folder / 'mlflow.db'}",
        artifact_folder=folder / "artifacts",
        champion_copy=folder / "champion-copy",
        bootstrap_rounds=40,
    )


def environment(place: Taught) -> dict[str, str]:
    """The settings of the commands that read that store and registry."""
    fraud, models = place.settings(), place.models
    return {
        "FRAUD_DATABASE_URL": fraud.database_url,
        "FRAUD_SECRET_KEY": fraud.secret_key.get_secret_value(),
        "FRAUD_CLOCK": "simulated",
        "FRAUD_BASIS_CROSSINGS": f"{BASIS}; tests; 2000-01-01..",
        "FRAUD_APPEAL_WINDOW_DAYS": str(APPEAL_DAYS),
        "MODELS_TRACKING_URI": models.tracking_uri,
        "MODELS_ARTIFACT_FOLDER": str(models.artifact_folder),
        "MODELS_CHAMPION_COPY": str(models.champion_copy),
        "MODELS_BOOTSTRAP_ROUNDS": str(models.bootstrap_rounds),
    }


def moment(store: Store, settings: ModelSettings) -> Moment:
    """Now, on the simulated clock."""
    return Moment(
        now=store.simulated_time(),
        appeal_window_days=APPEAL_DAYS,
        recent_days=settings.recent_days,
        sources=ALL_OPEN,
    )


def taught(factory: pytest.TempPathFactory) -> Taught:
    """The store and scorer of `TAUGHT`, made once for all workers of the test runner."""
    return Taught(_made_once(factory, "taught", _teach))


def _teach(folder: Path) -> None:
    place = Taught(folder)
    found = town(TAUGHT)
    store = Store.open(f"sqlite:///{folder / 'fraud.db'}", KEYRING, create=True)
    for lived in found.days:
        if lived.day <= TAUGHT_UNTIL:
            load_day(store, lived, gates=GATES)
    store.set_simulated_time(end_of(TAUGHT_UNTIL))
    retrain(store, place.models, moment(store, place.models))
    store.close()
    truth = found.region.truth.items()
    honest = sorted(claim for claim, one in truth if one.label is Label.GENUINE)
    (folder / "honest.json").write_text(json.dumps(honest))


def _made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that the first process to ask for it fills; the others wait."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    place = root / name
    with _alone(root / f"{name}.lock"):
        if not (place / "whole").exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            make(place)
            (place / "whole").touch()
    return place


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
