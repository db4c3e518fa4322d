"""Leads about certified leave: at work while certified unfit (T2)."""

from fraud.features import from_answers
from fraud.features.catalogue import Known
from fraud.records import PlatformTrips
from fraud.rules.rule import (
    INJURY_SCHEMES,
    MOST_RECORDS,
    Found,
    RuleContext,
    day_records,
    rule,
)
from fraud.statements import Family, HitKind

# All numbers below are assumptions to be replaced once labelled outcomes exist. They are chosen to
# leave the look-alikes of each typology alone.
LEAST_STAYS = 8
"""Fewer stays than this may be a treatment."""
LEAST_DAYS_AT_WORK = 3
LEAST_TRIP_DAYS, TRIP_SHARE = 5, 1 / 3
"""A relative may borrow an account for a day or two."""


@rule(
    HitKind.LEAD,
    Family.DOCUMENT,
    source="typology T2",
    on=INJURY_SCHEMES,
)
def at_work_early_in_certified_leave(known: Known, _: RuleContext) -> Found | None:
    """An employer's list shows the person at work in the first half of the certified leave.

    The day of the accident does not count, three days are needed, and two of them in the first
    half: agreed light duties usually begin later.
    """
    if not known.history.attendances or known.event_on is None:
        return None
    accident = known.event_on.toordinal()
    leave = [day for day in known.leave_days if day != accident]
    certified = set(leave)
    present: dict[int, str] = {
        day.toordinal(): attendance.fact_id
        for attendance in known.history.attendances
        for day in attendance.days_present
        if day.toordinal() in certified
    }
    half = leave[len(leave) // 2] if leave else 0
    if len(present) < LEAST_DAYS_AT_WORK or sum(day < half for day in present) < 2:
        return None
    return Found({"count": len(present), "leave": len(leave)}, tuple(sorted(set(present.values()))))


@rule(
    HitKind.LEAD,
    Family.COMMUTER,
    Family.DOCUMENT,
    source="typology T2",
    on=INJURY_SCHEMES,
    variants=("extended", "attendance"),
)
def working_day_stays_on_certified_leave(known: Known, _: RuleContext) -> Found | None:
    """Recorded stays in Singapore go on during certified leave, and a document points the same way.

    Needs eight stays of eight hours or more on over half of the leave days with a border file, and
    a second sign: leave extended three times by one facility, or an employer's list with the person
    at work on leave. Without the latter it says nothing of people first treated in Singapore, who
    go back there for treatment.
    """
    if not known.history.days or len(known.leave_days) < LEAST_STAYS:
        return None
    covered, stays = known.covered_leave, known.stays_on_leave
    if len(stays) < max(LEAST_STAYS, len(covered) / 2):
        return None
    values: dict[str, str | int | float] = {"count": len(stays), "leave": len(covered)}
    certified = set(known.leave_days[1:])
    listed = {
        attendance.fact_id
        for attendance in known.history.attendances
        if any(day.toordinal() in certified for day in attendance.days_present)
    }
    if listed:
        return Found(values, (*day_records(stays), *sorted(listed)), variant="attendance")
    injury = known.claim.injury
    if injury is None or injury.first_treated_in == "singapore":
        return None
    serials = _extended_by_one_facility(known)
    return Found(values, (*day_records(stays), *serials), variant="extended") if serials else None


def _extended_by_one_facility(known: Known) -> tuple[str, ...]:
    facilities: dict[str, list[str]] = {}
    for certificate in known.claim.certificates:
        facilities.setdefault(certificate.facility, []).append(certificate.serial)
    most = max(facilities.values(), key=len, default=[])
    return tuple(most[-MOST_RECORDS:]) if len(most) > 3 else ()


@rule(HitKind.LEAD, Family.DOCUMENT, source="typology T2", on=INJURY_SCHEMES)
def platform_trips_on_certified_leave(known: Known, _: RuleContext) -> Found | None:
    """A platform's log shows the person's account at work on certified leave as before it.

    Needs five leave days with trips, on a third of those the log covers, two of them in the first
    half of the leave, and half the rhythm of the weeks before. The account may be in other hands,
    so the first question is who rode.
    """
    leave = from_answers.leave_after_accident(known)
    ridden, answered = from_answers.trips_on_leave(known)
    if len(ridden) < max(LEAST_TRIP_DAYS, TRIP_SHARE * len(answered)):
        return None
    half = leave[len(leave) // 2]
    if sum(day < half for day in ridden) < 2:
        return None
    if not known.value(from_answers.trips_on_leave_over_usual) >= 0.5:
        return None
    logs = tuple(one.fact_id for one in known.history.of(PlatformTrips))[-MOST_RECORDS:]
    return Found({"count": len(ridden), "leave": len(answered)}, logs)
