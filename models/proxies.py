"""What the scorer's columns say of protected traits, which must not enter themselves.

A column that is a trait is refused. What tells one only in part is measured and shown: whoever
promotes a version reads how well each trait could be told from the columns, and by which.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

from fraud.assessment import Floats
from fraud.errors import Fault, InvalidInput
from fraud.records import Claim
from models.columns import Columns
from models.equality import NOT_KNOWN, groups_of
from models.judge import COVERAGE, Figure
from models.leaks import is_pure, numbered, tells
from models.split import Ints
from models.split import numbered as number_of

PROXIES = "proxies.json"
"""The file of a version that holds how well its columns tell traits."""

CHANCE = 0.5
"""AUC of a guess."""

A_TRAIT = 0.95
"""AUC from which a column that sets a group apart is taken for the trait itself. The most that a
column says of a sex or a form of name is 0.65 on simulated regions."""

LAWFUL = frozenset({"work", "scheme", "disability", "age"})
"""Traits that columns may tell by value: by three the law itself pays, and what it counts, such as
months of contributions, grows with age. They are measured, and the gate watches what comes."""

MOST_CLAIMS = 10_000
"""Of more recent claims than this, people are drawn."""

LEAST_PEOPLE = 30
"""Groups of fewer people say nothing that would hold for others; they are left out."""

PARTS = 3
"""Parts of the people, each told by trees taught on the others."""

CARRIERS = 3
"""Columns named for each trait."""

ROUNDS = 20
PARAMETERS = {
    "objective": "multiclass",
    "learning_rate": 0.2,
    "num_leaves": 8,
    "max_bin": 63,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.5,
    "feature_pre_filter": False,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
"""Small trees find in seconds what the scorer's could find."""

NOTHING = Figure(float("nan"), float("nan"), float("nan"))

Names = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Carrier:
    """One column by which a trait is told; both shares are 0 to 1."""

    column: str
    of_trait: float
    """Share of what all columns together told of the trait."""
    of_score: float
    """Share of what the scorer's own trees gain by it."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """How well one trait is told from the columns."""

    trait: str
    people: int
    groups: int
    told: Figure
    """AUC of one group against the rest, mean of all groups: 0.5 is chance, 1 is certain."""
    carriers: tuple[Carrier, ...]
    """The columns that carry most of it, first; none where chance explains what was told."""

    @property
    def measured(self) -> bool:
        """Whether there were two groups of enough people to tell apart."""
        return self.groups > 1


def refuse_traits(claims: Sequence[Claim], vectors: Floats, columns: Columns) -> None:
    """Raises InvalidInput naming every column that is a protected trait, and which one.

    Whatever the column is called: it is one when, where it is known, it sets a group apart or each
    of its values belongs to one group. `vectors` has shape (n, columns), a row for each claim.
    Traits in `LAWFUL` may be told. Cost: one sort for each column and group.
    """
    people, groups = _people(claims), [groups_of(claim) for claim in claims]
    faults = []
    for trait in groups[0] if groups else ():
        if trait in LAWFUL:
            continue
        named = np.array([one[trait] for one in groups])
        faults += [
            Fault(name, f"tells the {trait} of claimants", "nothing by which a group is known")
            for name, values in zip(columns.names, vectors.T, strict=True)
            if _is_trait(values, named, people)
        ]
    if faults:
        raise InvalidInput("protected traits must not enter a score", faults)


def _is_trait(values: Floats, named: Names, people: Ints) -> bool:
    known = ~np.isnan(values) & (named != NOT_KNOWN)
    values, named = values[known], named[known]
    large, codes = _large(named, people[known]), numbered(values)
    return len(large) > 1 and any(
        tells(values, named == group, sure=A_TRAIT) or is_pure(codes, named == group)
        for group in large
    )


def proxies(
    claims: Sequence[Claim],
    vectors: Floats,
    columns: Columns,
    gains: Mapping[str, float],
    *,
    seed: int,
    threads: int = 1,
) -> tuple[Proxy, ...]:
    """How well the columns tell each trait; `vectors` has shape (n, columns), a row for each claim.

    All claims of a person are told by trees that knew none of them. Unknown counts as a value of
    its own, which no scorer may use: this is the most that could be told. A trait without two
    groups of `LEAST_PEOPLE` people is not measured, its figure nan. `gains` holds what the scorer
    gains by each column.
    Cost: seconds, whatever the number of claims; see `MOST_CLAIMS`.
    """
    people = _people(claims)
    drawn = _drawn(people, seed)
    groups = [groups_of(claims[row]) for row in drawn.tolist()]
    found = []
    for trait in groups[0] if groups else ():
        named = np.array([one[trait] for one in groups])
        large = _large(named, people[drawn])
        enough = np.isin(named, large)
        rows = drawn[enough]
        if len(large) < 2:
            found.append(Proxy(trait, len(np.unique(people[rows])), len(large), NOTHING, ()))
            continue
        group = np.searchsorted(large, named[enough]).astype(np.int64)
        told, carried = _told(vectors[rows], group, people[rows], seed=seed, threads=threads)
        carriers = _carriers(carried, columns, gains) if told.low > CHANCE else ()
        found.append(Proxy(trait, len(np.unique(people[rows])), len(large), told, carriers))
    return tuple(found)


def _people(claims: Sequence[Claim]) -> Ints:
    return number_of([claim.claimant.mykad for claim in claims])


def _large(named: Names, people: Ints) -> list[str]:
    """Groups of at least `LEAST_PEOPLE` people, in order of name."""
    return [
        group
        for group in sorted(set(named.tolist()) - {NOT_KNOWN})
        if len(np.unique(people[named == group])) >= LEAST_PEOPLE
    ]


def _drawn(people: Ints, seed: int) -> Ints:
    """Rows of people drawn at random, as many as `MOST_CLAIMS` allows, in order."""
    count = int(people.max(initial=-1)) + 1
    turn = np.random.default_rng(seed).permutation(count)
    held = np.cumsum(np.bincount(people, minlength=count)[turn])
    within = np.zeros(count, dtype=np.bool_)
    within[turn[held <= MOST_CLAIMS]] = True
    return np.flatnonzero(within[people]).astype(np.int64)


def _told(
    vectors: Floats, group: Ints, people: Ints, *, seed: int, threads: int
) -> tuple[Figure, Floats]:
    """How well trees that did not know a person tell the group, and what each column gave them."""
    part = np.random.default_rng(seed).integers(0, PARTS, int(people.max()) + 1)[people]
    count = int(group.max()) + 1
    parameters = {**PARAMETERS, "num_class": count, "seed": seed, "num_threads": threads}
    binned = lgb.Dataset(vectors, group, params=parameters, free_raw_data=False).construct()
    places, carried = np.empty((len(vectors), count)), np.zeros(vectors.shape[1])
    for one in range(PARTS):
        taught, told = np.flatnonzero(part != one), np.flatnonzero(part == one)
        if not len(taught) or not len(told):
            continue
        booster = lgb.train(parameters, binned.subset(taught.tolist()), num_boost_round=ROUNDS)
        chances = np.asarray(booster.predict(vectors[told], num_threads=threads))
        # Trees of two parts are compared by rank alone: each has its own share of a small group.
        places[told] = rankdata(chances, axis=0) / len(told)
        carried += booster.feature_importance("gain")
    return _mean_auc(places, group, people), carried


def _mean_auc(places: Floats, group: Ints, people: Ints) -> Figure:
    """Mean AUC of each group against the rest, its interval from how much each person moves it.

    DeLong et al. 1988, summed over the rows of a person as in Obuchowski 1997.
    """
    count = places.shape[1]
    value, moves = 0.0, np.zeros(len(group))
    for one in range(count):
        own = group == one
        above = np.empty(len(group))
        everywhere = rankdata(places[:, one])
        # For each row the share of the other side that it is ranked right against.
        above[own] = (everywhere[own] - rankdata(places[own, one])) / (~own).sum()
        above[~own] = 1 - (everywhere[~own] - rankdata(places[~own, one])) / own.sum()
        auc = above[own].mean()
        value += auc / count
        moves += (above - auc) / np.where(own, own.sum(), (~own).sum()) / count
    half = float(norm.ppf((1 + COVERAGE) / 2)) * np.sqrt((np.bincount(people, moves) ** 2).sum())
    return Figure(float(value), max(0.0, float(value - half)), min(1.0, float(value + half)))


def _carriers(carried: Floats, columns: Columns, gains: Mapping[str, float]) -> tuple[Carrier, ...]:
    of_trait, of_score = carried / carried.sum(), sum(gains.values()) or 1.0
    most = np.argsort(-of_trait, kind="stable")[:CARRIERS].tolist()
    names = [columns.names[column] for column in most]
    return tuple(
        Carrier(name, float(of_trait[column]), gains.get(name, 0.0) / of_score)
        for name, column in zip(names, most, strict=True)
    )


def proxies_to_json(found: Sequence[Proxy]) -> str:
    """The check as a version keeps it; `proxies_from_json` reads it."""
    return json.dumps([asdict(one) for one in found], indent=1)


def proxies_from_json(text: str) -> tuple[Proxy, ...]:
    """Read what `proxies_to_json` wrote. Raises InvalidInput when it is something else."""
    try:
        return tuple(
            Proxy(
                trait=str(one["trait"]),
                people=int(one["people"]),
                groups=int(one["groups"]),
                told=Figure(**one["told"]),
                carriers=tuple(Carrier(**carrier) for carrier in one["carriers"]),
            )
            for one in json.loads(text)
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput("not a list of traits told from columns") from error
