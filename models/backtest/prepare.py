"""The public sets made into tables: their splits, and labels as they are or dealt out anew."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from sklearn.model_selection import train_test_split

from models.split import Ints

UNKNOWN = 2
"""What S-FFSD writes for a label that nobody knows."""

Deal = Callable[[Ints], Ints]
"""What stands as the labels of a set's labelled rows: the labels themselves, or dealt out anew."""

FIRST_DAY = np.datetime64("2018-07-25")
"""First day that teaches on Handbook payments."""


def as_they_are(labels: Ints) -> Ints:
    """The labels of a set, each with its row."""
    return labels


def dealt_anew(seed: int) -> Deal:
    """The same labels, each with a row that chance has drawn for it."""
    return np.random.default_rng([seed, *b"labels"]).permutation


def prepare_sffsd(file: Path, folder: Path, deal: Deal) -> None:
    """S-FFSD with the published split: stratified over the three label values, seed 2."""
    with zipfile.ZipFile(file) as packed, packed.open("S-FFSD.csv") as opened:
        table = pyarrow.csv.read_csv(opened)
    label, rows = table["Labels"].to_numpy().copy(), np.arange(table.num_rows)
    label[label != UNKNOWN] = deal(label[label != UNKNOWN])
    table = table.set_column(table.schema.get_field_index("Labels"), "Labels", pa.array(label))
    test = train_test_split(rows, stratify=label, test_size=0.2, random_state=2)[1]
    _write(_masked(table, "part", {"test": test}, otherwise="train"), folder / "table.parquet")


def prepare_tolokers(file: Path, folder: Path, deal: Deal) -> None:
    """Tolokers as a table with its ten masks, and an edge file."""
    with np.load(file) as found:
        count = len(found["node_labels"])
        columns = {f"x{i}": found["node_features"][:, i] for i in range(10)}
        banned = deal(found["node_labels"])
        table = pa.table({"id": np.arange(count), "banned": banned, **columns})
        for i in range(10):
            parts = {
                word: np.flatnonzero(found[f"{mask}_masks"][i])
                for word, mask in (("train", "train"), ("held", "val"), ("test", "test"))
            }
            table = _masked(table, f"mask{i}", parts)
        ends = found["edges"]
        _write(table, folder / "table.parquet")
        _write(pa.table({"one": ends[:, 0], "other": ends[:, 1]}), folder / "edges.parquet")


def prepare_handbook(file: Path, folder: Path, deal: Deal) -> None:
    """Handbook payments, split as in its chapter 5: a week teaches, a week waits, a week judges.

    Cards known to be caught when a day is judged, by the labels as dealt, are left out of that day.
    """
    table = pyarrow.parquet.read_table(
        file, columns=["TX_DATETIME", "CUSTOMER_ID", "TERMINAL_ID", "TX_AMOUNT", "TX_FRAUD"]
    )
    # Days from the first that teaches: 0 to 6 teach, 14 to 20 judge.
    day = (table["TX_DATETIME"].to_numpy().astype("datetime64[D]") - FIRST_DAY).astype(np.int64)
    card, label = np.asarray(table["CUSTOMER_ID"]), deal(np.asarray(table["TX_FRAUD"]))
    table = table.set_column(table.schema.get_field_index("TX_FRAUD"), "TX_FRAUD", pa.array(label))
    fraud = label == 1
    teach = (day >= 0) & (day < 7)
    caught, tested = set(card[teach & fraud].tolist()), []
    for later in range(7):
        caught |= set(card[(day == 6 + later) & fraud].tolist())
        today = np.flatnonzero(day == 14 + later)
        tested.append(today[~np.isin(card[today], list(caught))])
    parts = {"train": np.flatnonzero(teach), "test": np.concatenate(tested)}
    made = _masked(table.append_column("day", pa.array(day)), "part", parts)
    _write(made, folder / "table.parquet")


def _masked(
    table: pa.Table, name: str, parts: dict[str, Ints], otherwise: str | None = None
) -> pa.Table:
    words = np.full(table.num_rows, otherwise, dtype=object)
    for word, rows in parts.items():
        words[rows] = word
    return table.append_column(name, pa.array(words, pa.string()))


def _write(table: pa.Table, path: Path) -> None:
    pyarrow.parquet.write_table(table, path)
