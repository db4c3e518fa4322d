from datetime import date, datetime, timedelta

import pytest

from fraud.clock import LOCAL
from fraud.movement import (
    CrossingDay,
    CrossingTable,
    PersonDay,
    fold_day,
    stays_after,
)
from fraud.records import Crossing

DAY = date(2025, 3, 5)
WHO = "900101000001"
CLEAR = CrossingDay(DAY, 0.0)


def a_row(gate: str, clock: str, who: str = WHO, day: date = DAY, place: str = "BSI") -> Crossing:
    """`gate` is MX, ME, SX or SE: Malaysia or Singapore, exit or entry."""
    at = datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), LOCAL)  # noqa: DTZ007
    return Crossing(
        mykad=who,
        cleared_at=at,
        direction="exit" if gate[1] == "X" else "entry",
        authority="malaysia" if gate[0] == "M" else "singapore",
        checkpoint=place,
        mode="train" if place == "RTS" else "motorcycle",
    )


def folded(rows: list[Crossing], asleep: set[str] | None = None, outage: float = 0.0) -> PersonDay:
    (one,) = fold_day(CrossingTable.from_rows(rows), DAY, asleep or set(), CrossingDay(DAY, outage))
    return one


FULL = [a_row("MX", "05:40"), a_row("SE", "06:00"), a_row("SX", "18:30"), a_row("ME", "19:00")]


def test_a_full_round_trip_gives_hours_and_both_minutes():
    assert folded(FULL) == PersonDay(WHO, DAY, 12.5, 340, 1140, asleep_there=False)


def test_the_order_of_rows_does_not_matter():
    assert folded(FULL[::-1]) == folded(FULL)


def test_a_clearance_written_twice_counts_once():
    assert folded([*FULL, a_row("MX", "05:42"), FULL[2]]) == folded(FULL)


@pytest.mark.parametrize("gone", range(4))
def test_one_missing_gate_still_pairs_by_the_other_country(gone: int):
    one = folded([row for place, row in enumerate(FULL) if place != gone])
    assert one.hours_there == pytest.approx(12.5, abs=0.2)
    assert (one.out_minute is None) == (gone == 0)
    assert (one.back_minute is None) == (gone == 3)


def test_a_missing_return_cannot_be_told_from_a_stay_until_the_next_leaving():
    first = folded(FULL[:2])
    assert first.asleep_there
    assert first.back_minute is None
    assert folded(FULL, asleep={WHO}).hours_there is None


def test_a_return_without_a_leaving_is_unknown_hours_not_zero():
    assert folded(FULL[2:]).hours_there is None


def test_clocks_that_disagree_by_some_minutes_do_not_break_a_pair():
    rows = [a_row("SE", "05:38"), *FULL[2:], a_row("MX", "05:41")]
    assert folded(rows).hours_there == pytest.approx(12.9, abs=0.05)


def test_a_night_shift_spans_two_days():
    evening = folded([a_row("MX", "18:20"), a_row("SE", "18:40")])
    assert evening.asleep_there
    assert evening.hours_there == pytest.approx(5.33, abs=0.01)
    morning = folded([a_row("SX", "07:10"), a_row("ME", "07:35")], asleep={WHO})
    assert not morning.asleep_there
    assert morning.hours_there == pytest.approx(7.17, abs=0.01)


def test_a_passage_over_midnight_is_counted_once():
    late = folded([a_row("MX", "23:50")])
    assert late.asleep_there
    after = folded([a_row("SE", "00:15"), a_row("SX", "08:00"), a_row("ME", "08:20")], asleep={WHO})
    assert after.hours_there == pytest.approx(8.0)
    home = folded([a_row("ME", "00:20")])
    assert home.hours_there == 0
    assert home.back_minute == 20


def test_two_trips_on_one_day_add_up():
    rows = [*FULL[:2], a_row("SX", "10:00"), a_row("ME", "10:30")]
    rows += [a_row("MX", "20:00"), a_row("SE", "20:20"), a_row("SX", "22:20"), a_row("ME", "22:40")]
    assert folded(rows) == PersonDay(WHO, DAY, 6.0, 340, 1360, asleep_there=False)


def test_a_weekly_stayer_is_there_all_day_without_a_row():
    empty = CrossingTable.from_rows([])
    assert fold_day(empty, DAY, {WHO}, CLEAR) == [
        PersonDay(WHO, DAY, 24.0, None, None, asleep_there=True)
    ]


def test_a_stay_without_evidence_is_dropped_after_fourteen_days():
    empty = CrossingTable.from_rows([])
    asleep, days = {WHO: DAY}, []
    for number in range(1, 20):
        day = DAY + timedelta(days=number)
        found = fold_day(empty, day, asleep, CrossingDay(day, 0.0))
        asleep = stays_after(found, asleep)
        days += found
    assert len(days) == 14
    assert asleep == {}


def test_an_outage_turns_an_open_stay_into_unknown_hours():
    one = folded(FULL[:2], outage=0.2)
    assert one.hours_there is None
    assert one.asleep_there
    assert folded(FULL, outage=0.2).hours_there == 12.5


def test_on_the_rts_both_clear_before_the_ride():
    rows = [
        a_row("MX", "06:00", place="RTS"),
        a_row("SE", "05:59", place="RTS"),
        a_row("SX", "18:00", place="RTS"),
        a_row("ME", "18:02", place="RTS"),
    ]
    one = folded(rows)
    assert one.hours_there == pytest.approx(11.9, abs=0.1)
    assert one.back_minute == 18 * 60 + 2 + 7


def test_late_rows_of_another_day_and_other_people_change_nothing():
    rows = [*FULL, a_row("MX", "05:00", day=DAY - timedelta(days=1))]
    assert folded(rows) == folded(FULL)
    two = fold_day(
        CrossingTable.from_rows([*rows, a_row("MX", "09:00", who="800101000002")]),
        DAY,
        set(),
        CLEAR,
    )
    assert [one.mykad for one in two] == ["800101000002", WHO]
    assert two[1] == folded(FULL)


def test_nobody_without_a_row_or_a_stay_has_a_person_day():
    assert fold_day(CrossingTable.from_rows([]), DAY, set(), CLEAR) == []


def test_rows_and_columns_say_the_same():
    table = CrossingTable.from_rows(FULL)
    assert list(table.rows()) == FULL
