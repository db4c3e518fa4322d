"""Leads about medical papers: certificates (T6), a cartel (T7), a stand-in at the board (T9)."""

from fraud.features import from_answers, from_claim, from_events, from_links, from_movement
from fraud.features.catalogue import Known
from fraud.graph import NodeKind
from fraud.records import Scheme
from fraud.rules.rule import INJURY_SCHEMES, MOST_RECORDS, Found, RuleContext, rule
from fraud.statements import Family, HitKind

PERMANENT = frozenset({Scheme.PERMANENT_DISABLEMENT})

# All numbers below are assumptions to be replaced once labelled outcomes exist. They are chosen to
# leave the look-alikes of each typology alone.
LEAST_PAIRINGS = 2
ESCORTED_PEOPLE = 2
"""With the claimant, three people brought by one escort."""


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


@rule(
    HitKind.LEAD,
    Family.DOCUMENT,
    Family.LINKS,
    source="typology T6",
    on=INJURY_SCHEMES,
    variants=("off_duty", "shared", "across"),
)
def certificate_not_known_to_hospital(known: Known, _: RuleContext) -> Found | None:
    """The hospital does not know a certificate's number, and a second sign points the same way.

    The second sign is a doctor who was not on duty, the same number in another person's claim, or a
    day of issue spent in Singapore. A slip of the registry, a replaced original, a visit by video
    or a doctor's swapped shift alone does not meet it.
    """
    if not known.value(from_answers.certificates_unknown_to_hospital) >= 1:
        return None
    unknown = [one for one in from_answers.hospital_answers(known) if one.serial_known is False]
    values = {"count": len({one.serial for one in unknown})}
    records = tuple(one.fact_id for one in unknown)[-MOST_RECORDS:]
    if known.value(from_answers.certificates_by_doctor_off_duty) >= 1:
        return Found(dict(values), records, variant="off_duty")
    if known.value(from_links.claims_with_same_certificate) >= 1:
        return Found(dict(values), records, variant="shared")
    if known.value(from_movement.certificates_issued_while_across) >= 1:
        return Found(dict(values), records, variant="across")
    return None


@rule(
    HitKind.LEAD,
    Family.DOCUMENT,
    Family.COMMUTER,
    source="typology T9",
    on=from_claim.BEFORE_BOARD,
    variants=("across", "escort"),
)
def likeness_differs_at_board_session(known: Known, _: RuleContext) -> Found | None:
    """The Medical Board noted another likeness, and a second sign says that somebody else came.

    The second sign is a border file that has the person in Singapore at that hour, or an escort who
    came with two other claimants. Changed looks after an injury, a carer, an interpreter or a
    session that was put off does not meet it.
    """
    if known.value(from_answers.likeness_differs_at_board) != 1:
        return None
    sessions = known.history.at_board(known.claim.claim_id)
    records = tuple(one.fact_id for one in sessions)[-MOST_RECORDS:]
    at = max(one.attended_at for one in sessions).isoformat()
    if known.value(from_movement.recorded_across_at_board_session) == 1:
        return Found({"at": at}, records, variant="across")
    escorted = known.value(from_events.people_with_same_escort)
    if escorted >= ESCORTED_PEOPLE:
        return Found({"at": at, "count": round(escorted)}, records, variant="escort")
    return None
