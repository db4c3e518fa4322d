"""The numbers the scorer sees, each a function of what was known at the cut-off."""

from collections.abc import Iterable
from contextlib import suppress

import numpy as np

from fraud import graph, history
from fraud.features import (
    catalogue,
    from_answers,
    from_claim,
    from_events,
    from_findings,
    from_history,
    from_jobs,
    from_links,
    from_movement,
    from_payees,
    from_pensions,
    patterns,
    signs,
)
from fraud.features.catalogue import (
    UNKNOWN,
    Feature,
    Floats,
    Known,
    LinksNotRead,
    Measure,
    Source,
    feature_set_id,
    registered,
)
from fraud.features.forbidden import permitted
from fraud.graph import Area, LinkedClaim
from fraud.history import History
from fraud.movement import presence
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
    "measure_ahead",
    "vector_of",
]

_ROOMS = (
    catalogue,
    from_claim,
    from_history,
    from_answers,
    from_movement,
    from_links,
    from_findings,
    from_events,
    from_pensions,
    from_jobs,
    from_payees,
    signs,
    patterns,
    graph,
    history,
    presence,
)

CATALOGUE: tuple[Feature, ...] = permitted(registered())
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
_OF_LINKS = {one.measure for one in CATALOGUE if one.source in {Source.LINKS, Source.DECISIONS}}
_OF_SIGNS = {
    one.measure
    for one in CATALOGUE
    if one.measure.__module__ in {signs.__name__, patterns.__name__}
}
_AHEAD = {
    scheme: tuple(
        one for one in measures if one is not _unknown and one not in _OF_LINKS | _OF_SIGNS
    )
    for scheme, measures in _MEASURES.items()
}
_SIGNS_AHEAD = {
    scheme: tuple(
        one
        for pattern in patterns.PATTERNS
        if scheme in pattern.schemes
        for one in pattern.lists
        if _OF_LINKS.isdisjoint(measure for measure, _, _ in one.each)
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
    measures = _MEASURES[known.claim.scheme]
    _measure(known, measures)
    values = known.values
    return np.array([values[measure] for measure in measures], np.float64)


def _measure(known: Known, measures: Iterable[Measure]) -> None:
    """Work out the features that were not yet; in place, for it runs for every feature."""
    values = known.values
    for measure in measures:
        if measure not in values:
            values[measure] = measure(known)


def measure_ahead(known: Known) -> None:
    """Work out the features that need no links, while other claims still have their turn."""
    scheme = known.claim.scheme
    with suppress(LinksNotRead):
        _measure(known, _AHEAD[scheme])
        for one in _SIGNS_AHEAD[scheme]:
            one.shown(known)
