import numpy as np
import pytest

from models.drift import Alarm, drift, ks, psi


def normal(count: int, middle: float = 0.0, seed: int = 1):
    return np.random.default_rng(seed).normal(middle, 1, count)


def of(before, after):
    return drift({"x": before}, {"x": after})[0]


def test_the_index_by_hand():
    before = np.repeat([0.0, 1.0], [500, 500])
    after = np.repeat([0.0, 1.0], [800, 200])
    found, bins = psi(before, after)
    expected = 0.3 * np.log(0.8 / 0.5) + (-0.3) * np.log(0.2 / 0.5)
    assert found == pytest.approx(expected, rel=0.01)
    assert bins == 2


def test_the_distance_by_hand():
    assert ks(np.array([1.0, 2, 3, 4]), np.array([3.0, 4, 5, 6])) == pytest.approx(0.5)
    assert ks(np.array([1.0, np.nan]), np.array([1.0])) == 0.0
    assert np.isnan(ks(np.array([np.nan]), np.array([1.0])))


def test_a_shift_of_a_whole_deviation_asks_for_action():
    found = of(normal(2000), normal(500, middle=1.0, seed=2))
    assert found.psi > 0.25
    assert found.ks > 0.3
    assert found.alarm is Alarm.ACT


def test_a_smaller_shift_asks_for_a_look():
    found = of(normal(20_000), normal(5000, middle=0.35, seed=2))
    assert 0.1 < found.psi < 0.25
    assert found.alarm is Alarm.LOOK


def test_nothing_changed_raises_no_alarm_even_among_hundreds_of_columns_and_few_claims():
    chance = np.random.default_rng(3)
    for count in (40, 400):
        before = {f"c{n}": chance.normal(size=1500) for n in range(250)}
        after = {name: chance.normal(size=count) for name in before}
        assert {one.alarm for one in drift(before, after)} == {Alarm.NONE}


def test_few_claims_far_apart_by_chance_are_not_called_drift():
    found = of(normal(30), normal(12, seed=9))
    assert found.psi > 0.25
    assert found.alarm is Alarm.NONE


def test_a_source_that_falls_silent_is_seen():
    before, after = normal(2000), normal(3000, seed=2)
    after[:2000] = np.nan
    found = of(before, after)
    assert found.alarm is Alarm.ACT
    assert (found.unknown_before, found.unknown_after) == (0.0, pytest.approx(2 / 3))
    assert found.ks < 0.1  # what is still known is as it was


def test_a_source_that_begins_to_speak_is_seen_too():
    before = np.full(2000, np.nan)
    found = of(before, normal(600))
    assert found.alarm is Alarm.ACT
    assert np.isnan(found.ks)


def test_the_largest_drift_stands_first():
    before = {"still": normal(2000), "moved": normal(2000)}
    after = {"still": normal(900, seed=2), "moved": normal(900, middle=2, seed=2)}
    assert [one.name for one in drift(before, after)] == ["moved", "still"]


def test_a_value_that_is_always_the_same_has_not_moved():
    found = of(np.zeros(500), np.zeros(300))
    assert (found.psi, found.ks, found.alarm) == (pytest.approx(0.0, abs=0.01), 0.0, Alarm.NONE)


def test_a_period_without_claims_has_no_drift_to_measure():
    found = of(np.zeros(0), normal(10))
    assert np.isnan(found.psi)
    assert found.alarm is Alarm.NONE
