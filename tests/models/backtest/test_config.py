import pytest

from fraud.errors import InvalidInput, NotFound
from models.backtest.config import read_config
from tests.models.backtest.made import TOML


def read(folder, toml):
    (folder / "b.toml").write_text(toml)
    return read_config(folder / "b.toml")


def test_a_description_is_read_with_paths_beside_it(tmp_path):
    found = read(tmp_path, TOML)
    assert found.table == tmp_path / "claims.csv"
    assert found.columns == ("fraud", "claim", "filed", "amount", "kind", "account", "clinic")


def test_every_fault_is_named_with_its_cure(tmp_path):
    with pytest.raises(InvalidInput) as caught:
        read(tmp_path, TOML.replace("links =", "linked =").replace("test = 0.25", "test = 2"))
    message = str(caught.value)
    assert 'links: field required; expected "as of" (needs time) or "batch"' in message
    assert "linked: extra inputs are not permitted; expected one of the fields table" in message
    assert "split.time.test" in message


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('time = "filed"', "", 'links = "as of" needs `time`'),
        ('numeric = ["amount"]', 'numeric = ["fraud"]', "'fraud' is the label"),
        ('categorical = ["kind"]', 'categorical = ["claim"]', "'claim' is the id"),
        ('id = "claim"', 'edges = "e.csv"', "`edges` needs `id`"),
        ('[entities]\naccount = "account"\nclinic = "clinic"', "", "nothing links the rows"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(tmp_path, before, after, words):
    assert before in TOML
    with pytest.raises(InvalidInput, match="does not fit") as caught:
        read(tmp_path, TOML.replace(before, after))
    assert words in str(caught.value)


def test_what_is_no_toml_and_what_is_not_there_are_told_apart(tmp_path):
    with pytest.raises(InvalidInput, match="is not TOML"):
        read(tmp_path, "table = ")
    with pytest.raises(NotFound):
        read_config(tmp_path / "none.toml")
