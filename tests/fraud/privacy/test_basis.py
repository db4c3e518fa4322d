"""A gate is shut until a basis is written down whole, and open only while it is in force."""

from datetime import UTC, date, datetime

import pytest

from fraud.clock import end_of
from fraud.config import Settings
from fraud.errors import Misconfigured
from fraud.privacy import ALL_OPEN, ALL_SHUT, GatedSource, OpenSources, gates_of, opened_on
from fraud.records import HospitalAnswer, JobStarted
from fraud.store.raw_facts import EMPLOYER_FACTS, PERSON_FACTS

NOW = datetime(2026, 3, 30, 2, 0, tzinfo=UTC)
MYKAD = "900101005551"


def gates(**written: str):
    return gates_of(Settings(secret_key="0" * 64, **written))


def test_every_gate_is_shut_by_default():
    assert gates().open_at(NOW) == ALL_SHUT
    assert not any(ALL_SHUT.allows(source) for source in GatedSource)


def test_a_basis_opens_its_own_gate_from_its_first_day_to_its_last():
    found = gates(basis_hospital="Letter 7; certificates asked about; 2026-03-01..2026-03-31")
    only = OpenSources(frozenset({GatedSource.HOSPITAL}))
    assert found.open_at(end_of(date(2026, 2, 28))) == ALL_SHUT
    assert found.open_at(end_of(date(2026, 3, 1))) == only
    assert found.open_at(end_of(date(2026, 3, 31))) == only
    assert found.open_at(end_of(date(2026, 4, 1))) == ALL_SHUT


def test_a_basis_may_have_no_end():
    basis = gates(basis_crossings="Order 12; leave; 2026-01-01..").basis(GatedSource.CROSSINGS)
    assert (basis.reference, basis.purpose, basis.last_day) == ("Order 12", "leave", None)


@pytest.mark.parametrize(
    "written",
    [
        "Order 12",
        "Order 12; leave",
        "; leave; 2026-01-01..",
        "Order 12; leave; 2026-13-01..",
        "Order 12; leave; 2026-02-01..2026-01-01",
        "Order 12; leave; since March",
    ],
)
def test_a_basis_that_is_not_whole_is_refused(written: str):
    with pytest.raises(Misconfigured, match=r"FRAUD_BASIS_PLATFORM: .*FRAUD_BASIS_BOARD: "):
        gates(basis_platform=written, basis_board="no")


def test_a_job_is_gated_when_the_partner_across_the_border_reported_it():
    said = {"mykad": MYKAD, "started_on": date(2026, 2, 1), "stated_at": NOW}
    here = JobStarted(fact_id="1", employer_code="E1100023457X", **said)
    there = JobStarted(fact_id="2", workplace_uen="T00XX0000Z", **said)
    answer = HospitalAnswer(fact_id="3", mykad=MYKAD, facility="H", serial="S", answered_at=NOW)
    assert ALL_SHUT.of([here, there, answer]) == [here]
    assert ALL_OPEN.of([here, there, answer]) == [here, there, answer]
    assert ALL_OPEN.without([GatedSource.HOSPITAL]).of([here, there, answer]) == [here, there]


def test_what_is_behind_a_shut_gate_is_not_even_unsealed():
    shut = {"day_presence", "platform_trips", "insurer_payment", "hospital_answer",
            "board_attendance"}  # fmt: skip
    kinds = (*PERSON_FACTS, *EMPLOYER_FACTS)
    assert set(kinds) - set(ALL_SHUT.kinds(kinds)) == shut
    assert ALL_OPEN.kinds(kinds) == list(kinds)
    assert opened_on("SIM", "tests").open_at(NOW) == ALL_OPEN
