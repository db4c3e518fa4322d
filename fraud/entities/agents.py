"""Agents, devices and employers behind incentives for hires that may never have been (T14).

The people named are victims: they are warned, never scored. The levels are assumptions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from fraud.clock import month_number
from fraud.entities.entity import (
    MOST_RECORDS,
    Aspect,
    EntityForReview,
    EntityKind,
    Sign,
    WatchRecords,
    for_review,
)
from fraud.records import Hire

LEAST_HIRES = 3
LEAST_PEOPLE = 2
"""One person recorded across may have kept a second job."""
DISPUTED_SHARE = 0.05
"""One complaint among many hires may be a slip; beside another aspect it counts from here on."""
DAYS_OF_A_MONTH = 30.44
SAME_LENGTH_DAYS = 7
"""An employment of the incentive's length ends within this of it."""
EXACT_SHARE = 0.5
MANY_EMPLOYERS = 3
"""New employers of one person within a month (domain brief, T14)."""
STAYS_LIKE_WORK = 3.0
STAFF_SHARE, LEAST_FIRMS = 0.33, 2
SENT_SHARE = 0.5
GOES_ON_SHARE = 0.5


def agents_for_review(records: WatchRecords) -> list[EntityForReview]:
    """Agents, and devices, whose applications show two aspects of names misused."""
    behind: dict[str, list[Hire]] = defaultdict(list)
    for hire in records.hires:
        for name in {hire.agent, hire.device} - {None}:
            behind[str(name)].append(hire)
    return _for_review(EntityKind.AGENT, behind, records)


def hiring_employers_for_review(records: WatchRecords) -> list[EntityForReview]:
    """Employers whose hires show two aspects of names misused."""
    behind: dict[str, list[Hire]] = defaultdict(list)
    for hire in records.hires:
        behind[hire.employer_code].append(hire)
    return _for_review(EntityKind.EMPLOYER, behind, records)


def _for_review(
    kind: EntityKind, behind: dict[str, list[Hire]], records: WatchRecords
) -> list[EntityForReview]:
    crowded = people_at_many_employers(records.hires)
    found = []
    fillers = _fillers(records)
    for name, hires in behind.items():
        if len(hires) >= LEAST_HIRES:
            signs = list(_signs(hires, crowded, records))
            if kind is EntityKind.AGENT:
                signs += fillers.get(name, [])
            else:
                signs += _sent_by_fillers(hires, fillers)
            found += for_review(kind, name, "T14", signs, _against(hires))
    return found


def _fillers(records: WatchRecords) -> dict[str, list[Sign]]:
    """Agents and devices that filled several small firms."""
    sent: dict[str, list[Hire]] = defaultdict(list)
    for hire in records.hires:
        for name in {hire.agent, hire.device} - {None}:
            sent[str(name)].append(hire)
    found = {name: list(_small_firms(hires, records)) for name, hires in sent.items()}
    return {name: signs for name, signs in found.items() if signs}


def _sent_by_fillers(hires: Sequence[Hire], fillers: Mapping[str, list[Sign]]) -> Iterator[Sign]:
    """Hires of an employer that such an agent or device sent."""
    sent = [one for one in hires if {one.agent, one.device} & set(fillers)]
    if len(sent) >= max(LEAST_HIRES, SENT_SHARE * len(hires)):
        yield _sign("sent_by_filler", Aspect.CONTROL, sent, hires)


def people_at_many_employers(hires: Sequence[Hire]) -> frozenset[str]:
    """People listed by three or more new employers within one month, by MyKad number."""
    employers: dict[tuple[str, int], set[str]] = defaultdict(set)
    for hire in hires:
        for month in (month_number(hire.started_on), month_number(hire.started_on) + 1):
            employers[hire.mykad, month].add(hire.employer_code)
    return frozenset(
        mykad for (mykad, _), codes in employers.items() if len(codes) >= MANY_EMPLOYERS
    )


def _signs(hires: Sequence[Hire], crowded: frozenset[str], records: WatchRecords) -> Iterator[Sign]:
    disputed = [one for one in hires if one.disputed]
    if disputed and len(disputed) >= DISPUTED_SHARE * len(hires):
        yield _sign("disputed", Aspect.WORD_OF_PEOPLE, disputed, hires)
    exact = [one for one in hires if lasted_the_incentive(one)]
    ended = [one for one in hires if one.ended_on]
    if len(exact) >= LEAST_HIRES and len(exact) >= EXACT_SHARE * len(ended):
        yield _sign("exact_length", Aspect.LENGTH_OF_JOBS, exact, hires)
    elsewhere = [one for one in hires if one.mykad in crowded]
    if elsewhere:
        yield _sign("many_employers", Aspect.OTHER_JOBS, elsewhere, hires)
    across = [o for o in hires if records.stays_a_week.get(o.fact_id, 0.0) >= STAYS_LIKE_WORK]
    if len({one.mykad for one in across}) >= LEAST_PEOPLE:
        yield _sign("across", Aspect.CROSSINGS, across, hires)


def _small_firms(hires: Sequence[Hire], records: WatchRecords) -> Iterator[Sign]:
    """Several firms whose hires by one agent or device reach a third of their whole staff.

    An agency spreads its hires over many firms, and a mass onboarding is one large firm's.
    """
    firms: dict[str, list[Hire]] = defaultdict(list)
    for hire in hires:
        firms[hire.employer_code].append(hire)
    filled = [
        (code, some)
        for code, some in firms.items()
        if code in records.employers
        and len(some) >= LEAST_HIRES
        and len(some) >= STAFF_SHARE * records.employers[code].staff_count
    ]
    if len(filled) >= LEAST_FIRMS:
        ids = tuple(records.employers[code].fact_id for code, _ in filled[:MOST_RECORDS])
        values = {"count": len(filled), "hires": sum(len(some) for _, some in filled)}
        yield Sign("entity.agent.small_firms", Aspect.CONTROL, values, ids)


def _sign(name: str, aspect: Aspect, some: Sequence[Hire], hires: Sequence[Hire]) -> Sign:
    values = {"count": len({one.mykad for one in some}), "hires": len(hires)}
    ids = tuple(one.fact_id for one in some[-MOST_RECORDS:])
    return Sign(f"entity.agent.{name}", aspect, values, ids)


def lasted_the_incentive(hire: Hire) -> bool:
    """Whether an employment ended with the incentive."""
    if hire.ended_on is None or not hire.incentive_months:
        return False
    lasted = (hire.ended_on - hire.started_on).days
    return abs(lasted - hire.incentive_months * DAYS_OF_A_MONTH) <= SAME_LENGTH_DAYS


def _against(hires: Sequence[Hire]) -> Iterator[Sign]:
    """Jobs that go on after the incentive, as an agency's or a mass onboarding's do; a cohort."""
    going_on = [one for one in hires if _outlasted(one)]
    if len(going_on) >= GOES_ON_SHARE * len(hires):
        values = {"count": len(going_on), "hires": len(hires)}
        yield Sign("entity.agent.jobs_go_on", None, values)
    confirmed = [one for one in hires if one.disputed is False]
    if len(confirmed) >= LEAST_HIRES and not any(one.disputed for one in hires):
        yield Sign("entity.agent.people_confirm", None, {"count": len(confirmed)})
    months = Counter(month_number(one.started_on) for one in hires)
    lengths = {one.incentive_months for one in hires}
    undisputed = not any(one.disputed for one in hires)
    one_month = months.most_common(1)[0][1] >= 0.9 * len(hires)
    if one_month and len(lengths) == 1 and min(lengths) >= 12 and undisputed:
        yield Sign("entity.agent.one_cohort", None, {"count": len(hires)})


def _outlasted(hire: Hire) -> bool:
    """Whether an employment was known to go on past the incentive."""
    paid = hire.incentive_months * DAYS_OF_A_MONTH + SAME_LENGTH_DAYS
    if hire.ended_on is not None:
        return (hire.ended_on - hire.started_on).days > paid
    return (hire.stated_at.date() - hire.started_on).days > paid
