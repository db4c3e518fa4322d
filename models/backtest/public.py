"""The public sets that the backtest is held against: how each is read, and what others reached.

Docs: docs/benchmarks.md. The sets are read where they lie; what is made of them is put into a
temporary folder and removed. Nothing at run time needs them.
"""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from sklearn.model_selection import train_test_split

from models.backtest.config import Config
from models.backtest.figures import Spread
from models.backtest.run import Found, Tell, backtest, judge_table
from models.backtest.table import read_table
from models.split import Ints

HEADS = (
    "Set and run",
    "Figure",
    "With links",
    "Without links",
    "Best column",
    "Published",
    "Reach",
)
"""What the columns of a line mean."""

FIRST_DAY = np.datetime64("2018-07-25")
"""First day that teaches on Handbook payments."""

WORDS = {
    "auc": "AUC",
    "average_precision": "average precision",
    "macro_f1": "macro-F1",
    "card_precision": "card-precision@100",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run on a public set: its name, its description, and by figure what to hold against."""

    name: str
    config: dict[str, object]
    against: dict[str, tuple[str, float | None]]
    """By figure: what is published (and by whom), and what we set out to reach."""


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A set: its file, how it becomes a table, and its runs."""

    file: str
    prepare: Callable[[Path, Path], None]
    runs: tuple[Run, ...]


def run_public_sets(
    data: Path, *, only: str, shuffled: bool, seeds: int, tell: Tell
) -> Iterator[Sequence[str]]:
    """A line for each figure of each set that is in `data`; `only` is part of a file's name.

    Shuffled, labels are dealt out anew among the labelled rows for each seed, and the only figure
    is the AUC, which has to be a half.
    """
    present = [one for one in SETS if (data / one.file).exists() and only in one.file]
    lines = _shuffled_lines if shuffled else _lines
    for one in present:
        with TemporaryDirectory() as folder:
            one.prepare(data / one.file, Path(folder))
            for run in one.runs:
                config = config_of(run, Path(folder)).model_copy(update={"seeds": seeds})

                def told(step: str, name: str = run.name) -> None:
                    tell(f"{name}: {step}")

                yield from lines(run, config, told)


def _lines(run: Run, config: Config, tell: Tell) -> Iterator[Sequence[str]]:
    found = backtest(config, tell)
    runs = ("model", "without_links", "best_column")
    for figure, (published, reach) in run.against.items():
        if figure == "card_precision":
            cells = [str(card_precision(found, config)), "", ""]
        else:
            cells = [str(found.figures.get(name, {}).get(figure, "")) for name in runs]
        yield run.name, WORDS[figure], *cells, published, "" if reach is None else f"{reach:g}"


def _shuffled_lines(run: Run, config: Config, tell: Tell) -> Iterator[Sequence[str]]:
    table, aucs = read_table(config), []
    known = np.flatnonzero(~np.isnan(table.label))
    for seed in range(config.seeds):
        label = table.label.copy()
        label[known] = label[np.random.default_rng(seed).permutation(known)]
        one = config.model_copy(update={"seeds": 1})
        found = judge_table(replace(table, label=label), one, tell)
        aucs.append(found.figures["model"]["auc"].mean)
    yield run.name, "AUC, labels shuffled", str(Spread.of(aucs)), "", "", "", "0.5"


def config_of(run: Run, folder: Path) -> Config:
    """The description of a run on what was prepared in a folder."""
    config = Config.model_validate({"table": "table.parquet", **run.config})
    edges = folder / config.edges if config.edges else None
    return config.model_copy(update={"table": folder / config.table, "edges": edges})


def card_precision(found: Found, config: Config) -> Spread:
    """Of the 100 cards ranked highest on each day, the share with a fraud that day; mean of days.

    A card ranks as its highest payment does; once found, it is blocked on later days.
    Source: Le Borgne et al., Fraud Detection Handbook, chapter 4, "Precision top-k metrics".
    """
    table = pyarrow.parquet.read_table(config.table)
    day, card, fraud = (np.asarray(table[name]) for name in ("day", "CUSTOMER_ID", "TX_FRAUD"))
    per_seed = len(found.scored) // config.seeds
    values = []
    for one in found.scored[::per_seed]:
        days: list[float] = []
        blocked: list[int] = []
        for date in np.unique(day[one.rows]):
            today = (day[one.rows] == date) & ~np.isin(card[one.rows], blocked)
            rows, scores = one.rows[today], one.scores[today]
            cards, place = np.unique(card[rows], return_inverse=True)
            highest, caught = np.full(len(cards), -np.inf), np.zeros(len(cards))
            np.maximum.at(highest, place, scores)
            np.maximum.at(caught, place, fraud[rows])
            reviewed = np.argsort(-highest, kind="stable")[:100]
            days.append(float(caught[reviewed].mean()))
            blocked += cards[reviewed][caught[reviewed] == 1].tolist()
        values.append(float(np.mean(days)))
    return Spread.of(values)


def prepare_sffsd(file: Path, folder: Path) -> None:
    """S-FFSD with the published split: stratified over the three label values, seed 2."""
    with zipfile.ZipFile(file) as packed, packed.open("S-FFSD.csv") as opened:
        table = pyarrow.csv.read_csv(opened)
    rows = np.arange(table.num_rows)
    test = train_test_split(rows, stratify=table["Labels"], test_size=0.2, random_state=2)[1]
    _write(_masked(table, "part", {"test": test}, otherwise="train"), folder / "table.parquet")


def prepare_tolokers(file: Path, folder: Path) -> None:
    """Tolokers as a table with its ten masks, and an edge file."""
    with np.load(file) as found:
        count = len(found["node_labels"])
        columns = {f"x{i}": found["node_features"][:, i] for i in range(10)}
        table = pa.table({"id": np.arange(count), "banned": found["node_labels"], **columns})
        for i in range(10):
            parts = {
                word: np.flatnonzero(found[f"{mask}_masks"][i])
                for word, mask in (("train", "train"), ("held", "val"), ("test", "test"))
            }
            table = _masked(table, f"mask{i}", parts)
        ends = found["edges"]
        _write(table, folder / "table.parquet")
        _write(pa.table({"one": ends[:, 0], "other": ends[:, 1]}), folder / "edges.parquet")


def prepare_handbook(file: Path, folder: Path) -> None:
    """Handbook payments, split as in its chapter 5: a week teaches, a week waits, a week judges.

    Cards known to be caught when a day is judged are left out of that day.
    """
    table = pyarrow.parquet.read_table(
        file, columns=["TX_DATETIME", "CUSTOMER_ID", "TERMINAL_ID", "TX_AMOUNT", "TX_FRAUD"]
    )
    # Days from the first that teaches: 0 to 6 teach, 14 to 20 judge.
    day = (table["TX_DATETIME"].to_numpy().astype("datetime64[D]") - FIRST_DAY).astype(np.int64)
    card, fraud = np.asarray(table["CUSTOMER_ID"]), np.asarray(table["TX_FRAUD"]) == 1
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


PAYMENTS: dict[str, object] = {
    "label": {"column": "Labels", "unknown": [2]},
    "time": "Time",
    "numeric": ["Amount"],
    "categorical": ["Type"],
    "entities": {
        "source": "Source",
        "target": "Target",
        "place": "Location",
        "type": "Type",
        "amount": "Amount",
    },
}

SFFSD = PublicSet(
    "S-FFSD.zip",
    prepare_sffsd,
    (
        Run(
            "S-FFSD, published random split, batch",
            PAYMENTS | {"links": "batch", "split": {"kind": "masks", "columns": ["part"]}},
            {
                "auc": ("0.846 RGTAN", 0.94),
                "average_precision": ("0.694 RGTAN", 0.82),
                "macro_f1": ("0.751 RGTAN", 0.82),
            },
        ),
        Run(
            "S-FFSD, last fifth by time, as of, no labels in links",
            PAYMENTS | {"links": "as of", "split": {"kind": "time", "test": 0.2}},
            {"auc": ("none", 0.90), "average_precision": ("none", 0.76)},
        ),
    ),
)

TOLOKERS = PublicSet(
    "tolokers.npz",
    prepare_tolokers,
    (
        Run(
            "Tolokers, ten masks, batch",
            {
                "id": "id",
                "edges": "edges.parquet",
                "label": {"column": "banned"},
                "numeric": [f"x{i}" for i in range(10)],
                "links": "batch",
                "split": {"kind": "masks", "columns": [f"mask{i}" for i in range(10)]},
            },
            {"auc": ("0.838 GAT-sep", 0.852)},
        ),
    ),
)

HANDBOOK = PublicSet(
    "handbook_transactions.parquet",
    prepare_handbook,
    (
        Run(
            "Handbook payments, as of, labels 7 days late",
            {
                "label": {"column": "TX_FRAUD", "delay": 7},
                "time": "TX_DATETIME",
                "numeric": ["TX_AMOUNT"],
                "entities": {"card": "CUSTOMER_ID", "terminal": "TERMINAL_ID"},
                "links": "as of",
                "split": {"kind": "masks", "columns": ["part"]},
            },
            {
                "auc": ("0.871 logistic", 0.885),
                "average_precision": ("0.658", 0.65),
                "card_precision": ("0.291", 0.295),
            },
        ),
    ),
)

SETS = (SFFSD, TOLOKERS, HANDBOOK)
