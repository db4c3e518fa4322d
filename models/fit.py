"""Fit one LightGBM booster: seeded, deterministic, and blind to which records are missing.

Trees can learn from where a value is unknown. So each row is joined by copies in which whole
sources are made unknown at random, in claims of both labels alike: an absent source then says
nothing about the label, and the rest of the row has to be enough.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from fraud.assessment import Floats
from models.columns import Columns
from models.split import Flags, Split


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a booster besides its rows. Made for 1 to 4 thousand of them."""

    rounds: int = 200
    learning_rate: float = 0.03
    num_leaves: int = 15
    max_depth: int = 6
    min_data_in_leaf: int = 20
    feature_fraction: float = 0.5
    bagging_fraction: float = 0.7
    lambda_l2: float = 5.0
    copies: int = 2
    """Copies of each row with sources masked, beside the row as it is."""
    mask_share: float = 0.25
    """Chance that a source is masked in a copy."""
    heaviest: float = 5.0
    """No row weighs more than this in fitting, however many claims it stands for: a few control
    rows would otherwise decide the booster."""
    seed: int = 2026
    threads: int = 1

    def parameters(self) -> dict[str, Any]:
        """As LightGBM takes them."""
        return {
            "objective": "binary",
            "learning_rate": self.learning_rate,
            "num_leaves": self.num_leaves,
            "max_depth": self.max_depth,
            # Copies of one row are no evidence of one another.
            "min_data_in_leaf": self.min_data_in_leaf * (1 + self.copies),
            "feature_fraction": self.feature_fraction,
            "bagging_fraction": self.bagging_fraction,
            "bagging_freq": 1,
            "lambda_l2": self.lambda_l2,
            "feature_pre_filter": False,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": self.threads,
            "seed": self.seed,
            "verbosity": -1,
        }

    def described(self) -> dict[str, str]:
        """Each choice as text, for the record of a run."""
        return {name: str(value) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What a fit reads: vectors (n, columns), which are positive (n,), and weights (n,)."""

    vectors: Floats
    positive: Flags
    weights: Floats

    def __len__(self) -> int:
        return len(self.positive)

    def take(self, rows: NDArray[np.int64]) -> "Rows":
        return Rows(self.vectors[rows], self.positive[rows], self.weights[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """Scores of rows by boosters that had seen only earlier ones; `rows` says which."""

    rows: NDArray[np.int64]
    log_odds: Floats
    rounds: int


def fit_booster(rows: Rows, columns: Columns, recipe: Recipe) -> lgb.Booster:
    """Fit on all of `rows`. The same rows and recipe give the same bytes."""
    masked = with_masked_copies(rows, columns, recipe)
    return lgb.train(recipe.parameters(), _dataset(masked, columns), num_boost_round=recipe.rounds)


def with_masked_copies(rows: Rows, columns: Columns, recipe: Recipe) -> Rows:
    """The rows, followed by copies in which each source is unknown with chance `mask_share`.

    All copies of a row together weigh as much as the row did.
    """
    chance = np.random.default_rng(recipe.seed)
    sources = sorted(set(columns.sources))
    parts = [rows.vectors]
    for _ in range(recipe.copies):
        copy = rows.vectors.copy()
        for source in sources:
            hidden = chance.random(len(rows)) < recipe.mask_share
            copy[np.ix_(hidden, columns.of_source(source))] = np.nan
        parts.append(copy)
    times = 1 + recipe.copies
    return Rows(
        np.vstack(parts), np.tile(rows.positive, times), np.tile(rows.weights / times, times)
    )


def fit_forward(
    rows: Rows, columns: Columns, folds: Sequence[Split], recipe: Recipe, *, most_rounds: int = 600
) -> Forward:
    """Find how many rounds serve later claims best, and score each fold's later rows with that.

    One number of rounds for all folds: those in which the average precision over folds is best
    after smoothing, since a single fold holds few positives. Cost: one fit a fold.
    """
    longest = replace(recipe, rounds=most_rounds)
    boosters = [fit_booster(rows.take(fold.earlier), columns, longest) for fold in folds]
    tried = list(range(25, most_rounds + 1, 25))
    scores = [
        [_log_odds(booster, rows.vectors[fold.later], n) for n in tried]
        for booster, fold in zip(boosters, folds, strict=True)
    ]
    best = _best_place(
        [[_precision(rows, fold, s) for s in row] for row, fold in zip(scores, folds, strict=True)]
    )
    return Forward(
        np.concatenate([fold.later for fold in folds]),
        np.concatenate([row[best] for row in scores]),
        tried[best],
    )


def _log_odds(booster: lgb.Booster, vectors: Floats, rounds: int) -> Floats:
    return np.asarray(booster.predict(vectors, num_iteration=rounds, raw_score=True))


def _best_place(grid: list[list[float]]) -> int:
    """The column with the highest mean, smoothed over its neighbours; among equals the first."""
    means = np.nanmean(np.array(grid), axis=0)
    padded = np.pad(means, 1, mode="edge")
    return int(np.argmax(np.round((padded[:-2] + padded[1:-1] + padded[2:]) / 3, 6)))


def _precision(rows: Rows, fold: Split, scores: Floats) -> float:
    later = rows.take(fold.later)
    if not later.positive.any():
        return float("nan")
    return float(average_precision_score(later.positive, scores, sample_weight=later.weights))


def _dataset(rows: Rows, columns: Columns) -> lgb.Dataset:
    return lgb.Dataset(
        rows.vectors,
        label=rows.positive.astype(np.float64),
        weight=rows.weights,
        feature_name=list(columns.names),
        params={"feature_pre_filter": False, "verbosity": -1},
        free_raw_data=True,
    )
