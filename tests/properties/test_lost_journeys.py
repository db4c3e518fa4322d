"""Whatever record is hidden, a journey that was made is never found not plausible.

The loss that joins two trips into one is left out, as in `test_lost_crossings`: a return and the
leaving after it, each with both countries' rows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fraud.movement import PersonDay, journey
from fraud.records import Crossing, Place
from tests.properties.test_lost_crossings import (
    DAYS,
    FIRST,
    Trip,
    folded,
    midnight,
    records,
    rows_of,
    trips,
)
from tests.support.builders import files_received

FILES = files_received(FIRST - timedelta(days=20), FIRST + timedelta(days=40))
EVERY_QUARTER = [midnight(FIRST) + timedelta(minutes=m) for m in range(0, DAYS * 1440, 15)]
PLACES = (Place.MALAYSIA, Place.LINK, Place.SINGAPORE)

many = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Passage:
    """From the first gate to the last of one way, and whether it goes out."""

    begins: datetime
    ends: datetime
    leaving: bool


def made_by(rows: list[Crossing]) -> list[Passage]:
    """The passages of a whole record."""
    at = sorted(row.cleared_at for row in rows)
    pairs = zip(at[::2], at[1::2], strict=True)
    return [Passage(*pair, leaving=number % 2 == 0) for number, pair in enumerate(pairs)]


def where(passages: list[Passage], at: datetime) -> Place:
    """Where the person truly was."""
    place = Place.MALAYSIA
    for one in passages:
        if one.begins <= at <= one.ends:
            return Place.LINK
        if one.ends < at:
            place = Place.SINGAPORE if one.leaving else Place.MALAYSIA
    return place


def not_plausible(
    days: dict[int, PersonDay], files: dict[int, float] = FILES
) -> set[tuple[Place, datetime]]:
    return {
        (told, at)
        for told in PLACES
        for at in EVERY_QUARTER
        if journey(days, files, told, at).answer == "not_plausible"
    }


@many
@given(records())
def test_a_journey_that_was_made_is_never_not_plausible(record):
    """With every row, and with what is left of them."""
    whole, left = record
    passages = made_by(whole)
    for rows in (whole, left):
        for told, at in not_plausible(folded(rows)):
            assert where(passages, at) is Place.SINGAPORE
            assert told is not Place.SINGAPORE


@many
@given(trips(), st.integers(41, 235), st.sampled_from(["none", "malaysia", "singapore"]))
def test_nor_one_in_a_long_queue_with_one_countrys_rows_lost(made, queue, lost):
    """The trip of the middle meets the queue of a holiday on its way out."""
    number = len(made) // 2
    out, _, leaves, home = made[number].gates
    longer = [Trip((out, out + queue, leaves + queue, home + queue))]
    later = [Trip(tuple(gate + queue for gate in one.gates)) for one in made[number + 1 :]]
    rows = [row for one in [*made[:number], *longer, *later] for row in rows_of(one)]
    passages = made_by(rows)
    left = [row for row in rows if row.authority != lost]
    for told, at in not_plausible(folded(left)):
        assert told is not where(passages, at)


@many
@given(trips(), st.data())
def test_a_hidden_file_or_minute_never_makes_a_journey_not_plausible(made, data):
    """Unknown stays unknown and plausible turns to unknown at most."""
    days = folded([row for one in made for row in rows_of(one)])
    whole = not_plausible(days)
    hidden = set(data.draw(st.lists(st.sampled_from(sorted(days)), max_size=6)))
    left_files = {day: share for day, share in FILES.items() if day not in hidden}
    left = {day: one for day, one in days.items() if day not in hidden}
    assert not_plausible(left, left_files) <= whole
    blanks = st.sampled_from([{"out_minute": None}, {"back_minute": None}, {"hours_there": None}])
    blanked = {
        day: one._replace(**data.draw(blanks)) if day in hidden else one
        for day, one in days.items()
    }
    assert not_plausible(blanked) <= whole
