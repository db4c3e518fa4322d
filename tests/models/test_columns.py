"""Columns of a table or of a kept version, and what may not be one."""

import json
from dataclasses import replace

import pytest

from fraud.errors import InvalidInput
from fraud.features.forbidden import FORBIDDEN
from models.columns import Columns, columns_in_force
from models.table import load_table, save_table
from tests.fraud.features.test_forbidden import TRIED

HERE = columns_in_force()


@pytest.mark.parametrize("trait", FORBIDDEN)
def test_no_table_and_no_version_has_a_column_named_for_a_trait(trait):
    name = TRIED[trait][0]
    with pytest.raises(InvalidInput, match=f"{name}: is named for a protected trait, {trait}"):
        replace(HERE, names=(*HERE.names[:-1], name))
    kept = json.loads(HERE.to_json())
    with pytest.raises(InvalidInput, match=f"protected trait, {trait}"):
        Columns.from_json(json.dumps({**kept, "names": [*kept["names"][:-1], name]}))


def test_columns_come_back_as_they_were_kept():
    assert Columns.from_json(HERE.to_json()) == HERE


def test_a_saved_table_with_such_a_column_is_not_read(table, tmp_path, monkeypatch):
    with monkeypatch.context() as before:  # as a release without the check could have written it
        before.setattr("models.columns.refuse_forbidden", lambda _names: None)
        odd = replace(table.columns, names=(*table.columns.names[:-1], "claimant_sex"))
        save_table(replace(table, columns=odd), tmp_path / "table.parquet")
    with pytest.raises(InvalidInput, match="protected trait, sex"):
        load_table(tmp_path / "table.parquet")
