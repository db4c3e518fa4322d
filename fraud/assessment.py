"""How much attention a claim should have, and why, in sentences built from its records.

Nothing here can refuse, stop or reduce anything: the four outcomes are no review, review,
control (a blinded random draw) and offer help.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fraud.privacy import ALL_SHUT, OpenSources
from fraud.records import ClaimId
from fraud.statements import Hit, Statement

Floats = NDArray[np.float64]


class ScoringPoint(StrEnum):
    """When in the life of a claim it was looked at (domain brief, section 5)."""

    INTAKE = "intake"
    BEFORE_BOARD = "before_board"
    BEFORE_PAYMENT = "before_payment"
    IN_PAYMENT = "in_payment"


class Outcome(StrEnum):
    """All that an assessment can ask for."""

    NO_REVIEW = "no_review"
    REVIEW = "review"
    CONTROL = "control"
    OFFER_HELP = "offer_help"


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """Which scorer answered: registry name and version, hash of the booster, its feature set."""

    name: str
    version: str
    sha256: str
    feature_set: str

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


class Scorer(Protocol):
    """Answers how likely a claim of this kind was found wrong after review."""

    @property
    def version(self) -> ModelVersion: ...

    @property
    def review_lines(self) -> dict[float, float]:
        """Probability above which a given share (0 to 1) of recent claims lay at training."""
        ...

    def probabilities(self, vectors: Floats) -> Floats:
        """Calibrated probabilities, shape (n,), for vectors of shape (n, features)."""
        ...

    def contributions(self, vectors: Floats) -> Floats:
        """What each feature added in log-odds, shape (n, features); costs about 1 ms a row."""
        ...


@dataclass(frozen=True, slots=True)
class Policy:
    """What a supervisor sets, with a reason; every assessment records its version."""

    version: int = 1
    capacity: float = 0.01
    """Share of intake claims the team can review."""
    control_share: float = 0.1
    """Blinded random control cases for each case of the capacity."""
    review_line: float = 1.1
    """Calibrated probability from which a claim is put up for review."""
    least_wrong_payment_sen: int = 10_000
    """Expected wrong payment (probability x payment) below which a review is not worth asking."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was concluded on one claim version at one scoring point, and from what.

    `stands_out`, `speaks_against` and `not_known` are filled for cases only (review, control).
    """

    assessment_id: str
    claim_id: ClaimId
    claim_version: int
    scoring_point: ScoringPoint
    trigger_fact: str
    cutoff: int
    vector: Floats
    probability: float
    outcome: Outcome
    tier: int
    """1 with two independent evidence families, else 2; 0 without a case. Hidden until decided."""
    hits: tuple[Hit, ...]
    model_version: ModelVersion
    policy_version: int
    made_at: datetime
    stands_out: tuple[Statement, ...] = ()
    speaks_against: tuple[Statement, ...] = ()
    not_known: tuple[Statement, ...] = ()
    sources: OpenSources = ALL_SHUT
    """The gated sources that were read for it: a value of each was known."""
    challenger_version: str | None = None
    challenger_probability: float | None = None
