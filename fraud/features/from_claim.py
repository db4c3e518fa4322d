"""Features of the claim itself: timing, amounts and documents."""

from collections import Counter
from datetime import date, datetime

from fraud.features.catalogue import UNKNOWN, Known, Source, feature
from fraud.records import Place, Scheme
from fraud.statements import Family

INJURIES = frozenset(
    {
        Scheme.TEMPORARY_DISABLEMENT,
        Scheme.PERMANENT_DISABLEMENT,
        Scheme.COMMUTER,
        Scheme.ANY_HOUR_INJURY,
        Scheme.SELF_EMPLOYED,
        Scheme.HOUSEWIFE,
    }
)
"""Schemes whose claims rest on an injury."""
WAGE_CEILING_SEN = 600_000
"""Insured wage ceiling of RM6,000 since 1 Oct 2024 (Act 4)."""

BORDER_DISTRICTS = ("JB", "JOHOR BAHRU", "ISKANDAR PUTERI", "KULAI")
"""Police districts of the Johor side of both links."""

LAST_FRIDAY_WEEKEND = date(2024, 12, 31)


def _hours(start: datetime | None, end: datetime | None) -> float:
    if start is None or end is None:
        return UNKNOWN
    return (end - start).total_seconds() / 3600


@feature(Family.CLAIM, Source.CLAIM, "0 or 1")
def is_temporary_disablement(known: Known) -> float:
    """The claim is for temporary disablement benefit."""
    return float(known.claim.scheme is Scheme.TEMPORARY_DISABLEMENT)


@feature(Family.CLAIM, Source.CLAIM, "0 or 1")
def is_permanent_disablement(known: Known) -> float:
    """The claim is for permanent disablement benefit."""
    return float(known.claim.scheme is Scheme.PERMANENT_DISABLEMENT)


@feature(Family.CLAIM, Source.CLAIM, "0 or 1")
def is_job_search(known: Known) -> float:
    """The claim is for job search allowance."""
    return float(known.claim.scheme is Scheme.JOB_SEARCH)


@feature(Family.CLAIM, Source.CLAIM, "0 or 1")
def is_road_accident(known: Known) -> float:
    """The accident happened on the road or on the way to or from work."""
    injury = known.claim.injury
    return UNKNOWN if injury is None else float(injury.kind == "road")


@feature(Family.CLAIM, Source.CLAIM, "days")
def filing_delay_days(known: Known) -> float:
    """Days from the event (accident, last day at work) to the receipt of the claim."""
    if known.event_on is None:
        return UNKNOWN
    return float((known.received_on - known.event_on).days)


@feature(Family.CLAIM, Source.CLAIM, "ringgit")
def expected_payment_rm(known: Known) -> float:
    """What would be paid if the claim is accepted as lodged, in ringgit."""
    return known.claim.expected_payment_sen / 100


@feature(Family.CLAIM, Source.CLAIM, "ringgit", "T20")
def declared_wage_rm(known: Known) -> float:
    """The monthly wage written on the claim, in ringgit."""
    wage = known.claim.declared_monthly_wage_sen
    return UNKNOWN if wage is None else wage / 100


@feature(Family.EMPLOYER, Source.CLAIM, "0 or 1", "T10")
def wage_is_round_or_at_ceiling(known: Known) -> float:
    """The declared wage is a whole RM500 or the insured ceiling of RM6,000."""
    wage = known.claim.declared_monthly_wage_sen
    if wage is None:
        return UNKNOWN
    return float(wage % 50_000 == 0 or wage == WAGE_CEILING_SEN)


@feature(Family.DOCUMENT, Source.CLAIM, "days", "T2", "T6")
def certified_days(known: Known) -> float:
    """Certified leave days, up to the receipt of the claim."""
    return float(len(known.leave_days)) if known.claim.certificates else UNKNOWN


@feature(Family.DOCUMENT, Source.CLAIM, "certificates", "T2", "T6")
def certificates(known: Known) -> float:
    """Medical certificates handed in with the claim."""
    return float(len(known.claim.certificates)) if known.claim.injury else UNKNOWN


@feature(Family.DOCUMENT, Source.CLAIM, "certificates", "T2")
def extensions_at_one_facility(known: Known) -> float:
    """Certificates beyond the first from the facility that issued most of them."""
    if not known.claim.certificates:
        return UNKNOWN
    return float(max(Counter(c.facility for c in known.claim.certificates).values()) - 1)


@feature(Family.CLAIM, Source.CLAIM, "percent", "T7")
def assessed_percent(known: Known) -> float:
    """Permanent disablement as assessed, 0 to 100 percent."""
    injury = known.claim.injury
    if injury is None or injury.assessed_percent is None:
        return UNKNOWN
    return float(injury.assessed_percent)


@feature(Family.CLAIM, Source.CLAIM, "hours", "T3", "T4", schemes=INJURIES)
def treatment_delay_hours(known: Known) -> float:
    """Hours from the stated accident to the first treatment."""
    injury = known.claim.injury
    return _hours(injury.occurred_at, injury.first_treated_at) if injury else UNKNOWN


@feature(Family.DOCUMENT, Source.CLAIM, "hours", "T3", schemes=INJURIES)
def police_report_delay_hours(known: Known) -> float:
    """Hours from the stated accident to the police report."""
    injury = known.claim.injury
    return _hours(injury.occurred_at, injury.police_report_at) if injury else UNKNOWN


@feature(Family.DOCUMENT, Source.CLAIM, "0 or 1", "T3", schemes=INJURIES)
def police_report_outside_border_districts(known: Known) -> float:
    """The police report was made outside the police districts next to the border."""
    injury = known.claim.injury
    if injury is None or injury.police_district is None:
        return UNKNOWN
    return float(not injury.police_district.upper().startswith(BORDER_DISTRICTS))


@feature(Family.DOCUMENT, Source.CLAIM, "0 or 1", "T3", schemes=INJURIES)
def treated_first_in_singapore_after_accident_here(known: Known) -> float:
    """The accident is stated in Malaysia and the first treatment was in Singapore."""
    injury = known.claim.injury
    if injury is None or injury.first_treated_in is None:
        return UNKNOWN
    return float(injury.place is Place.MALAYSIA and injury.first_treated_in == "singapore")


@feature(Family.CLAIM, Source.CLAIM, "0 or 1", "T4", schemes=INJURIES)
def event_on_weekend(known: Known) -> float:
    """The stated accident fell on Johor's weekend (Friday and Saturday until the end of 2024)."""
    if known.event_on is None:
        return UNKNOWN
    weekend = (4, 5) if known.event_on <= LAST_FRIDAY_WEEKEND else (5, 6)
    return float(known.event_on.weekday() in weekend)


@feature(Family.CLAIM, Source.CLAIM, "0 or 1", "T7")
def has_intermediary(known: Known) -> float:
    """Somebody else brought the claim. Lawful and common: it means little alone."""
    return float(known.claim.intermediary is not None)
