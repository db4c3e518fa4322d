"""From a booster's log-odds to a probability: a short list of points with straight lines between.

The line is drawn in log-odds on both axes, rises strictly everywhere and goes on beyond its ends,
so that calibration never changes an order and never makes two claims equal.
"""

import json
from dataclasses import dataclass

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from fraud.assessment import Floats
from fraud.errors import InvalidInput
from models.split import Flags

ENOUGH_FOR_STEPS = 400
"""Positives from which isotonic steps are worth more than a smooth curve."""

LEAST_SLOPE = 0.01
"""Smallest rise of log-odds for log-odds; keeps a flat stretch from making ties."""

FAR = 15.0
"""Log-odds beyond every real score, where the last straight pieces end."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Points (log-odds of the booster, log-odds calibrated), both strictly rising."""

    raw: tuple[float, ...]
    calibrated: tuple[float, ...]
    method: str

    def __post_init__(self) -> None:
        shapes = len(self.raw) == len(self.calibrated) >= 2
        if not shapes or any(np.diff(self.raw) <= 0) or any(np.diff(self.calibrated) <= 0):
            raise InvalidInput("calibration points must rise strictly, and be two at least")

    def probabilities(self, log_odds: Floats) -> Floats:
        """Calibrated probabilities for a booster's log-odds, shape (n,)."""
        inside = np.interp(log_odds, self.raw, self.calibrated)
        below = np.minimum(log_odds - self.raw[0], 0.0) * self._slope(0)
        above = np.maximum(log_odds - self.raw[-1], 0.0) * self._slope(-2)
        return np.asarray(1.0 / (1.0 + np.exp(-(inside + below + above))))

    def _slope(self, at: int) -> float:
        after = at + 1
        rise = self.calibrated[after] - self.calibrated[at]
        return rise / (self.raw[after] - self.raw[at])

    def to_json(self) -> str:
        return json.dumps(
            {"method": self.method, "raw": self.raw, "calibrated": self.calibrated}, indent=1
        )

    @classmethod
    def from_json(cls, text: str) -> "Calibration":
        """Read what `to_json` wrote. Raises InvalidInput when it is something else."""
        try:
            found = json.loads(text)
            raw, calibrated = (tuple(map(float, found[name])) for name in ("raw", "calibrated"))
            return cls(raw, calibrated, str(found["method"]))
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput("not a calibration") from error


def calibrate(log_odds: Floats, positive: Flags, weights: Floats) -> Calibration:
    """Fit on scores of rows that the scoring booster had not seen.

    A sigmoid with few positives, isotonic steps with many. Weights bring the probabilities nearer
    to those of the claims that come in rather than of the claims that were picked for review;
    where a few rows weigh as much as all others near them, steps follow these few.
    """
    if int(positive.sum()) >= ENOUGH_FOR_STEPS:
        return isotonic(log_odds, positive, weights)
    return sigmoid(log_odds, positive, weights)


def sigmoid(log_odds: Floats, positive: Flags, weights: Floats) -> Calibration:
    """A straight line in log-odds (Platt 1999, with his two pseudo-counts)."""
    line = LogisticRegression(C=1e6).fit(*_with_pseudo_counts(log_odds, positive, weights))
    slope = max(float(line.coef_[0, 0]), LEAST_SLOPE)
    middle = float(line.intercept_[0])
    return Calibration((-FAR, FAR), (middle - slope * FAR, middle + slope * FAR), "sigmoid")


def isotonic(log_odds: Floats, positive: Flags, weights: Floats) -> Calibration:
    """Steps that rise with the observed rate, joined through their middles by straight lines."""
    steps = IsotonicRegression().fit(log_odds, positive.astype(np.float64), sample_weight=weights)
    level = steps.predict(log_odds)
    heights = np.unique(level)
    middles = [
        float(np.average(log_odds[level == h], weights=weights[level == h])) for h in heights
    ]
    # Half an observation keeps the ends off 0 and 1, where log-odds have no value.
    spare = 0.5 / float(weights.sum())
    inner = np.clip(heights, spare, 1 - spare)
    centre = float(np.average(log_odds, weights=weights))  # tilting there moves no mean
    raw = np.array([middles[0] - 1.0, *middles, middles[-1] + 1.0])
    odds = np.log(inner / (1 - inner))
    calibrated = np.array([odds[0], *odds, odds[-1]])
    tilted = np.maximum.accumulate(calibrated) + LEAST_SLOPE * (raw - centre)
    kept = np.append(True, np.diff(raw) > 1e-9)
    return Calibration(tuple(raw[kept].tolist()), tuple(tilted[kept].tolist()), "isotonic")


def _with_pseudo_counts(
    log_odds: Floats, positive: Flags, weights: Floats
) -> tuple[Floats, Flags, Floats]:
    """Each row counts mostly as itself and a little as its opposite (Platt's targets)."""
    ups, downs = float(weights[positive].sum()), float(weights[~positive].sum())
    itself = np.where(positive, (ups + 1) / (ups + 2), (downs + 1) / (downs + 2))
    return (
        np.concatenate([log_odds, log_odds]).reshape(-1, 1),
        np.concatenate([positive, ~positive]),
        np.concatenate([weights * itself, weights * (1 - itself)]),
    )
