"""Taking a batch in."""

from dataclasses import replace

import numpy as np
import pytest

from fraud.assessment import ModelVersion, Policy
from fraud.features import FEATURE_NAMES, FEATURE_SET, vector_of
from fraud.features.catalogue import LinksNotRead
from fraud.graph import NodeKind
from fraud.privacy import ALL_OPEN
from fraud.store import assessed, raw_claims
from fraud.store.engine import Store
from fraud.store.gathering import gather, read_ahead
from fraud.store.raw_claims import ClaimState
from fraud.workflow.consequences import assessment_id
from fraud.workflow.intake import Assessor, process_batch
from tests.streams.fakes import KEYRING, NOW, a_claim
from tests.support.builders import a_statement, an_account, another_claim


@pytest.mark.parametrize("batches", [[[1, 2]], [[1], [2]]])
def test_the_first_body_of_a_claim_version_stays(database_url, batches):
    """In one batch as across batches."""
    store = Store.open(database_url, KEYRING, create=True)
    counted = [
        process_batch(
            store, [a_claim(expected_payment_sen=sen) for sen in batch], assessor=None, now=NOW
        )
        for batch in batches
    ]
    assert sum(one.duplicates for one in counted) == 1
    with store.reading() as connection:
        [kept] = raw_claims.latest_claims(store, connection, ["C0000001"]).values()
    assert kept.expected_payment_sen == 1
    store.close()


def test_what_was_read_ahead_is_read_again_where_facts_came_in_since(database_url):
    store = Store.open(database_url, KEYRING, create=True)
    told_of, other = ClaimState(another_claim(1)), ClaimState(another_claim(2))
    states = [told_of, other]
    ahead = read_ahead(store, states, sources=ALL_OPEN)
    with pytest.raises(LinksNotRead):
        ahead.known[other.key].others(NodeKind.ACCOUNT)
    late = a_statement(mykad=told_of.claim.claimant.mykad)
    process_batch(store, [late], assessor=None, now=NOW)
    with store.begin() as connection:
        positions = store.next_positions(connection, 2)
        gathered = gather(store, connection, states, positions, sources=ALL_OPEN, ahead=ahead)
    again, kept = gathered.known
    assert again.history.contributions == late
    assert kept is ahead.known[other.key]
    assert [one.linked.known_at for one in gathered.known] == list(positions)
    assert vector_of(kept).tobytes() == vector_of(replace(kept, values={})).tobytes()
    store.close()


class LooksAtAccounts:
    """Puts every claim up, because of its account."""

    version = ModelVersion("accounts", "1", "0" * 64, FEATURE_SET)

    def probabilities(self, vectors):
        return np.full(len(vectors), 0.9)

    def contributions(self, vectors):
        return np.array([[float(n == "people_sharing_account") for n in FEATURE_NAMES]])


@pytest.mark.parametrize("batch_size", [1, 2, 4])
def test_a_reason_names_only_claims_known_before_whatever_the_batch(database_url, batch_size):
    store = Store.open(database_url, KEYRING, create=True)
    shared = an_account()
    claims = [
        one.model_copy(update={"claimant": one.claimant.model_copy(update={"account": shared})})
        for one in map(another_claim, range(1, 5))
    ]
    policy = Policy(review_line=0.5, least_wrong_payment_sen=0)
    assessor = Assessor(LooksAtAccounts(), policy, accept_reserved=True)
    for start in range(0, len(claims), batch_size):
        process_batch(store, claims[start : start + batch_size], assessor=assessor, now=NOW)
    with store.reading() as connection:
        made = [
            assessed.load_assessment(connection, assessment_id(claim.claim_id, 1, ""))
            for claim in claims
        ]
    told = [
        statement.records
        for one in made
        for statement in one.stands_out
        if "people_sharing_account" in statement.key
    ]
    names = [claim.claim_id for claim in claims]
    assert told[-3:] == [tuple(names[:count]) for count in (1, 2, 3)]
    store.close()
