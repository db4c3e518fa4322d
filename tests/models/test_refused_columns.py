"""Retraining on decided cases refuses a column that is a trait, or that holds the answer."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from fraud.errors import InvalidInput
from fraud.store.rebuild import claims_by_id
from models import cli
from models import retrain as retraining
from models.equality import groups_of
from models.registry import Registry
from models.retrain import retrain
from models.table import Gathered, gather
from tests.support import town
from tests.support.builders import an_address
from tests.support.town import Taught

pytestmark = pytest.mark.slow

NAME = "certified_days"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Taught:
    return town.taught(tmp_path_factory).copy_to(tmp_path_factory.mktemp("refused"))


@pytest.fixture(scope="module")
def gathered(place: Taught) -> Iterator[Gathered]:
    """What training reads of the region: once, for reading takes longest."""
    store = place.store()
    yield gather(store, town.moment(store, place.models))
    store.close()


def two_states(store, claim_ids):
    """The claims, half of their people moved to another state; the region has one only."""
    there = an_address(postcode="26600")
    return {
        claim_id: claim.model_copy(
            update={"claimant": claim.claimant.model_copy(update={"address": there})}
        )
        if int(claim.claimant.mykad[-2]) % 2
        else claim
        for claim_id, claim in claims_by_id(store, claim_ids).items()
    }


def with_column(gathered: Gathered, values) -> Gathered:
    table = gathered.table
    vectors = table.vectors.copy()
    vectors[:, table.columns.names.index(NAME)] = values
    return replace(gathered, table=replace(table, vectors=vectors))


def of_trait(gathered: Gathered, claims, trait: str):
    """The trait as a number, for each row of the table."""
    groups = [groups_of(claims[claim])[trait] for claim in gathered.table.claim_ids]
    return np.unique(groups, return_inverse=True)[1].astype(float)


@pytest.mark.parametrize("trait", ["sex", "state", "simulated ethnicity"])
def test_a_trait_that_came_into_the_table_is_refused_by_name(place, gathered, monkeypatch, trait):
    store = place.store()
    claims = two_states(store, list(gathered.table.claim_ids))
    odd = with_column(gathered, of_trait(gathered, claims, trait))
    monkeypatch.setattr(retraining, "claims_by_id", two_states)
    monkeypatch.setattr(retraining, "gather", lambda *_: odd)
    with pytest.raises(InvalidInput, match=f"{NAME}: tells the {trait} of claimants"):
        retrain(store, place.models, town.moment(store, place.models))
    store.close()
    assert [entry.version.version for entry in Registry(place.models).entries()] == ["1"]


LEAKS = {
    "the label": (lambda table: table.positive.astype(float), "tells the label of every row"),
    "made from the decision": (
        lambda table: np.where(np.arange(len(table)) % 12, table.positive * 250.0, 0.0),
        "tells the label of nearly every row, as if made from it",
    ),
    "the row order": (lambda table: np.arange(len(table)) + 7.0, "follows the row order"),
}


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("command", ["train", "retrain"])
def test_a_challenger_taught_on_a_leak_is_caught_with_the_reason(
    place, gathered, monkeypatch, capsys, command, leak
):
    made, words = LEAKS[leak]
    odd = with_column(gathered, made(gathered.table))
    for name, value in town.environment(place).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(retraining, "gather", lambda *_: odd)
    monkeypatch.setattr("sys.argv", ["fraud-models", command])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert f"columns that leak: nothing was trained: {NAME}: {words}" in said
    assert [entry.version.version for entry in Registry(place.models).entries()] == ["1"]
