"""Chances that pairs are one person, each by models that have seen neither of its people.

People are dealt into five folds. First a small model learns from the pairs within each fold. Its
chances for all other pairs say whom else both ends of a pair are like (`around.support`). Then,
for every two folds, a model learns from the pairs within the other three, with first chances of
models of those three alone, and judges the pairs within and between the two. A pair within one
fold is judged four times; its log odds are averaged. So no label of either person of a pair has
entered anything its chance comes from, and pairs across folds, most of them of two people, count.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import lightgbm as lgb
import numpy as np
from scipy.special import expit

from fraud.assessment import Floats
from fraud.errors import InvalidInput
from models.backtest.columns import Singles, stacked
from models.linkage.around import support
from models.linkage.blocking import Pairs
from models.split import Flags, Ints

FOLDS = 5

ROUNDS, FIRST_ROUNDS = 200, 120

PARAMETERS: dict[str, object] = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": 31,
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

    @property
    def same(self) -> Flags:
        """Whether a pair is one person; false where that is unknown."""
        one, other = self.person[self.pairs.first], self.person[self.pairs.second]
        return np.asarray((one >= 0) & (one == other))


def folds_of(person: Ints, seed: int) -> Ints:
    """A fold for each record, all of a person in one; -1 where the person is unknown."""
    chance = np.random.default_rng([seed, *b"people"])
    drawn = chance.permutation(int(person.max()) + 1) % FOLDS
    return np.where(person < 0, -1, drawn[person])


def chances(lesson: Lesson, seed: int, tell: Callable[[str], None]) -> Floats:
    """The chance of each pair to be one person. Pairs with an unknown end are judged as well."""
    fold = folds_of(lesson.person, seed)
    first, second = fold[lesson.pairs.first], fold[lesson.pairs.second]
    alone = np.stack([
        _first_log_odds(lesson, np.flatnonzero((first == one) & (second == one)), seed)
        for one in range(FOLDS)
    ])  # fmt: skip
    total, times = np.zeros(len(lesson.pairs)), np.zeros(len(lesson.pairs))
    for number, split in enumerate(splits_of(lesson, seed)):
        tell(f"fit {number + 1} of {FOLDS * (FOLDS - 1) // 2}")
        # A model of one fold says nothing of that fold's own people.
        speaks = np.stack([(first != one) & (second != one) for one in split.rest])
        before = (alone[list(split.rest)] * speaks).sum(axis=0) / speaks.sum(axis=0)
        around = support(lesson.pairs, expit(before), len(lesson.person))
        matrix = np.hstack([lesson.matrix, stacked(around, len(lesson.pairs))])
        same = lesson.same[split.teach]
        booster = _fit(matrix[split.teach], same, folds=len(split.rest), rounds=ROUNDS, seed=seed)
        total[split.judged] += _log_odds(booster, matrix[split.judged])
        times[split.judged] += 1
    return np.asarray(expit(total / times), dtype=np.float64)


def splits_of(lesson: Lesson, seed: int) -> Iterator[Split]:
    """Every two folds are judged by the other three; unknown people are judged each time."""
    fold = folds_of(lesson.person, seed)
    first, second = fold[lesson.pairs.first], fold[lesson.pairs.second]
    for rest in combinations(range(FOLDS), FOLDS - 2):
        taught, also = np.isin(first, rest), np.isin(second, rest)
        teach = np.flatnonzero(taught & also)
        same = lesson.same[teach]
        if not same.any() or same.all():
            raise InvalidInput("too few people have two records to learn from three folds of five")
        yield Split(rest, teach, np.flatnonzero(~taught & ~also))


def _first_log_odds(lesson: Lesson, teach: Ints, seed: int) -> Floats:
    same = lesson.same[teach]
    if not same.any() or same.all():
        raise InvalidInput("too few people have two records to learn from one fold of five")
    booster = _fit(lesson.matrix[teach], same, folds=1, rounds=FIRST_ROUNDS, seed=seed)
    return _log_odds(booster, lesson.matrix)


def of_two_people(folds: int) -> float:
    """How many pairs of two people in the whole table stand for one among the people of some folds.

    A share of the people has that share of the pairs of one person, but only its square of the
    pairs of two: without the weight, chances would be those of a smaller table, and too high.
    """
    return FOLDS / folds


def _fit(matrix: Singles, same: Flags, *, folds: int, rounds: int, seed: int) -> lgb.Booster:
    weight = np.where(same, 1.0, of_two_people(folds))
    data = lgb.Dataset(matrix, same.astype(np.float32), weight=weight, params={"verbosity": -1})
    return lgb.train({**PARAMETERS, "seed": seed}, data, num_boost_round=rounds)


def _log_odds(booster: lgb.Booster, matrix: Singles) -> Floats:
    return np.asarray(booster.predict(matrix, raw_score=True, num_threads=1), dtype=np.float64)
