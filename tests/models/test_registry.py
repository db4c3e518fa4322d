from pathlib import Path

import pytest

from fraud.errors import Misconfigured, NotFound, Unavailable
from models.registry import BOOSTER, CHAMPION, Registry, mlflow_database


def test_a_registered_version_is_found_again(settings, register):
    entry = register()
    registry = Registry(settings)
    found = registry.entry("1")
    assert found.version == entry.version
    assert registry.files(found)[BOOSTER].startswith(b"tree\n")
    noted = registry._client.get_run(found.run_id).data.params
    assert noted["feature_set"] == entry.version.feature_set
    assert "holdout.average_precision" in registry.metrics(found)
    assert "holdout.average_precision.low" in registry.metrics(found)
    assert noted["table.rows"] == "500"


def test_versions_are_listed_newest_first_with_their_names(settings, register):
    register()
    register()
    registry = Registry(settings)
    registry.set_alias(CHAMPION, "1")
    assert [(e.version.version, e.aliases) for e in registry.entries()] == [
        ("2", ()),
        ("1", (CHAMPION,)),
    ]


def test_an_alias_that_names_nothing_is_none(settings, register):
    assert Registry(settings).by_alias(CHAMPION) is None
    register()
    registry = Registry(settings)
    assert registry.by_alias(CHAMPION) is None
    registry.set_alias(CHAMPION, "1")
    found = registry.by_alias(CHAMPION)
    assert found is not None
    assert found.version.version == "1"
    registry.drop_alias(CHAMPION)
    assert registry.by_alias(CHAMPION) is None


def test_an_unknown_version_is_not_found(settings, register):
    register()
    with pytest.raises(NotFound, match="no version 7"):
        Registry(settings).entry("7")


def test_an_altered_byte_is_refused(settings, register):
    entry = register()
    files = list(settings.artifact_folder.rglob(BOOSTER))
    assert len(files) == 1
    spoilt = bytearray(files[0].read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    files[0].write_bytes(bytes(spoilt))
    with pytest.raises(Misconfigured, match=r"booster\.txt is not what was registered"):
        Registry(settings).files(entry)


def test_a_lost_file_is_said(settings, register):
    entry = register()
    for file in settings.artifact_folder.rglob("calibration.json"):
        file.unlink()
    with pytest.raises(Unavailable, match=r"calibration\.json"):
        Registry(settings).files(entry)


def test_a_missing_database_is_no_empty_registry(settings, tmp_path):
    away = settings.model_copy(update={"tracking_uri": f"sqlite:///{tmp_path / 'away.db'}"})
    with pytest.raises(Unavailable, match="no MLflow database"):
        Registry(away)
    assert not (tmp_path / "away.db").exists()


def test_a_server_that_is_away_is_unavailable(settings):
    away = settings.model_copy(update={"tracking_uri": "http://127.0.0.1:9"})
    with pytest.raises(Unavailable, match="MLflow does not answer"):
        Registry(away).by_alias(CHAMPION)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # MLflow drops what it could not open
def test_a_database_that_cannot_be_read_is_unavailable_with_its_cure(settings, tmp_path):
    (tmp_path / "spoilt.db").write_bytes(b"garbage" * 1000)
    spoilt = settings.model_copy(update={"tracking_uri": f"sqlite:///{tmp_path / 'spoilt.db'}"})
    with pytest.raises(Unavailable, match=r"not a database.*MODELS_TRACKING_URI"):
        Registry(spoilt).by_alias(CHAMPION)


def test_a_database_server_that_is_away_is_said_soon(settings, monkeypatch):
    """MLflow by itself tries ten times, which takes 102 seconds."""
    waited = []
    monkeypatch.setattr(mlflow_database.time, "sleep", waited.append)
    url = "postgresql+psycopg://mlflow:secret@127.0.0.1:9/mlflow"
    with pytest.raises(Unavailable, match="MODELS_TRACKING_URI") as away:
        Registry(settings.model_copy(update={"tracking_uri": url})).by_alias(CHAMPION)
    assert sum(waited) < 1
    assert "secret" not in str(away.value)


def test_nothing_that_is_kept_is_a_pickle(settings, register):
    register()
    kept = [path.suffix for path in settings.artifact_folder.rglob("*") if path.is_file()]
    assert sorted(set(kept)) == [".json", ".md", ".png", ".txt"]


def test_an_intent_is_kept_until_it_is_cleared(settings, register):
    assert Registry(settings).intent() is None
    register()
    registry = Registry(settings)
    registry.set_intent("something begun")
    assert Registry(settings).intent() == "something begun"
    registry.set_intent("")
    assert registry.intent() is None


def test_only_the_registry_knows_mlflow():
    package = Path(__file__).parents[2] / "models"
    knowing = [path.name for path in package.rglob("*.py") if "import mlflow" in path.read_text()]
    knowing += [path.name for path in package.rglob("*.py") if "from mlflow" in path.read_text()]
    assert set(knowing) == {"registry.py"}
