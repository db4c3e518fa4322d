"""The list of cases that hang together: what is read, what is printed and what is noted."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from fraud.cases import NewCase
from fraud.graph import GUARD
from fraud.store import desk
from fraud.store.engine import Store
from fraud.workflow.intake import process_batch
from fraud.workflow.rings import ring_files, rings_as_json, rings_as_table
from tests.support.builders import KEYRING, RECEIVED_ON, an_account, another_claim, at

NOW = at(RECEIVED_ON)
SHARED = an_account("777700001111")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with closing(Store.open(database_url, KEYRING, create=True)) as opened:
        process_batch(
            opened,
            [another_claim(n, account=SHARED) for n in (1, 2, 3)] + [another_claim(4)],
            assessor=None,
            now=NOW,
        )
        yield opened


def open_cases(store: Store, *claims: str) -> None:
    causes = ("flagged", "control")
    with store.begin() as connection:
        desk.open_cases(
            connection,
            [
                NewCase(f"K{claim}", claim, f"a{claim}", causes[n % 2], NOW, 0.5)
                for n, claim in enumerate(claims)
            ],
        )


def look(store: Store, days: int = 365):
    return ring_files(store, days=days, by="aida", now=NOW)


def test_cases_flagged_or_drawn_stand_side_by_side_and_the_look_is_noted(store):
    open_cases(store, "C-1001", "C-1002", "C-1004")
    found = look(store)
    (ring,) = json.loads(rings_as_json(found, "en"))
    assert [list(person["cases"]) for person in ring["people"]] in (
        [["C-1001"], ["C-1002"]],
        [["C-1002"], ["C-1001"]],
    )
    tie = ring["people"][0]["ties"][0]
    assert tie["kind"] == "account"
    assert tie["people_in_all"] == 3
    with store.reading() as connection:
        row = connection.exec_driver_sql(
            "SELECT content FROM audit_events ORDER BY number DESC LIMIT 1"
        ).scalar_one()
    assert json.loads(row)["action"] == "rings.shown"
    assert json.loads(row)["actor"] == "aida"


@pytest.mark.parametrize("language", ["en", "ms"])
def test_the_list_says_that_a_tie_is_no_finding(store, language):
    open_cases(store, "C-1001", "C-1002")
    table = rings_as_table(look(store), language)
    assert table.row_count == 2
    said = {"en": "A tie is no finding", "ms": "Kaitan bukan dapatan"}[language]
    assert said in str(table.caption)


def test_without_ties_or_within_too_few_days_nothing_is_listed(store):
    open_cases(store, "C-1001", "C-1004")
    assert look(store).rings == ()
    assert "No cases" in str(rings_as_table(look(store), "en").caption)
    open_cases(store, "C-1002")
    assert len(look(store).rings) == 1
    assert look(store, days=1).rings == ()
    late = ring_files(store, days=365, by="aida", now=NOW + timedelta(days=400))
    assert late.rings == ()


def test_a_thing_that_many_named_long_ago_ties_nobody_today(store):
    old = [
        another_claim(100 + n, account=SHARED, received_at=at(RECEIVED_ON - timedelta(days=300)))
        for n in range(GUARD)
    ]
    process_batch(store, old, assessor=None, now=NOW)
    open_cases(store, "C-1001", "C-1002")
    assert look(store, days=100).rings == ()
