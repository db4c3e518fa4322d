"""Features of the claim itself: timing, amounts and documents."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise

from fraud.features.catalogue import UNKNOWN, Known, Source, feature
from fraud.identifiers import uen_finding
from fraud.records import Cause, Certificate, Place, Scheme
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

OF_WORK = frozenset(
    {
        Scheme.TEMPORARY_DISABLEMENT,
        Scheme.PERMANENT_DISABLEMENT,
        Scheme.COMMUTER,
        Scheme.SELF_EMPLOYED,
    }
)
"""Those of them that cover work and the way to it, and nothing private."""

ACROSS = frozenset({Scheme.COMMUTER})

BEFORE_BOARD = (INJURIES | {Scheme.INVALIDITY, Scheme.CONSTANT_ATTENDANCE}) - {
    Scheme.TEMPORARY_DISABLEMENT
}
"""Schemes whose claims may go to the Medical Board."""

SOFT_TISSUE = frozenset(
    {
        *("S00", "S10", "S20", "S30", "S40", "S50", "S60", "S70", "S80", "S90"),  # bruises
        *("S13", "S23", "S33", "S43", "S53", "S63", "S73", "S93", "M54"),  # sprains
        *("S16", "S29", "S39", "S46", "S56", "S66", "S76", "S86", "S96"),  # muscles and tendons
    }
)
"""Bruises, sprains and strains by ICD-10 (the choice is assumed); a torn knee is none."""

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
    """Permanent disablement or invalidity as assessed, 0 to 100 percent."""
    assessed = known.claim.injury or known.claim.illness
    if assessed is None or assessed.assessed_percent is None:
        return UNKNOWN
    return float(assessed.assessed_percent)


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


def is_private(cause: Cause | None) -> float:
    """1 for a cause that is neither work nor the road, unknown for one that says nothing."""
    if cause is None or cause == "other":
        return UNKNOWN
    return float(cause in ("home", "sport"))


@feature(Family.DOCUMENT, Source.CLAIM, "0 or 1", "T4", schemes=OF_WORK)
def private_cause_first_noted(known: Known) -> float:
    """The first clinic note gives home or sport as the cause of an injury claimed as work's."""
    injury = known.claim.injury
    return UNKNOWN if injury is None else is_private(injury.cause_first_noted)


@feature(Family.CLAIM, Source.CLAIM, "minutes", "T4", schemes=OF_WORK)
def minutes_off_route(known: Known) -> float:
    """How far the place of a road accident lies off the usual way, as the sketch shows it."""
    injury = known.claim.injury
    if injury is None or injury.kind != "road" or injury.minutes_off_route is None:
        return UNKNOWN
    return float(injury.minutes_off_route)


@feature(Family.DOCUMENT, Source.CLAIM, "days", "T4", schemes=INJURIES)
def leave_days_before_accident(known: Known) -> float:
    """Days from the first certified day to the stated accident; 0 when the leave follows it."""
    if known.event_on is None or not known.claim.certificates:
        return UNKNOWN
    first = min(certificate.first_day for certificate in known.claim.certificates)
    return float(max(0, (known.event_on - first).days))


@feature(Family.DOCUMENT, Source.CLAIM, "certificates", "T6", schemes=INJURIES)
def certificates_of_four_to_seven_days(known: Known) -> float:
    """Certificates of four to seven days, just enough for the benefit, on this claim."""
    if not known.claim.certificates:
        return UNKNOWN
    lengths = [(one.last_day - one.first_day).days + 1 for one in known.claim.certificates]
    return float(sum(4 <= length <= 7 for length in lengths))


@feature(Family.DOCUMENT, Source.CLAIM, "certificates", "T6", schemes=INJURIES)
def certificates_out_of_sequence(known: Known) -> float:
    """Certificates issued later than another of the same facility, under a lower number."""
    if len(known.claim.certificates) < 2:
        return UNKNOWN
    pairs = list(_numbered_pairs(known.claim.certificates))
    return float(sum(later < earlier for earlier, later in pairs)) if pairs else UNKNOWN


def _numbered_pairs(certificates: tuple[Certificate, ...]) -> Iterator[tuple[int, int]]:
    """Numbers of neighbouring certificates of one facility, by the day they were issued."""
    numbered: dict[str, list[tuple[date, int]]] = {}
    for one in certificates:
        if ending := re.search(r"[0-9]{1,18}$", one.serial):
            numbered.setdefault(one.facility, []).append((one.issued_on, int(ending[0])))
    for found in numbered.values():
        for (day, number), (next_day, following) in pairwise(sorted(found)):
            if day < next_day:
                yield number, following


@feature(Family.CLAIM, Source.CLAIM, "0 or 1", "T15", schemes=ACROSS)
def workplace_number_not_well_formed(known: Known) -> float:
    """The number of the workplace in Singapore has a wrong shape or check letter."""
    number = known.claim.workplace_uen
    return UNKNOWN if number is None else float(_fails(number))


def _fails(number: str) -> bool:
    return uen_finding(number, accept_reserved=True) is not None


@feature(Family.COMMUTER, Source.CLAIM, "0 or 1", "T16", schemes=INJURIES)
def rode_as_passenger(known: Known) -> float:
    """The person was a passenger in the vehicle. Most passengers of a crash are honest."""
    injury = known.claim.injury
    return UNKNOWN if injury is None or injury.passenger is None else float(injury.passenger)


@feature(Family.CLAIM, Source.CLAIM, "0 or 1", "T16", schemes=INJURIES)
def soft_tissue_after_road_accident(known: Known) -> float:
    """A road accident left a bruise, a sprain or a strain and nothing worse."""
    injury = known.claim.injury
    if injury is None or injury.kind != "road":
        return UNKNOWN
    return float(injury.injury_code[:3].upper() in SOFT_TISSUE)
