from datetime import date, timedelta

import numpy as np

from fraud.movement import MODES, CrossingTable, Folded, fold_day
from fraud.simulator import Region, RegionSettings, simulate
from fraud.simulator.crossings import Doing, Spell, Travel, Trip
from fraud.simulator.region import Rhythm, build_region

WEEK = (date(2025, 3, 3), date(2025, 3, 9))


def test_some_people_on_some_days_get_the_very_same_rows_as_the_whole_region(small: Region):
    whole = small.crossings(*WEEK)
    some = sorted({whole.people[one] for one in whole.person.tolist()[::7]})
    asked = small.crossings(WEEK[0] + timedelta(days=2), WEEK[0] + timedelta(days=3), some)
    day = whole.day - whole.day.min()
    chosen = [place for place, one in enumerate(whole.people) if one in set(some)]
    same = whole.take(np.isin(whole.person, chosen) & (day >= 2) & (day <= 3))
    assert len(asked) > 100
    for name in CrossingTable.COLUMNS:
        np.testing.assert_array_equal(asked.column(name), same.column(name))


def test_commuters_cross_on_weekdays_and_stay_most_of_the_day(small: Region):
    found = Folded([], {})
    hours: list[float] = []
    for number in range(5):
        day = WEEK[0] + timedelta(days=number)
        table = small.crossings(day, day)
        found = fold_day(table, day, found.open_stays, small.crossing_day(day))
        hours += [one.hours_there for one in found.days if one.out_minute and one.hours_there]
    assert len(hours) > 500
    assert 9 < float(np.median(hours)) < 14


def test_losses_doubles_and_outages_are_as_rare_as_assumed(small: Region):
    table = small.crossings(date(2025, 1, 6), date(2025, 1, 31))
    home = int((table.authority == 0).sum())
    assert 0.97 < home / (len(table) - home) < 1.03
    first = small.settings.first_day
    down = [small.crossing_day(first + timedelta(days=number)).outage_share for number in range(90)]
    assert 0 <= sum(share > 0 for share in down) <= 10


def test_a_weekly_stayer_goes_on_sunday_and_comes_back_at_the_weekend():
    world = build_region(RegionSettings(people=400, months=2, seed=2))
    travel = Travel(world)
    people = np.flatnonzero(world.rhythm == Rhythm.WEEKLY)
    table = travel.crossings(date(2025, 1, 12), date(2025, 1, 18), people.tolist())
    out = table.take((table.authority == 0) & (table.direction == 0))
    assert {one % 7 for one in out.day.tolist()} == {3}  # 1970-01-01 was a Thursday
    assert len(out) > 10


def test_spells_and_certain_trips_replace_the_habit():
    world = build_region(RegionSettings(people=400, months=2, seed=2))
    travel = Travel(world)
    person = int(np.flatnonzero(world.rhythm == Rhythm.DAY)[0])
    before = len(travel.crossings(*WEEK, [person]))
    travel.plan([Spell(person, 61, 67, Doing.INTERVIEWS, 0.0)], [Trip(person, 62, 600, 900)])
    after = travel.crossings(*WEEK, [person])
    assert before > 8
    assert set(after.day.tolist()) == {int(travel.crossings(*WEEK).day.min()) + 1}
    assert abs(int(after.minute.min()) - 600) <= 3


def test_the_train_runs_only_once_the_line_is_open():
    later = simulate(RegionSettings(people=800, months=2, seed=3, first_day=date(2026, 12, 1)))
    train = MODES.index("train")
    old = later.crossings(date(2026, 12, 1), date(2026, 12, 10))
    new = later.crossings(date(2027, 1, 5), date(2027, 1, 14))
    assert train not in set(old.mode.tolist())
    assert train in set(new.mode.tolist())


def test_each_checkpoint_has_its_own_mix_of_vehicles():
    travel = Travel(build_region(RegionSettings(people=20_000, months=1, seed=2)))
    rides = travel.mode == MODES.index("motorcycle")
    assert abs(float(travel.second_link.mean()) - 0.17) < 0.02
    assert abs(float(rides[~travel.second_link].mean()) - 0.38) < 0.03
    assert abs(float(rides[travel.second_link].mean()) - 0.61) < 0.03
