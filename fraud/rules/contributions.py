"""What a claim's records give the law tables: contribution months and other facts."""

from datetime import date

from fraud.features.catalogue import Known
from fraud.graph import NodeKind
from fraud.records import AnyFact
from fraud.schemes.benefit import facts_from
from fraud.schemes.contributions import MOST_MONTHS, Facts
from fraud.schemes.contributions import months_contributed as months_in


def months_contributed(known: Known, until: date, enough: int = MOST_MONTHS) -> int:
    """Contributed months up to a day, each counted once; stops looking at `enough`."""
    return months_in(known.runs or (), until, enough)


def facts_of(known: Known) -> Facts:
    """The facts a benefit is worked out from, of a claim in its first version.

    A later version does not tell when the first came in; ask `first_received` for that.
    """
    history = known.history
    statement = [history.contributions] if history.contributions else []
    records: list[AnyFact] = [
        *history.facts,
        *statement,
        *history.attendances,
        *history.enrolments,
    ]
    return facts_from(known.claim, records)


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
