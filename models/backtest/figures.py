"""The figures of one order of rows: the field's own, and those at what can be reviewed."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score, roc_curve

from fraud.assessment import Floats
from models.judge import Judged, Order
from models.split import Flags

SHOWN = {
    "auc": "AUC",
    "average_precision": "average precision",
    "recall_at_5_false_positives": "recall at 5% false positives",
    "precision_at_k": "precision at k",
    "recall_at_k": "recall at k",
    "macro_f1": "macro-F1",
    "brier": "Brier score",
}
"""Every figure in the order shown, with its words. The last two need probabilities."""


def auc(positive: Flags, scores: Floats) -> float:
    """Chance that a positive stands above another row, ties a half."""
    return float(roc_auc_score(positive, scores))


def order_figures(positive: Flags, scores: Floats, reviews: float) -> dict[str, float]:
    """Figures of an order alone. `reviews` below 1 is a share of the rows, else their number."""
    rows = Judged.plain(positive)
    order, capacity = Order(rows, scores), share_of(reviews, len(rows))
    wrong, right, _ = roc_curve(positive, scores)
    return {
        "auc": auc(positive, scores),
        "average_precision": order.average_precision(rows.weights),
        "recall_at_5_false_positives": float(np.interp(0.05, wrong, right)),
        "precision_at_k": order.precision(rows.weights, capacity),
        "recall_at_k": order.recall(rows.weights, capacity),
    }


def chance_figures(positive: Flags, chances: Floats, line: float) -> dict[str, float]:
    """Figures of probabilities and of the line above which a row counts as positive."""
    return {
        "macro_f1": float(f1_score(positive, chances >= line, average="macro")),
        "brier": float(np.mean((chances - positive) ** 2)),
    }


def best_line(positive: Flags, chances: Floats) -> float:
    """The probability that divides rows with the highest macro-F1; chosen on held rows only."""
    lines = np.unique(np.quantile(chances, np.linspace(0.3, 0.999, 150)))
    found = [f1_score(positive, chances >= line, average="macro") for line in lines]
    return float(lines[int(np.argmax(found))])


def share_of(reviews: float, rows: int) -> float:
    """What share of the rows can be reviewed."""
    return reviews if reviews < 1 else min(1.0, reviews / rows)


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean over seeds, and the standard deviation between them (0 for one seed)."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        return cls(float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0)

    def __str__(self) -> str:
        return f"{self.mean:.4f} ± {self.deviation:.4f}"
