"""Rules of kind *data quality* about answers: two records contradict each other. Ask, correct."""

from collections.abc import Iterable
from datetime import date, timedelta

from fraud.clock import local_day
from fraud.features import from_answers, from_claim
from fraud.features.catalogue import Known
from fraud.records import BoardListing, InsurerPayment, PlatformTrips
from fraud.rules.rule import INJURY_SCHEMES, MOST_RECORDS, Found, RuleContext, rule
from fraud.statements import Family, HitKind

SLIP = timedelta(days=1)
"""A date written around midnight."""


@rule(HitKind.DATA_QUALITY, Family.DOCUMENT, source="agreement of dates")
def certificate_dated_after_receipt(known: Known, _: RuleContext) -> Found | None:
    """A medical certificate is dated after the claim that carries it was received."""
    late = [one for one in known.claim.certificates if one.issued_on - known.received_on > SLIP]
    if not late:
        return None
    return Found(
        {"count": len(late), "received_on": known.received_on.isoformat()},
        tuple(one.serial for one in late)[-MOST_RECORDS:],
    )


@rule(HitKind.DATA_QUALITY, Family.DOCUMENT, source="agreement of dates", on=INJURY_SCHEMES)
def seen_in_hospital_before_accident(known: Known, _: RuleContext) -> Found | None:
    """The hospital's book shows the visit of a certificate over a day before the accident."""
    event = known.event_on
    if event is None:
        return None
    early = [
        (one.seen_on, one.fact_id)
        for one in from_answers.hospital_answers(known)
        if one.seen_on is not None and event - one.seen_on > SLIP
    ]
    if not early:
        return None
    values = {"seen_on": min(early)[0].isoformat(), "event_on": event.isoformat()}
    return Found(dict(values), tuple(fact_id for _, fact_id in early)[-MOST_RECORDS:])


@rule(
    HitKind.DATA_QUALITY,
    Family.DOCUMENT,
    source="agreement of records",
    on=from_claim.BEFORE_BOARD,
    variants=("session", "day"),
)
def board_attendance_not_as_listed(known: Known, _: RuleContext) -> Found | None:
    """Somebody came to a session other than those the claim is listed for, or on another day.

    A session that was put off, or a slip of the pen, is the usual cause.
    """
    claim_id = known.claim.claim_id
    days = {
        one.session: one.held_on
        for one in known.history.of(BoardListing)
        if one.claim_id == claim_id
    }
    if not days:
        return None
    for came in known.history.at_board(claim_id):
        day = local_day(came.attended_at)
        if came.session not in days:
            return Found({"day": day.isoformat()}, (came.fact_id,), variant="session")
        if day != days[came.session]:
            listed = days[came.session].isoformat()
            values = {"day": day.isoformat(), "listed_on": listed}
            return Found(dict(values), (came.fact_id,), variant="day")
    return None


@rule(
    HitKind.DATA_QUALITY,
    Family.DOCUMENT,
    source="agreement of dates",
    on=INJURY_SCHEMES,
    variants=("after_claim", "before_injury"),
)
def other_payment_of_impossible_date(known: Known, _: RuleContext) -> Found | None:
    """Another payer paid before the injury it names, or names one just after this claim came."""
    injury = known.claim.injury
    if injury is None:
        return None
    part = injury.injury_code[:3].upper()
    for one in known.history.of(InsurerPayment):
        injured, paid = one.injured_on.isoformat(), local_day(one.paid_at)
        if paid < one.injured_on:
            values = {"injured_on": injured, "paid_on": paid.isoformat()}
            return Found(dict(values), (one.fact_id,), variant="before_injury")
        days_after = (one.injured_on - known.received_on).days
        if one.injury_code[:3].upper() == part and 0 < days_after <= SOON_DAYS:
            return Found({"injured_on": injured}, (one.fact_id,), variant="after_claim")
    return None


SOON_DAYS = 31
"""The same part of the body hurt again within a month of the claim is more likely a wrong month."""


@rule(
    HitKind.DATA_QUALITY,
    Family.DOCUMENT,
    source="agreement of dates",
    variants=("attendance", "platform"),
)
def list_names_days_it_does_not_cover(known: Known, _: RuleContext) -> Found | None:
    """An employer's list or a platform's log names days outside the span it answers for."""
    for one in known.history.attendances:
        if _outside(one.days_present, one.first_day, one.last_day):
            return Found({}, (one.fact_id,), variant="attendance")
    for log in known.history.of(PlatformTrips):
        if _outside(log.days, log.first_day, log.last_day):
            return Found({}, (log.fact_id,), variant="platform")
    return None


def _outside(days: Iterable[date], first: date, last: date) -> bool:
    return any(not first <= day <= last for day in days)
