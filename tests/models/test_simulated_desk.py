"""Readers of a simulated desk, on six cases made by hand."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from fraud.cases import CaseState
from fraud.errors import Misconfigured
from fraud.records import Label
from fraud.store.desk import load_case
from models.sampled import sampled
from models.simulated_desk import READER, SECOND, decide_all
from tests.support.desk_world import NOW, DeskWorld, build_world


class Found(NamedTuple):
    label: Label
    wrong_payment_sen: int


FINDINGS = {
    "leave": Found(Label.CONFIRMED_FRAUD, 184_500),
    "fall": Found(Label.GENUINE, 0),
    "knee": Found(Label.CLAIMANT_ERROR, 20_000),
    "job": Found(Label.OFFICE_ERROR, -9_000),
    "crash": Found(Label.EMPLOYER_NON_COMPLIANCE, 0),
    "hand": Found(Label.UNDETERMINED, 0),
}


@pytest.fixture
def world(database_url: str) -> Iterator[DeskWorld]:
    made = build_world(database_url)
    made.store.set_simulated_time(NOW)
    yield made
    made.store.close()


def loaded(world: DeskWorld):
    with world.store.reading() as connection:
        return {
            name: load_case(connection, world.store.keyring, case)
            for name, case in world.cases.items()
        }


def decide(world: DeskWorld) -> int:
    findings = {case.claim_id: FINDINGS[name] for name, case in loaded(world).items()}
    return decide_all(world.store, findings)


def test_every_waiting_case_is_ended_as_its_finding_says(world):
    assert decide(world) == 6
    ended = {name: case.decision.label for name, case in loaded(world).items()}
    assert ended == {name: found.label for name, found in FINDINGS.items()}
    assert loaded(world)["leave"].state is CaseState.REFERRED
    assert decide(world) == 0


def test_what_goes_against_somebody_is_asked_about_and_agreed_to_by_a_second_person(world):
    decide(world)
    for name, case in loaded(world).items():
        against = name in ("leave", "knee")
        assert (case.question is not None) == against
        assert case.decided_by == READER.name
        assert case.approved_by == (SECOND.name if against else None)


def test_a_store_without_a_simulated_clock_is_refused_and_left_as_it_is(database_url: str):
    """In a real office nobody may come and end all cases."""
    real = build_world(database_url)
    before = loaded(real)
    with pytest.raises(Misconfigured, match="no simulated time"):
        decide(real)
    assert loaded(real) == before
    real.store.close()


def test_an_error_that_moved_no_money_is_cleared(world):
    findings = {case.claim_id: Found(Label.CLAIMANT_ERROR, 0) for case in loaded(world).values()}
    decide_all(world.store, findings)
    assert {case.state for case in loaded(world).values()} == {CaseState.CLEARED}


def test_what_it_decided_is_what_an_estimate_reads(world):
    decide(world)
    found = sampled(world.store)
    assert sorted(found.passed.fraud.tolist()) == [False, False, False, True]
    assert found.rest.fraud.tolist() == [False]
    assert (found.undetermined, found.open_cases) == (1, 0)
