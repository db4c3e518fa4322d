"""Incentives paid for hiring: who was hired by whom, through which agent, from which device.

T14, names of real people used for hires that never were: one agent and a few firms, the same
people at several of them in one month, employment for exactly the months that are paid. The people
named are victims. Honest agents and employers that look alike: recruitment agencies, mass
onboarding, a career fair, apprentices. Every rate is an assumption.
"""

from dataclasses import dataclass, field
from random import Random

from fraud.records import Hire
from fraud.simulator.entities import Entities, EntityTruth
from fraud.simulator.papers import Event, Papers, fact_id
from fraud.simulator.region import Region, Rhythm, a_mobile, digits, old_firms
from fraud.simulator.typologies.traces import Traces

HIRES_A_YEAR = 0.02
"""Incentive hires a year, as a share of all people, at intensity 1 (assumption)."""
MISUSED = 0.01
"""Share of incentive hires (domain brief, T14), before it is raised."""
PER_RING = 16
BY_ACCOUNTANT, STAYS, DISPUTED = 0.45, 0.65, 0.003
PER_AGENCY, PER_FAIR, PER_COHORT, PER_ONBOARDING = 250, 400, 300, 350
"""Of so many honest hires, one stands for a whole agency, fair, cohort or onboarding."""
MONTH = 30
WAIT = 20
"""Days after the term of an incentive from which its last part is applied for."""
MONTHLY_SEN = 60_000
LARGE = 40


@dataclass(frozen=True)
class Hired:
    """Facts about hires, and the truth about agents and employers that are, or resemble, T14."""

    events: list[Event] = field(default_factory=list)
    truth: Entities = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """One hire as it is applied for; days of the window."""

    person: int
    employer: int
    started: int
    months: int
    ends_after: int | None
    agent: str | None
    device: str | None
    disputed: bool | None = None


def hired(papers: Papers) -> Hired:
    """Every incentive hire of the window, and what is true of those behind it."""
    region, found = papers.region, Hired()
    chosen = region.settings
    total = chosen.people * HIRES_A_YEAR * chosen.days / 365 * min(chosen.claim_intensity, 6.0)
    count = 0
    for number in range(round(total)):
        _add(papers, found, count, _honest(region, region.dice("hire", number)))
        count += 1
    for crowd, (per, members) in _CROWDS.items():
        for turn in range(_turns(region, crowd, total / per * chosen.look_alikes)):
            for job in members(region, found, region.dice(crowd, turn)):
                _add(papers, found, count, job)
                count += 1
    rings = total * MISUSED * chosen.raised.get("T14", 1.0) / PER_RING
    for turn in range(_turns(region, "misuse", rings)):
        for job in _misuse(region, found, region.dice("misuse ring", turn)):
            _add(papers, found, count, job)
            count += 1
    return found


def _turns(region: Region, name: str, exact: float) -> int:
    return int(exact) + (region.dice("turns", name).random() < exact % 1)


def _honest(region: Region, draw: Random) -> Job:
    """An ordinary hire; an accountant of the district sends the papers of nearly half of them."""
    employer = int(region.employer[draw.randrange(region.settings.people)])
    months = draw.choice((3, 6, 6, 6, 12))
    accountant = f"AC{digits(region.dice('accountant', employer % 97), 6)}"
    return Job(
        person=draw.randrange(region.settings.people),
        employer=employer,
        started=draw.randrange(-90, region.settings.days),
        months=months,
        ends_after=None if draw.random() < STAYS else draw.randrange(20, 400),
        agent=accountant if draw.random() < BY_ACCOUNTANT else None,
        device=f"DEV{digits(region.dice('device', employer), 8)}" if draw.random() < 0.6 else None,
        disputed=True if draw.random() < DISPUTED else None,
    )


def _agency(region: Region, found: Hired, draw: Random) -> list[Job]:
    """A recruitment agency: one telephone and one device for many employers."""
    agent, device = a_mobile(draw), f"DEV{digits(draw, 8)}"
    for name in (agent, device):
        found.truth["agent", name] = EntityTruth(look_alike="T14")
    jobs = [_honest(region, draw) for _ in range(draw.randrange(12, 40))]
    return [_through(job, agent, device) for job in jobs]


def _fair(region: Region, found: Hired, draw: Random) -> list[Job]:
    """A career fair: one desk, one week, many firms."""
    agent, device = f"FAIR{digits(draw, 4)}", f"DEV{digits(draw, 8)}"
    for name in (agent, device):
        found.truth["agent", name] = EntityTruth(look_alike="T14")
    week = draw.randrange(region.settings.days)
    jobs = [_honest(region, draw) for _ in range(draw.randrange(15, 45))]
    return [_through(job, agent, device, week + draw.randrange(7)) for job in jobs]


def _onboarding(region: Region, found: Hired, draw: Random) -> list[Job]:
    """A plant that opens a line hires its people in one month."""
    employer, month = _large(region, draw), draw.randrange(region.settings.days)
    found.truth["employer", region.employers[employer].code] = EntityTruth(look_alike="T14")
    jobs = [_honest(region, draw) for _ in range(draw.randrange(12, 40))]
    return [
        Job(one.person, employer, month + draw.randrange(28), 6, one.ends_after, None, one.device)
        for one in jobs
    ]


def _large(region: Region, draw: Random) -> int:
    """A firm with people enough to take on many at once."""
    firms = [n for n in range(old_firms(region)) if region.employers[n].staff >= LARGE]
    return draw.choice(firms) if firms else region.hazardous_plant


def _cohort(region: Region, found: Hired, draw: Random) -> list[Job]:
    """Apprentices, whose time ends with the incentive."""
    employer, month = draw.randrange(old_firms(region)), draw.randrange(region.settings.days)
    found.truth["employer", region.employers[employer].code] = EntityTruth(look_alike="T14")
    people = [draw.randrange(region.settings.people) for _ in range(draw.randrange(8, 25))]
    return [Job(one, employer, month, 12, 12 * MONTH, None, None) for one in people]


def _through(job: Job, agent: str, device: str, started: int | None = None) -> Job:
    begun = job.started if started is None else started
    return Job(job.person, job.employer, begun, job.months, job.ends_after, agent, device)


_CROWDS = {
    "agency": (PER_AGENCY, _agency),
    "fair": (PER_FAIR, _fair),
    "onboarding": (PER_ONBOARDING, _onboarding),
    "cohort": (PER_COHORT, _cohort),
}


def _misuse(region: Region, found: Hired, draw: Random) -> list[Job]:
    """T14: one agent, two to four small firms, the same names again and again."""
    agent, device = a_mobile(draw), f"DEV{digits(draw, 8)}"
    small = [n for n in range(old_firms(region)) if region.employers[n].staff < 15]
    firms = draw.sample(small, min(draw.randrange(3, 5), len(small)))
    for name in (agent, device):
        found.truth["agent", name] = EntityTruth("T14")
    for number in firms:
        found.truth["employer", region.employers[number].code] = EntityTruth("T14")
    begun, size = draw.randrange(-150, max(region.settings.days - 150, 1)), draw.randrange(8, 25)
    jobs: list[Job] = []
    while len(jobs) < size:
        person = _a_name(region, draw)
        at = begun + draw.randrange(200)
        traces = Traces(draw)
        several = firms if traces.show(0.45) else [draw.choice(firms)]
        ends = 6 * MONTH if traces.show(0.80) else draw.randrange(60, 300)
        through = agent if traces.show(0.85) else None
        sent_from = device if traces.show(0.75) else None
        disputed = True if traces.show(0.20) else None
        jobs += [
            Job(person, one, at + draw.randrange(25), 6, ends, through, sent_from, disputed)
            for one in several
        ]
    return jobs


def _a_name(region: Region, draw: Random) -> int:
    """Somebody whose number is at hand; half of them cross every day to another job."""
    daily = (int(Rhythm.DAY), int(Rhythm.NIGHT))
    for _ in range(200 if draw.random() < 0.5 else 0):
        person = draw.randrange(region.settings.people)
        if int(region.rhythm[person]) in daily:
            return person
    return draw.randrange(region.settings.people)


def _add(papers: Papers, found: Hired, number: int, job: Job) -> None:
    """The incentive is applied for weeks after the start; its last part when job or term ends."""
    region = papers.region
    draw = region.dice("hire record", number)
    first = job.started + draw.randrange(20, 80)
    reports = [first]
    term = job.months * MONTH + WAIT
    ends = term if job.ends_after is None else min(job.ends_after, term)
    reports.append(max(job.started + ends, first) + draw.randrange(10, 40))
    for turn, day in enumerate(reports):
        known = papers.instant(max(day, 0), draw.randrange(480, 1020))
        paid = min(job.months, max((day - job.started) // MONTH, 1))
        over = None
        if turn and job.ends_after is not None and job.started + job.ends_after < day:
            over = job.started + job.ends_after
        record = Hire(
            fact_id=fact_id(region, f"hire {turn}", str(number)),
            mykad=region.mykads[job.person],
            employer_code=region.employers[job.employer].code,
            started_on=region.day(job.started),
            ended_on=None if over is None else region.day(over),
            incentive_months=job.months,
            incentive_sen=paid * MONTHLY_SEN,
            agent=job.agent,
            device=job.device,
            disputed=job.disputed if turn else None,
            stated_at=known,
        )
        found.events.append(Event(known, record))
        found.events.extend(papers.introduce({job.employer}, known))
