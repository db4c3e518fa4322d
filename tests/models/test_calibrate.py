import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fraud.errors import InvalidInput
from models.calibrate import Calibration, calibrate, isotonic, sigmoid

ODDS = st.floats(-12, 12, allow_nan=False, allow_subnormal=False)


def rows(count: int = 800, seed: int = 3):
    chance = np.random.default_rng(seed)
    log_odds = chance.normal(-2, 1.5, count)
    positive = chance.random(count) < 1 / (1 + np.exp(-(0.7 * log_odds - 1)))
    return log_odds, positive, np.ones(count)


@pytest.mark.parametrize("method", [sigmoid, isotonic])
@settings(max_examples=40, deadline=None)
@given(scores=st.lists(ODDS, min_size=2, max_size=30, unique=True))
def test_a_higher_score_always_has_a_higher_probability(method, scores):
    ordered = np.sort(np.array(scores))
    ordered = ordered[np.append(True, np.diff(ordered) > 1e-6)]
    found = method(*rows()).probabilities(ordered)
    assert (np.diff(found) > 0).all()
    assert (found > 0).all()
    assert (found < 1).all()


@pytest.mark.parametrize("method", [sigmoid, isotonic])
def test_probabilities_agree_with_what_happened(method):
    log_odds, positive, weights = rows(6000)
    found = method(log_odds, positive, weights).probabilities(log_odds)
    assert found.mean() == pytest.approx(positive.mean(), abs=0.01)
    top = found > np.quantile(found, 0.9)
    assert found[top].mean() == pytest.approx(positive[top].mean(), abs=0.04)


def test_weights_lower_probabilities_to_those_of_the_intake():
    log_odds, positive, weights = rows()
    heavier = np.where(positive, 1.0, 10.0)
    plain = sigmoid(log_odds, positive, weights).probabilities(np.array([0.0]))
    intake = sigmoid(log_odds, positive, heavier).probabilities(np.array([0.0]))
    assert intake < plain


def test_few_positives_get_a_smooth_curve_and_many_get_steps():
    assert calibrate(*rows(800)).method == "sigmoid"
    assert calibrate(*rows(9000)).method == "isotonic"


def test_points_survive_json():
    made = isotonic(*rows())
    again = Calibration.from_json(made.to_json())
    assert again == made


@pytest.mark.parametrize("text", ["", "{}", '{"raw": [1], "calibrated": [1], "method": "x"}'])
def test_something_else_is_not_a_calibration(text):
    with pytest.raises(InvalidInput):
        Calibration.from_json(text)


def test_points_that_fall_are_refused():
    with pytest.raises(InvalidInput, match="rise"):
        Calibration((0.0, 1.0), (1.0, 1.0), "flat")
