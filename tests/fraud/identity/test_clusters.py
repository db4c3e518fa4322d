"""Judgements that replace, that are taken back, and the people that follow from them."""

from datetime import UTC, datetime
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from fraud.identity.clusters import People
from fraud.identity.judgement import Judgement, Verdict, standing
from tests.support.builders import KEYRING

AT = datetime(2026, 11, 1, tzinfo=UTC)
A, B, C, D = (f"88010100000{n}" for n in range(4))
SAME, DIFFERENT, UNSURE, BACK = Verdict


def judged(*made):
    """(one, other, verdict) in the order in which they were made."""
    return [
        Judgement(one, other, verdict, "anis", "made up", AT, position)
        for position, (one, other, verdict) in enumerate(made, start=1)
    ]


def people(*made):
    return People(judged(*made), KEYRING.person_key)


def key(number):
    return KEYRING.person_key(number)


def test_nobody_is_somebody_else_before_anything_is_judged():
    nobody = people()
    assert not nobody
    assert nobody.key(key(A)) == key(A)
    assert nobody.together(key(A)) == (key(A),)
    assert nobody.other_numbers(A) == ()


def test_a_later_judgement_replaces_and_one_taken_back_restores():
    made = judged((A, B, SAME), (B, A, DIFFERENT), (A, B, UNSURE), (A, B, BACK), (B, A, BACK))
    stands = [standing(made[:count]) for count in range(6)]
    found = [[one.verdict for one in each.values()] for each in stands]
    assert found == [[], [SAME], [DIFFERENT], [UNSURE], [DIFFERENT], [SAME]]
    assert standing([*made, *judged((A, B, BACK))]) == {}


def test_taking_back_where_nothing_stands_changes_nothing():
    assert standing(judged((A, B, BACK), (A, B, SAME)))[frozenset((A, B))].verdict is SAME


def test_the_same_as_the_same_is_the_same():
    found = people((A, B, SAME), (C, D, SAME), (D, B, SAME))
    assert {found.key(key(number)) for number in (A, B, C, D)} == {key(A)}
    assert found.other_numbers(C) == (A, B, D)
    assert found.together(key(C)) == (key(C), key(A), key(B), key(D))


def test_a_key_stays_when_numbers_are_added():
    made = [(B, C, SAME), (A, B, SAME), (D, A, SAME)]
    assert {people(*made[:count]).key(key(C)) for count in (1, 2, 3)} == {key(B)}


def test_different_people_are_never_joined_whatever_lies_between():
    found = people((A, B, SAME), (A, C, DIFFERENT), (B, C, SAME))
    assert found.key(key(C)) == key(C)
    assert [one.pair for one in found.refused] == [frozenset((B, C))]
    back = people((A, B, SAME), (A, C, DIFFERENT), (B, C, SAME), (A, C, BACK))
    assert back.key(key(C)) == key(A)
    assert back.refused == []


def test_unsure_neither_joins_nor_keeps_apart():
    found = people((A, C, UNSURE), (A, B, SAME), (B, C, SAME))
    assert found.key(key(C)) == found.key(key(A))
    assert people((A, B, UNSURE)).key(key(B)) == key(B)


MADE = st.lists(
    st.tuples(
        st.sampled_from(list(combinations((A, B, C, D), 2))), st.sampled_from(list(Verdict))
    ).map(lambda drawn: (*drawn[0], drawn[1])),
    max_size=14,
)


@given(MADE)
def test_whatever_is_judged_nobody_is_joined_with_somebody_judged_different(made):
    found = people(*made)
    for pair, one in standing(judged(*made)).items():
        a, b = pair
        together = found.key(key(a)) == found.key(key(b))
        if one.verdict is DIFFERENT:
            assert not together
        if one.verdict is SAME:
            assert together or one in found.refused
        assert (b in found.other_numbers(a)) is together


@given(MADE, st.sampled_from([SAME, DIFFERENT, UNSURE]))
def test_a_judgement_taken_back_leaves_everybody_as_before(made, verdict):
    before, after = people(*made), people(*made, (A, B, verdict), (A, B, BACK))
    for number in (A, B, C, D):
        assert before.key(key(number)) == after.key(key(number))
        assert before.other_numbers(number) == after.other_numbers(number)
