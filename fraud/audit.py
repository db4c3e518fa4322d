"""What happened, unalterable: each event carries the hash of the one before it.

Events are only ever added. An altered byte or a removed row breaks the chain from there on; a
cut tail is found against the anchor, a signed copy of the head kept outside the table.
"""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to which thing, when, and why; `details` never holds an identifier in full."""

    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]

    def content(self) -> str:
        """The event as canonical JSON, which is what is hashed and stored."""
        return json.dumps(
            {
                "at": self.at.isoformat(),
                "actor": self.actor,
                "action": self.action,
                "subject": self.subject,
                "details": self.details,
            },
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )


@dataclass(frozen=True, slots=True)
class Link:
    """One stored event: its place in the chain, its content and its hash."""

    number: int
    content: str
    digest: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain as copied outside the table."""

    number: int
    digest: str
    signature: str


def chain(previous: Link | None, events: Iterable[AuditEvent]) -> list[Link]:
    """Link events after `previous` (None at the very start), in order."""
    number, digest = (previous.number, previous.digest) if previous else (0, GENESIS)
    links = []
    for event in events:
        number += 1
        content = event.content()
        digest = _digest(number, digest, content)
        links.append(Link(number, content, digest))
    return links


def _digest(number: int, previous: str, content: str) -> str:
    return sha256(f"{number}|{previous}|{content}".encode()).hexdigest()


def sign(number: int, digest: str, key: bytes) -> Anchor:
    """The head of the chain with a signature that needs the key."""
    return Anchor(number, digest, hmac.digest(key, f"{number}|{digest}".encode(), "sha256").hex())


def faults_of_chain(links: Iterable[Link], anchors: Iterable[Anchor], key: bytes) -> list[str]:
    """Everything wrong with a stored chain, in words; an empty list means it is whole.

    Cost: one hash for each event.
    """
    faults: list[str] = []
    expected, digest = 1, GENESIS
    heads = {}
    for link in links:
        if link.number != expected:
            faults.append(f"event {expected} is missing (found {link.number} in its place)")
            expected = link.number
        if _digest(link.number, digest, link.content) != link.digest:
            faults.append(f"event {link.number} or the one before it was altered")
        digest = link.digest
        heads[link.number] = digest
        expected += 1
    for anchor in anchors:
        if not hmac.compare_digest(
            sign(anchor.number, anchor.digest, key).signature, anchor.signature
        ):
            faults.append(f"the anchor of event {anchor.number} has a false signature")
        elif anchor.number >= expected:
            faults.append(
                f"the tail is cut: the anchor knows event {anchor.number},"
                f" the table ends at {expected - 1}"
            )
        elif anchor.number and heads.get(anchor.number) != anchor.digest:
            faults.append(f"event {anchor.number} is not the one that was anchored")
    return faults
