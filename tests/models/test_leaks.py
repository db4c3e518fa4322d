"""Columns that hold the answer are told from columns that are only good."""

from dataclasses import replace

import numpy as np
import pytest

from fraud.errors import InvalidInput
from fraud.records import Label
from models.leaks import names_alone, tells
from models.split import narrow_ties, rings_of
from models.train import MADE_FROM_LABEL, NAMED_ALONE, refuse_leaks, train
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
        rings=np.concatenate([TABLE.rings, TABLE.rings]),
    )
    with pytest.raises(InvalidInput, match="tells the label"):
        train(table, quick_settings, capacity=0.05, recipe=QUICK)


def a_ring_and(others):
    """The table with one ring of 26 frauds on one account, and so many frauds on their own.

    A column holds how many people share the account: 26 of the ring, one of everybody else.
    """
    count = len(TABLE)
    positive = np.arange(count) % 9 == 0
    positive &= np.cumsum(positive) <= 26 + others
    ring = positive & (np.cumsum(positive) <= 26)
    people = np.arange(count)
    accounts = [("the ring's",) if one else (f"own {row}",) for row, one in enumerate(ring)]
    table = with_column(np.where(ring, 26.0, 1.0))
    return replace(
        table,
        labels=tuple(Label.CONFIRMED_FRAUD if one else Label.GENUINE for one in positive),
        ties=narrow_ties(people, accounts),
        rings=rings_of(people, accounts, positive),
    )


@pytest.mark.parametrize("others", [4, 6, 12])
def test_one_ring_that_shares_an_account_is_no_leak(others):
    """Of 30 frauds 26 share one account, and no honest claim does: one case."""
    table = a_ring_and(others)
    last = table.vectors[:, PLACE]
    assert int(table.positive.sum()) == 26 + others
    assert len(np.unique(table.rings[table.positive])) == 1 + others
    if others < 7:
        assert names_alone(last, table.positive) >= NAMED_ALONE  # claim by claim
    refuse_leaks(table)


def test_a_column_made_from_the_label_is_refused_beside_a_ring_too():
    """It names eleven of twelve who are linked to nobody, and the ring."""
    table = a_ring_and(12)
    named = table.positive & (np.arange(len(table)) != np.flatnonzero(table.positive)[-1])
    vectors = table.vectors.copy()
    vectors[:, PLACE] = np.where(named, 900.0, 0.0)
    with pytest.raises(InvalidInput, match="as if made from it"):
        refuse_leaks(replace(table, vectors=vectors))


def test_an_account_of_many_honest_people_makes_no_ring():
    people = np.arange(40)
    positive = people < 10
    shared = rings_of(people, [("wages",)] * 40, positive)
    assert len(np.unique(shared)) == 40
    assert len(np.unique(rings_of(people, [("wages",)] * 40, people < 30))) == 1
    assert len(np.unique(rings_of(people, [(f"phone {p // 4}",) for p in people], positive))) == 10


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
