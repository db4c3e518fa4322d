"""Rules of kind *data quality* about crossings that cannot be true as recorded. Ask, correct.

Rows get lost, gates fail and numbers are mistyped, so none of these says anything of the person.
"""

from fraud.features.catalogue import Known, once
from fraud.features.from_pensions import death_of_claimant
from fraud.movement import Fault, PersonDay
from fraud.rules.rule import Found, RuleContext, day_records, rule
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
