"""Features of lost and new jobs: letters, separation pay, jobs that others report, short jobs."""

from datetime import date
from math import isnan

from fraud.clock import local_day
from fraud.features.catalogue import UNKNOWN, Known, Source, feature, month_number
from fraud.features.from_history import contribution_months, months_with_this_employer
from fraud.features.from_links import count_of, linked_by, people_of
from fraud.graph import GUARD, LinkedClaim, NodeKind
from fraud.records import JobStarted, Scheme, StaffMove
from fraud.statements import Family

NEW_JOBS = frozenset({Scheme.EARLY_REEMPLOYMENT, Scheme.MOBILITY, Scheme.TRAINING})
"""Sums for a job that was begun or a course that was taken."""
EIS = frozenset({Scheme.JOB_SEARCH, Scheme.REDUCED_INCOME, *NEW_JOBS})
"""Everything under Act 800."""
SEARCHING = frozenset({Scheme.JOB_SEARCH})
_DAYS_READ = 60
"""Days of a new job that are read at most."""
STEPS = (12, 16, 20, 24)
"""Contributions that lengthen the allowance (Act 800)."""


@feature(Family.CLAIM, Source.CLAIM, "0 or 1")
def is_for_a_new_job(known: Known) -> float:
    """The claim is for a sum paid on a new job, a move or a course."""
    return float(known.claim.scheme in NEW_JOBS)


def _other_employers(known: Known, others: list[LinkedClaim]) -> list[LinkedClaim]:
    return [one for one in others if one.employers != known.linked.employers]


@feature(Family.DOCUMENT, Source.LINKS, "people", "T11", schemes=EIS)
def people_with_like_letter_elsewhere(known: Known) -> float:
    """People of other employers whose letters of dismissal read almost the same."""
    others = linked_by(known, NodeKind.LETTER)
    return UNKNOWN if others is None else people_of(_other_employers(known, others))


@feature(Family.DOCUMENT, Source.LINKS, "people", "T11", schemes=EIS)
def people_with_like_letter_here(known: Known) -> float:
    """People of this employer whose letters of dismissal read almost the same.

    One employer's letters are alike in any real downsizing: it means little alone.
    """
    others = linked_by(known, NodeKind.LETTER)
    if others is None:
        return UNKNOWN
    return people_of([one for one in others if one.employers == known.linked.employers])


_TIES_OF_LETTERS = (NodeKind.INTERMEDIARY, NodeKind.DIRECTOR, NodeKind.EMPLOYER_PHONE)


@feature(Family.LINKS, Source.LINKS, "people", "T11", schemes=EIS)
def people_with_like_letter_and_tie(known: Known) -> float:
    """Those of them whose claim has the same intermediary, or an employer of the same director."""
    others = linked_by(known, NodeKind.LETTER)
    if others is None:
        return UNKNOWN
    own = {n for kind in _TIES_OF_LETTERS for n in known.linked.numbers(kind)}
    tied = [
        one
        for one in _other_employers(known, others)
        if not own.isdisjoint(n for kind in _TIES_OF_LETTERS for n in one.numbers(kind))
    ]
    return people_of(tied)


@feature(Family.EMPLOYER, Source.LINKS, "share", "T11", schemes=EIS)
def job_losses_of_staff_180d(known: Known) -> float:
    """People of this employer who claimed for a lost job in 180 days, for each on its staff."""
    staff = known.history.employer.staff_count if known.history.employer else 0
    others = linked_by(known, NodeKind.JOB_LOSS_AT, 180)
    if others is None or not staff or len(others) >= GUARD / 2:
        return UNKNOWN  # of a hub only the latest links are read: a share of it would flatter
    return people_of(others) / staff


@feature(Family.DOCUMENT, Source.CLAIM, "0 or 1", "T11", schemes=EIS)
def separation_pay_was_none(known: Known) -> float:
    """The claim states that no separation pay was given for a retrenchment or closure."""
    loss = known.claim.job_loss
    if loss is None or loss.separation_pay_sen is None:
        return UNKNOWN
    if loss.reason not in ("retrenchment", "closure", "voluntary_separation"):
        return UNKNOWN
    return float(loss.separation_pay_sen == 0)


@feature(Family.CLAIM, Source.CONTRIBUTIONS, "0 or 1", "T11", schemes=EIS)
def lost_at_a_contribution_step(known: Known) -> float:
    """The job was lost at exactly 12, 16, 20 or 24 contributions, in all or from that employer."""
    months = known.value(contribution_months)
    if isnan(months):
        return UNKNOWN
    return float(months in STEPS or known.value(months_with_this_employer) in STEPS)


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "months", "T10", "T11", schemes=EIS)
def months_paid_by_employer_after_loss(known: Known) -> float:
    """Months after that of the last day for which the same employer contributed.

    Those of a job that the claimant reported do not count: who is hired again says so.
    """
    loss, code = known.claim.job_loss, known.claim.employer_code
    statement = known.history.contributions
    if loss is None or statement is None or code is None:
        return UNKNOWN
    last = month_number(loss.last_day)
    if month_number(local_day(statement.stated_at)) <= last + 1:
        return UNKNOWN  # no later month can have arrived yet
    jobs = jobs_since_loss(known) or ()
    if any(job.employer_code == code and job.reported_by_claimant for job in jobs):
        return 0.0
    months = {
        month
        for run in statement.runs
        if run.employer_code == code
        for month in range(
            max(last + 1, month_number(run.first_month)),
            min(month_number(run.last_month), last + 120) + 1,
        )
    }
    return float(len(months))


def jobs_since_loss(known: Known) -> list[JobStarted] | None:
    """Jobs of the claimant that began after the last day at work; None when none was reported.

    A second job that was kept began before, and is no new one.
    """
    loss, jobs = known.claim.job_loss, known.history.of(JobStarted)
    if loss is None or not jobs:
        return None
    return [job for job in jobs if job.started_on > loss.last_day]


@feature(Family.EMPLOYER, Source.JOBS, "days", "T11", schemes=EIS)
def days_until_back_with_employer(known: Known) -> float:
    """Days from the last day at work to a job with the same employer or one its staff moved to."""
    loss, jobs = known.claim.job_loss, jobs_since_loss(known)
    if loss is None or not jobs:
        return UNKNOWN
    days = [(job.started_on - loss.last_day).days for job in jobs if is_back(known, job)]
    return float(min(days)) if days else UNKNOWN


def is_back(known: Known, job: JobStarted) -> bool:
    """Whether a job is with the employer that was left or with one its staff moved to."""
    code = known.claim.employer_code
    if code is None or job.employer_code is None:
        return False
    moved = {m.to_employer_code for m in known.history.of(StaffMove) if m.employer_code == code}
    return job.employer_code in {code, *moved}


@feature(Family.EMPLOYER, Source.JOBS, "jobs", "T1", schemes=SEARCHING)
def jobs_others_reported_since_loss(known: Known) -> float:
    """Jobs begun after the loss that an employer or partner reported and the claimant did not."""
    unreported = unreported_jobs(known)
    return UNKNOWN if unreported is None else float(len(unreported))


def unreported_jobs(known: Known) -> list[JobStarted] | None:
    """Jobs begun after the loss, by the receipt of the claim or not, that only others reported."""
    jobs = jobs_since_loss(known)
    return None if jobs is None else [job for job in jobs if job.reported_by_claimant is not True]


@feature(Family.EMPLOYER, Source.JOBS, "days", "T1", schemes=SEARCHING)
def days_in_unreported_job(known: Known) -> float:
    """Days that such a job had lasted when it was last reported or had ended."""
    jobs = unreported_jobs(known)
    if not jobs:
        return UNKNOWN
    return float(max(((_known_until(job)) - job.started_on).days for job in jobs))


def _known_until(job: JobStarted) -> date:
    return job.ended_on or max(job.started_on, local_day(job.stated_at))


@feature(Family.COMMUTER, Source.ENROLMENT, "0 or 1", "T1", schemes=SEARCHING)
def joined_commuter_scheme_after_loss(known: Known) -> float:
    """The commuter scheme was joined after the loss of the job."""
    loss, enrolments = known.claim.job_loss, known.history.enrolments
    if loss is None or not enrolments:
        return UNKNOWN
    return float(any(local_day(one.paid_at) > loss.last_day for one in enrolments))


@feature(Family.CLAIM, Source.CLAIM, "days", "T12", schemes=NEW_JOBS)
def days_from_loss_to_new_job(known: Known) -> float:
    """Days from the last day at work to the start of the new job or course."""
    loss, job = known.claim.job_loss, known.claim.new_job
    return UNKNOWN if loss is None or job is None else float((job.started_on - loss.last_day).days)


@feature(Family.EMPLOYER, Source.CLAIM, "days", "T12", schemes=NEW_JOBS)
def new_job_lasted_days(known: Known) -> float:
    """Days that the new job or course lasted, when the claim says that it has ended."""
    job = known.claim.new_job
    if job is None or job.ended_on is None:
        return UNKNOWN
    return float((job.ended_on - job.started_on).days)


@feature(Family.EMPLOYER, Source.JOBS, "days", "T12", schemes=NEW_JOBS)
def new_job_ended_after_days(known: Known) -> float:
    """Days after which the new job had ended, as its employer reported."""
    job = known.claim.new_job
    if job is None or job.employer_code is None:
        return UNKNOWN
    ended = [
        (one.ended_on - one.started_on).days
        for one in known.history.of(JobStarted)
        if one.employer_code == job.employer_code and one.ended_on is not None
    ]
    return float(ended[-1]) if ended else UNKNOWN


@feature(Family.EMPLOYER, Source.JOBS, "days", "T12", schemes=NEW_JOBS)
def new_job_ended_days_after_claim(known: Known) -> float:
    """Days from the receipt of the claim to the end of the new job, as its employer reported."""
    job = known.claim.new_job
    if job is None or job.employer_code is None:
        return UNKNOWN
    ended = [
        (one.ended_on - known.received_on).days
        for one in known.history.of(JobStarted)
        if one.employer_code == job.employer_code and one.ended_on is not None
    ]
    return float(max(0, ended[-1])) if ended else UNKNOWN


@feature(Family.EMPLOYER, Source.CLAIM, "0 or 1", "T11", "T12", schemes=NEW_JOBS)
def new_job_is_with_old_employer(known: Known) -> float:
    """The new job is with the employer that was left, or with one its staff moved to."""
    job, code = known.claim.new_job, known.claim.employer_code
    if job is None or job.employer_code is None or code is None:
        return UNKNOWN
    moved = {m.to_employer_code for m in known.history.of(StaffMove) if m.employer_code == code}
    return float(job.employer_code in {code, *moved})


@feature(Family.COMMUTER, Source.CROSSINGS, "days a week", "T12", schemes=NEW_JOBS)
def stays_a_week_in_new_job(known: Known) -> float:
    """Recorded working-day stays in Singapore a week since a new job in Malaysia began."""
    job = known.claim.new_job
    if job is None or job.employer_code is None:
        return UNKNOWN
    last = job.ended_on or known.received_on
    days = list(range(job.started_on.toordinal(), min(last, known.received_on).toordinal()))
    covered = known.covered(days[-366:])
    if not covered or not known.history.days:
        return UNKNOWN
    return 7 * len(known.long_stays(covered)) / len(covered)


FAR_AWAY_KM = 100
"""The distance from which a mobility allowance is paid (Act 800)."""


@feature(Family.COMMUTER, Source.CROSSINGS, "days a week", "T12", schemes=NEW_JOBS)
def days_across_a_week_in_distant_job(known: Known) -> float:
    """Days with a recorded crossing a week since a new job over 100 km away began."""
    job = known.claim.new_job
    if job is None or (job.distance_km or 0) < FAR_AWAY_KM:
        return UNKNOWN
    covered = known.covered(list(range(job.started_on.toordinal(), known.until))[:_DAYS_READ])
    if not covered:
        return UNKNOWN
    return 7 * sum(day in known.history.days for day in covered) / len(covered)


@feature(Family.LINKS, Source.LINKS, "people", "T12", schemes=NEW_JOBS)
def people_hired_by_same_firm_365d(known: Known) -> float:
    """Other people who claimed for a new job with the same firm in the last 365 days."""
    return people_of(linked_by(known, NodeKind.HIRING_FIRM, 365))


@feature(Family.LINKS, Source.LINKS, "people", "T12", schemes=NEW_JOBS)
def people_at_same_training_centre_365d(known: Known) -> float:
    """Other people who claimed for a course at the same centre in the last 365 days."""
    return people_of(linked_by(known, NodeKind.TRAINING_CENTRE, 365))


@feature(Family.LINKS, Source.LINKS, "days", "T12", schemes=NEW_JOBS)
def days_of_claims_at_firm_or_centre(known: Known) -> float:
    """Days from the first to this claim with the same firm or centre; one cohort comes at once."""
    others = [
        *(linked_by(known, NodeKind.HIRING_FIRM) or ()),
        *(linked_by(known, NodeKind.TRAINING_CENTRE) or ()),
    ]
    if not others:
        return UNKNOWN
    return float(known.linked.received_on - min(one.received_on for one in others))


@feature(Family.LINKS, Source.LINKS, "claims", "T12", schemes=NEW_JOBS)
def claims_of_intermediary_with_firm_or_centre(known: Known) -> float:
    """Other people's claims with both the same intermediary and the same firm or centre."""
    return count_of(linked_by(known, NodeKind.INTERMEDIARY_AND_FIRM))


@feature(Family.LINKS, Source.LINKS, "claims", "T12", schemes=NEW_JOBS)
def earlier_new_jobs_of_person(known: Known) -> float:
    """Earlier claims of the same person for a new job or a course."""
    kinds = (NodeKind.HIRING_FIRM, NodeKind.TRAINING_CENTRE)
    return float(sum(any(one.numbers(kind) for kind in kinds) for one in known.earlier_claims))
