from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from fraud.assessment import ScoringPoint
from fraud.clock import local_day
from fraud.errors import InvalidInput
from fraud.records import ClaimId, Label, PersonKey, Scheme
from fraud.store.rebuild import ClaimRow, DecidedClaim
from models.columns import Columns, columns_in_force
from models.table import KeptRows, load_table, save_table, training_table

START = datetime(2026, 1, 5, 4, tzinfo=UTC)


def a_row(number: int, *, version: int = 1, day: int | None = None, **changes) -> ClaimRow:
    received_at = START + timedelta(days=number if day is None else day)
    row = ClaimRow(
        claim_id=ClaimId(f"C{number}"),
        version=version,
        trigger_fact="",
        point=ScoringPoint.INTAKE,
        person=PersonKey(f"person {number}"),
        scheme=Scheme.TEMPORARY_DISABLEMENT,
        received_at=received_at,
        heard_on=local_day(received_at),
        cutoff=number * 10 + version,
        vector=np.full(len(columns_in_force()), float(number)),
        expected_payment_sen=100 * number,
        strong_nodes=(),
    )
    return replace(row, **changes)


def decided(number: int, label: Label = Label.GENUINE, picked_by: str = "rule") -> DecidedClaim:
    at = START + timedelta(days=number + 60)
    return DecidedClaim(ClaimId(f"C{number}"), label, picked_by, at, "fact")


def build(rows, decisions, *, unreviewed: int = 0, mature_until=START + timedelta(days=900)):
    received = [
        local_day(row.received_at) for row in rows if row.version == 1 and not row.trigger_fact
    ]
    received += [local_day(START)] * unreviewed
    return training_table(
        KeptRows(rows),
        {one.claim_id: one for one in decisions},
        received=received,
        mature_until=local_day(mature_until),
    )


def test_fraud_is_positive_and_errors_are_negatives_counted_apart():
    labels = [Label.CONFIRMED_FRAUD, Label.GENUINE, Label.CLAIMANT_ERROR, Label.OFFICE_ERROR]
    table = build(
        [a_row(n) for n in range(4)], [decided(n, label) for n, label in enumerate(labels)]
    )
    assert table.positive.tolist() == [True, False, False, False]
    assert table.report.errors == 2
    assert table.report.positives == 1


def test_undetermined_and_unreviewed_claims_teach_nothing_and_are_counted():
    table = build([a_row(1), a_row(2)], [decided(1), decided(2, Label.UNDETERMINED)], unreviewed=7)
    assert table.claim_ids == ("C1",)
    assert table.report.undetermined == 1
    assert table.report.unreviewed == 7


def test_the_last_version_before_the_decision_teaches():
    rows = [a_row(1), a_row(1, version=2, day=30), a_row(1, version=3, day=90)]
    table = build(rows, [decided(1)])
    assert len(table) == 1
    assert table.days[0] == local_day(START + timedelta(days=30)).toordinal()
    assert table.report.superseded == 2
    assert (table.report.claims, table.report.unreviewed) == (1, 0)


def a_look(number: int, *, day: int, version: int = 1) -> ClaimRow:
    """The claim as it was looked at again so many days after the start."""
    return a_row(
        number,
        version=version,
        trigger_fact=f"F{number}-{day}",
        point=ScoringPoint.IN_PAYMENT,
        heard_on=local_day(START + timedelta(days=day)),
        cutoff=number * 10 + day,
        vector=np.full(len(columns_in_force()), number + day / 100),
    )


def test_a_claim_teaches_at_each_point_of_its_life_up_to_its_decision():
    rows = [a_row(1), a_look(1, day=20), a_look(1, day=50), a_look(1, day=62), a_row(2)]
    table = build(rows, [decided(1, Label.CONFIRMED_FRAUD), decided(2)])
    assert table.claim_ids == ("C1", "C2", "C1", "C1")  # as they were heard of
    assert table.vectors[:, 0].tolist() == [1.0, 2.0, 1.2, 1.5]
    assert table.share.tolist() == pytest.approx([1 / 3, 1.0, 1 / 3, 1 / 3])
    assert table.positive.tolist() == [True, False, True, True]
    report = table.report
    assert (report.rows, report.states, report.positives, report.superseded) == (2, 4, 1, 0)
    assert set(table.ties[0]) & set(table.ties[2])  # one person: never on two sides of a split


def test_looks_at_an_earlier_version_are_superseded_with_it():
    rows = [a_row(1), a_look(1, day=20), a_row(1, version=2, day=30), a_look(1, day=40, version=2)]
    table = build(rows, [decided(1)])
    assert table.vectors[:, 0].tolist() == [1.0, 1.4]
    assert table.report.superseded == 1


def test_all_states_of_a_claim_weigh_as_much_as_one_claim():
    rows = [a_row(n, day=0) for n in range(4)] + [a_look(3, day=d) for d in range(1, 10)]
    decisions = [decided(n) for n in range(3)] + [decided(3, picked_by="control")]
    table = build(rows, decisions, unreviewed=96)
    assert table.rows(5.0).weights.sum() == pytest.approx(3 + 5)
    assert table.weights.sum() == pytest.approx(100)


def test_a_claim_is_judged_once_by_its_highest_state():
    rows = [a_row(1), a_look(1, day=20), a_row(2), a_look(2, day=21)]
    table = build(rows, [decided(1, Label.CONFIRMED_FRAUD), decided(2)])
    every = np.arange(4)
    assert table.claim_ids == ("C1", "C2", "C1", "C2")
    judged = table.judged(every)
    assert judged.positive.tolist() == [True, False]
    assert judged.weights.tolist() == [1.0, 1.0]
    assert table.highest(every, np.array([0.1, 0.7, 0.4, 0.2])).tolist() == [0.4, 0.7]


def test_rows_stand_in_order_of_receipt():
    table = build([a_row(1, day=9), a_row(2, day=3)], [decided(1), decided(2)])
    assert table.claim_ids == ("C2", "C1")


def test_control_rows_stand_for_all_that_nobody_picked():
    rows = [a_row(n, day=0) for n in range(10)]
    decisions = [decided(0)] + [decided(n, picked_by="control") for n in range(1, 10)]
    table = build(rows, decisions, unreviewed=90)
    assert table.stands_for.tolist() == [1.0] + [99 / 9] * 9
    assert table.stands_for.sum() == pytest.approx(100)
    assert table.rows(5.0).weights.max() == 5.0


def a_month(first: int, day: int, *, picked: int, controls: int):
    """Claims received on one day and decided ten days later."""
    rows = [a_row(first + n, day=day) for n in range(picked + controls)]
    at = START + timedelta(days=day + 10)
    decisions = [
        replace(decided(first + n, picked_by="rule" if n < picked else "control"), decided_at=at)
        for n in range(picked + controls)
    ]
    return rows, decisions


def test_what_control_rows_stand_for_is_counted_where_decisions_are_complete():
    """The second month's decisions are mostly still open: they say little of what was picked."""
    rows, decisions = a_month(0, 0, picked=40, controls=6)
    later_rows, later_decisions = a_month(100, 30, picked=4, controls=3)
    rows, decisions = rows + later_rows, decisions + later_decisions
    received = [local_day(START)] * 100 + [local_day(START + timedelta(days=30))] * 100
    table = training_table(
        KeptRows(rows),
        {one.claim_id: one for one in decisions},
        received=received,
        mature_until=local_day(START + timedelta(days=35)),
    )
    assert set(table.stands_for.tolist()) == {1.0, (100 - 40) / 6}


def test_while_nothing_is_complete_all_there_is_counts():
    rows, decisions = a_month(0, 0, picked=1, controls=9)
    table = build(rows, decisions, unreviewed=90, mature_until=START)
    assert table.stands_for.max() == pytest.approx(99 / 9)


@pytest.mark.parametrize("block", [1, 2, 3, 25_000])
def test_each_claim_keeps_its_vector_however_many_are_kept_together(monkeypatch, block):
    monkeypatch.setattr("models.table.BLOCK", block)
    rows = [a_row(number, day=9 - number) for number in (1, 2, 3, 4, 5)]
    decisions = [decided(number) for number in (5, 2, 3, 1)]
    table = build(rows, [*decisions, decided(4, Label.UNDETERMINED)])
    assert table.claim_ids == ("C5", "C3", "C2", "C1")
    assert table.vectors[:, 0].tolist() == [5, 3, 2, 1]


def test_a_state_without_a_vector_is_no_row_of_chance_numbers():
    kept = KeptRows([a_row(1)])
    with pytest.raises(ValueError, match="has no vector"):
        kept.take_vectors([a_row(2)])


def test_people_who_share_an_account_are_tied():
    rows = [a_row(1, strong_nodes=(77,)), a_row(2, strong_nodes=(77,)), a_row(3)]
    table = build(rows, [decided(n) for n in (1, 2, 3)])
    assert set(table.ties[0]) & set(table.ties[1])
    assert not set(table.ties[0]) & set(table.ties[2])


def test_no_decisions_give_an_empty_table():
    table = build([], [], unreviewed=3)
    assert len(table) == 0
    assert table.report.first_received is None
    assert table.vectors.shape == (0, len(columns_in_force()))


def test_the_report_reads_as_sentences():
    table = build([a_row(1)], [decided(1)], unreviewed=2)
    assert "1 decided claims teach in 1 states" in table.report.lines()[0]
    assert "2 nobody reviewed" in table.report.lines()[2]


def test_a_table_survives_parquet(table, tmp_path):
    save_table(table, tmp_path / "table.parquet")
    again = load_table(tmp_path / "table.parquet")
    assert again.claim_ids == table.claim_ids
    assert again.labels == table.labels
    assert again.ties == table.ties
    assert np.array_equal(again.rings, table.rings)
    assert again.report == table.report
    assert again.columns == table.columns
    assert np.array_equal(again.vectors, table.vectors, equal_nan=True)
    assert np.array_equal(again.stands_for, table.stands_for)


def test_another_file_is_no_table(tmp_path):
    place = tmp_path / "other.parquet"
    place.write_text("something else")
    with pytest.raises(InvalidInput, match="not a saved training table"):
        load_table(place)


def test_columns_survive_json_and_know_their_sources():
    columns = columns_in_force()
    assert Columns.from_json(columns.to_json()) == columns
    assert sum(columns.of_source(source).sum() for source in set(columns.sources)) == len(columns)
    with pytest.raises(InvalidInput):
        Columns.from_json("[]")
