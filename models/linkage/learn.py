"""Chances that pairs are one person, each by models that have seen neither of its people.

People are dealt into five folds. First a small model learns from the pairs within each fold. Its
chances for all other pairs say whom else both ends of a pair are like (`around.support`), and what
pairs with the same two values are like (`around.alike_by_values`). Then, for every two folds, a
model learns from the pairs within the other three, with first chances of models of those three
alone, and judges the pairs between the two; what is hopeless keeps its first chance.

All pairs of one person stand within a fold and most others do not, so the number of models behind a
chance would tell the label. Every pair, wherever it stands, therefore has one model of each step:
which, where several may judge it, is drawn without a look at its label. To have the mean of several
all the same, people are dealt out anew `DEALS` times, and each pair is judged once in each deal.

So no label of either person of a pair has entered anything its chance comes from, and pairs across
folds, most of them of two people, count.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import lightgbm as lgb
import numpy as np
from scipy.special import expit

from fraud.assessment import Floats
from fraud.errors import InvalidInput
from models.backtest.columns import Singles, stacked
from models.linkage.around import alike_by_values, support
from models.linkage.blocking import Pairs
from models.split import Flags, Ints

FOLDS = 5

DEALS = 3
"""How often the people are dealt into folds for one seed; each deal costs as much as the first."""

ROUNDS, FIRST_ROUNDS = 240, 120

HOPELESS = 0.002
"""First chance below which a pair is left as it is: most pairs, and hardly one of one person."""

PARAMETERS: dict[str, object] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 25,
    "max_bin": 127,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Pairs that teach, and pairs that are judged by them."""

    rest: tuple[int, ...]
    """The folds whose people teach."""
    teach: Ints
    judged: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """Pairs of records with their comparisons, and whose each record is (-1 unknown)."""

    pairs: Pairs
    matrix: Singles
    person: Ints
    values: Mapping[str, Ints]
    """By field, what each record says there (-1 unknown)."""

    @property
    def same(self) -> Flags:
        """Whether a pair is one person; false where that is unknown."""
        one, other = self.person[self.pairs.first], self.person[self.pairs.second]
        return np.asarray((one >= 0) & (one == other))


def deals_of(seed: int) -> range:
    """The numbers of the deals of a seed; no two seeds share one."""
    return range(seed * DEALS, (seed + 1) * DEALS)


def folds_of(person: Ints, deal: int) -> Ints:
    """A fold for each record, all of a person in one; -1 where the person is unknown."""
    chance = np.random.default_rng([deal, *b"people"])
    drawn = chance.permutation(int(person.max()) + 1) % FOLDS
    return np.where(person < 0, -1, drawn[person])


def chances(lesson: Lesson, seed: int, tell: Callable[[str], None]) -> Floats:
    """The chance of each pair to be one person: the mean of the log odds of every deal.

    Pairs with an unknown end are judged as well.
    """
    deals = deals_of(seed)
    total = np.zeros(len(lesson.pairs))
    for number, deal in enumerate(deals):
        total += log_odds(lesson, deal, _told(tell, f"deal {number + 1} of {len(deals)}"))
    return np.asarray(expit(total / len(deals)), dtype=np.float64)


def log_odds(lesson: Lesson, deal: int, tell: Callable[[str], None]) -> Floats:
    """The log odds of each pair in one deal, each by one model that saw neither of its people."""
    fold = folds_of(lesson.person, deal)
    first, second = fold[lesson.pairs.first], fold[lesson.pairs.second]
    tell("first chances")
    alone = np.stack([
        _first_log_odds(lesson, np.flatnonzero((first == one) & (second == one)), deal)
        for one in range(FOLDS)
    ])  # fmt: skip
    turn = np.random.default_rng([deal, *b"first chance"]).random(alone.shape, dtype=np.float32)
    found = np.empty(len(lesson.pairs))
    for number, split in enumerate(splits_of(lesson, deal)):
        tell(f"fit {number + 1} of {FOLDS * (FOLDS - 1) // 2}")
        # A model of one fold says nothing of that fold's own people. Of those that may, one does.
        may = np.stack([(first != one) & (second != one) for one in split.rest])
        speaks = np.where(may, turn[list(split.rest)], -1).argmax(axis=0)
        before = alone[list(split.rest)][speaks, np.arange(len(speaks))]
        found[split.judged] = _second_log_odds(lesson, split, before, deal)[split.judged]
    return found


def splits_of(lesson: Lesson, deal: int) -> Iterator[Split]:
    """Every two folds are judged by the other three, every pair once."""
    fold = folds_of(lesson.person, deal)
    first, second = fold[lesson.pairs.first], fold[lesson.pairs.second]
    least, most = _judged_with(first, second, deal)
    for rest in combinations(range(FOLDS), FOLDS - 2):
        teach = np.flatnonzero(np.isin(first, rest) & np.isin(second, rest))
        same = lesson.same[teach]
        if not same.any() or same.all():
            raise InvalidInput("too few people have two records to learn from three folds of five")
        one, other = (number for number in range(FOLDS) if number not in rest)
        yield Split(rest, teach, np.flatnonzero((least == one) & (most == other)))


def _judged_with(first: Ints, second: Ints, deal: int) -> tuple[Ints, Ints]:
    """The two folds, in order, that each pair is judged with: those of its ends where they differ.

    A pair within one fold has another one drawn for it, an unknown end any fold.
    """
    chance = np.random.default_rng([deal, *b"judged with"])
    one = np.where(first < 0, chance.integers(0, FOLDS, len(first)), first)
    other = np.where(second < 0, chance.integers(0, FOLDS, len(first)), second)
    drawn = (one + chance.integers(1, FOLDS, len(first))) % FOLDS
    other = np.where(one == other, drawn, other)
    return np.minimum(one, other), np.maximum(one, other)


def _first_log_odds(lesson: Lesson, teach: Ints, deal: int) -> Floats:
    same = lesson.same[teach]
    if not same.any() or same.all():
        raise InvalidInput("too few people have two records to learn from one fold of five")
    booster = _fit(lesson.matrix[teach], same, folds=1, rounds=FIRST_ROUNDS, deal=deal)
    return _predicted(booster, lesson.matrix)


def _second_log_odds(lesson: Lesson, split: Split, before: Floats, deal: int) -> Floats:
    """Log odds of judged pairs that know what stands around; hopeless ones keep the first."""
    hopeful = expit(before) >= HOPELESS
    teach, judged = (rows[hopeful[rows]] for rows in (split.teach, split.judged))
    same = lesson.same[teach]
    if not same.any() or same.all() or not len(judged):
        return before
    columns = support(lesson.pairs, expit(before), len(lesson.person))
    columns |= alike_by_values(lesson.pairs, expit(before), lesson.values)
    around = stacked(columns, len(lesson.pairs))
    booster = _fit(
        np.hstack([lesson.matrix[teach], around[teach]]),
        same,
        folds=len(split.rest),
        rounds=ROUNDS,
        deal=deal,
    )
    found = before.copy()
    found[judged] = _predicted(booster, np.hstack([lesson.matrix[judged], around[judged]]))
    return found


def of_two_people(folds: int) -> float:
    """How many pairs of two people in the whole table stand for one among the people of some folds.

    A share of the people has that share of the pairs of one person, but only its square of the
    pairs of two: without the weight, chances would be those of a smaller table, and too high.
    """
    return FOLDS / folds


def _fit(matrix: Singles, same: Flags, *, folds: int, rounds: int, deal: int) -> lgb.Booster:
    weight = np.where(same, 1.0, of_two_people(folds))
    data = lgb.Dataset(matrix, same.astype(np.float32), weight=weight, params={"verbosity": -1})
    return lgb.train({**PARAMETERS, "seed": deal}, data, num_boost_round=rounds)


def _predicted(booster: lgb.Booster, matrix: Singles) -> Floats:
    return np.asarray(booster.predict(matrix, raw_score=True, num_threads=1), dtype=np.float64)


def _told(tell: Callable[[str], None], what: str) -> Callable[[str], None]:
    return lambda step: tell(f"{what}, {step}")
