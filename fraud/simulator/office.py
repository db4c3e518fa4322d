"""The office of the past: picks claims by rough human rules, decides late, is sometimes wrong.

It sees records only. Truth enters once a claim has been picked, as what an inquiry would find,
and even then not always.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from fraud.records import (
    Attendance,
    BoardAttendance,
    Claim,
    ContributionStatement,
    DeathRegistered,
    Decision,
    EmployerDescription,
    Enrolment,
    HospitalAnswer,
    JobStarted,
    Label,
    Place,
    Scheme,
)
from fraud.simulator.chance import dice
from fraud.simulator.papers import Event

MISSED_FRAUD = 0.15
ACCUSED_WRONGLY = 0.004
UNDECIDED = 0.05
MISSED_ERROR = 0.20
MEMORY_DAYS = 180

Later = Attendance | HospitalAnswer | BoardAttendance | JobStarted | DeathRegistered
LATER = (Attendance, HospitalAnswer, BoardAttendance, JobStarted, DeathRegistered)

Reason = Literal["rule", "control"]


@dataclass(frozen=True)
class Picked:
    """A claim that somebody will look into, and how long that takes."""

    by: Reason
    days: int


class Impressions:
    """What strikes an experienced clerk about a claim, from the papers on the desk."""

    def __init__(self) -> None:
        self._recent: dict[str, deque[tuple[float, str]]] = defaultdict(deque)
        self._young: dict[str, int] = {}
        self._lump: set[str] = set()
        self._enrolled: dict[str, datetime] = {}

    def read(self, event: Event) -> None:
        """Remember employers and contribution statements."""
        record = event.record
        if isinstance(record, EmployerDescription):
            self._young[record.employer_code] = record.registered_on.toordinal()
        elif isinstance(record, ContributionStatement) and any(run.paid_on for run in record.runs):
            self._lump.add(record.mykad)
        elif isinstance(record, Enrolment):
            self._enrolled[record.mykad] = record.paid_at

    def weigh(self, claim: Claim, draw: Random) -> float:
        """How much the claim stands out; a good part of it is mood."""
        others = {
            name: self._others(f"{name}/{value}", claim)
            for name, value in (
                ("intermediary", claim.intermediary),
                ("account", claim.claimant.account and claim.claimant.account.number),
                ("employer", claim.employer_code),
            )
            if value
        }
        points = min(others.get("intermediary", 0), 6) * 0.45
        points += min(others.get("account", 0), 4) * 0.8
        points += 0.15 * min(others.get("employer", 0), 5)
        points += 1.2 * (claim.claimant.mykad in self._lump)
        enrolled = self._enrolled.get(claim.claimant.mykad)
        if claim.job_loss and enrolled and enrolled.date() > claim.job_loss.last_day:
            points += 1.5
        opened = self._young.get(claim.employer_code or "")
        if opened and claim.received_at.date().toordinal() - opened < 900:
            points += 1.2
        return points + _papers_look(claim) + draw.expovariate(2.0)

    def _others(self, name: str, claim: Claim) -> int:
        """How many other people came with this in the last half year; remembers this one."""
        seen = self._recent[name]
        now = claim.received_at.timestamp()
        while seen and seen[0][0] < now - MEMORY_DAYS * 86_400:
            seen.popleft()
        others = len({mykad for _, mykad in seen} - {claim.claimant.mykad})
        seen.append((now, claim.claimant.mykad))
        return others


def _papers_look(claim: Claim) -> float:
    points = 0.0
    leave = sum((one.last_day - one.first_day).days + 1 for one in claim.certificates)
    points += 0.8 * (leave > 45) + 0.8 * (len(claim.certificates) >= 4)
    if claim.injury:
        police = claim.injury.police_report_at
        if police and police - claim.injury.occurred_at > timedelta(days=3):
            points += 1.0
        abroad = claim.injury.first_treated_in == "singapore"
        points += 1.0 * (abroad and claim.injury.place is Place.MALAYSIA)
        points += 0.7 * (claim.injury.police_district in ("SEGAMAT", "MUAR", "MERSING"))
        points += 0.4 * (claim.injury.assessed_percent or 0) / 10
    if claim.illness and claim.illness.first_treated_on:
        points += 0.8 * ((claim.illness.first_treated_on - claim.illness.began_on).days > 120)
    for one in claim.death.dependants if claim.death else ():
        if one.mykad and one.born_on:
            points += 1.0 * (one.mykad[:6] != f"{one.born_on:%y%m%d}")
    if claim.new_job and claim.new_job.ended_on:
        points += 0.3
    if claim.scheme is Scheme.JOB_SEARCH and claim.workplace_uen:
        points += 0.6
    return points


def _what_comes_later(record: Later, claim: Claim) -> float:
    """What strikes a clerk about an answer that came in after the claim."""
    match record:
        case Attendance():
            return 1.0 * (_at_work_on_leave(record, claim) >= 2)
        case HospitalAnswer():
            return 1.5 * (record.serial_known is False) + (record.practitioner_on_duty is False)
        case BoardAttendance():
            return 1.2 * (record.likeness == "differs")
        case JobStarted():
            soon = record.ended_on and (record.ended_on - record.started_on).days < 100
            return 1.0 * (record.reported_by_claimant is False) + 0.6 * bool(soon)
        case DeathRegistered():
            return 1.5 * (record.mykad == claim.claimant.mykad)


def _at_work_on_leave(list_of_days: Attendance, claim: Claim) -> int:
    """Days after the first of leave on which the employer's list has the person present."""
    return sum(
        any(one.first_day < day <= one.last_day for one in claim.certificates)
        for day in list_of_days.days_present
    )


def pick(
    events: Iterable[Event], review_share: float, control_share: float, seed: int
) -> dict[str, Picked]:
    """Which claims the office looked into. Nothing but records is read here."""
    impressions = Impressions()
    points: dict[str, float] = {}
    open_claim: dict[str, Claim] = {}
    schemes: dict[str, Scheme] = {}
    for event in events:
        record = event.record
        impressions.read(event)
        if isinstance(record, Claim) and record.version == 1:
            draw = dice(seed, "clerk", record.claim_id)
            schemes[record.claim_id] = record.scheme
            points[record.claim_id] = impressions.weigh(record, draw)
            open_claim[record.claimant.mykad] = record
            open_claim[record.insured_mykad] = record
        elif isinstance(record, LATER) and record.mykad in open_claim:
            claim = open_claim[record.mykad]
            points[claim.claim_id] += _what_comes_later(record, claim)
    return _to_desks(points, schemes, review_share, control_share, seed)


def _to_desks(
    points: dict[str, float],
    schemes: dict[str, Scheme],
    review_share: float,
    control_share: float,
    seed: int,
) -> dict[str, Picked]:
    """Each scheme has a desk of its own, which looks into what strikes it most."""
    chosen: set[str] = set()
    for scheme in Scheme:
        mine = [(points[one], one) for one in points if schemes[one] is scheme]
        mine.sort(reverse=True)
        chosen |= {claim_id for _, claim_id in mine[: round(review_share * len(mine))]}
    found = {}
    for claim_id in points:
        draw = dice(seed, "desk", claim_id)
        control = draw.random() < control_share
        days = 30 + min(int(draw.expovariate(1 / 28)), 90)
        if claim_id in chosen:
            found[claim_id] = Picked("rule", days)
        elif control:
            found[claim_id] = Picked("control", days)
    return found


def finding(truth: Label, draw: Random) -> Label:
    """What an inquiry concludes: usually the truth."""
    luck = draw.random()
    if truth is Label.CONFIRMED_FRAUD:
        if luck < MISSED_FRAUD:
            return Label.UNDETERMINED if draw.random() < 0.4 else Label.GENUINE
        return truth
    if truth is not Label.GENUINE:
        if luck < MISSED_ERROR:
            return Label.UNDETERMINED if draw.random() < 0.25 else Label.GENUINE
        return truth
    if luck < ACCUSED_WRONGLY:
        return Label.CONFIRMED_FRAUD
    return Label.UNDETERMINED if luck < ACCUSED_WRONGLY + UNDECIDED else Label.GENUINE


def decide(claim: Claim, picked: Picked, label: Label, wrong: int, seed: int) -> Event:
    """The decision as a record; known the day it is taken."""
    draw = dice(seed, "decision", claim.claim_id)
    found = finding(label, draw)
    amount = 0
    if found is label and found is not Label.GENUINE:
        amount = wrong
    elif found is Label.CONFIRMED_FRAUD:
        amount = claim.expected_payment_sen
    at = claim.received_at + timedelta(days=picked.days, minutes=draw.randrange(5, 400))
    record = Decision(
        fact_id=f"F{draw.getrandbits(64):016x}",
        claim_id=claim.claim_id,
        label=found,
        decided_at=at,
        picked_by=picked.by,
        wrong_payment_sen=amount,
    )
    return Event(at + timedelta(minutes=1), record)
