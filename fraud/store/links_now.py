"""The links around a batch as they stand now, in a few statements whatever its size."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from fraud.graph import (
    GUARD,
    RING_GUARD,
    Area,
    LinkedClaim,
    NodeKind,
    ring_steps,
    unpack_nodes,
    unpack_positions,
)
from fraud.records import ClaimId
from fraud.store.engine import Store

LINKED_KEPT = 200_000
"""Claims kept at hand as the graph sees them, 2 to 3 kB each; dropping them changes nothing."""


def area_of(store: Store, connection: Connection, batch: Sequence[LinkedClaim]) -> Area:
    """The links around a batch as stored now, with a second step where a measure needs one.

    That is along rings, to sister employers, and to earlier accidents of the same people.
    """
    area = Area()
    first = {number for claim in batch for _, number in claim.all_nodes}
    _load_members(store, connection, area, first, GUARD)
    reached = {
        position
        for number in ring_steps(batch)
        if area.degree.get(number, 0) <= RING_GUARD
        for position in area.members.get(number, ())
    }
    second = ring_steps(area.claims[position] for position in reached) | _sisters(area, batch)
    second |= _earlier_accidents(area, batch)
    second -= first
    _load_members(store, connection, area, second, RING_GUARD)
    _load_labels(store, connection, area, {one.claim_id for one in (*area.claims.values(), *batch)})
    return area


def _sisters(area: Area, batch: Sequence[LinkedClaim]) -> set[int]:
    """Employers with a director of an employer of the batch."""
    directors = {number for claim in batch for number in claim.numbers(NodeKind.DIRECTOR)}
    return {
        employer
        for number in directors
        for position in area.latest(number)
        for employer in area.claims[position].employers
    }


def _earlier_accidents(area: Area, batch: Sequence[LinkedClaim]) -> set[int]:
    """Earlier accidents in a vehicle of the people of the batch."""
    people = {number for claim in batch for number in claim.numbers(NodeKind.PERSON)}
    return {
        accident
        for number in people
        for position in area.latest(number)
        for accident in area.claims[position].numbers(NodeKind.VEHICLE_ON_DAY)
    }


def _load_members(
    store: Store, connection: Connection, area: Area, numbers: set[int], most: int
) -> None:
    """Degrees of some nodes, and the latest links of those of at most `most` links or any hub."""
    rows = connection.execute(
        text(f"SELECT node, degree, latest FROM nodes WHERE {store.among('node')}"),
        {"keys": store.bound_list(list(numbers))},
    ).all()
    wanted: set[int] = set()
    for node, degree, latest in rows:
        area.degree[node] = degree
        if degree <= most or most == GUARD:  # a second step never goes through a larger node
            area.members[node] = unpack_positions(latest)
            wanted.update(area.members[node])
    _load_linked(store, connection, area, wanted - area.claims.keys())


def _load_linked(store: Store, connection: Connection, area: Area, positions: set[int]) -> None:
    """Claims as the graph sees them; rows never change, so what was read once is kept at hand."""
    kept = store.linked_claims
    if len(kept) > LINKED_KEPT:
        kept.clear()
    missing = [position for position in positions if position not in kept]
    rows = connection.execute(
        text(
            "SELECT known_at, claim_id, person, received_on, nodes FROM claims"
            f" WHERE {store.among('known_at')}"
        ),
        {"keys": store.bound_list(missing)},
    ).all()
    for known_at, claim_id, person, received_on, packed in rows:
        kept[known_at] = LinkedClaim(known_at, claim_id, person, received_on, unpack_nodes(packed))
    for position in positions:
        area.claims[position] = kept[position]


def _load_labels(store: Store, connection: Connection, area: Area, claim_ids: set[ClaimId]) -> None:
    rows = connection.execute(
        text(
            "SELECT claim_id, label FROM outcomes"
            f" WHERE {store.among('claim_id')} ORDER BY known_at"
        ),
        {"keys": store.bound_list(sorted(claim_ids))},
    )
    for claim_id, label in rows:
        area.labels.setdefault(ClaimId(claim_id), []).append(label)
