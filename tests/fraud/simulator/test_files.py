from pathlib import Path

import numpy as np
import pytest

from fraud.errors import NotFound
from fraud.movement import CrossingTable
from fraud.simulator import Region, read_region, read_truth, simulate, write_region
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
    simulate_command(people=300, months=1, seed=1, claim_intensity=14.0, out=tmp_path / "r")
    printed = capsys.readouterr().out
    assert "imulated region" in printed
    assert "claims by scheme" in printed
    assert read_region(tmp_path / "r").folder.exists()
