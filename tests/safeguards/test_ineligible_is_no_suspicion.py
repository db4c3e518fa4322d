"""Ineligible is not fraudulent: what the law excludes never moves a score, a tier or a case."""

import numpy as np

from fraud.features import FEATURE_NAMES, vector_of
from fraud.reasons import statements_of, tier_of
from fraud.rules import RULES, run_rules
from fraud.schemes.benefit import benefit_due
from fraud.schemes.working import Outcome
from fraud.statements import Family, Hit, HitKind, Statement
from tests.fraud.schemes.drawn import drawn
from tests.support.builders import known_of

EXCLUDED = [rule.name for rule in RULES if rule.kind is HitKind.NOT_PAYABLE]


def test_no_hit_of_that_kind_moves_a_tier_whatever_it_is_joined_with():
    assert len(EXCLUDED) >= 13
    vector = vector_of(known_of())
    none = tuple(
        Hit(name, HitKind.NOT_PAYABLE, "", Statement(f"rule.{name}", {}, family))
        for name in EXCLUDED
        for family in Family
    )
    draw = np.random.default_rng(7)
    for _ in range(200):
        parts = draw.normal(0.0, 0.5, len(vector))
        assert tier_of(none, vector, parts) == tier_of((), vector, parts)


def test_no_feature_is_a_reading_of_the_law_on_eligibility():
    assert not set(EXCLUDED) & set(FEATURE_NAMES)


def test_what_is_not_payable_is_no_part_of_what_stands_out():
    parts = np.full(len(FEATURE_NAMES), -0.2)
    for seed in range(160):
        claim, _, _ = drawn(seed)
        known = known_of(claim)
        hits = [hit for hit in run_rules(known) if hit.kind is HitKind.NOT_PAYABLE]
        out, _, _ = statements_of(known, vector_of(known), parts, hits)
        assert not [one.key for one in out if one.key.startswith("rule.")]


def test_a_claim_that_gives_nothing_says_why_in_its_own_words():
    for seed in range(800):
        found = benefit_due(*drawn(seed))
        if found.outcome is Outcome.NOTHING:
            assert found.amount_sen == 0
            assert found.steps[-1].key.startswith("law.")
