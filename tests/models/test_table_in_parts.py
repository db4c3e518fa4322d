"""The training table part by part: to the bit what one pass over all claims gives."""

from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from fraud.privacy import ALL_OPEN, GatedSource
from fraud.store.opening import open_store
from fraud.store.parts import ClaimParts, Wanted, save_links
from fraud.store.rebuild import claim_rows
from models import cli, table_in_parts
from models.table import Gathered, gather, load_table
from models.table_in_parts import gather_in_parts
from tests.support import town
from tests.support.town import Taught

pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Taught:
    return town.taught(tmp_path_factory).copy_to(tmp_path)


@pytest.fixture
def store(place):
    opened = place.store()
    yield opened
    opened.close()


def content(gathered: Gathered) -> tuple[object, ...]:
    table = gathered.table
    recent = {name: [one.tobytes() for one in each] for name, each in gathered.recent.items()}
    arrays = (table.vectors, table.stands_for, table.share, table.days, table.people)
    return (
        table.claim_ids,
        table.labels,
        table.ties,
        table.payments_sen.tobytes(),
        [one.tobytes() for one in arrays],
        asdict(table.report),
        recent,
    )


@pytest.mark.parametrize("processes", [1, 2])
def test_the_table_is_that_of_one_pass_to_the_bit(place, store, processes, monkeypatch):
    monkeypatch.setattr(table_in_parts, "PART", 50)  # parts are cut in this process
    moment = town.moment(store, place.models)
    told: list[str] = []
    opener = partial(open_store, place.settings())
    made = gather_in_parts(opener, moment, processes=processes, tell=told.append)
    assert content(made) == content(gather(store, moment))
    assert len(made.table) > made.table.report.rows > 100
    assert made.recent
    assert sum("as of each one's cut-off" in one for one in told) >= 3


def test_rows_are_the_same_while_gates_are_shut(store, tmp_path):
    """The register of the Medical Board adds links; crossings add days."""
    shut = ALL_OPEN.without([GatedSource.BOARD, GatedSource.CROSSINGS])
    every = {row.cutoff: row for row in claim_rows(store, sources=shut)}
    names = list(dict.fromkeys(row.claim_id for row in every.values()))[::9]
    save_links(store, tmp_path, sources=shut)
    found = ClaimParts(store, tmp_path, sources=shut).rows([Wanted(name) for name in names])
    assert {row.cutoff for row in found} == {
        cutoff for cutoff, row in every.items() if row.claim_id in set(names)
    }
    for row in found:
        other = every[row.cutoff]
        assert row.vector.tobytes() == other.vector.tobytes()
        assert row.strong_nodes == other.strong_nodes


def test_the_command_writes_a_table_that_notebooks_read(place, store, tmp_path, monkeypatch):
    settings = place.settings()
    monkeypatch.setenv("FRAUD_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("FRAUD_SECRET_KEY", settings.secret_key.get_secret_value())
    monkeypatch.setenv("FRAUD_CLOCK", "simulated")
    monkeypatch.setenv("FRAUD_APPEAL_WINDOW_DAYS", str(town.APPEAL_DAYS))
    out = tmp_path / "table.parquet"
    done = CliRunner().invoke(
        cli.app, ["training-table", "--out", str(out)], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    assert "decided claims teach" in done.output
    table = load_table(out)
    assert len(table.claim_ids) == table.report.states > table.report.rows
    assert np.isnan(table.vectors).any()
