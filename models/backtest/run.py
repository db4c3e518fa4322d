"""One backtest from table to figures: columns, fits, and what stands beside them, seed by seed."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np

from fraud.assessment import Floats
from models.backtest.boost import Lesson, boost
from models.backtest.columns import Singles, stacked
from models.backtest.config import Config
from models.backtest.edges import Edges
from models.backtest.figures import SHOWN, Spread, auc, chance_figures, order_figures
from models.backtest.labels import as_of_labels, batch_labels
from models.backtest.leaks import refuse_leaks
from models.backtest.links import link_columns
from models.backtest.splits import Part, asked_rows, parts_of
from models.backtest.table import Table, read_table
from models.split import Flags, Ints

Tell = Callable[[str], None]

MOST_CATEGORIES = 200
"""Categories of a column told apart; rarer ones are one category."""

RUNS = {
    "model": "with links",
    "without_links": "without links",
    "best_column": "best single column",
}
"""The orders that are judged, in the order shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Judged rows of the first split of the first seed, for the plots."""

    positive: Flags
    scores: dict[str, Floats]
    chances: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Judged rows of one split, by their number in the table, with their scores."""

    rows: Ints
    scores: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a backtest found."""

    rows: int
    labelled: int
    positives: int
    teach: int
    judged: int
    figures: dict[str, dict[str, Spread]]
    """By run and figure, over seeds; a seed with several splits counts as their mean."""
    elsewhere: dict[str, dict[str, Spread]]
    """The same on rows that nobody investigated; empty where everybody looked."""
    best_columns: tuple[str, ...]
    gains: dict[str, float]
    """Share of the gain of each column in the first fit, largest first."""
    drawn: Drawn
    scored: tuple[Scored, ...]
    """The model's scores of every seed and split, in order."""

    def as_json(self) -> dict[str, Any]:
        counts = ("rows", "labelled", "positives", "teach", "judged")
        return {
            **{name: getattr(self, name) for name in counts},
            "figures": _plain(self.figures),
            "not_investigated": _plain(self.elsewhere),
            "best_columns": list(self.best_columns),
            "gains": self.gains,
        }


def backtest(config: Config, tell: Tell) -> Found:
    """Raises InvalidInput for a table that leaks, or a split without both labels.

    Cost: two or three fits for each seed and split; memory a few times the labelled rows' columns.
    """
    tell("reading the table")
    table = read_table(config)
    refuse_leaks(table, config.allow)
    return judge_table(table, config, tell)


def judge_table(table: Table, config: Config, tell: Tell) -> Found:
    """The same for a table that was read and checked before."""
    return _Bench(table, config, tell).run()


class _Bench:
    """The columns of the labelled rows that are asked for, and the fits on them."""

    def __init__(self, table: Table, config: Config, tell: Tell) -> None:
        self._table, self._config, self._tell = table, config, tell
        self._rows = asked_rows(table, config)
        self._place = np.full(len(table), -1, dtype=np.int64)
        self._place[self._rows] = np.arange(len(self._rows))
        self._positive: Flags = table.label[self._rows] == 1
        self._batch = config.links == "batch"
        tell("building link columns")
        self._edges = Edges(table.edges, len(table)) if table.edges else None
        given = _given(table, self._rows)
        self._given = len(given)
        columns = given | link_columns(table, self._rows, batch=self._batch)
        if self._edges:
            columns |= self._edges.link_columns(table, self._rows)
        self._names, self._fixed = list(columns), stacked(columns, len(self._rows))
        self._as_of: tuple[Flags, list[str], Singles] | None = None

    def run(self) -> Found:
        by_seed: list[dict[str, dict[str, float]]] = []
        elsewhere: list[dict[str, dict[str, float]]] = []
        best: dict[str, None] = {}
        first: tuple[dict[str, float], Drawn, Part] | None = None
        scored: list[Scored] = []
        for seed in range(self._config.seeds):
            judged = []
            for number, part in enumerate(parts_of(self._table, self._config, seed)):
                self._tell(f"seed {seed + 1} of {self._config.seeds}, split {number + 1}")
                judged.append(self._judge(part, seed))
                best[judged[-1].best] = None
                scored.append(Scored(part.test, judged[-1].drawn.scores["model"]))
                first = first or (judged[-1].gains, judged[-1].drawn, part)
            by_seed.append(_mean([one.figures for one in judged]))
            if all(one.elsewhere for one in judged):
                elsewhere.append(_mean([one.elsewhere for one in judged]))
        assert first is not None  # noqa: S101  # every split has one part at least
        gains, drawn, part = first
        return Found(
            rows=len(self._table),
            labelled=int((~np.isnan(self._table.label)).sum()),
            positives=int((self._table.label == 1).sum()),
            teach=len(part.train),
            judged=len(part.test),
            figures=_spreads(by_seed),
            elsewhere=_spreads(elsewhere),
            best_columns=tuple(best),
            gains=gains,
            drawn=drawn,
            scored=tuple(scored),
        )

    def _judge(self, part: Part, seed: int) -> "_Judged":
        names, matrix = self._matrix(part, seed)
        train, held, test = (self._place[rows] for rows in (part.train, part.held, part.test))
        categorical = [i for i in range(self._given) if names[i] in self._table.categorical]
        positive = self._positive[test]
        scores, chances, lines = {}, {}, {}
        full = boost(Lesson(matrix, self._positive, categorical), train, held, seed)
        scores["model"] = full.log_odds(matrix[test])
        chances["model"], lines["model"] = full.chances(scores["model"]), full.line
        if self._given:
            given = np.ascontiguousarray(matrix[:, : self._given])
            bare = boost(Lesson(given, self._positive, categorical), train, held, seed)
            scores["without_links"] = bare.log_odds(given[test])
            chances["without_links"] = bare.chances(scores["without_links"])
            lines["without_links"] = bare.line
        best, direction = _best_column(matrix, train, self._positive, categorical)
        scores["best_column"] = _ranked(matrix[test, best], direction)

        def figures(among: Flags) -> dict[str, dict[str, float]]:
            found = {}
            for run, values in scores.items():
                found[run] = order_figures(positive[among], values[among], self._config.reviews)
                if run in chances:
                    found[run] |= chance_figures(positive[among], chances[run][among], lines[run])
            return found

        return _Judged(
            figures=figures(np.ones(len(test), dtype=np.bool_)),
            elsewhere=self._elsewhere(part, positive, figures),
            best=names[best],
            gains=_gains(names, full.booster.feature_importance("gain")),
            drawn=Drawn(positive, scores, chances["model"]),
        )

    def _elsewhere(
        self, part: Part, positive: Flags, figures: Callable[[Flags], dict[str, dict[str, float]]]
    ) -> dict[str, dict[str, float]]:
        unseen = ~self._table.investigated[part.test]
        both = positive[unseen].any() and not positive[unseen].all()
        return figures(unseen) if both else {}

    def _matrix(self, part: Part, seed: int) -> tuple[list[str], Singles]:
        if self._batch:
            names, labels = batch_labels(self._table, self._edges, part, self._rows, seed)
        elif self._config.label.delay is None:
            return self._names, self._fixed
        else:
            names, labels = self._known_before(part, self._config.label.delay)
        return self._names + names, np.hstack([self._fixed, labels])

    def _known_before(self, part: Part, delay: float) -> tuple[list[str], Singles]:
        """Label columns as of each row, made once while the same labels may be read."""
        if self._as_of is None or not np.array_equal(self._as_of[0], part.usable):
            found = as_of_labels(self._table, part, self._rows, delay)
            self._as_of = (part.usable, list(found), stacked(found, len(self._rows)))
        return self._as_of[1], self._as_of[2]


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    figures: dict[str, dict[str, float]]
    elsewhere: dict[str, dict[str, float]]
    best: str
    gains: dict[str, float]
    drawn: Drawn


def _given(table: Table, rows: Ints) -> dict[str, Floats]:
    """The table's own columns: numbers as they are, the commonest categories by number."""
    columns = {name: values[rows] for name, values in table.numeric.items()}
    for name, codes in table.categorical.items():
        columns[name] = _by_frequency(codes)[rows]
    return columns


def _by_frequency(codes: Ints) -> Floats:
    """Categories numbered from the commonest, so that no number tells which came first."""
    counts = np.bincount(codes[codes >= 0])
    rank = np.empty(len(counts))
    rank[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
    return np.where(codes >= 0, np.minimum(rank[codes], MOST_CATEGORIES), np.nan)


def _best_column(
    matrix: Singles, train: Ints, positive: Flags, categorical: list[int]
) -> tuple[int, float]:
    """The column with the highest AUC on teaching rows, either way round; its number and way."""
    best, highest, way = 0, -1.0, 1.0
    for column in range(matrix.shape[1]):
        if column in categorical and matrix.shape[1] > len(categorical):
            continue
        found = auc(positive[train], _ranked(matrix[train, column], 1.0))
        if max(found, 1 - found) > highest:
            best, highest, way = column, max(found, 1 - found), 1.0 if found >= 0.5 else -1.0
    return best, way


def _ranked(values: Singles, direction: float) -> Floats:
    """Values in the direction of positives; unknown ones stand last but for the direction."""
    known = values[~np.isnan(values)]
    lowest = float(known.min()) - 1.0 if len(known) else 0.0
    return np.where(np.isnan(values), lowest, values).astype(np.float64) * direction


def _gains(names: list[str], gains: Floats) -> dict[str, float]:
    share = gains / max(float(gains.sum()), 1e-12)
    return {names[i]: float(share[i]) for i in np.argsort(-share, kind="stable")}


def _mean(found: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    return {
        run: {name: fmean(one[run][name] for one in found) for name in found[0][run]}
        for run in found[0]
    }


def _spreads(by_seed: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, Spread]]:
    if not by_seed:
        return {}
    return {
        run: {
            name: Spread.of([seed[run][name] for seed in by_seed])
            for name in SHOWN
            if name in by_seed[0][run]
        }
        for run in RUNS
        if run in by_seed[0]
    }


def _plain(figures: dict[str, dict[str, Spread]]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        run: {name: {"mean": s.mean, "deviation": s.deviation} for name, s in found.items()}
        for run, found in figures.items()
    }
