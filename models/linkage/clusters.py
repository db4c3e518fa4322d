"""Clusters of records from chances of pairs: who is who, as far as a machine can order it."""

from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

import numpy as np

from fraud.assessment import Floats
from models.linkage.around import FAINT
from models.linkage.blocking import Pairs
from models.split import Ints

LINE = 0.5
"""Mean chance between two clusters from which they are joined."""


@dataclass(slots=True)
class _Cluster:
    members: list[int]
    near: dict[int, float] = field(default_factory=dict)
    """Sum of the chances of all pairs with another cluster."""
    apart: set[int] = field(default_factory=set)
    """What can stand once in a cluster and does in this one."""


def clusters(pairs: Pairs, chances: Floats, never_twice: Ints | None, count: int) -> Ints:
    """A number for each record, the same for records of one cluster.

    Joins the two clusters with the highest mean chance over all pairs between them, as long as it
    is at least a half; a pair that was never compared counts as none. Two records with one number
    in `never_twice` never stand in one cluster. Cost: n log n in pairs with any chance.
    """
    held = [-1] * count if never_twice is None else never_twice.tolist()
    alive = {row: _Cluster([row], {}, {held[row]} - {-1}) for row in range(count)}
    near = np.flatnonzero(chances > FAINT)
    for row, other, chance in zip(
        pairs.first[near].tolist(), pairs.second[near].tolist(), chances[near].tolist(), strict=True
    ):
        alive[row].near[other] = alive[other].near[row] = chance
    queue = [
        (-chance, row, other)
        for row, cluster in alive.items()
        for other, chance in cluster.near.items()
        if row < other and chance >= LINE
    ]
    heapify(queue)
    following = count
    while queue:
        _, one, other = heappop(queue)
        if one not in alive or other not in alive or alive[one].apart & alive[other].apart:
            continue
        joined = _join(alive, one, other, following)
        for third, total in joined.near.items():
            mean = total / (len(joined.members) * len(alive[third].members))
            if mean >= LINE:
                heappush(queue, (-mean, third, following))
        following += 1
    found = np.empty(count, dtype=np.int64)
    for number, cluster in enumerate(alive.values()):
        found[cluster.members] = number
    return found


def _join(alive: dict[int, _Cluster], one: int, other: int, number: int) -> _Cluster:
    a, b = alive.pop(one), alive.pop(other)
    near = {third: total for third, total in a.near.items() if third != other}
    for third, total in b.near.items():
        if third != one:
            near[third] = near.get(third, 0.0) + total
    joined = alive[number] = _Cluster(a.members + b.members, near, a.apart | b.apart)
    for third, total in near.items():
        theirs = alive[third].near
        theirs.pop(one, None)
        theirs.pop(other, None)
        theirs[number] = total
    return joined
