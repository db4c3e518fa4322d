from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.linkage.letters import edits, jaro_winkler, sound

WORDS = st.text("abcd", max_size=7)


def plain_edits(one, other):
    """The same by its definition."""

    @cache
    def cost(i, j):
        if not i or not j:
            return i + j
        ways = [
            cost(i - 1, j) + 1,
            cost(i, j - 1) + 1,
            cost(i - 1, j - 1) + (one[i - 1] != other[j - 1]),
        ]
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            ways.append(cost(i - 2, j - 2) + 1)
        return min(ways)

    return cost(len(one), len(other))


@given(WORDS, WORDS)
def test_edits_are_as_defined(one, other):
    assert edits(one, other) == plain_edits(one, other) == edits(other, one)


@given(WORDS, WORDS)
def test_likeness_is_a_share_and_has_no_direction(one, other):
    assert 0 <= jaro_winkler(one, other) <= 1
    assert jaro_winkler(one, other) == pytest.approx(jaro_winkler(other, one))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("martha", "marhta", 0.9611), ("dixon", "dicksonx", 0.8133), ("abc", "xyz", 0.0)],
)
def test_published_likenesses(one, other, alike):
    assert jaro_winkler(one, other) == pytest.approx(alike, abs=1e-4)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("yusof", "yusuf"),
        ("mustapha", "mustaffa"),
        ("hassan", "hasan"),
        ("zulkifli", "zulkifly"),
        ("syed", "sied"),
        ("siti", "sitih"),
    ],
)
def test_spellings_of_one_sound(one, other):
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), [("ali", "adi"), ("lim", "lam"), ("k", "q")])
def test_other_sounds_and_initials_stay_apart(one, other):
    assert sound(one) != sound(other)
