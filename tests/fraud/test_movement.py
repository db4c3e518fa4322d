from datetime import date, datetime, timedelta

import pytest

from fraud.clock import LOCAL
from fraud.movement import (
    CrossingDay,
    CrossingTable,
    Fault,
    Folded,
    PersonDay,
    fold_day,
)
from fraud.records import Crossing

DAY = date(2025, 3, 5)
WHO = "900101000001"


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


def lived(*days: list[Crossing], outage: dict[int, float] | None = None) -> Folded:
    """Border files of some days in a row, folded as they come; all that was said of each day."""
    said: dict[tuple[str, date], PersonDay] = {}
    found = Folded([], {})
    for number, rows in enumerate(days):
        day = DAY + timedelta(days=number)
        coverage = CrossingDay(day, (outage or {}).get(number, 0.0))
        found = fold_day(CrossingTable.from_rows(rows), day, found.open_stays, coverage)
        said |= {(one.mykad, one.day): one for one in found.days}
    return Folded(sorted(said.values(), key=lambda one: one.day), found.open_stays)


def folded(rows: list[Crossing], outage: float = 0.0) -> PersonDay:
    (one,) = lived(rows, outage={0: outage}).days
    return one


def on(number: int, rows: list[Crossing]) -> list[Crossing]:
    """The same clearances some days later."""
    later = timedelta(days=number)
    return [row.model_copy(update={"cleared_at": row.cleared_at + later}) for row in rows]


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
    assert 12.5 - 0.6 < one.hours_there <= 12.5  # a lost row never lengthens a stay
    assert (one.out_minute is None) == (gone == 0)
    assert (one.back_minute is None) == (gone == 3)


def test_a_missing_return_is_unknown_and_no_stay_abroad():
    """Not on that day, nor on any day after it, nor when the next leaving shows that it is lost."""
    lost = FULL[:2]
    days = lived(lost, [], [], on(3, FULL), on(4, FULL)).days
    assert [one.hours_there for one in days] == [None, None, None, None, 12.5]
    assert days[3].faults == Fault.UNPAIRED
    assert lived(lost, on(1, FULL[2:])).days[0].hours_there == 18.0


def test_a_return_without_a_leaving_is_unknown_hours_not_zero():
    assert folded(FULL[2:]).hours_there is None


def test_clocks_that_disagree_by_some_minutes_do_not_break_a_pair():
    rows = [a_row("SE", "05:38"), *FULL[2:], a_row("MX", "05:41")]
    assert folded(rows).hours_there == pytest.approx(12.9, abs=0.05)


def test_a_night_shift_spans_two_days():
    evening = [a_row("MX", "18:20"), a_row("SE", "18:40")]
    morning = on(1, [a_row("SX", "07:10"), a_row("ME", "07:35")])
    assert lived(evening).days[0].hours_there is None  # nobody knows yet
    first, second = lived(evening, morning).days
    assert first.hours_there == pytest.approx(5.33, abs=0.01)
    assert first.asleep_there
    assert second.hours_there == pytest.approx(7.17, abs=0.01)
    assert not second.asleep_there


def test_a_passage_over_midnight_is_counted_once():
    late = [a_row("MX", "23:50")]
    back = [a_row("SE", "00:15"), a_row("SX", "08:00"), a_row("ME", "08:20")]
    first, second = lived(late, on(1, back)).days
    assert first.hours_there == pytest.approx(0.02, abs=0.01)
    assert second.hours_there == pytest.approx(8.0)
    days = lived(late, on(1, back[:1]), on(2, back[1:])).days
    assert [one.hours_there for one in days] == pytest.approx([0.02, 24.0, 8.0])
    home = folded([a_row("ME", "00:20")])
    assert home.hours_there == 0
    assert home.back_minute == 20


def test_a_lost_half_before_dawn_does_not_close_an_old_stay():
    """The return of the day before is lost; a lone entry before four belongs to a new trip."""
    dawn = [a_row("SE", "03:40"), a_row("SX", "04:40"), a_row("ME", "05:00")]
    first, second = lived(FULL[:2], on(1, dawn)).days
    assert (first.hours_there, second.hours_there) == (None, None)


def test_two_trips_on_one_day_add_up():
    rows = [*FULL[:2], a_row("SX", "10:00"), a_row("ME", "10:30")]
    rows += [a_row("MX", "20:00"), a_row("SE", "20:20"), a_row("SX", "22:20"), a_row("ME", "22:40")]
    assert folded(rows) == PersonDay(WHO, DAY, 6.0, 340, 1360, asleep_there=False)


def test_a_weekly_stayer_is_there_all_week_once_the_return_is_recorded():
    out = [a_row("MX", "19:00"), a_row("SE", "19:30")]
    week = [out, [], [], [], [], on(5, FULL[2:])]
    assert [one.hours_there for one in lived(*week[:5]).days] == [None] * 5
    days = lived(*week).days
    assert [one.hours_there for one in days] == [4.5, 24.0, 24.0, 24.0, 24.0, 18.5]
    assert days[0].out_minute == 19 * 60
    patchy = lived(*week, outage={2: 0.05}).days
    assert [one.hours_there for one in patchy] == [4.5, 24.0, None, 24.0, 24.0, 18.5]


def test_a_stay_without_evidence_is_dropped_after_fourteen_days():
    found = lived(FULL[:2], *[[] for _ in range(19)])
    assert len(found.days) == 15
    assert {one.hours_there for one in found.days} == {None}
    assert found.open_stays == {}


def test_an_outage_turns_an_open_stay_into_unknown_hours():
    one, back = lived(FULL[:2], on(1, FULL[2:]), outage={0: 0.2}).days
    assert one.hours_there is None
    assert one.asleep_there
    assert back.hours_there == 18.5
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
    two = lived([*rows, a_row("MX", "09:00", who="800101000002")]).days
    assert [one.mykad for one in sorted(two)] == ["800101000002", WHO]
    assert folded(FULL) in two


def test_nobody_without_a_row_or_a_stay_has_a_person_day():
    assert lived([]) == ([], {})


def test_rows_and_columns_say_the_same():
    table = CrossingTable.from_rows(FULL)
    assert list(table.rows()) == FULL


def test_two_passports_are_one_person():
    """For two weeks after a renewal either number may be shown, even on one trip."""
    renewed = [row.model_copy(update={"document": f"SIM-{n % 2}"}) for n, row in enumerate(FULL)]
    again = FULL[0].model_copy(update={"document": "SIM-1"})
    assert folded([*renewed, again]) == folded(FULL)


def test_contradictions_are_noted_and_nothing_is_dropped():
    both = folded([*FULL, a_row("ME", "06:03")])
    assert both.faults & Fault.TWO_PLACES
    ahead = lived([*FULL, *on(9, FULL[:1])]).days
    assert [(one.day, one.hours_there, one.faults) for one in ahead] == [(DAY, 12.5, Fault.AHEAD)]
    only = lived(on(9, FULL)).days
    assert [(one.day, one.hours_there, one.faults) for one in only] == [(DAY, None, Fault.AHEAD)]
    assert folded(FULL[2:]).faults == Fault.UNPAIRED
    assert folded(FULL).faults == 0
