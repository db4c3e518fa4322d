"""The public sets that the backtest is held against: their runs, and what others reached.

Docs: docs/benchmarks.md. The sets are read where they lie; what is made of them is put into a
temporary folder and removed. Nothing at run time needs them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow.parquet

from models.backtest.config import Config
from models.backtest.figures import Spread
from models.backtest.prepare import (
    UNKNOWN,
    Deal,
    as_they_are,
    dealt_anew,
    prepare_handbook,
    prepare_sffsd,
    prepare_tolokers,
)
from models.backtest.run import Found, Tell, backtest, judge_table
from models.backtest.table import read_table

HEADS = (
    "Figure",
    "With links",
    "Without links",
    "Best column",
    "Published",
    "Reach",
)
"""What the columns of a line mean."""

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
    prepare: Callable[[Path, Path, Deal], None]
    runs: tuple[Run, ...]


def run_public_sets(
    data: Path, *, only: str, shuffled: bool, seeds: int, tell: Tell
) -> Iterator[tuple[str, list[Sequence[str]]]]:
    """Each run on each set in `data`: its name and lines; `only` is part of a file's name.

    Shuffled, labels are dealt out anew among the labelled rows for each seed, before anything is
    made of them, and the only figure is the AUC, which has to be a half.
    """
    present = [one for one in SETS if (data / one.file).exists() and only in one.file]
    for one in present:
        for run in one.runs:

            def told(step: str, name: str = run.name) -> None:
                tell(f"{name}: {step}")

            if shuffled:
                lines = [_shuffled_line(one, run, data, seeds, told)]
            else:
                with TemporaryDirectory() as folder:
                    one.prepare(data / one.file, Path(folder), as_they_are)
                    config = config_of(run, Path(folder)).model_copy(update={"seeds": seeds})
                    lines = list(_lines(run, config, told))
            yield run.name, lines


def _lines(run: Run, config: Config, tell: Tell) -> Iterator[Sequence[str]]:
    found = backtest(config, tell)
    runs = ("model", "without_links", "best_column")
    for figure, (published, reach) in run.against.items():
        if figure == "card_precision":
            cells = [str(card_precision(found, config)), "", ""]
        else:
            cells = [str(found.figures.get(name, {}).get(figure, "")) for name in runs]
        yield WORDS[figure], *cells, published, "" if reach is None else f"{reach:g}"


def _shuffled_line(
    public: PublicSet, run: Run, data: Path, seeds: int, tell: Tell
) -> Sequence[str]:
    aucs = []
    for seed in range(seeds):
        tell(f"labels dealt out anew, {seed + 1} of {seeds}")
        with TemporaryDirectory() as folder:
            public.prepare(data / public.file, Path(folder), dealt_anew(seed))
            config = config_of(run, Path(folder)).model_copy(update={"seeds": 1})
            found = judge_table(read_table(config), config, tell)
        aucs.append(found.figures["model"]["auc"].mean)
    return "AUC, labels shuffled", str(Spread.of(aucs)), "", "", "", "0.5"


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


PAYMENTS: dict[str, object] = {
    "label": {"column": "Labels", "unknown": [UNKNOWN]},
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
