"""The watch over entities: who may look, what is noted, and what stays behind a shut gate."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from fraud.cases import Role
from fraud.entities import EntityKind
from fraud.errors import Forbidden, InvalidInput
from fraud.privacy import ALL_OPEN, ALL_SHUT
from fraud.store.engine import Store
from fraud.workflow.intake import process_batch
from fraud.workflow.listing import as_json, as_table, warned_as_json, warned_as_table
from fraud.workflow.staff import add_staff, staff_role
from fraud.workflow.watch import Looker, end_of_day, warn_list, watch
from tests.fraud.test_entities import (
    END,
    NEW,
    OLD,
    arrears,
    brought_by_one,
    firm,
    insider,
    misused,
    move,
    office,
)
from tests.support.builders import KEYRING

CLERK = Looker("command line")
INTEGRITY = Looker("aminah", Role.INTEGRITY)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with closing(Store.open(database_url, KEYRING, create=True)) as opened:
        yield opened


@pytest.fixture
def full(store):
    facts = [firm(OLD), firm(NEW), arrears(), move(), *misused(), *office(insider())]
    process_batch(store, [*facts, *brought_by_one(8)], assessor=None, now=END)
    return store


def look(store, kind, looker=CLERK, sources=ALL_OPEN):
    return watch(store, kind, moment=END, sources=sources, looker=looker, now=END)


def events(store) -> list[str]:
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT content FROM audit_events ORDER BY number").all()
    return [json.loads(row[0])["action"] for row in rows]


def test_employers_and_agents_are_listed_and_the_look_is_noted(full):
    assert [one.id for one in look(full, EntityKind.EMPLOYER)] == [OLD]
    assert [one.id for one in look(full, EntityKind.AGENT)] == ["AC1"]
    assert events(full)[-2:] == ["watch.shown", "watch.shown"]


@pytest.mark.parametrize("role", [None, Role.INVESTIGATOR, Role.SUPERVISOR, Role.AUDITOR])
def test_officers_are_shown_to_integrity_staff_alone(full, role):
    with pytest.raises(Forbidden, match="integrity"):
        look(full, EntityKind.OFFICER, Looker("somebody", role))
    assert events(full)[-1] == "watch.refused"


def test_integrity_staff_need_a_basis_for_the_log(full):
    with pytest.raises(Forbidden, match="FRAUD_BASIS_OFFICER_LOG"):
        look(full, EntityKind.OFFICER, INTEGRITY, ALL_SHUT)
    assert [one.id for one in look(full, EntityKind.OFFICER, INTEGRITY)] == ["OF9"]
    assert events(full)[-2:] == ["watch.refused", "watch.shown"]


def test_the_people_named_are_listed_to_be_warned(full):
    found = warn_list(full, moment=END, sources=ALL_OPEN, looker=CLERK, now=END)
    assert len(found) == 4
    assert events(full)[-1] == "warnings.shown"
    assert len(json.loads(warned_as_json(found))) == 4
    assert warned_as_table(found).row_count == 4


def test_lists_in_both_languages(full):
    found = look(full, EntityKind.EMPLOYER)
    assert as_table(EntityKind.EMPLOYER, found, "ms").row_count == 1
    (row,) = json.loads(as_json(found, "en"))
    assert row["id"] == OLD
    assert all(one["text"].endswith(".") for one in row["stands_out"])
    assert as_table(EntityKind.AGENT, [], "en").caption


def test_nothing_is_listed_before_it_was_stated(full):
    before = END - timedelta(days=300)
    assert watch(
        full, EntityKind.EMPLOYER, moment=before, sources=ALL_OPEN, looker=CLERK, now=END
    ) == []  # fmt: skip


def test_the_role_is_proved_by_the_password(store):
    add_staff(store, "aminah", Role.INTEGRITY, "a long enough password", now=END)
    assert staff_role(store, "aminah", "a long enough password") is Role.INTEGRITY
    for name, password in (("aminah", "another password"), ("nobody", "a long enough password")):
        with pytest.raises(Forbidden):
            staff_role(store, name, password)


def test_a_day_is_read_to_its_end():
    assert end_of_day("", END) == END
    assert end_of_day("2026-03-02", END).isoformat().startswith("2026-03-02T23:59")
    with pytest.raises(InvalidInput):
        end_of_day("2 March", END)
