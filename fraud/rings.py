"""Ring files: people whose cases hang together over things that few people share.

Claims that hang together are honest far more often than not, so a ring begins with people who have
a case for reasons of their own. It is a reason to read cases side by side, never a finding on a
person: each stands in it with ties of their own, and some may be there by chance.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import networkx as nx

from fraud.graph import GUARD, RING_STEPS, LinkedClaim, NodeKind
from fraud.records import ClaimId, PersonKey

TIES = RING_STEPS | {
    NodeKind.DEVICE,
    NodeKind.DIRECTOR,
    NodeKind.ENROLMENT_PAYER,
    NodeKind.ESCORT,
    NodeKind.HIRING_FIRM,
    NodeKind.LETTER,
    NodeKind.TRAINING_CENTRE,
    NodeKind.VEHICLE_ON_DAY,
}
"""What ties two people with cases. Homes and family phones are left out: they tie honest people."""

MOST_PEOPLE = 25
"""Larger groups are parted into those that hang together closely."""

EXPLAIN = (NodeKind.EMPLOYER, NodeKind.ADDRESS, NodeKind.VEHICLE_ON_DAY, NodeKind.DECEASED)
"""Things that honest people share, and that may explain their other ties."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One thing that the cases of several people name."""

    kind: NodeKind
    people: frozenset[PersonKey]
    """Those with a case."""
    all_people: int
    """Everybody whose claims name it, with a case or without."""


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a ring, with the ties of this person alone."""

    person: PersonKey
    claims: tuple[ClaimId, ...]
    """Those with a case."""
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class RingFile:
    """People whose cases hang together, those with most ties first."""

    members: tuple[Member, ...]
    ties: tuple[Tie, ...]
    first_on: int
    last_on: int
    """Days of receipt (`date.toordinal`) of its first and last claim with a case."""
    explained: Mapping[NodeKind, int]
    """How many of its people share one employer, home, crash or deceased relative."""


def rings_among(claims: Iterable[LinkedClaim], with_case: Collection[ClaimId]) -> list[RingFile]:
    """Rings among the people with cases, the largest first.

    `claims` are all claims there are, oldest state first, for a thing that more than GUARD people
    ever named ties nobody. Cost: linear in the claims. A group of more than MOST_PEOPLE is parted
    once by modularity (Louvain), always in the same way; whoever then stands alone is left out.
    """
    latest = {one.claim_id: one for one in claims}
    ties = list(_ties(latest.values(), with_case))
    graph: nx.Graph[PersonKey] = nx.Graph()
    for tie in ties:
        for one, other in combinations(sorted(tie.people), 2):
            before = graph.get_edge_data(one, other, {"weight": 0})["weight"]
            graph.add_edge(one, other, weight=before + 1)
    cases: dict[PersonKey, list[LinkedClaim]] = defaultdict(list)
    for claim_id in sorted(with_case & latest.keys()):
        cases[latest[claim_id].person].append(latest[claim_id])
    found = [
        _file(people, ties, cases)
        for group in nx.connected_components(graph)
        for people in _parted(graph, group)
        if len(people) > 1
    ]
    return sorted(found, key=lambda one: (-len(one.members), one.members[0].person))


def _ties(claims: Collection[LinkedClaim], with_case: Collection[ClaimId]) -> Iterator[Tie]:
    named: dict[tuple[int, int], list[LinkedClaim]] = defaultdict(list)
    for claim in claims:
        for kind, number in claim.nodes:
            if kind in TIES:
                named[kind, number].append(claim)
    for (kind, _), naming in named.items():
        people = {one.person for one in naming}
        in_case = frozenset(one.person for one in naming if one.claim_id in with_case)
        if len(in_case) > 1 and len(people) <= GUARD:
            yield Tie(NodeKind(kind), in_case, len(people))


def _parted(graph: "nx.Graph[PersonKey]", group: set[PersonKey]) -> Sequence[set[PersonKey]]:
    if len(group) <= MOST_PEOPLE:
        return [group]
    ordered: nx.Graph[PersonKey] = nx.Graph()
    ordered.add_nodes_from(sorted(group))
    for one, other in sorted(tuple(sorted(pair)) for pair in graph.subgraph(group).edges):
        ordered.add_edge(one, other, weight=graph.edges[one, other]["weight"])
    return nx.community.louvain_communities(ordered, weight="weight", seed=0)


def _file(
    people: set[PersonKey], ties: Sequence[Tie], cases: Mapping[PersonKey, Sequence[LinkedClaim]]
) -> RingFile:
    inside = tuple(tie for tie in ties if len(tie.people & people) > 1)
    members = [
        Member(
            person=person,
            claims=tuple(one.claim_id for one in cases[person]),
            ties=tuple(tie for tie in inside if person in tie.people),
        )
        for person in people
    ]
    claims = [claim for person in people for claim in cases[person]]
    days = [claim.received_on for claim in claims]
    shared = {kind: _sharing(kind, claims) for kind in EXPLAIN}
    return RingFile(
        members=tuple(sorted(members, key=lambda one: (-len(one.ties), one.person))),
        ties=inside,
        first_on=min(days),
        last_on=max(days),
        explained={kind: count for kind, count in shared.items() if count > 1},
    )


def _sharing(kind: NodeKind, claims: Sequence[LinkedClaim]) -> int:
    """The most people whose claims name one thing of a kind."""
    named = {(number, claim.person) for claim in claims for number in claim.numbers(kind)}
    return max(Counter(number for number, _ in named).values(), default=0)
