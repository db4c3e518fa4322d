"""Rules of kind *data quality* about crossings that cannot be true as recorded. Ask, correct.

Rows get lost, gates fail and numbers are mistyped, so none of these says anything of the person.
"""

from datetime import time

from fraud.clock import LOCAL
from fraud.features.catalogue import Known, once
from fraud.features.from_pensions import death_of_claimant
from fraud.movement import Fault, PersonDay, journey
from fraud.records import Injury, Scheme
from fraud.rules.rule import INJURY_SCHEMES, Found, RuleContext, day_records, rule
from fraud.statements import Family, HitKind


@once
def _faulty_days(known: Known) -> list[PersonDay]:
    """Days of the event, the certified leave and after a loss that cannot be true as recorded."""
    event = [known.event_on.toordinal()] if known.event_on else []
    held = known.history.days
    days = sorted({*event, *known.leave_days, *known.after_loss})
    return [held[day] for day in days if day in held and held[day].faults]


@rule(HitKind.DATA_QUALITY, Family.COMMUTER, source="agreement of records")
def crossings_do_not_join_on_day_of_event(known: Known, _: RuleContext) -> Found | None:
    """On the day of the event the border files lack the leaving of a return, or the other way.

    On other days this is too common to ask about.
    """
    if known.event_on is None:
        return None
    day = known.history.days.get(known.event_on.toordinal())
    if day is None or not day.faults & Fault.UNPAIRED:
        return None
    return Found({"day": day.day.isoformat()}, day_records([day]))


@rule(HitKind.DATA_QUALITY, Family.COMMUTER, source="agreement of records")
def recorded_in_two_places_at_once(known: Known, _: RuleContext) -> Found | None:
    """On a day that matters both countries recorded an entry, or a leaving, within ten minutes."""
    days = [one for one in _faulty_days(known) if one.faults & Fault.TWO_PLACES]
    if not days:
        return None
    return Found({"count": len(days), "day": days[0].day.isoformat()}, day_records(days))


@rule(HitKind.DATA_QUALITY, Family.COMMUTER, source="agreement of dates")
def crossing_dated_after_its_file(known: Known, _: RuleContext) -> Found | None:
    """A border file of a day that matters holds a crossing of the person that is dated later."""
    days = [one for one in _faulty_days(known) if one.faults & Fault.AHEAD]
    if not days:
        return None
    return Found({"day": days[0].day.isoformat()}, day_records(days))


@rule(HitKind.DATA_QUALITY, Family.COMMUTER, source="agreement of records")
def crossing_after_registered_death(known: Known, _: RuleContext) -> Found | None:
    """A crossing is recorded under the claimant's number after the day of the registered death.

    The register, the border file or the number may be wrong, or somebody else used the passport.
    A stay that was only never closed is no crossing.
    """
    entry = death_of_claimant(known)
    if entry is None:
        return None
    held = known.history.days
    days = [held[day] for day in sorted(held) if day > entry.died_on.toordinal() and held[day].seen]
    if not days:
        return None
    values = {"died_on": entry.died_on.isoformat(), "day": days[0].day.isoformat()}
    return Found(dict(values), (entry.fact_id, *day_records(days[-11:])))


@rule(
    HitKind.DATA_QUALITY,
    Family.COMMUTER,
    source="agreement of records",
    on=INJURY_SCHEMES,
    variants=("malaysia", "link"),
)
def journey_told_within_recorded_stay(known: Known, _: RuleContext) -> Found | None:
    """The accident is told on the way to or from work across the border, amid a recorded stay.

    Both ends of the stay are recorded, more than an hour from the stated minute; of an accident on
    the link more than four. A slip of the day, morning written for evening, a short trip home of
    which no row is left and somebody else's rows look the same.
    """
    injury = _told_on_the_way(known)
    if injury is None:
        return None
    asked = journey(known.history.days, known.history.files, injury.place, injury.occurred_at)
    if asked.answer != "not_plausible" or asked.before is None or asked.after is None:
        return None
    values = {
        "at": injury.occurred_at.isoformat(),
        "out": asked.before.isoformat(),
        "back": asked.after.isoformat(),
    }
    return Found(dict(values), day_records(asked.days), variant=injury.place.value)


def _told_on_the_way(known: Known) -> Injury | None:
    """The road accident of somebody who works across, with a minute; midnight sharp is none."""
    injury = known.claim.injury
    if injury is None or injury.kind != "road":
        return None
    across = known.claim.scheme is Scheme.COMMUTER or known.claim.workplace_uen is not None
    sharp = injury.occurred_at.astimezone(LOCAL).time() == time()
    return injury if across and not sharp else None
