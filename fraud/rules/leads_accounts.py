"""Leads about the account to be paid: one purse for unrelated people, late changes (T18)."""

from fraud import schemes
from fraud.clock import local_day
from fraud.features import from_payees
from fraud.features.catalogue import Known
from fraud.graph import LinkedClaim, NodeKind
from fraud.records import Label
from fraud.rules.rule import MOST_RECORDS, Found, RuleContext, Value, rule
from fraud.statements import Family, HitKind

# All numbers below are assumptions to be replaced once labelled outcomes exist. They are chosen to
# leave the look-alikes of each typology alone.
UNRELATED_PEOPLE = 2
"""With the claimant, three unrelated people on one account."""


@rule(
    HitKind.LEAD,
    Family.LINKS,
    source="typology T18",
    variants=("changed", "brought", "confirmed"),
)
def account_of_unrelated_people(known: Known, _: RuleContext) -> Found | None:
    """Claims of two or more unrelated people go to the account, with a second sign.

    Unrelated means neither the same address, nor the same telephone, nor the same employer. The
    second sign is an account changed on this claim, an intermediary who also brought their claims,
    or a claim on the account that was confirmed to be wrong on purpose. An account that many
    claims use, such as a care home's or an employer's, is left alone.
    """
    numbers = known.linked.numbers(NodeKind.ACCOUNT)
    if not numbers or any(known.area.is_hub(number) for number in numbers):
        return None
    others = known.others(NodeKind.ACCOUNT) or []
    if len(others) < UNRELATED_PEOPLE:
        return None
    home = {number for kind, number in known.linked.nodes if kind in _HOME}
    strangers = [other for other in others if all(number not in home for _, number in other.nodes)]
    people = len({other.person for other in strangers})
    if people < UNRELATED_PEOPLE:
        return None
    ids: tuple[str, ...] = tuple(other.claim_id for other in strangers[-MOST_RECORDS:])
    values: dict[str, str | int | float] = {"count": people}
    changed = [
        c.fact_id for c in known.history.account_changes if c.claim_id == known.claim.claim_id
    ]
    if changed:
        return Found(values, (*ids, *changed), variant="changed")
    own = set(known.linked.numbers(NodeKind.INTERMEDIARY))
    if sum(not own.isdisjoint(other.numbers(NodeKind.INTERMEDIARY)) for other in strangers) >= 2:
        return Found(values, ids, variant="brought")
    if any(_confirmed(known, other) for other in strangers):
        return Found(values, ids, variant="confirmed")
    return None


_HOME = frozenset({NodeKind.ADDRESS, NodeKind.PHONE, NodeKind.EMPLOYER, NodeKind.DECEASED})
"""What relatives, flatmates, colleagues and orphans with one guardian share."""


def _confirmed(known: Known, other: LinkedClaim) -> bool:
    labels = known.area.labels.get(other.claim_id, [])
    return bool(labels) and labels[-1] == Label.CONFIRMED_FRAUD.value


@rule(
    HitKind.LEAD,
    Family.LINKS,
    Family.DOCUMENT,
    source="typology T18",
    terms=("account_change_window",),
    variants=("listed", "due", "device"),
)
def account_changed_shortly_before_payment(known: Known, _: RuleContext) -> Found | None:
    """The account was changed within 14 days before a payment, with a second sign.

    The second sign is an account on the bank's list of accounts lent to others. Without it, a
    change from another device counts only when the new account or that claim's device also serves
    people of other homes and employers: somebody who switches banks on a new telephone is left
    alone. An account on the list is a lead whatever the day of payment.
    """
    changes = from_payees.changes_of_account(known)
    if not changes:
        return None
    last = changes[-1]
    records = (last.fact_id,)
    values: dict[str, Value] = {"day": local_day(last.changed_at).isoformat()}
    days = known.value(from_payees.days_from_account_change_to_payment)
    window = schemes.value("account_change_window", local_day(last.changed_at))
    soon = window is not None and days <= window
    if known.value(from_payees.account_on_mule_list) == 1.0:
        if soon:
            return Found({**values, "count": round(days)}, records, variant="due")
        return Found(values, records, variant="listed")
    if not soon or known.value(from_payees.account_changed_from_another_device) != 1.0:
        return None
    strangers = known.value(from_payees.strangers_on_account_or_device)
    if not strangers >= 1:
        return None
    return Found({**values, "count": round(days), "others": round(strangers)}, records, "device")
