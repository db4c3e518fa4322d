"""Where a person was on a day, as far as records say: here, there, or unknown.

Absence of a record proves nothing. *There* needs a stay with a recorded end on both sides; *here*
at an hour needs a Malaysian clearance close by, or a return before it and a leaving after it.
Whatever lies in between is unknown. A clearance that got lost can so take a fact away; it makes
one only where a return and the next leaving are both lost with both countries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntFlag
from typing import Literal, NamedTuple

from fraud.clock import LOCAL
from fraud.records import DayPresence

WORKING_STAY_HOURS = 8.0
"""A stay in Singapore as long as a working day (typologies T1 and T2)."""
MARGIN_MINUTES = 60
"""Within an hour of a clearance a person may be on the link or in a queue: not counted as there."""
LONGEST_ON_THE_WAY = 90
"""Minutes that the queues of a trip may take; where more is missing the person may have been home
in between."""
LONGEST_AT_HOME = 960
"""[A] Minutes between a return and the next leaving that leave no room for a day out unseen."""
LEAST_CONFIDENCE = 0.7
"""[A] An answer on a day that is less sure than this counts as unknown."""

Presence = Literal["here", "there", "unknown"]


class Fault(IntFlag):
    """What of a person's day cannot be true as recorded: somebody should ask, nobody is accused."""

    UNPAIRED = 1
    """Two passages in one direction in a row: the one between them is missing."""
    TWO_PLACES = 2
    """Both countries saw the person enter, or leave, within minutes."""
    AHEAD = 4
    """The file held a clearance of a later day than its own."""


class PersonDay(NamedTuple):
    """What is recorded of one person on one local day.

    `hours_there` is hours in Singapore on that day, or None while they are unknown: trips that
    cannot be paired, an outage, or a stay whose end is not recorded (yet). `out_minute` and
    `back_minute` are minutes after local midnight of the first leaving of and last return to
    Malaysia, None when not recorded that day. `asleep_there` is True when the last thing recorded
    by midnight is a leaving. `faults` holds `Fault` flags.
    """

    mykad: str
    day: date
    hours_there: float | None
    out_minute: int | None
    back_minute: int | None
    asleep_there: bool
    faults: int = 0

    @property
    def seen(self) -> bool:
        """Whether something was recorded on the day itself, not only before or after it."""
        return self.out_minute is not None or self.back_minute is not None or not self.asleep_there


@dataclass(frozen=True, slots=True)
class DayFact:
    """What a day comes to, as an agency may answer; `confidence` is 0 to 1."""

    presence: Presence
    confidence: float


SURE, USUAL, UNSEEN = 0.95, 0.9, 0.8
"""[A] Confidence with every Malaysian clearance of the day, with some missing, with none."""


def day_fact(seen: PersonDay | None, *, complete: bool) -> DayFact:
    """A recorded day as one word, for when a legal basis gives only that.

    Args:
        seen: the person-day; None when the agency's complete file, in which the person's last
            passage was a return, has no row of that day.
        complete: whether the file of that day had no outage.
    """
    if not complete or (seen is not None and seen.hours_there is None):
        return DayFact("unknown", 0.0)
    if seen is None:
        return DayFact("here", UNSEEN)
    both = seen.out_minute is not None and seen.back_minute is not None
    there = (seen.hours_there or 0.0) >= WORKING_STAY_HOURS
    return DayFact("there" if there else "here", SURE if both else USUAL)


def answered_days(
    answers: tuple[DayPresence, ...], person: str
) -> tuple[dict[int, PersonDay], dict[int, float]]:
    """Days on which answers say where a person was, and the outages (0) of days so covered.

    By day number; a later answer on a day replaces an earlier one. *There* is a stay of a working
    day's length without minutes, *here* a covered day without one; *unknown* and unsure answers
    cover nothing.
    """
    days: dict[int, PersonDay] = {}
    covered: dict[int, float] = {}
    for answer in answers:
        number = answer.day.toordinal()
        days.pop(number, None)
        covered.pop(number, None)
        if answer.presence == "unknown" or answer.confidence < LEAST_CONFIDENCE:
            continue
        covered[number] = 0.0
        if answer.presence == "there":
            days[number] = PersonDay(person, answer.day, WORKING_STAY_HOURS, None, None, False)
    return days, covered


def place_at(days: Mapping[int, PersonDay], instant: datetime) -> Presence:
    """Where recorded clearances put a person at an instant.

    `days` are by day number (`date.toordinal`); the days beside that of the instant are read too.
    """
    at = instant.astimezone(LOCAL)
    minute, number = at.hour * 60 + at.minute, at.date().toordinal()
    day = days.get(number)
    if day is None or day.hours_there is None:
        return "unknown"
    before = days.get(number - 1)
    began_there = before is not None and before.asleep_there
    if _there(day, day.hours_there * 60, minute, began_there=began_there):
        return "there"
    return "here" if _here(days, number, day, minute) else "unknown"


def _there(day: PersonDay, minutes: float, minute: int, *, began_there: bool) -> bool:
    """Whether a stay with both ends recorded holds the minute and leaves no room to be home.

    Of a day that began across, some of the hours were before its first leaving: those between the
    leaving and the return are not known. The morning of a day counts when it began across.
    """
    out, back = day.out_minute, day.back_minute
    slack = LONGEST_ON_THE_WAY
    if minutes >= 1440:
        return True
    if out is None and back is None:
        return False
    if out is None:
        one_stay = began_there and not day.asleep_there and minutes >= (back or 0) - slack
        return one_stay and minute < (back or 0) - MARGIN_MINUTES
    if back is None:
        went_on = day.asleep_there and minutes >= 1440 - out - slack
        return went_on and minute > out + MARGIN_MINUTES
    if out < back:
        one_trip = not day.asleep_there and minutes >= back - out - slack
        return (
            not began_there and one_trip and out + MARGIN_MINUTES < minute < back - MARGIN_MINUTES
        )
    if not day.asleep_there or minutes < back + 1440 - out - slack:
        return False
    return (began_there and minute < back - MARGIN_MINUTES) or minute > out + MARGIN_MINUTES


def _here(days: Mapping[int, PersonDay], number: int, day: PersonDay, minute: int) -> bool:
    """Whether a Malaysian clearance is close, or a return before and a leaving after enclose it."""
    out, back = day.out_minute, day.back_minute
    if out is not None and back is not None and back < out:
        return back < minute < out
    if out is not None and minute < out:
        before = days.get(number - 1)
        home_since = before.back_minute if before and not before.asleep_there else None
        near = out - minute <= MARGIN_MINUTES
        return near or (home_since is not None and out + 1440 - home_since <= LONGEST_AT_HOME)
    if back is None or day.asleep_there or minute <= back:
        return False
    after = days.get(number + 1)
    leaves = after.out_minute if after and _leaves_first(after) else None
    near = minute - back <= MARGIN_MINUTES
    return near or (leaves is not None and leaves + 1440 - back <= LONGEST_AT_HOME)


def _leaves_first(day: PersonDay) -> bool:
    return day.back_minute is None or (day.out_minute or 0) < day.back_minute
