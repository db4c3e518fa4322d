"""The plots of a report: who is found at which cost, and whether probabilities hold."""

from io import BytesIO

import numpy as np
from matplotlib.figure import Figure as Canvas
from sklearn.metrics import precision_recall_curve, roc_curve

from models.backtest.run import RUNS, Drawn

BINS = 12
"""Groups of equal size in which predicted and observed shares are compared."""


def order_picture(drawn: Drawn) -> bytes:
    """A PNG with the ROC curve and precision over recall, for every order that was judged."""
    canvas = Canvas(figsize=(9.0, 4.0), layout="constrained")
    left, right = canvas.subplots(1, 2)
    for run, scores in drawn.scores.items():
        wrong, found, _ = roc_curve(drawn.positive, scores)
        left.plot(100 * wrong, 100 * found, label=RUNS[run])
        precision, recall, _ = precision_recall_curve(drawn.positive, scores)
        right.plot(100 * recall, 100 * precision, label=RUNS[run])
    left.set_xlabel("other rows put up, percent")
    left.set_ylabel("positives found, percent")
    right.set_xlabel("positives found, percent")
    right.set_ylabel("of these positive, percent")
    left.legend(frameon=False)
    return _png(canvas)


def calibration_picture(drawn: Drawn) -> bytes:
    """A PNG of the observed share of positives over the predicted one, in groups of equal size."""
    canvas = Canvas(figsize=(4.6, 4.0), layout="constrained")
    axes = canvas.subplots()
    order = np.argsort(drawn.chances, kind="stable")
    groups = [group for group in np.array_split(order, BINS) if len(group)]
    predicted = [100 * float(drawn.chances[group].mean()) for group in groups]
    observed = [100 * float(drawn.positive[group].mean()) for group in groups]
    axes.plot([0, 100], [0, 100], color="grey", linewidth=0.8)
    axes.plot(predicted, observed, marker="o")
    axes.set_xlabel("predicted share of positives, percent")
    axes.set_ylabel("observed share, percent")
    return _png(canvas)


def _png(canvas: Canvas) -> bytes:
    written = BytesIO()
    canvas.savefig(written, format="png", dpi=110, metadata={"Software": None})
    return written.getvalue()
