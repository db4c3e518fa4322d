"""Groups on unseen regions: unfairness that was put in is seen, and chance is not called so."""

from dataclasses import replace
from functools import cache
from types import MappingProxyType

import numpy as np
import pytest

from fraud.assessment import ModelVersion, Policy
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import simulate
from models.columns import columns_in_force
from models.fairness import Standings, Tally, Verdict, gaps_between
from models.printed import groups_sentences, groups_table
from models.split import numbered
from models.unseen_groups import LineOfGroups, counted_groups, lines_of_groups
from models.watched import Watched, lodged_from, watch

REVIEW, WIDE_LINE = 0.99, 0.9
BUSY = RegionSettings(people=9_000, months=8, seed=33, claim_intensity=50, fraud_rate=0.05)


@cache
def lodged(seed: int):
    """The claims of a small simulated region with their truths."""
    region = simulate(replace(BUSY, seed=seed))
    claims = lodged_from(region, BUSY.first_day)
    return claims, tuple(region.truth[claim.claim_id] for claim in claims)


def region(seed: int, *, against_women: float) -> Watched:
    """A region scored by chance; women lie above a line so many times as often, or nearly."""
    claims, truths = lodged(seed)
    women = np.array([int(claim.claimant.mykad[-1]) % 2 == 0 for claim in claims])
    score = np.random.default_rng(seed).random(len(claims))
    score[women] **= 1 / against_women
    return Watched(
        claim_ids=tuple(claim.claim_id for claim in claims),
        truths=truths,
        people=numbered([claim.claimant.mykad for claim in claims]),
        standings=Standings(claims),
        payments_sen=np.full(len(claims), 100_000.0),
        probability=score,
        first=score,
        as_put_up=score,
        reviewed=score >= REVIEW,
        top_tier=score >= REVIEW,
        baselines={},
    )


def found(*, against_women: float) -> tuple[LineOfGroups, LineOfGroups]:
    seen = [region(seed, against_women=against_women) for seed in (33, 34)]
    return lines_of_groups([counted_groups(one, WIDE_LINE) for one in seen])


def of_group(line: LineOfGroups, trait: str, group: str):
    return next(gap for gap in line.gaps if (gap.trait, gap.group) == (trait, group))


def test_unfairness_that_was_put_in_is_seen_at_the_wide_line():
    _, at_wide = found(against_women=3.0)
    beyond = [(one.trait, one.group) for one in at_wide.gaps if one.verdict is Verdict.BEYOND]
    # The scheme of those who work at home takes women alone.
    assert beyond == [("sex", "women"), ("work", "at home"), ("scheme", "lindung_kasih")]
    assert of_group(at_wide, "sex", "women").ratio.value == pytest.approx(2.7, abs=0.4)
    shown = groups_table(at_wide, "above a wide line")
    assert "beyond" in list(shown.columns[6].cells)


def test_where_nobody_is_treated_worse_no_group_is_beyond():
    for line in found(against_women=1.0):
        assert Verdict.BEYOND not in {one.verdict for one in line.gaps}
        assert {one.trait for one in line.gaps} == {
            "sex", "age", "work", "scheme", "disability", "simulated ethnicity"
        }  # fmt: skip
        assert line.not_compared == ("state",)  # simulated claimants live in Johor


def test_a_good_review_line_leaves_too_few_to_tell_and_says_how_many_regions_would():
    at_review, at_wide = found(against_women=1.0)
    few, many = (of_group(line, "sex", "women") for line in (at_review, at_wide))
    assert few.verdict is Verdict.UNKNOWN
    assert few.people == many.people
    assert at_review.regions_needed(few) > 5 * at_wide.regions_needed(many) > 5 * at_wide.regions
    rarer = of_group(at_wide, "work", "at home")
    assert at_wide.regions_needed(rarer) > at_wide.regions_needed(many)
    said = groups_sentences(at_wide)
    assert any("unknown: too few to tell" in one for one in said)
    assert said[-1] == "Not compared, since all known stand in one group: state."


def test_only_genuine_claims_count_and_people_of_different_regions_are_different_people():
    claims, truths = lodged(33)
    genuine = region(33, against_women=1.0).genuine
    people = {claim.claimant.mykad for claim, one in zip(claims, genuine, strict=True) if one}
    once, twice = (
        lines_of_groups([counted_groups(region(33, against_women=1.0), WIDE_LINE)] * times)[1]
        for times in (1, 2)
    )
    assert once.claims == genuine.sum() < len(truths)
    assert sum(one.people for one in once.gaps if one.trait == "sex") == len(people)
    assert sum(one.people for one in twice.gaps if one.trait == "sex") == 2 * len(people)


def drawn(chance: np.random.Generator, rate: float, times: float) -> LineOfGroups:
    """Two sexes of one region, women put up `times` as often."""
    men, women = 3_000, 2_000
    counts = {
        "sex": {
            "men": Tally(men, int(chance.binomial(men, rate))),
            "women": Tally(women, int(chance.binomial(women, rate * times))),
        }
    }
    return LineOfGroups(1, men + women, gaps_between([counts]), ())


def test_the_regions_needed_do_tell():
    """Of regions that hold as many people as are needed four in five call equal rates within."""
    chance = np.random.default_rng(8)
    lines = [drawn(chance, 0.137, 1.0) for _ in range(2_000)]
    women = [of_group(line, "sex", "women") for line in lines]
    needed = [line.regions_needed(one) for line, one in zip(lines, women, strict=True)]
    assert sorted(needed)[200] == 1
    assert sorted(needed)[-200] == 2  # one region is just about enough
    within = sum(one.verdict is Verdict.WITHIN for one in women)
    assert within / len(lines) == pytest.approx(0.8, abs=0.04)
    uneven = [of_group(drawn(chance, 0.137, 1.25), "sex", "women") for _ in range(2_000)]
    assert sum(one.ratio.low > 1 for one in uneven) / len(uneven) > 0.76


def test_where_nobody_was_put_up_the_regions_needed_are_not_known():
    counts = {"sex": {"men": Tally(20, 0), "women": Tally(10, 0)}}
    line = LineOfGroups(1, 30, gaps_between([counts]), ())
    assert line.regions_needed(line.gaps[0]) is None
    assert list(groups_table(line, "").columns[7].cells) == ["not known", "not known"]


class AgainstOneScheme:
    """Scores claims for temporary disablement above the line, and no other."""

    version = ModelVersion("unfair", "1", "0" * 64, columns_in_force().feature_set)
    review_lines = MappingProxyType({0.01: 0.5, 0.1: 0.5})

    def probabilities(self, vectors):
        scheme = columns_in_force().names.index("is_temporary_disablement")
        return np.where(vectors[:, scheme] == 1, 0.9, 0.1)

    def contributions(self, vectors):
        return np.zeros_like(vectors)


@pytest.mark.slow
def test_a_scorer_against_one_scheme_is_seen_from_what_the_product_made_of_its_claims():
    small = RegionSettings(people=2_000, months=6, seed=9, claim_intensity=50, fraud_rate=0.1)
    policy = Policy(review_line=0.5, least_wrong_payment_sen=0)
    seen = watch(small, AgainstOneScheme(), policy, baselines={}, warm_up_days=0)
    for line in lines_of_groups([counted_groups(seen, 0.5)]):
        scheme = of_group(line, "scheme", "temporary_disablement")
        assert (scheme.rate.value, scheme.verdict) == (1.0, Verdict.BEYOND)
