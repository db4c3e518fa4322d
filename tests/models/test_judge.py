import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from models.judge import Judged, Order, judge, precision_curve, recall_by_kind, with_intervals


def of(positive: list[int]) -> Judged:
    return Judged.plain(np.array(positive, dtype=bool))


def test_precision_and_recall_at_capacity_by_hand():
    rows = of([1, 0, 1, 0, 0, 0, 0, 0, 0, 1])
    order = Order(rows, np.arange(10, 0, -1.0))
    assert order.precision(rows.weights, 0.3) == pytest.approx(2 / 3)
    assert order.recall(rows.weights, 0.3) == pytest.approx(2 / 3)
    assert order.precision(rows.weights, 0.1) == 1.0


def test_ties_share_what_is_left_whatever_their_order():
    positive = np.array([1, 0, 0, 0], dtype=bool)
    for turn in range(4):
        rows = Judged.plain(np.roll(positive, turn))
        order = Order(rows, np.zeros(4))
        assert order.precision(rows.weights, 0.5) == pytest.approx(0.25)
        assert order.recall(rows.weights, 0.5) == pytest.approx(0.5)


def test_weights_count_as_so_many_claims():
    rows = of([1, 0, 0])
    order = Order(rows, np.array([3.0, 2.0, 1.0]))
    weights = np.array([1.0, 1.0, 8.0])
    assert order.precision(weights, 0.2) == pytest.approx(0.5)


def test_average_precision_is_that_of_the_books():
    chance = np.random.default_rng(5)
    scores = np.round(chance.normal(size=400), 1)  # with ties
    positive = chance.random(400) < 0.1
    weights = chance.integers(1, 4, 400).astype(np.float64)
    rows = Judged.plain(positive)
    found = Order(rows, scores).average_precision(weights)
    assert found == pytest.approx(average_precision_score(positive, scores, sample_weight=weights))


def test_money_follows_payments():
    rows = Judged(
        np.array([True, True, False]), np.arange(3), np.ones(3), np.array([900.0, 100.0, 500.0])
    )
    order = Order(rows, np.array([3.0, 1.0, 2.0]))
    assert order.money(rows.weights, 1 / 3) == pytest.approx(0.9)


def test_without_a_positive_there_is_nothing_to_recall():
    rows = of([0, 0])
    assert np.isnan(Order(rows, np.array([1.0, 2.0])).recall(rows.weights, 0.5))


def test_intervals_hold_the_value_and_narrow_with_more_people():
    def width(count: int) -> float:
        positive = np.arange(count) % 10 == 0
        scores = np.random.default_rng(1).normal(size=count) + positive
        found = judge(Judged.plain(positive), scores, capacity=0.1, rounds=200, seed=1)
        figure = found["precision_at_capacity"]
        assert figure.low <= figure.value <= figure.high
        return figure.high - figure.low

    assert width(4000) < width(400)


def test_people_are_redrawn_and_not_claims():
    positive = np.arange(400) % 10 == 0
    scores = np.random.default_rng(1).normal(size=400) + positive
    alone = Judged.plain(positive)
    alike = Judged(positive, np.arange(400) // 20, alone.weights, alone.payments_sen)
    spread = [
        judge(rows, scores, capacity=0.1, rounds=300, seed=1)["average_precision"]
        for rows in (alone, alike)
    ]
    assert spread[0].low != spread[1].low


def test_the_same_seed_gives_the_same_interval():
    rows = of([1, 0] * 50)
    scores = np.arange(100.0)
    found = [judge(rows, scores, capacity=0.1, rounds=50, seed=3) for _ in range(2)]
    assert found[0] == found[1]


def test_random_review_finds_the_base_rate():
    rows = of([1] * 5 + [0] * 95)
    found = judge(rows, np.zeros(100), capacity=0.01, rounds=20, seed=1)
    assert found["precision_at_capacity"].value == pytest.approx(0.05)


def test_recall_by_kind_counts_each_kind():
    rows = of([1, 1, 0, 1])
    found = recall_by_kind(rows, np.array([4.0, 3, 2, 1]), ["T1", "T2", "", "T2"], capacity=0.5)
    assert found == {"T1": (1.0, 1), "T2": (0.5, 2)}


def test_the_curve_falls_from_the_top_to_the_base_rate():
    rows = of([1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    curve = precision_curve(rows, np.arange(10, 0, -1.0), (0.1, 0.2, 1.0))
    assert curve == [(0.1, 1.0), (0.2, 1.0), (1.0, pytest.approx(0.2))]


def test_a_measure_that_knows_nothing_has_no_interval():
    rows = of([0, 0])
    found = with_intervals(rows, {"m": lambda weights: float("nan")}, rounds=5, seed=1)
    assert np.isnan(found["m"].low)
