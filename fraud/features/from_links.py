"""Features of links to other claims, as known before the cut-off.

A hub is read no further than its latest links, so the counts stop at 20 (`fraud.graph.GUARD`).
"""

from collections import defaultdict

from fraud.features.catalogue import UNKNOWN, Known, Source, feature, once
from fraud.graph import GUARD, LinkedClaim, Node, NodeKind
from fraud.records import PersonKey
from fraud.statements import Family


def linked_by(known: Known, kind: NodeKind, days: int | None = None) -> list[LinkedClaim] | None:
    """Other people's claims over one kind of node, perhaps only those of the last days."""
    claims = known.others(kind)
    if claims is None or days is None:
        return claims
    first = known.linked.received_on - days
    return [claim for claim in claims if claim.received_on >= first]


def count_of(claims: list[LinkedClaim] | None) -> float:
    """How many claims there are; unknown without a node to look from."""
    return UNKNOWN if claims is None else float(len(claims))


def people_of(claims: list[LinkedClaim] | None) -> float:
    """How many people claimed them; unknown without a node to look from."""
    return UNKNOWN if claims is None else float(len({claim.person for claim in claims}))


@feature(Family.LINKS, Source.LINKS, "claims")
def earlier_claims_of_person(known: Known) -> float:
    """Claims of the same person that came in before this one did."""
    return float(len(known.earlier_claims))


@feature(Family.LINKS, Source.LINKS, "days")
def days_since_last_claim_of_person(known: Known) -> float:
    """Days since the same person's last earlier claim was received."""
    if not known.earlier_claims:
        return UNKNOWN
    last = max(one.received_on for one in known.earlier_claims)
    return float(max(0, known.linked.received_on - last))


@feature(Family.LINKS, Source.LINKS, "people", "T18")
def people_sharing_account(known: Known) -> float:
    """Other people whose claims are paid into the same account."""
    return people_of(linked_by(known, NodeKind.ACCOUNT))


@feature(Family.LINKS, Source.LINKS, "people", "T18")
def people_sharing_account_not_home(known: Known) -> float:
    """Other people on the same account without the same address, employer or deceased relative.

    Nobody counts where most on the account share one of these: a care home, an employer.
    """
    return people_of(not_home(known))


_HOME_TIES = (NodeKind.ADDRESS, NodeKind.EMPLOYER, NodeKind.DECEASED)
LEAST_OF_ONE_HOUSE = 6
"""More people than a family has on one account: a care home, an employer."""


@once
def not_home(known: Known) -> list[LinkedClaim] | None:
    """Claims on the same account of another address, employer and deceased relative than this one.

    None of them where most people have one of these in common: that is a care home's account, or
    an employer's, whatever address this person gave. Who gives no address may live there too, and
    is nobody's stranger.
    """
    claims = known.others(NodeKind.ACCOUNT)
    if claims is None or not known.linked.numbers(NodeKind.ADDRESS):
        return None
    unplaced = {one.person for one in claims if not one.numbers(NodeKind.ADDRESS)}
    people: dict[int, set[PersonKey]] = defaultdict(set)
    for one in (known.linked, *claims):
        for tie in _home_ties(one):
            people[tie].add(one.person)
    house = max(len(together | unplaced) for together in people.values())
    everyone = len({known.linked.person, *(one.person for one in claims)})
    if house >= LEAST_OF_ONE_HOUSE and 2 * house > everyone:
        return []
    own = _home_ties(known.linked)
    return [one for one in claims if one.person not in unplaced and own.isdisjoint(_home_ties(one))]


def _home_ties(claim: LinkedClaim) -> set[int]:
    return {number for kind in _HOME_TIES for number in claim.numbers(kind)}


@feature(Family.LINKS, Source.LINKS, "homes", "T18")
def homes_on_account_90d(known: Known) -> float:
    """Homes of those of them who claimed in the last 90 days; a care home is one."""
    claims = not_home(known)
    if claims is None:
        return UNKNOWN
    first = known.linked.received_on - 90
    recent = [one for one in claims if one.received_on >= first]
    return float(len({tuple(one.numbers(NodeKind.ADDRESS)) for one in recent}))


@feature(Family.LINKS, Source.LINKS, "claims", "T18")
def claims_on_account_90d(known: Known) -> float:
    """Other people's claims on the same account received in the last 90 days."""
    return count_of(linked_by(known, NodeKind.ACCOUNT, 90))


@feature(Family.LINKS, Source.CLAIM, "days", "T18")
def days_to_account_change(known: Known) -> float:
    """Days from the receipt of the claim to the last change of the account it is paid into."""
    changed = [
        one.changed_at
        for one in known.history.account_changes
        if one.claim_id == known.claim.claim_id
    ]
    if not changed:
        return UNKNOWN
    return (max(changed) - known.claim.received_at).total_seconds() / 86_400


@feature(Family.LINKS, Source.LINKS, "people")
def people_sharing_phone(known: Known) -> float:
    """Other claimants with the same phone number."""
    return people_of(linked_by(known, NodeKind.PHONE))


@feature(Family.LINKS, Source.LINKS, "people")
def people_sharing_address(known: Known) -> float:
    """Other claimants at the same address. Rented rooms and dormitories make this common."""
    return people_of(linked_by(known, NodeKind.ADDRESS))


@feature(Family.EMPLOYER, Source.LINKS, "claims", "T10", "T11")
def claims_at_employer_180d(known: Known) -> float:
    """Other people's claims from the same employer in the last 180 days."""
    return count_of(linked_by(known, NodeKind.EMPLOYER, 180))


@feature(Family.EMPLOYER, Source.LINKS, "claims for each person", "T10", "T11")
def claims_at_employer_by_staff(known: Known) -> float:
    """Other people's claims from the employer in 180 days, for each person on its staff."""
    staff = known.history.employer.staff_count if known.history.employer else 0
    claims = linked_by(known, NodeKind.EMPLOYER, 180)
    if claims is None or not staff or len(claims) >= GUARD / 2:
        return UNKNOWN  # of a hub only the latest links are read: a share of it would flatter
    return len(claims) / staff


def _firms(known: Known, kind: NodeKind) -> float:
    """Other employers over one kind of node, or unknown."""
    claims = known.others(kind)
    return UNKNOWN if claims is None else float(len({claim.employers for claim in claims}))


@feature(Family.EMPLOYER, Source.LINKS, "employers", "T10", "T13")
def employers_sharing_director(known: Known) -> float:
    """Other employers with claims that share a director with this one."""
    return _firms(known, NodeKind.DIRECTOR)


@feature(Family.EMPLOYER, Source.LINKS, "employers", "T10", "T13")
def employers_sharing_address(known: Known) -> float:
    """Other employers with claims at the same address; a company secretary's serves hundreds."""
    return _firms(known, NodeKind.EMPLOYER_ADDRESS)


@feature(Family.EMPLOYER, Source.LINKS, "employers", "T10", "T13")
def employers_sharing_phone(known: Known) -> float:
    """Other employers with claims that have the same phone number."""
    return _firms(known, NodeKind.EMPLOYER_PHONE)


@feature(Family.LINKS, Source.LINKS, "claims", "T7")
def claims_of_intermediary_180d(known: Known) -> float:
    """Other people's claims brought by the same intermediary in the last 180 days."""
    return count_of(linked_by(known, NodeKind.INTERMEDIARY, 180))


@feature(Family.LINKS, Source.LINKS, "claims", "T7")
def claims_of_intermediary_with_practitioner(known: Known) -> float:
    """Other people's claims with both the same intermediary and the same practitioner."""
    return count_of(linked_by(known, NodeKind.INTERMEDIARY_AND_PRACTITIONER))


@feature(Family.LINKS, Source.LINKS, "share", "T7")
def share_of_intermediary_with_practitioner(known: Known) -> float:
    """Of the intermediary's other claims, the share with the same practitioner."""
    claims = linked_by(known, NodeKind.INTERMEDIARY)
    if not claims:
        return UNKNOWN
    own = set(known.linked.numbers(NodeKind.PRACTITIONER))
    if not own:
        return UNKNOWN
    return sum(not own.isdisjoint(c.numbers(NodeKind.PRACTITIONER)) for c in claims) / len(claims)


@feature(Family.LINKS, Source.LINKS, "claims", "T7", "T10")
def claims_of_intermediary_with_employer(known: Known) -> float:
    """Other people's claims with both the same intermediary and the same employer."""
    return count_of(linked_by(known, NodeKind.INTERMEDIARY_AND_EMPLOYER))


WAYS = frozenset(
    {
        NodeKind.INTERMEDIARY,
        NodeKind.REPORT,
        NodeKind.PRACTITIONER,
        NodeKind.EMPLOYER,
        NodeKind.PRACTITIONER_INJURY_AND_PERCENT,
        NodeKind.PRACTITIONER_AND_DIAGNOSIS,
    }
)
"""Ways in which the claims of one cartel are alike: who brought them, what was written by whom."""
LEAST_WAYS = 3
HANDS = frozenset({NodeKind.INTERMEDIARY, NodeKind.EMPLOYER})


def claims_alike(known: Known) -> list[LinkedClaim] | None:
    """Other people's claims of one intermediary or of like reports that are alike in three ways.

    Two ways are enough when they are a like report and the same intermediary or employer. A large
    plant, or the only specialist of a district, shares neither intermediary nor words.
    """
    brought, written = known.others(NodeKind.INTERMEDIARY), known.others(NodeKind.REPORT)
    if brought is None and written is None:
        return None
    own = {node for node in known.linked.all_nodes if node[0] in WAYS}
    found = {one.claim_id: one for one in (*(brought or ()), *(written or ()))}
    return [one for one in found.values() if _is_alike(one, own)]


def _is_alike(one: LinkedClaim, own: set[Node]) -> bool:
    shared = {kind for kind, _ in own.intersection(one.all_nodes)}
    return len(shared) >= LEAST_WAYS or (NodeKind.REPORT in shared and not shared.isdisjoint(HANDS))


@feature(Family.LINKS, Source.LINKS, "claims", "T7", "T8")
def claims_alike_in_three_ways(known: Known) -> float:
    """Other people's claims alike in three ways: intermediary, report, doctor, finding, employer.

    A like report counts as two beside the same intermediary or employer.
    """
    return count_of(claims_alike(known))


@feature(Family.LINKS, Source.LINKS, "claims", "T7")
def claims_of_practitioner_with_injury(known: Known) -> float:
    """Other people's assessed claims with the same practitioner and injury code."""
    return count_of(linked_by(known, NodeKind.PRACTITIONER_AND_INJURY))


@feature(Family.LINKS, Source.LINKS, "claims", "T2", "T6")
def claims_of_practitioner_90d(known: Known) -> float:
    """Other people's claims certified by the same practitioner in the last 90 days."""
    return count_of(linked_by(known, NodeKind.PRACTITIONER, 90))


@feature(Family.DOCUMENT, Source.LINKS, "claims", "T7")
def claims_with_a_like_report(known: Known) -> float:
    """Other people's claims whose medical report reads almost the same."""
    return count_of(linked_by(known, NodeKind.REPORT))


@feature(Family.DOCUMENT, Source.LINKS, "claims", "T6")
def claims_with_same_certificate(known: Known) -> float:
    """Other people's claims that carry a certificate with the same serial number."""
    return count_of(linked_by(known, NodeKind.CERTIFICATE))


@feature(Family.COMMUTER, Source.LINKS, "people", "T16")
def people_sharing_vehicle(known: Known) -> float:
    """Other claimants whose accidents name the same vehicle."""
    return people_of(linked_by(known, NodeKind.VEHICLE))


@feature(Family.COMMUTER, Source.LINKS, "people", "T15")
def people_with_same_enrolment_payer(known: Known) -> float:
    """Other claimants whose commuter scheme was paid for by the same party."""
    return people_of(linked_by(known, NodeKind.ENROLMENT_PAYER))


@feature(Family.LINKS, Source.LINKS, "claims", "T7", "T18")
def claims_in_ring(known: Known) -> float:
    """Claims within two steps over accounts, reports, certificates and repeated pairings."""
    return float(known.ring.claims)


@feature(Family.LINKS, Source.LINKS, "people for each account", "T18")
def people_for_each_account_in_ring(known: Known) -> float:
    """People in that ring for each bank account in it."""
    return known.ring.people / known.ring.accounts if known.ring.accounts else UNKNOWN


@feature(Family.LINKS, Source.LINKS, "claims", "T7")
def most_ring_claims_on_one(known: Known) -> float:
    """The most claims of that ring that share one and the same account, report or pairing."""
    return float(known.ring.most_on_one)


@feature(Family.LINKS, Source.LINKS, "days", "T7")
def ring_days(known: Known) -> float:
    """Days from the first to the last claim of the ring."""
    return float(known.ring.days) if known.ring.claims > 1 else UNKNOWN
