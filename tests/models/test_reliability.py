import numpy as np
import pytest

from models.judge import Judged
from models.reliability import equal_bins, highest, reliability


def rows(positive, people=None) -> Judged:
    positive = np.array(positive, dtype=bool)
    people = np.arange(len(positive)) if people is None else people
    return Judged(positive, people, np.ones(len(positive)), np.ones(len(positive)))


def outcomes(said, seed: int = 3):
    return np.random.default_rng(seed).random(len(said)) < said


def spread(count: int = 6000):
    """Probabilities as a scorer gives them: most are low, few are high."""
    return 1 / (1 + np.exp(-np.random.default_rng(8).normal(-3, 2, count)))


def test_the_error_by_hand():
    said = np.repeat([0.1, 0.6], 50)
    found = np.concatenate([np.arange(50) < 10, np.arange(50) < 25])  # 20% and 50%
    made = reliability(rows(found), said, rounds=20, seed=1)
    assert made.error.value == pytest.approx(0.1)
    assert [(one.said, one.found.value, one.claims) for one in made.points] == [
        (pytest.approx(0.1), 0.2, 50),
        (pytest.approx(0.6), 0.5, 50),
    ]


def test_bins_hold_equal_counts_and_never_part_a_tie():
    said = np.random.default_rng(1).random(1000)
    assert np.bincount(equal_bins(said)).tolist() == [100] * 10
    tied = np.concatenate([np.zeros(700), said[:300] + 1])
    bins = equal_bins(tied)
    assert len(set(bins[:700].tolist())) == 1
    assert sorted(set(bins.tolist())) == list(range(bins.max() + 1))
    shuffle = np.random.default_rng(2).permutation(1000)
    assert (equal_bins(tied[shuffle]) == bins[shuffle]).all()


def test_few_claims_have_fewer_bins():
    assert equal_bins(np.random.default_rng(1).random(240)).max() == 3
    assert equal_bins(np.random.default_rng(1).random(9)).max() == 0


def test_probabilities_that_are_right_err_no_more_than_chance():
    said = spread()
    made = reliability(rows(outcomes(said)), said, rounds=100, seed=1)
    assert made.by_chance.low <= made.error.value <= made.by_chance.high
    assert made.error.low < 0.005


def test_probabilities_too_high_by_half_are_found_out():
    said = spread()
    made = reliability(rows(outcomes(said / 1.5)), said, rounds=100, seed=1)
    assert made.error.value == pytest.approx((said - said / 1.5).mean(), abs=0.01)
    assert made.error.value > made.by_chance.high
    assert made.error.low > made.by_chance.high / 2


@pytest.mark.parametrize("rightly", [1.0, 0.8, 0.6])
def test_the_interval_covers_the_error_of_all_claims(rightly):
    """In 86 to 97 of 100 samples, by 200 of each; less than nominal where the error is small."""
    everybody = spread(200_000)
    bins = equal_bins(everybody)
    truth = np.abs(np.bincount(bins, everybody * (1 - rightly))).sum() / len(everybody)
    chance = np.random.default_rng(4)
    covered = 0
    for seed in range(60):
        said = chance.choice(everybody, 2000)
        found = chance.random(2000) < said * rightly
        made = reliability(rows(found), said, rounds=60, seed=seed).error
        covered += made.low - 1e-9 <= truth <= made.high
    assert covered / 60 > 0.82


def test_the_top_is_judged_by_itself():
    said = np.concatenate([np.full(950, 0.01), np.full(50, 0.9)])
    found = np.concatenate([np.arange(950) < 9, np.arange(50) < 20])  # 40% where 90% was said
    over_all = reliability(rows(found), said, rounds=20, seed=1)
    top = reliability(rows(found), said, share=0.05, rounds=20, seed=1)
    assert top.error.value == pytest.approx(0.5)
    assert sum(one.claims for one in top.points) == 50
    assert over_all.error.value < 0.03


def test_a_tie_at_the_edge_of_the_top_is_taken_whole():
    assert highest(np.array([0.1, 0.5, 0.5, 0.5, 0.9]), 0.4).tolist() == [False] + [True] * 4


def test_claims_of_one_person_widen_the_interval():
    said = np.repeat(spread(200), 10)
    found = np.repeat(outcomes(said[::10] * 0.5), 10)
    apart = reliability(rows(found), said, rounds=200, seed=1).error
    together = rows(found, people=np.repeat(np.arange(200), 10))
    alike = reliability(together, said, rounds=200, seed=1).error
    assert alike.high - alike.low > 1.5 * (apart.high - apart.low)


def test_without_a_claim_there_is_no_error():
    made = reliability(rows([]), np.zeros(0), rounds=20, seed=1)
    assert np.isnan(made.error.value)
    assert made.points == ()
