"""Where somebody was, with whole border files, with answers on single days, and with nothing."""

from datetime import date, timedelta
from math import isnan

import pytest

from fraud.features import from_movement
from fraud.history import History, Parties, history_from
from fraud.movement import PersonDay, day_fact
from fraud.privacy import GatedSource
from fraud.records import DayPresence
from fraud.simulator import RegionSettings, simulate
from fraud.simulator.days import in_answers, lived_days
from fraud.store.gathering import sources_read
from tests.support.builders import (
    ACCIDENT_ON,
    MYKAD,
    a_certificate,
    a_claim,
    a_stay,
    at,
    days_from,
    known_of,
    stays,
)

LEAVE = days_from(ACCIDENT_ON, 7)
CLAIM = a_claim(certificates=(a_certificate(first_day=LEAVE[0], last_day=LEAVE[-1]),))


def answer(day: date, presence: str, confidence: float = 0.9, **changes) -> DayPresence:
    values = {
        "fact_id": f"F-{day}-{presence}",
        "mykad": MYKAD,
        "day": day,
        "presence": presence,
        "confidence": confidence,
        "stated_at": at(day + timedelta(days=1)),
    }
    return DayPresence(**values | changes)


def history(*answers: DayPresence, days=None, files=None) -> History:
    return history_from({"P": answers}, Parties("P", "P"), days or {}, files or {})


def share(told: History) -> float:
    return from_movement.share_of_leave_in_stays(known_of(CLAIM, told))


def test_answers_stand_in_for_border_files():
    told = history(*(answer(day, "here") for day in LEAVE[:3]), *(answer(day, "there")
                   for day in LEAVE[3:6]), answer(LEAVE[6], "unknown"))  # fmt: skip
    assert share(told) == 0.5
    known = known_of(CLAIM, told)
    assert from_movement.stays_on_leave(known) == 3
    assert isnan(from_movement.was_there(known))  # the hour is not known
    assert sources_read(known).sources == {GatedSource.PRESENCE}


@pytest.mark.parametrize(("home_on", "counted"), [(0, 0), (1, 4)])
def test_an_answer_for_the_day_of_the_accident_says_nothing_of_the_night_after(home_on, counted):
    """Hurt on the way to a room across the border, somebody may have stayed in it since."""
    home = answer(ACCIDENT_ON + timedelta(days=home_on), "here")
    since = [answer(ACCIDENT_ON + timedelta(days=day), "there") for day in range(home_on + 1, 6)]
    assert from_movement.stays_on_leave(known_of(CLAIM, history(home, *since))) == counted


def test_nothing_is_unknown():
    assert isnan(share(history()))
    assert isnan(share(history(answer(LEAVE[0], "there", confidence=0.5))))
    assert isnan(share(history(answer(LEAVE[0], "unknown"))))


def test_a_later_answer_replaces_an_earlier_one_and_a_whole_record_wins():
    home, across = answer(LEAVE[1], "here"), answer(LEAVE[2], "there")
    changed = history(home, across, answer(LEAVE[2], "here", fact_id="F-2"))
    assert share(changed) == 0
    files = {day.toordinal(): 0.0 for day in LEAVE}
    short = history(home, across, days=stays(LEAVE[2:3], hours=3.0), files=files)
    assert share(short) == 0
    unpaired = history(home, across, days=stays(LEAVE[2:3], hours=None), files=files)
    assert share(unpaired) == pytest.approx(1 / 7)
    lost = history(home, across, files=dict.fromkeys(files, 0.5))
    assert share(lost) == 0.5


def test_who_is_across_since_the_accident_may_lie_in_a_bed_there():
    assert share(history(*(answer(day, "there") for day in LEAVE))) == 0


def test_what_an_agency_answers_of_a_day():
    def told(seen, complete=True):
        return day_fact(seen, complete=complete).presence

    assert told(a_stay(ACCIDENT_ON)) == "there"
    assert told(a_stay(ACCIDENT_ON, hours=7.9)) == "here"
    assert told(a_stay(ACCIDENT_ON, hours=None)) == "unknown"
    assert (told(None), told(None, complete=False)) == ("here", "unknown")
    days = (a_stay(ACCIDENT_ON), a_stay(ACCIDENT_ON, out_minute=None), None)
    seen = [day_fact(one, complete=True).confidence for one in days]
    assert seen == sorted(seen, reverse=True)


def test_a_region_in_answers_shows_the_same_working_days():
    region = simulate(RegionSettings(people=1500, months=3, seed=8, claim_intensity=50))
    whole: dict[tuple[str, date], PersonDay] = {}
    told: dict[tuple[str, date], str] = {}
    for lived in lived_days(region):
        whole |= {(one.mykad, one.day): one for one in lived.person_days}
        replaced = in_answers(lived, region.requested(lived.border_day.day))
        assert (replaced.person_days, replaced.border_day.outage_share) == ([], 1.0)
        for fact in replaced.records:
            if isinstance(fact, DayPresence):
                told[fact.mykad, fact.day] = fact.presence
    across = {key for key, one in whole.items() if (one.hours_there or 0) >= 8}
    there = {key for key, presence in told.items() if presence == "there"}
    assert len(there) > 100
    assert there <= across
    assert len(across - there) < 0.1 * len(across)  # days of an outage stay unknown
