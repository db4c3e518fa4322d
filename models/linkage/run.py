"""One linkage from records to figures: pairs, comparisons, chances and clusters, seed by seed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fraud.assessment import Floats
from fraud.errors import InvalidInput
from models.backtest.columns import Singles, stacked
from models.backtest.figures import Spread
from models.linkage.around import standing
from models.linkage.blocking import Pairs, cosines, nearest_names, pieces, record_pairs
from models.linkage.clusters import LINE, clusters
from models.linkage.compare import SINGLE, WEIGHED, NameComparer
from models.linkage.config import LinkConfig
from models.linkage.fields import compare_fields
from models.linkage.figures import best_line, cluster_figures, pair_figures
from models.linkage.learn import Lesson, chances, deals_of, folds_of, of_two_people, splits_of
from models.linkage.names import has_parts, take_apart
from models.linkage.table import Records, read_records, same_pairs
from models.split import Flags, Ints

Tell = Callable[[str], None]

LEAST_SHARED = 0.2
"""Share of the rarity of both names that they have in common, below which a pair is dropped."""

PIECES = "letters in common"

RUNS = {"model": "model", "clusters": "its clusters", "best_single": "best single comparison"}
"""What is judged, in the order shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Pairs of records, and by the name of each comparison its value for every pair."""

    pairs: Pairs
    columns: dict[str, Singles]


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """What a linkage found."""

    records: int
    people: int
    true_pairs: int
    compared: int
    blocking_recall: float
    figures: dict[str, dict[str, Spread]]
    """By run and figure, over seeds."""
    within_folds: dict[str, Spread]
    """The model's figures on pairs within one fold alone (of the first deal), as often published:
    flattering, as most pairs of two people stand across folds."""
    singles: tuple[str, ...]
    """The best single comparisons on teaching pairs."""
    pairs: Pairs
    chances: Floats
    """Of each pair, of the first seed."""
    cluster: Ints
    """Of each record, of the first seed."""

    def as_json(self) -> dict[str, Any]:
        counts = ("records", "people", "true_pairs", "compared", "blocking_recall")
        return {
            **{name: getattr(self, name) for name in counts},
            "figures": {run: _plain(spreads) for run, spreads in self.figures.items()},
            "within_folds": _plain(self.within_folds),
            "best_singles": list(self.singles),
        }


def link(config: LinkConfig, tell: Tell) -> Linked:
    """Raises InvalidInput for records that leak or people who are too few to learn from.

    Cost: comparing takes about 0.3 ms a pair of names, and each seed fifteen fits a deal.
    """
    tell("reading the records")
    return link_records(read_records(config), config.seeds, tell)


def link_records(records: Records, seeds: int, tell: Tell) -> Linked:
    """The same for records that were read before."""
    compared = compare_records(records, tell)
    matrix = stacked(compared.columns, len(compared.pairs))
    lesson = Lesson(compared.pairs, matrix, records.person, records.exact)
    true_pairs = same_pairs(records.person)
    judged = _known(compared.pairs, records.person)
    same = lesson.same
    by_seed: list[dict[str, dict[str, float]]] = []
    within: list[dict[str, float]] = []
    singles: dict[str, None] = {}
    first: tuple[Floats, Ints] | None = None
    for seed in range(seeds):
        told = _told(tell, f"seed {seed + 1} of {seeds}")
        found = chances(lesson, seed, told)
        joined = clusters(compared.pairs, found, records.never_twice, len(records))
        first = first or (found, joined)
        above, names = _best_single(compared.columns, lesson, deals_of(seed)[0])
        singles |= dict.fromkeys(names)
        by_seed.append({
            "model": pair_figures(same[judged], found[judged], LINE, true_pairs),
            "clusters": cluster_figures(joined, records.person),
            "best_single": pair_figures(same[judged], above[judged], 0.0, true_pairs),
        })  # fmt: skip
        fold = folds_of(records.person, deals_of(seed)[0])
        inside = judged & (fold[compared.pairs.first] == fold[compared.pairs.second])
        within.append(pair_figures(same[inside], found[inside], LINE, true_pairs))
    assert first is not None  # noqa: S101  # there is one seed at least
    return Linked(
        records=len(records),
        people=len(np.unique(records.person[records.person >= 0])),
        true_pairs=true_pairs,
        compared=len(compared.pairs),
        blocking_recall=float(same.sum() / true_pairs),
        figures={run: _spreads([one[run] for one in by_seed]) for run in RUNS},
        within_folds=_spreads(within),
        singles=tuple(singles),
        pairs=compared.pairs,
        chances=first[0],
        cluster=first[1],
    )


def compare_records(records: Records, tell: Tell) -> Compared:
    """The pairs of records that are compared, and every comparison; no label enters."""
    written = sorted(name for name in set(records.names) if has_parts(name))
    if not written:
        raise InvalidInput('no record has a name; give one column the role "name" that is filled')
    tell(f"finding pairs among {len(written):,} names")
    names = take_apart(written)
    rows = pieces([name.text for name in names])
    near = nearest_names(rows)
    columns = NameComparer(names).compare(near, tell)
    columns[PIECES] = cosines(rows, near)
    for of in (WEIGHED, PIECES):
        columns |= standing(near, columns[of], of, len(names))
    kept = columns[WEIGHED] >= LEAST_SHARED
    near, columns = near.where(kept), {name: column[kept] for name, column in columns.items()}
    number = {name: place for place, name in enumerate(written)}
    # A record without a name is like nobody.
    named = np.flatnonzero([name in number for name in records.names])
    name_of = np.array([number.get(name, -1) for name in records.names], dtype=np.int64)
    pairs, source = record_pairs(near, name_of[named])
    pairs = Pairs(named[pairs.first], named[pairs.second])
    held = records.never_twice
    if held is not None:
        possible = (held[pairs.first] != held[pairs.second]) | (held[pairs.first] < 0)
        pairs, source = pairs.where(possible), source[possible]
    uses = np.bincount(name_of[named])
    often = np.stack([uses[name_of[pairs.first]], uses[name_of[pairs.second]]])
    return Compared(
        pairs,
        {name: column[source] for name, column in columns.items()}
        | {"rarer name": often.min(axis=0), "commoner name": often.max(axis=0)}
        | compare_fields(records, pairs),
    )


def _best_single(
    columns: dict[str, Singles], lesson: Lesson, deal: int
) -> tuple[Floats, tuple[str, ...]]:
    """How far each pair is above the line of the best single comparison on teaching pairs."""
    above = np.empty(len(lesson.pairs))
    fold = folds_of(lesson.person, deal)
    names: dict[str, None] = {}
    for split in splits_of(lesson, deal):
        true_pairs = same_pairs(np.where(np.isin(fold, split.rest), lesson.person, -1))
        same, weight = lesson.same[split.teach], of_two_people(len(split.rest))
        lines = {
            name: best_line(same, columns[name][split.teach], true_pairs, weight)
            for name in (*SINGLE, PIECES)
        }
        best = max(lines, key=lambda name: lines[name][1])
        names[best] = None
        above[split.judged] = columns[best][split.judged] - lines[best][0]
    return above, tuple(names)


def _known(pairs: Pairs, person: Ints) -> Flags:
    return (person[pairs.first] >= 0) & (person[pairs.second] >= 0)


def _told(tell: Tell, what: str) -> Tell:
    return lambda step: tell(f"{what}: {step}")


def _spreads(figures: list[dict[str, float]]) -> dict[str, Spread]:
    return {name: Spread.of([one[name] for one in figures]) for name in figures[0]}


def _plain(spreads: dict[str, Spread]) -> dict[str, dict[str, float]]:
    return {
        name: {"mean": spread.mean, "deviation": spread.deviation}
        for name, spread in spreads.items()
    }
