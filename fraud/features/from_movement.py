"""Features of recorded crossings. They read what was recorded; what was not is unknown."""

from datetime import datetime
from math import isnan
from statistics import median

from fraud import schemes
from fraud.features.catalogue import UNKNOWN, Known, Source, feature
from fraud.features.from_claim import BEFORE_BOARD, INJURIES
from fraud.movement import PersonDay, place_at
from fraud.records import Place, Scheme
from fraud.statements import Family

JOB_SEARCH = frozenset({Scheme.JOB_SEARCH})


ONLY_UP = (
    "stays_a_week_before_event",
    "weekday_stays_while_employed_here",
    "stays_on_leave",
    "stays_early_in_leave",
    "share_of_leave_in_stays",
    "weekday_stays_after_loss",
    "most_stays_in_four_weeks_after_notice",
    "share_of_weekdays_in_stays_after_loss",
    "stays_in_last_two_weeks_before_claim",
    "recorded_there_at_accident_stated_here",
    "hours_there_on_day_of_event",
    "certificates_issued_while_across",
    "recorded_across_at_board_session",
    "stays_a_week_before_illness_claim",
    "stays_a_week_in_new_job",
)
"""Features of recorded presence across. A lost clearance can only lower them, so they may speak for
a review by being high and never by being low (`fraud.features.patterns.DIRECTIONS`)."""


def _per_week(count: int, days: int) -> float:
    return 7 * count / days


@feature(Family.COMMUTER, Source.CROSSINGS, "days a week", "T1", "T2", "T10", "T15")
def stays_a_week_before_event(known: Known) -> float:
    """Recorded working-day stays in Singapore a week, over the six weeks before the event."""
    covered = known.covered_baseline
    if not covered or not known.baseline:
        return UNKNOWN
    return _per_week(len(known.long_stays(covered)), len(covered))


@feature(Family.EMPLOYER, Source.CROSSINGS, "days a week", "T10")
def weekday_stays_while_employed_here(known: Known) -> float:
    """Recorded weekday stays in Singapore a week before the event, with an employer in Malaysia."""
    covered = known.covered_baseline
    if known.claim.employer_code is None or not covered or not known.baseline:
        return UNKNOWN
    weekdays = [day for day in covered if (day - 1) % 7 < 5]
    return _per_week(len(known.long_stays(weekdays)), len(covered))


@feature(Family.COMMUTER, Source.CROSSINGS, "days", "T2", schemes=INJURIES)
def stays_on_leave(known: Known) -> float:
    """Certified leave days with a recorded stay in Singapore of eight hours or more."""
    covered = known.covered_leave
    return float(len(known.stays_on_leave)) if covered else UNKNOWN


@feature(Family.COMMUTER, Source.CROSSINGS, "share", "T2", schemes=INJURIES)
def share_of_leave_in_stays(known: Known) -> float:
    """Share of the certified leave days with a border file on which such a stay is recorded."""
    covered = known.covered_leave
    return len(known.stays_on_leave) / len(covered) if covered else UNKNOWN


@feature(Family.COMMUTER, Source.CROSSINGS, "days", "T2", schemes=INJURIES)
def stays_early_in_leave(known: Known) -> float:
    """Such stays in the first half of the certified leave; light duties begin later."""
    leave = _leave_after_accident(known, known.leave_days)
    if not known.covered(leave):
        return UNKNOWN
    middle = leave[(len(leave) - 1) // 2]
    return float(sum(stay.day.toordinal() <= middle for stay in known.stays_on_leave))


def _leave_after_accident(known: Known, leave: list[int]) -> list[int]:
    event = known.event_on
    return [day for day in leave if event and day > event.toordinal()]


@feature(Family.COMMUTER, Source.CROSSINGS, "days", "T1", schemes=JOB_SEARCH)
def weekday_stays_after_loss(known: Known) -> float:
    """Weekdays after the loss of the job with a recorded working-day stay in Singapore."""
    return float(len(known.stays_after_loss)) if known.covered_after_loss else UNKNOWN


NOTICE_DAYS = 35
"""People may work out a notice of some weeks after the day they name as their last."""


FOUR_WEEKS = 20
"""Working days."""


@feature(Family.COMMUTER, Source.CROSSINGS, "days", "T1", schemes=JOB_SEARCH)
def most_stays_in_four_weeks_after_notice(known: Known) -> float:
    """The most such weekday stays in any four weeks from the sixth after losing a full-time job.

    By then a notice has been worked out. Of a job paid below the minimum wage it says nothing: who
    loses a part-time job may keep another.
    """
    loss = known.claim.job_loss
    if loss is None or not lost_full_time_job(known):
        return UNKNOWN
    first = loss.last_day.toordinal() + NOTICE_DAYS
    days = known.covered([day for day in known.after_loss if day > first])
    if not days:
        return UNKNOWN
    stayed = {stay.day.toordinal() for stay in known.long_stays(days)}
    spans = (days[at : at + FOUR_WEEKS] for at in range(max(1, len(days) - FOUR_WEEKS + 1)))
    return float(max(len(stayed.intersection(span)) for span in spans))


def lost_full_time_job(known: Known) -> bool:
    """Whether the last insured wage was that of a full month's work; False when unknown."""
    runs = known.runs_before_event or ()
    least = schemes.value("minimum_wage", known.received_on)
    return least is not None and any(run.monthly_wage_sen >= least for run in runs[-1:])


@feature(Family.COMMUTER, Source.CROSSINGS, "share", "T1", schemes=JOB_SEARCH)
def share_of_weekdays_in_stays_after_loss(known: Known) -> float:
    """Share of the weekdays with a border file after the loss of the job with such a stay."""
    covered = known.covered_after_loss
    return len(known.stays_after_loss) / len(covered) if covered else UNKNOWN


@feature(Family.COMMUTER, Source.CROSSINGS, "days", "T1", schemes=JOB_SEARCH)
def stays_in_last_two_weeks_before_claim(known: Known) -> float:
    """Such weekday stays among the last ten working days before the claim was last heard of."""
    covered = known.covered(known.after_loss[-10:])
    return float(len(known.long_stays(covered))) if covered else UNKNOWN


def _leaving_minutes(days: list[PersonDay]) -> list[int]:
    return [day.out_minute for day in days if day.out_minute is not None]


@feature(Family.COMMUTER, Source.CROSSINGS, "minutes", "T1", schemes=JOB_SEARCH)
def spread_of_leaving_after_loss(known: Known) -> float:
    """Typical distance of the hour of leaving from its middle after the loss of the job."""
    minutes = _leaving_minutes(known.stays_after_loss)
    if len(minutes) < 3:
        return UNKNOWN
    middle = median(minutes)
    return float(median(abs(minute - middle) for minute in minutes))


def was_there(known: Known) -> float:
    """1 when the border file puts the person in Singapore at the stated instant, 0 in Malaysia."""
    injury = known.claim.injury
    return UNKNOWN if injury is None else was_there_at(known, injury.occurred_at)


def was_there_at(known: Known, instant: datetime) -> float:
    """1 when the border file puts the person in Singapore at an instant, 0 in Malaysia."""
    return _PLACES[place_at(known.history.days, instant)]


_PLACES = {"there": 1.0, "here": 0.0, "unknown": UNKNOWN}


@feature(Family.COMMUTER, Source.CROSSINGS, "0 or 1", "T3", schemes=INJURIES)
def recorded_there_at_accident_stated_here(known: Known) -> float:
    """The accident is stated in Malaysia while the border file puts the person in Singapore."""
    injury = known.claim.injury
    if injury is None:
        return UNKNOWN
    there = known.value(was_there)
    return there if injury.place is Place.MALAYSIA or isnan(there) else 0.0


@feature(Family.COMMUTER, Source.CROSSINGS, "hours", "T3", schemes=INJURIES)
def hours_there_on_day_of_event(known: Known) -> float:
    """Recorded hours in Singapore on the day of the stated accident."""
    if known.event_on is None:
        return UNKNOWN
    day = known.history.days.get(known.event_on.toordinal())
    return UNKNOWN if day is None or day.hours_there is None else day.hours_there


@feature(Family.COMMUTER, Source.CROSSINGS, "0 or 1", "T16", schemes=INJURIES)
def recorded_here_at_accident_stated_there(known: Known) -> float:
    """The accident is stated in Singapore while the border file puts the person in Malaysia."""
    injury = known.claim.injury
    if injury is None:
        return UNKNOWN
    there = known.value(was_there)
    return 1 - there if injury.place is Place.SINGAPORE or isnan(there) else 0.0


WHOLE_DAY_HOURS = 23.0
"""Nobody with so many hours across saw a clinic on this side that day."""


@feature(Family.COMMUTER, Source.CROSSINGS, "certificates", "T6", schemes=INJURIES)
def certificates_issued_while_across(known: Known) -> float:
    """Certificates issued on a day that was spent in Singapore.

    On the day of the accident it takes the whole day, later a working day. One given from afar
    says so and does not count, nor do those of people treated in Singapore. A clinic that is open
    at night may see commuters after work.
    """
    injury, event = known.claim.injury, known.event_on
    if injury is None or event is None or injury.first_treated_in != "malaysia":
        return UNKNOWN
    issued = [one.issued_on.toordinal() for one in known.claim.certificates if not one.remote]
    covered = known.covered(issued)
    if not covered:
        return UNKNOWN
    spent = {
        stay.day.toordinal()
        for stay in known.long_stays(covered)
        if stay.day > event or (stay.hours_there or 0.0) >= WHOLE_DAY_HOURS
    }
    return float(sum(day in spent for day in covered))


@feature(Family.COMMUTER, Source.CROSSINGS, "0 or 1", "T9", schemes=BEFORE_BOARD)
def recorded_across_at_board_session(known: Known) -> float:
    """The border file puts the person in Singapore at the hour of a session they came to."""
    sessions = known.history.at_board(known.claim.claim_id)
    known_places = [
        place
        for place in (was_there_at(known, one.attended_at) for one in sessions)
        if not isnan(place)
    ]
    return max(known_places, default=UNKNOWN)
