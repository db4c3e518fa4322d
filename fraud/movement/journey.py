"""Was this person plausibly on this route at this time: one journey, asked about one accident.

The journey is held against the clearances around its own minute and nothing else: no habit, no
usual hour. *Not plausible* takes a leaving and the next return, both with their minute and of days
whose files are whole, and hours across that leave no room to be home in between. Whatever is
missing makes it *unknown*. Nobody is found to have been at home: a trip that got lost reads the
same. A return and the next leaving, both lost with both countries, join two trips into one; only
the claimant can tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from fraud.clock import LOCAL
from fraud.movement.presence import LONGEST_ON_THE_WAY, MARGIN_MINUTES, PersonDay
from fraud.movement.trips import LONGEST_QUEUE, STAY_KEPT_DAYS
from fraud.records import Place

MIDNIGHT_MINUTES = 120
"""[A] So close to midnight, the day that is written down may be the day before or after."""
TOLERANCE = {Place.MALAYSIA: MARGIN_MINUTES, Place.LINK: LONGEST_QUEUE}
"""Minutes from a Malaysian gate, on its far side, that the place told still allows for: clocks,
rounding and the ride of the RTS after both clearances; on the link the worst holiday queue."""
MINUTES_A_DAY = 1440

Answer = Literal["plausible", "not_plausible", "unknown"]


@dataclass(frozen=True, slots=True)
class Journey:
    """The answer with what it rests on: the Malaysian clearances around the minute, and the days.

    `before` and `after` are the nearest recorded clearances on either side; None: not recorded.
    """

    answer: Answer
    before: datetime | None = None
    after: datetime | None = None
    days: tuple[PersonDay, ...] = ()


class _Gate(NamedTuple):
    """A Malaysian clearance; `minute` runs from the first midnight of the calendar."""

    minute: int
    leaving: bool


def journey(
    days: Mapping[int, PersonDay], files: Mapping[int, float], told: Place, at: datetime
) -> Journey:
    """Whether records allow for a journey to or from work across the border at a place and time.

    Args:
        days: person-days by day number (`date.toordinal`).
        files: outages (0 to 1) of the border files received, by day number; answers on single days
            are none.
        told: where on the way the accident is told to have happened.
        at: the stated minute. Around midnight the same minute a day off is allowed for too.
    """
    local = at.astimezone(LOCAL)
    minute = local.hour * 60 + local.minute
    stated = local.date().toordinal() * MINUTES_A_DAY + minute
    near_midnight = min(minute, MINUTES_A_DAY - minute) <= MIDNIGHT_MINUTES
    slips = (0, -MINUTES_A_DAY, MINUTES_A_DAY) if near_midnight else (0,)
    found = [_judged(days, files, told, stated + slip) for slip in slips]
    for one in found:
        if one.answer == "plausible":
            return one
    certain = all(one.answer == "not_plausible" for one in found)
    return found[0] if certain else Journey("unknown")


def _judged(
    days: Mapping[int, PersonDay], files: Mapping[int, float], told: Place, at: int
) -> Journey:
    gates = _gates(days, at // MINUTES_A_DAY)
    before = max((one for one in gates if one.minute <= at), default=None)
    after = min((one for one in gates if one.minute > at), default=None)
    across = _one_stay(days, files, before, after)
    if told is Place.SINGAPORE:
        answer: Answer = "plausible" if across else "unknown"
    elif _on_the_way(told, before, after, at):
        answer = "plausible"
    elif across and before and after:
        near = min(at - before.minute, after.minute - at)
        answer = "not_plausible" if near > TOLERANCE[told] else "unknown"
    else:
        answer = "unknown"
    if answer == "unknown":
        return Journey(answer)
    read = {one.minute // MINUTES_A_DAY for one in (before, after) if one}
    return Journey(
        answer, _moment(before), _moment(after), tuple(days[day] for day in sorted(read))
    )


def _gates(days: Mapping[int, PersonDay], number: int) -> list[_Gate]:
    """The Malaysian clearances recorded around a day, as far as a stay is believed."""
    found = []
    for other in range(number - STAY_KEPT_DAYS, number + STAY_KEPT_DAYS + 1):
        if day := days.get(other):
            for minute, leaving in ((day.out_minute, True), (day.back_minute, False)):
                if minute is not None:
                    found.append(_Gate(other * MINUTES_A_DAY + minute, leaving))
    return found


def _on_the_way(told: Place, before: _Gate | None, after: _Gate | None, at: int) -> bool:
    """Whether a clearance within the longest queue, on the side of the gate told, allows for it."""
    link = told is Place.LINK
    came = before is not None and before.leaving == link and at - before.minute <= LONGEST_QUEUE
    goes = after is not None and after.leaving != link and after.minute - at <= LONGEST_QUEUE
    return came or goes


def _one_stay(
    days: Mapping[int, PersonDay],
    files: Mapping[int, float],
    before: _Gate | None,
    after: _Gate | None,
) -> bool:
    """Whether a leaving and a return are the two ends of one stay, with no room to be home."""
    if before is None or after is None or not before.leaving or after.leaving:
        return False
    first, last = before.minute // MINUTES_A_DAY, after.minute // MINUTES_A_DAY
    if any(files.get(day, 1.0) > 0 for day in range(first - 1, last + 1)):
        return False
    eve = days.get(first - 1)
    asleep = eve is not None and eve.asleep_there
    for number in range(first, last + 1):
        day = days.get(number)
        if day is None or not _filled(day, began_there=asleep):
            return False
        asleep = day.asleep_there
    return True


def _filled(day: PersonDay, *, began_there: bool) -> bool:
    """Whether the hours across are those between the day's ends, less what the queues may take."""
    out, back = day.out_minute, day.back_minute
    twice = out is not None and back is not None and back < out
    if began_there != (twice or out is None) or day.asleep_there != (twice or back is None):
        return False
    if day.hours_there is None or day.faults:
        return False
    between = MINUTES_A_DAY * day.asleep_there + (back or 0) - (out or 0)
    return -1 <= between - day.hours_there * 60 <= LONGEST_ON_THE_WAY


def _moment(gate: _Gate | None) -> datetime | None:
    if gate is None:
        return None
    number, minute = divmod(gate.minute, MINUTES_A_DAY)
    return datetime.combine(date.fromordinal(number), time(), LOCAL) + timedelta(minutes=minute)
