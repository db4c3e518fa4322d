"""The whole road on a small simulated region: store, table, scorer, registry, command."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from fraud.errors import InvalidInput, NotFound
from fraud.privacy import ALL_OPEN
from fraud.store.rebuild import claim_rows
from fraud.workflow import policy
from models import cli
from models.registry import CHALLENGER, CHAMPION, Registry
from models.retrain import retrain
from models.scorer import load_champion
from tests.models.conftest import QUICK
from tests.support import town
from tests.support.town import Taught

pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Taught:
    """A copy of the region that was learned from once, with its one version."""
    return town.taught(tmp_path_factory).copy_to(tmp_path)


@pytest.fixture
def commanded(place: Taught, monkeypatch: pytest.MonkeyPatch) -> Taught:
    """The same, as the environment of a command."""
    for name, value in town.environment(place).items():
        monkeypatch.setenv(name, value)
    return place


def run(*words: str) -> str:
    done = CliRunner().invoke(cli.app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_first_version_is_a_challenger_that_learned_from_decisions(place):
    registry = Registry(place.models)
    entry = registry.by_alias(CHALLENGER)
    assert entry is not None
    assert registry.by_alias(CHAMPION) is None
    parameters = registry._client.get_run(entry.run_id).data.params
    assert int(parameters["table.positives"]) >= 20
    assert int(parameters["table.unreviewed"]) > 0
    assert parameters["table.first_received"] < parameters["table.last_received"]


def test_training_again_on_the_same_day_learns_nothing_new_and_gives_the_same_bytes(place):
    store = place.store()
    made = retrain(store, place.models, town.moment(store, place.models))
    store.close()
    assert made.new_labels == ()
    assert made.entry.version.version == "2"
    assert made.entry.version.sha256 == Registry(place.models).entry("1").version.sha256


def test_labels_that_matured_since_are_listed(place):
    store = place.store()
    moment = town.moment(store, place.models)
    later = moment.__class__(
        now=moment.now, appeal_window_days=10, recent_days=120, sources=ALL_OPEN
    )
    made = retrain(store, place.models, later, recipe=QUICK)
    store.close()
    assert made.new_labels
    known = set(
        json.loads(Registry(place.models).files(Registry(place.models).entry("1"))["taught.json"])
    )
    assert made.table.report.rows - len(made.new_labels) == len(known)


def test_too_early_there_is_too_little_to_learn_from(place):
    store = place.store()
    moment = town.moment(store, place.models)
    early = moment.__class__(
        now=moment.now, appeal_window_days=1000, recent_days=120, sources=ALL_OPEN
    )
    with pytest.raises(InvalidInput, match="a scorer needs"):
        retrain(store, place.models, early)
    store.close()


def test_hiding_records_of_honest_claims_never_adds_to_the_reviews(place):
    """On real vectors of a region: the promise that unknown is never scored."""
    store = place.store()
    settings, honest = place.models, place.honest()
    registry = Registry(settings)
    registry.set_alias(CHAMPION, "1")
    scorer = load_champion(settings)
    vectors = [
        row.vector
        for row in claim_rows(store, sources=ALL_OPEN)
        if row.version == 1 and not row.trigger_fact and row.claim_id in honest
    ]
    store.close()
    known = np.array(vectors)
    line = scorer.review_lines[0.02]
    before = scorer.probabilities(known)
    for source in sorted(set(scorer.columns.sources)):
        hidden = known.copy()
        hidden[:, scorer.columns.of_source(source)] = np.nan
        after = scorer.probabilities(hidden)
        assert (after >= line).sum() <= (before >= line).sum(), source
        assert (after <= before + 1e-12).all(), source


def test_the_commands_from_training_to_champion(commanded):
    assert "challenger" in run("versions")
    assert "claim-scorer/2" in run("train")
    said = run("promote", "2", "--by", "Aina", "--why", "first of the season")
    assert "Version 2 is champion." in said
    said = run("promote", "2", "--by", "Aina", "--why", "once more")
    assert "Version 2 is champion already." in said
    store = commanded.store()
    assert policy.current(store).review_line < 1
    store.close()
    assert "Model card: claim scorer" in run("card", "--plain")
    assert "# Kad awam pemarkah tuntutan" in run("card", "--plain", "--public", "ms")
    assert "## What its columns say of traits" in run("card", "--plain")
    assert "champion" in run("versions")


def test_retraining_counts_and_lists_new_labels(commanded):
    said = run("retrain", "--list-new")
    assert "Labels matured since the version before: 0" in said


def test_a_table_can_be_saved_for_notebooks(commanded, tmp_path):
    assert "Training table saved" in run("train", "--table", str(tmp_path / "table.parquet"))
    assert (tmp_path / "table.parquet").exists()


def test_without_a_champion_the_card_says_so(commanded):
    with pytest.raises(NotFound, match="there is no champion"):
        run("card")


def test_an_expected_error_is_one_sentence(commanded, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["fraud-models", "promote", "9", "--by", "A", "--why", "B"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert "no version 9" in capsys.readouterr().err
