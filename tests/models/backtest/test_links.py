from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.backtest.known import KnownLabels
from models.backtest.links import link_columns
from models.backtest.table import Table
from tests.models.backtest.made import a_table


def as_of(table: Table, rows, delay=0.0):
    known = ~np.isnan(table.label)
    return link_columns(table, rows, batch=False) | KnownLabels(table, known, delay=delay).columns(
        rows
    )


def taken(table: Table, rows) -> Table:
    """Some rows of a table, in the order given."""
    return replace(
        table,
        label=table.label[rows],
        time=table.time[rows],
        numeric={name: values[rows] for name, values in table.numeric.items()},
        categorical={name: codes[rows] for name, codes in table.categorical.items()},
        entities={kind: codes[rows] for kind, codes in table.entities.items()},
        investigated=table.investigated[rows],
    )


def equal(first, second):
    assert list(first) == list(second)
    for name, values in first.items():
        np.testing.assert_allclose(values, second[name], rtol=1e-6, atol=1e-9, err_msg=name)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(0, 60), delay=st.sampled_from([0.0, 3.0]))
def test_rows_of_the_same_moment_and_later_change_nothing(seed, cut, delay):
    table = a_table(120, seed=seed)
    chance = np.random.default_rng(seed)
    later = np.flatnonzero(table.time >= cut)
    moved = chance.permutation(later)
    other = replace(
        table,
        label=table.label.copy(),
        numeric={"amount": table.numeric["amount"].copy()},
        entities={kind: codes.copy() for kind, codes in table.entities.items()},
    )
    other.label[later] = 1 - table.label[moved]
    other.numeric["amount"][later] = 5 * table.numeric["amount"][moved]
    for kind in other.entities:
        other.entities[kind][later] = table.entities[kind][moved]
    earlier = np.flatnonzero(table.time < cut)
    equal(as_of(table, earlier, delay), as_of(other, earlier, delay))


def test_later_rows_need_not_even_be_there():
    table = a_table(300)
    earlier = np.flatnonzero(table.time < 70)
    equal(as_of(table, earlier), as_of(taken(table, earlier), np.arange(len(earlier))))


def test_the_order_of_rows_in_the_file_changes_nothing():
    table = a_table(300)
    order = np.random.default_rng(1).permutation(300)
    # Rows of one moment have no order of their own, so each gets its own moment.
    table = replace(table, time=np.arange(300.0))
    before = as_of(table, order)
    equal(before, as_of(taken(table, order), np.arange(300)))


def test_a_label_counts_once_its_delay_has_passed():
    table = replace(
        a_table(4, unknown=0),
        time=np.array([0.0, 2.0, 5.0, 8.0]),
        label=np.array([1.0, 1.0, 0.0, 0.0]),
        entities={"account": np.zeros(4, dtype=np.int64)},
    )
    rows = np.arange(4)
    at_once = as_of(table, rows)["account: known labels"]
    late = as_of(table, rows, delay=4.0)
    assert at_once.tolist() == [0, 1, 2, 3]
    assert late["account: known labels"].tolist() == [0, 0, 1, 2]
    np.testing.assert_array_equal(
        late["account: time since positive 1 before"], [np.nan, np.nan, 5.0, 6.0]
    )


def test_positives_in_a_row_start_anew_after_a_negative_and_at_each_entity():
    table = replace(
        a_table(8, unknown=0),
        time=np.arange(8.0),
        label=np.array([1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0]),
        entities={"account": np.array([0, 0, 0, 0, 0, 1, 1, 0])},
    )
    found = as_of(table, np.arange(8))
    assert found["account: positives in a row"].tolist() == [0, 1, 2, 0, 1, 0, 1, 2]
    np.testing.assert_array_equal(
        found["account: time since the first of them"],
        [np.nan, 1.0, 2.0, np.nan, 1.0, np.nan, 1.0, 4.0],
    )
    late = as_of(table, np.arange(8), delay=2.0)
    assert late["account: positives in a row"].tolist() == [0, 0, 0, 1, 2, 0, 0, 2]


def test_an_unknown_entity_and_one_without_labels_have_no_row_of_positives():
    table = a_table(6, unknown=0)
    table = replace(table, label=np.ones(6), entities={"account": np.array([0, -1, -1, 0, 0, 1])})
    found = as_of(replace(table, time=np.arange(6.0)), np.arange(6))
    assert found["account: positives in a row"].tolist() == [0, 0, 0, 1, 2, 0]
    assert np.isnan(found["account: time since the first of them"][[0, 1, 2, 5]]).all()


def test_columns_say_what_their_names_say():
    table = replace(
        a_table(4, unknown=0),
        time=np.array([0.0, 2.0, 5.0, 8.0]),
        numeric={"amount": np.expm1([1.0, 2.0, 3.0, 5.0])},
        entities={"account": np.array([0, 0, 1, 0])},
    )
    found = link_columns(table, np.arange(4), batch=False)
    np.testing.assert_allclose(
        found["account: time since row 1 before"], [np.nan, 2.0, np.nan, 6.0]
    )
    np.testing.assert_allclose(found["account: amount: above mean"], [np.nan, 1.0, np.nan, 3.5])
    np.testing.assert_allclose(
        found["account: amount: above row before"], [np.nan, 1.0, np.nan, 3.0]
    )
    batch = link_columns(table, np.arange(4), batch=True)
    np.testing.assert_allclose(batch["account: rows"], [3, 3, 1, 3])
    np.testing.assert_allclose(batch["account: time until row 1 after"], [2.0, 6.0, np.nan, np.nan])


@pytest.mark.parametrize("batch", [False, True])
def test_unknown_entities_link_nothing(batch):
    table = a_table(50)
    table = replace(table, entities={"account": np.full(50, -1)})
    found = link_columns(table, np.arange(50), batch=batch)
    assert found
    assert all(np.isnan(values).all() for name, values in found.items() if "recent" not in name)
    known = KnownLabels(table, ~np.isnan(table.label), delay=None).columns(np.arange(50))
    assert (known["account: known labels"] == 0).all()
