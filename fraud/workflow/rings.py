"""Ring files of the cases at hand, as a list for people; each look is an audit event.

All cases take part, those of the random control too: a list of the flagged ones alone would tell
which they are.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count, product
from string import ascii_uppercase

from rich.table import Table

from fraud.audit import AuditEvent
from fraud.clock import local_day
from fraud.graph import NodeKind
from fraud.records import ClaimId
from fraud.rings import Member, RingFile, rings_among
from fraud.store.engine import Store
from fraud.store.watching import claims_with_case, linked_claims
from fraud.wording import Language, text


@dataclass(frozen=True, slots=True)
class RingFiles:
    """Rings, and the state of the case of each claim in them."""

    rings: tuple[RingFile, ...]
    states: Mapping[ClaimId, str]


def ring_files(store: Store, *, days: int, by: str, now: datetime) -> RingFiles:
    """Rings among the cases of claims received in the last so many days.

    How many people share a thing is counted over all claims, however old.
    """
    since = local_day(now) - timedelta(days=days)
    with store.reading() as connection:
        states = claims_with_case(connection)
        claims = list(linked_claims(store, connection))
    recent = {one.claim_id for one in claims if one.received_on >= since.toordinal()}
    rings = rings_among(claims, states.keys() & recent)
    details = {"since": since.isoformat(), "listed": len(rings)}
    with store.begin() as connection:
        store.add_audit(connection, [AuditEvent(now, by, "rings.shown", "cases", details)])
    return RingFiles(tuple(rings), states)


def rings_as_table(found: RingFiles, language: Language) -> Table:
    """One row a person, ring by ring; the caption says so when no cases hang together."""
    heads = ("ring", "cases", "ties", "explained")
    table = Table(*(text(f"rings.{head}", language) for head in heads))
    for number, ring in enumerate(found.rings, start=1):
        named = dict(zip(ring.members, _letters(), strict=False))
        for member, letter in named.items():
            first = member is ring.members[0]
            ties = [
                text(
                    "rings.tie",
                    language,
                    what=text(f"edge.{kind.name.lower()}", language),
                    others=", ".join(named[other] for other in others),
                    count=most,
                )
                for kind, others, most in _by_kind(member, ring)
            ]
            table.add_row(
                f"{number}\n{_span(ring, language)}" if first else "",
                f"{letter}  " + "\n   ".join(_cases(member, found, language)),
                "\n".join(ties),
                "\n".join(_explained(ring, language)) if first else "",
            )
        table.add_section()
    table.caption = text("rings.note" if found.rings else "rings.none", language)
    return table


def _letters() -> Iterator[str]:
    """A, B ... Z, AA, AB ..., as the people of a ring are told apart."""
    for length in count(1):
        yield from map("".join, product(ascii_uppercase, repeat=length))


def rings_as_json(found: RingFiles, language: Language) -> str:
    """The same as JSON, with the kinds that are shared."""
    rows = [
        {
            "first_on": date.fromordinal(ring.first_on).isoformat(),
            "last_on": date.fromordinal(ring.last_on).isoformat(),
            "people": [
                {
                    "cases": {claim_id: found.states[claim_id] for claim_id in member.claims},
                    "ties": [
                        {
                            "kind": kind.name.lower(),
                            "text": text(f"edge.{kind.name.lower()}", language),
                            "with": [claim_id for other in others for claim_id in other.claims],
                            "people_in_all": most,
                        }
                        for kind, others, most in _by_kind(member, ring)
                    ],
                }
                for member in ring.members
            ],
            "may_explain": _explained(ring, language),
        }
        for ring in found.rings
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _by_kind(member: Member, ring: RingFile) -> list[tuple[NodeKind, list[Member], int]]:
    """Kinds of ties of one person: with whom of the ring, and how many people name one at most."""
    found = []
    for kind in sorted({tie.kind for tie in member.ties}):
        ties = [tie for tie in member.ties if tie.kind is kind]
        people = {person for tie in ties for person in tie.people} - {member.person}
        others = [other for other in ring.members if other.person in people]
        found.append((kind, others, max(tie.all_people for tie in ties)))
    return found


def _cases(member: Member, found: RingFiles, language: Language) -> list[str]:
    return [
        f"{claim_id}: {text(f'state.{found.states[claim_id]}', language)}"
        for claim_id in member.claims
    ]


def _span(ring: RingFile, language: Language) -> str:
    first, last = (date.fromordinal(day) for day in (ring.first_on, ring.last_on))
    return text("rings.span", language, first=first, last=last)


def _explained(ring: RingFile, language: Language) -> list[str]:
    return [
        text(
            "rings.share",
            language,
            count=people,
            all=len(ring.members),
            what=text(f"node.{kind.name.lower()}", language),
        )
        for kind, people in ring.explained.items()
    ]
