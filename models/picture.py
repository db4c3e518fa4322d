"""The picture of a run: how precise reviews are at each capacity, beside the baselines."""

from collections.abc import Mapping
from io import BytesIO

import numpy as np
from matplotlib.figure import Figure as Canvas

from fraud.assessment import Floats
from models.judge import Judged, precision_curve

CAPACITIES = tuple(np.geomspace(0.002, 0.3, 40).tolist())

NAMES = {
    "booster": "scorer",
    "logistic": "logistic regression",
    "best_column": "best single column",
    "random": "random review",
}


def precision_picture(rows: Judged, scores: Mapping[str, Floats]) -> bytes:
    """A PNG of precision over capacity; the same figures give the same bytes."""
    canvas = precision_canvas(rows, scores)
    written = BytesIO()
    canvas.savefig(written, format="png", dpi=110, metadata={"Software": None})
    return written.getvalue()


def precision_canvas(rows: Judged, scores: Mapping[str, Floats]) -> Canvas:
    """The same picture for a notebook."""
    canvas = Canvas(figsize=(6.4, 4.0), layout="constrained")
    axes = canvas.subplots()
    for name, values in scores.items():
        curve = np.array(precision_curve(rows, values, CAPACITIES))
        axes.plot(100 * curve[:, 0], 100 * curve[:, 1], label=NAMES.get(name, name))
    axes.set_xscale("log")
    axes.set_xlabel("claims reviewed, percent of intake")
    axes.set_ylabel("of these confirmed fraud, percent")
    axes.set_title("Precision at capacity, latest decided claims")
    axes.legend(frameon=False)
    return canvas
