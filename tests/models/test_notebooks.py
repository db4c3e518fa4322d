"""The notebooks run from top to bottom on simulated claims, and are kept without outputs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.table import TrainingTable, save_table

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))


def run(place: Path, *command: str, **environment: str) -> None:
    """Run a Python module in the folder of a test, with a kernel of its own."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=place,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registered kernel of this very Python, in a folder of its own."""
    prefix = tmp_path_factory.mktemp("kernel")
    run(prefix, "ipykernel", "install", "--prefix", str(prefix), "--name", "python3")
    return prefix / "share" / "jupyter"


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("claims", ["simulated", "saved"])
def test_a_notebook_runs_from_top_to_bottom(
    notebook: Path, claims: str, kernel: Path, tmp_path: Path, table: TrainingTable
):
    run(
        tmp_path,
        "jupytext",
        "--to",
        "ipynb",
        "--output",
        str(tmp_path / "run.ipynb"),
        str(notebook),
    )
    environment = {
        "JUPYTER_PATH": str(kernel),
        "PYTHONPATH": str(ROOT),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
    }
    if claims == "saved":
        save_table(table, tmp_path / "table.parquet")
        environment["SEMPADAN_TABLE"] = str(tmp_path / "table.parquet")
    execute = ("nbconvert", "--to", "notebook", "--execute", "run.ipynb")
    run(tmp_path, *execute, "--ExecutePreprocessor.kernel_name=python3", **environment)
    assert "output_type" in (tmp_path / "run.nbconvert.ipynb").read_text()


def test_every_notebook_is_listed():
    listed = (ROOT / "notebooks" / "README.md").read_text()
    assert NOTEBOOKS
    for notebook in NOTEBOOKS:
        assert f"`{notebook.name}`" in listed


def test_no_notebook_is_kept_with_outputs():
    assert not list((ROOT / "notebooks").glob("*.ipynb"))
