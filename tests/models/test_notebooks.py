"""The notebooks run from top to bottom on simulated claims, and are kept without outputs."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from models.table import TrainingTable, save_table

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))


@dataclass(frozen=True)
class Shown:
    """What an executed notebook shows under its cells."""

    text: str
    pictures: int

    def number(self, pattern: str) -> float:
        """The number that the one group of a pattern holds where it is first printed."""
        found = re.search(pattern, self.text)
        assert found, f"{pattern} is not in:\n{self.text}"
        return float(found[1].replace(",", ""))


def shown_by(notebook: Path) -> Shown:
    outputs = [
        output
        for cell in json.loads(notebook.read_text())["cells"]
        for output in cell.get("outputs", [])
    ]
    texts = [one.get("text") or one.get("data", {}).get("text/plain", "") for one in outputs]
    pictures = sum("image/png" in one.get("data", {}) for one in outputs)
    return Shown("\n".join("".join(text) for text in texts), pictures)


def claims_and_links(shown: Shown) -> None:
    """A few hundred claims, shared practitioners that are hubs, and a claim with neighbours."""
    assert shown.number(r"(\d+) claims of 5000 simulated people") > 300
    assert shown.number(r"(?m)^practitioner +\d+ +\d+ +(\d+)") > 20
    assert shown.number(r"1: alone +(\d+)") > 0
    assert shown.number(r"claim SIM-\S+: (\d+) points") > 3


def training_table(shown: Shown) -> None:
    """Nothing that came later changed a row, and later facts added rows."""
    assert shown.number(r"(\d+) of the earlier rows changed") == 0
    assert shown.number(r"(\d+) later looks at earlier claims") > 0
    then, now = shown.number(r"(\d+) rows then"), shown.number(r"rows then, (\d+) now")
    assert 0 < then < now
    assert "made then and made now, is the same: True" in shown.text


def train_and_compare(shown: Shown) -> None:
    """The scorer beats a review at random, and the baselines stand beside it.

    Claims are counted, not their states, of which there are more than claims that teach.
    """
    judge, taught = shown.number(r"(\d+) claims judge"), shown.number(r"judge, (\d+) taught")
    assert 0 < judge < taught
    assert judge + taught <= shown.number(r"(\d+) decided claims teach")
    scorer = shown.number(r"\baverage_precision +([\d.]+)")
    assert scorer > shown.number(r"random_average_precision +([\d.]+)")
    assert "logistic_average_precision" in shown.text
    assert "best_column_average_precision" in shown.text


def fairness_and_drift(shown: Shown) -> None:
    """An unfair rule is refused in words; a source that falls silent asks for action."""
    assert shown.number(r"refused for (\d+) groups") >= 1
    assert "honest claims are put up" in shown.text
    assert shown.number(r"border files withheld \{.*'act': (\d+)") >= 5
    assert not re.search(r"as it was \{.*'act'", shown.text)


def control_sample(shown: Shown) -> None:
    """The estimate stands beside the truth, and most intervals of redrawn samples hold it."""
    for name in ("precision", "missed_share", "fraud_share", "recall"):
        assert re.search(rf"{name}: estimated [\d.]+ \([\d.]+ to [\d.]+\), which holds", shown.text)
    assert shown.number(r"(\d+) of 60 intervals hold the true recall") >= 54
    assert shown.number(r"About (\d+) decided control cases would halve") > 2 * shown.number(
        r"(\d+) control cases among them are decided"
    )


@dataclass(frozen=True)
class Expected:
    """How many pictures a notebook shows at the least, and what its figures must say."""

    pictures: int
    says: Callable[[Shown], None]


EXPECTED: Mapping[str, Expected] = {
    "01_claims_and_links": Expected(4, claims_and_links),
    "02_training_table": Expected(3, training_table),
    "03_train_and_compare": Expected(1, train_and_compare),
    "04_fairness_and_drift": Expected(3, fairness_and_drift),
    "05_control_sample": Expected(3, control_sample),
}


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


def executed(notebook: Path, kernel: Path, place: Path, **environment: str) -> Shown:
    """What a notebook shows once it was run in a folder of its own."""
    made = place / "run.ipynb"
    run(place, "jupytext", "--to", "ipynb", "--output", str(made), str(notebook))
    own = {
        "JUPYTER_PATH": str(kernel),
        "PYTHONPATH": str(ROOT),
        "IPYTHONDIR": str(place / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(place / "runtime"),
    }
    execute = ("nbconvert", "--to", "notebook", "--execute", "run.ipynb")
    run(place, *execute, "--ExecutePreprocessor.kernel_name=python3", **own, **environment)
    return shown_by(place / "run.nbconvert.ipynb")


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(notebook: Path, kernel: Path, tmp_path: Path):
    shown, expected = executed(notebook, kernel, tmp_path), EXPECTED[notebook.stem]
    assert shown.pictures >= expected.pictures
    expected.says(shown)


@pytest.mark.slow
def test_training_can_be_looked_at_on_a_saved_table(
    kernel: Path, tmp_path: Path, table: TrainingTable
):
    save_table(table, tmp_path / "table.parquet")
    own = {"SEMPADAN_TABLE": str(tmp_path / "table.parquet")}
    notebook = ROOT / "notebooks" / "03_train_and_compare.py"
    shown = executed(notebook, kernel, tmp_path, **own)
    assert f"{table.report.rows} decided claims teach" in shown.text
    assert shown.pictures >= 1


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_opens_with_its_question_and_says_that_its_data_is_simulated(notebook: Path):
    opening = notebook.read_text().split("# %%")[1]
    assert opening.startswith(" [markdown]\n# # ")
    assert "**The question" in opening
    assert "?" in opening
    assert "Everything here is **simulated**" in opening


def test_every_notebook_is_listed():
    listed = (ROOT / "notebooks" / "README.md").read_text()
    assert NOTEBOOKS
    for notebook in NOTEBOOKS:
        assert f"`{notebook.name}`" in listed


def test_no_notebook_is_kept_with_outputs():
    assert not list((ROOT / "notebooks").glob("*.ipynb"))
