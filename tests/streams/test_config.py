"""Settings are frozen, safe by default, and report every fault together."""

import pytest
from pydantic import ValidationError

from fraud.errors import Misconfigured
from streams.config import load_settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith("STREAMS_"):
            monkeypatch.delenv(name)


def test_defaults_stay_on_this_machine():
    settings = load_settings()
    assert settings.bootstrap_servers.startswith("127.0.0.1:")
    assert settings.metrics_port is None


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        load_settings().batch_size = 5  # type: ignore[misc]


def test_every_fault_is_told_at_once(monkeypatch):
    monkeypatch.setenv("STREAMS_BATCHSIZE", "10")
    monkeypatch.setenv("STREAMS_BATCH_SIZE", "none")
    monkeypatch.setenv("STREAMS_POLL_SECONDS", "-1")
    with pytest.raises(Misconfigured) as caught:
        load_settings()
    told = str(caught.value)
    assert "STREAMS_BATCHSIZE is not a setting" in told
    assert "STREAMS_BATCH_SIZE" in told
    assert "STREAMS_POLL_SECONDS" in told


def test_a_password_is_asked_for_and_never_shown(monkeypatch):
    monkeypatch.setenv("STREAMS_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("STREAMS_HEARTBEAT_INTERVAL_MS", "9000")
    with pytest.raises(Misconfigured) as caught:
        load_settings()
    for name in ("SASL_MECHANISM", "SASL_USERNAME", "SASL_PASSWORD", "HEARTBEAT_INTERVAL_MS"):
        assert f"STREAMS_{name}" in str(caught.value)
    monkeypatch.setenv("STREAMS_SASL_PASSWORD", "hunter2")
    with pytest.raises(Misconfigured) as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)


def test_a_key_without_its_certificate_is_refused(monkeypatch):
    monkeypatch.setenv("STREAMS_SSL_KEYFILE", "key.pem")
    with pytest.raises(Misconfigured, match="STREAMS_SSL_CERTFILE and STREAMS_SSL_KEYFILE"):
        load_settings()
