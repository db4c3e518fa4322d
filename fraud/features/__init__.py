"""The numbers the scorer sees, each a function of what was known at the cut-off."""

import numpy as np

from fraud import graph, history
from fraud.features import catalogue, from_claim, from_history, from_links, from_movement, signs
from fraud.features.catalogue import (
    UNKNOWN,
    Feature,
    Floats,
    Known,
    Source,
    feature_set_id,
    registered,
)
from fraud.graph import Area, LinkedClaim
from fraud.history import History
from fraud.records import Claim, Scheme

__all__ = [
    "CATALOGUE",
    "FEATURE_NAMES",
    "FEATURE_SET",
    "UNKNOWN",
    "Feature",
    "Floats",
    "Known",
    "Source",
    "build_vector",
    "vector_of",
]

_ROOMS = (catalogue, from_claim, from_history, from_movement, from_links, signs, graph, history)

CATALOGUE: tuple[Feature, ...] = registered()
FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in CATALOGUE)
FEATURE_SET: str = feature_set_id(_ROOMS)


def _unknown(_: Known) -> float:
    return UNKNOWN


_MEASURES = {
    scheme: tuple(
        feature.measure if feature.schemes is None or scheme in feature.schemes else _unknown
        for feature in CATALOGUE
    )
    for scheme in Scheme
}


def build_vector(claim: Claim, history: History, area: Area, cutoff: LinkedClaim) -> Floats:
    """The claim's vector: float64, in catalogue order, NaN where a record is unknown.

    `history` and `area` hold only what was known at the cut-off, and `cutoff` is the claim as
    the graph sees it there. Scoring, training and notebooks all call this function.
    """
    return vector_of(Known(claim, history, cutoff, area))


def vector_of(known: Known) -> Floats:
    """The vector of what is already gathered, so that rules can read the same parts."""
    values = known.values
    measured = []
    for measure in _MEASURES[known.claim.scheme]:
        values[measure] = value = measure(known)
        measured.append(value)
    return np.array(measured, np.float64)
