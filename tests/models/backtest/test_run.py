import json

import numpy as np
import pytest
from typer.testing import CliRunner

from models import cli
from models.backtest import boost
from models.backtest.figures import Spread
from models.backtest.labels import FOLDS, batch_labels
from models.backtest.run import judge_table
from models.backtest.splits import drawn_folds, parts_of
from tests.models.backtest.made import TOML, a_config, a_table, write_claims


@pytest.fixture(autouse=True)
def quick_fits(monkeypatch):
    """Fewer and faster trees than the usual ones."""
    monkeypatch.setattr(boost, "ROUNDS", 40)
    monkeypatch.setitem(boost.PARAMETERS, "learning_rate", 0.15)


def quiet(_step: str) -> None:
    """Tell nobody."""


def auc(table, **changes):
    return judge_table(table, a_config(**changes), quiet).figures["model"]["auc"].mean


def test_links_find_what_the_columns_alone_do_not():
    found = judge_table(a_table(1500), a_config(), quiet).figures
    assert found["model"]["auc"].mean > 0.75
    assert found["without_links"]["auc"].mean < 0.6


@pytest.mark.parametrize(
    "changes",
    [
        {"split": {"kind": "folds", "count": 2}},
        {
            "links": "as of",
            "label": {"column": "fraud", "delay": 2},
            "split": {"kind": "time", "test": 0.4},
        },
    ],
    ids=["batch", "as of"],
)
def test_shuffled_labels_tell_nothing(changes):
    found = Spread.of([auc(a_table(800, seed=s, shuffled=True), **changes) for s in range(5)])
    assert abs(found.mean - 0.5) <= 3 * max(found.deviation, 0.02) / np.sqrt(5)


def test_a_judged_row_s_label_is_in_no_column():
    table, config = a_table(400), a_config()
    part = next(parts_of(table, config, 0))
    rows = np.flatnonzero(~np.isnan(table.label))
    before = batch_labels(table, None, part, rows, 0)[1]
    table.label[part.test] = 1 - table.label[part.test]
    np.testing.assert_array_equal(before, batch_labels(table, None, part, rows, 0)[1])


def test_a_fold_s_labels_are_in_no_column_of_the_fold():
    """Not its own label and not, through a fixed total, those of its fold."""
    table, config = a_table(400), a_config()
    part = next(parts_of(table, config, 0))
    rows = np.sort(part.train)
    inside = drawn_folds(len(table), FOLDS, 0, None)[rows] == 4
    before = batch_labels(table, None, part, rows, 0)[1]
    table.label[rows[inside]] = 1 - table.label[rows[inside]]
    after = batch_labels(table, None, part, rows, 0)[1]
    assert inside.any()
    np.testing.assert_array_equal(before[inside], after[inside])
    assert (before[~inside] != after[~inside]).any()


def test_the_command_prints_figures_and_writes_a_report(tmp_path):
    described = write_claims(tmp_path, TOML.replace("seeds = 1", "seeds = 2"))
    out = tmp_path / "found" / "figures.json"
    words = ["backtest", str(described), "--json", str(out)]
    done = CliRunner().invoke(cli.app, words, catch_exceptions=False)
    assert done.exit_code == 0
    assert "as of: links of earlier rows, labels with a delay of 5" in " ".join(done.stdout.split())
    found = json.loads(out.read_text())
    assert set(found["figures"]) == {"model", "without_links", "best_column"}
    assert set(found["figures"]["model"]) == {
        "auc",
        "average_precision",
        "recall_at_5_false_positives",
        "precision_at_k",
        "recall_at_k",
        "macro_f1",
        "brier",
    }
    assert found["seeds"] == 2
    report = (tmp_path / "found" / "figures-report" / "report.md").read_text()
    assert f"{found['figures']['model']['auc']['mean']:.4f}" in report
    for picture in ("order.png", "calibration.png"):
        assert (tmp_path / "found" / "figures-report" / picture).read_bytes()[1:4] == b"PNG"


def test_rows_nobody_investigated_are_judged_apart():
    found = judge_table(
        a_table(800), a_config(split={"kind": "time", "test": 0.3}, investigated="looked"), quiet
    )
    assert set(found.elsewhere["model"]) == set(found.figures["model"])
    assert found.elsewhere["model"]["auc"] != found.figures["model"]["auc"]
