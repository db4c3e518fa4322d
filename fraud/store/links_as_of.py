"""The links of all claims as they stood at any position of the past, each looked up when asked for.

`fraud.store.links_now` knows links as they stand now, and a rebuild that grows them claim by claim
has to go through all claims in their order. These answer for every position, so that any part of
the claims can be read by itself.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fraud.graph import GUARD, Area, LinkedClaim, PackedClaim
from fraud.identity.clusters import People
from fraud.records import ClaimId, PersonKey
from fraud.store.link_arrays import Links
from fraud.store.raw_claims import ClaimState

CLAIMS_KEPT = 150_000
"""Claims kept at hand as the graph sees them, 0.8 to 1.4 kB each; dropping them changes nothing."""

TIES_KEPT = 100_000
"""What claims named a node by some position, kept at hand, some 500 bytes each without the claims;
likewise."""

NODES_KEPT = 200_000
"""Nodes whose place among all links is kept at hand, about 200 bytes each; likewise."""


class LinksAsOf:
    """What a claim in the middle of the past is read against; see `fraud.store.rebuild.Growing`.

    `decided` holds each claim's final labels with the positions at which they became known.
    """

    def __init__(self, links: Links, decided: Mapping[ClaimId, list[tuple[int, str]]]) -> None:
        self._nodes = _Nodes(links)
        self._decided = decided
        self._ties = _Ties(_Claims(links), self._nodes)

    def area(self, position: int, people: People) -> Area:
        """The links by a position, each looked up when it is asked for."""
        spans = _Spans(self._nodes, position)
        return _AreaAsOf(
            degree=_Degrees(spans),
            members=_Members(spans),
            claims=self._ties.claims,
            labels=_Labels(self._decided, position),
            people=people,
            ties=self._ties,
            spans=spans,
        )

    def add(self, state: ClaimState, linked: LinkedClaim) -> None:
        """Nothing: every claim is known already, from its position on."""

    def label(self, claim_id: ClaimId, label: str) -> None:
        """Nothing, likewise."""


@dataclass(slots=True, kw_only=True)
class _AreaAsOf(Area):
    """An area as of a position, never changed once it is made.

    Most lists of claims in it were met before: by other looks, or by other claims.
    """

    ties: "_Ties"
    spans: "_Spans"

    def others(self, claim: LinkedClaim, numbers: Iterable[int]) -> list[LinkedClaim]:
        """The same as of any area, out of lists that are kept."""
        ties, spans, own = self.ties, self.spans, claim.claim_id
        each = [ties[spans[number]] for number in numbers]
        if len(each) == 1:
            found = [one for name, one in each[0].items() if name != own]
        else:
            every: dict[ClaimId, LinkedClaim] = {}
            for tie in each:
                every.update(tie)
            every.pop(own, None)
            found = list(every.values())
        return [self._seen(one) for one in found] if self.people else found


class _Claims(dict[int, LinkedClaim]):
    """Claims as the graph sees them, by position, made when they are first asked for."""

    def __init__(self, links: Links) -> None:
        super().__init__()
        self._links = links
        self._known_at, self._starts = links.known_at.data, links.starts.data  # see `_Nodes`

    def __missing__(self, position: int) -> LinkedClaim:
        links, starts = self._links, self._starts
        row = bisect_left(self._known_at, position)
        made = self[position] = PackedClaim(
            known_at=position,
            claim_id=ClaimId(links.claim_ids[row].decode()),
            person=PersonKey(links.people[row].decode()),
            received_on=int(links.received_on[row]),
            packed=links.names[starts[row] : starts[row + 1]].tobytes(),
        )
        return made


class _Ties(dict[tuple[int, int], dict[ClaimId, LinkedClaim]]):
    """By where the links of a node begin and end: the claims, each once with its latest state."""

    def __init__(self, claims: _Claims, nodes: "_Nodes") -> None:
        super().__init__()
        self.claims = claims
        self._linked_at = nodes.linked_at

    def __missing__(self, span: tuple[int, int]) -> dict[ClaimId, LinkedClaim]:
        if len(self.claims) >= CLAIMS_KEPT:
            self.claims.clear()
            self.clear()  # for it keeps claims, too
        elif len(self) >= TIES_KEPT:
            self.clear()
        start, end = span
        claims, latest = self.claims, self._linked_at[max(start, end - GUARD) : end]
        found = self[span] = {(one := claims[position]).claim_id: one for position in latest}
        return found


class _Nodes(dict[int, tuple[int, int]]):
    """Where in `Links.linked_at` the links of each node begin and end, whenever they were made."""

    def __init__(self, links: Links) -> None:
        super().__init__()
        self._numbers = links.numbers.data  # a search from Python, quicker than by NumPy
        self._starts = links.link_starts
        self.linked_at = links.linked_at.data

    def __missing__(self, number: int) -> tuple[int, int]:
        if len(self) >= NODES_KEPT:
            self.clear()
        numbers, found = self._numbers, (0, 0)
        place = bisect_left(numbers, number)
        if place < len(numbers) and numbers[place] == number:
            found = int(self._starts[place]), int(self._starts[place + 1])
        self[number] = found
        return found


class _Spans(dict[int, tuple[int, int]]):
    """Where the links of each node that were made before a position begin and end."""

    def __init__(self, nodes: _Nodes, position: int) -> None:
        super().__init__()
        self._nodes = nodes
        self._position = position
        self.linked_at = nodes.linked_at

    def __missing__(self, number: int) -> tuple[int, int]:
        start, end = self._nodes[number]
        if end > start:
            end = bisect_left(self.linked_at, self._position, start, end)
        found = self[number] = start, end
        return found


class _Degrees(dict[int, int]):
    """How many claim states named each node."""

    def __init__(self, spans: _Spans) -> None:
        super().__init__()
        self._spans = spans

    def __missing__(self, number: int) -> int:
        start, end = self._spans[number]
        return end - start

    def get(self, number: int, default: Any = None) -> Any:
        """The degree of a node that somebody named, else the default."""
        start, end = self._spans[number]
        return end - start or default


class _Members(dict[int, list[int]]):
    """Positions of the latest claim states that named each node."""

    def __init__(self, spans: _Spans) -> None:
        super().__init__()
        self._spans = spans

    def __missing__(self, number: int) -> list[int]:
        start, end = self._spans[number]
        found = self[number] = self._spans.linked_at[max(start, end - GUARD) : end].tolist()
        return found

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and bool(self[number])

    def get(self, number: int, default: Any = None) -> Any:
        """The members of a node that somebody named, else the default."""
        return self[number] or default


class _Labels(dict[ClaimId, list[str]]):
    """Final labels of claims as known by a position, oldest first.

    Looked up, never kept: `decided` holds of each claim at least one label, oldest first.
    """

    def __init__(self, decided: Mapping[Any, list[tuple[int, str]]], position: int) -> None:
        super().__init__()
        self._decided, self._until = decided, position

    def __missing__(self, claim_id: ClaimId) -> list[str]:
        return [label for known_at, label in self._decided[claim_id] if known_at < self._until]

    def __contains__(self, claim_id: object) -> bool:
        every = self._decided.get(claim_id)
        return every is not None and every[0][0] < self._until

    def get(self, claim_id: ClaimId, default: Any = None) -> Any:
        """The labels of a claim that was decided by then, else the default."""
        every = self._decided.get(claim_id)
        if every is None or every[0][0] >= self._until:
            return default
        return self[claim_id]
