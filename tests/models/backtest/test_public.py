"""The public sets themselves, where a folder with them is named; a small part of each."""

import os
from pathlib import Path

import numpy as np
import pytest

from models.backtest.public import HANDBOOK, SETS, SFFSD, TOLOKERS, config_of
from models.backtest.splits import parts_of
from models.backtest.table import read_table

FOLDER = "SEMPADAN_PUBLIC_SETS"


def the_file(name: str) -> Path:
    folder = os.environ.get(FOLDER)
    if not folder:
        pytest.skip(f"{FOLDER} names no folder with the public sets (see docs/benchmarks.md)")
    path = Path(folder) / name
    if not path.exists():
        pytest.skip(f"{path.name} is not in the folder that {FOLDER} names")
    return path


def first_part(public, number, folder):
    public.prepare(the_file(public.file), folder)
    config = config_of(public.runs[number], folder)
    table = read_table(config)
    return table, next(parts_of(table, config, 0))


@pytest.mark.parametrize("run", [run for one in SETS for run in one.runs], ids=lambda run: run.name)
def test_every_run_says_batch_or_as_of_and_fits(run, tmp_path):
    config = config_of(run, tmp_path)
    assert config.links in run.name
    assert all(reach is None or 0 < reach < 1 for _, reach in run.against.values())


def test_sffsd_is_split_as_published(tmp_path):
    table, part = first_part(SFFSD, 0, tmp_path)
    assert (len(table), len(part.train), len(part.test)) == (77_881, 23_714, 5_929)
    assert table.label[part.test].mean() == pytest.approx(0.177, abs=0.001)


def test_sffsd_by_time_has_twice_the_fraud_later(tmp_path):
    table, part = first_part(SFFSD, 1, tmp_path)
    assert table.label[part.test].mean() > 2 * table.label[part.train].mean()


def test_tolokers_has_its_masks_and_links(tmp_path):
    table, part = first_part(TOLOKERS, 0, tmp_path)
    assert (len(table), len(part.train), len(part.held)) == (11_758, 5_879, 2_939)
    assert table.edges is not None
    assert len(table.edges[0]) == 519_000


@pytest.mark.slow
def test_handbook_leaves_out_cards_already_caught(tmp_path):
    table, part = first_part(HANDBOOK, 0, tmp_path)
    caught = table.entities["card"][part.train][table.label[part.train] == 1]
    assert not np.intersect1d(table.entities["card"][part.test], caught).size
    assert table.time[part.test].min() - table.time[part.train].max() > 6.9
