"""The stored audit chain against its anchor file."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fraud.audit import AuditEvent, sign
from fraud.privacy import KeyRing
from fraud.store import chain
from fraud.store.engine import Store

NOW = datetime(2026, 3, 30, 2, 0, tzinfo=UTC)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url, KeyRing(bytes(32)), create=True)
    yield opened
    opened.close()


def write_events(store: Store, count: int) -> None:
    with store.begin() as connection:
        events = [AuditEvent(NOW, "aida", "case.viewed", f"K{n}", {}) for n in range(count)]
        store.add_audit(connection, events)


def anchored(store: Store, file: Path) -> Path:
    with store.reading() as connection:
        head = store.audit_head(connection)
    assert head
    file.write_text(json.dumps(asdict(sign(head.number, head.digest, store.keyring.anchor_key))))
    return file


def test_a_whole_chain_with_its_anchor_has_no_fault(store: Store, tmp_path: Path) -> None:
    write_events(store, 3)
    file = anchored(store, tmp_path / "anchor.json")
    write_events(store, 2)
    assert chain.verify(store, file) == []


def test_events_without_an_anchor_are_a_fault_that_names_its_cure(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "anchor.json"
    assert chain.verify(store, file) == []  # nothing has happened yet
    write_events(store, 1)
    (fault,) = chain.verify(store, file)
    assert fault.startswith(f"no anchor at {file}: a cut tail cannot be ruled out")
    assert "FRAUD_ANCHOR_FILE" in fault


def test_a_cut_tail_is_found_against_the_anchor(store: Store, tmp_path: Path) -> None:
    write_events(store, 3)
    file = anchored(store, tmp_path / "anchor.json")
    fewer = Store.open(f"sqlite:///{tmp_path}/fewer.db", KeyRing(bytes(32)), create=True)
    write_events(fewer, 2)
    assert any("tail is cut" in fault for fault in chain.verify(fewer, file))
    fewer.close()
