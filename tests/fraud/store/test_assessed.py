"""What was concluded, counted."""

from fraud.assessment import Outcome, Policy
from fraud.store import assessed
from fraud.store.engine import Store
from fraud.workflow.intake import Assessor, process_batch
from tests.streams.fakes import KEYRING, NOW, FixedScorer, a_claim

ASSESSOR = Assessor(FixedScorer(), Policy(version=1, review_line=0.1, least_wrong_payment_sen=0))


def test_cases_are_counted_and_not_what_was_put_up(database_url):
    """A later version of a claim that has a case is put up again and opens none."""
    store = Store.open(database_url, KEYRING, create=True)
    process_batch(store, [a_claim(1), a_claim(2)], assessor=ASSESSOR, now=NOW)
    with store.reading() as connection:
        before = store.position(connection)
    process_batch(store, [a_claim(1, version=2), a_claim(3)], assessor=ASSESSOR, now=NOW)
    with store.reading() as connection:
        put_up = assessed.scored_at_intake(connection, after=before)
        assert [one.outcome for one in put_up] == [Outcome.REVIEW] * 2
        assert assessed.cases_opened(connection, after=before) == 1
        assert assessed.cases_opened(connection, after=0) == 3
    store.close()
