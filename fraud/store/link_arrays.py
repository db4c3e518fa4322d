"""The links of all claims in a few compact arrays, in order of node and position.

They are made in one pass over the rows of claims and kept in a folder, where several processes
share one copy. `fraud.store.links_as_of` reads them as of any position of the past.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, text

from fraud.graph import GUARD, OF_EMPLOYER, NodeKind
from fraud.privacy import GatedSource, OpenSources
from fraud.store.engine import Store

Ints = NDArray[np.int64]

CLAIMS_READ = 20_000
"""Rows of claims taken from the database at a time."""

NODE = np.dtype([("kind", "u1"), ("number", "<i8")])
"""One node as `fraud.graph.pack_nodes` writes it."""

OF_BOARD = (NodeKind.ESCORT, NodeKind.ESCORT_OF_UNLIKE)
"""Nodes that claims name because of a gated source."""


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Each claim state that was linked, in the order of becoming known, and who names each node.

    The first five arrays have shape (states,); `starts` has one more entry, `names` one for each
    node named, `link_starts` one more than `numbers`, and `linked_at` one for each link.
    """

    known_at: Ints
    claim_ids: NDArray[np.bytes_]
    people: NDArray[np.bytes_]
    received_on: NDArray[np.int32]
    starts: Ints
    """Where the nodes of each state begin in `names`."""
    names: NDArray[np.void]
    numbers: Ints
    """Numbers of all nodes that lead to a claim, ascending."""
    link_starts: Ints
    """Where the links of each of these begin in `linked_at`."""
    linked_at: Ints
    """Positions of the claim states that name a node, earliest first."""

    def save(self, folder: Path) -> None:
        """Write each array to a file of its own."""
        for one in fields(self):
            np.save(folder / f"{one.name}.npy", getattr(self, one.name))

    @classmethod
    def load(cls, folder: Path) -> "Links":
        """Open what `save` wrote; processes on one machine share its pages."""
        paths = {one.name: folder / f"{one.name}.npy" for one in fields(cls)}
        opened = {name: np.load(path, mmap_mode="r") for name, path in paths.items()}
        return cls(**{name: array.view(np.ndarray) for name, array in opened.items()})


def read_links(store: Store, *, sources: OpenSources) -> Links:
    """The links of all claim states in the store, as they were when each was taken in.

    A claim that is looked at again is linked again only when it names other nodes than before, and
    what the register of the Medical Board told is left out while its gate is shut. Cost: one pass
    over the rows of claims, nothing unsealed.
    """
    shut = shut_nodes(sources)
    with store.reading() as connection:
        return arranged(_linked(connection, shut))


def shut_nodes(sources: OpenSources) -> tuple[NodeKind, ...]:
    """Kinds of node that nobody may read while these sources are open."""
    return () if sources.allows(GatedSource.BOARD) else OF_BOARD


@dataclass(slots=True)
class Batch:
    """Claim states that are linked, column by column, and the links that they make."""

    known_at: list[int] = field(default_factory=list)
    claim_ids: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    received_on: list[int] = field(default_factory=list)
    nodes: list[NDArray[np.void]] = field(default_factory=list)

    def add(self, row: Any, nodes: NDArray[np.void]) -> None:
        """Take up a row of `claims` (known_at, claim_id, person, received_on) with its nodes."""
        self.known_at.append(row.known_at)
        self.claim_ids.append(row.claim_id)
        self.people.append(row.person)
        self.received_on.append(row.received_on)
        self.nodes.append(nodes)


def _linked(connection: Connection, shut: tuple[NodeKind, ...]) -> Iterator[Batch]:
    """The claim states that are linked, in their order; see `fraud.store.gathering.link`."""
    found = connection.execution_options(stream_results=True).execute(
        text(
            "SELECT known_at, claim_id, person, received_on, trigger_fact, nodes FROM claims"
            " ORDER BY known_at"
        )
    )
    named: dict[str, bytes] = {}
    for part in found.partitions(CLAIMS_READ):
        batch = Batch()
        for row in part:
            nodes = _readable(row, shut)
            if not row.trigger_fact or named.get(row.claim_id) != nodes.tobytes():
                batch.add(row, nodes)
            named[row.claim_id] = nodes.tobytes()
        yield batch


def _readable(row: Row[Any], shut: tuple[NodeKind, ...]) -> NDArray[np.void]:
    nodes = np.frombuffer(row.nodes, dtype=NODE)
    return nodes[~np.isin(nodes["kind"], shut)] if shut else nodes


def arranged(batches: Iterable[Batch]) -> Links:
    """The links that batches of claim states make, which come in the order of their positions."""
    known_at, claim_ids, people, received_on = [], [], [], []
    names, counts, leading = [], [], []
    stands: dict[int, deque[int | None]] = defaultdict(partial(deque, maxlen=GUARD))
    for batch in batches:
        if not batch.known_at:
            continue
        known_at.append(np.array(batch.known_at, np.int64))
        claim_ids.append(np.array([one.encode() for one in batch.claim_ids]))
        people.append(np.array([one.encode() for one in batch.people]))
        received_on.append(np.array(batch.received_on, np.int32))
        names.append(np.concatenate(batch.nodes))
        counts.append(np.array([len(nodes) for nodes in batch.nodes], np.int64))
        leading.append(_leading(names[-1], counts[-1], stands))
    if not known_at:
        nothing = np.empty(0, np.int64)
        return Links(
            nothing,
            np.empty(0, "S1"),
            np.empty(0, "S1"),
            np.empty(0, np.int32),
            np.zeros(1, np.int64),
            np.empty(0, NODE),
            nothing,
            np.zeros(1, np.int64),
            nothing,
        )
    all_names, each = np.concatenate(names), np.concatenate(counts)
    leads = np.concatenate(leading)
    at = np.concatenate(known_at)
    linked_at = np.repeat(at, each)[leads]
    linked = all_names["number"][leads]
    order = np.argsort(linked, kind="stable")
    numbers, first = np.unique(linked[order], return_index=True)
    return Links(
        known_at=at,
        claim_ids=np.concatenate(claim_ids),
        people=np.concatenate(people),
        received_on=np.concatenate(received_on),
        starts=np.concatenate([[0], np.cumsum(each)]).astype(np.int64),
        names=all_names,
        numbers=numbers.astype(np.int64),
        link_starts=np.append(first, len(order)).astype(np.int64),
        linked_at=linked_at[order],
    )


def _leading(
    names: NDArray[np.void], counts: Ints, stands: dict[int, deque[int | None]]
) -> NDArray[np.bool_]:
    """Which nodes named lead to their claim: all, but where employers meet one claim of each.

    `stands` holds the employers whose claims stand at such a node, as of the batches before; the
    order is that of `fraud.graph.Area.add`.
    """
    owner = np.repeat(np.arange(len(counts)), counts)
    is_employer = names["kind"] == NodeKind.EMPLOYER
    employers = dict(
        zip(owner[is_employer].tolist(), names["number"][is_employer].tolist(), strict=True)
    )
    leads = np.ones(len(names), dtype=np.bool_)
    met = np.flatnonzero(np.isin(names["kind"], tuple(OF_EMPLOYER)))
    numbers, owners = names["number"][met].tolist(), owner[met].tolist()
    for place, number, own in zip(met.tolist(), numbers, owners, strict=True):
        employer = employers.get(own)
        if employer in stands[number]:
            leads[place] = False
        else:
            stands[number].append(employer)
    return leads
