"""Write what a linkage found: figures as JSON, a report in Markdown, pairs and clusters as CSV."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from models.linkage.around import FAINT
from models.linkage.config import LinkConfig
from models.linkage.figures import SHOWN
from models.linkage.run import RUNS, Linked

COLUMNS = SHOWN | {"clusters": "clusters"}


def write_linked(found: Linked, config: LinkConfig, out: Path) -> Path:
    """Write `out` (JSON), and beside it a folder with report.md, pairs.csv and clusters.csv.

    The two are of the first seed: pairs of rows, counted from 0, with their chance, and each row's
    cluster. No name and no value of a field is repeated anywhere.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    whole = {"columns": config.columns, "seeds": config.seeds, **found.as_json()}
    out.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    folder = out.with_name(f"{out.stem}-report")
    folder.mkdir(exist_ok=True)
    rows = np.flatnonzero(found.chances > FAINT)
    rows = rows[np.argsort(-found.chances[rows], kind="stable")]
    pairs = {
        "row": found.pairs.first[rows],
        "other_row": found.pairs.second[rows],
        "chance": np.round(found.chances[rows], 4),
    }
    clusters = {"row": np.arange(found.records), "cluster": found.cluster}
    for name, columns in (("pairs", pairs), ("clusters", clusters)):
        pyarrow.csv.write_csv(pa.table(columns), folder / f"{name}.csv")
    report = folder / "report.md"
    report.write_text("\n".join(_lines(found, config)) + "\n", encoding="utf-8")
    return report


def _lines(found: Linked, config: LinkConfig) -> Iterator[str]:
    columns = ", ".join(f"{column} ({role})" for column, role in config.columns.items())
    yield f"# Linkage of {config.records.name}\n"
    yield (
        f"By {columns}. {found.records:,} records, {found.people:,} known people with"
        f" {found.true_pairs:,} pairs; {found.compared:,} pairs were compared, with"
        f" {found.blocking_recall:.2%} of the true ones. Every figure counts the others as lost.\n"
    )
    yield (
        "Five folds by person; no model has seen either person of a pair it judges."
        f" Mean of {config.seeds} seeds ± standard deviation between them.\n"
    )
    yield f"| | {' | '.join(RUNS.values())} |"
    yield "| --- |" + " --- |" * len(RUNS)
    for name, words in COLUMNS.items():
        cells = (str(found.figures[run].get(name, "")) for run in RUNS)
        yield f"| {words} | {' | '.join(cells)} |"
    yield f"\nBest single comparison on teaching pairs: {', '.join(found.singles)}.\n"
    yield (
        "Among pairs within one fold alone, which flatters: F1"
        f" {found.within_folds['f1']}, recall at 99% precision"
        f" {found.within_folds['recall_at_99']}.\n"
    )
    yield "Pairs and clusters are an order for people to look at. Nothing is joined by them."
