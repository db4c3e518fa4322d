"""The strongest pattern: one number for all typologies, lighter for whatever is not known."""

from itertools import pairwise

import numpy as np
import pytest

from fraud.features import CATALOGUE, from_answers, from_claim, signs, vector_of
from fraud.features.patterns import DIRECTIONS, PATTERNS, strongest, weight_of_strongest_pattern
from fraud.reasons import told_by_signs
from fraud.records import Scheme
from tests.golden.worlds import worlds

PLACE = {feature.measure: at for at, feature in enumerate(CATALOGUE)}


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: one.typology)
def test_each_sign_is_a_feature_of_the_schemes_that_its_pattern_is_looked_for_on(pattern):
    for measure, _, weight in pattern.signs:
        assert 0.5 <= weight <= 13
        assert measure in PLACE, measure.__name__


def test_every_scheme_has_patterns():
    for scheme in Scheme:
        assert any(scheme in pattern.schemes for pattern in PATTERNS)


@pytest.mark.parametrize("name", sorted(worlds()))
def test_what_is_not_known_makes_the_strongest_pattern_lighter_never_heavier(name):
    whole = worlds()[name]
    weight = weight_of_strongest_pattern(whole)
    for measure in (strongest(whole) or ({}, 0.0))[0]:
        hidden = worlds()[name]
        hidden.values[measure] = float("nan")
        found = weight_of_strongest_pattern(hidden)
        assert np.isnan(found) or found <= weight


@pytest.mark.parametrize("name", sorted(worlds()))
def test_what_a_pattern_added_is_handed_to_its_signs_and_none_is_lost(name):
    known = worlds()[name]
    vector_of(known)
    contributions = np.zeros(len(CATALOGUE))
    contributions[PLACE[weight_of_strongest_pattern]] = 2.0
    told = told_by_signs(known, contributions)
    assert told.sum() == pytest.approx(2.0)
    shown = (strongest(known) or ({}, 0.0))[0]
    if shown:
        assert set(np.flatnonzero(told)) == {PLACE[measure] for measure in shown}
        heavy_first = sorted(shown, key=lambda measure: -shown[measure])
        for more, less in pairwise(heavy_first):
            assert told[PLACE[more]] >= told[PLACE[less]]


def test_a_pattern_that_speaks_against_hands_nothing_on():
    known = next(iter(worlds().values()))
    contributions = np.zeros(len(CATALOGUE))
    contributions[PLACE[weight_of_strongest_pattern]] = -1.0
    assert (told_by_signs(known, contributions) == contributions).all()


def test_a_sign_with_a_level_says_which_way_it_points():
    assert DIRECTIONS["days_until_back_with_employer"] == -1
    assert DIRECTIONS["stays_on_leave"] == 1
    assert DIRECTIONS["signs_of_one_purse"] == DIRECTIONS["weight_of_strongest_pattern"] == 1
    assert "people_hired_by_same_firm_365d" not in DIRECTIONS


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: one.typology)
def test_no_two_lists_of_a_pattern_hold_the_same_feature(pattern):
    lists = [{measure for measure, _, _ in one.each} for one in pattern.lists]
    assert sum(map(len, lists)) == len(set().union(*lists))


def test_two_readings_of_one_fact_count_once_the_rarer():
    values = {
        from_claim.private_cause_first_noted: 1.0,
        from_answers.private_cause_noted_by_hospital: 1.0,
    }
    shown = signs.RETOLD_ACCIDENT.read(lambda measure: values.get(measure, float("nan")))
    assert list(shown) == [from_answers.private_cause_noted_by_hospital]
    values.pop(from_answers.private_cause_noted_by_hospital)
    shown = signs.RETOLD_ACCIDENT.read(lambda measure: values.get(measure, float("nan")))
    assert list(shown) == [from_claim.private_cause_first_noted]


COUNTS = [name for name in vars(signs) if name.startswith("signs_of_")]


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_of_signs_says_how_many_there_can_be(name):
    count = getattr(signs, name)
    (counted,) = (
        found
        for one in count.__code__.co_names
        if isinstance(found := getattr(signs, one, 0), signs.Signs)
    )
    facts = {signs.ONE_FACT.get(measure, measure) for measure, _, _ in counted.each}
    assert count.__doc__.endswith(f", 0 to {len(facts)}.")
