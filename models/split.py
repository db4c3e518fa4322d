"""Split rows by time, with a gap, and keep linked people on one side.

A scorer is always asked about claims that are later than those it learned from, so the later
rows judge. People who share an account or a phone are one group: whoever stands on the later
side takes the whole group with them, and its earlier rows neither teach nor judge.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fraud.errors import InvalidInput

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

Ties = tuple[tuple[int, ...], ...]
"""For each row the numbers of what ties it to others; see `narrow_ties`."""

MOST_PEOPLE = 5
"""Decided people that a node may link and still be a tie between them. Rings have 3 to 10 members,
of whom about a third are ever decided."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Row numbers that teach (`earlier`) and that judge (`later`), and what was left out."""

    earlier: Ints
    later: Ints
    left_out_gap: int
    left_out_linked: int


def numbered(people: Sequence[Hashable]) -> Ints:
    """A number for each row's person, in order of first appearance, shape (n,)."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(one, len(numbers)) for one in people], dtype=np.int64)


def narrow_ties(people: Ints, nodes: Sequence[Iterable[Hashable]]) -> Ties:
    """For each row the numbers of its ties: its person, and each node that links few people.

    A node of more than `MOST_PEOPLE` people (a hospital's signer, a salary account, a standard
    sentence in a report) says nothing of who belongs together, and following it from person to
    person would join nearly everybody. A node of one person ties nothing and is left out.
    """
    holders = _holders(people, nodes)
    narrow = [key for key, held in holders.items() if 1 < len(held) <= MOST_PEOPLE]
    number = {key: place for place, key in enumerate(narrow, start=int(people.max(initial=-1)) + 1)}
    return tuple(
        (person, *sorted({number[key] for key in keys if key in number}))
        for person, keys in zip(people.tolist(), nodes, strict=True)
    )


def rings_of(people: Ints, nodes: Sequence[Iterable[Hashable]], positive: Flags) -> Ints:
    """For each row the number of its ring: rows that any chain of ties joins, shape (n,).

    A node of more than `MOST_PEOPLE` people joins them too when most of them are positive: one
    account of 26 frauds is one ring, and an account of wages is none.
    """
    found = set(people[positive].tolist())
    joining = {
        key
        for key, held in _holders(people, nodes).items()
        if len(held) <= MOST_PEOPLE or 2 * len(held & found) > len(held)
    }
    return _groups(
        [
            (person, *(("node", key) for key in keys if key in joining))
            for person, keys in zip(people.tolist(), nodes, strict=True)
        ]
    )


def _holders(people: Ints, nodes: Sequence[Iterable[Hashable]]) -> dict[Hashable, set[int]]:
    holders: defaultdict[Hashable, set[int]] = defaultdict(set)
    for person, keys in zip(people.tolist(), nodes, strict=True):
        for key in keys:
            holders[key].add(person)
    return holders


def split_at(days: Ints, ties: Ties, *, day: int, until: int | None, gap_days: int) -> Split:
    """Rows received before `day` teach, rows from `day` to `until` (not included) judge.

    Rows of the last `gap_days` days before `day` are left out, and so is every earlier row that
    shares a tie with a later one.
    """
    later = (days >= day) & (days < until if until is not None else True)
    in_gap = (days >= day - gap_days) & (days < day)
    before = days < day - gap_days
    held = {tie for row in np.flatnonzero(later) for tie in ties[row]}
    linked = before & np.array([not held.isdisjoint(one) for one in ties], dtype=np.bool_)
    return Split(
        np.flatnonzero(before & ~linked).astype(np.int64),
        np.flatnonzero(later).astype(np.int64),
        int(in_gap.sum()),
        int(linked.sum()),
    )


def forward_folds(
    days: Ints, ties: Ties, positive: Flags, *, folds: int, gap_days: int
) -> list[Split]:
    """Splits that walk forward in time: each block is judged by what lay before it.

    Blocks hold about equally many positives, since those are scarce. Folds whose earlier side
    lacks a positive or a negative are left out. Raises InvalidInput when none is left.
    """
    edges = _edges(days, positive, folds + 1)
    splits = [
        split_at(days, ties, day=edges[i], until=edges[i + 1], gap_days=gap_days)
        for i in range(1, len(edges) - 1)
    ]
    usable = [
        split
        for split in splits
        if len(split.later) and 0 < positive[split.earlier].sum() < len(split.earlier)
    ]
    if not usable:
        raise InvalidInput("too few decided claims, or too short a time, to judge a scorer")
    return usable


def last_part(days: Ints, ties: Ties, positive: Flags, *, share: float, gap_days: int) -> Split:
    """One split whose later side holds the last `share` of the positives."""
    found = np.sort(days[positive])
    if not len(found):
        raise InvalidInput("no decided claim is confirmed fraud: there is nothing to learn from")
    day = int(found[int(len(found) * (1 - share))])
    return split_at(days, ties, day=day, until=None, gap_days=gap_days)


def linked_parts(ties: Ties, positive: Flags, parts: int) -> list[tuple[Ints, Ints]]:
    """For each of some parts the rows outside it, which teach, and those in it, which are scored.

    Rows that any chain of ties joins stand in one part. Parts hold about equally many positives,
    then rows. A part that leaves no positive or no negative to teach is left out.
    """
    groups = _groups(ties)
    count = int(groups.max(initial=-1)) + 1
    held = np.bincount(groups, weights=positive, minlength=count)
    sizes = np.bincount(groups, minlength=count)
    part_of = np.zeros(count, dtype=np.int64)
    positives, rows = np.zeros(parts), np.zeros(parts)
    for group in np.lexsort((-sizes, -held)).tolist():
        part = int(np.lexsort((rows, positives))[0] if held[group] else rows.argmin())
        part_of[group] = part
        positives[part] += held[group]
        rows[part] += sizes[group]
    made = []
    for part in range(parts):
        within = part_of[groups] == part
        if within.any() and 0 < positive[~within].sum() < (~within).sum():
            taught, scored = np.flatnonzero(~within), np.flatnonzero(within)
            made.append((taught.astype(np.int64), scored.astype(np.int64)))
    return made


def _groups(ties: Sequence[Iterable[Hashable]]) -> Ints:
    """For each row the number of its group: rows that share a tie, or are joined by others."""
    above = list(range(len(ties)))

    def top(row: int) -> int:
        while above[row] != row:
            above[row] = above[above[row]]
            row = above[row]
        return row

    first: dict[Hashable, int] = {}
    for row, held in enumerate(ties):
        for tie in held:
            above[top(row)] = top(first.setdefault(tie, row))
    tops = np.array([top(row) for row in range(len(ties))], dtype=np.int64)
    return np.unique(tops, return_inverse=True)[1].astype(np.int64)


def _edges(days: Ints, positive: Flags, blocks: int) -> list[int]:
    """Days at which blocks with about equally many positives begin, and the end of the last."""
    found = np.sort(days[positive])
    if not len(found):
        raise InvalidInput("no decided claim is confirmed fraud: there is nothing to learn from")
    starts = [int(found[len(found) * i // blocks]) for i in range(1, blocks)]
    return sorted({int(days.min()), *starts, int(days.max()) + 1})
