from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models.columns import columns_in_force
from models.fit import Recipe, Rows, fit_booster, fit_forward, with_masked_copies
from models.judge import Judged, Order
from models.split import forward_folds
from tests.models.conftest import a_table

SHORT = Recipe(rounds=30, copies=1)


def test_the_same_rows_and_seed_give_the_same_bytes(table):
    first = fit_booster(table.rows(5.0), table.columns, SHORT).model_to_string()
    again = fit_booster(table.rows(5.0), table.columns, SHORT).model_to_string()
    assert first == again


def test_another_seed_gives_another_booster(table):
    first = fit_booster(table.rows(5.0), table.columns, SHORT).model_to_string()
    other = fit_booster(table.rows(5.0), table.columns, replace(SHORT, seed=7)).model_to_string()
    assert first != other


def test_trees_do_not_depend_on_the_number_of_threads(table):
    one = fit_booster(table.rows(5.0), table.columns, SHORT)
    two = fit_booster(table.rows(5.0), table.columns, replace(SHORT, threads=2))
    assert np.array_equal(one.predict(table.vectors), two.predict(table.vectors))


def test_trees_are_small_enough_to_explain(table):
    booster = fit_booster(table.rows(5.0), table.columns, SHORT)
    trees = booster.dump_model()["tree_info"]
    assert SHORT.num_leaves <= 31
    assert SHORT.max_depth <= 6
    assert all(tree["num_leaves"] <= SHORT.num_leaves for tree in trees)


def test_masking_hides_whole_sources_in_both_labels_alike():
    columns = columns_in_force()
    rows = Rows(np.ones((4000, len(columns))), np.arange(4000) % 20 == 0, np.ones(4000))
    recipe = Recipe(copies=1, mask_share=0.3)
    masked = with_masked_copies(rows, columns, recipe)
    copy = masked.vectors[4000:]
    assert not np.isnan(masked.vectors[:4000]).any()
    for source in sorted(set(columns.sources)):
        hidden = np.isnan(copy[:, columns.of_source(source)])
        assert (hidden.all(axis=1) == hidden.any(axis=1)).all()
        share = hidden.all(axis=1)
        assert share[rows.positive].mean() == pytest.approx(0.3, abs=0.1)
        assert share[~rows.positive].mean() == pytest.approx(0.3, abs=0.04)


def test_copies_of_a_row_weigh_as_much_as_the_row():
    columns = columns_in_force()
    rows = Rows(
        np.ones((3, len(columns))), np.array([True, False, False]), np.array([1.0, 2.0, 3.0])
    )
    masked = with_masked_copies(rows, columns, Recipe(copies=2))
    assert masked.weights.reshape(3, 3).sum(axis=0) == pytest.approx(rows.weights)


def test_a_booster_finds_the_planted_signal_in_later_claims(table):
    rows = table.rows(1.0)
    folds = forward_folds(table.days, table.ties, table.positive, folds=3, gap_days=10)
    forward = fit_forward(rows, table.columns, folds, SHORT, most_rounds=100)
    assert roc_auc_score(table.positive[forward.rows], forward.log_odds) > 0.7


def test_shuffled_labels_teach_nothing():
    shuffled = a_table(1500, seed=4, shuffled=True)
    rows = shuffled.rows(1.0)
    folds = forward_folds(shuffled.days, shuffled.ties, shuffled.positive, folds=3, gap_days=10)
    forward = fit_forward(rows, shuffled.columns, folds, SHORT, most_rounds=100)
    assert roc_auc_score(shuffled.positive[forward.rows], forward.log_odds) == pytest.approx(
        0.5, abs=0.1
    )


def test_hiding_records_of_honest_claims_sends_no_more_of_them_to_review():
    """Missing records must not raise anybody's score: the promise in the meanings of the project."""
    taught = a_table(1500, seed=2)
    fresh = a_table(3000, seed=3)
    booster = fit_booster(taught.rows(1.0), taught.columns, Recipe(rounds=150))
    line = float(np.quantile(booster.predict(fresh.vectors), 0.98))
    honest = fresh.vectors[~fresh.positive]
    before = float((booster.predict(honest) >= line).mean())
    for source in sorted(set(fresh.columns.sources)):
        hidden = honest.copy()
        hidden[:, fresh.columns.of_source(source)] = np.nan
        assert float((booster.predict(hidden) >= line).mean()) <= before + 0.003, source


def test_a_judged_order_of_the_booster_beats_chance(table):
    booster = fit_booster(table.rows(1.0), table.columns, SHORT)
    fresh = a_table(800, seed=9)
    rows = Judged.plain(fresh.positive)
    order = Order(rows, booster.predict(fresh.vectors))
    assert order.average_precision(rows.weights) > 2 * fresh.positive.mean()
