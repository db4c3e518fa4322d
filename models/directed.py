"""A booster in which every column points one way, and unknown never speaks for a review.

A column's direction says whether a larger or a smaller value is more alike to fraud; trees may
only follow it. An unknown value is read as the one that is least alike. So hiding any record, of
anybody, can lower a score and never raise it: that is proven by construction, not hoped for.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import lightgbm as lgb
import numpy as np

from fraud.assessment import Floats
from fraud.errors import InvalidInput
from fraud.features.patterns import DIRECTIONS
from models.columns import Columns
from models.rows import Rows
from models.split import Ints

FAR = 1e30
"""Beyond every real value of a column."""


class DirectedBooster:
    """One LightGBM booster with the direction of each of its columns (1 up, -1 down)."""

    def __init__(self, booster: lgb.Booster) -> None:
        """Raises InvalidInput for a booster without a direction for each column."""
        self._booster = booster
        found = booster.params.get("monotone_constraints") or []
        if len(found) != booster.num_feature() or not set(found) <= {1, -1}:
            raise InvalidInput("the booster does not say which way each column points")
        self.directions = np.array(found, dtype=np.int64)

    @classmethod
    def from_text(cls, text: str) -> "DirectedBooster":
        """Read LightGBM's own text form. Raises InvalidInput when it is something else."""
        try:
            return cls(lgb.Booster(model_str=text))
        except lgb.basic.LightGBMError as error:
            raise InvalidInput("not a LightGBM booster in text form") from error

    def to_text(self) -> str:
        return str(self._booster.model_to_string())

    @property
    def names(self) -> list[str]:
        """Names of the columns, in order."""
        return list(self._booster.feature_name())

    @property
    def gains(self) -> dict[str, float]:
        """How much each column helped in fitting, largest first."""
        found = zip(self.names, self._booster.feature_importance("gain").tolist(), strict=True)
        return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))

    def log_odds(self, vectors: Floats) -> Floats:
        """Scores before calibration, shape (n,). Cost: about 10 microseconds a row."""
        if not len(vectors):
            return np.zeros(0)
        found = self._booster.predict(
            known_or_least(vectors, self.directions), raw_score=True, num_threads=1
        )
        return np.asarray(found, dtype=np.float64)

    def contributions(self, vectors: Floats) -> Floats:
        """What each column added in log-odds, shape (n, columns), without the starting value.

        Exact TreeSHAP. Cost: about 1 ms a row.
        """
        if not len(vectors):
            return np.zeros(vectors.shape)
        found = self._booster.predict(
            known_or_least(vectors, self.directions), pred_contrib=True, num_threads=1
        )
        return np.asarray(found, dtype=np.float64)[:, :-1]


def directions_of(rows: Rows, columns: Columns) -> Ints:
    """Which way each column points: 1 when a larger value is more alike to fraud, else -1.

    The signs of a typology say so themselves (`fraud.features.patterns.DIRECTIONS`). Of any other
    column the rows that teach do, by rank on known values alone; one that tells nothing counts as
    pointing up.
    """
    return np.array(
        [
            DIRECTIONS.get(name) or _direction(column, rows)
            for name, column in zip(columns.names, rows.vectors.T, strict=True)
        ],
        dtype=np.int64,
    )


def _direction(column: Floats, rows: Rows) -> int:
    known = ~np.isnan(column)
    positive = rows.positive[known]
    if not positive.any() or positive.all():
        return 1
    ranks = _middle_ranks(column[known])
    return 1 if ranks[positive].mean() >= ranks[~positive].mean() else -1


def _middle_ranks(values: Floats) -> Floats:
    """The rank of each value from the smallest up; equal values share the middle of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - counts / 2)[place])


def known_or_least(vectors: Floats, directions: Ints) -> Floats:
    """The vectors with every unknown value put where it speaks least for a review."""
    least = np.where(directions > 0, -FAR, FAR)
    return np.ascontiguousarray(np.where(np.isnan(vectors), least, vectors))


class Fitting(Protocol):
    """Grows trees on rows without an unknown value: on this machine, or on several."""

    def __call__(
        self,
        vectors: Floats,
        targets: Floats,
        weights: Floats,
        *,
        names: Sequence[str],
        parameters: Mapping[str, object],
        rounds: int,
    ) -> lgb.Booster: ...


def fit_here(
    vectors: Floats,
    targets: Floats,
    weights: Floats,
    *,
    names: Sequence[str],
    parameters: Mapping[str, object],
    rounds: int,
) -> lgb.Booster:
    """Fit in this process; the same rows and parameters give the same bytes."""
    data = lgb.Dataset(
        vectors,
        label=targets,
        weight=weights,
        feature_name=list(names),
        params={"feature_pre_filter": False, "verbosity": -1},
    )
    return lgb.train(dict(parameters), data, num_boost_round=rounds)


def fit_directed(
    vectors: Floats,
    targets: Floats,
    weights: Floats,
    *,
    columns: Columns,
    directions: Ints,
    parameters: Mapping[str, object],
    rounds: int,
    fitting: Fitting = fit_here,
) -> DirectedBooster:
    """Fit on targets of 0 and 1; unknown values are read as `known_or_least` says."""
    directed = {**parameters, "monotone_constraints": _plain(directions)}
    known = known_or_least(vectors, directions)
    names = columns.names
    return DirectedBooster(
        fitting(known, targets, weights, names=names, parameters=directed, rounds=rounds)
    )


def _plain(directions: Ints) -> Sequence[int]:
    return [int(direction) for direction in directions]
