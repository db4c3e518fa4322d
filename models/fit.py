"""Fit one LightGBM booster: seeded, deterministic, small, and directed in every column.

An office confirms some dozens of frauds a year, and now and then it is wrong, so the trees are
kept small and may only follow each column's own direction (see `models.directed`).
"""

from dataclasses import asdict, dataclass

import numpy as np

from models.columns import Columns
from models.directed import DirectedBooster, Fitting, directions_of, fit_directed, fit_here
from models.rows import Rows, with_masked_copies


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a booster besides its rows. Made for 1 to 50 thousand of them.

    Chosen on simulated regions kept for this choice (seeds 7404 to 7507): there half the rounds
    or fewer leaves moved average precision by less than its interval.
    """

    rounds: int = 200
    learning_rate: float = 0.05
    num_leaves: int = 8
    max_depth: int = 6
    min_data_in_leaf: int = 10
    feature_fraction: float = 0.9
    """Nearly all: a tree without the strongest pattern learns what only common typologies have."""
    bagging_fraction: float = 0.7
    lambda_l2: float = 1.0
    copies: int = 2
    """Copies of each row with sources masked, beside the row as it is."""
    mask_share: float = 0.25
    """Chance that a source is masked in a copy."""
    heaviest: float = 5.0
    """No row weighs more than this in fitting, however many claims it stands for: a few control
    rows would otherwise decide the booster."""
    seed: int = 2026
    threads: int = 1

    def parameters(self) -> dict[str, object]:
        """As LightGBM takes them; the same parameters and rows give the same bytes."""
        return {
            "objective": "binary",
            "learning_rate": self.learning_rate,
            "num_leaves": self.num_leaves,
            "max_depth": self.max_depth,
            "min_data_in_leaf": self.min_data_in_leaf,
            "feature_fraction": self.feature_fraction,
            "bagging_fraction": self.bagging_fraction,
            "bagging_freq": 1,
            "lambda_l2": self.lambda_l2,
            "feature_pre_filter": False,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": self.threads,
            "seed": self.seed,
            "verbosity": -1,
        }

    def described(self) -> dict[str, str]:
        """Each choice as text, for the record of a run."""
        return {name: str(value) for name, value in asdict(self).items()}


def fit_booster(
    rows: Rows, columns: Columns, recipe: Recipe, *, fitting: Fitting = fit_here
) -> DirectedBooster:
    """The booster of some rows. Cost: a second or two for a few thousand rows."""
    masked = with_masked_copies(
        rows, columns, copies=recipe.copies, share=recipe.mask_share, seed=recipe.seed
    )
    return fit_directed(
        masked.vectors,
        masked.positive.astype(np.float64),
        masked.weights,
        columns=columns,
        directions=directions_of(rows, columns),
        parameters=recipe.parameters(),
        rounds=recipe.rounds,
        fitting=fitting,
    )
