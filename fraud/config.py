"""Settings of the review desk and the store, read once from FRAUD_* variables."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from fraud.errors import Misconfigured


class Settings(BaseSettings):
    """Where the data is, which keys open it, and how the desk listens."""

    model_config = SettingsConfigDict(env_prefix="FRAUD_", frozen=True, extra="forbid")

    database_url: str = "sqlite:///sempadan.db"
    """SQLite file or PostgreSQL 15+, e.g. `postgresql+psycopg://user@host/sempadan`."""
    secret_key: SecretStr = Field(min_length=64)
    """At least 32 bytes in hex; pseudonyms, sealed records and the blind order derive from it."""
    clock: Literal["system", "simulated"] = "system"
    """`simulated` reads the time from the store: demo and tests only."""
    accept_reserved_identifiers: bool = False
    """Treat the reserved identifier range of made-up people as well-formed: demo and tests only."""
    basis_crossings: str | None = None
    """The legal basis for border files, as `reference; purpose; 2026-01-01..2026-12-31` (the end
    may be left out); without one in force they stay unknown."""
    basis_presence: str | None = None
    """Likewise for a border agency's answers on single days."""
    basis_platform: str | None = None
    """Likewise for trips from a gig platform's log."""
    basis_insurer: str | None = None
    """Likewise for payments of other payers for the same injury."""
    basis_partner_jobs: str | None = None
    """Likewise for jobs in Singapore that the partner there reported."""
    basis_hospital: str | None = None
    """Likewise for hospitals' answers on certificates and referral letters."""
    basis_board: str | None = None
    """Likewise for the register of who came to the Medical Board."""
    basis_officer_log: str | None = None
    """Likewise for the office's own log of what officers did."""
    reply_window_days: int = Field(default=30, ge=1, le=365)
    """Days a claimant has to answer a question before it lapses."""
    lease_minutes: int = Field(default=30, ge=1, le=1440)
    """How long a case stays with the person who took it without any step."""
    appeal_window_days: int = Field(default=90, ge=0, le=1100)
    """Days after a decision before it may teach a model."""
    host: str = "127.0.0.1"
    port: int = Field(default=8700, ge=1, le=65535)
    secure_cookies: bool = True
    """Send session cookies over HTTPS only; the demo on loopback turns it off."""
    anchor_file: Path = Path("audit-anchor.json")
    """Where the head of the audit chain is kept outside the database, signed."""


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment. Raises Misconfigured listing every fault at once."""
    known = {f"FRAUD_{name.upper()}" for name in Settings.model_fields}
    faults = [
        f"{name} is not a setting (see docs/settings.md)"
        for name in sorted(os.environ)
        if name.startswith("FRAUD_") and name not in known and not name.startswith("FRAUD_TEST_")
    ]
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]  # values are checked by pydantic
    except ValidationError as error:
        faults += [
            f"FRAUD_{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        ]
        raise Misconfigured("; ".join(faults)) from error
    if faults:
        raise Misconfigured("; ".join(faults))
    return settings
