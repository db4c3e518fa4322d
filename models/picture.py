"""The pictures of a run: how precise reviews are at each capacity, and what a probability means."""

from collections.abc import Mapping, Sequence
from io import BytesIO

import numpy as np
from matplotlib.figure import Figure as Canvas

from fraud.assessment import Floats
from models.judge import Judged, precision_curve
from models.reliability import TOP_SHARE, Reliability

CAPACITIES = tuple(np.geomspace(0.002, 0.3, 40).tolist())

NAMES = {
    "booster": "scorer",
    "logistic": "logistic regression",
    "best_column": "best single column",
    "random": "random review",
}


def precision_picture(rows: Judged, scores: Mapping[str, Floats]) -> bytes:
    """A PNG of precision over capacity; the same figures give the same bytes."""
    return _written(precision_canvas(rows, scores))


def precision_canvas(rows: Judged, scores: Mapping[str, Floats]) -> Canvas:
    """The same picture for a notebook."""
    canvas = Canvas(figsize=(6.4, 4.0), layout="constrained")
    axes = canvas.subplots()
    for name, values in scores.items():
        curve = np.array(precision_curve(rows, values, CAPACITIES))
        axes.plot(100 * curve[:, 0], 100 * curve[:, 1], label=NAMES.get(name, name))
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("claims reviewed, percent of intake")
    axes.set_ylabel("of these confirmed fraud, percent")
    axes.set_title("Precision at capacity, latest decided claims")
    axes.legend(frameon=False)
    return canvas


def reliability_picture(title: str, found: Sequence[Reliability]) -> bytes:
    """A PNG of what was said and what was found: all claims, and beside them the top.

    Each point is a bin with Wilson's interval; bins hold equally many claims, or nearly.
    """
    canvas = Canvas(figsize=(10.4, 4.8), layout="constrained")
    canvas.suptitle(title)
    names = ("All claims", f"Top {100 * TOP_SHARE:g}% of claims")
    for axes, name, one in zip(canvas.subplots(1, len(found)), names, found, strict=True):
        said = np.array([point.said for point in one.points])
        share = np.array([point.found.value for point in one.points])
        low = np.array([point.found.low for point in one.points])
        high = np.array([point.found.high for point in one.points])
        reach = np.maximum([share - low, high - share], 0.0)  # rounding of ends at 0 and 1
        axes.plot([0, 1], [0, 1], color="0.8", linewidth=1)
        axes.errorbar(said, share, yerr=reach, fmt="o", markersize=4, capsize=2)
        counts = [point.claims for point in one.points]
        each = " to ".join(f"{count:,}" for count in sorted({min(counts), max(counts)}))
        words = f"{len(counts)} bins of {each} claims"
        axes.text(0.02, 0.97, words, transform=axes.transAxes, va="top")
        axes.set_xscale("symlog", linthresh=0.01)
        axes.set_yscale("symlog", linthresh=0.01)
        axes.xaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.set_xlim(0, 1.2)
        axes.set_ylim(0, 1.2)
        axes.set_xlabel("probability said, mean of a bin")
        axes.set_ylabel("share that is fraud")
        axes.set_title(f"{name}: error {one.error}", fontsize=9)
    return _written(canvas)


def _written(canvas: Canvas) -> bytes:
    written = BytesIO()
    canvas.savefig(written, format="png", dpi=110, metadata={"Software": None})
    return written.getvalue()
