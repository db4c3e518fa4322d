import json

import numpy as np
import pytest

from fraud.assessment import Scorer
from fraud.errors import Misconfigured
from models.columns import columns_in_force
from models.registry import BOOSTER, CHAMPION, Registry
from models.scorer import LightGBMScorer, load_champion
from tests.models.conftest import a_table


@pytest.fixture
def champion(settings, register):
    register()
    Registry(settings).set_alias(CHAMPION, "1")
    return load_champion(settings)


def away(settings):
    return settings.model_copy(update={"tracking_uri": "http://127.0.0.1:9"})


def test_the_champion_scores_as_it_did_at_training(champion, fitted, table):
    assert np.array_equal(
        champion.probabilities(table.vectors), fitted.probabilities(table.vectors)
    )


def test_it_fits_what_the_assessment_needs(champion):
    def take(scorer: Scorer) -> str:
        return str(scorer.version)

    assert take(champion) == "claim-scorer/1"
    assert champion.version.feature_set == columns_in_force().feature_set
    assert champion.review_lines[0.01] == pytest.approx(0.89)


def test_reasons_have_one_number_for_each_feature(champion, table):
    parts = champion.contributions(table.vectors[:3])
    assert parts.shape == (3, len(table.columns))


def test_without_a_champion_the_cure_is_named(settings, register):
    register()
    with pytest.raises(Misconfigured, match=r"fraud-models train.*fraud-models promote"):
        load_champion(settings)


def test_without_a_registry_and_a_copy_the_cure_is_named(settings):
    with pytest.raises(Misconfigured, match="no champion yet"):
        load_champion(away(settings))


def test_with_mlflow_away_the_verified_copy_serves_and_says_so(settings, champion, table, capsys):
    found = load_champion(away(settings))
    assert found.version == champion.version
    assert np.array_equal(found.probabilities(table.vectors), champion.probabilities(table.vectors))
    assert "champion_from_copy" in capsys.readouterr().out


def test_with_the_database_file_gone_the_copy_serves(settings, champion, tmp_path):
    (tmp_path / "mlflow.db").unlink()
    assert load_champion(settings).version == champion.version


def test_an_altered_copy_is_refused(settings, champion):
    for file in settings.champion_copy.rglob(BOOSTER):
        file.write_bytes(file.read_bytes().replace(b"leaf_value=", b"leaf_value=1", 1))
    with pytest.raises(Misconfigured, match="is not what was registered"):
        load_champion(away(settings))


def test_a_half_lost_copy_is_refused(settings, champion):
    for file in settings.champion_copy.rglob(BOOSTER):
        file.unlink()
    with pytest.raises(Misconfigured, match="cannot be read"):
        load_champion(away(settings))


def test_the_copy_follows_the_champion(settings, register, champion):
    register(lift=0.01)
    Registry(settings).set_alias(CHAMPION, "2")
    load_champion(settings)
    assert load_champion(away(settings)).version.version == "2"
    folders = [place for place in settings.champion_copy.iterdir() if place.is_dir()]
    assert len(folders) == 1


def test_another_feature_set_is_refused_with_both_names(settings, register, table):
    columns = json.loads(table.columns.to_json())
    other = json.dumps({**columns, "feature_set": "fs-of-old"}).encode()
    register(features__json=other)
    Registry(settings).set_alias(CHAMPION, "1")
    with pytest.raises(Misconfigured, match=r"fs-of-old.*fraud-models train") as refused:
        load_champion(settings)
    assert table.columns.feature_set in str(refused.value)


def test_files_that_do_not_fit_each_other_are_refused(settings, register, table, fitted):
    entry = register()
    files = Registry(settings).files(entry)
    fewer = a_table(30).columns
    names = json.loads(fewer.to_json())
    names["names"][0] = "something_else"
    with pytest.raises(Misconfigured):
        LightGBMScorer.from_files(
            entry.version, {**files, "features.json": json.dumps(names).encode()}
        )


def test_unreadable_files_are_refused(settings, register):
    entry = register()
    files = Registry(settings).files(entry)
    with pytest.raises(Misconfigured, match="cannot be read"):
        LightGBMScorer.from_files(entry.version, {**files, "calibration.json": b"{}"})
