"""`fraud same`: two numbers compared and judged, sealed, written down, and taken back."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from fraud.errors import Conflict, InvalidInput, NotFound
from fraud.identity.judgement import Verdict
from fraud.store.engine import Store
from fraud.store.schema import audit_events, judgements
from fraud.workflow.intake import process_batch
from fraud.workflow.same import compare_people, judge_people, lines_of
from tests.support.builders import KEYRING, MYKAD, a_claim, a_statement

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
SLIPPED = MYKAD[:-1] + "6"
THIRD = "900202000001"
WHY = "same person at the counter, number read out wrongly"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url, KEYRING, create=True)
    records = [
        a_claim(claim_id="C1"),
        a_claim(claim_id="C2", mykad=SLIPPED),
        a_statement(fact_id="S3", mykad=THIRD),
    ]
    process_batch(opened, records, assessor=None, now=NOW)
    yield opened
    opened.close()


def judge(store, one, other, verdict):
    return judge_people(store, one, other, verdict, by="anis", why=WHY, now=NOW)


def test_numbers_and_claims_name_people(store: Store) -> None:
    by_claim = compare_people(store, "C1", "C2", by="anis", now=NOW)
    by_number = compare_people(store, f"{MYKAD[:6]}-00-{MYKAD[8:]}", SLIPPED, by="anis", now=NOW)
    assert by_claim == by_number
    assert by_claim.numbers == (MYKAD, SLIPPED)
    assert by_claim.claims == (1, 1)
    assert not by_claim.joined


def test_a_person_of_whom_only_a_fact_is_known_can_be_compared(store: Store) -> None:
    found = compare_people(store, "C1", THIRD, by="anis", now=NOW)
    assert found.claims == (1, 0)


@pytest.mark.parametrize(
    ("one", "other", "error"),
    [
        ("C1", "C9", NotFound),
        ("C1", "999999999999", NotFound),
        ("C1", MYKAD, InvalidInput),
    ],
)
def test_nobody_is_compared_with_nobody_or_with_themselves(store, one, other, error) -> None:
    with pytest.raises(error) as refused:
        compare_people(store, one, other, by="anis", now=NOW)
    assert MYKAD not in str(refused.value)


def test_a_judgement_joins_and_is_taken_back(store: Store) -> None:
    assert judge(store, "C1", "C2", Verdict.SAME).joined
    assert not judge(store, "C1", "C2", Verdict.TAKEN_BACK).joined
    with pytest.raises(Conflict):
        judge(store, "C1", "C2", Verdict.TAKEN_BACK)
    assert not judge(store, "C1", "C2", Verdict.UNSURE).joined


def test_a_judgement_that_others_contradict_says_so(store: Store) -> None:
    judge(store, MYKAD, THIRD, Verdict.DIFFERENT)
    judge(store, SLIPPED, THIRD, Verdict.SAME)
    found = judge(store, MYKAD, SLIPPED, Verdict.SAME)
    assert found.refused
    assert not found.joined
    assert "Take one of these judgements back" in lines_of(found, "en")[-1]


def test_a_judgement_needs_a_name_and_a_reason(store: Store) -> None:
    for by, why in (("", WHY), ("anis", " ")):
        with pytest.raises(InvalidInput):
            judge_people(store, "C1", "C2", Verdict.SAME, by=by, why=why, now=NOW)


def test_numbers_and_reasons_are_sealed_and_the_audit_log_has_neither(store: Store) -> None:
    judge(store, "C1", "C2", Verdict.SAME)
    compare_people(store, "C1", "C2", by="anis", now=NOW)
    with store.reading() as connection:
        ((row),) = connection.execute(select(judgements)).all()
        events = list(connection.execute(select(audit_events.c.content)).scalars())
        position = connection.execute(text("SELECT value FROM ingest_position")).scalar_one()
    assert row.known_at == position
    for secret in (MYKAD, SLIPPED, WHY):
        assert secret.encode() not in bytes(row.sealed)
        assert not [one for one in events if secret in one]
    judged, compared = events[-2:]
    assert '"people.judged"' in judged
    assert '"same"' in judged
    assert '"people.compared"' in compared


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "one person. Why: " + WHY), ("ms", "orang yang sama. Sebab: " + WHY)],
)
def test_all_of_it_in_words(store: Store, language, said) -> None:
    lines = lines_of(judge(store, "C1", "C2", Verdict.SAME), language)
    assert len(lines) == 2 + 6 + 1 + 1
    assert said in lines[-2]
