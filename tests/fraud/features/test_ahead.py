"""What is measured before a claim's turn asks for no links, and gives the same vector."""

from dataclasses import replace

import pytest

from fraud.features import CATALOGUE, Source, measure_ahead, patterns, signs, vector_of
from fraud.features.catalogue import NO_LINKS_YET
from tests.golden.worlds import worlds

IN_TURN = {Source.LINKS, Source.DECISIONS}
COUNTS = {signs.__name__, patterns.__name__}


@pytest.mark.parametrize("name", sorted(worlds()))
def test_all_features_but_those_of_links_are_measured_ahead(name):
    known = replace(worlds()[name], area=NO_LINKS_YET, values={})
    measure_ahead(known)
    scheme = known.claim.scheme
    expected = {
        one.name
        for one in CATALOGUE
        if one.source not in IN_TURN
        and one.measure.__module__ not in COUNTS
        and (one.schemes is None or scheme in one.schemes)
    }
    assert expected <= {measure.__name__ for measure in known.values}
    assert known.parts[signs.PAID_AFTER_DEATH] == signs.PAID_AFTER_DEATH.shown(known)


@pytest.mark.parametrize("name", sorted(worlds()))
def test_measuring_ahead_changes_no_value(name):
    whole = worlds()[name]
    waiting = replace(whole, area=NO_LINKS_YET, values={})
    measure_ahead(waiting)
    waiting.area = whole.area
    assert vector_of(waiting).tobytes() == vector_of(whole).tobytes()
