"""The picture of leave days against border records."""

from datetime import date, timedelta

import pytest

from fraud.movement import PersonDay
from fraud.records import Claim, Illness, PaymentDue
from fraud.web.timeline import LONGEST_DAYS, DayRecord, Mark, timeline_of
from fraud.web.timeline_picture import NARROW, WIDE, draw, sentence
from tests.support.builders import MYKAD, a_certificate, a_claim, at

MONDAY = date(2026, 3, 2)


def a_day(day: date, hours: float | None) -> PersonDay:
    return PersonDay(MYKAD, day, hours, 345, 1140, asleep_there=False)


def claim_with_leave(days: int) -> Claim:
    last = MONDAY + timedelta(days=days - 1)
    return a_claim(certificates=(a_certificate(first_day=MONDAY, last_day=last, issued_on=MONDAY),))


def record_on(day: date, seen: list[PersonDay], covered: dict[date, float]) -> DayRecord:
    timeline = timeline_of(claim_with_leave(5), seen, covered)
    return next(one.record for one in timeline.days if one.day == day)


def test_a_missing_record_is_unknown_and_never_a_day_at_home() -> None:
    assert record_on(MONDAY, [], {}) is DayRecord.NOT_RECEIVED
    assert record_on(MONDAY, [], {MONDAY: 0.0}) is DayRecord.NOTHING
    timeline = timeline_of(claim_with_leave(5), [], {MONDAY: 0.0})
    assert timeline.leave_days_there == 0
    assert timeline.leave_days_unknown == 5


def test_a_crossing_without_hours_says_no_more_than_that() -> None:
    assert record_on(MONDAY, [a_day(MONDAY, None)], {MONDAY: 0.0}) is DayRecord.CROSSED
    assert record_on(MONDAY, [a_day(MONDAY, 9.0)], {MONDAY: 0.0}) is DayRecord.STAY


def test_the_span_begins_a_week_before_the_first_thing_that_matters() -> None:
    timeline = timeline_of(claim_with_leave(5), [], {})
    assert timeline.days[0].day == MONDAY - timedelta(days=7)
    assert Mark.ACCIDENT in timeline.marks
    assert timeline.marks[-1] is Mark.RECEIVED


def test_a_very_long_leave_is_cut() -> None:
    assert len(timeline_of(claim_with_leave(300), [], {}).days) == LONGEST_DAYS


@pytest.mark.parametrize(
    ("first", "last"),
    [(MONDAY, date.max), (date.max, date.max), (date.min, MONDAY), (MONDAY, MONDAY - timedelta(5))],
)
def test_a_day_at_the_edge_of_the_calendar_breaks_nothing(first: date, last: date) -> None:
    odd = a_certificate(first_day=first, last_day=last, issued_on=MONDAY)
    timeline = timeline_of(a_claim(certificates=(odd,)), [], {})
    assert 0 < len(timeline.days) <= LONGEST_DAYS
    assert (timeline.leave_days > 0) is (first <= last and first <= timeline.days[-1].day)
    assert draw(timeline, WIDE, "en")


def test_the_picture_says_in_words_what_it_shows_and_is_the_same_twice() -> None:
    timeline = timeline_of(claim_with_leave(5), [a_day(MONDAY, 9.0)], {MONDAY: 0.0})
    said = sentence(timeline, "en")
    assert "5 days of certified leave" in said
    assert "on 4 nothing is on record, which proves nothing" in said
    picture = draw(timeline, NARROW, "en")
    assert 'role="img" aria-labelledby="timeline-said"' in picture
    assert picture == draw(timeline, NARROW, "en")
    assert "style=" not in picture


def test_without_border_files_the_sentence_says_so() -> None:
    assert "No border records" in sentence(timeline_of(claim_with_leave(5), [], {}), "en")


def test_a_phone_gets_more_and_shorter_rows() -> None:
    timeline = timeline_of(claim_with_leave(60), [], {})
    assert draw(timeline, NARROW, "ms").count("tl-base") > draw(timeline, WIDE, "ms").count(
        "tl-base"
    )


def test_unbroken_leave_is_one_bar_in_each_row() -> None:
    timeline = timeline_of(claim_with_leave(21), [], {})
    assert draw(timeline, WIDE, "en").count("tl-leave") == 1
    assert draw(timeline, NARROW, "en").count("tl-leave") == 2


def test_facts_mark_the_days_they_name_and_only_those_of_this_claim() -> None:
    claim = claim_with_leave(5)
    due = PaymentDue(
        fact_id="D",
        claim_id=claim.claim_id,
        mykad=MYKAD,
        number=1,
        amount_sen=98_000,
        due_on=MONDAY + timedelta(days=9),
        stated_at=at(MONDAY),
    )
    other = due.model_copy(update={"claim_id": "C-9999", "due_on": MONDAY})
    next_year = due.model_copy(update={"number": 13, "due_on": MONDAY + timedelta(days=400)})
    timeline = timeline_of(claim, [], {}, [due, other, next_year])
    marked = {day.day for day in timeline.days if Mark.PAYMENT_DUE in day.marks}
    assert marked == {MONDAY + timedelta(days=9)}


def test_an_illness_of_years_ago_does_not_move_the_picture_to_its_day() -> None:
    ill = Illness(diagnosis_code="I63", began_on=date(2019, 5, 2), first_treated_on=MONDAY)
    claim = a_claim(injury=None, certificates=(), illness=ill)
    timeline = timeline_of(claim, [], {})
    assert timeline.days[0].day > date(2025, 1, 1)
    assert Mark.ILLNESS not in timeline.marks
    assert Mark.TREATED in timeline.marks
    assert "names no certified leave" in sentence(timeline, "en")
