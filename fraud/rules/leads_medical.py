"""Leads about medical papers: bought certificates (T6), a medical cartel (T7)."""

from fraud.features.catalogue import Known
from fraud.graph import NodeKind
from fraud.records import Scheme
from fraud.rules.rule import INJURY_SCHEMES, MOST_RECORDS, Found, RuleContext, rule
from fraud.statements import Family, HitKind

PERMANENT = frozenset({Scheme.PERMANENT_DISABLEMENT})

# All numbers below are assumptions to be replaced once labelled outcomes exist. They are chosen to
# leave the look-alikes of each typology alone.
LEAST_PAIRINGS = 2


@rule(
    HitKind.LEAD,
    Family.DOCUMENT,
    source="typology T6",
    on=INJURY_SCHEMES,
)
def certificate_serial_of_another_person(known: Known, _: RuleContext) -> Found | None:
    """A certificate has the serial number of another person's, by the same practitioner.

    The same person's replaced original does not count, and equal numbers of different practitioners
    do not either.
    """
    if not known.claim.certificates:
        return None
    own = set(known.linked.numbers(NodeKind.PRACTITIONER))
    shared = [
        other.claim_id
        for other in known.others(NodeKind.CERTIFICATE) or ()
        if not own.isdisjoint(other.numbers(NodeKind.PRACTITIONER))
    ]
    return Found({"count": len(shared)}, tuple(shared[-MOST_RECORDS:])) if shared else None


@rule(HitKind.LEAD, Family.LINKS, Family.DOCUMENT, source="typology T7", on=PERMANENT)
def like_reports_of_one_intermediary_and_practitioner(known: Known, _: RuleContext) -> Found | None:
    """Other people's claims share intermediary, practitioner and almost the words of the report.

    A union officer who helps many people, or the only specialist in the district, shares the names
    but not the text.
    """
    pairing = known.others(NodeKind.INTERMEDIARY_AND_PRACTITIONER) or []
    if len(pairing) < LEAST_PAIRINGS:
        return None
    paired = {other.claim_id for other in pairing}
    reports = known.others(NodeKind.REPORT) or []
    both = [other.claim_id for other in reports if other.claim_id in paired]
    if not both:
        return None
    return Found({"count": len(both), "pairings": len(pairing)}, tuple(both[-MOST_RECORDS:]))
