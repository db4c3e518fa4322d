"""What of the stream is compared between two periods."""

from datetime import timedelta

import numpy as np

from fraud.assessment import Policy
from fraud.clock import local_day
from fraud.store.engine import Store
from fraud.workflow.intake import Assessor, process_batch
from models.drift import drift
from models.periods import SCORE, periods
from tests.streams.fakes import KEYRING, NOW, FixedScorer, a_claim

ASSESSOR = Assessor(FixedScorer(), Policy(version=1))


def test_claims_are_parted_by_the_day_they_were_received(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 'fraud.db'}", KEYRING, create=True)
    process_batch(
        store, [a_claim(1), a_claim(2), a_claim(1, version=2)], assessor=ASSESSOR, now=NOW
    )
    last = local_day(NOW)
    found = periods(store, until=last, days=1, before=30)
    assert found.claims_after == 2
    assert found.claims_before == 0
    assert found.after[SCORE].shape == (2,)
    assert found.scorer == str(FixedScorer().version)
    later = periods(store, until=last + timedelta(days=5), days=3, before=30)
    assert (later.claims_before, later.claims_after) == (2, 0)
    assert all(np.isnan(one.psi) for one in drift(later.before, later.after))
    store.close()
