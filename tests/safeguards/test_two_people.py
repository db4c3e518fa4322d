"""An outcome against a person needs a hearing and two different people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fraud.cases import CaseState, NotYours
from fraud.store import desk as rows
from fraud.workflow import review
from tests.support.desk_world import AIDA, BALA, CHONG, NOW, REASONS, DeskWorld, busy_world
from tests.support.visitor import signed_in

ADVERSE = (
    {"verdict": "refer"},
    {"verdict": "fraud"},
    {"verdict": "correct_down", "error_by": "claimant", "amount": "10"},
    {"verdict": "correct_down", "error_by": "office", "amount": "10", "recovery": "yes"},
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DeskWorld]:
    world = busy_world(f"sqlite:///{tmp_path}/desk.db")
    yield world
    world.store.close()


def state_of(world: DeskWorld, name: str) -> CaseState:
    with world.store.reading() as connection:
        return rows.load_case(connection, world.store.keyring, world.cases[name]).state


def outcomes_of(world: DeskWorld, name: str) -> list[tuple[str, str, str]]:
    with world.store.reading() as connection:
        case = rows.load_case(connection, world.store.keyring, world.cases[name])
        found = connection.exec_driver_sql(
            "SELECT label, picked_by, source FROM outcomes"
            f" WHERE claim_id = '{case.claim_id}' ORDER BY known_at"
        )
        return [tuple(row) for row in found]


@pytest.mark.parametrize("decision", ADVERSE)
def test_an_adverse_outcome_without_a_question_is_refused(
    world: DeskWorld, decision: dict[str, str]
) -> None:
    aida = signed_in(world, AIDA)
    answer = aida.post(f"/cases/{world.cases['leave']}/decision", reasons=REASONS, **decision)
    assert answer.status_code == 409
    assert "must first be asked" in answer.text
    assert REASONS in answer.text  # what was typed is kept
    assert state_of(world, "leave") is CaseState.IN_REVIEW


@pytest.mark.parametrize("decision", ADVERSE)
def test_an_adverse_outcome_inside_the_reply_window_is_refused(
    world: DeskWorld, decision: dict[str, str]
) -> None:
    aida = signed_in(world, AIDA)
    answer = aida.post(f"/cases/{world.cases['knee']}/decision", reasons=REASONS, **decision)
    assert answer.status_code == 409
    assert state_of(world, "knee") is CaseState.INFORMATION_REQUESTED


def test_a_question_cannot_give_less_than_the_reply_window(world: DeskWorld) -> None:
    aida = signed_in(world, AIDA)
    answer = aida.post(
        f"/cases/{world.cases['leave']}/question",
        facts="Leave from 2 to 22 March.",
        wording="Where were you?",
        language="ms",
        days="7",
    )
    assert answer.status_code == 422
    assert "at least 30 days" in answer.text


def test_the_page_does_not_offer_what_would_be_refused(world: DeskWorld) -> None:
    page = signed_in(world, AIDA).get(f"/cases/{world.cases['leave']}").text
    for verdict in ("refer", "fraud", "correct_down"):
        assert f'value="{verdict}" required aria-describedby="v-{verdict}-help" disabled' in page


def test_nobody_approves_their_own_case(world: DeskWorld) -> None:
    bala = signed_in(world, BALA)
    case = f"/cases/{world.cases['crash']}"
    assert "somebody else must look at it" in bala.get(f"{case}/approval").text
    assert bala.post(f"{case}/approval").status_code == 403
    assert state_of(world, "crash") is CaseState.AWAITING_APPROVAL
    assert outcomes_of(world, "crash") == []
    with pytest.raises(NotYours):
        review.approve_outcome(world.desk, world.actor(BALA), world.cases["crash"], "", NOW)


def test_one_does_not_even_see_ones_own_decision_among_those_to_approve(world: DeskWorld) -> None:
    link = f"/cases/{world.cases['crash']}/approval"
    assert link not in signed_in(world, BALA).get("/queue").text
    assert link in signed_in(world, AIDA).get("/queue").text


def test_a_second_person_makes_it_final_and_only_then_is_there_an_outcome(
    world: DeskWorld,
) -> None:
    assert outcomes_of(world, "crash") == []
    chong = signed_in(world, CHONG)
    approval = f"/cases/{world.cases['crash']}/approval"
    chong.get(approval)
    assert chong.post(approval, note="").status_code == 303
    assert state_of(world, "crash") is CaseState.REFERRED
    assert outcomes_of(world, "crash") == [("undetermined", "score", "desk")]


def test_a_second_person_with_a_conflict_is_no_second_person(world: DeskWorld) -> None:
    case = f"/cases/{world.cases['crash']}"
    aida = signed_in(world, AIDA)
    aida.get(case)
    assert aida.post(f"{case}/conflict", reason="A cousin.").status_code == 303
    assert aida.post(f"{case}/approval").status_code == 403
    assert aida.get(case).status_code == 403
    assert f"{case}/approval" not in aida.get("/queue").text
    assert state_of(world, "crash") is CaseState.AWAITING_APPROVAL


@pytest.mark.parametrize("step", ["approval", "return"])
def test_nobody_agrees_to_a_decision_they_never_saw(world: DeskWorld, step: str) -> None:
    case = f"/cases/{world.cases['crash']}"
    bala, chong = signed_in(world, BALA), signed_in(world, CHONG)
    chong.get(f"{case}/approval")
    harder = {"verdict": "fraud", "amount": "50000", "recovery": "yes", "note": "On reflection."}
    assert bala.post(f"{case}/change", reasons=REASONS, **harder).status_code == 303
    refused = chong.post(f"{case}/{step}", note="As I read it.")
    assert refused.status_code == 409
    assert "Somebody took another step" in refused.text
    assert "RM50,000.00" in refused.text  # now it is on the screen
    assert state_of(world, "crash") is CaseState.AWAITING_APPROVAL
    assert chong.post(f"{case}/{step}", note="As I read it.").status_code == 303


def test_a_form_that_does_not_say_what_was_seen_has_seen_nothing(world: DeskWorld) -> None:
    chong = signed_in(world, CHONG)
    for version in ({}, {"version": "-1"}, {"version": "many"}):
        answer = chong.post(f"/cases/{world.cases['crash']}/approval", **version)
        assert answer.status_code == 409


def test_one_person_alone_does_not_undo_what_two_settled(world: DeskWorld) -> None:
    case = f"/cases/{world.cases['crash']}"
    bala, chong = signed_in(world, BALA), signed_in(world, CHONG)
    chong.get(f"{case}/approval")
    chong.post(f"{case}/approval", note="")
    settled = outcomes_of(world, "crash")
    for _ in range(2):
        bala.get(case)
        bala.post(f"{case}/change", verdict="clear", reasons=REASONS, note="Softer.")
        assert state_of(world, "crash") is CaseState.AWAITING_APPROVAL
    chong.get(case)
    chong.post(f"{case}/return", note="No.")
    bala.get(case)
    bala.post(f"{case}/decision", verdict="clear", reasons=REASONS)
    assert state_of(world, "crash") is CaseState.AWAITING_APPROVAL
    assert outcomes_of(world, "crash") == settled


def test_no_reply_is_written_into_a_concluded_case(world: DeskWorld) -> None:
    """A question that was open when the case was cleared is no way back in, and no dead end."""
    case = f"/cases/{world.cases['knee']}"
    aida, bala, chong = (signed_in(world, name) for name in (AIDA, BALA, CHONG))
    aida.post(f"{case}/decision", verdict="clear", reasons=REASONS)
    page = chong.get(case).text
    assert "without waiting for the reply" in page
    assert f'{case}/reply"' not in page
    assert bala.post(f"{case}/reply", reply="Made up.").status_code == 403
    assert chong.post(f"{case}/reply", reply="Made up.").status_code == 409
    assert state_of(world, "knee") is CaseState.CLEARED
    aida.post(f"{case}/reopen", note="A letter came.")
    page = aida.get(case).text
    assert f'{case}/question"' in page
    assert "must be asked anew" in page
    assert aida.post(f"{case}/decision", verdict="refer", reasons=REASONS).status_code == 409


def test_every_question_and_reply_stays_on_the_page(world: DeskWorld) -> None:
    case = f"/cases/{world.cases['leave']}"
    aida, chong = signed_in(world, AIDA), signed_in(world, CHONG)
    for number in ("first", "second"):
        fields = {"facts": f"The {number} facts.", "wording": "Where?", "language": "ms"}
        aida.post(f"{case}/question", days="30", **fields)
        aida.post(f"{case}/reply", reply=f"The {number} answer.")
    aida.post(f"{case}/decision", verdict="refer", reasons=REASONS)
    for page in (aida.get(case).text, chong.get(f"{case}/approval").text):
        for number in ("first", "second"):
            assert f"The {number} facts." in page
            assert f"The {number} answer." in page
