import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from fraud.errors import Conflict, NotFound
from fraud.movement import CrossingTable
from fraud.simulator import (
    Region,
    RegionSettings,
    read_region,
    read_truth,
    shelf,
    simulate,
    write_region,
)
from fraud.simulator.command import simulate_command
from tests.fraud.simulator.conftest import SMALL


@pytest.fixture(scope="session")
def saved(small: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("regions") / "one"
    write_region(small, out)
    return out


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_writes_the_same_bytes(saved: Path, tmp_path: Path):
    again = tmp_path / "two"
    write_region(simulate(SMALL), again)
    assert contents(again) == contents(saved)
    assert contents(tmp_path / "two-truth") == contents(saved.parent / "one-truth")


def test_what_is_read_back_is_what_was_simulated(saved: Path, small: Region):
    region = read_region(saved)
    assert list(region.events()) == small.events
    day, table = list(region.crossing_days())[40]
    assert day == small.crossing_day(day.day)
    asked = small.crossings(day.day, day.day, small.requested(day.day))
    assert list(table.rows()) == list(asked.rows())
    np.testing.assert_array_equal(table.minute, asked.minute)
    assert isinstance(table, CrossingTable)


def test_the_truth_lies_in_another_folder(saved: Path, small: Region):
    assert not any("truth" in name for name in contents(saved))
    assert all(b'"look_alike"' not in body for body in contents(saved).values())
    assert read_truth(saved.parent / "one-truth") == small.truth


def test_a_missing_region_is_named(tmp_path: Path):
    with pytest.raises(NotFound, match="fraud simulate"):
        read_region(tmp_path)


def test_the_command_writes_a_region_and_prints_its_rates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    simulate_command(
        RegionSettings(people=300, months=1, seed=1, claim_intensity=14), tmp_path / "r"
    )
    printed = capsys.readouterr().out
    assert "imulated region" in printed
    assert "claims by scheme" in printed
    assert read_region(tmp_path / "r").folder.exists()
    assert [one.name for one in tmp_path.iterdir() if ".part" in one.name] == []


def test_events_from_files_and_from_memory_are_the_same(
    small: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(shelf, "RUN", 30)
    streamed = simulate(SMALL, scratch=tmp_path / "runs")
    assert len(list((tmp_path / "runs").iterdir())) > 3
    assert list(streamed.events) == small.events
    assert list(streamed.events) == small.events  # as often as one asks
    assert streamed.truth == small.truth


def test_two_processes_write_the_same_bytes_as_one(tmp_path: Path):
    region = simulate(RegionSettings(people=500, months=1, seed=3, claim_intensity=14))
    write_region(region, tmp_path / "one", everyone=True)
    write_region(region, tmp_path / "two", everyone=True, processes=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert len(contents(tmp_path / "one")) == 31 + 3


def test_everyone_means_passers_by_too_but_readers_see_only_known_people(
    small: Region, tmp_path: Path
):
    write_region(small, tmp_path / "all", everyone=True)
    day = small.settings.first_day
    whole = pq.read_table(tmp_path / "all" / "crossings" / f"{day}.parquet")
    documents = whole["document"].drop_null().to_pylist()
    assert len(documents) > whole["mykad"].drop_null().length() > 0
    assert all(re.fullmatch(r"SIM\d{7}", one) for one in documents[::50])
    assert whole.num_rows == len(documents) + whole["mykad"].drop_null().length()
    known = read_region(tmp_path / "all").crossings(day)
    assert list(known.rows()) == list(small.crossings(day, day).rows())


def test_an_interrupted_run_leaves_the_older_region_whole(saved: Path, small: Region):
    before = contents(saved)

    def stop(what: str, share: float) -> None:
        if what == "crossings" and share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_region(small, saved, stop)
    assert contents(saved) == before
    assert not [one for one in saved.parent.iterdir() if ".part" in one.name]


def test_a_folder_that_is_no_region_is_left_alone(small: Region, tmp_path: Path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("keep me")
    with pytest.raises(Conflict, match="not a simulated region"):
        write_region(small, tmp_path / "letters")
    assert (tmp_path / "letters" / "dear.txt").read_text() == "keep me"
