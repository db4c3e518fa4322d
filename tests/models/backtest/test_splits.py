from dataclasses import replace

import numpy as np
import pytest

from fraud.errors import InvalidInput
from models.backtest.splits import asked_rows, parts_of
from tests.models.backtest.made import a_config, a_table

TABLE = a_table()


def parts(table=TABLE, seed=0, **changes):
    return list(parts_of(table, a_config(**changes), seed))


def apart(part):
    assert not np.intersect1d(part.train, part.test).size
    assert not np.isnan(TABLE.label[np.concatenate([part.train, part.test])]).any()


def test_by_time_the_latest_rows_judge_and_only_known_labels_teach():
    (part,) = parts(split={"kind": "time", "test": 0.25}, label={"column": "fraud", "delay": 10})
    apart(part)
    cut = np.quantile(TABLE.time, 0.75)
    assert TABLE.time[part.test].min() >= cut
    assert TABLE.time[part.train].max() + 10 <= cut
    free = np.setdiff1d(part.train, part.held)
    assert TABLE.time[free].max() < TABLE.time[part.held].min()


def test_folds_judge_every_labelled_row_once_and_differ_by_seed():
    found = parts(split={"kind": "folds", "count": 4})
    judged = np.concatenate([part.test for part in found])
    assert sorted(judged) == np.flatnonzero(~np.isnan(TABLE.label)).tolist()
    for part in found:
        apart(part)
        assert not part.usable[part.test].any()
    other = parts(seed=1, split={"kind": "folds", "count": 4})
    assert not np.array_equal(found[0].test, other[0].test)


def test_a_group_stands_on_one_side():
    for part in parts(split={"kind": "groups", "column": "clinic", "count": 3}):
        apart(part)
        assert TABLE.groups is not None
        assert not np.intersect1d(TABLE.groups[part.train], TABLE.groups[part.test]).size


def test_masks_are_followed_and_other_rows_only_link():
    words = np.where(np.arange(len(TABLE)) % 4 == 0, "test", "train").astype(object)
    words[np.arange(len(TABLE)) % 4 == 1] = "held"
    words[np.arange(len(TABLE)) % 40 == 3] = None
    table = replace(TABLE, masks={"part": words.tolist()})
    (part,) = parts(table, split={"kind": "masks", "columns": ["part"]})
    known = np.flatnonzero(~np.isnan(TABLE.label))
    for rows, word in ((part.train, "train"), (part.held, "held"), (part.test, "test")):
        assert rows.tolist() == [row for row in known if words[row] == word]


def test_rows_that_no_mask_has_a_word_for_are_not_asked():
    words = np.where(np.arange(len(TABLE)) % 3 == 0, "train", None)
    others = np.where(np.arange(len(TABLE)) % 5 == 0, "test", "no word of ours")
    table = replace(TABLE, masks={"part": words.tolist(), "other": others.tolist()})
    config = a_config(split={"kind": "masks", "columns": ["part", "other"]})
    known = np.flatnonzero(~np.isnan(TABLE.label))
    assert asked_rows(table, config).tolist() == [r for r in known if r % 3 == 0 or r % 5 == 0]
    assert asked_rows(TABLE, a_config()).tolist() == known.tolist()


def test_only_investigated_rows_teach_and_all_rows_judge():
    split = {"kind": "time", "test": 0.25}
    (everyone,) = parts(split=split)
    (part,) = parts(split=split, investigated="looked")
    assert TABLE.investigated[part.train].all()
    assert not part.usable[~TABLE.investigated].any()
    np.testing.assert_array_equal(part.test, everyone.test)


def test_a_side_with_one_label_is_refused():
    table = replace(TABLE, label=np.where(TABLE.time > 200, 0.0, TABLE.label))
    with pytest.raises(InvalidInput, match="test rows of the split hold one label only"):
        parts(table, split={"kind": "time", "test": 0.2})


def test_a_delay_longer_than_the_table_is_refused():
    with pytest.raises(InvalidInput, match="no label was known at the cut"):
        parts(split={"kind": "time", "test": 0.2}, label={"column": "fraud", "delay": 999})
