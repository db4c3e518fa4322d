"""Two periods of what the stream assessed at intake, to be compared with each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from fraud.assessment import Floats
from fraud.store.assessed import Scored, scored_at_intake
from fraud.store.engine import Store
from models.columns import columns_in_force

SCORE = "score"


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """Named columns of the claims of two periods, each of shape (n,)."""

    before: Mapping[str, Floats]
    after: Mapping[str, Floats]
    claims_before: int
    claims_after: int
    scorer: str
    """The newest scorer; the column `score` holds only what this one gave."""


def periods(store: Store, *, until: date, days: int, before: int) -> Periods:
    """Claims received in the last `days` days up to `until`, and in the `before` days before.

    Claims as first lodged, at intake. Assessments of another feature set are left out. Cost: one
    vector for each claim in the store.
    """
    columns = columns_in_force()
    since = until - timedelta(days=days)
    with store.reading() as connection:
        found = [
            one
            for one in scored_at_intake(connection, after=0)
            if one.version == 1 and len(one.vector) == len(columns) and one.received_on <= until
        ]
    later = [one for one in found if one.received_on > since]
    first = since - timedelta(days=before)
    earlier = [one for one in found if first < one.received_on <= since]
    scorer = found[-1].model_version if found else ""
    return Periods(
        _columns(earlier, columns.names, scorer),
        _columns(later, columns.names, scorer),
        len(earlier),
        len(later),
        scorer,
    )


def _columns(part: Sequence[Scored], names: Sequence[str], scorer: str) -> dict[str, Floats]:
    matrix = np.array([one.vector for one in part], dtype=np.float64).reshape(-1, len(names))
    scores = np.array([one.probability for one in part if one.model_version == scorer])
    return {SCORE: scores, **dict(zip(names, matrix.T, strict=True))}
