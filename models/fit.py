"""Fit one LightGBM booster on few and sometimes wrong labels: two teachers, then one pupil.

An office confirms some dozens of frauds a year, and now and then it is wrong. Trees alone follow
such labels too closely. So two teachers learn first: the tuned logistic regression, which is
steady, and a booster of small trees, which sees what goes together. The booster that is kept then
learns their joint opinion, on the rows as they are and with sources masked at random.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from fraud.assessment import Floats
from models.baseline import Regression
from models.columns import Columns
from models.directed import DirectedBooster, directions_of, fit_directed
from models.rows import Rows, with_masked_copies

Opinion = Callable[[Floats], Floats]
"""Log-odds for vectors."""


@dataclass(frozen=True, slots=True)
class Trees:
    """How the trees of one booster are grown."""

    rounds: int
    learning_rate: float
    num_leaves: int
    min_data_in_leaf: int
    feature_fraction: float
    lambda_l2: float
    max_depth: int = 6


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a booster besides its rows. Made for 1 to 4 thousand of them."""

    teacher: Trees = Trees(300, 0.05, 5, 5, 0.4, 1.0)
    pupil: Trees = Trees(200, 0.1, 31, 10, 0.5, 0.1)
    share_of_trees: float = 0.3
    """Weight of the small trees in the joint opinion; the rest is the regression's."""
    copies: int = 1
    """Copies of each row with sources masked, beside the row as it is."""
    mask_share: float = 0.25
    """Chance that a source is masked in a copy."""
    heaviest: float = 5.0
    """No row weighs more than this in fitting, however many claims it stands for: a few control
    rows would otherwise decide the booster."""
    seed: int = 2026
    threads: int = 1

    def parameters(self, trees: Trees, objective: str) -> dict[str, object]:
        """As LightGBM takes them; the same parameters and rows give the same bytes."""
        grown = asdict(trees)
        del grown["rounds"]
        return {
            **grown,
            "objective": objective,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "feature_pre_filter": False,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": self.threads,
            "seed": self.seed,
            "verbosity": -1,
        }

    def described(self) -> dict[str, str]:
        """Each choice as text, for the record of a run."""
        flat: dict[str, str] = {}
        for name, value in asdict(self).items():
            inner = value.items() if isinstance(value, dict) else [("", value)]
            flat.update({f"{name}.{key}".rstrip("."): str(one) for key, one in inner})
        return flat


def fit_booster(
    rows: Rows, columns: Columns, regression: Regression, recipe: Recipe
) -> DirectedBooster:
    """The booster that learned the joint opinion of `regression` and of small trees on `rows`.

    Cost: some seconds for a few thousand rows.
    """
    directions = directions_of(rows)
    masked = with_masked_copies(
        rows, columns, copies=recipe.copies, share=recipe.mask_share, seed=recipe.seed
    )
    small = fit_directed(
        masked.vectors,
        masked.positive.astype(np.float64),
        masked.weights,
        columns=columns,
        directions=directions,
        parameters=recipe.parameters(recipe.teacher, "binary"),
        rounds=recipe.teacher.rounds,
    )
    opinion = joint(regression.scores, small.log_odds, recipe.share_of_trees)
    return fit_directed(
        masked.vectors,
        1.0 / (1.0 + np.exp(-opinion(masked.vectors))),
        np.ones(len(masked)),
        columns=columns,
        directions=directions,
        parameters=recipe.parameters(recipe.pupil, "cross_entropy"),
        rounds=recipe.pupil.rounds,
    )


def joint(one: Opinion, other: Opinion, share_of_other: float) -> Opinion:
    """The mean of two opinions in log-odds."""
    return lambda vectors: (1 - share_of_other) * one(vectors) + share_of_other * other(vectors)
