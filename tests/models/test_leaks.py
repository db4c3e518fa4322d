"""Columns that hold the answer are told from columns that are only good."""

from dataclasses import replace

import numpy as np
import pytest

from fraud.errors import InvalidInput
from models.leaks import names_alone, tells
from models.train import MADE_FROM_LABEL, NAMED_ALONE, train
from tests.models.conftest import QUICK, a_table

TABLE = a_table(seed=4)
LABEL = TABLE.positive.astype(float)
CHANCE = np.random.default_rng(3)
PLACE = 60


def with_column(values):
    vectors = TABLE.vectors.copy()
    vectors[:, PLACE] = values
    return replace(TABLE, vectors=vectors)


def seldom_wrong(share):
    """The label as somebody saw it before an appeal changed some."""
    return np.where(CHANCE.random(len(LABEL)) < share, 1 - LABEL, LABEL) + CHANCE.random(len(LABEL))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (LABEL, "tells the label of every row"),
        (1 - LABEL, "tells the label of every row"),
        (np.where(LABEL == 1, 4.0, np.nan), "tells the label of every row"),
        (LABEL + 2 * CHANCE.integers(0, 3, len(LABEL)), "tells the label of every row"),
        (seldom_wrong(0.01), "as if made from it"),
        (np.where(CHANCE.random(len(LABEL)) < 0.9, LABEL * 900, 0.0), "as if made from it"),
        (np.arange(len(LABEL)) * 3.0, "follows the row order"),
    ],
    ids=[
        "equal",
        "opposite",
        "known of fraud alone",
        "code",
        "first finding",
        "recovered",
        "order",
    ],
)
def test_training_refuses_a_column_that_leaks_and_names_it(values, words, quick_settings):
    with pytest.raises(InvalidInput, match="nothing was trained") as caught:
        train(with_column(values), quick_settings, capacity=0.05, recipe=QUICK)
    (fault,) = caught.value.faults
    assert fault.field == TABLE.columns.names[PLACE]
    assert words in fault.found


def test_a_leak_of_the_last_state_alone_is_seen(quick_settings):
    """Earlier states of a claim did not know its decision."""
    n = len(TABLE)
    earlier = np.zeros(n)
    table = replace(
        TABLE,
        claim_ids=TABLE.claim_ids * 2,
        vectors=np.vstack([with_column(earlier).vectors, with_column(LABEL).vectors]),
        labels=TABLE.labels * 2,
        days=np.concatenate([TABLE.days, TABLE.days]),
    )
    with pytest.raises(InvalidInput, match="tells the label"):
        train(table, quick_settings, capacity=0.05, recipe=QUICK)


def test_a_good_column_is_no_leak():
    """One that orders 95 of 100 pairs rightly, and a sign that half of the frauds show alone."""
    good = LABEL * 2.3 + CHANCE.normal(size=len(LABEL))
    assert tells(good, LABEL == 1, sure=0.9)
    assert not tells(good, LABEL == 1, sure=MADE_FROM_LABEL)
    sign = np.where(CHANCE.random(len(LABEL)) < 0.5, LABEL, 0.0)
    assert 0.35 < names_alone(sign, LABEL == 1) < NAMED_ALONE


def test_nothing_is_told_without_both_labels_or_any_value():
    one_label, unknown = np.zeros(40, dtype=bool), np.full(len(LABEL), np.nan)
    assert not tells(np.arange(40.0), one_label)
    assert names_alone(np.arange(40.0), one_label) == 0
    assert not tells(unknown, LABEL == 1)
    assert names_alone(unknown, LABEL == 1) == 0
