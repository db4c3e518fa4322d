"""Leads on lost and new jobs: dismissals on paper, short jobs, jobs begun during a search.

Each asks for two independent signs; the levels are assumptions until decided cases show better.
"""

from fraud.features import from_jobs, from_movement
from fraud.features.catalogue import Known
from fraud.features.from_jobs import EIS, NEW_JOBS, SEARCHING
from fraud.graph import NodeKind
from fraud.rules.rule import MOST_RECORDS, Found, RuleContext, Value, rule
from fraud.statements import Family, HitKind

LEAST_LETTERS = 2
"""One letter alike may be chance: employers copy from the same books."""
SOON_BACK_DAYS = 45
"""A re-hire after recovery usually comes later, and the losses before it were many at once."""
SHORT_DAYS = 45
"""A failed probation ends later than this more often than not."""
LEAST_SAME_FIRM, MOST_SAME_FIRM = 3, 15
LEAST_CYCLE_DAYS = 60
"""One cohort of a course, or one day of mass hiring, comes at once."""
LEAST_UNREPORTED_DAYS = 21
LEAST_STAYS = 8


@rule(
    HitKind.LEAD,
    Family.DOCUMENT,
    Family.EMPLOYER,
    source="typology T11",
    on=EIS,
    variants=("step", "unpaid"),
)
def like_letter_of_another_employer(known: Known, _: RuleContext) -> Found | None:
    """People of other employers have almost the same letter of dismissal, with a second sign.

    It takes two of them, or one of the same intermediary or of an employer of the same director.
    The second sign is a loss with exactly 12, 16, 20 or 24 contributions, or a retrenchment with no
    separation pay. Letters of one employer are alike in a real downsizing and do not count.
    """
    tied = known.value(from_jobs.people_with_like_letter_and_tie) >= 1
    if not tied and not known.value(from_jobs.people_with_like_letter_elsewhere) >= LEAST_LETTERS:
        return None
    others = known.others(NodeKind.LETTER) or []
    elsewhere = [one for one in others if one.employers != known.linked.employers]
    values: dict[str, Value] = {"count": len(elsewhere)}
    ids = tuple(one.claim_id for one in elsewhere[-MOST_RECORDS:])
    if known.value(from_jobs.lost_at_a_contribution_step) == 1.0:
        return Found(values, ids, variant="step")
    if known.value(from_jobs.separation_pay_was_none) == 1.0:
        return Found(values, ids, variant="unpaid")
    return None


@rule(HitKind.LEAD, Family.EMPLOYER, Family.DOCUMENT, source="typology T11", on=EIS)
def back_with_employer_after_loss(known: Known, _: RuleContext) -> Found | None:
    """The same employer, or one its staff moved to, took the person back within 45 days.

    Needs a second sign: the letter reads like other people's, or no separation pay was given. A
    job that the claimant reported does not count.
    """
    loss, jobs = known.claim.job_loss, from_jobs.unreported_jobs(known)
    if loss is None or not jobs:
        return None
    back = [
        job
        for job in jobs
        if from_jobs.is_back(known, job) and (job.started_on - loss.last_day).days <= SOON_BACK_DAYS
    ]
    if not back:
        return None
    alike = bool(known.others(NodeKind.LETTER))
    if not alike and known.value(from_jobs.separation_pay_was_none) != 1.0:
        return None
    values: dict[str, Value] = {
        "started_on": back[0].started_on.isoformat(),
        "last_day": loss.last_day.isoformat(),
    }
    return Found(values, tuple(job.fact_id for job in back[:MOST_RECORDS]))


@rule(
    HitKind.LEAD,
    Family.EMPLOYER,
    Family.COMMUTER,
    source="typology T1",
    on=SEARCHING,
    variants=("stays", "enrolled"),
)
def job_reported_by_others_while_seeking_work(known: Known, _: RuleContext) -> Found | None:
    """An employer or partner reported a job that began after the loss and the claimant did not.

    It must have lasted three weeks, and a second sign is asked for: eight weekday stays of a
    working day in Singapore, or joining the commuter scheme after the loss. A job that was kept
    from before is no new one.
    """
    jobs = from_jobs.unreported_jobs(known)
    if not jobs or known.value(from_jobs.days_in_unreported_job) < LEAST_UNREPORTED_DAYS:
        return None
    values: dict[str, Value] = {"started_on": jobs[0].started_on.isoformat()}
    records = tuple(job.fact_id for job in jobs[:MOST_RECORDS])
    stays = known.value(from_movement.weekday_stays_after_loss)
    if stays >= LEAST_STAYS:
        return Found({**values, "count": round(stays)}, records, variant="stays")
    if known.value(from_jobs.joined_commuter_scheme_after_loss) == 1.0:
        return Found(values, records, variant="enrolled")
    return None


@rule(
    HitKind.LEAD,
    Family.EMPLOYER,
    Family.LINKS,
    source="typology T12",
    on=NEW_JOBS,
    variants=("brought", "again"),
)
def short_job_at_a_firm_of_several_claims(known: Known, _: RuleContext) -> Found | None:
    """The new job ended within 45 days, at a firm or centre that several other claims name.

    Their claims must be spread over two months or more, and a second sign is asked for: the same
    intermediary brought two of them, or the person claimed for a new job before. A failed
    probation, one cohort of a course and a large employer do not meet it.
    """
    lasted = [
        value
        for value in (
            known.value(from_jobs.new_job_lasted_days),
            known.value(from_jobs.new_job_ended_after_days),
        )
        if value <= SHORT_DAYS
    ]
    others = [
        one
        for kind in (NodeKind.HIRING_FIRM, NodeKind.TRAINING_CENTRE)
        for one in known.others(kind) or ()
    ]
    if not lasted or not LEAST_SAME_FIRM <= len(others) <= MOST_SAME_FIRM:
        return None
    if known.value(from_jobs.days_of_claims_at_firm_or_centre) < LEAST_CYCLE_DAYS:
        return None
    values: dict[str, Value] = {"days": round(min(lasted)), "count": len(others)}
    ids = tuple(one.claim_id for one in others[-MOST_RECORDS:])
    if known.value(from_jobs.claims_of_intermediary_with_firm_or_centre) >= 2:
        return Found(values, ids, variant="brought")
    if known.value(from_jobs.earlier_new_jobs_of_person) >= 1:
        return Found(values, ids, variant="again")
    return None
