import numpy as np
import pytest

from models.linkage.alignment import align
from models.linkage.blocking import Pairs, nearest_names, pieces, record_pairs
from models.linkage.compare import COVER, WEIGHED, NameComparer
from models.linkage.names import has_parts, take_apart

NAMES = [
    "Ahmad Yusof bin Kamal",
    "Dato' Hj. Ahmad Yusuf b. Kamal",
    "Ahmad bin Kamal",
    "K. Ramli",
    "Kamal Ramli @ Idris",
    "Tan Sri Abd Rahman bin Ab. Aziz",
    "Tan Siew Ling",
    "Dr",
]


@pytest.fixture(scope="module")
def names():
    return take_apart(NAMES)


def test_titles_stand_apart_and_a_title_alone_is_a_name(names):
    assert names[1].forms[0].sounds == names[0].forms[0].sounds
    assert names[1].titles == {"datuk", "haji"}
    assert names[5].forms[0].parts == ("abdulrahman", "abdulaziz")
    assert names[6].forms[0].parts == ("tan", "siew", "ling")
    assert names[7].forms[0].parts == ("dr",)


def test_own_parts_and_a_parent_s_are_told_apart(names):
    assert [form.own for form in names[0].forms] == [2]
    assert [len(form.parts) for form in names[4].forms] == [2, 1]


def test_rarer_parts_weigh_more(names):
    form = names[0].forms[0]  # three names have ahmad, two yusof, five kamal
    assert form.weights[1] > form.weights[0] > form.weights[2] > 0


def test_what_names_nobody_is_said():
    assert not has_parts(" .,- ")
    assert has_parts("Lim")


def test_each_part_stands_for_one_other(names):
    aligned = align(names[0].forms[0], names[2].forms[0])
    assert sorted(aligned.exact) == [(0, 0), (2, 1)]
    initial = align(names[3].forms[0], names[4].forms[0])
    assert initial.initials == [(0, 0)]
    assert initial.exact == [(1, 1)]


def test_comparisons_have_no_direction(names):
    number = np.arange(len(names))
    one, other = (part.ravel() for part in np.meshgrid(number, number))
    there = NameComparer(names).compare(Pairs(one, other), lambda _: None)
    back = NameComparer(names).compare(Pairs(other, one), lambda _: None)
    for column, values in there.items():
        np.testing.assert_allclose(values, back[column], rtol=1e-5, err_msg=column)


def test_a_name_is_wholly_like_itself_and_a_shorter_one_is_covered(names):
    pairs = Pairs(np.array([0, 0, 0]), np.array([0, 1, 2]))
    columns = NameComparer(names).compare(pairs, lambda _: None)
    np.testing.assert_allclose(columns[WEIGHED][:2], 1)
    assert columns[WEIGHED][2] < 0.9
    np.testing.assert_allclose(columns[COVER[1]][2], 1)
    assert columns["titles apart"].tolist() == [0, 2, 0]
    assert columns["name match of the desk"].tolist() == [3, 1, 2]


def test_near_names_are_paired_and_records_follow(names):
    near = nearest_names(pieces([name.text for name in names]))
    found = set(zip(near.first.tolist(), near.second.tolist(), strict=True))
    assert {(0, 1), (0, 2), (3, 4), (6, 6)} <= found
    assert all(one <= other for one, other in found)
    pairs, source = record_pairs(Pairs(np.array([0, 0]), np.array([0, 1])), np.array([1, 0, 0, 1]))
    assert list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == [
        (0, 1),
        (0, 2),
        (1, 2),
        (1, 3),
        (2, 3),
    ]
    assert source.tolist() == [1, 1, 0, 1, 1]
