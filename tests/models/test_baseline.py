import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models.baseline import (
    baselines_from_json,
    baselines_to_json,
    best_column,
    regression,
    tame,
    tuned_regression,
)
from models.rows import Rows
from models.split import forward_folds


def rows(count: int = 600) -> Rows:
    chance = np.random.default_rng(2)
    vectors = chance.normal(size=(count, 5))
    vectors[:, 1] = np.exp(3 * vectors[:, 1])
    positive = chance.random(count) < 1 / (1 + np.exp(2 + 2 * vectors[:, 3]))
    vectors[chance.random(count) < 0.2, 2] = np.nan
    return Rows(vectors, positive, np.ones(count))


def test_the_best_column_is_found_with_its_direction():
    found = best_column(rows())
    assert (found.column, found.direction) == (3, -1.0)


def test_an_unknown_value_stands_below_every_known_one():
    found = best_column(rows())
    scores = found.scores(np.array([[0, 0, 0, np.nan, 0], [0, 0, 0, 2.0, 0]]))
    assert scores[0] < scores[1]


@pytest.mark.parametrize("scale", ["logarithm", "rank"])
def test_taming_leaves_nothing_unknown_and_nothing_huge(scale):
    given = rows()
    tamed = tame(given.vectors, scale)(given.vectors)
    assert np.isfinite(tamed).all()
    assert tamed.shape[1] == 6  # five columns, and one flag for the unknown values of the third
    assert np.abs(tamed).max() < 8
    assert tamed.mean(axis=0) == pytest.approx(0, abs=1e-9)


def test_a_column_that_is_always_unknown_does_no_harm():
    given = rows()
    given.vectors[:, 4] = np.nan
    assert np.isfinite(regression(given, "rank", 0.1).scores(given.vectors)).all()


def test_the_tuned_regression_finds_the_signal():
    given = rows(900)
    days = np.arange(900, dtype=np.int64)
    folds = forward_folds(
        days, tuple((n,) for n in range(900)), given.positive, folds=3, gap_days=5
    )
    found = tuned_regression(given, folds)
    assert roc_auc_score(given.positive, found.scores(given.vectors)) > 0.8


def test_baselines_survive_json():
    given = rows()
    column, line = best_column(given), regression(given, "rank", 0.1)
    column_again, line_again = baselines_from_json(baselines_to_json(column, line))
    assert column_again == column
    assert np.array_equal(line_again.scores(given.vectors), line.scores(given.vectors))
