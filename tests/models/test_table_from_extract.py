"""The training table from Parquet files: to the bit the one that the database gives."""

import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from fraud.config import Settings
from fraud.errors import InvalidInput, Misconfigured
from fraud.identity.judgement import Verdict
from fraud.movement import CrossingDay, PersonDay
from fraud.privacy import ALL_OPEN, ALL_SHUT, GatedSource, setting_of
from fraud.records import Decision, Label
from fraud.store.engine import Store
from fraud.store.opening import keyring_of, open_store
from fraud.workflow.crossings import take_in_day
from fraud.workflow.intake import process_batch
from fraud.workflow.same import judge_people
from models import cli, table_in_parts
from models import table_from_extract as from_extract
from models.extract import TABLES, open_extract, write_extract
from models.table import Moment, load_table
from models.table_from_extract import statements
from models.table_in_parts import gather_in_parts
from tests.support import town
from tests.support.builders import (
    EMPLOYER,
    KEYRING,
    MYKAD,
    RECEIVED_ON,
    a_claim,
    a_statement,
    an_employer,
    at,
)

pytest.importorskip("duckdb")

SLIPPED = MYKAD[:-1] + "6"
NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)


def content(table):
    arrays = (table.vectors, table.stands_for, table.share, table.days, table.people, table.rings)
    return (
        table.claim_ids,
        table.labels,
        table.ties,
        table.payments_sen.tobytes(),
        [one.tobytes() for one in arrays],
        asdict(table.report),
    )


def from_files(extract, settings, *, sources=ALL_OPEN, processes=1):
    return from_extract.table_from_extract(
        extract,
        partial(keyring_of, settings),
        appeal_window_days=settings.appeal_window_days,
        sources=sources,
        processes=processes,
    )


@pytest.fixture
def place(tmp_path, tmp_path_factory):
    return town.taught(tmp_path_factory).copy_to(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("processes", "shut"), [(2, []), (1, [GatedSource.BOARD, GatedSource.CROSSINGS])]
)
def test_the_table_is_that_of_the_database_to_the_bit(
    place, tmp_path, processes, shut, monkeypatch
):
    monkeypatch.setattr(table_in_parts, "PART", 50)
    monkeypatch.setattr(from_extract, "PART", 70)
    settings, sources = place.settings(), ALL_OPEN.without(shut)
    with closing(place.store()) as store:
        moment = town.moment(store, place.models)
        made = write_extract(store, tmp_path / "extract", before=moment.now, sources=sources)
    moment = Moment(moment.now, settings.appeal_window_days, 0, sources)
    stored = gather_in_parts(partial(open_store, settings), moment, processes=1).table
    found = from_files(made, settings, processes=processes)
    assert content(found) == content(stored)
    assert len(found) > found.report.rows > 100


@pytest.fixture
def store(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path / 'fraud.db'}", KEYRING, create=True)
    yield opened
    opened.close()


@pytest.fixture
def settings(tmp_path):
    return Settings(
        database_url=f"sqlite:///{tmp_path / 'fraud.db'}",
        secret_key=bytes(range(32)).hex(),
        clock="simulated",
        appeal_window_days=30,
        **{setting_of(one): "SIMULATED: tests; tests; 2000-01-01.." for one in GatedSource},
    )


def claim(number, mykad=MYKAD, **changes):
    received = at(RECEIVED_ON + timedelta(days=number), "10:00")
    return a_claim(claim_id=f"C{number}", mykad=mykad, received_at=received, **changes)


def decision(number, decided_at=None):
    return Decision(
        fact_id=f"D{number}",
        claim_id=f"C{number}",
        label=Label.GENUINE,
        decided_at=decided_at or at(RECEIVED_ON + timedelta(days=60 + number)),
        picked_by="rule",
    )


def take_in(store, *records):
    process_batch(store, records, assessor=None, now=NOW, sources=ALL_OPEN)


def live_through(store):
    """Claims of one person under two numbers, which are judged to be one, and then not."""
    take_in(store, an_employer(), a_statement(), a_statement(fact_id="S2", mykad=SLIPPED))
    take_in(store, claim(1), claim(2, SLIPPED))
    judge_people(store, MYKAD, SLIPPED, Verdict.SAME, by="anis", why="made up", now=NOW)
    take_in(store, claim(3, SLIPPED), claim(4), decision(1))
    judge_people(store, MYKAD, SLIPPED, Verdict.TAKEN_BACK, by="anis", why="made up", now=NOW)
    take_in(store, claim(5), claim(6, SLIPPED), *(decision(number) for number in (2, 3, 4, 5)))
    take_in(store, claim(3, SLIPPED, version=2), decision(6, NOW - timedelta(days=3)))
    take_in(store, a_claim(claim_id="C8", mykad=MYKAD, received_at=NOW), decision(8, NOW))
    store.set_simulated_time(NOW)


def test_people_judged_to_be_one_are_read_as_of_each_judgement(store, settings, tmp_path):
    live_through(store)
    made = write_extract(store, tmp_path / "extract", before=NOW, sources=ALL_OPEN)
    moment = Moment(NOW, 30, 0, ALL_OPEN)
    stored = gather_in_parts(partial(open_store, settings), moment, processes=1).table
    found = from_files(made, settings)
    assert content(found) == content(stored)
    assert found.claim_ids == ("C1", "C2", "C3", "C4", "C5")
    assert len(set(found.people.tolist())) > 1
    assert (found.report.claims, found.report.immature) == (6, 2)


def test_a_day_in_several_files_is_read_as_the_last_one_before_a_claim_had_it(
    store, settings, tmp_path
):
    event = a_claim().injury.occurred_at.date()

    def file(number, hours):
        days = [
            PersonDay(MYKAD, event - timedelta(days=back), hours, None, None, asleep_there=False)
            for back in (7, 8)
        ]
        day = CrossingDay(event - timedelta(days=10 - number), 0.0)
        take_in_day(store, day, days, basis="SIMULATED: tests", now=NOW)

    for number, hours in enumerate((None, 9.0, 3.0, 12.0), start=1):
        take_in(store, claim(number))
        file(number, hours)
    take_in(store, claim(5), *(decision(number) for number in range(1, 6)))
    store.set_simulated_time(NOW)
    made = write_extract(store, tmp_path / "extract", before=NOW, sources=ALL_OPEN)
    moment = Moment(NOW, 30, 0, ALL_OPEN)
    stored = gather_in_parts(partial(open_store, settings), moment, processes=1).table
    found = from_files(made, settings)
    assert content(found) == content(stored)
    stays = found.vectors[:, found.columns.names.index("stays_a_week_before_event")]
    np.testing.assert_array_equal(stays, [np.nan, 0, 3.5, 0, 3.5])


def test_an_extract_names_nobody_and_holds_no_record_of_a_claim_nobody_decided(store, tmp_path):
    live_through(store)
    take_in(store, claim(7))
    made = write_extract(store, tmp_path / "extract", before=NOW, sources=ALL_OPEN)
    written = {name: pq.read_table(made.file(name)).to_pylist() for name in TABLES}
    assert len(written["facts"]) == 3
    assert len(written["aliases"]) == 4
    named = (MYKAD, SLIPPED, EMPLOYER, "anis")
    assert not [
        row for rows in written.values() for row in rows if any(n in str(row) for n in named)
    ]
    undecided = [row for row in written["claims"] if row["claim_id"] == "C7"]
    assert [(row["sealed"], row["employer"], len(row["nodes"]) > 0) for row in undecided] == [
        (None, None, True)
    ]


def test_what_is_behind_a_shut_gate_is_not_written_and_not_read(store, settings, tmp_path):
    live_through(store)
    made = write_extract(store, tmp_path / "extract", before=NOW, sources=ALL_OPEN)
    with pytest.raises(InvalidInput, match=r"shut gate \(crossings\): make it anew"):
        from_files(made, settings, sources=ALL_OPEN.without([GatedSource.CROSSINGS]))
    take_in_day(store, CrossingDay(RECEIVED_ON, 0.0), [], basis="SIMULATED: tests", now=NOW)
    shut = write_extract(store, tmp_path / "shut", before=NOW, sources=ALL_SHUT)
    assert pq.read_table(shut.file("border_files")).num_rows == 0
    assert len(from_files(shut, settings, sources=ALL_SHUT)) == 5


def test_a_folder_that_is_no_extract_is_refused(store, tmp_path):
    with pytest.raises(InvalidInput, match="no extract: make one with `fraud-models extract`"):
        open_extract(tmp_path)
    with pytest.raises(InvalidInput, match="is not empty"):
        write_extract(store, tmp_path, before=NOW, sources=ALL_OPEN)
    made = write_extract(store, tmp_path / "extract", before=NOW, sources=ALL_OPEN)
    assert open_extract(made.folder) == made
    made.file("facts").unlink()
    made.file("claims").write_bytes(b"something else")
    pq.write_table(pq.read_table(made.file("outcomes")).drop(["label"]), made.file("outcomes"))
    with pytest.raises(InvalidInput, match="in another form: claims, facts, outcomes"):
        open_extract(made.folder)


def test_an_empty_database_gives_an_empty_table(store, settings, tmp_path):
    made = write_extract(store, tmp_path / "extract", before=NOW, sources=ALL_OPEN)
    assert len(from_files(made, settings)) == 0


def test_without_duckdb_it_says_what_to_install(store, settings, tmp_path, monkeypatch):
    made = write_extract(store, tmp_path / "extract", before=NOW, sources=ALL_OPEN)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(Misconfigured, match="install sempadan with the extra `extract`"):
        from_files(made, settings)


def test_the_commands_need_no_database_once_there_is_an_extract(
    store, settings, tmp_path, monkeypatch
):
    live_through(store)
    for name in ("database_url", "clock", "appeal_window_days", *map(setting_of, GatedSource)):
        monkeypatch.setenv(f"FRAUD_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("FRAUD_SECRET_KEY", settings.secret_key.get_secret_value())
    folder, out = str(tmp_path / "extract"), tmp_path / "table.parquet"
    made = CliRunner().invoke(cli.app, ["extract", folder], catch_exceptions=False)
    assert "as of 2026-11-01 04:00 UTC" in made.output
    monkeypatch.setenv("FRAUD_DATABASE_URL", "sqlite:////nowhere/fraud.db")
    words = ["training-table", "--from", folder, "--out", str(out)]
    done = CliRunner().invoke(cli.app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    table = load_table(out)
    assert len(table) == 5
    assert np.isnan(table.vectors).any()


@pytest.mark.parametrize(
    "statement", statements(), ids=lambda one: one.split("CREATE TABLE ")[1][:9]
)
def test_spark_reads_each_statement_as_duckdb_does(statement):
    sqlglot = pytest.importorskip("sqlglot")
    read = []
    for dialect in ("spark", "duckdb"):
        tree = sqlglot.parse_one(statement, read=dialect, error_level=sqlglot.ErrorLevel.RAISE)
        for order in tree.find_all(sqlglot.exp.Ordered):
            order.set("nulls_first", None)  # the two differ; no column that orders is ever null
        assert not list(tree.find_all(sqlglot.exp.Anonymous, sqlglot.exp.Command))
        read.append(tree.sql(dialect="spark"))
    assert read[0] == read[1]
