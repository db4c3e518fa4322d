"""Features of who is paid and from where the claim was sent: accounts that change, devices."""

from fraud.clock import local_day
from fraud.features.catalogue import UNKNOWN, Known, Source, feature, once
from fraud.features.from_claim import INJURIES
from fraud.features.from_links import count_of, linked_by, people_of
from fraud.graph import LinkedClaim, NodeKind
from fraud.records import AccountChange, PaymentDue, Scheme
from fraud.statements import Family

PERMANENT = frozenset({Scheme.PERMANENT_DISABLEMENT})


@once
def changes_of_account(known: Known) -> list[AccountChange]:
    """Changes of the account this claim is paid into, in the order they were made."""
    own = known.claim.claim_id
    changes = [one for one in known.history.account_changes if one.claim_id == own]
    return sorted(changes, key=lambda one: one.changed_at)


@feature(Family.LINKS, Source.CLAIM, "0 or 1", "T18")
def account_on_mule_list(known: Known) -> float:
    """The bank's list of accounts lent to others names the account the claim was changed to."""
    stated = [one.on_mule_list for one in changes_of_account(known)]
    latest = next((one for one in reversed(stated) if one is not None), None)
    return UNKNOWN if latest is None else float(latest)


@feature(Family.LINKS, Source.CLAIM, "0 or 1", "T18")
def account_changed_from_another_device(known: Known) -> float:
    """The last change of the account came from another device than the claim."""
    changes = changes_of_account(known)
    if not changes or changes[-1].device is None or known.claim.device is None:
        return UNKNOWN
    return float(changes[-1].device != known.claim.device)


@feature(Family.LINKS, Source.CLAIM, "days", "T18")
def days_from_account_change_to_payment(known: Known) -> float:
    """Days from the last change of the account to the next payment that stands in a run."""
    changes = changes_of_account(known)
    if not changes:
        return UNKNOWN
    changed = local_day(changes[-1].changed_at)
    days = [
        (due.due_on - changed).days
        for due in known.history.of(PaymentDue)
        if due.claim_id == known.claim.claim_id and due.due_on >= changed
    ]
    return float(min(days)) if days else UNKNOWN


@feature(Family.LINKS, Source.LINKS, "people", "T10", "T18")
def people_sharing_device(known: Known) -> float:
    """Other people's claims were sent, or their accounts changed, from the same device."""
    return people_of(linked_by(known, NodeKind.DEVICE))


_HOME = frozenset({NodeKind.ADDRESS, NodeKind.PHONE, NodeKind.EMPLOYER, NodeKind.DECEASED})
"""What relatives, flatmates, colleagues and orphans with one guardian share."""


def _strangers(known: Known, others: list[LinkedClaim]) -> list[LinkedClaim]:
    home = {number for kind, number in known.linked.nodes if kind in _HOME}
    return [one for one in others if all(number not in home for _, number in one.nodes)]


@feature(Family.LINKS, Source.LINKS, "people", "T18")
def people_sharing_device_not_home(known: Known) -> float:
    """Other people on the same device who share neither home, telephone nor employer."""
    others = linked_by(known, NodeKind.DEVICE)
    return UNKNOWN if others is None else people_of(_strangers(known, others))


@feature(Family.LINKS, Source.LINKS, "people", "T18")
def strangers_on_account_or_device(known: Known) -> float:
    """People of other homes and employers on this account or device, unless many share it."""
    kinds = (NodeKind.ACCOUNT, NodeKind.DEVICE)
    own = [number for kind in kinds for number in known.linked.numbers(kind)]
    if not own:
        return UNKNOWN
    few = [number for number in own if not known.area.is_hub(number)]
    others = known.area.others(known.linked, few)
    return people_of([o for o in _strangers(known, others) if o.person != known.linked.person])


@feature(Family.EMPLOYER, Source.LINKS, "people", "T10")
def people_of_employer_on_device(known: Known) -> float:
    """Other people of the same employer whose claims were sent from the same device."""
    others = linked_by(known, NodeKind.DEVICE)
    if others is None or not known.linked.employers:
        return UNKNOWN
    return people_of([one for one in others if one.employers == known.linked.employers])


@feature(Family.DOCUMENT, Source.CLAIM, "0 or 1", "T7", schemes=INJURIES)
def imaging_contradicts_report(known: Known) -> float:
    """The imaging in the file contradicts the injury; unknown when it is missing."""
    injury = known.claim.injury
    if injury is None or injury.imaging not in ("agrees", "contradicts"):
        return UNKNOWN
    return float(injury.imaging == "contradicts")


@feature(Family.LINKS, Source.LINKS, "claims", "T7", schemes=PERMANENT)
def claims_with_like_percent(known: Known) -> float:
    """Other people's claims with the same practitioner, injury code and nearly the same percent."""
    return count_of(linked_by(known, NodeKind.PRACTITIONER_INJURY_AND_PERCENT))
