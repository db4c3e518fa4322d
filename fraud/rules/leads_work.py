"""Leads about jobs: work during a job search (T1), jobs on paper (T10), raised wages (T20)."""

from datetime import date

from fraud.clock import local_day
from fraud.features import from_history, from_links, from_movement
from fraud.features.catalogue import Known
from fraud.records import Scheme
from fraud.rules.rule import INJURY_SCHEMES, Found, RuleContext, day_records, rule
from fraud.statements import Family, HitKind

JOB_SEARCH = frozenset({Scheme.JOB_SEARCH})

# All numbers below are assumptions to be replaced once labelled outcomes exist. They are chosen to
# leave the look-alikes of each typology alone.
WORK_SHARE = 0.6
"""T1: share of the weekdays with a stay that is like work (three days in five)."""
LEAST_STAYS = 8
"""T1: fewer stays than this may be interviews, or the end of a notice period."""
STILL_GOING_ON = 6
"""T1: of the last ten working days before the claim; a notice period has ended by then."""
REGULAR_MINUTES = 25
"""T1: workers leave home within this of their usual minute; carers and shoppers do not."""
YOUNG_EMPLOYER_DAYS = 730
LEAST_MONTHS_AT_ONCE = 6
WEEKDAYS_ACROSS = 3.0
LARGE_STEP = 1.3
"""T20: overtime and most promotions stay below."""


@rule(
    HitKind.LEAD,
    Family.COMMUTER,
    source="typology T1",
    on=JOB_SEARCH,
    terms=("minimum_wage",),
    variants=("regular", "enrolled"),
)
def working_day_stays_while_seeking_work(known: Known, _: RuleContext) -> Found | None:
    """Recorded stays in Singapore like those of a worker go on after the loss of the job.

    Needs eight weekday stays of eight hours or more, on three weekdays in five with a border file,
    going on in the last two weeks before the claim, and a second sign: joining the commuter scheme
    after the loss, or leaving at the same hour still five weeks after the loss of a full-time job.
    Interviews, caring, weekend shopping, a notice that is being worked out and a weekday job kept
    beside a part-time one do not meet it.
    """
    loss = known.claim.job_loss
    if loss is None or not known.history.days:
        return None
    lately = known.long_stays(known.covered(known.after_loss[-10:]))
    if len(lately) < STILL_GOING_ON:
        return None
    covered, stays = known.covered_after_loss, known.stays_after_loss
    if len(stays) < max(LEAST_STAYS, WORK_SHARE * len(covered)):
        return None
    values: dict[str, str | int | float] = {"count": len(stays), "weekdays": len(covered)}
    enrolled = _enrolled_between(known, loss.last_day, known.received_on)
    if enrolled:
        return Found(values, (*day_records(stays), *enrolled), variant="enrolled")
    if (
        known.received_on - loss.last_day
    ).days < from_movement.NOTICE_DAYS or not from_movement.lost_full_time_job(known):
        return None
    if known.value(from_movement.spread_of_leaving_after_loss) <= REGULAR_MINUTES:
        return Found(values, day_records(stays), variant="regular")
    return None


def _enrolled_between(known: Known, after: date, until: date) -> list[str]:
    return [
        enrolment.fact_id
        for enrolment in known.history.enrolments
        if after < local_day(enrolment.paid_at) <= until
    ]


@rule(
    HitKind.LEAD,
    Family.EMPLOYER,
    Family.COMMUTER,
    source="typology T10",
    variants=("across", "linked"),
)
def months_paid_at_once_by_young_employer(known: Known, _: RuleContext) -> Found | None:
    """A young employer paid six months or more in one go shortly before the claim.

    The employer was registered under two years before the claim and paid within 60 days before it.
    Needs a second sign: a person recorded in Singapore on three weekdays a week while employed
    here, or other employers with claims that share both a director and a telephone with this one.
    A late payer alone does not meet it, nor does a young firm alone.
    """
    employer, statement = known.history.employer, known.history.contributions
    if employer is None or statement is None:
        return None
    age = (known.received_on - employer.registered_on).days
    months = _paid_at_once(known) if age < YOUNG_EMPLOYER_DAYS else 0
    if months < LEAST_MONTHS_AT_ONCE:
        return None
    values: dict[str, str | int | float] = {
        "count": months,
        "registered_on": employer.registered_on.isoformat(),
    }
    records = (statement.fact_id, employer.fact_id)
    if known.value(from_movement.weekday_stays_while_employed_here) >= WEEKDAYS_ACROSS:
        return Found(values, records, variant="across")
    sharing = (
        known.value(from_links.employers_sharing_director),
        known.value(from_links.employers_sharing_phone),
    )
    if all(number >= 1 for number in sharing):
        return Found(values, records, variant="linked")
    return None


def _paid_at_once(known: Known) -> int:
    """Most months of this employer paid on one day within 60 days before the claim."""
    found = 0
    for run in known.runs or ():
        if run.paid_on is None or run.employer_code != known.claim.employer_code:
            continue
        if 0 <= (known.received_on - run.paid_on).days <= 60:
            last = min(run.last_month, run.paid_on)
            months = 12 * (last.year - run.first_month.year) + last.month - run.first_month.month
            found = max(found, months + 1)
    return found


@rule(
    HitKind.LEAD,
    Family.EMPLOYER,
    source="typology T20",
    on=INJURY_SCHEMES,
    terms=("top_assumed_wage", "minimum_wage"),
)
def wage_raised_to_top_and_filed_after_event(known: Known, _: RuleContext) -> Found | None:
    """The insured wage rose to the top class just before the event, and was filed after it.

    Needs a rise of three tenths or more with the same employer in the six months before the event,
    and months of it that were filed or corrected only after the event. A promotion, a season of
    overtime, a bonus, a new ceiling or back-pay of the same wage does not meet it.
    """
    months = known.value(from_history.months_raised_after_event)
    if not months >= 1 or known.history.contributions is None:
        return None
    step = known.value(from_history.wage_step_in_six_months)
    if step < LARGE_STEP or known.value(from_history.stepped_to_ceiling_before_event) != 1:
        return None
    values = {"share": round(step - 1, 3), "count": round(months)}
    return Found(dict(values), (known.history.contributions.fact_id,))
