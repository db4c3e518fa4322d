"""Features of one accident that stands in several claims: who rode along, what else was claimed.

A crash of a bus hurts many people once. What is looked for is the same people together again, or
one go-between for people who say they met by chance.
"""

from collections import defaultdict

from fraud.features.catalogue import UNKNOWN, Known, Source, feature
from fraud.features.from_claim import BEFORE_BOARD, INJURIES
from fraud.graph import EVENT_UNDER, GUARD, RING_GUARD, LinkedClaim, NodeKind
from fraud.records import PersonKey
from fraud.statements import Family


def _persons(claims: list[LinkedClaim]) -> set[PersonKey]:
    return {one.person for one in claims}


def _people(claims: list[LinkedClaim] | None) -> float:
    return UNKNOWN if claims is None else float(len(_persons(claims)))


def not_in_the_vehicle(known: Known, kind: NodeKind) -> list[LinkedClaim] | None:
    """Other people's claims over the claim's nodes of one kind, companions left out.

    One vehicle says only once who was in it, whatever they have in common.
    """
    claims = known.others(kind)
    if claims is None:
        return None
    companions = {one.claim_id for one in known.companions or ()}
    return [one for one in claims if one.claim_id not in companions]


@feature(Family.COMMUTER, Source.LINKS, "people", "T16", schemes=INJURIES)
def people_hurt_in_vehicle_that_day(known: Known) -> float:
    """Other claimants who name the same vehicle on the day of the accident."""
    return _people(known.companions)


def hurt_in_a_crowd(known: Known) -> bool:
    """Whether so many were hurt in the vehicle that day that it carries the public."""
    return len(_persons(known.companions or [])) >= RING_GUARD


def _read_in_part(known: Known) -> bool:
    """Whether more claims name the vehicle than are read, so that some accidents are cut short.

    Claims that were amended are read once for each version: few claims are no crowd.
    """
    numbers = known.linked.numbers(NodeKind.VEHICLE)
    claims = known.area.others(known.linked, numbers)
    return len(claims) >= GUARD / 2 and any(map(known.area.is_hub, numbers))


def hurt_in_vehicle_on_other_days(known: Known) -> list[LinkedClaim] | None:
    """Other people's claims for accidents of few people in the same vehicle on other days.

    A vehicle in which many are hurt at once carries the public: that it had a second accident
    says nothing of who rode in it. Unknown where some accidents are read in part: of a bus, how
    many were hurt in them cannot be told.
    """
    claims = not_in_the_vehicle(known, NodeKind.VEHICLE)
    if not claims:
        return claims
    if hurt_in_a_crowd(known):
        return []
    if _read_in_part(known):
        return None
    hurt: dict[int, set[PersonKey]] = defaultdict(set)
    for one in claims:
        for accident in one.numbers(NodeKind.VEHICLE_ON_DAY):
            hurt[accident].add(one.person)
    few = {accident for accident, people in hurt.items() if len(people) <= RING_GUARD}
    return [one for one in claims if few.intersection(one.numbers(NodeKind.VEHICLE_ON_DAY))]


@feature(Family.COMMUTER, Source.LINKS, "people", "T16", schemes=INJURIES)
def people_hurt_in_vehicle_on_other_days(known: Known) -> float:
    """Other claimants who name the same vehicle for accidents on other days.

    Accidents of many people do not count; unknown of a vehicle that more claims name than are read.
    """
    return _people(hurt_in_vehicle_on_other_days(known))


@feature(Family.LINKS, Source.LINKS, "people", "T16", schemes=INJURIES)
def companions_of_same_intermediary(known: Known) -> float:
    """Those hurt in the same vehicle that day whose claims the same intermediary brought."""
    own = set(known.linked.numbers(NodeKind.INTERMEDIARY))
    if known.companions is None or not own:
        return UNKNOWN
    brought = [one for one in known.companions if own & set(one.numbers(NodeKind.INTERMEDIARY))]
    return _people(brought)


@feature(Family.LINKS, Source.LINKS, "people", "T16", schemes=INJURIES)
def companions_of_same_practitioner(known: Known) -> float:
    """Those hurt in the same vehicle that day whose certificates the same practitioner signed.

    One hospital may take in everybody from a crash.
    """
    own = set(known.linked.numbers(NodeKind.PRACTITIONER))
    if known.companions is None or not own:
        return UNKNOWN
    signed = [one for one in known.companions if own & set(one.numbers(NodeKind.PRACTITIONER))]
    return _people(signed)


@feature(Family.LINKS, Source.LINKS, "people", "T16", schemes=INJURIES)
def companions_met_in_another_accident(known: Known) -> float:
    """Those hurt in the same vehicle that day who were in another accident with the person too.

    Accidents of many people do not count.
    """
    return _people(known.companions_met_before)


@feature(Family.LINKS, Source.LINKS, "claims", "T16", schemes=INJURIES)
def claims_of_intermediary_at_police_desk(known: Known) -> float:
    """Other people's claims with both the same intermediary and the same police desk.

    Those hurt in the same vehicle that day are left out: they all went to one desk.
    """
    claims = not_in_the_vehicle(known, NodeKind.INTERMEDIARY_AND_POLICE_DESK)
    return UNKNOWN if claims is None else float(len(claims))


def claims_under_another_law(known: Known) -> list[LinkedClaim] | None:
    """The same person's other claims for an accident of that day under another law."""
    kind = EVENT_UNDER.get(known.claim.scheme)
    found = None if kind is None else known.own_others(kind)
    if found is None or kind is None:
        return None
    return [one for one in found if not one.numbers(kind)]


@feature(Family.LINKS, Source.LINKS, "claims", "T5", schemes=INJURIES)
def own_claims_under_another_law(known: Known) -> float:
    """The same person's claims for an accident of that day under another law.

    A second cover may be lawful; a declared overlap does not count.
    """
    found, injury = claims_under_another_law(known), known.claim.injury
    if found is None or injury is None:
        return UNKNOWN
    return 0.0 if injury.other_payer_declared else float(len(found))


@feature(Family.DOCUMENT, Source.LINKS, "claims", "T5", schemes=INJURIES)
def own_claims_with_same_receipt(known: Known) -> float:
    """The same person's claims for another accident or law that carry one of these receipts."""
    found, kind = known.own_others(NodeKind.RECEIPT), EVENT_UNDER.get(known.claim.scheme)
    if found is None or kind is None:
        return UNKNOWN
    here = set(known.linked.numbers(kind))
    return float(sum(here.isdisjoint(one.numbers(kind)) for one in found))


@feature(Family.LINKS, Source.LINKS, "people", "T9", schemes=BEFORE_BOARD)
def people_with_same_escort(known: Known) -> float:
    """Other claimants whom the same escort brought to the Medical Board; interpreters do too."""
    return _people(known.others(NodeKind.ESCORT))


@feature(Family.DOCUMENT, Source.LINKS, "people", "T9", schemes=BEFORE_BOARD)
def people_unlike_with_same_escort(known: Known) -> float:
    """Those of them of whom the board noted another likeness than before."""
    others = known.others(NodeKind.ESCORT)
    if others is None:
        return UNKNOWN
    own = set(known.linked.numbers(NodeKind.ESCORT))
    return _people([one for one in others if own & set(one.numbers(NodeKind.ESCORT_OF_UNLIKE))])
