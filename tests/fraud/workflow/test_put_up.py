"""The blind draw: at every scoring point, and in total near the share that the policy wants."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from fraud.assessment import Assessment, Outcome, Policy, ScoringPoint
from fraud.features import FEATURE_NAMES
from fraud.records import ClaimId
from fraud.workflow.put_up import LATER_LOOK_SHARE, is_control
from tests.streams.fakes import FixedScorer
from tests.support.builders import KEYRING, at
from tests.support.builders import RECEIVED_ON as DAY

CLAIMS, PAYMENTS = 4_000, 12
POLICY = Policy(capacity=0.5, control_share=0.4)
AT_INTAKE = Assessment(
    assessment_id="a",
    claim_id=ClaimId("C-0001"),
    claim_version=1,
    scoring_point=ScoringPoint.INTAKE,
    trigger_fact="",
    cutoff=1,
    vector=np.zeros(len(FEATURE_NAMES)),
    probability=0.001,
    outcome=Outcome.NO_REVIEW,
    tier=0,
    hits=(),
    model_version=FixedScorer().version,
    policy_version=1,
    made_at=at(DAY),
)


def looks(number):
    """A claim at intake and before each of twelve payments."""
    lodged = replace(AT_INTAKE, claim_id=ClaimId(f"C-{number}"))
    yield lodged
    for payment in range(1, PAYMENTS + 1):
        point = ScoringPoint.IN_PAYMENT if payment > 1 else ScoringPoint.BEFORE_PAYMENT
        yield replace(lodged, trigger_fact=f"due-{number}-{payment}", scoring_point=point)


def test_twelve_payments_leave_the_controls_near_their_share():
    drawn, points = set(), Counter()
    for number in range(CLAIMS):
        for look in looks(number):
            if look.claim_id not in drawn and is_control(KEYRING, look, POLICY):
                drawn.add(look.claim_id)
                points[look.scoring_point] += 1
    share = POLICY.capacity * POLICY.control_share
    most = share * (1 + PAYMENTS * LATER_LOOK_SHARE)
    assert len(drawn) / CLAIMS == pytest.approx((share + most) / 2, rel=0.15)
    assert points[ScoringPoint.INTAKE] / CLAIMS == pytest.approx(share, rel=0.1)
    assert points[ScoringPoint.BEFORE_PAYMENT]
    assert points[ScoringPoint.IN_PAYMENT] > points[ScoringPoint.BEFORE_PAYMENT]


def test_a_later_version_is_a_later_look():
    second = replace(AT_INTAKE, claim_version=2)
    always_at_intake = Policy(capacity=1.0, control_share=1.0)
    ids = [ClaimId(f"C-{n}") for n in range(1_000)]
    drawn = [is_control(KEYRING, replace(second, claim_id=one), always_at_intake) for one in ids]
    assert sum(drawn) / len(ids) == pytest.approx(LATER_LOOK_SHARE, rel=0.5)
    assert all(
        is_control(KEYRING, replace(AT_INTAKE, claim_id=one), always_at_intake) for one in ids
    )


def test_a_claim_that_is_put_up_is_no_control():
    put_up = replace(AT_INTAKE, outcome=Outcome.REVIEW)
    assert not is_control(KEYRING, put_up, Policy(capacity=1.0, control_share=1.0))
