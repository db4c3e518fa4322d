"""The catalogue: every feature explains itself, and later or unrelated records change nothing."""

from types import ModuleType
from unittest.mock import patch

import numpy as np
import pytest

from fraud.features import CATALOGUE, FEATURE_NAMES, build_vector, vector_of
from fraud.features.catalogue import feature_set_id
from fraud.records import Scheme
from tests.support.builders import (
    a_claim,
    a_history,
    an_account,
    an_area,
    another_claim,
    days_from,
    known_of,
    linked,
    stays,
    with_crossings,
)


@pytest.mark.parametrize("feature", CATALOGUE, ids=lambda feature: feature.name)
def test_a_feature_explains_itself(feature):
    assert feature.meaning.endswith((".", "?"))
    assert feature.unit
    assert not {"suspect", "fraudster"} & set(feature.meaning.lower().split())


def test_the_feature_set_is_named_by_code_alone():
    one, other = ModuleType("one"), ModuleType("other")
    texts = {
        "one": "def f(x):\n    return x + 1\n",
        "other": 'def f(x):\n    """Told."""\n    return x + 1  # why\n',
    }
    with patch("inspect.getsource", lambda room: texts[room.__name__]):
        told = feature_set_id([other])
        assert feature_set_id([one]) == told
        texts["one"] = "def f(x):\n    return x + 2\n"
        assert feature_set_id([one]) != told


def test_names_are_unique():
    assert len(set(FEATURE_NAMES)) == len(FEATURE_NAMES)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_a_vector_is_floats_in_the_order_of_the_catalogue(scheme):
    claim, history = a_claim(scheme), a_history()
    vector = build_vector(claim, history, an_area(), linked(claim))
    assert vector.shape == (len(CATALOGUE),)
    assert vector.dtype == np.float64
    assert not np.isinf(vector).any()


def test_reading_twice_gives_the_same():
    known = known_of(area=an_area(another_claim(1, account=an_account())))
    assert np.array_equal(vector_of(known), vector_of(known), equal_nan=True)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_unrelated_claims_change_nothing(scheme):
    claim = a_claim(scheme)
    alone = vector_of(known_of(claim))
    crowd = vector_of(known_of(claim, area=an_area(*(another_claim(n) for n in range(1, 30)))))
    assert np.array_equal(alone, crowd, equal_nan=True)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_crossings_after_the_receipt_change_nothing(scheme):
    claim = a_claim(scheme)
    last = claim.received_at.date()
    before = with_crossings(stays(days_from(last.replace(month=1), 60)))
    later = stays(days_from(last.replace(month=4), 60))
    after = with_crossings({**before.days, **later})
    vectors = [vector_of(known_of(claim, history)) for history in (before, after)]
    assert np.array_equal(*vectors, equal_nan=True)
