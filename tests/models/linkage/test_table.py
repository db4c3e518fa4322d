import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

from fraud.errors import InvalidInput, NotFound
from models.linkage.config import read_link_config
from models.linkage.table import read_records, same_pairs
from tests.models.linkage.made import TOML, a_config, the_entries, write_entries


def test_records_are_read_by_their_roles(tmp_path):
    found, entries = read_records(read_link_config(write_entries(tmp_path))), the_entries()
    assert found.names == entries["written"]
    assert set(found.exact) == {"town", "seat"}
    assert found.texts == {"seat": entries["seat"]}
    years = np.array(entries["day"], dtype="datetime64[D]").astype(float) / 365.25
    np.testing.assert_allclose(found.numbers["day"], years)
    assert same_pairs(found.person) == same_pairs(
        np.unique(np.array(entries["who"]), return_inverse=True)[1]
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('town = "exact"', 'town = "same"', "columns.town: input should be 'name'"),
        ('written = "name"', "", "0 columns are names; exactly one has to be"),
        ('town = "exact"', 'who = "exact"', "'who' says who the person is"),
        ('{ column = "who" }', '{ column = "who", key = "n" }', "`file` and `key` belong together"),
        ("seeds = 1", "seeds = 0", "seeds"),
        ("seeds = 1", "folds = 5", "folds: extra inputs are not permitted"),
    ],
)
def test_what_does_not_fit_is_said(tmp_path, before, after, words):
    assert before in TOML
    with pytest.raises(InvalidInput, match="does not fit") as caught:
        read_link_config(write_entries(tmp_path, TOML.replace(before, after)))
    assert words in str(caught.value)


def test_missing_columns_are_named(tmp_path):
    described = write_entries(tmp_path, TOML.replace('town = "exact"', 'twon = "exact"'))
    with pytest.raises(InvalidInput, match="twon: no such column; did you mean 'town'"):
        read_records(read_link_config(described))


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(NotFound):
        read_records(a_config(tmp_path))


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (lambda n: ["one"] * n, "constant: everybody is one person"),
        (lambda n: [f"P{i}" for i in range(n)], "no person with two records"),
        (lambda n: [None] * n, "unknown in every record"),
    ],
)
def test_a_truth_that_teaches_nothing_is_refused(tmp_path, person, words):
    write_entries(tmp_path, who=pa.array(person(len(the_entries()["who"])), pa.string()))
    with pytest.raises(InvalidInput, match=words):
        read_records(a_config(tmp_path))


@pytest.mark.parametrize(
    ("column", "role", "words"),
    [
        ("number", "exact", "number: tells the person of every record"),
        ("place", "number", "place: follows the row order"),
    ],
)
def test_leaks_are_refused_unless_allowed(tmp_path, column, role, words):
    who = the_entries()["who"]
    write_entries(tmp_path, number=[f"X{name}" for name in who], place=list(range(len(who))))
    columns = {"written": "name", column: role}
    with pytest.raises(InvalidInput, match=words):
        read_records(a_config(tmp_path, columns=columns))
    assert read_records(a_config(tmp_path, columns=columns, allow=[column]))


def test_the_truth_may_lie_in_another_file(tmp_path):
    who = the_entries()["who"]
    entry = [f"E{place}" for place in range(len(who))]
    write_entries(tmp_path, entry=entry)
    truth = pa.table({"entry": entry[::-1][1:], "person": who[::-1][1:]})  # the last is missing
    pyarrow.csv.write_csv(truth, tmp_path / "truth.csv")
    person = {"column": "person", "file": tmp_path / "truth.csv", "key": "entry"}
    found = read_records(a_config(tmp_path, person=person)).person
    assert found[-1] == -1
    assert same_pairs(found) == same_pairs(np.unique(who[:-1], return_inverse=True)[1])


def test_unknown_values_are_like_nothing():
    assert same_pairs(np.array([-1, -1, 3, 3])) == 1
    assert same_pairs(np.array([2, 2, 3, 3]), np.array([0, 1, 5, 5])) == 1
