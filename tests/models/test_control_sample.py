from functools import partial

import numpy as np
import pytest

from models.control_sample import Stratum, controls_for, estimate, planned_width, redrawn

PASSED = Stratum.plain(150, 150, 135)
"""As on three simulated regions: fifteen thousand claims, one in a hundred above the line."""
REST, MISSED = 14_850, 95
RECALL = 135 / (135 + MISSED)


BELOW = np.arange(REST) < MISSED
"""Which claims below the line are fraud."""


def redraws(controls: int):
    """Estimates from control samples drawn anew among the claims below the line."""
    return redrawn(PASSED, BELOW, controls, rounds=100, seed=11)


@pytest.mark.parametrize("controls", [60, 400, 1500])
def test_the_interval_of_recall_covers_the_truth(controls):
    covered = sum(one.recall.low <= RECALL <= one.recall.high for one in redraws(controls))
    assert covered >= 90


def test_four_hundred_control_cases_make_it_half_a_unit_wide():
    widths = [one.width for one in redraws(450)]
    assert np.median(widths) <= 0.5
    assert np.median([one.width for one in redraws(60)]) > 0.75


def test_unequal_chances_are_weighed():
    """Frauds are drawn three times as often here: taken as equal they would seem more."""
    chance = np.random.default_rng(2)
    chances = np.where(np.arange(REST) < MISSED, 0.09, 0.03)
    fraud = np.arange(REST) < MISSED
    weighed, covered = [], 0
    for round_ in range(100):
        drawn = chance.random(REST) < chances
        made = estimate(PASSED, Stratum(REST, fraud[drawn], chances[drawn]), seed=round_)
        weighed.append(made.missed_share.value)
        covered += made.recall.low <= RECALL <= made.recall.high
    assert np.mean(weighed) == pytest.approx(MISSED / REST, rel=0.1)
    assert covered >= 90


def test_a_sample_without_fraud_does_not_say_that_nothing_is_missed():
    made = estimate(PASSED, Stratum.plain(REST, 60, 0), seed=1)
    assert made.recall.value == 1.0
    assert made.recall.low < 0.35
    assert made.recall.high > 0.99


def test_when_everything_was_looked_into_recall_is_known():
    made = estimate(PASSED, Stratum.plain(100, 100, 15), seed=1)
    assert made.recall.value == made.recall.low == made.recall.high == pytest.approx(0.9)
    assert made.fraud_share.value == pytest.approx(0.6)


def test_claims_put_up_but_not_decided_widen_the_interval():
    rest = Stratum.plain(REST, 2000, 13)
    whole = estimate(PASSED, rest, seed=1)
    part = estimate(Stratum.plain(150, 20, 18), rest, seed=1)
    assert part.recall.value == pytest.approx(whole.recall.value)
    assert part.width > whole.width
    assert part.precision.low < whole.precision.low


def test_without_a_control_case_nothing_is_known_of_recall():
    made = estimate(PASSED, Stratum.plain(REST, 0, 0), seed=1)
    assert np.isnan(made.recall.value)
    assert made.width > 0.5


def test_a_line_that_put_nothing_up_found_nothing():
    made = estimate(Stratum.plain(0, 0, 0), Stratum.plain(1000, 500, 10), seed=1)
    assert made.recall.value == 0.0
    assert made.fraud_share.value == pytest.approx(0.02)
    nothing = estimate(Stratum.plain(0, 0, 0), Stratum.plain(100, 100, 0), seed=1)
    assert np.isnan(nothing.recall.value)


def test_samples_drawn_anew_differ_and_the_same_seed_gives_the_same():
    shares = [one.missed_share.value for one in redraws(450)]
    assert len(set(shares)) > 3
    assert np.mean(shares) == pytest.approx(MISSED / REST, rel=0.2)
    assert shares == [one.missed_share.value for one in redraws(450)]


def test_how_many_control_cases_a_width_needs():
    planned = partial(planned_width, PASSED, REST, MISSED, seed=1)
    half = controls_for(0.5, planned, REST)
    quarter = controls_for(0.25, planned, REST)
    assert planned(half) <= 0.5
    assert 250 < half < 600
    assert 3.5 * half < quarter < 7 * half
    assert controls_for(0.01, planned, 200) is None


@pytest.mark.parametrize(("decided", "chances"), [(3, [1.0]), (1, [0.0]), (1, [1.5])])
def test_a_chance_for_each_claim_and_above_nothing(decided, chances):
    with pytest.raises(ValueError, match="chance"):
        Stratum(10, np.zeros(decided, dtype=bool), np.array(chances))
