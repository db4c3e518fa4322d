"""The commands that read the desk's database, as they print."""

from types import SimpleNamespace

import pytest

from fraud.clock import fixed_clock
from fraud.errors import NotFound
from models import cli
from models.control_sample import Stratum, estimate
from models.drift import Drift
from models.printed import control_sentences, drift_table
from models.sampled import Sampled
from tests.support.desk_world import NOW, SECRET, build_world


@pytest.fixture
def desk(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    build_world(url).store.close()
    monkeypatch.setenv("FRAUD_DATABASE_URL", url)
    monkeypatch.setenv("FRAUD_SECRET_KEY", SECRET.hex())
    monkeypatch.setattr(cli, "clock_of", lambda _settings, _store: fixed_clock(NOW))


def test_a_desk_that_has_decided_nothing_says_so(desk, capsys):
    cli.control_sample()
    said = capsys.readouterr().out
    assert "4 claims passed the line, 0 of them are decided." in said
    assert "6 open cases of either kind" in said
    assert "too little to plan from" in said


def test_how_many_control_cases_halve_the_interval_is_said():
    found = Sampled(Stratum.plain(150, 150, 135), Stratum.plain(14_850, 400, 3), 2, 5)
    made = estimate(found.passed, found.rest, seed=1)
    said = control_sentences(found, made, seed=1)
    assert "3 of these as fraud" in said[1]
    needed = int(said[-1].split()[1])
    assert 1200 < needed < 4000


def test_where_even_all_claims_would_not_halve_it_that_is_said():
    found = Sampled(Stratum.plain(20, 4, 3), Stratum.plain(300, 200, 2), 0, 0)
    made = estimate(found.passed, found.rest, seed=1)
    assert control_sentences(found, made, seed=1)[-1].startswith("Not even")


def test_a_period_without_claims_is_an_error_and_no_calm(desk):
    with pytest.raises(NotFound, match="0 claims in 120 days, 6 in the 28 after them"):
        cli.measure_drift(days=28, before=120)


def test_drift_that_asks_for_action_has_an_exit_code_of_its_own(desk, monkeypatch):
    moved = [Drift("x", 0.9, 0.5, 0.0, 0.5, cli.Alarm.ACT)]
    some = SimpleNamespace(before={}, after={}, claims_before=3, claims_after=2, scorer="one/1")
    monkeypatch.setattr(cli, "periods", lambda *_args, **_words: some)
    monkeypatch.setattr(cli, "drift", lambda before, after: moved)
    with pytest.raises(cli.typer.Exit) as stopped:
        cli.measure_drift(days=28, before=120)
    assert stopped.value.exit_code == cli.ASKS_FOR_ACTION


def test_alarms_and_the_score_are_shown_and_of_the_calm_only_those_that_moved_most():
    score = Drift("score", 0.001, 0.01, 0.0, 0.0, cli.Alarm.NONE)
    calm = [Drift(f"calm {n}", 0.05, 0.01, 0.0, 0.0, cli.Alarm.NONE) for n in range(40)]
    alarmed = [Drift(f"moved {n}", 0.4, 0.3, 0.0, 0.0, cli.Alarm.ACT) for n in range(12)]
    names = list(drift_table([*alarmed, *calm, score]).columns[0].cells)
    assert names[:12] == [one.name for one in alarmed]
    assert len(set(names)) == len(names) == 18
    assert names[-1] == "score"
