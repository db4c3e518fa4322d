import numpy as np
import pytest

from models.config import Settings
from models.evaluate import (
    FIRST_SEED,
    Scale,
    Unseen,
    evaluate_regions,
    mean_figures,
    taught_region,
)
from models.judge import Figure
from models.registry import CHAMPION, Registry

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
    return Unseen(1, 10, 1, {"f": Figure(value, low, high)}, 0.0, 0.0, {})


def test_a_mean_is_narrower_than_each_region_when_they_agree():
    found = mean_figures([region(0.5, 0.3, 0.7)] * 4)["f"]
    assert found.value == pytest.approx(0.5)
    assert found.high - found.low == pytest.approx(0.2)


def test_regions_that_lie_apart_widen_the_interval():
    found = mean_figures([region(0.2, 0.19, 0.21), region(0.8, 0.79, 0.81)])["f"]
    assert found.low < 0.2
    assert found.high > 0.8


def test_intervals_stay_between_none_and_all():
    found = mean_figures([region(0.0, 0.0, 0.9), region(1.0, 0.1, 1.0)])["f"]
    assert (found.low, found.high) == (0.0, 1.0)


@pytest.mark.slow
def test_the_champion_is_judged_on_unseen_regions(settings, register):
    register()
    Registry(settings).set_alias(CHAMPION, "1")
    found = evaluate_regions(settings, seeds=2, capacity=0.05, scale=SMALL)
    assert found.scorer == "claim-scorer/1"
    assert [one.seed for one in found.regions] == [FIRST_SEED, FIRST_SEED + 1]
    for one in found.regions:
        assert one.claims > 80
        assert one.frauds > 5
        assert sum(count for _, count in one.by_typology.values()) == one.frauds
        random = one.figures["random_precision_at_capacity"].value
        assert random == pytest.approx(one.frauds / one.claims)
    assert {"average_precision", "logistic_average_precision"} <= set(found.means)


@pytest.mark.slow
def test_the_teaching_region_holds_decisions_and_no_truth():
    gathered = taught_region(SMALL, Settings())
    report = gathered.table.report
    assert report.unreviewed > 0
    assert report.rows == len(gathered.table)
    assert np.isfinite(gathered.table.stands_for).all()
    assert gathered.recent
