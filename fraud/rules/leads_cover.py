"""Leads about cover: joined after the event (T15)."""

from fraud import schemes
from fraud.clock import local_day
from fraud.features.catalogue import Known
from fraud.records import Scheme
from fraud.rules.rule import Found, RuleContext, rule
from fraud.statements import Family, HitKind

COMMUTER = frozenset({Scheme.COMMUTER})


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
