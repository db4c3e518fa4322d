"""One person under two numbers: found from then on, told apart again, and never before."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import select

from fraud.assessment import Policy
from fraud.features import FEATURE_NAMES
from fraud.graph import unpack_nodes
from fraud.identity.judgement import Verdict
from fraud.movement import CrossingDay
from fraud.privacy import ALL_OPEN
from fraud.store import raw_days
from fraud.store.engine import Store
from fraud.store.reading import case_material
from fraud.store.rebuild import compare_with_stored, live_again
from fraud.store.schema import assessments, claims
from fraud.workflow.intake import Assessor, process_batch
from fraud.workflow.same import judge_people
from tests.streams.fakes import FixedScorer
from tests.support.builders import (
    ACCIDENT_ON,
    KEYRING,
    MYKAD,
    RECEIVED_ON,
    a_claim,
    a_run,
    a_statement,
    a_stay,
    an_account,
    an_attendance,
    another_claim,
    at,
)

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
SLIPPED = MYKAD[:-1] + "6"
ASSESSOR = Assessor(
    FixedScorer(),
    Policy(version=0, review_line=0.1, least_wrong_payment_sen=0),
    sources=ALL_OPEN,
    accept_reserved=True,
)


@pytest.fixture
def store(database_url):
    opened = Store.open(database_url, KEYRING, create=True)
    yield opened
    opened.close()


def take_in(store, *records):
    return process_batch(store, records, assessor=ASSESSOR, now=NOW)


def judge(store, verdict, one=MYKAD, other=SLIPPED):
    judge_people(store, one, other, verdict, by="anis", why="made up", now=NOW)


def claim(number, mykad=MYKAD, **changes):
    received = at(RECEIVED_ON + timedelta(days=number), "10:00")
    return a_claim(claim_id=f"C{number}", mykad=mykad, received_at=received, **changes)


def known_by_claim(store):
    found = {}
    for one in live_again(store, sources=ALL_OPEN):
        known = one.known()
        known.others_of_person  # noqa: B018 - asked while nothing later is known
        found[one.state.claim.claim_id] = known
    return found


def earlier(store):
    return {
        name: {one.claim_id for one in known.others_of_person}
        for name, known in known_by_claim(store).items()
    }


def stored_vector(store, claim_id):
    with store.reading() as connection:
        query = select(assessments.c.vector).where(assessments.c.claim_id == claim_id)
        packed = bytes(connection.execute(query).scalar_one())
    return dict(zip(FEATURE_NAMES, np.frombuffer(packed), strict=True))


def test_claims_find_each_other_from_a_judgement_on_and_no_more_once_it_is_taken_back(store):
    take_in(store, claim(1))
    take_in(store, claim(2, SLIPPED))
    judge(store, Verdict.SAME)
    take_in(store, claim(3, SLIPPED), claim(4))
    judge(store, Verdict.TAKEN_BACK)
    take_in(store, claim(5), claim(6, SLIPPED))
    assert earlier(store) == {
        "C1": set(),
        "C2": set(),
        "C3": {"C1", "C2"},
        "C4": {"C1", "C2", "C3"},
        "C5": {"C1", "C4"},
        "C6": {"C2", "C3"},
    }
    assert stored_vector(store, "C4")["earlier_claims_of_person"] == 3
    assert stored_vector(store, "C5")["earlier_claims_of_person"] == 2
    compared = compare_with_stored(store, sources=ALL_OPEN)
    assert (compared.compared, compared.different) == (6, ())


def test_rows_keep_the_number_of_the_claim_whoever_is_who(store):
    take_in(store, claim(1), claim(2, SLIPPED))
    judge(store, Verdict.SAME)
    take_in(store, claim(3, SLIPPED))
    with store.reading() as connection:
        query = select(claims.c.person, claims.c.nodes).order_by(claims.c.known_at)
        rows = connection.execute(query).all()
    own = [KEYRING.person_key(number) for number in (MYKAD, SLIPPED, SLIPPED)]
    assert [row.person for row in rows] == own
    person = KEYRING.node("PERSON", MYKAD)
    named = [person in {number for _, number in unpack_nodes(row.nodes)} for row in rows]
    assert named == [True, False, False]


def test_somebody_under_two_numbers_is_not_two_people_on_one_account(store):
    account = an_account("512345678901")
    take_in(store, claim(1, account=account), claim(2, SLIPPED, account=account))
    stranger = another_claim(7, account=account, received_at=at(RECEIVED_ON + timedelta(days=3)))
    take_in(store, stranger)
    assert stored_vector(store, "C2")["people_sharing_account"] == 1
    assert stored_vector(store, stranger.claim_id)["people_sharing_account"] == 2
    judge(store, Verdict.SAME)
    later = another_claim(8, account=account, received_at=at(RECEIVED_ON + timedelta(days=4)))
    take_in(store, later, claim(5, SLIPPED, account=account))
    assert stored_vector(store, later.claim_id)["people_sharing_account"] == 2  # and the stranger
    assert stored_vector(store, "C5")["people_sharing_account"] == 2  # two strangers, not three
    assert compare_with_stored(store, sources=ALL_OPEN).different == ()


def test_facts_under_both_numbers_are_read_and_no_month_is_lost(store):
    own = a_statement(a_run(first_month=date(2023, 1, 1), last_month=date(2025, 6, 1)))
    other = a_statement(
        a_run(first_month=date(2025, 7, 1), last_month=date(2025, 12, 1)),
        fact_id="S-other",
        mykad=SLIPPED,
    )
    take_in(store, own, claim(1), claim(2, SLIPPED))
    judge(store, Verdict.SAME)
    take_in(store, other, an_attendance(mykad=MYKAD))
    take_in(store, claim(3, SLIPPED))
    history = known_by_claim(store)["C3"].history
    assert history.contributions.runs == (*own.runs, *other.runs)
    assert {fact.mykad for fact in history.facts if hasattr(fact, "mykad")} == {SLIPPED}
    assert len(history.attendances) == 1
    assert compare_with_stored(store, sources=ALL_OPEN).different == ()


def test_days_under_the_other_number_are_read_and_its_own_count_first(store):
    for day, mykads in ((0, (MYKAD,)), (1, (MYKAD, SLIPPED))):
        on = ACCIDENT_ON + timedelta(days=day)
        seen = [a_stay(on, 9.0 + (one == SLIPPED), mykad=one) for one in mykads]
        with store.begin() as connection:
            raw_days.add_crossing_day(store, connection, CrossingDay(on, 0.0), seen)
    take_in(store, claim(1), claim(2, SLIPPED))
    judge(store, Verdict.SAME)
    take_in(store, claim(3, SLIPPED))
    days = known_by_claim(store)["C3"].history.days
    assert [days[day].hours_there for day in sorted(days)] == [9.0, 10.0]
    assert compare_with_stored(store, sources=ALL_OPEN).different == ()


def test_a_fact_under_one_number_has_open_claims_under_the_other_looked_at_again(store):
    take_in(store, claim(1), claim(2, SLIPPED))
    judge(store, Verdict.SAME)
    stated = at(RECEIVED_ON + timedelta(days=5))
    assert take_in(store, a_statement(stated_at=stated)).assessed == 2
    judge(store, Verdict.TAKEN_BACK)
    assert take_in(store, a_statement(fact_id="S2", stated_at=stated)).assessed == 1


def test_the_desk_shows_what_was_known_when_the_claim_was_assessed(store):
    take_in(store, claim(1), a_statement(fact_id="S1"))
    take_in(store, claim(2, SLIPPED))
    judge(store, Verdict.SAME)
    take_in(store, claim(3, SLIPPED))
    judge(store, Verdict.TAKEN_BACK)
    with store.reading() as connection:
        query = select(assessments.c.claim_id, assessments.c.assessment_id).where(
            assessments.c.trigger_fact == ""
        )
        made = {row.claim_id: row.assessment_id for row in connection.execute(query)}
    before, after = (case_material(store, made[name], sources=ALL_OPEN) for name in ("C2", "C3"))
    assert [one.claim_id for one in before.earlier_claims] == []
    assert before.facts == ()
    assert [one.claim_id for one in after.earlier_claims] == ["C1", "C2"]
    assert [fact.fact_id for fact in after.facts] == ["S1"]


def test_another_process_learns_of_a_judgement_with_its_next_batch(database_url, store):
    other = Store.open(database_url, KEYRING)
    take_in(other, claim(1))
    take_in(store, claim(2, SLIPPED))
    judge(store, Verdict.SAME)
    take_in(other, claim(3))
    assert stored_vector(other, "C3")["earlier_claims_of_person"] == 2
    other.close()
