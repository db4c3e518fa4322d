"""Which label a claim had at a moment."""

from datetime import UTC, datetime, timedelta

import pytest

from fraud.records import Label
from fraud.store.engine import Store
from fraud.store.rebuild import decided_claims, mature_outcomes
from fraud.store.schema import outcomes
from tests.support.builders import KEYRING

START = datetime(2026, 1, 5, 4, tzinfo=UTC)
DECIDED = (
    ("C1", Label.UNDETERMINED, 10),
    ("C2", Label.GENUINE, 20),
    ("C1", Label.CONFIRMED_FRAUD, 90),
    ("C3", Label.GENUINE, 100),
)
"""Claim, label and the day of the decision, in the order in which they became known."""


def day(number: int) -> datetime:
    return START + timedelta(days=number)


@pytest.fixture
def store(database_url):
    opened = Store.open(database_url, KEYRING, create=True)
    with opened.begin() as connection:
        for position, (claim, label, at) in enumerate(DECIDED, start=1):
            connection.execute(
                outcomes.insert().values(
                    known_at=position,
                    claim_id=claim,
                    label=label.value,
                    picked_by="rule",
                    decided_at=day(at),
                    wrong_payment_sen=0,
                    source="fact",
                )
            )
    yield opened
    opened.close()


def labels(found):
    return {one.claim_id: one.label for one in found}


def test_the_latest_label_counts(store):
    assert labels(decided_claims(store)) == {
        "C1": Label.CONFIRMED_FRAUD,
        "C2": Label.GENUINE,
        "C3": Label.GENUINE,
    }


def test_as_of_a_moment_a_label_given_later_is_not_known_yet(store):
    before = decided_claims(store, until=day(50))
    assert labels(before) == {"C1": Label.UNDETERMINED, "C2": Label.GENUINE}


def test_what_is_mature_or_not_is_told_as_of_the_moment_alone(store):
    mature, immature = mature_outcomes(store, now=day(45), appeal_window_days=30)
    assert labels(mature) == {"C1": Label.UNDETERMINED}
    assert labels(immature) == {"C2": Label.GENUINE}
    mature, immature = mature_outcomes(store, now=day(110), appeal_window_days=30)
    assert labels(mature) == {"C2": Label.GENUINE}
    assert labels(immature) == {"C1": Label.CONFIRMED_FRAUD, "C3": Label.GENUINE}
