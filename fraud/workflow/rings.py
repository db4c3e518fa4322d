"""Ring files of the cases at hand, as a list for people; each look is an audit event.

All cases take part, those of the random control too: a list of the flagged ones alone would tell
which they are.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rich.table import Table

from fraud.audit import AuditEvent
from fraud.clock import local_day
from fraud.records import ClaimId
from fraud.rings import Member, RingFile, Tie, rings_among
from fraud.store.engine import Store
from fraud.store.watching import claims_with_case, linked_claims
from fraud.wording import Language, text


@dataclass(frozen=True, slots=True)
class RingFiles:
    """Rings, and the state of the case of each claim in them."""

    rings: tuple[RingFile, ...]
    states: Mapping[ClaimId, str]


def ring_files(store: Store, *, days: int, by: str, now: datetime) -> RingFiles:
    """Rings among the cases of claims received in the last so many days."""
    since = local_day(now) - timedelta(days=days)
    with store.reading() as connection:
        states = claims_with_case(connection)
        rings = rings_among(linked_claims(store, connection, since.toordinal()), states.keys())
    details = {"since": since.isoformat(), "listed": len(rings)}
    with store.begin() as connection:
        store.add_audit(connection, [AuditEvent(now, by, "rings.shown", "cases", details)])
    return RingFiles(tuple(rings), states)


def rings_as_table(found: RingFiles, language: Language) -> Table:
    """One row a person, ring by ring; the caption says so when no cases hang together."""
    heads = ("ring", "cases", "ties", "explained")
    table = Table(*(text(f"rings.{head}", language) for head in heads), show_lines=True)
    for number, ring in enumerate(found.rings, start=1):
        explained = "\n".join(_explained(ring, language))
        for member in ring.members:
            ties = "\n".join(_said(tie, member, ring, language) for tie in member.ties)
            table.add_row(str(number), "\n".join(_cases(member, found, language)), ties, explained)
        table.add_section()
    table.caption = text("rings.note" if found.rings else "rings.none", language)
    return table


def rings_as_json(found: RingFiles, language: Language) -> str:
    """The same as JSON, with the kinds that are shared."""
    rows = [
        {
            "first_on": date.fromordinal(ring.first_on).isoformat(),
            "last_on": date.fromordinal(ring.last_on).isoformat(),
            "people": [_person(member, ring, found, language) for member in ring.members],
            "may_explain": _explained(ring, language),
        }
        for ring in found.rings
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _person(member: Member, ring: RingFile, found: RingFiles, language: Language) -> dict[str, Any]:
    return {
        "cases": {claim_id: found.states[claim_id] for claim_id in member.claims},
        "ties": [
            {
                "kind": tie.kind.name.lower(),
                "text": _said(tie, member, ring, language),
                "with": _others(tie, member, ring),
                "people_in_all": tie.all_people,
            }
            for tie in member.ties
        ],
    }


def _cases(member: Member, found: RingFiles, language: Language) -> list[str]:
    return [
        f"{claim_id}: {text(f'state.{found.states[claim_id]}', language)}"
        for claim_id in member.claims
    ]


def _others(tie: Tie, member: Member, ring: RingFile) -> list[ClaimId]:
    """Cases of the other people of the ring that name the same thing."""
    return [
        claim_id
        for other in ring.members
        if other.person != member.person and tie in other.ties
        for claim_id in other.claims
    ]


def _said(tie: Tie, member: Member, ring: RingFile, language: Language) -> str:
    what = text(f"edge.{tie.kind.name.lower()}", language)
    others = ", ".join(_others(tie, member, ring))
    return text("rings.tie", language, what=what, others=others, count=tie.all_people)


def _explained(ring: RingFile, language: Language) -> list[str]:
    return [
        text(
            "rings.share",
            language,
            count=count,
            all=len(ring.members),
            what=text(f"node.{kind.name.lower()}", language),
        )
        for kind, count in ring.explained.items()
    ]
