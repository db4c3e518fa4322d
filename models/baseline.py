"""What the scorer has to beat: chance, the best single column, and a tuned logistic regression.

Each is chosen on the rows that teach and sees the same columns as the booster. They are kept as
JSON beside the booster, so that every later evaluation can show them.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from statistics import NormalDist

import numpy as np
from sklearn.linear_model import LogisticRegression

from fraud.assessment import Floats
from models.judge import Judged, Order
from models.rows import Rows
from models.split import Flags, Ints, Split

STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3)
"""Inverse penalties tried, strongest penalty first."""

SCALES = ("logarithm", "rank")
"""Ways tried to tame heavy tails before standardising."""

HEAVY = 20.0
"""A column whose largest value is this many times its typical one is taken in logarithm."""

STEPS = np.linspace(0.005, 0.995, 100)
"""Ranks at which `rank` notes a column's values; each is placed as a normal value of that rank."""


@dataclass(frozen=True, slots=True)
class BestColumn:
    """One column and the direction in which it points to a positive."""

    column: int
    direction: float
    if_unknown: float
    """Where an unknown value stands: below every known one of the rows that taught."""

    def scores(self, vectors: Floats) -> Floats:
        values = vectors[:, self.column] * self.direction
        return np.where(np.isnan(values), self.if_unknown, values)


def best_column(rows: Rows) -> BestColumn:
    """The column, and its direction, with the highest average precision on `rows`.

    Cost: two sorts for each column.
    """
    candidates = [
        BestColumn(column, direction, _below(rows.vectors[:, column] * direction))
        for column in range(rows.vectors.shape[1])
        for direction in (1.0, -1.0)
    ]
    return max(candidates, key=lambda one: _average_precision(rows, one.scores(rows.vectors)))


def _below(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.min()) - 1.0 if len(known) else 0.0


@dataclass(frozen=True, slots=True)
class Taming:
    """Fill unknown values with the median, tame heavy tails and standardise, as found on rows.

    A flag says for each column where the value was unknown; columns that are unknown together
    share one.
    """

    medians: list[float]
    flagged: list[int]
    heavy: list[bool]
    ranks: list[tuple[list[float], list[float]]]
    """For each column known values and their normal places; empty for the logarithm."""
    centre: list[float]
    spread: list[float]

    def __call__(self, vectors: Floats) -> Floats:
        return np.asarray((self._tamed(vectors) - self.centre) / np.array(self.spread))

    def _tamed(self, vectors: Floats) -> Floats:
        filled = np.where(np.isnan(vectors), self.medians, vectors)
        if self.ranks:
            tamed = np.column_stack(
                [np.interp(filled[:, i], *known) for i, known in enumerate(self.ranks)]
            )
        else:
            tamed = np.where(self.heavy, np.sign(filled) * np.log1p(np.abs(filled)), filled)
        return np.hstack([tamed, np.isnan(vectors[:, self.flagged]).astype(np.float64)])


def tame(vectors: Floats, scale: str) -> Taming:
    """The taming that fits some rows, by logarithm or by rank."""
    medians = _medians(vectors)
    filled = np.where(np.isnan(vectors), medians, vectors)
    raw = Taming(
        medians=medians.tolist(),
        flagged=_distinct_columns(np.isnan(vectors)).tolist(),
        heavy=_is_heavy(filled).tolist(),
        ranks=[_ranks(column) for column in filled.T] if scale == "rank" else [],
        centre=[0.0],
        spread=[1.0],
    )
    tamed = raw(vectors)
    spread = tamed.std(axis=0)
    return replace(
        raw,
        centre=tamed.mean(axis=0).tolist(),
        spread=np.where(spread > 0, spread, 1.0).tolist(),
    )


def _medians(vectors: Floats) -> Floats:
    known = ~np.isnan(vectors).all(axis=0)
    medians = np.zeros(vectors.shape[1])
    medians[known] = np.nanmedian(vectors[:, known], axis=0)
    return medians


def _ranks(values: Floats) -> tuple[list[float], list[float]]:
    """Different values of a column, and the middle of the normal places each of them holds."""
    places = np.array([NormalDist().inv_cdf(step) for step in STEPS])
    different, which = np.unique(np.quantile(values, STEPS), return_inverse=True)
    middles = np.bincount(which, weights=places) / np.bincount(which)
    return different.tolist(), middles.tolist()


def _distinct_columns(flags: Flags) -> Ints:
    """Positions of the first of each different column that is neither all true nor all false."""
    _, first = np.unique(flags, axis=1, return_index=True)
    share = flags.mean(axis=0)
    return np.array([i for i in sorted(first) if 0 < share[i] < 1], dtype=np.int64)


def _is_heavy(filled: Floats) -> Flags:
    size = np.abs(filled)
    return np.asarray(size.max(axis=0) > HEAVY * (size.mean(axis=0) + 1e-12))


@dataclass(frozen=True, slots=True)
class Regression:
    """A fitted logistic regression with the taming of its columns."""

    taming: Taming
    weights: list[float]
    start: float
    strength: float
    scale: str

    def scores(self, vectors: Floats) -> Floats:
        """Log-odds, shape (n,)."""
        return np.asarray(self.taming(vectors) @ np.array(self.weights) + self.start)


def tuned_regression(rows: Rows, folds: Sequence[Split]) -> Regression:
    """The logistic regression whose penalty and scale serve later claims best, fitted on `rows`.

    Judged by average precision on the same forward folds as the booster. Among equals the
    stronger penalty. Cost: one fit for each fold, scale and penalty.
    """
    tried = {
        (scale, strength): precision
        for scale in SCALES
        for strength, precision in _forward_precisions(rows, folds, scale).items()
    }
    scale, strength = max(tried, key=lambda choice: tried[choice])
    return regression(rows, scale, strength)


def regression(rows: Rows, scale: str, strength: float) -> Regression:
    """A logistic regression with a given scale and inverse penalty."""
    return _fitted(rows, tame(rows.vectors, scale), scale, strength)


def _fitted(rows: Rows, taming: Taming, scale: str, strength: float) -> Regression:
    line = LogisticRegression(C=strength, solver="newton-cholesky", max_iter=200)
    line.fit(taming(rows.vectors), rows.positive, sample_weight=rows.weights / rows.weights.mean())
    return Regression(taming, line.coef_[0].tolist(), float(line.intercept_[0]), strength, scale)


def _forward_precisions(rows: Rows, folds: Sequence[Split], scale: str) -> dict[float, float]:
    """For each penalty the mean average precision over folds."""
    found: dict[float, list[float]] = {strength: [] for strength in STRENGTHS}
    for fold in folds:
        earlier, later = rows.take(fold.earlier), rows.take(fold.later)
        taming = tame(earlier.vectors, scale)
        for strength in STRENGTHS:
            scores = _fitted(earlier, taming, scale, strength).scores(later.vectors)
            found[strength].append(_average_precision(later, scores))
    return {strength: float(np.nanmean(values)) for strength, values in found.items()}


def baselines_to_json(column: BestColumn, line: Regression) -> str:
    """Both baselines as text."""
    return json.dumps({"best_column": asdict(column), "logistic": asdict(line)})


def baselines_from_json(text: str) -> tuple[BestColumn, Regression]:
    """Read what `baselines_to_json` wrote."""
    found = json.loads(text)
    line = found["logistic"]
    return (
        BestColumn(**found["best_column"]),
        Regression(**{**line, "taming": Taming(**line["taming"])}),
    )


def _average_precision(rows: Rows, scores: Floats) -> float:
    return Order(Judged.plain(rows.positive), scores).average_precision(rows.weights)
