"""Employers, agents and officers for review: not claims, and never the people they named.

An entity is listed by at least two independent aspects of what was known at a moment, less the
honest circumstances that speak against it. A list says where a person should look and decides
nothing; workers of a firm that collapsed and people whose names were misused are victims.
"""

from fraud.entities.agents import agents_for_review, hiring_employers_for_review
from fraud.entities.employers import employers_for_review
from fraud.entities.entity import Aspect, EntityForReview, EntityKind, Sign, WatchRecords
from fraud.entities.officers import officers_for_review
from fraud.entities.warned import Warned, people_to_warn

__all__ = [
    "Aspect",
    "EntityForReview",
    "EntityKind",
    "Sign",
    "Warned",
    "WatchRecords",
    "entities_for_review",
    "people_to_warn",
]


def entities_for_review(kind: EntityKind, records: WatchRecords) -> list[EntityForReview]:
    """Entities of one kind for review, those with most aspects first, ties by id.

    Cost: a few passes over the records of that kind.
    """
    match kind:
        case EntityKind.EMPLOYER:
            found = [*employers_for_review(records), *hiring_employers_for_review(records)]
        case EntityKind.AGENT:
            found = agents_for_review(records)
        case EntityKind.OFFICER:
            found = officers_for_review(records)
    return sorted(found, key=lambda one: (-one.weight, -len(one.signs), one.id))
