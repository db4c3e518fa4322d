"""Benefits after the loss of a job (Act 800): search, early return, training, moving."""

from datetime import date, timedelta

from fraud.clock import month_number, months_later
from fraud.records import Claim, JobLoss, NewJob
from fraud.schemes.contributions import (
    Facts,
    average_wage,
    months_contributed,
    months_still_due,
)
from fraud.schemes.injury import first_received_on
from fraud.schemes.working import Outcome, Paid, Wage, Working, sen

LENGTHS = (6, 5, 4, 3)
"""Months an allowance may last, the longest first."""


def job_search(w: Working, claim: Claim, facts: Facts, _on: date) -> Paid:
    """A share of the average wage for each month, for as many months as contributions give."""
    loss = _loss(w, claim)
    _refuse_reason(w, loss)
    window, received = w.number("job_search_window", loss.last_day), first_received_on(claim, facts)
    if received is None:
        w.say("receipt_not_known")
    elif (received - loss.last_day).days > window:
        days = (received - loss.last_day).days
        w.stop(Outcome.NOTHING, "search_claimed_late", count=days, window=window)
    else:
        w.say("search_in_time", window=window)
    length = _length(w, facts, loss)
    amounts = _monthly_amounts(w, average_wage(w, facts.runs, loss.last_day), length, loss)
    w.say("sum_of_months", count=length, amount=sum(amounts))
    return Paid(sum(amounts), units=length)


def early_reemployment(w: Working, claim: Claim, facts: Facts, _on: date) -> Paid:
    """A share of the job search allowance that a new job left unpaid, in one sum."""
    loss, job = _loss(w, claim), _job(w, claim)
    _refuse_reason(w, loss)
    if job.started_on <= loss.last_day:
        w.stop(Outcome.NOT_KNOWN, "job_before_loss")
    length = _length(w, facts, loss)
    amounts = _monthly_amounts(w, average_wage(w, facts.runs, loss.last_day), length, loss)
    if facts.search_paid_sen is not None:
        unpaid = sum(amounts) - facts.search_paid_sen
        w.say("search_unpaid", paid=facts.search_paid_sen, amount=max(unpaid, 0))
    else:
        unpaid = _unpaid_by_months(w, loss, job, amounts)
    if unpaid <= 0:
        w.stop(Outcome.NOTHING, "nothing_left_unpaid")
    share = w.number("early_share", job.started_on)
    amount = sen(unpaid * share, 100)
    w.say("early_share", share=share, unpaid=unpaid, amount=amount)
    return Paid(amount)


def _unpaid_by_months(w: Working, loss: JobLoss, job: NewJob, amounts: list[int]) -> int:
    """What no payment tells: months that had not begun when the job did count as unpaid."""
    waiting = w.number("job_search_waiting", loss.last_day)
    month = w.number("days_of_month", loss.last_day)
    begins = loss.last_day + timedelta(days=1 + waiting)
    begun = max(0, -(-(job.started_on - begins).days // month))
    unpaid = sum(amounts[begun:])
    w.say("months_begun", count=min(begun, len(amounts)), amount=unpaid)
    return unpaid


def reduced_income(w: Working, claim: Claim, facts: Facts, _on: date) -> Paid:
    """A lump sum for somebody with several jobs who lost one; how it is made is assumed."""
    loss = _loss(w, claim)
    _refuse_reason(w, loss)
    if facts.runs is None:
        w.stop(Outcome.NOT_KNOWN, "contributions_not_known")
    month = month_number(loss.last_day)
    current = {
        run.employer_code
        for run in facts.runs
        if month_number(run.first_month) < month <= month_number(run.last_month) + 1
    }
    if claim.employer_code not in current or len(current) < 2:
        w.stop(Outcome.NOT_KNOWN, "one_job_on_record", count=len(current))
    length = _length(w, facts, loss)
    lost = tuple(run for run in facts.runs if run.employer_code == claim.employer_code)
    if not w.number("reduced_income_shares", loss.last_day):
        w.stop(Outcome.NO_TABLE, "no_table", what="reduced_income", day=loss.last_day.isoformat())
    amounts = _monthly_amounts(w, average_wage(w, lost, loss.last_day), length, loss)
    w.say("sum_of_months", count=length, amount=sum(amounts))
    return Paid(sum(amounts), units=length)


def mobility(w: Working, claim: Claim, _facts: Facts, _on: date) -> Paid:
    """One sum for a new job far away that begins soon enough."""
    job = _job(w, claim)
    if job.distance_km is None:
        w.stop(Outcome.NOT_KNOWN, "distance_not_stated")
    least = w.number("mobility_least_distance", job.started_on)
    if job.distance_km <= least:
        w.stop(Outcome.NOTHING, "not_far", distance=job.distance_km, least=least)
    if claim.job_loss is not None:
        window = w.number("mobility_window", claim.job_loss.last_day)
        if job.started_on > months_later(claim.job_loss.last_day, window):
            w.stop(Outcome.NOTHING, "moved_late", window=window)
    amount = w.number("mobility_sum", job.started_on)
    w.say("mobility", distance=job.distance_km, least=least, amount=amount)
    return Paid(amount)


def training(w: Working, claim: Claim, _facts: Facts, _on: date) -> Paid:
    """The least daily allowance of a course; its days and its fee are shown by the centre."""
    job = _job(w, claim)
    least = w.number("training_least_daily", job.started_on)
    most = w.number("training_most_daily", job.started_on)
    fee = w.number("training_fee_most", job.started_on)
    w.say("training", amount=least, most=most, fee=fee)
    return Paid(least, per="day")


def _loss(w: Working, claim: Claim) -> JobLoss:
    if claim.job_loss is None:
        w.stop(Outcome.NOT_KNOWN, "part_not_stated")
    return claim.job_loss


def _job(w: Working, claim: Claim) -> NewJob:
    if claim.new_job is None:
        w.stop(Outcome.NOT_KNOWN, "part_not_stated")
    return claim.new_job


def _refuse_reason(w: Working, loss: JobLoss) -> None:
    if loss.reason == "resignation":
        w.stop(Outcome.NOTHING, "resigned", day=loss.last_day.isoformat())
    if loss.reason == "other":
        w.stop(Outcome.NOT_KNOWN, "reason_not_clear")


def _length(w: Working, facts: Facts, loss: JobLoss) -> int:
    """How many months the contributions give; months used up earlier are not known."""
    if facts.runs is None:
        w.stop(Outcome.NOT_KNOWN, "contributions_not_known")
    months = months_contributed(facts.runs, loss.last_day)
    needed = {n: w.number(f"job_search_months_for_{n}", loss.last_day) for n in LENGTHS}
    length = next((n for n in LENGTHS if months >= needed[n]), 0)
    least = needed[LENGTHS[-1]]
    if length:
        w.say("search_length", count=length, months=months, least=needed[length])
    elif facts.stated_on and months + months_still_due(loss.last_day, facts.stated_on) >= least:
        w.stop(Outcome.NOT_KNOWN, "months_still_due", months=months, least=least)
    else:
        w.stop(Outcome.NOTHING, "too_few_months", months=months, least=least)
    return length


def _monthly_amounts(w: Working, wage: Wage, length: int, loss: JobLoss) -> list[int]:
    amounts = []
    for month in range(1, length + 1):
        share = w.number(f"job_search_share_{month}", loss.last_day)
        amounts.append(wage.share(share))
        w.say("search_month", month=month, share=share, amount=amounts[-1])
    return amounts
