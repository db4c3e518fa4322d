from dataclasses import replace

import numpy as np
import pytest

from fraud.errors import InvalidInput
from models.backtest.leaks import refuse_leaks
from tests.models.backtest.made import a_table

TABLE = a_table()
LABEL = np.nan_to_num(TABLE.label)


def with_numeric(values):
    return replace(TABLE, numeric={"amount": TABLE.numeric["amount"], "odd": values})


@pytest.mark.parametrize(
    "values",
    [
        LABEL * 3 + 1,
        -LABEL,
        np.where(LABEL == 1, np.nan, 7.0),
        LABEL * 100 + np.random.default_rng(1).random(len(LABEL)),
    ],
    ids=["equal", "opposite", "known only without fraud", "apart"],
)
def test_a_column_that_equals_the_label_is_refused(values):
    with pytest.raises(InvalidInput, match="odd: tells the label of every row"):
        refuse_leaks(with_numeric(values))


@pytest.mark.parametrize("way", [1.0, -2.0])
def test_a_column_that_follows_the_row_order_is_refused(way):
    with pytest.raises(InvalidInput, match="odd: follows the row order"):
        refuse_leaks(with_numeric(way * np.arange(len(TABLE)) + 1000.0))


def test_a_category_that_equals_the_label_is_refused():
    codes = (LABEL * 2).astype(np.int64) + np.arange(len(TABLE)) % 2
    with pytest.raises(InvalidInput, match="outcome: tells the label"):
        refuse_leaks(replace(TABLE, categorical={"outcome": codes}))


def test_all_leaks_are_named_at_once_and_can_be_allowed():
    table = replace(TABLE, numeric={"first": LABEL, "second": np.arange(len(LABEL)) * 1.0})
    with pytest.raises(InvalidInput) as caught:
        refuse_leaks(table)
    assert [fault.field for fault in caught.value.faults] == ["first", "second"]
    refuse_leaks(table, allow=("first", "second"))


def test_honest_columns_pass():
    refuse_leaks(TABLE)
    refuse_leaks(with_numeric(np.full(len(TABLE), np.nan)))
    refuse_leaks(with_numeric(np.arange(len(TABLE)) // 200 * 1.0))  # a period, not an order
