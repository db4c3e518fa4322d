"""What claims share, on a few claims made by hand."""

from datetime import UTC, datetime

import pytest

from fraud.graph import NodeKind
from fraud.privacy import ALL_OPEN
from fraud.store.engine import Store
from fraud.workflow.intake import process_batch
from models.sharing import claims_as_they_came, claims_by_node
from tests.support.builders import JSA, KEYRING, RECEIVED_ON, a_claim, a_claimant, an_account, at

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)


@pytest.fixture
def store(database_url):
    """Three people, of whom the first two are paid into one account; the first claims twice."""
    opened = Store.open(database_url, KEYRING, create=True)
    people = [
        a_claimant(mykad=f"90010100100{n}", account=an_account(number))
        for n, number in enumerate(("100000000777", "100000000777", "100000000888"))
    ]
    claims = [
        a_claim(JSA, claim_id=f"C{n}", claimant=person, received_at=at(RECEIVED_ON, f"1{n}:00"))
        for n, person in enumerate(people)
    ]
    newer = claims[0].model_copy(update={"version": 2, "received_at": at(RECEIVED_ON, "15:00")})
    process_batch(opened, [*claims, newer], assessor=None, now=NOW, sources=ALL_OPEN)
    yield opened
    opened.close()


def test_a_claim_counts_once_for_a_node_however_often_it_was_looked_at(store):
    shared = claims_by_node(store)
    assert shared[NodeKind.ACCOUNT].tolist() == [2, 1]
    assert shared[NodeKind.PERSON].tolist() == [1, 1, 1]


def test_each_claim_has_the_ring_that_was_known_when_it_came_in(store):
    came = claims_as_they_came(store, sources=ALL_OPEN)
    assert [one.claim_id for one in came] == ["C0", "C1", "C2"]
    assert [one.ring.claims for one in came] == [1, 2, 1]
    assert {one.received_on for one in came} == {RECEIVED_ON}
