"""People whose names stand on hires that may never have been: victims, to be warned."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from fraud.entities.agents import people_at_many_employers
from fraud.entities.entity import EntityForReview, EntityKind, WatchRecords
from fraud.records import Hire


@dataclass(frozen=True, slots=True)
class Warned:
    """One person to be warned, with the hires in their name. Never a reason to look at a claim."""

    mykad: str
    hires: tuple[Hire, ...]
    """Those behind a listed agent or employer, disputed, or at many employers in one month."""


def people_to_warn(listed: Iterable[EntityForReview], records: WatchRecords) -> list[Warned]:
    """Everybody named by a listed agent or employer, or who disputed a hire, by MyKad number."""
    names = {
        (one.kind, one.id)
        for one in listed
        if one.typology == "T14" and one.kind is not EntityKind.OFFICER
    }
    crowded = people_at_many_employers(records.hires)
    found: dict[str, list[Hire]] = defaultdict(list)
    for hire in records.hires:
        behind = {
            (EntityKind.EMPLOYER, hire.employer_code),
            (EntityKind.AGENT, hire.agent),
            (EntityKind.AGENT, hire.device),
        }
        if hire.disputed or hire.mykad in crowded or not names.isdisjoint(behind):
            found[hire.mykad].append(hire)
    return [Warned(mykad, tuple(found[mykad])) for mykad in sorted(found)]
