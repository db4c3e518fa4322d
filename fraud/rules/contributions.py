"""What a claim's records give the law tables: contribution months, and when they came in."""

from datetime import date

from fraud.features.catalogue import Known
from fraud.graph import NodeKind
from fraud.schemes.contributions import MOST_MONTHS
from fraud.schemes.contributions import months_contributed as months_in


def months_contributed(known: Known, until: date, enough: int = MOST_MONTHS) -> int:
    """Contributed months up to a day, each counted once; stops looking at `enough`."""
    return months_in(known.runs or (), until, enough)


def first_received(known: Known) -> date | None:
    """When the claim first came in: a corrected version must not make it late. None: not known."""
    if known.claim.version == 1:
        return known.received_on
    person = known.linked.numbers(NodeKind.PERSON)
    versions = [
        known.area.claims[position].received_on
        for number in person
        for position in known.area.latest(number)
        if known.area.claims[position].claim_id == known.claim.claim_id
    ]
    return date.fromordinal(min(versions)) if versions else None
