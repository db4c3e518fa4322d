"""A simulated region day by day, as the office lives it: yesterday's border file, then the day."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fraud.clock import end_of, local_day
from fraud.movement import CrossingDay, Folded, PersonDay, day_fact, fold_day
from fraud.records import AnyFact, Claim, DayPresence
from fraud.simulator.files import SavedRegion
from fraud.simulator.timeline import Region

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LivedDay:
    """What becomes known on one day: the folded border file of the day before, then the records."""

    day: date
    border_day: CrossingDay
    person_days: list[PersonDay]
    records: list[Claim | AnyFact]


def lived_days(region: Region) -> Iterator[LivedDay]:
    """Every day of a region in order; records from before its first day come with that day."""
    by_day: dict[date, list[Claim | AnyFact]] = {}
    first = region.settings.first_day
    for event in region.events:
        by_day.setdefault(max(first, local_day(event.known_at)), []).append(event.record)
    seen = Folded([], {})
    for number in range(region.settings.days):
        day = first + timedelta(days=number)
        before = day - timedelta(days=1)
        coverage = region.crossing_day(before)
        table = region.crossings(before, before, region.requested(before))
        seen = fold_day(table, before, seen.open_stays, coverage)
        yield LivedDay(day, coverage, seen.days, by_day.get(day, []))


def saved_days(saved: SavedRegion) -> Iterator[LivedDay]:
    """The same from files: each day with records, or after a border file, in order."""
    by_day: dict[date, list[Claim | AnyFact]] = {}
    for event in saved.events():
        by_day.setdefault(local_day(event.known_at), []).append(event.record)
    border = {coverage.day: coverage for coverage in saved.days()}
    seen = Folded([], {})
    for day in sorted({*by_day, *(covered + ONE_DAY for covered in border)}):
        before = day - ONE_DAY
        coverage, found = CrossingDay(before, 1.0), list[PersonDay]()
        if before in border:
            coverage = border[before]
            seen = fold_day(saved.crossings(before), before, seen.open_stays, coverage)
            found = seen.days
        yield LivedDay(day, coverage, found, by_day.get(day, []))


def in_answers(lived: LivedDay, asked: Collection[str]) -> LivedDay:
    """The same day where a legal basis gives answers on single days and no border file.

    `asked` are the MyKad numbers that the request names for the day of the file; the agency also
    answers anew on earlier days whose stays came to their end.
    """
    border = lived.border_day
    seen = {(one.mykad, one.day): one for one in lived.person_days}
    wanted = dict.fromkeys([*((mykad, border.day) for mykad in asked), *seen])
    answers = []
    for mykad, day in wanted:
        complete = border.outage_share == 0 or day < border.day
        fact = day_fact(seen.get((mykad, day)), complete=complete)
        answers.append(
            DayPresence(
                fact_id=f"SIM-{mykad}-{day}-{border.day}",
                mykad=mykad,
                day=day,
                presence=fact.presence,
                confidence=fact.confidence,
                stated_at=end_of(border.day),
            )
        )
    nothing = CrossingDay(border.day, 1.0)
    return replace(lived, border_day=nothing, person_days=[], records=[*answers, *lived.records])
