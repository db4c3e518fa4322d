"""Champion and challenger on the same claims, and the whole life of versions on both registries."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from fraud.assessment import Assessment, ModelVersion, Outcome, Policy, ScoringPoint
from fraud.clock import fixed_clock
from fraud.errors import NotFound
from fraud.records import Label
from fraud.store.assessed import Shadowed, add_assessments
from fraud.workflow.intake import process_batch
from models import cli
from models.config import Settings
from models.promote import promote
from models.registry import CHALLENGER, CHAMPION, Registry
from models.retrain import run_record
from models.shadow import compare, report, shadow
from tests.models.mlflow_server import mlflow_server
from tests.models.test_fairness import people
from tests.models.test_promote import audit_of

NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)
LINES = (Policy(version=3, review_line=0.5), Policy(version=3, review_line=0.4))


def compared(looks, labels=None, claims=None):
    made = claims or people(20, women=False) + people(20, women=True)
    return compare(
        [Shadowed(made[number].claim_id, first, second) for number, first, second in looks],
        {claim.claim_id: claim for claim in made},
        {made[number].claim_id: label for number, label in (labels or {}).items()},
        LINES,
        names=("claim-scorer/1", "claim-scorer/2"),
        rounds=40,
        seed=1,
    )


def test_each_puts_up_by_its_own_line_and_by_the_highest_look():
    looks = [(0, 0.6, 0.1), (1, 0.1, 0.45), (2, 0.7, 0.8), (3, 0.2, 0.1), (3, 0.1, 0.42)]
    found = compared(looks, {0: Label.GENUINE, 2: Label.CONFIRMED_FRAUD, 3: Label.CLAIMANT_ERROR})
    ids = [claim.claim_id for claim in people(20, women=False)]
    assert found.only(0) == [ids[0]]
    assert found.only(1) == [ids[1], ids[3]]
    said = report(found)
    assert "4 claims that both scored" in said
    assert "| both | 1 | 1 | 0 | 0 | 0 | 0 |" in said
    assert "| the champion alone | 1 | 0 | 0 | 1 | 0 | 0 |" in said
    assert "| the challenger alone | 2 | 0 | 1 | 0 | 0 | 1 |" in said
    assert "| neither | 0 | 0 | 0 | 0 | 0 | 0 |" in said
    assert not [one for one in ids if one in said]


def test_the_command_prints_the_report_and_lists_claims_only_when_asked(monkeypatch, store):
    found = compared([(0, 0.6, 0.1), (1, 0.1, 0.45)])
    monkeypatch.setattr(cli, "open_store", lambda _settings: nullcontext(store))
    monkeypatch.setattr(cli, "closing", lambda opened: opened)
    monkeypatch.setattr(cli.fraud_config, "load_settings", lambda: None)
    monkeypatch.setattr(cli, "shadow", lambda _store, _settings: found)
    plain, listed = (CliRunner().invoke(cli.app, ["shadow", *more]) for more in ([], ["--list"]))
    assert "Shadow comparison: claim-scorer/2 beside claim-scorer/1" in plain.stdout
    assert found.claim_ids[0] not in plain.stdout
    assert f"Only the champion: {found.claim_ids[0]}" in listed.stdout
    assert f"Only the challenger: {found.claim_ids[1]}" in listed.stdout


def test_a_small_payment_is_put_up_by_neither():
    claims = [one.model_copy(update={"expected_payment_sen": 100}) for one in people(5, women=True)]
    found = compared([(0, 0.9, 0.9), (1, 0.1, 0.1)], claims=claims)
    assert found.only(0) == found.only(1) == []
    assert not found.up[0].any()


def test_agreement_is_that_of_the_ranks():
    looks = [(number, number / 40, (number / 40) ** 3) for number in range(40)]
    same = compared(looks).agreement
    assert (same.value, same.low) == pytest.approx((1.0, 1.0))
    turned = compared([(number, first, 1 - second) for number, first, second in looks]).agreement
    assert turned.value == pytest.approx(-1.0)
    chance = np.random.default_rng(2).random((40, 2)).tolist()
    mixed = compared([(n, *pair) for n, pair in enumerate(chance)]).agreement
    assert mixed.low < 0 < mixed.high


def test_gaps_of_both_stand_side_by_side():
    """The challenger alone puts up women, all of them found genuine."""
    claims = people(300, women=False) + people(300, women=True)
    looks = [(n, 0.9 if n % 10 == 0 else 0.1, 0.9 if n >= 540 else 0.1) for n in range(600)]
    labels = dict.fromkeys(range(600), Label.GENUINE)
    champion, challenger = compared(looks, labels, claims).gaps
    of = {gap.group: gap.ratio for gap in champion if gap.trait == "sex"}
    assert of["women"].value == pytest.approx(1.0)
    wide = {gap.group: gap.ratio for gap in challenger if gap.trait == "sex"}
    assert wide["women"].low > 5
    said = report(compared(looks, labels, claims))
    assert "| challenger | sex | women | 300 | 60 |" in said


@pytest.fixture(params=["sqlite", pytest.param("server", marks=pytest.mark.slow)])
def registry_settings(request, settings, tmp_path, monkeypatch) -> Iterator[Settings]:
    """An empty registry: once in a SQLite file, once behind a server of MLflow's own."""
    if request.param == "sqlite":
        yield settings
        return
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "120")
    with mlflow_server(tmp_path, tmp_path / "mlflow.db") as address:
        yield settings.model_copy(update={"tracking_uri": address})


def look_at(store, claim, probability, challenger):
    """Keep one look at a claim that both versions scored, as the stream does."""
    made = Assessment(
        assessment_id=f"A-{claim.claim_id}"[:32],
        claim_id=claim.claim_id,
        claim_version=1,
        scoring_point=ScoringPoint.INTAKE,
        trigger_fact="",
        cutoff=1,
        vector=np.zeros(3),
        probability=probability,
        outcome=Outcome.NO_REVIEW,
        tier=0,
        hits=(),
        model_version=ModelVersion("claim-scorer", "1", "0" * 64, "fs-test"),
        policy_version=1,
        made_at=NOW,
        challenger_version="claim-scorer/2",
        challenger_probability=challenger,
    )
    with store.begin() as connection:
        add_assessments(store, connection, [made])


def test_versions_live_their_whole_life(registry_settings, store, table, fitted, version_files):
    """Registered, promoted, compared in shadow, promoted over, and taken back by a named person."""
    registry = Registry(registry_settings, create=True)
    run = run_record(fitted, table, registry_settings, capacity=0.05, now=NOW)
    for _ in range(2):
        registry.log(run, version_files, feature_set=table.columns.feature_set)

    def name_champion(version, why):
        clock = fixed_clock(NOW)
        promote(version, by="Aina", why=why, store=store, settings=registry_settings, clock=clock)

    name_champion("1", "the first")
    registry.set_alias(CHALLENGER, "2")
    with pytest.raises(NotFound, match="no claim was scored by claim-scorer/1 and claim-scorer/2"):
        shadow(store, registry_settings)
    claims = people(6, women=True)
    process_batch(store, claims, assessor=None, now=NOW)
    for number, claim in enumerate(claims):
        look_at(store, claim, number / 10, 1 - number / 10)
    found = shadow(store, registry_settings)
    assert len(found.claim_ids) == 6
    assert found.agreement.value == pytest.approx(-1.0)
    run_id = registry.entry("2").run_id
    kept = registry._client.download_artifacts(run_id, "shadow/against-version-1.md")
    assert Path(kept).read_text("utf-8") == report(found)
    name_champion("2", "better in shadow")
    assert registry.by_alias(CHALLENGER) is None
    name_champion("1", "back: too many honest claims")
    assert registry.by_alias(CHAMPION).version.version == "1"
    assert [(event["actor"], event["details"]["why"]) for event in audit_of(store)] == [
        ("Aina", "claim-scorer/1 promoted: the first"),
        ("Aina", "claim-scorer/2 promoted: better in shadow"),
        ("Aina", "claim-scorer/1 promoted: back: too many honest claims"),
    ]
    assert registry.files(registry.entry("1")) == version_files
