"""How many known signs of a typology a claim shows: what an experienced investigator counts.

Each sign is a fact with its look-alikes; one alone says little. Signs whose records are unknown
do not count, and where the records named by a feature's source are unknown so is the feature.
Source: domain brief, section 7; the levels are assumptions, to be replaced when decided cases
show better ones.
"""

from collections.abc import Callable
from math import isnan

from fraud.features import from_claim, from_history, from_links, from_movement
from fraud.features.catalogue import UNKNOWN, Known, Source, feature
from fraud.records import Scheme
from fraud.statements import Family

Sign = tuple[Callable[[Known], float], Callable[[float], bool]]


def _seen(known: Known, signs: tuple[Sign, ...]) -> float:
    values = [(known.value(measure), holds) for measure, holds in signs]
    known_signs = [holds(value) for value, holds in values if not isnan(value)]
    return float(sum(known_signs)) if known_signs else UNKNOWN


def at_least(level: float) -> Callable[[float], bool]:
    """The value reaches a level."""
    return lambda value: value >= level


def at_most(level: float) -> Callable[[float], bool]:
    """The value stays under or at a level."""
    return lambda value: value <= level


_WORK_DURING_SEARCH = (
    (from_movement.stays_in_last_two_weeks_before_claim, at_least(4)),
    (from_movement.share_of_weekdays_in_stays_after_loss, at_least(0.3)),
    (from_movement.weekday_stays_after_loss, at_least(8)),
    (from_movement.spread_of_leaving_after_loss, at_most(40)),
)
_WORK_ON_LEAVE = (
    (from_movement.stays_on_leave, at_least(3)),
    (from_movement.share_of_leave_in_stays, at_least(0.25)),
)
_MOVED_ACCIDENT = (
    (from_claim.treated_first_in_singapore_after_accident_here, at_least(1)),
    (from_claim.police_report_delay_hours, at_least(60)),
    (from_claim.police_report_outside_border_districts, at_least(1)),
)
_CARTEL = (
    (from_links.claims_of_intermediary_with_practitioner, at_least(2)),
    (from_links.claims_with_a_like_report, at_least(1)),
    (from_links.claims_of_practitioner_with_injury, at_least(3)),
    (from_links.claims_of_intermediary_with_employer, at_least(1)),
)
_YOUNG_FIRM = (
    (from_history.employer_age_days, at_most(900)),
    (from_links.employers_sharing_director, at_least(1)),
    (from_links.employers_sharing_phone, at_least(1)),
    (from_claim.wage_is_round_or_at_ceiling, at_least(1)),
)
_ONE_PURSE = (
    (from_links.people_sharing_account_not_home, at_least(1)),
    (from_links.people_sharing_account_not_home, at_least(2)),
    (from_links.claims_on_account_90d, at_least(2)),
)


@feature(Family.COMMUTER, Source.CROSSINGS, "signs", "T1", schemes=frozenset({Scheme.JOB_SEARCH}))
def signs_of_work_during_search(known: Known) -> float:
    """Signs in the crossings of working across the border while on job search, 0 to 4."""
    return _seen(known, _WORK_DURING_SEARCH)


@feature(Family.COMMUTER, Source.CROSSINGS, "signs", "T2", schemes=from_claim.INJURIES)
def signs_of_work_on_leave(known: Known) -> float:
    """Signs in the crossings of working during certified leave, 0 to 2."""
    return _seen(known, _WORK_ON_LEAVE)


@feature(Family.DOCUMENT, Source.CLAIM, "signs", "T3", schemes=from_claim.INJURIES)
def signs_of_moved_accident(known: Known) -> float:
    """Signs in the papers that an accident happened elsewhere than stated, 0 to 3."""
    return _seen(known, _MOVED_ACCIDENT)


@feature(Family.LINKS, Source.LINKS, "signs", "T7", schemes=from_claim.INJURIES)
def signs_of_medical_cartel(known: Known) -> float:
    """Signs of the same people behind many assessed injuries, 0 to 4."""
    return _seen(known, _CARTEL)


@feature(Family.EMPLOYER, Source.EMPLOYER, "signs", "T10")
def signs_of_paper_job(known: Known) -> float:
    """Signs in the register of a young firm that is one of several, 0 to 4."""
    return UNKNOWN if known.history.employer is None else _seen(known, _YOUNG_FIRM)


@feature(Family.LINKS, Source.LINKS, "signs", "T18")
def signs_of_one_purse(known: Known) -> float:
    """Signs that benefits of unrelated people flow to one account, 0 to 3."""
    return _seen(known, _ONE_PURSE)
