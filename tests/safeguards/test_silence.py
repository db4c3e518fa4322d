"""Silence proves nothing: a window that passes ends the waiting and changes nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fraud.cases import Case, CaseState
from fraud.store import desk as rows
from fraud.workflow import review
from tests.support.desk_world import AIDA, BALA, NOW, DeskWorld, busy_world
from tests.support.visitor import signed_in

LATER = NOW + timedelta(days=30)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DeskWorld]:
    world = busy_world(f"sqlite:///{tmp_path}/desk.db")
    yield world
    world.store.close()


def knee(world: DeskWorld) -> Case:
    with world.store.reading() as connection:
        return rows.load_case(connection, world.store.keyring, world.cases["knee"])


def test_a_lapse_leads_back_to_the_reviewer_and_to_no_conclusion(world: DeskWorld) -> None:
    assert review.lapse_questions(world.desk, LATER) == 1
    case = knee(world)
    assert (case.state, case.holder) == (CaseState.IN_REVIEW, AIDA)
    assert (case.decision, case.first_decided_at) == (None, None)


def test_nothing_lapses_early_and_nothing_twice(world: DeskWorld) -> None:
    assert review.lapse_questions(world.desk, NOW) == 0
    review.lapse_questions(world.desk, LATER)
    assert review.lapse_questions(world.desk, LATER) == 0


def test_the_reasons_are_the_same_with_and_without_a_reply(world: DeskWorld) -> None:
    def reasons() -> str:
        page = signed_in(world, AIDA).get(f"/cases/{world.cases['knee']}").text
        return page[page.index('id="stands-out"') : page.index('id="evidence"')]

    before = reasons()
    review.lapse_questions(world.desk, LATER)
    assert reasons() == before


def test_the_page_says_that_silence_proves_nothing(world: DeskWorld) -> None:
    review.lapse_questions(world.desk, LATER)
    page = signed_in(world, AIDA).get(f"/cases/{world.cases['knee']}").text
    assert "Silence proves nothing" in page


def test_a_silent_case_is_not_forgotten(world: DeskWorld) -> None:
    """Taking the next case first closes what is overdue, and the case waits like any other."""
    taken = {review.take_next_case(world.desk, world.actor(BALA), LATER) for _ in range(3)}
    assert knee(world).state is CaseState.IN_REVIEW
    assert None not in taken
