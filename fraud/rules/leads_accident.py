"""Leads about the accident itself: told elsewhere than it was (T3)."""

from fraud.clock import local_day
from fraud.features import from_claim, from_movement
from fraud.features.catalogue import Known
from fraud.records import Place
from fraud.rules.rule import INJURY_SCHEMES, Found, RuleContext, rule
from fraud.statements import Family, HitKind

# All numbers below are assumptions to be replaced once labelled outcomes exist. They are chosen to
# leave the look-alikes of each typology alone.
LATE_REPORT_HOURS = 72


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
