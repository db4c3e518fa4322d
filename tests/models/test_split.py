import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fraud.errors import InvalidInput
from models.split import (
    MOST_PEOPLE,
    forward_folds,
    last_part,
    linked_parts,
    narrow_ties,
    numbered,
    split_at,
)


@st.composite
def decided_rows(draw):
    """Days of receipt and what ties rows together: few people a node, or many."""
    rows = draw(st.integers(8, 60))
    days = draw(st.lists(st.integers(0, 100), min_size=rows, max_size=rows))
    nodes = draw(st.lists(st.sets(st.integers(0, 30), max_size=3), min_size=rows, max_size=rows))
    people = draw(st.lists(st.integers(0, 40), min_size=rows, max_size=rows))
    return np.array(days, dtype=np.int64), numbered(people), nodes


@settings(max_examples=60, deadline=None)
@given(decided_rows(), st.integers(0, 110), st.integers(0, 20))
def test_time_gap_and_ties_are_kept(rows, day, gap):
    days, people, nodes = rows
    ties = narrow_ties(people, nodes)
    split = split_at(days, ties, day=day, until=None, gap_days=gap)
    assert all(days[split.later] >= day)
    assert all(days[split.earlier] < day - gap)
    held = {tie for row in split.later for tie in ties[row]}
    assert held.isdisjoint(tie for row in split.earlier for tie in ties[row])
    assert not set(people[split.earlier]) & set(people[split.later])
    left_out = split.left_out_gap + split.left_out_linked
    assert len(split.earlier) + len(split.later) + left_out == len(days)


def test_a_shared_account_ties_two_people_and_a_hub_ties_nobody():
    people = numbered([f"person {n}" for n in range(MOST_PEOPLE + 3)])
    hub = [{"hospital"} for _ in people]
    pair = [{"account"} if n < 2 else set() for n in range(len(people))]
    ties = narrow_ties(people, [a | b for a, b in zip(hub, pair, strict=True)])
    assert len(set(ties[0]) & set(ties[1])) == 1
    assert ties[2] == (2,)


def test_two_claims_of_one_person_are_tied():
    people = numbered(["a", "b", "a"])
    ties = narrow_ties(people, [(), (), ()])
    assert ties == ((0,), (1,), (0,))


def test_forward_folds_walk_forward_and_judge_each_block_once():
    days = np.arange(400, dtype=np.int64)
    ties = tuple((row,) for row in range(400))
    positive = days % 10 == 0
    folds = forward_folds(days, ties, positive, folds=4, gap_days=5)
    assert len(folds) == 4
    judged = np.concatenate([fold.later for fold in folds])
    assert len(set(judged.tolist())) == len(judged)
    for fold in folds:
        assert days[fold.earlier].max() < days[fold.later].min() - 5


def test_the_last_part_holds_the_latest_positives():
    days = np.arange(100, dtype=np.int64)
    ties = tuple((row,) for row in range(100))
    positive = np.zeros(100, dtype=bool)
    positive[::10] = True
    split = last_part(days, ties, positive, share=0.3, gap_days=0)
    assert positive[split.later].sum() == 3


def test_without_a_positive_nothing_can_be_judged():
    days = np.arange(10, dtype=np.int64)
    ties = tuple((row,) for row in range(10))
    with pytest.raises(InvalidInput, match="nothing to learn from"):
        forward_folds(days, ties, np.zeros(10, dtype=bool), folds=2, gap_days=0)


@settings(max_examples=60, deadline=None)
@given(decided_rows(), st.data())
def test_parts_hold_every_row_once_and_part_no_tie(rows, data):
    _, people, nodes = rows
    ties = narrow_ties(people, nodes)
    count = len(people)
    positive = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    parts = linked_parts(ties, positive, 4)
    scored = [row for _, part in parts for row in part.tolist()]
    assert len(scored) == len(set(scored))
    for taught, part in parts:
        assert sorted([*taught.tolist(), *part.tolist()]) == list(range(count))
        held = {tie for row in part for tie in ties[row]}
        assert held.isdisjoint(tie for row in taught for tie in ties[row])
        assert 0 < positive[taught].sum() < len(taught)


def test_rows_joined_by_a_chain_of_ties_stand_in_one_part():
    people = numbered(range(12))
    chained = [{n, n + 1} if n < 5 else {100 + n} for n in range(12)]
    parts = linked_parts(narrow_ties(people, chained), np.arange(12) % 2 == 0, 3)
    first = next(set(part.tolist()) for _, part in parts if 0 in part)
    assert {0, 1, 2, 3, 4} <= first
    assert sum(len(part) for _, part in parts) == 12


def test_parts_share_out_the_positives():
    positive = np.arange(100) < 22
    parts = linked_parts(narrow_ties(numbered(range(100)), [()] * 100), positive, 5)
    assert sorted(int(positive[part].sum()) for _, part in parts) == [4, 4, 4, 5, 5]
    assert [len(part) for _, part in parts] == [20] * 5


def test_a_part_that_leaves_no_positive_to_teach_is_left_out():
    people = numbered(range(10))
    positive = np.arange(10) == 0
    parts = linked_parts(narrow_ties(people, [()] * 10), positive, 2)
    assert len(parts) == 1
    assert 0 not in parts[0][1]
