"""The alarm for a reader that hangs."""

from streams.stall import StallWatch

PART = ("claims.submitted", 3)


def seen(watch, at, position, lag):
    return watch.stalled({PART: position}, {PART: lag}, at)


def test_a_partition_that_stands_while_records_wait_is_stalled():
    watch = StallWatch(60)
    assert seen(watch, 0, 10, 5) == []
    assert seen(watch, 30, 10, 9) == []
    assert seen(watch, 61, 10, 9) == [PART]
    assert seen(watch, 75, 10, 12) == [PART]


def test_it_is_stalled_although_nothing_new_comes():
    watch = StallWatch(60)
    assert [seen(watch, at, 100, 500) for at in (0, 30, 61, 600)] == [[], [], [PART], [PART]]


def test_a_record_that_comes_after_long_quiet_is_not_late_at_once():
    watch = StallWatch(60)
    assert [seen(watch, at, 10, 0) for at in (0, 1000)] == [[], []]
    assert seen(watch, 2000, 10, 1) == []
    assert seen(watch, 2061, 10, 1) == [PART]


def test_a_quiet_partition_is_not_stalled():
    watch = StallWatch(60)
    assert [seen(watch, at, 10, 0) for at in (0, 61, 1000)] == [[], [], []]


def test_a_slow_partition_is_not_stalled():
    watch = StallWatch(60)
    assert [seen(watch, at, 10 + at, 500 + at) for at in (0, 61, 122)] == [[], [], []]


def test_a_partition_that_moves_again_is_forgiven():
    watch = StallWatch(60)
    seen(watch, 0, 10, 5)
    assert seen(watch, 61, 10, 6) == [PART]
    assert seen(watch, 70, 11, 5) == []
    assert seen(watch, 129, 11, 5) == []


def test_a_partition_taken_away_and_given_back_starts_anew():
    watch = StallWatch(60)
    seen(watch, 0, 10, 5)
    assert watch.stalled({}, {}, 30) == []
    assert seen(watch, 61, 10, 9) == []
