"""Settings of the scoring process and the relay, read once from STREAMS_* variables."""

import os
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from fraud.errors import Misconfigured


class Settings(BaseSettings):
    """Where the broker is, how to prove who we are, and how much is taken at once."""

    model_config = SettingsConfigDict(env_prefix="STREAMS_", frozen=True, extra="forbid")

    bootstrap_servers: str = Field(default="127.0.0.1:9092", pattern=r"^[^\s,]+(,[^\s,]+)*$")
    """Brokers to ask first, as host:port, separated by commas."""
    group: str = Field(default="sempadan-scorer", min_length=1, max_length=200)
    """Scoring processes with the same group share the partitions between them."""
    batch_size: int = Field(default=1000, ge=1, le=20_000)
    """Most records taken into one transaction; a stop or a crash repeats at most so many."""
    poll_seconds: float = Field(default=0.5, gt=0, le=10)
    """How long one poll waits for records, and so how soon a stop is noticed when idle."""
    session_timeout_ms: int = Field(default=10_000, ge=6_000, le=1_800_000)
    """How long a killed process keeps its partitions; Kafka's own limits by default."""
    heartbeat_interval_ms: int = Field(default=3_000, ge=500)
    """How often a process shows that it lives; at most a third of the session timeout."""
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """How the connection is protected; anything that leaves the machine should be SASL_SSL."""
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    """How the password is proven; needed with a SASL protocol."""
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ssl_cafile: str | None = None
    """Certificates of the authorities that may vouch for a broker; the system's when left out."""
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = None
    replication_factor: int = Field(default=1, ge=1, le=9)
    """Copies of each topic that we create; 3 wherever the data matters."""
    stall_seconds: float = Field(default=60, gt=0)
    """A partition that stands still for so long while records wait sounds an alarm."""
    relay_batch: int = Field(default=1000, ge=1, le=20_000)
    """Most outbox rows sent and deleted at once."""
    relay_pause_seconds: float = Field(default=0.2, gt=0, le=60)
    """How long the relay rests when the outbox is empty."""
    anchor_seconds: float = Field(default=60, gt=0)
    """How often the head of the audit chain is published, if it moved."""
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    """Port on loopback for the counters; none by default."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        faults = []
        if self.heartbeat_interval_ms * 3 > self.session_timeout_ms:
            faults.append("STREAMS_HEARTBEAT_INTERVAL_MS is over a third of the session timeout")
        if self.security_protocol.startswith("SASL"):
            needed = ("sasl_mechanism", "sasl_username", "sasl_password")
            faults += [
                f"STREAMS_{name.upper()} is needed with {self.security_protocol}"
                for name in needed
                if getattr(self, name) is None
            ]
        if (self.ssl_certfile is None) != (self.ssl_keyfile is None):
            faults.append("STREAMS_SSL_CERTFILE and STREAMS_SSL_KEYFILE go together")
        if faults:
            raise ValueError("; ".join(faults))
        return self


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment. Raises Misconfigured listing every fault at once."""
    known = {f"STREAMS_{name.upper()}" for name in Settings.model_fields}
    faults = [
        f"{name} is not a setting (see docs/settings.md)"
        for name in sorted(os.environ)
        if name.startswith("STREAMS_") and name not in known
    ]
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]  # values are checked by pydantic
    except ValidationError as error:
        raise Misconfigured("; ".join(faults + _faults_of(error))) from error
    if faults:
        raise Misconfigured("; ".join(faults))
    return settings


def _faults_of(error: ValidationError) -> list[str]:
    """Each fault with the variable it is about; faults between variables name them themselves."""
    found = []
    for fault in error.errors(include_input=False, include_url=False):
        name = "_".join(str(part) for part in fault["loc"]).upper()
        told = fault["msg"].removeprefix("Value error, ")
        found.append(f"STREAMS_{name}: {told}" if name else told)
    return found
