"""Who is linked to whom: dated links between claims, as they were known at a moment.

A claim names nodes (a person, an account, a practitioner ...); two claims that name the same node
are linked. The degree of a node is asked before its links are read: of a hub only the latest
`GUARD` links are ever looked at, so a large employer is neither slow nor a reason for suspicion.
"""

import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

import networkx as nx
import numpy as np

from fraud.clock import local_day
from fraud.history import History
from fraud.identity.clusters import UNJUDGED, People
from fraud.privacy import KeyRing
from fraud.records import (
    AccountChange,
    Address,
    BoardAttendance,
    Claim,
    Claimant,
    ClaimId,
    EmployerDescription,
    Enrolment,
    PersonKey,
    Scheme,
)

GUARD = 20
"""Latest links read of any node. Links beyond it belong to a hub and say little of one claim."""

RING_GUARD = 8
"""A node with more links than this is never a step from one claim to the next in a ring."""

RING_CLAIMS = 20
"""A ring is followed to this many claims at most."""


class NodeKind(IntEnum):
    """What a claim can share with another. Values are stored: add, never renumber."""

    PERSON = 1
    ACCOUNT = 2
    PHONE = 3
    ADDRESS = 4
    EMPLOYER = 5
    PRACTITIONER = 6
    INTERMEDIARY = 7
    CERTIFICATE = 8
    REPORT = 9
    VEHICLE = 10
    ENROLMENT_PAYER = 11
    DIRECTOR = 12
    EMPLOYER_ADDRESS = 13
    EMPLOYER_PHONE = 14
    INTERMEDIARY_AND_PRACTITIONER = 15
    INTERMEDIARY_AND_EMPLOYER = 16
    PRACTITIONER_AND_INJURY = 17
    VEHICLE_ON_DAY = 18
    RECEIPT = 19
    """An expense receipt of one person: numbers of different issuers are never mixed up."""
    ESCORT = 20
    INTERMEDIARY_AND_POLICE_DESK = 21
    ESCORT_OF_UNLIKE = 26
    """The escort of a session at which the board noted another likeness; numbered as ESCORT is."""
    EVENT_UNDER_ACT_4 = 22
    """One person's accident of one day, claimed under one law; the four share their numbers."""
    EVENT_UNDER_24_JAM = 23
    EVENT_UNDER_ACT_789 = 24
    EVENT_UNDER_ACT_838 = 25
    DEVICE = 40
    REFERRAL = 41
    PRACTITIONER_AND_DIAGNOSIS = 42
    PRACTITIONER_INJURY_AND_PERCENT = 43
    DECEASED = 44
    FUNERAL_OF = 45
    DEPENDANT = 46
    LETTER = 47
    JOB_LOSS_AT = 48
    HIRING_FIRM = 49
    TRAINING_CENTRE = 50
    INTERMEDIARY_AND_FIRM = 51


RING_STEPS = frozenset(
    {
        NodeKind.ACCOUNT,
        NodeKind.REPORT,
        NodeKind.CERTIFICATE,
        NodeKind.INTERMEDIARY_AND_PRACTITIONER,
        NodeKind.INTERMEDIARY_AND_EMPLOYER,
        NodeKind.REFERRAL,
        NodeKind.INTERMEDIARY_AND_FIRM,
    }
)
"""Steps a ring may take. Homes, family phones, employers and their directors are not: they link
honest people."""

OF_KIN = frozenset({NodeKind.ADDRESS, NodeKind.PHONE, NodeKind.DECEASED, NodeKind.DEPENDANT})
"""What people of one home or family share; no evidence against any of them."""

OF_EMPLOYER = frozenset({NodeKind.DIRECTOR, NodeKind.EMPLOYER_PHONE, NodeKind.EMPLOYER_ADDRESS})
"""Nodes that link employers. Each keeps one claim for an employer, so that a large firm's claims
do not hide its sisters; their degree counts employers."""

EVENT_UNDER = {
    Scheme.TEMPORARY_DISABLEMENT: NodeKind.EVENT_UNDER_ACT_4,
    Scheme.PERMANENT_DISABLEMENT: NodeKind.EVENT_UNDER_ACT_4,
    Scheme.ANY_HOUR_INJURY: NodeKind.EVENT_UNDER_24_JAM,
    Scheme.SELF_EMPLOYED: NodeKind.EVENT_UNDER_ACT_789,
    Scheme.COMMUTER: NodeKind.EVENT_UNDER_ACT_789,
    Scheme.HOUSEWIFE: NodeKind.EVENT_UNDER_ACT_838,
}
"""The law an accident is claimed under, by scheme."""

STRONG = RING_STEPS | {NodeKind.PERSON}

Node = tuple[int, int]
"""Kind (a NodeKind value) and number (`KeyRing.node`)."""
_NODE = struct.Struct("<Bq")
"""A node in the store: one byte of kind and eight of number."""


@dataclass(frozen=True)
class LinkedClaim:
    """A claim version as the graph sees it: pseudonym, day of receipt and nodes, nothing else."""

    known_at: int
    claim_id: ClaimId
    person: PersonKey
    received_on: int
    """Day number (`date.toordinal`) at the border."""
    nodes: tuple[Node, ...]
    also: tuple[Node, ...] = ()
    """Nodes it would name under other numbers of its people (`fraud.identity`): read, never
    kept, for who is who may be judged otherwise later."""
    lodged_as: PersonKey | None = None
    """The pseudonym of the number on the claim where `person` is that of another number."""

    @property
    def as_stored(self) -> "LinkedClaim":
        """The claim as its row has it, whoever its people were judged to be."""
        if not self.also and self.lodged_as is None:
            return self
        return replace(self, person=self.lodged_as or self.person, also=(), lodged_as=None)

    def under(self, key: PersonKey) -> "LinkedClaim":
        """The same claim under another key of its person."""
        return replace(self, person=key, lodged_as=self.person)

    @property
    def all_nodes(self) -> tuple[Node, ...]:
        """The nodes that it names and those of other numbers of its people."""
        return (*self.nodes, *self.also)

    @cached_property
    def _by_kind(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for kind, number in self.all_nodes:
            found.setdefault(kind, []).append(number)
        return found

    def numbers(self, kind: NodeKind) -> Sequence[int]:
        """The claim's nodes of one kind."""
        return self._by_kind.get(kind, ())

    @cached_property
    def employers(self) -> tuple[int, ...]:
        """The employer it names, if any."""
        return tuple(self.numbers(NodeKind.EMPLOYER))

    @cached_property
    def ring_steps(self) -> tuple[int, ...]:
        """Nodes over which a ring may go on from this claim."""
        return tuple(number for kind, number in self.nodes if kind in RING_STEPS)

    @cached_property
    def kin(self) -> frozenset[int] | None:
        """Nodes that people of the same home or family name; None where it gives no address."""
        if not self.numbers(NodeKind.ADDRESS):
            return None
        return frozenset(number for kind in OF_KIN for number in self.numbers(kind))

    def strong_nodes(self) -> tuple[int, ...]:
        """Nodes by which people count as linked when training rows are split."""
        return _shared(tuple(number for kind, number in self.all_nodes if kind in STRONG))


@lru_cache(maxsize=10_000)
def _shared(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """One and the same tuple for all looks at a claim, so that rows read together keep it once."""
    return numbers


class PackedClaim(LinkedClaim):
    """A claim as its row has it, whose nodes stay packed: 0.8 kB in place of 3.4.

    Of most claims that are met, few nodes are ever asked for. It equals no unpacked claim.
    """

    _packed: bytes
    _kinds: bytes

    def __init__(
        self, known_at: int, claim_id: ClaimId, person: PersonKey, received_on: int, packed: bytes
    ) -> None:
        vars(self).update(
            known_at=known_at,
            claim_id=claim_id,
            person=person,
            received_on=received_on,
            _packed=packed,
            _kinds=packed[:: _NODE.size],
        )

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes that it names, unpacked anew each time."""
        return unpack_nodes(self._packed)

    def under(self, key: PersonKey) -> LinkedClaim:
        """The same claim, unpacked, under another key of its person."""
        made = LinkedClaim(self.known_at, self.claim_id, self.person, self.received_on, self.nodes)
        return made.under(key)

    def numbers(self, kind: NodeKind) -> Sequence[int]:
        """The claim's nodes of one kind."""
        found: list[int] = []
        place = self._kinds.find(kind)
        while place >= 0:
            found.append(_NODE.unpack_from(self._packed, _NODE.size * place)[1])
            place = self._kinds.find(kind, place + 1)
        return found


class Surroundings(NamedTuple):
    """What was known around a claim that adds to the nodes it names."""

    employer: EmployerDescription | None
    enrolments: tuple[Enrolment, ...]
    sessions: tuple[BoardAttendance, ...]
    account_changes: tuple[AccountChange, ...]


def surroundings(claim: Claim, history: History) -> Surroundings:
    """That part of a claim's history."""
    return Surroundings(
        history.employer,
        history.enrolments,
        history.at_board(claim.claim_id),
        history.account_changes,
    )


def nodes_of(claim: Claim, keyring: KeyRing, history: History) -> tuple[Node, ...]:
    """The nodes a claim names, with what was known around it by then."""
    return nodes_named(claim, surroundings(claim, history), keyring)


def nodes_named(claim: Claim, known: Surroundings, keyring: KeyRing) -> tuple[Node, ...]:
    """The same of what is at hand already."""
    named = [
        *_of_claimant(claim.claimant),
        *_of_documents(claim),
        *_of_injury(claim),
        *_of_employer(claim.employer_code, known.employer),
        *((NodeKind.ENROLMENT_PAYER, one.paid_by) for one in known.enrolments if one.paid_by),
        *_of_board(known.sessions),
        *_of_illness(claim),
        *_of_death(claim),
        *_of_jobs(claim),
        *_of_account_changes(claim, known.account_changes),
    ]
    node = keyring.node
    return tuple(dict.fromkeys((int(kind), node(_NAMES[kind], value)) for kind, value in named))


def other_nodes_of(
    claim: Claim, keyring: KeyRing, history: History, people: People
) -> tuple[Node, ...]:
    """The nodes a claim would name under other numbers of its claimant or of the deceased."""
    person, death = claim.claimant, claim.death
    written = [
        claim.model_copy(update={"claimant": person.model_copy(update={"mykad": number})})
        for number in people.other_numbers(person.mykad)
    ]
    if death:
        written += [
            claim.model_copy(update={"death": death.model_copy(update={"deceased_mykad": number})})
            for number in people.other_numbers(death.deceased_mykad)
        ]
    named = [node for one in written for node in nodes_of(one, keyring, history)]
    own = set(nodes_of(claim, keyring, history)) if named else set()
    return tuple(dict.fromkeys(node for node in named if node not in own))


_NAMES = {
    **{kind: kind.name for kind in NodeKind},
    **dict.fromkeys(EVENT_UNDER.values(), "EVENT"),
    NodeKind.ESCORT_OF_UNLIKE: NodeKind.ESCORT.name,
}
"""What a number is made of: kinds of one name share their numbers."""

Named = Iterator[tuple[NodeKind, str]]


def _of_claimant(person: Claimant) -> Named:
    yield NodeKind.PERSON, person.mykad
    if person.account:
        yield NodeKind.ACCOUNT, f"{person.account.bank}|{person.account.number}"
    if person.phone:
        yield NodeKind.PHONE, person.phone
    if person.address:
        yield NodeKind.ADDRESS, _place(person.address)


def _of_documents(claim: Claim) -> Named:
    helper = claim.intermediary
    percent = claim.injury.assessed_percent if claim.injury else None
    if claim.device:
        yield NodeKind.DEVICE, claim.device
    if helper:
        yield NodeKind.INTERMEDIARY, helper
        if claim.employer_code:
            yield NodeKind.INTERMEDIARY_AND_EMPLOYER, f"{helper}|{claim.employer_code}"
    for certificate in claim.certificates:
        yield NodeKind.CERTIFICATE, f"{certificate.facility}|{certificate.serial}"
        yield NodeKind.PRACTITIONER, certificate.practitioner
        if helper:
            yield NodeKind.INTERMEDIARY_AND_PRACTITIONER, f"{helper}|{certificate.practitioner}"
        if claim.injury and percent is not None:
            pair = f"{certificate.practitioner}|{claim.injury.injury_code}"
            yield NodeKind.PRACTITIONER_AND_INJURY, pair
            for near in (percent // 2, (percent + 1) // 2):  # one percent apart share a key
                yield NodeKind.PRACTITIONER_INJURY_AND_PERCENT, f"{pair}|{near}"


def _of_injury(claim: Claim) -> Named:
    injury = claim.injury
    if injury is None:
        return
    on, insured = local_day(injury.occurred_at).isoformat(), claim.insured_mykad
    if claim.scheme in EVENT_UNDER:
        yield EVENT_UNDER[claim.scheme], f"{insured}|{on}"
    if injury.vehicle:
        yield NodeKind.VEHICLE, injury.vehicle
        yield NodeKind.VEHICLE_ON_DAY, f"{injury.vehicle}|{on}"
    if claim.intermediary and injury.police_desk:
        pair = f"{claim.intermediary}|{injury.police_desk}"
        yield NodeKind.INTERMEDIARY_AND_POLICE_DESK, pair
    for receipt in injury.receipts:
        yield NodeKind.RECEIPT, f"{insured}|{receipt}"
    for band in report_bands(injury.report_text or ""):
        yield NodeKind.REPORT, band


def _of_board(sessions: Iterable[BoardAttendance]) -> Named:
    for one in sessions:
        if one.escort:
            yield NodeKind.ESCORT, one.escort
            if one.likeness == "differs":
                yield NodeKind.ESCORT_OF_UNLIKE, one.escort


def _of_illness(claim: Claim) -> Named:
    illness, helper = claim.illness, claim.intermediary
    if illness is None:
        return
    if illness.referral_serial:
        yield NodeKind.REFERRAL, f"{illness.facility}|{illness.referral_serial}"
    if illness.practitioner:
        yield NodeKind.PRACTITIONER, illness.practitioner
        pair = f"{illness.practitioner}|{illness.diagnosis_code}"
        yield NodeKind.PRACTITIONER_AND_DIAGNOSIS, pair
        if helper:
            yield NodeKind.INTERMEDIARY_AND_PRACTITIONER, f"{helper}|{illness.practitioner}"
    for band in report_bands(illness.report_text or ""):
        yield NodeKind.REPORT, band


def _of_death(claim: Claim) -> Named:
    death = claim.death
    if death is None:
        return
    yield NodeKind.DECEASED, death.deceased_mykad
    if claim.scheme is Scheme.FUNERAL:
        yield NodeKind.FUNERAL_OF, death.deceased_mykad
    for dependant in death.dependants:
        if dependant.mykad:
            yield NodeKind.DEPENDANT, dependant.mykad


def _of_jobs(claim: Claim) -> Named:
    loss, job, helper = claim.job_loss, claim.new_job, claim.intermediary
    if loss:
        if claim.employer_code:
            yield NodeKind.JOB_LOSS_AT, claim.employer_code
        for band in report_bands(loss.letter_text or ""):
            yield NodeKind.LETTER, band
    if job is None:
        return
    for kind, firm in (
        (NodeKind.HIRING_FIRM, job.employer_code),
        (NodeKind.TRAINING_CENTRE, job.training_centre),
    ):
        if firm:
            yield kind, firm
            if helper:
                yield NodeKind.INTERMEDIARY_AND_FIRM, f"{helper}|{firm}"


def _of_employer(code: str | None, employer: EmployerDescription | None) -> Named:
    if code:
        yield NodeKind.EMPLOYER, code
    if employer:
        for director in employer.directors:
            yield NodeKind.DIRECTOR, director
        if employer.phone:
            yield NodeKind.EMPLOYER_PHONE, employer.phone
        if employer.address:
            yield NodeKind.EMPLOYER_ADDRESS, _place(employer.address)


def _of_account_changes(claim: Claim, changes: Iterable[AccountChange]) -> Named:
    for change in changes:
        if change.claim_id == claim.claim_id and change.device:
            yield NodeKind.DEVICE, change.device


def _place(address: Address) -> str:
    return f"{address.postcode}|{' '.join(address.line.lower().split())}"


_BANDS, _ROWS, _LEAST_WORDS = 4, 6, 8
_WORDS = re.compile(r"(?<!\S)[^\s\d]+(?!\S)")
"""Words without a digit."""
_FACTORS = np.array(
    [(0x9E3779B97F4A7C15 * (2 * row + 1)) & (2**64 - 1) for row in range(_BANDS * _ROWS)], np.uint64
)
_PLACES = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)


REPORTS_KEPT = 10_000
"""Reports whose keys are kept at hand, under a hash: a claim is looked at several times."""

_bands_of: dict[bytes, list[str]] = {}


def report_bands(text: str) -> list[str]:
    """Four short keys of a medical report; near-copies share at least one of them.

    MinHash over word triples with digits left out (four bands of six): texts that share 90% of
    their triples meet with odds of 95%, 70% with odds of 39%, 30% with odds of 0.3%; of ten copies
    with a word changed in each, nearly every one meets another. A text under eight words has no
    key. Source: Broder 1997, "On the resemblance and containment of documents".
    """
    report = blake2b(text.encode(), digest_size=16).digest()
    found = _bands_of.get(report)
    if found is None:
        if len(_bands_of) >= REPORTS_KEPT:
            _bands_of.clear()
        found = _bands_of[report] = _bands(text)
    return found


def _bands(text: str) -> list[str]:
    words = _WORDS.findall(text.lower())
    if len(words) < _LEAST_WORDS:
        return []
    each = np.array([crc32(word.encode()) for word in words], np.uint64)
    triples = each[:-2] * _PLACES[0] ^ each[1:-1] * _PLACES[1] ^ each[2:] * _PLACES[2]
    mixed = (triples[None, :] ^ _FACTORS[:, None]) * _FACTORS[:, None]
    least = (mixed >> np.uint64(16)).min(axis=1).reshape(_BANDS, _ROWS)
    return [f"{band}:{rows.tobytes().hex()}" for band, rows in enumerate(least)]


def pack_nodes(nodes: Sequence[Node]) -> bytes:
    """Nodes as bytes for the store: one byte of kind and eight of number each."""
    return b"".join(_NODE.pack(kind, number) for kind, number in nodes)


def unpack_nodes(packed: bytes) -> tuple[Node, ...]:
    """What `pack_nodes` packed."""
    return tuple(_NODE.iter_unpack(packed))


def pack_positions(positions: Sequence[int]) -> bytes:
    """Ingest positions as bytes, eight each."""
    return struct.pack(f"<{len(positions)}q", *positions)


def unpack_positions(packed: bytes) -> list[int]:
    """What `pack_positions` packed."""
    return [position for (position,) in struct.iter_unpack("<q", packed)]


@dataclass(slots=True)
class Area:
    """The links around some claims, as known before each of them; grows as claims are added.

    `degree` is how many claim versions named a node so far, `members` the latest of them (the
    last GUARD count, oldest first), by the position at which they became known.
    """

    degree: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    claims: dict[int, LinkedClaim] = field(default_factory=dict)
    labels: dict[ClaimId, list[str]] = field(default_factory=dict)
    """Final labels of linked claims, those known by now, oldest first."""
    changed: set[int] = field(default_factory=set)
    """Nodes that claims were added to."""
    people: People = UNJUDGED
    """Who is who by now; claims are kept as stored and told apart by it."""

    def add(self, claim: LinkedClaim) -> None:
        """Make a claim known: from now on its nodes lead to it."""
        self.claims[claim.known_at] = claim.as_stored
        for kind, number in claim.nodes:
            if kind in OF_EMPLOYER and self._stands_for(claim.employers, number):
                continue
            self.degree[number] = self.degree.get(number, 0) + 1
            self.members.setdefault(number, []).append(claim.known_at)
            self.changed.add(number)

    def _stands_for(self, employers: tuple[int, ...], number: int) -> bool:
        """Whether a claim of the same employer already stands at a node."""
        return any(self.claims[one].employers == employers for one in self.latest(number))

    def forget_from(self, position: int) -> None:
        """Drop links that became known at a position or later: the view as of then."""
        for number, members in self.members.items():
            self.members[number] = [member for member in members if member < position]

    def before(self, claim: LinkedClaim) -> "Area":
        """A claim's own nodes as they stood before it, whatever was added since."""
        view = Area(claims=self.claims, labels=self.labels, people=self.people)
        for _, number in claim.all_nodes:
            members = self.members.get(number, [])
            view.members[number] = [one for one in members if one < claim.known_at]
            added_since = len(members) - len(view.members[number])
            view.degree[number] = self.degree.get(number, 0) - added_since
        return view

    def latest(self, number: int) -> list[int]:
        """Positions of the latest claims that named a node, at most GUARD, oldest first."""
        return self.members.get(number, [])[-GUARD:]

    def others(self, claim: LinkedClaim, numbers: Iterable[int]) -> list[LinkedClaim]:
        """Other claims that named any of some nodes, each once with its latest version."""
        claims, members = self.claims, self.members
        found: dict[ClaimId, LinkedClaim] = {}
        for number in numbers:
            for position in members.get(number, ())[-GUARD:]:
                other = claims[position]
                found[other.claim_id] = other
        found.pop(claim.claim_id, None)
        return [self._seen(one) for one in found.values()] if self.people else list(found.values())

    def findings(self, claims: Iterable[LinkedClaim]) -> list[list[str] | None]:
        """The final labels of each of some claims known by now, oldest first; None before any."""
        labels = self.labels
        return [labels.get(one.claim_id) for one in claims]

    def _seen(self, claim: LinkedClaim) -> LinkedClaim:
        """A stored claim under the key of the person behind it."""
        key = self.people.key(claim.person)
        if key == claim.person:
            return claim
        return claim.under(key)

    def is_hub(self, number: int) -> bool:
        """Whether a node has more links than are ever followed."""
        return self.degree.get(number, 0) > GUARD


def ring_steps(claims: Iterable[LinkedClaim]) -> set[int]:
    """Numbers of the nodes over which a ring may go on from some claims."""
    return {number for claim in claims for number in claim.ring_steps}


@dataclass(frozen=True, slots=True)
class Ring:
    """Claims reached in two steps over nodes that few claims share, the claim itself included."""

    claims: int
    people: int
    accounts: int
    days: int
    """From the first to the last receipt."""
    most_on_one: int
    """The most claims of the ring that name one and the same node."""


def ring_of(claim: LinkedClaim, area: Area) -> Ring:
    """The ring around a claim; a claim with no such tie is a ring of one.

    Cost: at most RING_CLAIMS claims and RING_GUARD links for each of their nodes.
    """
    reached = {claim.claim_id: claim}
    most_on_one = 1
    front = [claim]
    asked: set[int] = set()
    for _ in range(2):
        following: list[LinkedClaim] = []
        for member in front:
            least = 1 if member is claim else 2  # a claim that is known stands at its own nodes
            steps = [number for number in member.ring_steps if number not in asked]
            asked.update(steps)
            for number in steps:
                if not least <= area.degree.get(number, 0) <= RING_GUARD:
                    continue
                others = area.others(member, (number,))
                most_on_one = max(most_on_one, len(others) + 1)
                for other in others:
                    if other.claim_id not in reached and len(reached) < RING_CLAIMS:
                        reached[other.claim_id] = other
                        following.append(other)
        front = following
    if len(reached) == 1:
        return Ring(1, 1, len(claim.numbers(NodeKind.ACCOUNT)), 0, 1)
    days = [member.received_on for member in reached.values()]
    return Ring(
        claims=len(reached),
        people=len({member.person for member in reached.values()}),
        accounts=len({n for member in reached.values() for n in member.numbers(NodeKind.ACCOUNT)}),
        days=max(days) - min(days),
        most_on_one=most_on_one,
    )


def picture_of(claim: LinkedClaim, area: Area) -> "nx.Graph[tuple[str, int | str]]":
    """The claim, its nodes and the claims they lead to, as a graph for the desk.

    Nodes are `("claim", claim_id)` and `("node", number)` with attributes `kind` and `hub`; edges
    carry `first_seen`, the day of receipt of the claim that made them. A hub is shown, not opened.
    """
    picture: nx.Graph[tuple[str, int | str]] = nx.Graph()
    centre = ("claim", claim.claim_id)
    picture.add_node(centre, kind="CLAIM", hub=False, received_on=claim.received_on)
    for kind, number in claim.all_nodes:
        node = ("node", number)
        hub = area.is_hub(number)
        others = [] if hub else area.others(claim, (number,))
        if not others and kind in _DERIVED:
            continue
        picture.add_node(node, kind=NodeKind(kind).name, hub=hub)
        picture.add_edge(centre, node, first_seen=claim.received_on)
        for other in others:
            far = ("claim", other.claim_id)
            picture.add_node(far, kind="CLAIM", hub=False, received_on=other.received_on)
            picture.add_edge(far, node, first_seen=other.received_on)
    return picture


_DERIVED = frozenset(
    {
        NodeKind.INTERMEDIARY_AND_PRACTITIONER,
        NodeKind.INTERMEDIARY_AND_EMPLOYER,
        NodeKind.PRACTITIONER_AND_INJURY,
        NodeKind.PRACTITIONER_AND_DIAGNOSIS,
        NodeKind.PRACTITIONER_INJURY_AND_PERCENT,
        NodeKind.INTERMEDIARY_AND_FIRM,
        NodeKind.FUNERAL_OF,
        NodeKind.JOB_LOSS_AT,
        NodeKind.LETTER,
        NodeKind.REPORT,
        NodeKind.CERTIFICATE,
        NodeKind.VEHICLE_ON_DAY,
        NodeKind.RECEIPT,
        NodeKind.INTERMEDIARY_AND_POLICE_DESK,
        *EVENT_UNDER.values(),
    }
)
