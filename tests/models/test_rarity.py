"""How seldom honest claims reach a pattern's weight: the steps say what was counted."""

from math import log2

import pytest

from fraud.features.patterns import PATTERNS
from models.rarity import LEAST_CLAIMS, TOLERANCE, steps_of

PATTERN = PATTERNS[0]
TOTALS = [0.0] * 900 + [5.0] * 80 + [9.0] * 15 + [14.0] * 5


def test_the_steps_follow_the_counts_within_the_tolerance():
    measured = PATTERN._replace(rarity=steps_of(PATTERN, TOTALS))
    for weight, count in ((5.0, 100), (9.0, 20), (14.0, 5)):
        assert measured.surprise(weight) == pytest.approx(log2(1000 / count), abs=TOLERANCE + 0.25)


def test_rarer_than_can_be_counted_is_as_rare_as_the_least_counted_and_goes_on_bit_for_bit():
    measured = PATTERN._replace(rarity=steps_of(PATTERN, TOTALS))
    last, bits = measured.rarity[-1]
    assert last == 14.5
    assert bits == pytest.approx(log2(1000 / LEAST_CLAIMS), abs=0.25)
    assert measured.surprise(last + 3) == bits + 3


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: one.typology)
def test_more_weight_is_never_less_unusual(pattern):
    bits = [pattern.surprise(weight / 4) for weight in range(160)]
    assert bits == sorted(bits)
    assert bits[0] == 0
