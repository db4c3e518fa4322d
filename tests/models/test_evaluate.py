import math
from dataclasses import replace

import numpy as np
import pytest

from fraud.assessment import Policy
from fraud.errors import Unavailable
from fraud.privacy import GatedSource
from fraud.records import ClaimId, DayPresence, Label
from fraud.simulator.days import lived_days
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import Truth, simulate
from models.config import Settings
from models.evaluate import (
    FIRST_SEED,
    Scale,
    Unseen,
    _champion,
    at_capacity,
    at_the_line,
    evaluate_regions,
    mean_figures,
    passes,
    taught_region,
)
from models.fairness import Standings
from models.judge import Figure, Judged
from models.plots import save_reliability
from models.registry import CHAMPION, Registry
from models.senses import CALIBRATION
from models.unseen_groups import CountedGroups
from models.watched import Records, Watched

SMALL = Scale(
    people=2000,
    months=6,
    claim_intensity=50,
    fraud_rate=0.1,
    warm_up_days=60,
    teaching_people=5000,
    teaching_months=14,
)


def region(value: float, low: float, high: float) -> Unseen:
    nobody = Judged.plain(np.zeros(0, dtype=np.bool_))
    no_groups = CountedGroups(0, {}, {})
    return Unseen(1, 10, 1, {"f": Figure(value, low, high)}, {}, nobody, np.zeros(0), no_groups)


def test_a_mean_is_narrower_than_each_region_when_they_agree():
    found = mean_figures([region(0.5, 0.3, 0.7)] * 4)["f"]
    assert found.value == pytest.approx(0.5)
    assert found.high - found.low == pytest.approx(0.2)


def test_regions_that_lie_apart_widen_the_interval():
    found = mean_figures([region(0.2, 0.19, 0.21), region(0.8, 0.79, 0.81)])["f"]
    assert found.low < 0.2
    assert found.high > 0.8


def test_an_interval_from_few_regions_covers_what_it_says():
    """Three regions that differ: the usual 1.96 standard deviations would cover 83%."""
    chance = np.random.default_rng(1)
    covered = 0
    for _ in range(4000):
        seen = 0.6 + chance.normal(0, 0.06, 3)
        found = mean_figures([region(value, value - 0.01, value + 0.01) for value in seen])["f"]
        covered += found.low <= 0.6 <= found.high
    assert 0.94 < covered / 4000 < 0.97


def test_what_is_unknown_in_one_region_stays_unknown():
    unknown = float("nan")
    found = mean_figures([region(unknown, unknown, unknown), region(0.5, 0.4, 0.6)])["f"]
    assert all(math.isnan(value) for value in (found.value, found.low, found.high))


def test_a_single_region_keeps_its_own_interval():
    found = mean_figures([region(0.5, 0.3, 0.7)])["f"]
    assert (found.low, found.high) == pytest.approx((0.3, 0.7))


def test_a_registry_that_does_not_answer_is_not_one_without_a_champion(settings):
    away = settings.model_copy(update={"tracking_uri": "http://127.0.0.1:9"})
    with pytest.raises(Unavailable):
        evaluate_regions(away, seeds=1, scale=SMALL)


def test_where_no_model_was_ever_kept_there_is_no_champion(settings, tmp_path):
    empty = settings.model_copy(update={"tracking_uri": f"sqlite:///{tmp_path}/none.db"})
    assert _champion(empty) is None
    assert not (tmp_path / "none.db").exists()


def watched(fraud: list[bool], probability: list[float]) -> Watched:
    """Claims of equal payment, put up for review from one half on."""
    truths = tuple(
        Truth(Label.CONFIRMED_FRAUD if one else Label.GENUINE, "T1" if one else None, False, None,
              10_000 if one else 0)
        for one in fraud
    )  # fmt: skip
    found = np.array(probability)
    return Watched(
        claim_ids=tuple(ClaimId(f"C{n}") for n in range(len(fraud))),
        truths=truths,
        people=np.arange(len(fraud)),
        standings=Standings([]),
        payments_sen=np.full(len(fraud), 100_000.0),
        probability=found,
        first=found,
        as_put_up=found,
        reviewed=found >= 0.5,
        top_tier=found >= 0.8,
        baselines={},
    )


def test_the_line_is_judged_by_what_it_put_up():
    found = at_the_line(watched([True, True, False, False], [0.9, 0.6, 0.7, 0.1]))
    assert found["share_reviewed"].value == 0.75
    assert found["precision_reviewed"].value == pytest.approx(2 / 3)
    assert found["precision_top_tier"].value == 1.0
    assert found["genuine_reviewed"].value == 0.5


def test_money_saved_counts_what_would_have_been_paid_wrongly():
    seen = watched([True, True, False], [0.9, 0.2, 0.1])
    found = at_capacity(seen, Policy(capacity=0.02, review_line=0.5), Settings())
    assert found["recall_at_2"].value == 0.5
    assert found["money_saved_at_2"].value == 0.5


def test_too_little_money_at_stake_is_not_asked_about():
    seen = replace(watched([True], [0.9]), payments_sen=np.array([5_000.0]))
    assert not passes(seen, Policy(review_line=0.5)).any()


def test_intervals_stay_between_none_and_all():
    found = mean_figures([region(0.0, 0.0, 0.9), region(1.0, 0.1, 1.0)])["f"]
    assert (found.low, found.high) == (0.0, 1.0)


@pytest.mark.slow
def test_the_champion_is_judged_on_unseen_regions(settings, register, tmp_path):
    register()
    Registry(settings).set_alias(CHAMPION, "1")
    found = evaluate_regions(settings, seeds=2, capacity=0.05, scale=SMALL, processes=2)
    assert found.scorer == "claim-scorer/1"
    assert [one.seed for one in found.regions] == [FIRST_SEED, FIRST_SEED + 1]
    for one in found.regions:
        assert one.claims > 80
        assert one.frauds > 5
        assert sum(count for _, count in one.by_typology.values()) == one.frauds
        random = one.figures["random_precision_at_capacity"].value
        assert random == pytest.approx(one.frauds / one.claims)
    assert {"average_precision", "logistic_average_precision"} <= set(found.means)
    assert set(CALIBRATION) <= set(found.means)
    assert sum(point.claims for point in found.calibration[0].points) == sum(
        one.claims for one in found.regions
    )
    for line in found.groups:
        men, women = (gap for gap in line.gaps if gap.trait == "sex")
        assert men.people + women.people <= line.claims < sum(one.claims for one in found.regions)
        assert line.regions == 2
    save_reliability(found, tmp_path / "pictures", rounds=20, seed=1)
    names = {f"reliability-{one.seed}.png" for one in found.regions} | {"reliability.png"}
    assert {one.name for one in (tmp_path / "pictures").iterdir()} == names


@pytest.mark.slow
def test_the_teaching_region_holds_decisions_and_no_truth():
    gathered = taught_region(SMALL, Settings())
    report = gathered.table.report
    assert report.unreviewed > 0
    assert report.rows == len(set(gathered.table.claim_ids))
    assert np.isfinite(gathered.table.stands_for).all()
    assert gathered.recent


def test_a_basis_for_answers_gives_words_for_days_and_no_file():
    region = simulate(RegionSettings(people=600, months=2, seed=5, claim_intensity=50))
    lived = next(day for day in lived_days(region) if day.person_days)
    assert Records.FULL.of(lived, region) is lived
    assert Records.NONE.of(lived, region).person_days == []
    answered = Records.ANSWERS.of(lived, region)
    assert (answered.person_days, answered.border_day.outage_share) == ([], 1.0)
    words = [one for one in answered.records if isinstance(one, DayPresence)]
    assert {one.mykad for one in lived.person_days} <= {one.mykad for one in words}
    assert {one.presence for one in words} <= {"there", "here", "unknown"}
    assert not Records.NONE.sources.allows(GatedSource.CROSSINGS)
    assert Records.NONE.sources.allows(GatedSource.HOSPITAL)
