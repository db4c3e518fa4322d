import pytest
from typer.testing import CliRunner

from fraud.errors import NotFound
from models import benchmarks, cli
from models.backtest import public
from models.benchmarks import run_benchmarks


def test_a_folder_without_any_set_is_said(tmp_path):
    with pytest.raises(NotFound, match=r"holds none of S-FFSD\.zip, .*, meco_dev_records\.parquet"):
        list(run_benchmarks(tmp_path, only="", shuffled=False, seeds=1, tell=print))


@pytest.fixture
def two_runs(monkeypatch, tmp_path):
    """A folder with one set of two runs, and the names of the runs that were begun."""
    begun: list[str] = []

    def lines(run, _config, _tell):
        begun.append(run.name)
        yield "AUC", "0.9 ± 0.0", "", "", "somebody", ""

    runs = tuple(public.Run(name, {"label": {"column": "fraud"}}, {}) for name in ("one", "two"))
    chosen = (public.PublicSet("set.csv", lambda *_: None, runs),)
    monkeypatch.setattr(public, "SETS", chosen)
    monkeypatch.setattr(benchmarks, "SETS", chosen)
    monkeypatch.setattr(public, "config_of", lambda run, folder: public.Config.model_construct())
    monkeypatch.setattr(public, "_lines", lines)
    (tmp_path / "set.csv").touch()
    return tmp_path, begun


def test_a_run_is_there_before_the_next_one_begins(two_runs):
    folder, begun = two_runs
    found = run_benchmarks(folder, only="", shuffled=False, seeds=1, tell=print)
    first = next(found)
    assert (first.run, begun) == ("one", ["one"])
    assert [len(line) for line in first.lines] == [len(first.heads)]
    assert [one.run for one in found] == ["two"]


def test_every_run_is_printed_with_its_seeds_and_time(two_runs):
    done = CliRunner().invoke(cli.app, ["benchmarks", str(two_runs[0]), "--seeds", "3"])
    assert done.exit_code == 0
    assert done.stdout.index("one, 3 seeds") < done.stdout.index("two, 3 seeds")
    assert done.stdout.count("This run took") == 2
