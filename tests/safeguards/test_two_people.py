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
    answer = chong.post(f"/cases/{world.cases['crash']}/approval", note="")
    assert answer.status_code == 303
    assert state_of(world, "crash") is CaseState.REFERRED
    assert outcomes_of(world, "crash") == [("undetermined", "score", "desk")]


def test_a_second_person_with_a_conflict_is_no_second_person(world: DeskWorld) -> None:
    case = f"/cases/{world.cases['crash']}"
    aida = signed_in(world, AIDA)
    assert aida.post(f"{case}/conflict", reason="A cousin.").status_code == 303
    assert aida.post(f"{case}/approval").status_code == 403
    assert aida.get(case).status_code == 403
    assert f"{case}/approval" not in aida.get("/queue").text
    assert state_of(world, "crash") is CaseState.AWAITING_APPROVAL
