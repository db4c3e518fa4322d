from datetime import date, timedelta

import numpy as np

from fraud.movement import AUTHORITIES
from fraud.simulator.gates import Gates
from fraud.simulator.passers import FOR_EACH_ENROLLED, PassersBy
from fraud.simulator.settings import RegionSettings

SETTINGS = RegionSettings(people=10_000, months=12, seed=2)
MONDAY, SATURDAY = date(2025, 3, 3), date(2025, 3, 8)


def passers() -> PassersBy:
    return PassersBy(SETTINGS, Gates(SETTINGS))


def test_a_day_of_passers_by_does_not_depend_on_other_days_asked_for():
    one, other = passers(), passers()
    other.crossings(SATURDAY)
    for name in ("person", "minute", "checkpoint", "mode", "vehicle"):
        np.testing.assert_array_equal(
            one.crossings(MONDAY).column(name), other.crossings(MONDAY).column(name)
        )


def test_passers_by_have_document_numbers_that_nobody_issues():
    table = passers().crossings(MONDAY)
    assert len(table.people) == FOR_EACH_ENROLLED * SETTINGS.people
    assert table.person.min() >= 0
    assert table.people[int(table.person.max())].startswith("SIM0")


def test_residents_of_singapore_leave_singapore_first():
    table = passers().crossings(SATURDAY)
    there = AUTHORITIES.index("singapore")
    first = np.unique(table.person, return_index=True)[1]
    leaves = table.direction[first] == 0
    starts_there = (table.authority[first] == there) & leaves & (table.minute[first] < 14 * 60)
    starts_here = (table.authority[first] != there) & leaves & (table.minute[first] < 14 * 60)
    assert starts_there.sum() > starts_here.sum() > 0


def test_weekends_and_holidays_bring_visitors_and_weekdays_commuters():
    border = passers()

    def at_six(day: date) -> float:
        return float((border.crossings(day).minute // 60 == 6).mean())

    assert at_six(MONDAY) > 2 * at_six(SATURDAY) > 0
    before_christmas = len(border.crossings(date(2025, 12, 19)))
    assert before_christmas > 1.1 * len(border.crossings(date(2025, 12, 5)))


def test_who_leaves_comes_back_as_often():
    border = passers()
    week = [border.crossings(MONDAY + timedelta(days=number)) for number in range(7)]
    out = sum(int(((one.authority == 1) & (one.direction == 0)).sum()) for one in week)
    back = sum(int(((one.authority == 1) & (one.direction == 1)).sum()) for one in week)
    assert 0.95 < out / back < 1.05
