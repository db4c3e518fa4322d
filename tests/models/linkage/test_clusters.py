import numpy as np
import pytest

from models.linkage.blocking import Pairs
from models.linkage.clusters import clusters
from models.linkage.figures import best_line, cluster_figures, pair_figures

TRIANGLE = Pairs(np.array([0, 0, 1]), np.array([1, 2, 2]))


def joined(chances, never_twice=None, count=4):
    return clusters(TRIANGLE, np.array(chances), never_twice, count)


def test_likely_pairs_join_and_a_stranger_stays_alone():
    found = joined([0.9, 0.8, 0.9])
    assert found[0] == found[1] == found[2] != found[3]


def test_the_mean_over_all_pairs_decides():
    assert len(set(joined([0.9, 0.0, 0.9])[:3])) == 2  # (0 + 0.9) / 2 is below a half
    assert len(set(joined([0.9, 0.2, 0.9])[:3])) == 1


def test_what_stands_once_keeps_two_apart_even_over_a_third():
    found = joined([0.95, 0.9, 0.9], np.array([7, -1, 7, -1]))
    assert found[0] == found[1] != found[2]


def test_unknown_keeps_nobody_apart():
    assert len(set(joined([0.9, 0.9, 0.9], np.array([-1, -1, -1, -1]))[:3])) == 1


def test_pairs_that_blocking_lost_count_as_lost():
    same, chances = np.array([True, True, False]), np.array([0.9, 0.4, 0.6])
    found = pair_figures(same, chances, 0.5, true_pairs=4)
    assert found == {"precision": 0.5, "recall": 0.25, "f1": 2 / 6, "recall_at_99": 0.25}


def test_equal_scores_cannot_be_parted():
    same, scores = np.array([True, False, True]), np.array([1.0, 1.0, 0.5])
    assert best_line(same, scores, 2) == (0.5, pytest.approx(0.8))
    assert best_line(same, scores, 2, weight=3.0) == (0.5, pytest.approx(4 / 7))
    assert pair_figures(same, scores, 2.0, 2)["recall_at_99"] == 0.0


def test_figures_of_clusters_leave_out_the_unknown():
    cluster, person = np.array([0, 0, 0, 1, 1]), np.array([0, 0, -1, 1, 2])
    assert cluster_figures(cluster, person) == {
        "precision": 0.5,
        "recall": 1.0,
        "f1": pytest.approx(2 / 3),
        "clusters": 2.0,
    }
