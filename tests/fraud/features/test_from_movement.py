"""Features of crossings: what was recorded counts, what was not is unknown."""

from datetime import date, timedelta
from math import isnan

import pytest

from fraud.features import from_movement
from fraud.movement import PersonDay
from tests.support.builders import (
    ACCIDENT_ON,
    COMMUTER,
    JSA,
    LAST_DAY_AT_WORK,
    PDB,
    RECEIVED_ON,
    TDB,
    a_board_attendance,
    a_certificate,
    a_claim,
    a_job_loss,
    a_job_started,
    a_run,
    a_statement,
    an_injury,
    at,
    days_from,
    known_of,
    stays,
    weekdays,
    with_crossings,
)

BEFORE = weekdays(ACCIDENT_ON - timedelta(days=42), ACCIDENT_ON - timedelta(days=1))
SEARCH = weekdays(LAST_DAY_AT_WORK + timedelta(days=1), RECEIVED_ON - timedelta(days=1))


def measured(name: str, days, claim=None, **changes) -> float:
    history = with_crossings(stays(days, **changes) if isinstance(days, list) else days)
    return getattr(from_movement, name)(known_of(claim, history))


def test_the_rhythm_before_the_event():
    assert measured("stays_a_week_before_event", BEFORE) == 5
    assert measured("weekday_stays_while_employed_here", BEFORE) == 5
    commuter = a_claim(COMMUTER)  # no Malaysian employer is stated
    assert isnan(measured("weekday_stays_while_employed_here", BEFORE, commuter))
    short = measured("stays_a_week_before_event", BEFORE, hours=7.9)
    assert short == 0


def test_stays_on_leave():
    on_leave = days_from(ACCIDENT_ON + timedelta(days=1), 3)
    assert measured("stays_on_leave", on_leave) == 3
    assert measured("share_of_leave_in_stays", on_leave) == pytest.approx(3 / 7)


def on_leave_after(*left: int, **changes) -> dict[int, PersonDay]:
    """Days across that begin so many days after the accident, each with a recorded leaving."""
    return stays([ACCIDENT_ON + timedelta(days=day) for day in left], **changes)


def test_who_was_hurt_across_and_lies_there_has_not_gone_to_work():
    lying = on_leave_after(1, 2, 3, 4, hours=24.0, out_minute=None, back_minute=None)
    assert measured("stays_on_leave", lying) == 0
    assert measured("stays_early_in_leave", lying) == 0
    left_again = lying | on_leave_after(3)
    assert measured("stays_on_leave", left_again) == 2  # the day of leaving and the one after it


def test_who_was_hurt_on_the_way_to_a_week_across_has_not_set_out_again():
    left = stays([ACCIDENT_ON], hours=5.0, out_minute=1130, back_minute=None, asleep_there=True)
    lying = on_leave_after(1, 2, 3, hours=24.0, out_minute=None, back_minute=None)
    assert measured("stays_on_leave", left | lying) == 0


def test_stays_early_in_leave_and_light_duties_later():
    assert measured("stays_early_in_leave", on_leave_after(1, 2, 3)) == 3
    assert measured("stays_early_in_leave", on_leave_after(4, 5, 6)) == 0
    assert isnan(measured("stays_early_in_leave", {}, a_claim(certificates=())))


def test_an_answer_on_single_days_counts_from_a_day_at_home_on():
    """Such an answer says no hour of leaving."""
    there = {"hours": 24.0, "out_minute": None, "back_minute": None}
    at_home = on_leave_after(1, hours=0.0, out_minute=None, back_minute=None)
    assert measured("stays_on_leave", at_home | on_leave_after(2, 3, **there)) == 2


def search_of(wage=300_000, last_day=LAST_DAY_AT_WORK - timedelta(days=35), reported=None):
    """Stays on every weekday of a search, after a job at that wage."""
    claim = a_claim(JSA, job_loss=a_job_loss(last_day=last_day))
    days = weekdays(last_day + timedelta(days=1), RECEIVED_ON - timedelta(days=1))
    facts = () if reported is None else (reported,)
    run = a_run(last_month=date(2025, 11, 1), monthly_wage_sen=wage)
    history = with_crossings(stays(days), contributions=a_statement(run), facts=facts)
    return known_of(claim, history)


def test_stays_go_on_after_the_notice_of_a_full_time_job():
    most = from_movement.most_stays_in_four_weeks_after_notice
    assert most(search_of()) == 20
    assert isnan(most(search_of(wage=90_000)))  # beside a part-time job another may be kept
    assert isnan(most(search_of(last_day=RECEIVED_ON - timedelta(days=35))))  # a notice


@pytest.mark.parametrize(("told", "known"), [(True, 0), (None, 0), (False, 20)])
def test_a_search_ends_with_the_job_that_the_claimant_reported(told, known):
    job = a_job_started(started_on=LAST_DAY_AT_WORK + timedelta(days=1), reported_by_claimant=told)
    value = from_movement.most_stays_in_four_weeks_after_notice(search_of(reported=job))
    assert (0 if isnan(value) else value) == known


def test_stays_after_the_loss_of_a_job():
    claim = a_claim(JSA)
    assert len(SEARCH) == 28
    assert measured("weekday_stays_after_loss", SEARCH[:7], claim) == 7
    assert measured("share_of_weekdays_in_stays_after_loss", SEARCH[:7], claim) == 0.25
    assert measured("stays_in_last_two_weeks_before_claim", SEARCH[:7], claim) == 0
    assert measured("stays_in_last_two_weeks_before_claim", SEARCH, claim) == 10
    weekend = [day for day in days_from(LAST_DAY_AT_WORK, 41) if day.weekday() >= 5]
    assert measured("weekday_stays_after_loss", weekend, claim) == 0
    assert isnan(measured("weekday_stays_after_loss", SEARCH, a_claim(TDB)))


def test_the_hour_of_leaving():
    claim = a_claim(JSA)
    assert measured("spread_of_leaving_after_loss", SEARCH, claim) == 0
    assert isnan(measured("spread_of_leaving_after_loss", SEARCH[:2], claim))
    days = {}
    for turn, day in enumerate(SEARCH):
        days |= stays([day], out_minute=300 + 60 * (turn % 3))
    assert measured("spread_of_leaving_after_loss", days, claim) == 60


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("05:30", 0),  # before leaving home
        ("06:30", None),  # within an hour of a clearance
        ("12:00", 1),
        ("18:30", None),
        ("19:30", 0),  # back home
    ],
)
def test_where_the_border_file_puts_a_person(clock, expected):
    claim = a_claim(injury=an_injury(occurred_at=at(ACCIDENT_ON, clock)))
    known = known_of(claim, with_crossings(stays([ACCIDENT_ON])))
    value = from_movement.was_there(known)
    assert isnan(value) if expected is None else value == expected


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        ({"out_minute": 1110, "back_minute": 450, "asleep_there": True}, "03:00", None),
        ({"out_minute": 1110, "back_minute": 450, "asleep_there": True}, "12:00", 0),
        ({"out_minute": 1110, "back_minute": 450, "asleep_there": True}, "21:00", 1),
        ({"out_minute": None, "back_minute": None, "hours_there": 24.0}, "12:00", 1),
        ({"out_minute": None, "back_minute": None, "hours_there": 3.0}, "12:00", None),
        ({"out_minute": 1000, "back_minute": None, "asleep_there": True}, "20:00", 1),
        ({"out_minute": 1000, "back_minute": None}, "20:00", None),  # no return is recorded
        ({"out_minute": None, "back_minute": 1000}, "17:30", 0),
        ({"out_minute": None, "back_minute": 1000}, "20:00", None),  # may have left again
        ({"out_minute": None, "hours_there": 12.0}, "03:00", None),  # the leaving is lost
        ({"hours_there": None}, "12:00", None),
    ],
)
def test_other_shapes_of_a_day(day, clock, expected):
    hours = {"hours": day.pop("hours_there")} if "hours_there" in day else {}
    claim = a_claim(injury=an_injury(occurred_at=at(ACCIDENT_ON, clock)))
    known = known_of(claim, with_crossings(stays([ACCIDENT_ON], **hours, **day)))
    value = from_movement.was_there(known)
    assert isnan(value) if expected is None else value == expected


def test_two_trips_on_one_day_leave_the_hours_between_them_open():
    """Out 06:00, back 12:00, out 17:00, back 19:00: at 14:00 the person was at home."""
    claim = a_claim(injury=an_injury(occurred_at=at(ACCIDENT_ON, "14:00")))
    known = known_of(claim, with_crossings(stays([ACCIDENT_ON], hours=7.0)))
    assert from_movement.was_there(known) != 1


@pytest.mark.parametrize(("place", "expected"), [("malaysia", 1), ("singapore", 0), ("link", 0)])
def test_recorded_there_at_an_accident_stated_here(place, expected):
    claim = a_claim(injury=an_injury(place=place))
    assert measured("recorded_there_at_accident_stated_here", [ACCIDENT_ON], claim) == expected


def test_hours_on_the_day_of_the_event():
    assert measured("hours_there_on_day_of_event", [ACCIDENT_ON]) == 12
    assert isnan(measured("hours_there_on_day_of_event", [date(2026, 3, 3)]))


def test_an_accident_there_of_somebody_recorded_here():
    name = "recorded_here_at_accident_stated_there"
    there = a_claim(
        COMMUTER, injury=an_injury(place="singapore", occurred_at=at(ACCIDENT_ON, "22:00"))
    )
    days = days_from(ACCIDENT_ON, 2)
    assert measured(name, days, there) == 1  # back at seven, left again at six
    assert isnan(measured(name, days[:1], there))  # a leaving later that evening may be lost
    at_noon = a_claim(COMMUTER, injury=an_injury(place="singapore"))
    assert measured(name, [ACCIDENT_ON], at_noon) == 0
    assert isnan(measured(name, [], at_noon))  # no record proves nothing
    assert measured(name, [ACCIDENT_ON], a_claim(COMMUTER)) == 0


def test_certificates_issued_on_days_across():
    name = "certificates_issued_while_across"
    later = a_certificate(issued_on=ACCIDENT_ON + timedelta(days=2))
    days = days_from(ACCIDENT_ON, 4)
    assert measured(name, days, a_claim(certificates=(later,))) == 1
    assert measured(name, days, a_claim()) == 0  # hurt on the way home, seen in the evening
    assert measured(name, days, a_claim(), hours=24.0) == 1
    from_afar = later.model_copy(update={"remote": True})
    assert isnan(measured(name, days, a_claim(certificates=(from_afar,))))
    there = a_claim(injury=an_injury(first_treated_in="singapore"), certificates=(later,))
    assert isnan(measured(name, days, there))


def test_across_at_the_hour_of_a_board_session():
    name, day = "recorded_across_at_board_session", ACCIDENT_ON + timedelta(days=70)
    came = a_board_attendance(attended_at=at(day, "11:00"))

    def at_session(days, *facts):
        history = with_crossings(stays(days), facts=facts)
        return getattr(from_movement, name)(known_of(a_claim(PDB), history))

    assert at_session([day], came) == 1
    assert at_session([day], a_board_attendance(attended_at=at(day, "19:30"))) == 0
    assert isnan(at_session([], came))
    assert isnan(at_session([day]))


def test_a_night_across_needs_the_evening_before_on_record():
    night = {"out_minute": 1110, "back_minute": 450, "asleep_there": True}
    claim = a_claim(injury=an_injury(occurred_at=at(ACCIDENT_ON, "03:00")))
    days = stays([ACCIDENT_ON - timedelta(days=1), ACCIDENT_ON], **night)
    assert from_movement.was_there(known_of(claim, with_crossings(days))) == 1
