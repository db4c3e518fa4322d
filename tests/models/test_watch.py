"""What the scoring process notices of the registry between two batches."""

import json

import pytest

from fraud.errors import Unavailable
from models.registry import BOOSTER, CHALLENGER, CHAMPION, Registry
from models.watch import LONGEST_WAIT_SECONDS, RegistryWatch


class Watchmaker:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def time():
    return Watchmaker()


@pytest.fixture
def watch(settings, register, time):
    register()
    Registry(settings).set_alias(CHAMPION, "1")
    return RegistryWatch(settings, elapsed=time)


@pytest.fixture
def asked(monkeypatch):
    """Every question for an alias, and every download of a version."""
    told = []
    for name in ("by_alias", "files"):
        work = getattr(Registry, name)

        def noting(self, about, _name=name, _work=work):
            told.append((_name, getattr(about, "version", about)))
            return _work(self, about)

        monkeypatch.setattr(Registry, name, noting)
    return told


def later(watch, time, seconds=5.0):
    time.seconds += seconds
    watch.look()


def version(scorer):
    return scorer.version.version if scorer else None


def of_another_feature_set(register, table):
    columns = json.loads(table.columns.to_json())
    register(features__json=json.dumps({**columns, "feature_set": "fs-of-old"}).encode())


def test_another_champion_is_taken_up_and_kept_as_a_copy(settings, register, watch, time):
    register(lift=0.01)
    Registry(settings).set_alias(CHAMPION, "2")
    watch.look()
    assert version(watch.champion) == "1"  # asked a moment ago
    later(watch, time)
    assert version(watch.champion) == "2"
    assert json.loads((settings.champion_copy / "current.json").read_text())["folder"][:2] == "2-"


def test_nothing_is_loaded_twice(settings, register, watch, time, asked):
    register(lift=0.01)
    Registry(settings).set_alias(CHALLENGER, "2")
    for _ in range(4):
        later(watch, time)
    assert version(watch.challenger) == "2"
    assert [name for name, _ in asked].count("files") == 1
    assert len(asked) == 9


def test_a_challenger_that_was_promoted_or_withdrawn_watches_no_more(
    settings, register, watch, time
):
    register(lift=0.01)
    registry = Registry(settings)
    registry.set_alias(CHALLENGER, "2")
    later(watch, time)
    registry.drop_alias(CHALLENGER)
    later(watch, time)
    assert watch.challenger is None
    registry.set_alias(CHALLENGER, "2")
    later(watch, time)
    assert version(watch.challenger) == "2"


@pytest.mark.parametrize("alias", [CHAMPION, CHALLENGER])
def test_a_version_that_does_not_fit_is_refused_once(
    settings, register, watch, time, table, asked, capsys, alias
):
    of_another_feature_set(register, table)
    Registry(settings).set_alias(alias, "2")
    for _ in range(3):
        later(watch, time)
    assert (version(watch.champion), watch.challenger) == ("1", None)
    assert [name for name, _ in asked].count("files") == 1
    assert capsys.readouterr().out.count("version_refused") == 1


def test_a_hiccup_while_loading_costs_a_promotion_only_time(settings, register, watch, time):
    register(lift=0.01)
    Registry(settings).set_alias(CHAMPION, "2")
    files = list(settings.artifact_folder.rglob(BOOSTER))
    for file in files:
        file.rename(file.with_suffix(".away"))
    later(watch, time)
    assert version(watch.champion) == "1"
    for file in files:
        file.with_suffix(".away").rename(file)
    later(watch, time, 10)
    assert version(watch.champion) == "2"


def test_a_registry_that_hangs_is_asked_ever_more_seldom(settings, watch, time, monkeypatch):
    """Its answer takes 20 seconds to fail: scoring must get the greater share of the time."""
    asked_at = []

    def hanging(_self, _alias):
        asked_at.append(time.seconds)
        time.seconds += 20
        raise Unavailable("timed out")

    with monkeypatch.context() as away:
        away.setattr(Registry, "by_alias", hanging)
        while time.seconds < 3600:
            later(watch, time, 1)
    assert version(watch.champion) == "1"
    assert 20 * len(asked_at) < 3600 / 10
    assert asked_at[1] - asked_at[0] >= 20 + 2 * settings.alias_check_seconds
    assert asked_at[-1] - asked_at[-2] == pytest.approx(20 + LONGEST_WAIT_SECONDS, abs=2)
    later(watch, time, LONGEST_WAIT_SECONDS)  # it answers again: back to the usual pace
    assert watch._wait == settings.alias_check_seconds


def test_without_the_registry_the_copy_works_until_it_is_back(settings, register, watch, time):
    register(lift=0.01)
    Registry(settings).set_alias(CHAMPION, "2")
    database = settings.champion_copy.parent / "mlflow.db"
    database.rename(database.with_suffix(".away"))
    from_copy = RegistryWatch(settings, elapsed=time)
    assert version(from_copy.champion) == "1"
    database.with_suffix(".away").rename(database)
    later(from_copy, time, 10)
    assert version(from_copy.champion) == "2"
