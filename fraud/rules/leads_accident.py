"""Leads about the accident: moved (T3), told as work's (T4), arranged (T16)."""

from fraud.clock import local_day
from fraud.features import from_answers, from_claim, from_events, from_history, from_movement
from fraud.features.catalogue import Known
from fraud.records import HospitalAnswer, Place
from fraud.rules.rule import INJURY_SCHEMES, MOST_RECORDS, Found, RuleContext, rule
from fraud.statements import Family, HitKind

# All numbers below are assumptions to be replaced once labelled outcomes exist. They are chosen to
# leave the look-alikes of each typology alone.
LATE_REPORT_HOURS = 72
FAR_OFF_ROUTE_MINUTES = 60
"""Meal breaks, a school on the way and most roads round a jam stay below."""
CLEARLY_BEFORE_DAYS = 2
"""Two papers may differ by a day: a slip around midnight."""


@rule(
    HitKind.LEAD,
    Family.COMMUTER,
    Family.DOCUMENT,
    source="typology T3",
    on=INJURY_SCHEMES,
    variants=("treated", "reported"),
)
def recorded_across_at_accident_stated_here(known: Known, _: RuleContext) -> Found | None:
    """The accident is stated in Malaysia while the person was recorded in Singapore.

    Needs a second sign: a first treatment in Singapore, or a police report made three days later
    or more outside the border districts. An hour around each clearance counts for neither side,
    and an accident on the link between the two clearances is left alone.
    """
    injury = known.claim.injury
    if injury is None or injury.place is not Place.MALAYSIA or not known.history.days:
        return None
    treated = injury.first_treated_in == "singapore"
    reported = (
        known.value(from_claim.police_report_delay_hours) >= LATE_REPORT_HOURS
        and known.value(from_claim.police_report_outside_border_districts) == 1.0
    )
    if not (treated or reported) or known.value(from_movement.was_there) != 1.0:
        return None
    at = injury.occurred_at
    return Found(
        {"at": at.isoformat()},
        (local_day(at).isoformat(),),
        variant="treated" if treated else "reported",
    )


@rule(
    HitKind.LEAD,
    Family.DOCUMENT,
    Family.CLAIM,
    source="typology T4",
    on=from_claim.OF_WORK,
    variants=("off_work", "off_route", "moved"),
)
def private_cause_noted_for_work_injury(known: Known, _: RuleContext) -> Found | None:
    """A first note gives home or sport as the cause of an injury that is claimed as work's.

    Needs a second sign: an employer's list without work on that day, a place an hour off the usual
    way, or leave that was certified two days before the stated accident. A Sunday-evening return, a
    meal break, a school on the way or a note that says nothing does not meet it.
    """
    form = known.value(from_claim.private_cause_first_noted) == 1
    hospital = known.value(from_answers.private_cause_noted_by_hospital) == 1
    if not (form or hospital) or known.event_on is None:
        return None
    day = known.event_on.isoformat()
    records = tuple(one.fact_id for one in known.history.of(HospitalAnswer)) if hospital else ()
    if known.value(from_history.off_work_when_injured) == 1:
        lists = tuple(one.fact_id for one in known.history.attendances)
        return Found({"day": day}, (*records, *lists)[-MOST_RECORDS:], variant="off_work")
    minutes = known.value(from_claim.minutes_off_route)
    if minutes >= FAR_OFF_ROUTE_MINUTES:
        return Found({"day": day, "count": round(minutes)}, records, variant="off_route")
    early = known.value(from_claim.leave_days_before_accident)
    if early >= CLEARLY_BEFORE_DAYS:
        return Found({"day": day, "count": round(early)}, records, variant="moved")
    return None


@rule(
    HitKind.LEAD,
    Family.LINKS,
    Family.COMMUTER,
    source="typology T16",
    on=INJURY_SCHEMES,
    variants=("met", "vehicle"),
)
def companions_of_more_than_one_accident(known: Known, _: RuleContext) -> Found | None:
    """People hurt in the same vehicle are tied by one intermediary and by other accidents.

    Either one of them was in another accident with the person too and came through the same
    intermediary, or that intermediary brought two of their claims and the vehicle also stands in
    other people's accidents of other days. A crash of a bus, a chain of cars in rain, or colleagues
    who share a car do not meet it.
    """
    brought = known.value(from_events.companions_of_same_intermediary)
    if not brought >= 1:
        return None
    met = known.value(from_events.companions_met_in_another_accident)
    if met >= 1:
        ids = tuple(one.claim_id for one in known.companions_met_before or ())
        return Found({"count": round(met)}, ids[-MOST_RECORDS:], variant="met")
    others = known.value(from_events.people_hurt_in_vehicle_on_other_days)
    if brought >= 2 and others >= 2:
        ids = tuple(one.claim_id for one in known.companions or ())
        values = {"count": round(brought), "others": round(others)}
        return Found(dict(values), ids[-MOST_RECORDS:], variant="vehicle")
    return None
