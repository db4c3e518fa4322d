"""Taking a batch in."""

import pytest

from fraud.store import raw
from fraud.store.engine import Store
from fraud.workflow.intake import process_batch
from tests.streams.fakes import KEYRING, NOW, a_claim


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
        [kept] = raw.latest_claims(store, connection, ["C0000001"]).values()
    assert kept.expected_payment_sen == 1
    store.close()
