"""Leads about cover: paid twice (T5), joined after the event or without commuting (T15)."""

from fraud import schemes
from fraud.clock import local_day
from fraud.features import from_answers, from_events, from_history
from fraud.features.catalogue import Known
from fraud.records import Scheme
from fraud.rules.rule import INJURY_SCHEMES, MOST_RECORDS, Found, RuleContext, rule
from fraud.statements import Family, HitKind

COMMUTER = frozenset({Scheme.COMMUTER})

# All numbers below are assumptions to be replaced once labelled outcomes exist. They are chosen to
# leave the look-alikes of each typology alone.
LEAST_DAYS_PAID_TWICE = 3
HOURS_BEFORE_TREATMENT = 24


@rule(
    HitKind.LEAD,
    Family.COMMUTER,
    source="typology T15",
    on=COMMUTER,
    terms=("commuter_cover_from_payment",),
)
def enrolled_after_accident(known: Known, _: RuleContext) -> Found | None:
    """The person joined the commuter scheme after the stated accident and before the claim.

    That cover begins at the instant of payment is an assumption until the scheme's own rule is
    known, so this is a lead and says nothing of payability.
    """
    injury = known.claim.injury
    if injury is None or not known.history.enrolments:
        return None
    if not schemes.value("commuter_cover_from_payment", local_day(injury.occurred_at)):
        return None
    first = min(known.history.enrolments, key=lambda enrolment: enrolment.paid_at)
    if not injury.occurred_at < first.paid_at <= known.claim.received_at:
        return None
    values = {"paid_at": first.paid_at.isoformat(), "at": injury.occurred_at.isoformat()}
    return Found(dict(values), (first.fact_id,))


@rule(
    HitKind.LEAD,
    Family.DOCUMENT,
    Family.CLAIM,
    source="typology T5",
    on=INJURY_SCHEMES,
    variants=("leave", "receipts", "law"),
)
def same_injury_paid_by_another_and_denied(known: Known, _: RuleContext) -> Found | None:
    """Another payer paid for the same injury, and the form says that nobody else pays.

    Needs a second sign: three leave days paid by both, an expense receipt paid by both, or a claim
    of the same person for that accident under another law. A declared overlap, a person's own
    insurance, another injury and expenses split between payers do not meet it. No rule on offset
    between the two countries was found: this is a matter to coordinate.
    """
    if not known.value(from_answers.payments_denied_on_form) >= 1:
        return None
    payments = from_answers.payments_for_same_injury(known) or []
    records = tuple(one.fact_id for one in payments)[-MOST_RECORDS:]
    days = known.value(from_answers.leave_days_paid_by_another)
    if days >= LEAST_DAYS_PAID_TWICE:
        return Found({"count": round(days)}, records, variant="leave")
    receipts = known.value(from_answers.receipts_paid_by_another)
    if receipts >= 1:
        return Found({"count": round(receipts)}, records, variant="receipts")
    if known.value(from_events.own_claims_under_another_law) >= 1:
        own = tuple(one.claim_id for one in from_events.claims_under_another_law(known) or ())
        return Found({"count": len(own)}, (*records, *own)[-MOST_RECORDS:], variant="law")
    return None


@rule(
    HitKind.LEAD,
    Family.COMMUTER,
    Family.CLAIM,
    source="typology T15",
    on=from_history.COVER_BY_PAYMENT,
)
def enrolment_paid_by_who_brought_the_claim(known: Known, _: RuleContext) -> Found | None:
    """Whoever brought the claim paid for joining, within a day of the first treatment or after it.

    An association that enrols its members, a new starter or somebody back from leave does not meet
    it. Weeks without a recorded crossing are no sign: records get lost.
    """
    if known.value(from_history.enrolment_paid_by_intermediary) != 1:
        return None
    first = min(known.history.enrolments, key=lambda enrolment: enrolment.paid_at)
    values = {"paid_at": first.paid_at.isoformat()}
    if known.value(from_history.hours_from_enrolment_to_treatment) <= HOURS_BEFORE_TREATMENT:
        return Found(dict(values), (first.fact_id,))
    return None
