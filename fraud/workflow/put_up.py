"""Which looks at a claim put it up for people: those above a fixed line, and a blind draw."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fraud.assessment import Assessment, Floats, Outcome, Policy
from fraud.privacy import KeyRing
from fraud.records import Claim
from fraud.statements import Hit, HitKind

LATER_LOOK_SHARE = 0.02
"""[A] The chance of a control case at a later look, as a share of that at intake."""


def outcome_of(claim: Claim, probability: float, hits: Sequence[Hit], policy: Policy) -> Outcome:
    """Review from a fixed line on, and only where enough money could be wrong; never a refusal."""
    at_stake = probability * claim.expected_payment_sen
    if probability >= policy.review_line and at_stake >= policy.least_wrong_payment_sen:
        return Outcome.REVIEW
    if any(hit.kind is HitKind.MONEY_OWED for hit in hits):
        return Outcome.OFFER_HELP
    return Outcome.NO_REVIEW


def flagged(probabilities: Floats, claims: Sequence[Claim], policy: Policy) -> NDArray[np.bool_]:
    """Which of many claims a policy puts up by their probabilities; arrays of shape (n,)."""
    outcomes = (
        outcome_of(claim, probability, (), policy)
        for claim, probability in zip(claims, probabilities.tolist(), strict=True)
    )
    return np.array([one is Outcome.REVIEW for one in outcomes], dtype=np.bool_)


def is_control(keyring: KeyRing, assessment: Assessment, policy: Policy) -> bool:
    """A keyed draw among the unflagged, so that two workers and a rerun draw the same.

    At intake the chance is capacity x control_share. Each later look has `LATER_LOOK_SHARE` of
    it: later versions, changed accounts and payments must be among the control cases, or one that
    shows them would be known to be flagged. A claim with n later looks is a control case with at
    most (1 + n x 0.02) times the chance at intake: 1.24 times for twelve payments.
    """
    if assessment.outcome is Outcome.REVIEW:
        return False
    key = (assessment.claim_id, str(assessment.claim_version), assessment.trigger_fact)
    later = bool(assessment.trigger_fact) or assessment.claim_version > 1
    return keyring.blind_number("control", *key) < control_chance(policy, later=later)


def control_chance(policy: Policy, *, later: bool) -> float:
    """The chance with which an unflagged look becomes a control case, 0 to 1."""
    chance = policy.capacity * policy.control_share * (LATER_LOOK_SHARE if later else 1.0)
    return min(1.0, chance)
