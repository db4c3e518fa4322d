"""Benefits of stored claims: one explained, and the list of people likely owed money."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from fraud.clock import fixed_clock
from fraud.errors import InvalidInput, NotFound
from fraud.records import (
    Claim,
    DeathRegistered,
    Decision,
    Label,
    NewJob,
    Payment,
    Scheme,
)
from fraud.store.engine import Store
from fraud.store.schema import audit_events
from fraud.workflow.benefits import (
    ClaimInFile,
    Shortfall,
    explain_benefit,
    explain_file,
    lines_of,
    owed_lines,
    people_owed,
)
from fraud.workflow.intake import process_batch
from tests.fraud.schemes.claims import a_death, of
from tests.support.builders import (
    ACCIDENT_ON,
    JSA,
    KEYRING,
    MYKAD,
    RECEIVED_ON,
    TDB,
    a_certificate,
    a_claim,
    a_job_loss,
    a_statement,
    an_account,
    an_attendance,
    at,
)

SOON = RECEIVED_ON + timedelta(days=10)
LATER = RECEIVED_ON + timedelta(days=300)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store.open(database_url, KEYRING, create=True)
    yield store
    store.close()


def take_in(store: Store, *records: object) -> None:
    process_batch(store, list(records), assessor=None, now=at(RECEIVED_ON))  # type: ignore[arg-type]


def paid(claim: Claim, sen: int, fact_id: str = "F-paid") -> Payment:
    return Payment(
        fact_id=fact_id,
        claim_id=claim.claim_id,
        mykad=claim.claimant.mykad,
        account=an_account(),
        amount_sen=sen,
        paid_at=at(SOON),
    )


def owed(store: Store, on: date = LATER) -> dict[str, tuple[Shortfall, int, int]]:
    found = people_owed(store, fixed_clock(at(on)))
    return {one.subject: (one.shortfall, one.paid_sen, one.due_sen) for one in found}


def audited(store: Store) -> list[str]:
    with store.reading() as connection:
        return [row.content for row in connection.execute(audit_events.select())]


def test_a_stored_claim_is_explained_and_the_look_is_on_record(store):
    take_in(store, a_statement(), an_attendance([ACCIDENT_ON]), a_claim())
    claim, benefit = explain_benefit(store, "C-0001", fixed_clock(at(LATER)))
    assert (benefit.amount_sen, benefit.units) == (48_000, 6)  # one of seven days was worked
    english = "\n".join(lines_of(claim, benefit, LATER, "en"))
    malay = "\n".join(lines_of(claim, benefit, LATER, "ms"))
    for shown in ("RM480.00", "temporary_share = 80", "[F, 2020]", "[D, 2024-10-01]"):
        assert shown in english
        assert shown in malay
    assert "An officer decides." in english
    assert "claim.benefit_explained" in audited(store)[-1]
    assert claim.claimant.mykad not in english + audited(store)[-1]


def test_a_claim_that_is_not_stored_is_not_found(store):
    with pytest.raises(NotFound, match="C-404"):
        explain_benefit(store, "C-404", fixed_clock(at(LATER)))


def test_a_claim_in_a_file_is_explained_without_a_store():
    body = ClaimInFile(claim=a_claim(), facts=(a_statement(),)).model_dump_json()
    claim, benefit = explain_file(body)
    assert (claim, benefit.amount_sen) == (a_claim(), 56_000)
    with pytest.raises(InvalidInput) as caught:
        explain_file(body.replace('"version":1', '"version":0').replace(MYKAD, "x"))
    assert len(caught.value.faults) == 3


def test_the_first_version_tells_when_a_claim_came_in(store):
    first = a_claim(JSA)
    late = first.model_copy(update={"version": 2, "received_at": at(LATER)})
    take_in(store, a_statement(), first)
    take_in(store, late)
    _, benefit = explain_benefit(store, "C-0001", fixed_clock(at(LATER)))
    assert benefit.amount_sen == 810_000


def test_what_was_paid_of_the_allowance_counts_for_an_early_return(store):
    search = a_claim(JSA, claim_id="C-0000")
    early = of(
        Scheme.EARLY_REEMPLOYMENT,
        job_loss=a_job_loss(),
        new_job=NewJob(started_on=date(2026, 3, 1)),
    )
    take_in(store, a_statement(), search, early, paid(search, 240_000))
    _, benefit = explain_benefit(store, "C-0001", fixed_clock(at(LATER)))
    assert benefit.amount_sen == (810_000 - 240_000) // 4


@pytest.mark.parametrize(
    ("sen", "shortfall"),
    [(None, Shortfall.NEVER_PAID), (30_000, Shortfall.PAID_TOO_LITTLE), (55_000, None)],
)
def test_who_was_paid_too_little_or_never_is_listed_once_time_has_passed(store, sen, shortfall):
    claim = a_claim()
    take_in(store, a_statement(), claim, *([paid(claim, sen)] if sen else []))
    found = owed(store)
    assert found == ({"C-0001": (shortfall, sen or 0, 56_000)} if shortfall else {})
    assert owed(store, SOON) == {}


def test_two_payments_are_added_up(store):
    claim = a_claim()
    take_in(store, a_statement(), claim, paid(claim, 30_000), paid(claim, 26_000, "F-again"))
    assert owed(store) == {}


def test_what_is_expected_is_looked_at_before_it_is_paid(store):
    take_in(store, a_statement(), a_claim(expected_payment_sen=20_000))
    assert owed(store, SOON) == {"C-0001": (Shortfall.EXPECTED_TOO_LITTLE, 0, 56_000)}


def test_an_allowance_that_a_job_may_have_ended_is_judged_by_the_months_that_were_paid(store):
    claim = a_claim(JSA)
    take_in(store, a_statement(), claim, paid(claim, 240_000), paid(claim, 150_000, "F-2"))
    assert owed(store) == {}
    take_in(store, paid(claim, 10_000, "F-3"))
    assert owed(store, RECEIVED_ON + timedelta(days=90)) == {}
    assert owed(store) == {"C-0001": (Shortfall.PAID_TOO_LITTLE, 400_000, 510_000)}


def test_months_that_an_earlier_allowance_may_have_used_are_nobodys_shortfall(store):
    claim, before = a_claim(JSA), a_claim(JSA, claim_id="C-0000", received_at=at(RECEIVED_ON))
    take_in(store, a_statement(), before, claim)
    assert owed(store) == {}


def test_nothing_is_owed_on_what_was_found_to_be_false(store):
    decision = Decision(
        fact_id="F-decided",
        claim_id="C-0001",
        label=Label.CONFIRMED_FRAUD,
        decided_at=at(SOON),
        picked_by="rule",
    )
    take_in(store, a_statement(), a_claim(), decision)
    assert owed(store) == {}


def test_nothing_is_owed_on_an_assumption_or_without_records(store):
    commuter = a_claim(Scheme.COMMUTER, claim_id="C-0002", mykad="900101000017")
    take_in(store, commuter, a_claim(TDB))
    assert owed(store) == {}


def test_a_registered_death_for_which_nobody_claimed(store):
    funeral = of(Scheme.FUNERAL, death=a_death())
    died = DeathRegistered(
        fact_id="F-death",
        mykad=funeral.insured_mykad,
        died_on=date(2026, 3, 2),
        registered_at=at(date(2026, 3, 5)),
    )
    take_in(store, died)
    assert owed(store) == {}, "nothing is known of an insurance"
    take_in(store, a_statement(mykad=funeral.insured_mykad))
    assert owed(store) == {"F-death": (Shortfall.NEVER_CLAIMED, 0, 200_000)}
    assert owed(store, date(2026, 4, 1)) == {}
    take_in(store, funeral, paid(funeral, 200_000))
    assert owed(store) == {}


def test_the_list_counts_each_kind_and_names_nobody(store):
    many = [
        a_claim(
            claim_id=f"C-{n:04d}",
            mykad=f"88010100{n:04d}",
            certificates=(a_certificate(serial=f"S{n}"),),
        )
        for n in range(1, 4)
    ]
    facts = [a_statement(fact_id=f"F-{n}", mykad=one.claimant.mykad) for n, one in enumerate(many)]
    take_in(store, *facts, *many, paid(many[0], 20_000))
    found = people_owed(store, fixed_clock(at(LATER)))
    lines = list(owed_lines(found, "en", steps=True))
    assert "2 people were likely never paid." in lines
    assert "1 person was likely paid too little." in lines
    assert sum("make RM560.00" in line for line in lines) == 3
    assert list(owed_lines(found, "ms"))[-2] == "2 orang mungkin tidak pernah dibayar."
    assert not [line for line in lines if "880101" in line]
    assert "owed.listed" in audited(store)[-1]
