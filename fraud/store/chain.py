"""The stored audit chain, and the check of it against its anchors."""

import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from fraud.audit import Anchor, Link, faults_of_chain
from fraud.store.engine import Connection, Store
from fraud.store.schema import audit_events


def stored_links(connection: Connection) -> Iterator[Link]:
    """All audit events in order."""
    rows = connection.execution_options(stream_results=True).execute(
        select(audit_events).order_by(audit_events.c.number)
    )
    for row in rows:
        yield Link(row.number, row.content, row.digest)


def anchor_in(file: Path) -> Anchor | None:
    """The head kept in the anchor file, or None when none was written yet."""
    if not file.exists():
        return None
    kept = json.loads(file.read_text())
    return Anchor(kept["number"], kept["digest"], kept["signature"])


def verify(store: Store, file: Path) -> list[str]:
    """Everything wrong with the audit chain, in words; an empty list means it is whole.

    A cut tail is found only back to the last anchor, so events without an anchor are a fault too.
    Cost: reads and hashes every event once.
    """
    anchor = anchor_in(file)
    with store.reading() as connection:
        faults = faults_of_chain(
            stored_links(connection), [anchor] if anchor else [], store.keyring.anchor_key
        )
        if anchor is None and store.audit_head(connection):
            faults.append(
                f"no anchor at {file}: a cut tail cannot be ruled out; name the file with"
                " FRAUD_ANCHOR_FILE, or let `fraud-streams relay` write one from now on"
            )
    return faults
