from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models.columns import columns_in_force
from models.directed import DirectedBooster
from models.fit import Recipe, fit_booster
from models.rows import Rows, with_masked_copies
from models.table import TrainingTable
from tests.models.conftest import QUICK, a_table


def fit(table: TrainingTable, recipe: Recipe = QUICK) -> DirectedBooster:
    return fit_booster(table.rows(recipe.heaviest), table.columns, recipe)


def test_the_same_rows_and_seed_give_the_same_bytes(table):
    assert fit(table).to_text() == fit(table).to_text()


def test_another_seed_gives_another_booster(table):
    assert fit(table).to_text() != fit(table, replace(QUICK, seed=7)).to_text()


def test_trees_do_not_depend_on_the_number_of_threads(table):
    one, two = fit(table), fit(table, replace(QUICK, threads=2))
    assert np.array_equal(one.log_odds(table.vectors), two.log_odds(table.vectors))


def test_trees_are_small_enough_to_explain():
    usual = Recipe()
    assert usual.num_leaves <= 31
    assert usual.max_depth <= 6


def test_masking_hides_whole_sources_in_both_labels_alike():
    columns = columns_in_force()
    rows = Rows(np.ones((4000, len(columns))), np.arange(4000) % 20 == 0, np.ones(4000))
    masked = with_masked_copies(rows, columns, copies=1, share=0.3, seed=1)
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
    vectors, positive = np.ones((3, len(columns))), np.array([True, False, False])
    rows = Rows(vectors, positive, np.array([1.0, 2.0, 3.0]))
    masked = with_masked_copies(rows, columns, copies=2, share=0.3, seed=1)
    assert masked.weights.reshape(3, 3).sum(axis=0) == pytest.approx(rows.weights)


def test_a_booster_finds_the_planted_signal_in_claims_to_come(table):
    fresh = a_table(1500, seed=9)
    assert roc_auc_score(fresh.positive, fit(table).log_odds(fresh.vectors)) > 0.75


def test_shuffled_labels_teach_nothing():
    fresh = a_table(3000, seed=9)
    found = fit(a_table(1500, seed=4, shuffled=True)).log_odds(fresh.vectors)
    assert roc_auc_score(fresh.positive, found) == pytest.approx(0.5, abs=0.1)


def test_every_choice_of_the_recipe_is_recorded():
    described = Recipe().described()
    assert described["rounds"] == str(Recipe().rounds)
    assert described["seed"] == "2026"
    assert all(isinstance(value, str) for value in described.values())
