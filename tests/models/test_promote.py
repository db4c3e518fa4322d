import json
from datetime import UTC, datetime

import pytest

from fraud.clock import fixed_clock
from fraud.errors import Conflict, InvalidInput, Misconfigured, NotFound
from fraud.store.engine import Store
from fraud.workflow import policy
from models import promote as promotion
from models.promote import line_at, promote
from models.registry import CHALLENGER, CHAMPION, Registry

CLOCK = fixed_clock(datetime(2026, 6, 2, 9, tzinfo=UTC))


class Crashed(Exception):
    """The power went off."""


def carry_out(settings, store: Store, version: str = "1"):
    return promote(
        version, by="Aina", why="better in shadow", store=store, settings=settings, clock=CLOCK
    )


def audit_of(store: Store) -> list[dict]:
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT content FROM audit_events ORDER BY number")
        return [json.loads(row[0]) for row in rows]


def test_a_promotion_names_the_champion_sets_the_line_and_is_audited(settings, store, register):
    register()
    carry_out(settings, store)
    registry = Registry(settings)
    assert registry.by_alias(CHAMPION).version.version == "1"
    assert policy.current(store).review_line == pytest.approx(0.89)
    assert registry.intent() is None
    assert "by Aina" in registry.entry("1").tags["promoted"]
    (event,) = audit_of(store)
    assert event["actor"] == "Aina"
    assert event["details"]["why"] == "claim-scorer/1 promoted: better in shadow"


def test_the_promoted_challenger_is_no_challenger_any_more(settings, store, register):
    register()
    registry = Registry(settings)
    registry.set_alias(CHALLENGER, "1")
    carry_out(settings, store)
    assert registry.by_alias(CHALLENGER) is None


def test_promoting_the_champion_again_changes_nothing(settings, store, register):
    register()
    carry_out(settings, store)
    carry_out(settings, store)
    assert policy.current(store).version == 1
    assert len(audit_of(store)) == 1


STEPS = ("set_intent", "set_alias", "by_alias", "policy", "tag", "clear_intent")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_any_step_is_finished_by_running_it_again(
    settings, store, register, monkeypatch, step, when
):
    """Fails right before or right after each step; the second run ends where one whole run does."""
    register()
    register(lift=0.01)
    carry_out(settings, store, "1")
    with monkeypatch.context() as broken:
        break_at(broken, step, when)
        with pytest.raises(Crashed):
            carry_out(settings, store, "2")
    carry_out(settings, store, "2")
    registry = Registry(settings)
    assert registry.by_alias(CHAMPION).version.version == "2"
    assert policy.current(store).review_line == pytest.approx(0.90)
    assert registry.intent() is None
    assert [event["details"]["version"] for event in audit_of(store)] == [1, 2]
    assert "promoted" in registry.entry("2").tags


def break_at(broken: pytest.MonkeyPatch, step: str, when: str) -> None:
    """Make one step of a promotion crash before or after its work."""
    owner, name = (
        (promotion.policy, "change")
        if step == "policy"
        else (Registry, "set_intent" if step == "clear_intent" else step)
    )
    work = getattr(owner, name)

    def crashing(*args, **kwargs):
        meant = step not in {"set_intent", "clear_intent"} or (
            bool(args[1]) == (step == "set_intent")
        )
        if meant and when == "before":
            raise Crashed
        answer = work(*args, **kwargs)
        if meant:
            raise Crashed
        return answer

    broken.setattr(owner, name, crashing)


def test_whoever_promotes_next_finishes_what_was_left_open(settings, store, register, monkeypatch):
    register()
    register(lift=0.01)
    with monkeypatch.context() as broken:
        break_at(broken, "policy", "before")
        with pytest.raises(Crashed):
            carry_out(settings, store, "1")
    carry_out(settings, store, "2")
    assert Registry(settings).by_alias(CHAMPION).version.version == "2"
    assert [event["details"]["why"][:14] for event in audit_of(store)] == [
        "claim-scorer/1",
        "claim-scorer/2",
    ]


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        ({"holdout.average_precision.high": float("nan")}, "was not measured"),
        ({"holdout.average_precision.high": 0.0}, "below that of logistic"),
    ],
)
def test_a_version_that_fails_a_check_is_refused(settings, store, register, figures, reason):
    register(figures=figures)
    with pytest.raises(Conflict, match=reason):
        carry_out(settings, store)
    assert Registry(settings).by_alias(CHAMPION) is None


def test_a_version_that_scores_otherwise_than_at_training_is_refused(
    settings, store, register, table
):
    vectors = [[0.0] * len(table.columns)]
    register(probe__json=json.dumps({"vectors": vectors, "probabilities": [0.5]}).encode())
    with pytest.raises(Conflict, match="does not score as it did"):
        carry_out(settings, store)


def test_another_feature_set_is_refused(settings, store, register, table):
    columns = json.loads(table.columns.to_json())
    register(features__json=json.dumps({**columns, "feature_set": "fs-of-old"}).encode())
    with pytest.raises(Misconfigured, match="fs-of-old"):
        carry_out(settings, store)


def test_a_name_and_a_reason_are_needed(settings, store, register):
    register()
    with pytest.raises(InvalidInput, match="--why"):
        promote("1", by="Aina", why=" ", store=store, settings=settings, clock=CLOCK)


def test_an_unknown_version_is_not_found(settings, store, register):
    register()
    with pytest.raises(NotFound):
        carry_out(settings, store, "9")


def test_a_line_lies_between_the_two_nearest_shares():
    lines = {0.01: 0.6, 0.02: 0.4}
    assert line_at(lines, 0.01) == pytest.approx(0.6)
    assert 0.4 < line_at(lines, 0.015) < 0.6
    assert line_at(lines, 0.5) == pytest.approx(0.4)
