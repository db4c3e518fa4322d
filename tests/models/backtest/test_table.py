import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from fraud.errors import InvalidInput, NotFound
from models.backtest.config import read_config
from models.backtest.table import read_table
from tests.models.backtest.made import TOML, a_table, write_claims


def test_a_csv_becomes_what_it_was_made_from(tmp_path):
    found, made = read_table(read_config(write_claims(tmp_path))), a_table()
    np.testing.assert_array_equal(found.label, made.label)
    np.testing.assert_array_equal(found.time, made.time - made.time.min())
    np.testing.assert_allclose(found.numeric["amount"], made.numeric["amount"])
    np.testing.assert_array_equal(
        found.entities["account"] < 0, made.entities["account"] < 0
    )  # an empty cell is unknown


def test_parquet_reads_the_same(tmp_path):
    described = write_claims(tmp_path)
    table = pyarrow.csv.read_csv(tmp_path / "claims.csv")
    pyarrow.parquet.write_table(table, tmp_path / "claims.parquet")
    before = read_table(read_config(described))
    described.write_text(TOML.replace("claims.csv", "claims.parquet"))
    after = read_table(read_config(described))
    np.testing.assert_array_equal(before.label, after.label)
    np.testing.assert_array_equal(before.time, after.time)


def test_missing_columns_are_all_named_with_what_is_there(tmp_path):
    toml = TOML.replace('["amount"]', '["amounts"]').replace('"clinic"\n', '"hospital"\n')
    with pytest.raises(InvalidInput) as caught:
        read_table(read_config(write_claims(tmp_path, toml)))
    assert "amounts: no such column; did you mean 'amount'?" in str(caught.value)
    assert "hospital: no such column" in str(caught.value)


def test_a_missing_file_is_said(tmp_path):
    described = write_claims(tmp_path)
    (tmp_path / "claims.csv").unlink()
    with pytest.raises(NotFound, match="there is no file"):
        read_table(read_config(described))


@pytest.mark.parametrize(
    ("positive", "words"), [('"maybe"', "constant: never 'maybe'"), ("1", "constant: never 1")]
)
def test_a_constant_label_is_refused(tmp_path, positive, words):
    toml = TOML.replace('positive = "yes"', f"positive = {positive}")
    with pytest.raises(InvalidInput, match=words):
        read_table(read_config(write_claims(tmp_path, toml)))


def test_a_label_nobody_knows_is_refused(tmp_path):
    toml = TOML.replace('unknown = ["?"]', 'unknown = ["?", "yes", "no"]')
    with pytest.raises(InvalidInput, match="unknown in every row"):
        read_table(read_config(write_claims(tmp_path, toml)))


def test_words_are_no_numbers(tmp_path):
    toml = TOML.replace('numeric = ["amount"]', 'numeric = ["clinic", "account"]')
    with pytest.raises(InvalidInput, match="column 'account' is string, not numbers"):
        read_table(read_config(write_claims(tmp_path, toml)))


def test_edges_join_ids_and_leave_out_strangers(tmp_path):
    toml = TOML.replace("as of", "batch").replace('id = "claim"', 'id = "claim"\nedges = "e.csv"')
    described = write_claims(tmp_path, toml)
    ends = pa.table({"a": ["C0", "C5", "C9"], "b": ["C3", "nobody", "C1"]})
    pyarrow.csv.write_csv(ends, tmp_path / "e.csv")
    edges = read_table(read_config(described)).edges
    assert edges is not None
    assert [ends.tolist() for ends in edges] == [[0, 9], [3, 1]]
