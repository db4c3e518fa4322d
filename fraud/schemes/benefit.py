"""What is payable on a claim, of every scheme, with the steps of the law that lead there."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from fraud.clock import local_day
from fraud.records import (
    AnyFact,
    Attendance,
    Claim,
    ContributionStatement,
    Enrolment,
    Scheme,
)
from fraud.schemes import injury, job_loss, pensions
from fraud.schemes.contributions import Facts
from fraud.schemes.tables import Tables, law
from fraud.schemes.working import Benefit, Paid, Working

WorkOut = Callable[[Working, Claim, Facts, date], Paid]

WORKED_OUT_BY: Mapping[Scheme, WorkOut] = {
    Scheme.TEMPORARY_DISABLEMENT: injury.employee,
    Scheme.PERMANENT_DISABLEMENT: injury.employee,
    Scheme.ANY_HOUR_INJURY: injury.employee,
    Scheme.SELF_EMPLOYED: injury.self_employed,
    Scheme.COMMUTER: injury.commuter,
    Scheme.HOUSEWIFE: injury.housewife,
    Scheme.INVALIDITY: pensions.invalidity,
    Scheme.SURVIVORS: pensions.survivors,
    Scheme.DEPENDANTS: pensions.dependants,
    Scheme.FUNERAL: pensions.funeral,
    Scheme.CONSTANT_ATTENDANCE: pensions.attendance,
    Scheme.JOB_SEARCH: job_loss.job_search,
    Scheme.EARLY_REEMPLOYMENT: job_loss.early_reemployment,
    Scheme.REDUCED_INCOME: job_loss.reduced_income,
    Scheme.MOBILITY: job_loss.mobility,
    Scheme.TRAINING: job_loss.training,
}


def benefit_due(claim: Claim, facts: Facts, on: date, tables: Tables | None = None) -> Benefit:
    """Work out what the law gives on a claim, with nothing that happened after `on`.

    Values are those in force on the day of the event (accident, death, loss, start of a job). An
    amount that rests on something assumed is never called due. Decides nothing: an officer does.
    """
    work_out = WORKED_OUT_BY[claim.scheme]
    return Working(tables or law()).run(claim.scheme, lambda w: work_out(w, claim, facts, on))


def facts_from(
    claim: Claim, records: Iterable[AnyFact], *, first_received_on: date | None = None
) -> Facts:
    """Pick what a benefit is worked out from out of the facts about a claim's people."""
    runs, stated_on, worked, paid = None, None, set[date](), []
    for fact in records:
        match fact:
            case ContributionStatement() if fact.mykad == claim.insured_mykad:
                runs = tuple(sorted(fact.runs, key=lambda run: run.first_month))
                stated_on = local_day(fact.stated_at)
            case Attendance() if fact.mykad == claim.claimant.mykad:
                worked.update(fact.days_present)
            case Enrolment() if fact.mykad == claim.claimant.mykad:
                paid.append(fact.paid_at)
            case _:
                pass
    return Facts(
        runs=runs,
        stated_on=stated_on,
        worked_days=frozenset(worked),
        covered_from=min(paid, default=None),
        first_received_on=first_received_on,
    )
