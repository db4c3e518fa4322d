"""What others answer about a claim: hospitals, boards, registers, employers, platforms, insurers.

The office asks by routine, at random. Whether a question is asked, whether an answer comes and how
long it takes depends on the scheme alone, never on what is true; only what it says does.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from fraud.records import (
    BoardAttendance,
    BoardListing,
    Claim,
    ContributionStatement,
    DeathRegistered,
    HospitalAnswer,
    InsurerPayment,
    JobStarted,
    PlatformTrips,
    Scheme,
)
from fraud.simulator.papers import Event, Papers, fact_id, first_cause, month_of
from fraud.simulator.plans import ILLNESSES, Plan
from fraud.simulator.region import Career
from fraud.simulator.wages import under_ceiling

ASKS_HOSPITAL, ASKS_HOSPITAL_OF_ILLNESS = 0.60, 0.75
ASKS_PLATFORM, ASKS_INSURER, ASKS_EMPLOYER = 0.75, 0.75, 0.75
SEES_REGISTER, SEES_ATTENDANCE, DRAWS_AGAIN = 0.90, 0.95, 0.75
AGAIN_AFTER = {Scheme.INVALIDITY: 210, Scheme.JOB_SEARCH: 60}
"""Days after receipt from which contributions are looked up once more, by routine."""


def answers(papers: Papers, plan: Plan, claim: Claim) -> list[Event]:
    """Every fact that others send about a claim, in no order."""
    return [
        *_of_hospital(papers, plan, claim),
        *_of_board(papers, plan, claim),
        *_of_register(papers, plan, claim),
        *_of_job(papers, plan, claim),
        *_of_platform(papers, plan, claim),
        *_of_insurer(papers, plan, claim),
        *_statement_again(papers, plan, claim),
    ]


def _of_hospital(papers: Papers, plan: Plan, claim: Claim) -> Iterator[Event]:
    draw = plan.dice(papers.region, "hospital")
    ill = plan.scheme in ILLNESSES
    if draw.random() >= (ASKS_HOSPITAL_OF_ILLNESS if ill else ASKS_HOSPITAL):
        return
    asked = draw.random()
    if ill and claim.illness and claim.illness.referral_serial and claim.illness.facility:
        serial, facility = claim.illness.referral_serial, claim.illness.facility
        seen = claim.illness.first_treated_on
    elif claim.certificates:
        paper = claim.certificates[int(asked * len(claim.certificates))]
        serial, facility, seen = paper.serial, paper.facility, paper.issued_on
    else:
        return
    known = claim.received_at + timedelta(days=draw.randrange(2, 25), minutes=draw.randrange(400))
    noted = first_cause(plan) if claim.injury else None
    yield Event(
        known,
        HospitalAnswer(
            fact_id=fact_id(papers.region, "hospital", claim.claim_id),
            mykad=claim.claimant.mykad,
            facility=facility,
            serial=serial,
            serial_known=plan.serial_known if draw.random() < 0.97 else None,
            practitioner_on_duty=plan.on_duty if draw.random() < 0.90 else None,
            cause_noted=noted if draw.random() < 0.80 else None,
            seen_on=seen if plan.serial_known and draw.random() < 0.90 else None,
            answered_at=known,
        ),
    )


def _of_board(papers: Papers, plan: Plan, claim: Claim) -> Iterator[Event]:
    board = plan.board
    if board is None:
        return
    draw = plan.dice(papers.region, "session")
    room, minute = draw.randrange(1, 3), draw.randrange(480, 1000)
    days = [day for day in (board.moved_after, board.held_after) if day is not None]
    for turn, held in enumerate(days):
        listed = board.listed_after if turn == 0 else days[0] + 1
        known = papers.instant(plan.received + max(min(listed, held - 3), 1), minute)
        on = papers.region.day(plan.received + held)
        yield Event(
            known,
            BoardListing(
                fact_id=fact_id(papers.region, f"listing {turn}", claim.claim_id),
                claim_id=claim.claim_id,
                mykad=claim.claimant.mykad,
                session=f"JD{room}-{on:%Y%m%d}",
                held_on=on,
                listed_at=known,
            ),
        )
    if draw.random() >= SEES_ATTENDANCE:
        return
    on = papers.region.day(plan.received + board.held_after)
    noted = board.held_after if board.noted_after is None else board.noted_after
    yield Event(
        papers.instant(plan.received + board.held_after + 1, minute),
        BoardAttendance(
            fact_id=fact_id(papers.region, "attended", claim.claim_id),
            claim_id=claim.claim_id,
            mykad=claim.claimant.mykad,
            session=f"JD{room}-{on:%Y%m%d}",
            attended_at=papers.instant(plan.received + noted, board.minute + draw.randrange(50)),
            escort=board.escort,
            likeness=board.likeness,
        ),
    )


class _Entry(NamedTuple):
    """A death as the register has it; days of the window."""

    mykad: str
    died: int
    registered: int


def _of_register(papers: Papers, plan: Plan, claim: Claim) -> Iterator[Event]:
    draw = plan.dice(papers.region, "register")
    seen, minute = draw.random() < SEES_REGISTER, draw.randrange(480, 1000)
    quick, slow = draw.randrange(1, 4), draw.randrange(10, 40)
    entries: list[tuple[_Entry, int]] = []
    passing = plan.passing
    if passing and claim.death and passing.registered_after is not None:
        died = plan.event - passing.died_before
        entry = _Entry(claim.death.deceased_mykad, died, plan.event + passing.registered_after)
        entries.append((entry, quick))
    if plan.died_on is not None and seen:
        registered = plan.died_on + 3
        if plan.register_late:
            registered = plan.died_on + plan.register_late
        entries.append((_Entry(claim.claimant.mykad, plan.died_on, registered), slow))
    for entry, lag in entries:
        yield Event(
            papers.instant(entry.registered + lag, minute),
            DeathRegistered(
                fact_id=fact_id(papers.region, f"death {lag == slow}", claim.claim_id),
                mykad=entry.mykad,
                died_on=papers.region.day(entry.died),
                registered_at=papers.instant(entry.registered, minute - 60),
            ),
        )


def _of_job(papers: Papers, plan: Plan, claim: Claim) -> Iterator[Event]:
    """The start of a job, and its end where it ended, as the employer or the partner reports it."""
    job = plan.placement
    if job is None or (job.employer is None and not job.across):
        return
    draw = plan.dice(papers.region, "job")
    told = job.told if draw.random() < 0.85 else None
    first = plan.event + job.starts_after
    starts = [draw.random() < ASKS_EMPLOYER, draw.random() < ASKS_EMPLOYER]
    lags = [draw.randrange(7, 45), draw.randrange(7, 30)]
    minute = draw.randrange(480, 1000)
    ended = None if job.ends_after is None else plan.event + job.ends_after
    reports = [(first + lags[0], False)]
    if ended is not None:
        reports.append((ended + lags[1], True))
    for turn, (day, over) in enumerate(reports):
        if not starts[turn]:
            continue
        known = papers.instant(max(day, 0), minute)
        firm = None
        if job.employer is not None and not job.across:
            firm = papers.region.employers[job.employer].code
        yield Event(
            known,
            JobStarted(
                fact_id=fact_id(papers.region, f"job {turn}", claim.claim_id),
                mykad=claim.claimant.mykad,
                employer_code=firm,
                workplace_uen=papers.uen_of(plan.person) if job.across else None,
                started_on=papers.region.day(first),
                ended_on=papers.region.day(ended) if over and ended is not None else None,
                reported_by_claimant=told,
                stated_at=known,
            ),
        )


def _of_platform(papers: Papers, plan: Plan, claim: Claim) -> Iterator[Event]:
    draw = plan.dice(papers.region, "platform")
    if plan.platform is None or draw.random() >= ASKS_PLATFORM:
        return
    known = claim.received_at + timedelta(days=draw.randrange(3, 18), minutes=draw.randrange(300))
    first, last = plan.event - 30, min(plan.event + plan.leave + 5, plan.received)
    busy = draw.uniform(0.3, 0.8)
    on_leave = range(plan.event + 1, plan.event + plan.leave)
    days = [
        papers.region.day(day)
        for day in range(first, last + 1)
        if draw.random() < (plan.trips_on_leave if day in on_leave else busy)
    ]
    yield Event(
        known,
        PlatformTrips(
            fact_id=fact_id(papers.region, "platform", claim.claim_id),
            mykad=claim.claimant.mykad,
            platform=plan.platform,
            first_day=papers.region.day(first),
            last_day=papers.region.day(last),
            days=tuple(days),
            stated_at=known,
        ),
    )


def _of_insurer(papers: Papers, plan: Plan, claim: Claim) -> Iterator[Event]:
    draw = plan.dice(papers.region, "insurer")
    if plan.other_payer is None or claim.injury is None or draw.random() >= ASKS_INSURER:
        return
    known = claim.received_at + timedelta(days=draw.randrange(2, 45), minutes=draw.randrange(300))
    leave = claim.certificates
    yield Event(
        known,
        InsurerPayment(
            fact_id=fact_id(papers.region, "insurer", claim.claim_id),
            mykad=claim.claimant.mykad,
            payer=plan.other_payer,
            injured_on=papers.region.day(plan.event),
            injury_code=plan.injury_code,
            leave_first_day=leave[0].first_day if leave else None,
            leave_last_day=leave[-1].last_day if leave else None,
            receipts=plan.details.other_receipts,
            amount_sen=round(claim.expected_payment_sen * draw.uniform(0.5, 1.6)),
            paid_at=known - timedelta(days=draw.randrange(1, 30)),
        ),
    )


def _statement_again(papers: Papers, plan: Plan, claim: Claim) -> Iterator[Event]:
    """Contributions are looked up once more some time after a pension or an allowance began."""
    draw = plan.dice(papers.region, "again")
    if plan.scheme not in AGAIN_AFTER or draw.random() >= DRAWS_AGAIN:
        return
    day = plan.received + AGAIN_AFTER[plan.scheme] + draw.randrange(60)
    until = month_of(papers.region, day) - 1
    stopped = month_of(papers.region, plan.event)
    if not plan.loses_job:
        stopped = month_of(papers.region, plan.received) - 1
    runs, job = papers.runs_until(plan, stopped), plan.placement
    if job and job.employer is not None and not job.across:
        begun = max(month_of(papers.region, plan.event + job.starts_after), stopped + 1)
        wage = job.wage_sen or int(papers.region.wage_sen[plan.person])
        later = papers.runs_of(Career(job.employer, begun, until, wage), until)
        runs = runs + under_ceiling(later)
    known = papers.instant(day, draw.randrange(480, 1000))
    record = ContributionStatement(
        fact_id=fact_id(papers.region, "statement again", claim.claim_id),
        mykad=claim.insured_mykad,
        stated_at=known,
        runs=tuple(runs),
    )
    yield Event(known, record)
