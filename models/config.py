"""Settings of training and of the registry, read once from MODELS_* variables."""

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from fraud.errors import Misconfigured


class Settings(BaseSettings):
    """Where trained files are kept, under which name, and with which seed they are made."""

    model_config = SettingsConfigDict(env_prefix="MODELS_", frozen=True, extra="forbid")

    tracking_uri: str = "sqlite:///mlflow.db"
    """MLflow's own database or server; never the application's database."""
    artifact_folder: Path = Path("mlartifacts")
    """Where the files of a run go when MLflow has no server of its own."""
    registered_name: str = Field(default="claim-scorer", min_length=1, max_length=64)
    """Name of the scorer in the registry."""
    champion_copy: Path = Path("champion-copy")
    """Folder with the last verified champion; the scorer starts from it when MLflow is away."""
    seed: int = Field(default=2026, ge=0)
    """Seed of everything random in training: the same rows and seed give the same bytes."""
    threads: int = Field(default=1, ge=1, le=64)
    """Threads for fitting; scoring always uses one. The trees do not depend on it, and for a few
    thousand rows more threads mostly wait for each other."""
    gap_days: int = Field(default=30, ge=0, le=365)
    """Days left out between the rows that teach and the rows that judge."""
    recent_days: int = Field(default=120, ge=7, le=1100)
    """Days before training whose claims, decided or not, set the review lines."""
    bootstrap_rounds: int = Field(default=400, ge=20, le=10_000)
    """Redraws of people behind each interval."""
    alias_check_seconds: float = Field(default=5.0, gt=0)
    """The scoring process asks at most this often whether the champion has changed."""


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment. Raises Misconfigured listing every fault at once."""
    known = {f"MODELS_{name.upper()}" for name in Settings.model_fields}
    faults = [
        f"{name} is not a setting (see docs/settings.md)"
        for name in sorted(os.environ)
        if name.startswith("MODELS_") and name not in known
    ]
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]  # values are checked by pydantic
    except ValidationError as error:
        faults += [
            f"MODELS_{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        ]
        raise Misconfigured("; ".join(faults)) from error
    if faults:
        raise Misconfigured("; ".join(faults))
    return settings
