import pytest

from fraud.errors import NotFound
from models.benchmarks import run_benchmarks


def test_a_folder_without_any_set_is_said(tmp_path):
    with pytest.raises(NotFound, match=r"holds none of S-FFSD\.zip, .*, meco_dev_records\.parquet"):
        list(run_benchmarks(tmp_path, only="", shuffled=False, seeds=1, tell=print))
