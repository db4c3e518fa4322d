"""The links around a claim, with and without an assessment."""

import pytest
from sqlalchemy import select

from fraud.errors import NotFound
from fraud.privacy import ALL_OPEN
from fraud.records import ClaimId
from fraud.store.desk_tables import cases
from fraud.store.reading import case_material, claim_picture
from tests.support.desk_world import build_world


@pytest.fixture
def world(database_url):
    made = build_world(database_url)
    yield made
    made.store.close()


@pytest.mark.parametrize("name", ["leave", "crash", "fall"])
def test_a_claim_has_the_picture_that_its_case_shows(world, name):
    with world.store.reading() as connection:
        chosen = select(cases).where(cases.c.case_id == world.cases[name])
        case = connection.execute(chosen).one()
    shown = case_material(world.store, case.assessment_id, sources=ALL_OPEN).picture
    assert claim_picture(world.store, case.claim_id, sources=ALL_OPEN) == shown
    assert len(shown.nodes) > 3


def test_a_claim_that_nobody_knows_has_no_picture(world):
    with pytest.raises(NotFound, match="there is no claim C-none"):
        claim_picture(world.store, ClaimId("C-none"), sources=ALL_OPEN)
