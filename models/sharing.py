"""What claims share with each other, for looking at: counts by kind, and the rings around them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from fraud.graph import Node, NodeKind, Ring, ring_of
from fraud.privacy import OpenSources
from fraud.records import ClaimId, Scheme
from fraud.store.engine import Store
from fraud.store.rebuild import live_again, named_nodes
from models.split import Ints


@dataclass(frozen=True, slots=True)
class CameIn:
    """A claim as first lodged, and the ring around it as it was known then."""

    claim_id: ClaimId
    scheme: Scheme
    received_on: date
    ring: Ring


def claims_by_node(store: Store) -> Mapping[NodeKind, Ints]:
    """How many claims name each node, by kind, the most shared first; arrays of shape (nodes,).

    A claim counts once for a node, however often it was looked at.
    """
    claims: dict[Node, set[ClaimId]] = defaultdict(set)
    for claim_id, nodes in named_nodes(store):
        for node in nodes:
            claims[node].add(claim_id)
    counts: dict[NodeKind, list[int]] = defaultdict(list)
    for (kind, _), named_by in claims.items():
        counts[NodeKind(kind)].append(len(named_by))
    return {kind: np.sort(np.array(found))[::-1] for kind, found in sorted(counts.items())}


def claims_as_they_came(store: Store, *, sources: OpenSources) -> list[CameIn]:
    """Every claim as first lodged, in order, with its ring as of that moment.

    Cost: one pass over all claims and facts.
    """
    return [
        CameIn(
            one.state.claim.claim_id,
            one.state.claim.scheme,
            date.fromordinal(one.linked.received_on),
            ring_of(one.linked, one.area),
        )
        for one in live_again(store, sources=sources)
        if one.state.claim.version == 1 and not one.state.trigger_fact
    ]
