"""What the office learns of employers by routine: arrears, closures, and where their people went.

The register of arrears is drawn every quarter and flows of staff are read from contributions every
month, for everyone. T13, phoenix and spider firms: contributions are owed, the firm closes, its
people go on at the next one. Their honest twins: insolvency, a group put in order, a sale of the
business. The workers are victims of it. Every rate is an assumption.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from fraud.records import EmployerArrears, StaffMove
from fraud.simulator.entities import Entities, EntityTruth
from fraud.simulator.papers import Event, Papers, describe, fact_id, month_of
from fraud.simulator.papers import month_start as first_of
from fraud.simulator.region import (
    Employer,
    Region,
    an_address,
    an_employer_code,
    digits,
    old_firms,
)
from fraud.simulator.typologies.traces import Traces

IN_ARREARS, LATE_PAYER_IN_ARREARS, INSOLVENT = 0.04, 0.6, 0.18
REORGANISED, CHURN = 0.004, 0.012
PHOENIX_SHARE = 0.005
"""Of employers in arrears (domain brief, T13), before it is raised."""
INSPECTED, DEDUCTED = 0.45, 0.12
QUARTER, MONTH = 91, 30
REGISTERED_AFTER = 182
"""Days from the first unpaid month after which a debt of three months stands in the register."""
OWED_FOR_EACH = 6_500
"""Sen owed for one employee and month, roughly."""


@dataclass(frozen=True)
class Watched:
    """Facts about employers, and the truth about those that are, or resemble, T13."""

    events: list[Event]
    truth: Entities


def watched(papers: Papers) -> Watched:
    """Everything the office learns of employers in the window, and what is true."""
    region, found = papers.region, Watched([], {})
    owing = [number for number in range(old_firms(region)) if _owes(region, number)]
    for number in owing:
        found.events.extend(_trouble(papers, number, region.dice("arrears", number)))
    for number in range(old_firms(region)):
        draw = region.dice("staff", number)
        if draw.random() < REORGANISED * region.settings.look_alikes:
            _reorganise(papers, number, found, draw)
        elif draw.random() < CHURN:
            found.events.extend(_churn(papers, number, draw))
    natural = PHOENIX_SHARE * len(owing) * region.settings.raised.get("T13", 1.0)
    count = region.dice("phoenix")
    for turn in range(int(natural) + (count.random() < natural % 1)):
        _phoenix(papers, found, region.dice("phoenix", turn))
    return found


def _owes(region: Region, number: int) -> bool:
    late = region.employers[number].pays_late
    return region.dice("owes", number).random() < (LATE_PAYER_IN_ARREARS if late else IN_ARREARS)


def _trouble(papers: Papers, number: int, draw: Random) -> Iterator[Event]:
    """Some bad months; then the debt is paid, or the firm closes and its people scatter."""
    begins, months = draw.randrange(-200, papers.region.settings.days), draw.randrange(1, 8)
    closes = begins + months * MONTH + 40 if draw.random() < INSOLVENT else None
    deducted = draw.random() < DEDUCTED
    yield from _in_register(papers, number, begins, months, closes, deducted=deducted, draw=draw)
    if closes is not None:
        to = draw.randrange(old_firms(papers.region))
        yield _move(papers, number, to, closes, draw.uniform(0.05, 0.35), draw)
        yield described(papers, to, closes)
    yield described(papers, number, begins)


def _in_register(
    papers: Papers,
    number: int,
    begins: int,
    months: int,
    closes: int | None,
    *,
    deducted: bool,
    draw: Random,
    pays: bool = True,
) -> Iterator[Event]:
    """The quarterly register from the first unpaid month until it is paid, or closed."""
    firm, day = papers.region.employers[number], (begins // QUARTER + 1) * QUARTER
    inspected = draw.random() < INSPECTED
    ends = begins + months * MONTH
    for turn in range(1 + months // 3 + 1):
        unpaid = max(min((day - begins) // MONTH, months), 1)
        paid = pays and closes is None and day > ends + 60
        closed = closes is not None and day >= closes
        known = papers.instant(max(day, 0), 300 + number % 240)
        owed = 0 if paid else unpaid * firm.staff * OWED_FOR_EACH
        yield Event(
            known,
            EmployerArrears(
                fact_id=fact_id(papers.region, f"arrears {begins} {turn}", firm.code),
                employer_code=firm.code,
                arrears_sen=owed,
                months_unpaid=0 if paid else unpaid,
                deducted_from_wages=deducted if inspected else None,
                closed_on=papers.region.day(closes) if closed and closes is not None else None,
                stated_at=known,
            ),
        )
        if paid or closed:
            return
        day += QUARTER


def _move(papers: Papers, number: int, to: int, day: int, share: float, draw: Random) -> Event:
    """How many of a firm's people another one registered next, some weeks after the month."""
    region, staff = papers.region, max(papers.region.employers[number].staff, 2)
    known = papers.instant(max(day + draw.randrange(40, 75), 0), 300 + number % 240)
    firm, other = region.employers[number], region.employers[to]
    record = StaffMove(
        fact_id=fact_id(region, f"move {day}", firm.code),
        employer_code=firm.code,
        to_employer_code=other.code,
        people=min(max(round(share * staff), 1), staff),
        of_staff=staff,
        month=first_of(region, month_of(region, day)),
        stated_at=known,
    )
    return Event(known, record)


def _churn(papers: Papers, number: int, draw: Random) -> Iterator[Event]:
    to, day = draw.randrange(old_firms(papers.region)), draw.randrange(papers.region.settings.days)
    yield _move(papers, number, to, day, draw.uniform(0.1, 0.45), draw)
    yield described(papers, number, day)
    yield described(papers, to, day)


def described(papers: Papers, number: int, day: int) -> Event:
    """The register's entry of an employer named in these facts."""
    known = papers.instant(max(day, 0), 2)
    entry = describe(papers.region, number, known)
    name = fact_id(papers.region, f"entry {day}", entry.employer_code)
    return Event(known, entry.model_copy(update={"fact_id": name}))


def _sister(region: Region, of: int, opened: int, draw: Random, traces: Traces | None) -> int:
    """Another firm of the same people, opened on that day of the window.

    An honest sister shares what it lawfully shares; a phoenix what its traces show.
    """
    first = region.employers[of]
    share = traces.show if traces else (lambda chance: draw.random() < chance)
    director = (first.directors[0],) if share(0.75) else ()
    firm = Employer(
        code=an_employer_code(draw),
        name=first.name.rsplit(" ", 2)[0] + f" {draw.randrange(1, 999)} (simulated)",
        registered_on=region.settings.first_day + timedelta(days=opened),
        staff=max(3, round(first.staff * draw.uniform(0.7, 1.1))),
        directors=(f"D{digits(draw, 9)}", *director),
        phone=first.phone if share(0.40) else f"+607{digits(draw, 7)}",
        address=first.address if share(0.60) else an_address(draw),
        bureau=first.bureau,
        trade=first.trade,
    )
    region.employers.append(firm)
    return len(region.employers) - 1


def _reorganise(papers: Papers, number: int, found: Watched, draw: Random) -> None:
    """A group put in order, or a business sold: the people move, and what was owed is paid."""
    region, day = papers.region, draw.randrange(-100, papers.region.settings.days)
    to = _sister(region, number, day - draw.randrange(20, 200), draw, None)
    found.events.append(_move(papers, number, to, day, draw.uniform(0.6, 1.0), draw))
    if draw.random() < 0.35:  # the last months were paid late
        trouble = _in_register(papers, number, day - 80, 2, None, deducted=False, draw=draw)
        found.events.extend(trouble)
    found.events.extend([described(papers, number, day), described(papers, to, day)])
    alike = EntityTruth(look_alike="T13")
    for one in (number, to):
        found.truth.setdefault(("employer", region.employers[one].code), alike)


def _phoenix(papers: Papers, found: Watched, draw: Random) -> None:
    """T13: one firm after the other over years, each owing more than it ever paid."""
    region = papers.region
    small = [n for n in range(old_firms(region)) if 4 <= region.employers[n].staff < 60]
    number, traces = draw.choice(small), Traces(draw)
    links = draw.choice((2, 3, 3, 4))
    day = draw.randrange(-620, -300)
    for link in range(links):
        months = draw.randrange(4, 12)
        closes = day + months * MONTH + draw.randrange(20, 70)
        last = link == links - 1 or closes > region.settings.days - QUARTER
        deducted = traces.show(0.65)
        found.events.extend(
            _in_register(
                papers,
                number,
                day,
                months,
                None if last else closes,
                deducted=deducted,
                draw=draw,
                pays=False,
            )
        )
        found.events.append(described(papers, number, day))
        if day + REGISTERED_AFTER < region.settings.days:  # before that it owes nothing yet
            found.truth["employer", region.employers[number].code] = EntityTruth("T13")
        if last:
            return
        to = _sister(region, number, closes - draw.randrange(10, 90), draw, traces)
        share = draw.uniform(0.6, 0.97) if traces.show(0.90) else draw.uniform(0.3, 0.6)
        found.events.append(_move(papers, number, to, closes, share, draw))
        found.events.append(described(papers, to, closes))
        number, day = to, closes + draw.randrange(10, 60)
