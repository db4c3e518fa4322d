"""Whatever people judge, and whenever: a rebuild computes what was scored, to the last bit."""

import random
from itertools import islice

import pytest

from fraud.assessment import Policy
from fraud.identity.judgement import Verdict
from fraud.privacy import ALL_OPEN
from fraud.records import Claim
from fraud.store.engine import Store
from fraud.store.judgements import add_judgement
from fraud.store.rebuild import compare_with_stored, live_again
from fraud.workflow.crossings import take_in_day
from fraud.workflow.intake import Assessor, process_batch
from fraud.workflow.load import end_of
from tests.streams.fakes import FixedScorer
from tests.support.town import BASIS, BUSY, KEYRING, town

pytestmark = pytest.mark.slow

DAYS = 30
NOW = end_of(BUSY.last_day)
ASSESSOR = Assessor(
    FixedScorer(),
    Policy(version=0, review_line=0.9, least_wrong_payment_sen=0),
    sources=ALL_OPEN,
    accept_reserved=True,
)
ODDS = {Verdict.SAME: 6, Verdict.DIFFERENT: 2, Verdict.UNSURE: 1, Verdict.TAKEN_BACK: 3}


def lived_through(url, *, judging):
    """A store that lived through some days; between batches people judge claimants at random.

    Among them claimants of days to come: whoever claims has facts about them before.
    """
    store, draw = Store.open(url, KEYRING, create=True), random.Random(7)
    days = list(islice(town(BUSY).days, DAYS))
    records = [one for lived in days for one in lived.records]
    claimants = sorted({one.claimant.mykad for one in records if isinstance(one, Claim)})
    judged = []
    for lived in days:
        take_in_day(store, lived.border_day, lived.person_days, basis=BASIS, now=NOW)
        process_batch(store, lived.records, assessor=ASSESSOR, now=NOW)
        for _ in range(4 if judging else 0):
            verdict = draw.choices(list(ODDS), ODDS.values())[0]
            pair = draw.sample(claimants, 2)
            if verdict is Verdict.TAKEN_BACK and judged:
                pair = draw.choice(judged)
            judged.append(tuple(pair))
            with store.begin() as connection:
                add_judgement(
                    store, connection, judged[-1], verdict, by="anis", why="drawn", at=NOW
                )
    return store


def read_again(store):
    """Of each claim as lodged: how many earlier ones, and whether its person had other numbers."""
    found = {}
    for one in live_again(store, sources=ALL_OPEN):
        if not one.state.trigger_fact:
            known = one.known()
            found[one.state.key] = len(known.others_of_person), known.linked.also != ()
    return found


def test_judgements_between_batches_keep_a_rebuild_equal(tmp_path):
    judged = lived_through(f"sqlite:///{tmp_path / 'judged.db'}", judging=True)
    compared = compare_with_stored(judged, sources=ALL_OPEN)
    assert compared.compared > 100
    assert compared.different == ()
    plain = lived_through(f"sqlite:///{tmp_path / 'plain.db'}", judging=False)
    with_people, without = read_again(judged), read_again(plain)
    assert with_people.keys() == without.keys()
    assert sum(joined for _, joined in with_people.values()) > 20  # or this would prove nothing
    assert with_people != without
    judged.close()
    plain.close()
