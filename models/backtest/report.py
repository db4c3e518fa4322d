"""Write what a backtest found: figures as JSON, and a report in Markdown with plots."""

import json
from collections.abc import Iterator
from pathlib import Path

from models.backtest.config import Config, Folds, Groups, Masks, TimeSplit
from models.backtest.figures import SHOWN, Spread
from models.backtest.pictures import calibration_picture, order_picture
from models.backtest.run import RUNS, Found

MOST_GAINS = 15
"""Columns listed by how much they helped."""


def write_report(found: Found, config: Config, out: Path) -> Path:
    """Write `out` (JSON), and beside it a folder with report.md and plots; returns the report."""
    out.parent.mkdir(parents=True, exist_ok=True)
    whole = {"name": name_of(config), "seeds": config.seeds, **found.as_json()}
    out.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    folder = out.with_name(f"{out.stem}-report")
    folder.mkdir(exist_ok=True)
    (folder / "order.png").write_bytes(order_picture(found.drawn))
    (folder / "calibration.png").write_bytes(calibration_picture(found.drawn))
    report = folder / "report.md"
    report.write_text("\n".join(_lines(found, config)) + "\n", encoding="utf-8")
    return report


def name_of(config: Config) -> str:
    """What was run, with the word batch or as of in it."""
    split = config.split
    if config.links == "batch":
        links = "batch: links see every row, labels of teaching rows out of fold"
    elif config.label.delay is None:
        links = "as of: links of earlier rows, no labels"
    else:
        links = f"as of: links of earlier rows, labels with a delay of {config.label.delay:g}"
    if isinstance(split, TimeSplit):
        return f"{links}; last {split.test:.0%} by time judged"
    if isinstance(split, Groups):
        return f"{links}; {split.count} folds by {split.column}"
    if isinstance(split, Folds):
        return f"{links}; {split.count} folds"
    return f"{links}; {_masks(split)}"


def _masks(split: Masks) -> str:
    return "mask supplied" if len(split.columns) == 1 else f"{len(split.columns)} masks supplied"


def _lines(found: Found, config: Config) -> Iterator[str]:
    yield f"# Backtest of {config.table.name}\n"
    yield f"{name_of(config)}. Mean of {config.seeds} seeds ± standard deviation between them.\n"
    yield (
        f"{found.rows:,} rows, {found.labelled:,} with a label, {found.positives:,} positive."
        f" In the first split {found.teach:,} rows teach and {found.judged:,} judge.\n"
    )
    yield from _table(found.figures)
    yield f"\nk is {_reviews(config.reviews)}. Macro-F1 at a line chosen on held rows."
    yield f"Best single column on teaching rows: {', '.join(found.best_columns)}.\n"
    if config.investigated:
        yield "Only investigated rows teach.\n"
    if found.elsewhere:
        yield "## Rows nobody investigated\n"
        yield from _table(found.elsewhere)
        yield ""
    yield "![ROC curve, and precision over recall](order.png)\n"
    yield "![Observed over predicted share](calibration.png)\n"
    yield "## Columns that helped most in the first fit\n"
    for name, share in list(found.gains.items())[:MOST_GAINS]:
        yield f"- {name}: {share:.1%}"


def _table(figures: dict[str, dict[str, Spread]]) -> Iterator[str]:
    runs = [run for run in RUNS if run in figures]
    yield f"| | {' | '.join(RUNS[run] for run in runs)} |"
    yield "| --- |" + " --- |" * len(runs)
    for name, words in SHOWN.items():
        cells = (str(figures[run][name]) if name in figures[run] else "" for run in runs)
        yield f"| {words} | {' | '.join(cells)} |"


def _reviews(reviews: float) -> str:
    return f"{reviews:.1%} of the rows" if reviews < 1 else f"{reviews:g} rows"
