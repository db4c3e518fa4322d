"""Benefits that follow a long illness or a death: pensions, dependants, funeral, attendance."""

from datetime import date

from fraud.clock import local_day, month_number
from fraud.identifiers import age_on
from fraud.records import Claim, ContributionRun, Death, Illness
from fraud.schemes.contributions import Facts, average_wage, wages_by_month
from fraud.schemes.injury import bounded_rate, first_received_on
from fraud.schemes.working import Outcome, Paid, Working

THIRDS = 3


def invalidity(w: Working, claim: Claim, facts: Facts, _on: date) -> Paid:
    """Act 4: a pension for life when the qualifying period is full; the grant has no table."""
    illness = _illness(w, claim)
    notice = first_received_on(claim, facts) or local_day(claim.received_at)
    limit = w.number("pension_notice_age", notice)
    age, began_at = (
        age_on(claim.claimant.mykad, notice),
        age_on(claim.claimant.mykad, illness.began_on),
    )
    if age is not None and age >= limit and began_at is not None and began_at >= limit:
        w.stop(Outcome.NOTHING, "above_age", age=began_at, limit=limit)
    w.say("before_age", limit=limit)
    if illness.assessed_percent == 0:
        w.stop(Outcome.NOTHING, "assessed_at_nothing")
    return _pension(w, facts, notice)


def survivors(w: Working, claim: Claim, facts: Facts, _on: date) -> Paid:
    """Act 4: the pension after a death of any cause; shares among survivors have no table."""
    death = _death(w, claim)
    return _pension(w, facts, death.died_on)


def dependants(w: Working, claim: Claim, facts: Facts, _on: date) -> Paid:
    """Act 4: 90 percent of the daily wage after a death from work, shared among dependants."""
    death = _death(w, claim)
    if death.cause not in ("work", "road"):
        w.stop(Outcome.NOTHING, "death_not_from_work")
    if death.cause == "road":
        w.say("if_commuting")
    wage = average_wage(w, facts.runs, death.died_on)
    rate = bounded_rate(w, wage, death.died_on, "dependants")
    w.say("shared", count=len(death.dependants))
    return Paid(rate, per="day")


def funeral(w: Working, claim: Claim, facts: Facts, _on: date) -> Paid:
    """Act 4: up to RM2,000; the cost, if lower, where no dependant is left."""
    death = _death(w, claim)
    if facts.runs is None:
        w.stop(Outcome.NOT_KNOWN, "contributions_not_known")
    if not any(run.first_month <= death.died_on for run in facts.runs):
        w.stop(Outcome.NOT_KNOWN, "no_contribution_before_death")
    amount = w.number("funeral_most", death.died_on)
    if not death.dependants:
        w.stop(Outcome.NOT_KNOWN, "funeral_cost_not_known", amount=amount)
    w.say("funeral", amount=amount)
    return Paid(amount)


def attendance(w: Working, claim: Claim, _facts: Facts, on: date) -> Paid:
    """Act 4: a monthly sum for somebody who needs constant attendance."""
    percent = None
    if claim.injury is not None:
        percent = claim.injury.assessed_percent
    elif claim.illness is not None:
        percent = claim.illness.assessed_percent
    if percent is None:
        w.stop(Outcome.NOT_KNOWN, "not_assessed")
    least = w.number("attendance_least_percent", on)
    if percent < least:
        w.stop(Outcome.NOT_KNOWN, "attendance_not_certified", percent=percent, least=least)
    amount = w.number("attendance_monthly", on)
    w.say("attendance", amount=amount)
    return Paid(amount, per="month")


def _illness(w: Working, claim: Claim) -> Illness:
    if claim.illness is None:
        w.stop(Outcome.NOT_KNOWN, "part_not_stated")
    return claim.illness


def _death(w: Working, claim: Claim) -> Death:
    if claim.death is None:
        w.stop(Outcome.NOT_KNOWN, "part_not_stated")
    return claim.death


def _pension(w: Working, facts: Facts, event: date) -> Paid:
    if facts.runs is None:
        w.stop(Outcome.NOT_KNOWN, "contributions_not_known")
    months, entry = months_before(facts.runs, event)
    _refuse_short_period(w, months, entry, event)
    enough = w.number("pension_contributed_months", event)
    steps = (len(months) - enough) // w.number("pension_step_months", event)
    most_share = w.number("pension_most_share", event)
    share = min(most_share, w.number("pension_base_share", event) + steps)
    w.say("pension_share", count=len(months), steps=steps, share=share, most=most_share)
    wage = average_wage(w, facts.runs, event, "pension_averaging_months")
    floor, most = w.number("pension_floor", event), w.number("pension_most", event)
    amount = min(max(wage.share(share), floor), most)
    w.say("pension", share=share, wage=wage.monthly, least=floor, most=most, amount=amount)
    return Paid(amount, per="month")


def months_before(runs: tuple[ContributionRun, ...], event: date) -> tuple[set[int], int]:
    """Contributed months before an event's month, and the month of entry (the event's if none)."""
    month = month_number(event)
    if not runs:
        return set(), month
    entry = max(min(month_number(run.first_month) for run in runs), month - LONGEST_CAREER)
    return set(wages_by_month(runs, entry, month - 1)), entry


LONGEST_CAREER = 1200
"""Months; a mistyped year makes no longer one."""


def _refuse_short_period(w: Working, months: set[int], entry: int, event: date) -> None:
    """The full qualifying period: 24 of the last 40 months, or two thirds since entry."""
    month = month_number(event)
    enough = w.number("pension_contributed_months", event)
    looked_back = w.number("pension_looked_back", event)
    recent = sum(paid >= month - looked_back for paid in months)
    if recent >= enough:
        w.say("qualifying_recent", count=recent, looked_back=looked_back, least=enough)
        return
    part = w.number("pension_part_since_entry", event)
    since = month - entry
    if len(months) >= enough and THIRDS * len(months) >= part * since:
        w.say("qualifying_since_entry", count=len(months), since=since, least=enough)
        return
    w.stop(
        Outcome.NO_TABLE,
        "qualifying_not_full",
        count=recent,
        looked_back=looked_back,
        least=enough,
        months=len(months),
        since=since,
    )
