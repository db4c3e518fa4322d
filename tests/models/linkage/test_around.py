import numpy as np

from models.linkage.around import alike_by_values, standing, support
from models.linkage.blocking import Pairs

PAIRS = Pairs(np.array([0, 0, 1, 1, 2]), np.array([0, 1, 2, 3, 3]))


def test_a_pair_stands_among_the_others_of_both_its_ends():
    values = np.array([1.0, 0.9, 0.7, 0.3, 0.5], dtype=np.float32)
    found = standing(PAIRS, values, "likeness", 4)
    # A name and itself stand apart; 1 is nearest to 0, then to 2, then to 3.
    assert found["likeness: rank, least"].tolist() == [-1, 0, 0, 1, 0]
    assert found["likeness: rank, most"].tolist() == [-1, 0, 1, 2, 1]
    np.testing.assert_allclose(found["likeness: gap, most"][1:], [0, 0.2, 0.6, 0.2], atol=1e-6)
    assert found["likeness: pairs above 0.6, most"].tolist() == [1, 2, 2, 2, 1]


def test_whom_both_ends_are_like_speaks_for_a_pair():
    pairs = Pairs(np.array([0, 0, 1, 1]), np.array([1, 2, 2, 3]))
    found = support(pairs, np.array([0.6, 0.9, 0.8, 0.7]), 4)
    np.testing.assert_allclose(found["likely for both"], [0.72, 0.48, 0.54, 0], atol=1e-6)
    # Of 0 and 1: 0 is like 2 besides, 1 is like 2 and 3.
    np.testing.assert_allclose(found["likely besides, least"][0], 0.9, atol=1e-6)
    np.testing.assert_allclose(found["likely besides, most"][0], 1.5, atol=1e-6)
    np.testing.assert_allclose(found["likely for one alone"][0], 2.4 - 2 * 0.72, atol=1e-6)
    np.testing.assert_allclose(found["first chance below the best, most"][0], 0.3, atol=1e-6)


def test_faint_chances_support_nobody():
    pairs = Pairs(np.array([0, 0, 1]), np.array([1, 2, 2]))
    found = support(pairs, np.array([0.5, 0.01, 0.01]), 3)
    assert not found["likely for both"].any()
    assert found["likely besides, most"].tolist() == [0, 0.5, 0.5]


def test_pairs_with_the_same_two_values_speak_for_one_another_and_not_for_themselves():
    pairs = Pairs(np.array([0, 0, 1, 2, 3]), np.array([1, 2, 3, 3, 4]))
    chances = np.array([0.9, 0.2, 0.5, 0.4, 0.1])
    party = np.array([0, 1, 1, 0, -1])  # of the pairs: 0-1, 0-1, 1-0, 1-0, unknown
    found = alike_by_values(pairs, chances, {"party": party})["party: pairs with these values"]
    general = chances.mean()
    expected = [(2.0 - own + 2 * general) / 5 for own in chances[:4]]
    np.testing.assert_allclose(found[:4], expected, rtol=1e-6)
    assert np.isnan(found[4])


def test_values_of_one_pair_alone_say_what_all_pairs_do():
    pairs = Pairs(np.array([0, 0]), np.array([1, 2]))
    found = alike_by_values(pairs, np.array([0.9, 0.3]), {"seat": np.array([0, 1, 2])})
    np.testing.assert_allclose(found["seat: pairs with these values"], [0.6, 0.6], rtol=1e-6)
