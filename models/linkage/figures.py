"""The figures of a linkage, in pairs of records; what blocking lost counts as not found."""

import numpy as np

from fraud.assessment import Floats
from models.backtest.columns import Singles
from models.linkage.table import same_pairs
from models.split import Flags, Ints

SHOWN = {
    "precision": "pair precision",
    "recall": "pair recall",
    "f1": "pair F1",
    "recall_at_99": "recall at 99% precision",
}
"""Every figure of an order of pairs, with its words."""

SURE = 0.99


def pair_figures(same: Flags, chances: Floats, line: float, true_pairs: int) -> dict[str, float]:
    """Figures of the pairs at or above a line, and recall at the last place with 99% precision.

    `true_pairs` counts all pairs of one person, compared or not.
    """
    linked = chances >= line
    right = int(same[linked].sum())
    found = _figures(right, int(linked.sum()), true_pairs)
    order = np.argsort(-chances, kind="stable")
    found_right = np.cumsum(same[order])
    # Pairs of one score are taken together: a line cannot part them.
    ends = np.append(np.flatnonzero(np.diff(chances[order])), len(order) - 1)
    sure = ends[found_right[ends] >= SURE * (ends + 1)]
    return found | {"recall_at_99": float(found_right[sure[-1]] / true_pairs) if len(sure) else 0.0}


def cluster_figures(cluster: Ints, person: Ints) -> dict[str, float]:
    """Figures of all pairs within clusters, among records of known people."""
    known = person >= 0
    cluster, person = cluster[known], person[known]
    right = same_pairs(cluster, person)
    found = _figures(right, same_pairs(cluster), same_pairs(person))
    return found | {"clusters": float(len(np.unique(cluster)))}


def best_line(
    same: Flags, scores: Floats | Singles, true_pairs: int, weight: float = 1.0
) -> tuple[float, float]:
    """The score at or above which F1 is highest, and that F1; equal scores stay together.

    A pair of two people counts `weight` times.
    """
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    right = np.cumsum(same[order])[ends]
    f1 = 2 * right / (right + weight * (ends + 1 - right) + true_pairs)
    best = int(np.argmax(f1))
    return float(scores[order[ends[best]]]), float(f1[best])


def _figures(right: int, linked: int, true_pairs: int) -> dict[str, float]:
    return {
        "precision": right / linked if linked else 1.0,
        "recall": right / true_pairs,
        "f1": 2 * right / (linked + true_pairs),
    }
