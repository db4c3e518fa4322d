"""What is known of a claim's people: online and in a rebuild alike."""

from datetime import date

import pytest

from fraud.privacy import ALL_SHUT
from fraud.records import Death, DeathRegistered, EmployerArrears, JobStarted, Scheme
from fraud.store import raw
from fraud.store.engine import Store
from fraud.store.gathering import FactBook, gather, parties_of
from fraud.store.raw_claims import ClaimState
from fraud.workflow.intake import process_batch
from tests.support.builders import (
    EMPLOYER,
    KEYRING,
    MYKAD,
    RECEIVED_ON,
    a_claim,
    a_statement,
    an_attendance,
    an_employer,
    at,
)

DECEASED = "500101000012"
DIED_ON = date(2026, 2, 20)
NOW = at(RECEIVED_ON, "12:00")

OF_WIDOW = JobStarted(
    fact_id="F-job", mykad=MYKAD, started_on=DIED_ON, stated_at=at(RECEIVED_ON, "08:00")
)
OF_DECEASED = DeathRegistered(
    fact_id="F-death", mykad=DECEASED, died_on=DIED_ON, registered_at=at(RECEIVED_ON, "08:00")
)
OF_EMPLOYER = EmployerArrears(
    fact_id="F-arrears",
    employer_code=EMPLOYER,
    arrears_sen=1_000,
    months_unpaid=2,
    stated_at=at(RECEIVED_ON, "08:00"),
)


@pytest.fixture
def store(database_url):
    opened = Store.open(database_url, KEYRING, create=True)
    yield opened
    opened.close()


def a_death_claim():
    death = Death(deceased_mykad=DECEASED, died_on=DIED_ON, cause="illness")
    return a_claim(Scheme.SURVIVORS, death=death, injury=None, certificates=())


def history_of(store, claim):
    with store.begin() as connection:
        positions = store.next_positions(connection, 1)
        gathered = gather(store, connection, [ClaimState(claim)], positions, sources=ALL_SHUT)
        facts = raw.raw_rows(store, connection)
        book = FactBook(KEYRING)
        for _, fact in facts:
            book.add(fact)
        [known] = gathered.known
        assert book.history(ClaimState(claim), {}, {}, ALL_SHUT) == known.history
    return known.history


def test_a_claim_after_a_death_is_read_with_facts_about_both_people_and_the_employer(store):
    statement = a_statement(mykad=DECEASED)
    own = a_statement(fact_id="F-own")
    received = [OF_EMPLOYER, own, statement, OF_DECEASED, OF_WIDOW, an_employer()]
    process_batch(store, received, assessor=None, now=NOW)
    history = history_of(store, a_death_claim())
    assert history.facts == (own, OF_WIDOW, statement, OF_DECEASED, OF_EMPLOYER, an_employer())
    assert history.of(DeathRegistered) == (OF_DECEASED,)
    assert history.contributions == statement  # the insured person's, not the claimant's
    assert history.employer == an_employer()


def test_any_other_claim_is_read_with_each_fact_once(store):
    received = [a_statement(), an_attendance(), OF_WIDOW, OF_DECEASED]
    process_batch(store, received, assessor=None, now=NOW)
    history = history_of(store, a_claim(employer_code=None))
    assert history.facts == (a_statement(), an_attendance(), OF_WIDOW)
    assert history.contributions == a_statement()
    assert history.attendances == (an_attendance(),)
    assert history.employer is None


def test_the_parties_of_a_claim_are_named_once():
    own = KEYRING.person_key(MYKAD)
    assert parties_of(a_claim(), KEYRING).subjects == (own, EMPLOYER)
    insured = KEYRING.person_key(DECEASED)
    assert parties_of(a_death_claim(), KEYRING).subjects == (own, insured, EMPLOYER)
