"""The public sets themselves, where a folder with them is named; a small part of each."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from models.backtest.prepare import FIRST_DAY, as_they_are, dealt_anew, prepare_handbook
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
    public.prepare(the_file(public.file), folder, as_they_are)
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


def some_payments(folder: Path) -> Path:
    """Four weeks of simulated payments of 60 cards, in the columns of the Handbook's file."""
    chance = np.random.default_rng([3, *b"simulated payments"])
    count = 4000
    minutes = np.sort(chance.integers(0, 28 * 24 * 60, count)).astype("timedelta64[m]")
    payments = {
        "TX_DATETIME": (FIRST_DAY - 4).astype("datetime64[us]") + minutes,
        "CUSTOMER_ID": chance.integers(0, 60, count),
        "TERMINAL_ID": chance.integers(0, 20, count),
        "TX_AMOUNT": chance.lognormal(3, 1, count),
        "TX_FRAUD": (chance.random(count) < 0.01).astype(np.int64),
    }
    pyarrow.parquet.write_table(pa.table(payments), folder / "payments.parquet")
    return folder / "payments.parquet"


@pytest.mark.parametrize("deal", [as_they_are, dealt_anew(0), dealt_anew(1)])
def test_cards_caught_by_the_labels_as_dealt_are_not_judged(deal, tmp_path):
    prepare_handbook(some_payments(tmp_path), tmp_path, deal)
    made = pyarrow.parquet.read_table(tmp_path / "table.parquet")
    day, card, fraud = (made[name].to_numpy() for name in ("day", "CUSTOMER_ID", "TX_FRAUD"))
    part = np.array(made["part"].to_pylist(), dtype=object)
    assert ((part == "train") == ((day >= 0) & (day < 7))).all()
    taught = card[(part == "train") & (fraud == 1)]
    assert len(taught)
    assert not np.isin(card[part == "test"], taught).any()
    for row in np.flatnonzero((day >= 14) & (day < 21)):
        # A fraud is known a week after its day.
        known = (day >= 0) & (day <= day[row] - 8) & (fraud == 1)
        assert (part[row] == "test") == (not np.isin(card[row], card[known]))


def test_labels_dealt_out_anew_are_as_many_and_stand_elsewhere():
    labels = np.arange(1000) % 5 // 4
    dealt = dealt_anew(0)(labels)
    assert dealt.sum() == labels.sum()
    assert (dealt != labels).any()
    np.testing.assert_array_equal(dealt, dealt_anew(0)(labels))
    assert (dealt != dealt_anew(1)(labels)).any()
    np.testing.assert_array_equal(as_they_are(labels), labels)


@pytest.mark.slow
def test_handbook_leaves_out_cards_already_caught(tmp_path):
    table, part = first_part(HANDBOOK, 0, tmp_path)
    caught = table.entities["card"][part.train][table.label[part.train] == 1]
    assert not np.intersect1d(table.entities["card"][part.test], caught).size
    assert table.time[part.test].min() - table.time[part.train].max() > 6.9
