"""Ten thousand drawn claims: the tables and a second, independent reading give the same sen."""

from collections import Counter
from dataclasses import replace

from fraud.records import Scheme
from fraud.schemes import law
from fraud.schemes.benefit import benefit_due
from tests.fraud.schemes.drawn import drawn
from tests.fraud.schemes.second_reading import Reading

CLAIMS = 10_000


def first_reading(claim, facts, on, tables=None):
    found = benefit_due(claim, facts, on, tables)
    return found.outcome.value, found.amount_sen, found.per


def test_both_readings_agree_on_every_drawn_claim():
    different, seen = [], Counter()
    for seed in range(CLAIMS):
        claim, facts, on = drawn(seed)
        first = first_reading(claim, facts, on)
        second = Reading(claim, facts, on).answer()
        seen[claim.scheme, first[0]] += 1
        if first != second:
            different.append((seed, claim.scheme.value, first, second))
    assert different == []
    for scheme in Scheme:
        paid = seen[scheme, "due"] + seen[scheme, "would_be"]
        assert paid >= 40 or scheme is Scheme.HOUSEWIFE, scheme
        assert seen[scheme, "nothing"] + seen[scheme, "not_known"] > 20 or scheme is Scheme.TRAINING


def test_a_misread_table_would_be_seen():
    """Each number that an amount is made from, thirty too high: the readings part."""
    names = ["temporary_share", "permanent_share", "dependants_share", "temporary_least_days"]
    names += ["pension_base_share", "pension_contributed_months", "funeral_most", "early_share"]
    names += ["job_search_share_6", "job_search_months_for_5", "job_search_window", "plan_1_wage"]
    names += ["self_employed_temporary_share", "commuter_temporary_share", "attendance_monthly"]
    names += ["mobility_least_distance", "mobility_sum", "training_least_daily", "averaging_months"]
    missed = set(names)
    for seed in range(3000):
        claim, facts, on = drawn(seed)
        second = Reading(claim, facts, on).answer()
        for name in list(missed):
            if first_reading(claim, facts, on, thirty_higher(name)) != second:
                missed.discard(name)
    assert missed == set()


def thirty_higher(name):
    higher = tuple(replace(one, value=one.number + 30) for one in law().terms[name])
    return replace(law(), terms={**law().terms, name: higher})
