import pytest

from fraud.errors import Misconfigured
from models.config import load_settings


def test_settings_are_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("MODELS_SEED", "7")
    assert load_settings().seed == 7


def test_all_faults_are_said_together(monkeypatch):
    monkeypatch.setenv("MODELS_SEED", "-1")
    monkeypatch.setenv("MODELS_SEEDS", "3")
    with pytest.raises(Misconfigured) as refused:
        load_settings()
    assert "MODELS_SEED:" in str(refused.value)
    assert "MODELS_SEEDS is not a setting" in str(refused.value)
