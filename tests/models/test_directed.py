import lightgbm as lgb
import numpy as np
import pytest

from fraud.errors import InvalidInput
from models.columns import Columns, columns_in_force
from models.directed import DirectedBooster, directions_of
from models.rows import Rows
from tests.models.conftest import a_table


def columns(*names: str) -> Columns:
    return Columns(names, ("claim",) * len(names), "fs-test")


def test_a_direction_is_the_side_on_which_positives_stand():
    vectors = np.array([[1.0, 9, 5], [2, 8, np.nan], [3, 7, 5], [4, 6, 5]])
    rows = Rows(vectors, np.array([False, False, True, True]), np.ones(4))
    assert directions_of(rows, columns("a", "b", "c")).tolist() == [1, -1, 1]


def test_a_column_known_only_of_one_label_points_up():
    vectors = np.array([[1.0], [np.nan], [np.nan]])
    rows = Rows(vectors, np.array([True, False, False]), np.ones(3))
    assert directions_of(rows, columns("a")).tolist() == [1]


def test_a_sign_points_where_the_typology_says_whatever_few_rows_show():
    vectors = np.array([[0.0, 900.0], [1.0, 10.0]])
    rows = Rows(vectors, np.array([True, False]), np.ones(2))
    signs = columns("signs_of_stand_in", "days_until_back_with_employer")
    assert directions_of(rows, signs).tolist() == [1, -1]


def test_hiding_any_record_of_anybody_never_raises_a_score(fitted):
    """The amount of unknown is shown, never scored: see the promise of the project on unknowns."""
    fresh = a_table(2000, seed=3)
    before = fitted.probabilities(fresh.vectors)
    for source in sorted(set(fresh.columns.sources)):
        hidden = fresh.vectors.copy()
        hidden[:, fresh.columns.of_source(source)] = np.nan
        assert (fitted.probabilities(hidden) <= before + 1e-12).all(), source


def test_hiding_single_values_never_raises_a_score(fitted):
    fresh = a_table(400, seed=5)
    before = fitted.probabilities(fresh.vectors)
    chance = np.random.default_rng(1)
    for _ in range(10):
        hidden = np.where(chance.random(fresh.vectors.shape) < 0.3, np.nan, fresh.vectors)
        assert (fitted.probabilities(hidden) <= before + 1e-12).all()


def test_hiding_records_of_honest_claims_sends_no_more_of_them_to_review(fitted):
    fresh = a_table(2000, seed=3)
    line = float(np.quantile(fitted.probabilities(fresh.vectors), 0.98))
    honest = fresh.vectors[~fresh.positive]
    before = (fitted.probabilities(honest) >= line).mean()
    for source in sorted(set(fresh.columns.sources)):
        hidden = honest.copy()
        hidden[:, fresh.columns.of_source(source)] = np.nan
        assert (fitted.probabilities(hidden) >= line).mean() <= before


def test_scores_follow_each_direction(fitted):
    fresh = a_table(200, seed=6)
    for column, direction in enumerate(fitted.booster.directions):
        moved = fresh.vectors.copy()
        moved[:, column] += direction * 0.7
        rise = fitted.booster.log_odds(moved) - fitted.booster.log_odds(fresh.vectors)
        assert np.nanmin(rise) >= -1e-12


def test_contributions_add_up_to_the_score(fitted):
    fresh = a_table(50, seed=7)
    parts = fitted.booster.contributions(fresh.vectors)
    assert parts.shape == fresh.vectors.shape
    rest = fitted.booster.log_odds(fresh.vectors) - parts.sum(axis=1)
    assert rest == pytest.approx(np.full(50, rest[0]), abs=1e-6)


def test_no_rows_give_no_scores(fitted):
    none = np.zeros((0, len(columns_in_force())))
    assert fitted.booster.log_odds(none).shape == (0,)
    assert fitted.booster.contributions(none).shape == none.shape


def test_text_keeps_directions_and_scores(fitted, table):
    again = DirectedBooster.from_text(fitted.booster.to_text())
    assert np.array_equal(again.directions, fitted.booster.directions)
    assert np.array_equal(again.log_odds(table.vectors), fitted.booster.log_odds(table.vectors))


def test_a_booster_without_directions_is_refused():
    data = lgb.Dataset(np.random.default_rng(1).normal(size=(200, 2)), np.arange(200) % 2)
    plain = lgb.train({"objective": "binary", "verbosity": -1}, data, num_boost_round=2)
    with pytest.raises(InvalidInput, match="which way each column points"):
        DirectedBooster.from_text(plain.model_to_string())


def test_something_else_is_not_a_booster():
    with pytest.raises(InvalidInput, match="not a LightGBM booster"):
        DirectedBooster.from_text("gibberish")


def test_gains_are_sorted(fitted):
    gains = list(fitted.booster.gains.values())
    assert gains == sorted(gains, reverse=True)
