"""Leads on illness and death: an illness on paper, payments after a death, one death paid twice.

Each asks for two independent signs; the levels are assumptions until decided cases show better.
"""

from fraud.clock import local_day
from fraud.features import from_links, from_pensions
from fraud.features.catalogue import Known
from fraud.features.from_pensions import DEATHS, ILLNESSES, IN_PAYMENT
from fraud.graph import NodeKind
from fraud.records import Scheme
from fraud.rules.rule import MOST_RECORDS, Found, RuleContext, Value, rule
from fraud.statements import Family, HitKind

STAYS_LIKE_WORK = 3.0
"""Working-day stays a week; escorted travel for treatment is rarer."""
LEAST_PAIRINGS = 2
LEAST_PAYMENTS = 2
"""A death abroad is often registered late: one payment may have crossed it."""


@rule(
    HitKind.LEAD,
    Family.DOCUMENT,
    Family.COMMUTER,
    source="typology T8",
    on=ILLNESSES,
    variants=("stays", "brought"),
)
def referral_unknown_with_second_sign(known: Known, _: RuleContext) -> Found | None:
    """The hospital's register has no referral letter with this number, and a second sign.

    The second sign is a rhythm of working-day stays in Singapore in the six weeks before the claim,
    or an intermediary and practitioner who share several people's claims with a like report. A
    letter that was registered under another number shows neither.
    """
    if known.value(from_pensions.referral_unknown_to_hospital) != 1.0:
        return None
    records = tuple(one.fact_id for one in from_pensions.answers_on_referral(known))
    stays = known.value(from_pensions.stays_a_week_before_illness_claim)
    if stays >= STAYS_LIKE_WORK:
        return Found({"value": f"{stays:.1f}"}, records, variant="stays")
    paired = known.others(NodeKind.INTERMEDIARY_AND_PRACTITIONER) or []
    alike = known.value(from_links.claims_with_a_like_report) >= 1
    if len(paired) < LEAST_PAIRINGS or not alike:
        return None
    ids = tuple(one.claim_id for one in paired)
    return Found({"count": len(paired)}, (*records, *ids)[-MOST_RECORDS:], variant="brought")


@rule(
    HitKind.LEAD,
    Family.CLAIM,
    Family.LINKS,
    source="typology T17",
    on=IN_PAYMENT,
    variants=("account", "crossed"),
)
def payments_go_on_after_death(known: Known, _: RuleContext) -> Found | None:
    """Payments fall due over a month after the claimant's registered death, with a second sign.

    The second sign is an account changed after the death, or a crossing recorded under the number
    after it. A death that was only registered late shows neither.
    """
    entry, late = from_pensions.death_of_claimant(known), from_pensions.payments_after_death(known)
    if entry is None or len({due.number for due in late}) < LEAST_PAYMENTS:
        return None
    values: dict[str, Value] = {"count": len(late), "died_on": entry.died_on.isoformat()}
    changed = tuple(
        change.fact_id
        for change in known.history.account_changes
        if change.claim_id == known.claim.claim_id and local_day(change.changed_at) > entry.died_on
    )
    if changed:
        return Found(values, (entry.fact_id, *changed)[-MOST_RECORDS:], variant="account")
    held = known.history.days.values()
    seen = [day for day in held if day.day > entry.died_on and day.seen]
    if not seen:
        return None
    days = tuple(day.day.isoformat() for day in seen[:MOST_RECORDS])
    return Found(values, (entry.fact_id, *days), variant="crossed")


@rule(
    HitKind.LEAD,
    Family.LINKS,
    Family.DOCUMENT,
    source="typology T17",
    on=frozenset({Scheme.FUNERAL}),
)
def funeral_claimed_by_strangers(known: Known, _: RuleContext) -> Found | None:
    """People of other homes, telephones and accounts claimed the funeral benefit for one death.

    Relatives who both claim by mistake usually share one of these, and are asked as an error.
    """
    others = known.others(NodeKind.FUNERAL_OF) or []
    home = {number for kind, number in known.linked.nodes if kind in _FAMILY}
    strangers = [one for one in others if all(number not in home for _, number in one.nodes)]
    if not strangers:
        return None
    ids = tuple(one.claim_id for one in strangers[-MOST_RECORDS:])
    return Found({"count": len({one.person for one in strangers})}, ids)


_FAMILY = frozenset({NodeKind.ADDRESS, NodeKind.PHONE, NodeKind.ACCOUNT})


@rule(
    HitKind.LEAD,
    Family.LINKS,
    Family.DOCUMENT,
    source="typology T17",
    on=DEATHS,
)
def dependants_named_after_two_deaths(known: Known, _: RuleContext) -> Found | None:
    """Other people claim for the same dependants after another person's death, and dates misfit.

    A guardian of orphans claims for them twice in their own name, and dates of birth then fit.
    """
    if known.value(from_pensions.people_naming_dependants_after_another_death) < 1:
        return None
    misfits = len(from_pensions.misfit_dependants(known))
    others = known.others(NodeKind.DEPENDANT)
    if not misfits or not others:
        return None
    ids = tuple(one.claim_id for one in others[-MOST_RECORDS:])
    return Found({"count": misfits, "others": len(others)}, ids)
