"""Fitting on a Dask cluster of two workers on this machine."""

import warnings

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from fraud.errors import Misconfigured, Unavailable
from models import cluster
from models.cluster import fitting_on
from models.directed import DirectedBooster
from models.fit import fit_booster
from tests.models.conftest import QUICK, a_table

distributed = pytest.importorskip("distributed")

OF_THE_MACHINES = {"tree_learner", "num_machines", "local_listen_port", "num_threads", "time_out"}


@pytest.fixture(scope="module")
def address():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sockets, while workers start and stop
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as workers:
            yield workers.scheduler_address


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_booster_of_two_workers_is_as_good_and_of_the_same_form(address):
    taught, later = a_table(6000, seed=1), a_table(4000, seed=2)
    rows = taught.rows(QUICK.heaviest)
    here = fit_booster(rows, taught.columns, QUICK)
    with fitting_on(address) as fitting:
        there = fit_booster(rows, taught.columns, QUICK, fitting=fitting)
    for measure in (roc_auc_score, average_precision_score):
        one, other = (
            measure(later.positive, made.log_odds(later.vectors)) for made in (here, there)
        )
        assert other == pytest.approx(one, abs=0.02), measure
    text = there.to_text()
    assert "127.0.0.1" not in text
    again = DirectedBooster.from_text(text)
    assert np.array_equal(again.log_odds(later.vectors), there.log_odds(later.vectors))
    assert (again.names, again.directions.tolist()) == (here.names, here.directions.tolist())
    usual, found = _parameters(here.to_text()), _parameters(text)
    assert usual.keys() == found.keys()
    assert {name for name in usual if usual[name] != found[name]} <= OF_THE_MACHINES


def _parameters(text: str) -> dict[str, str]:
    """What a booster's text says it was fitted with."""
    lines = text.partition("parameters:")[2].splitlines()
    found = [line.strip("[]").partition(": ") for line in lines if line.startswith("[")]
    return {name: value for name, _, value in found}


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(cluster, "WAIT", "1s")
    with (
        pytest.raises(Unavailable, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"),
        fitting_on("tcp://127.0.0.1:9"),
    ):
        pass


def test_without_the_extra_the_error_names_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(Misconfigured, match="extra `cluster`"), fitting_on("tcp://127.0.0.1:9"):
        pass
