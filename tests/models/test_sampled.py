"""What the desk's database says of claims above and below the line."""

from collections.abc import Iterator

import pytest

from fraud.cases import Decision, QuestionDraft, Verdict
from fraud.records import ClaimId, Label
from fraud.store.sampled import Look
from fraud.workflow import policy as policies
from fraud.workflow import review
from fraud.workflow.put_up import LATER_LOOK_SHARE, Policy
from models.control_sample import estimate
from models.sampled import chance_of, sampled
from tests.support.desk_world import (
    AIDA,
    CHONG,
    NOW,
    REASONS,
    DeskWorld,
    assessor_for,
    build_world,
    look_again,
)


@pytest.fixture
def world(database_url: str) -> Iterator[DeskWorld]:
    """Four claims above the line, and two control cases below it."""
    made = build_world(database_url)
    drawn_by = assessor_for("control").policy
    policies.change(made.store, drawn_by, by="tests", why="simulated", now=NOW)
    yield made
    made.store.close()


def conclude(world: DeskWorld, name: str, verdict: Verdict, label: Label) -> None:
    case, aida = world.cases[name], world.actor(AIDA)
    review.take_case(world.desk, aida, case, NOW)
    decision = Decision(verdict, label, REASONS)
    review.decide_case(world.desk, aida, case, decision, NOW)


def confirm(world: DeskWorld, name: str) -> None:
    case, aida = world.cases[name], world.actor(AIDA)
    review.take_case(world.desk, aida, case, NOW)
    draft = QuestionDraft("Leave from 2 to 22 March.", "Where were you?", "ms", 30)
    review.open_question(world.desk, aida, case, draft, NOW)
    review.record_reply(world.desk, aida, case, "At work.", NOW)
    fraud = Decision(Verdict.FRAUD, Label.CONFIRMED_FRAUD, REASONS, amount_sen=12_345)
    review.decide_case(world.desk, aida, case, fraud, NOW)
    review.approve_outcome(world.desk, world.actor(CHONG), case, "", NOW)


def test_only_decided_cases_are_read(world):
    found = sampled(world.store)
    assert (found.passed.claims, found.rest.claims) == (4, 2)
    assert (len(found.passed.fraud), len(found.rest.fraud)) == (0, 0)
    assert found.open_cases == 6


def test_decided_cases_stand_on_their_side_of_the_line(world):
    confirm(world, "leave")
    conclude(world, "knee", Verdict.CLEAR, Label.GENUINE)
    conclude(world, "fall", Verdict.CLEAR, Label.GENUINE)
    found = sampled(world.store)
    assert sorted(found.passed.fraud.tolist()) == [False, True]
    assert found.rest.fraud.tolist() == [False]
    assert found.open_cases == 3
    assert estimate(found.passed, found.rest, seed=1).precision.value == 0.5


def test_what_people_could_not_say_is_neither_fraud_nor_genuine(world):
    conclude(world, "hand", Verdict.INSUFFICIENT, Label.UNDETERMINED)
    found = sampled(world.store)
    assert len(found.rest.fraud) == 0
    assert found.undetermined == 1


def test_a_control_case_that_passes_the_line_later_has_passed_it(world):
    look_again(world, "flagged")  # the fall is looked at again
    conclude(world, "fall", Verdict.CLEAR, Label.GENUINE)
    found = sampled(world.store)
    assert (found.passed.claims, found.rest.claims) == (5, 1)
    assert found.passed.fraud.tolist() == [False]


def test_the_chance_of_a_claim_is_that_of_all_its_looks():
    policy = Policy(capacity=0.1, control_share=0.5)
    claim = ClaimId("C1")
    first = Look(claim, review=False, later=False, policy=policy)
    later = Look(claim, review=False, later=True, policy=policy)
    withdrawn = Look(claim, review=False, later=True, policy=None)
    assert chance_of([first]) == pytest.approx(0.05)
    assert chance_of([first, later, withdrawn]) == pytest.approx(
        1 - 0.95 * (1 - 0.05 * LATER_LOOK_SHARE)
    )


def test_each_drawn_claim_has_the_chance_of_the_policy_it_was_drawn_under(world):
    conclude(world, "hand", Verdict.CLEAR, Label.GENUINE)
    assert sampled(world.store).rest.chances.tolist() == [1.0]  # this desk draws every claim
