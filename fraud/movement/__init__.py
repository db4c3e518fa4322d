"""Crossings become person-days here; nothing above this room sees a single clearance.

A person-day says what the day's border file shows of one person on one local day (UTC+8).
Absence of a record proves nothing: a day without a row is *unknown*, never "at home".
"""

from fraud.movement.clearances import (
    AUTHORITIES,
    CHECKPOINTS,
    DIRECTIONS,
    MODES,
    CrossingDay,
    CrossingTable,
    day_number,
    instant,
)
from fraud.movement.journey import Journey, journey
from fraud.movement.presence import (
    WORKING_STAY_HOURS,
    DayFact,
    Fault,
    PersonDay,
    Presence,
    answered_days,
    day_fact,
    place_at,
)
from fraud.movement.trips import STAY_KEPT_DAYS, Folded, OpenStay, fold_day

__all__ = [
    "AUTHORITIES",
    "CHECKPOINTS",
    "DIRECTIONS",
    "MODES",
    "STAY_KEPT_DAYS",
    "WORKING_STAY_HOURS",
    "CrossingDay",
    "CrossingTable",
    "DayFact",
    "Fault",
    "Folded",
    "Journey",
    "OpenStay",
    "PersonDay",
    "Presence",
    "answered_days",
    "day_fact",
    "day_number",
    "fold_day",
    "instant",
    "journey",
    "place_at",
]
