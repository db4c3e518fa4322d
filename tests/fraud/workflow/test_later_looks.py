"""A later look at a claim that has a case: evidence while it is open, a notice once concluded."""

from datetime import timedelta

import pytest

from fraud.cases import Actor, CaseState, Decision, Role, Step, Verdict
from fraud.privacy import Gates
from fraud.records import JobStarted, Label, PaymentDue
from fraud.store import desk as rows
from fraud.store.assessed import decision_file
from fraud.workflow import review
from fraud.workflow.case_file import case_file
from fraud.workflow.intake import process_batch
from tests.support.builders import at
from tests.support.desk_world import (
    AIDA,
    CAUSES,
    NOW,
    REASONS,
    assessor_for,
    build_world,
    put_up,
)

TODAY = NOW.date()
LATER = at(TODAY, "18:00")


def a_payment_due(claim, number=1):
    return PaymentDue(
        fact_id=f"due-{claim.claim_id}-{number}",
        claim_id=claim.claim_id,
        mykad=claim.claimant.mykad,
        number=number,
        amount_sen=98_000,
        due_on=TODAY + timedelta(days=3),
        stated_at=NOW,
    )


def a_job(claim):
    return JobStarted(
        fact_id=f"job-{claim.claim_id}",
        mykad=claim.claimant.mykad,
        started_on=TODAY - timedelta(days=4),
        stated_at=NOW,
    )


@pytest.fixture
def world(tmp_path):
    built = build_world(f"sqlite:///{tmp_path}/desk.db", dict.fromkeys(CAUSES, "flagged"))
    yield built
    built.store.close()


def look_again(world, fact, cause="flagged"):
    return process_batch(world.store, [fact], assessor=assessor_for(cause), now=LATER)


def found(world, name):
    with world.store.reading() as connection:
        keyring, case_id = world.store.keyring, world.cases[name]
        return rows.load_case(connection, keyring, case_id), rows.load_events(
            connection, keyring, case_id
        )


@pytest.mark.parametrize("cause", ["flagged", "control"])
def test_each_look_at_a_claim_with_an_open_case_is_explained_and_added(world, cause):
    claim = put_up()["job"]
    before, _ = found(world, "job")
    done = look_again(world, a_payment_due(claim), cause)
    assert (done.assessed, done.cases) == (1, 0)
    case, events = found(world, "job")
    assert [event.step for event in events] == [Step.EVIDENCE_ADDED]
    assert (case.assessment_id, case.state, case.cause) == (
        before.assessment_id,
        before.state,
        None,
    )
    name = events[0].details["assessment"]
    file = case_file(world.desk, case, LATER, events)
    assert file.since[name].point == "before_payment"
    assert file.since[name].fact == a_payment_due(claim)
    assert file.since[name].stands_out
    with world.store.reading() as connection:
        assert decision_file(world.store, connection, name)["assessment_id"] == name


def test_a_look_that_came_while_somebody_was_reading_is_read_before_a_decision(world):
    review.take_case(world.desk, world.actor(AIDA), world.cases["job"], NOW)
    read, _ = found(world, "job")
    look_again(world, a_job(put_up()["job"]))
    case, events = found(world, "job")
    assert (case.holder, case.lease_until) == (AIDA, read.lease_until)
    assert [event.number for event in events] == [1, 2]
    assert case.version == 2


def test_a_concluded_case_gets_a_notice_of_what_says_review_and_stays_concluded(world):
    aida, case_id = world.actor(AIDA), world.cases["fall"]
    review.take_case(world.desk, aida, case_id, NOW)
    genuine = Decision(Verdict.CLEAR, Label.GENUINE, REASONS)
    decided = review.decide_case(world.desk, aida, case_id, genuine, NOW)
    claim = put_up()["fall"]
    look_again(world, a_payment_due(claim, 1), "control")
    assert found(world, "fall")[0].version == decided.version
    look_again(world, a_payment_due(claim, 2))
    case, events = found(world, "fall")
    assert events[-1].step is Step.NOTICED
    assert (case.state, case.decision, case.holder) == (CaseState.CLEARED, genuine, None)
    chong = Actor("chong", Role.SUPERVISOR)
    again = review.reopen_case(world.desk, chong, case_id, "The second payment asks for it.", NOW)
    assert again.state is CaseState.IN_REVIEW


def test_a_fact_that_may_not_be_read_any_more_is_not_told(world):
    look_again(world, a_job_in_singapore(put_up()["leave"]))
    case, events = found(world, "leave")
    name = events[-1].details["assessment"]
    assert case_file(world.desk, case, LATER, events).since[name].fact is not None
    closed = type(world.desk)(world.store, world.desk.windows, gates=Gates())
    assert case_file(closed, case, LATER, events).since[name].fact is None


def a_job_in_singapore(claim):
    return a_job(claim).model_copy(update={"workplace_uen": "T00ZZ0000X"})
