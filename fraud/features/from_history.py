"""Features of what came before: contributions, the employer, attendance and enrolment."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from math import isnan

from fraud import schemes
from fraud.clock import LOCAL, local_day
from fraud.features.catalogue import UNKNOWN, Known, Source, feature, month_number, once
from fraud.features.from_claim import ACROSS, INJURIES, OF_WORK
from fraud.records import ContributionRun, Scheme
from fraud.statements import Family

AVERAGING_MONTHS = 6
LATE_WINDOW_DAYS = 60
END_OF_NIGHT, NOON = 8, 12
"""Hours: a night shift has ended by the one, somebody on the way to work arrived by the other."""
KEPT = 0.5
"""A rise of which less than this share is kept next was a bonus or a season."""


def _months(runs: Iterable[tuple[int, int, ContributionRun]]) -> int:
    """Different months that some runs (by first month) cover."""
    total, counted_to = 0, 0
    for first, last, _ in runs:
        begin = first if first > counted_to else counted_to + 1
        if last >= begin:
            total += last - begin + 1
            counted_to = last
    return total


@feature(Family.CLAIM, Source.CONTRIBUTIONS, "months", "T8", "T11")
def contribution_months(known: Known) -> float:
    """Months with contributions up to the event."""
    return UNKNOWN if known.runs_before_event is None else float(_months(known.months_of_runs))


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "months", "T10", "T11")
def months_with_this_employer(known: Known) -> float:
    """Months of contributions from the employer named on the claim, up to the event."""
    code = known.claim.employer_code
    if known.runs_before_event is None or code is None:
        return UNKNOWN
    return float(_months([one for one in known.months_of_runs if one[2].employer_code == code]))


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "months", "T10", "T11")
def months_past_an_entitlement_step(known: Known) -> float:
    """Months with this employer beyond the last entitlement step of 12, 16, 20 or 24."""
    months = known.value(months_with_this_employer)
    steps = [step for step in (12, 16, 20, 24) if step <= months]
    return months - steps[-1] if steps else UNKNOWN


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "0 or 1", "T10")
def event_in_month_13_or_25(known: Known) -> float:
    """The event came within a month of the 12th or 24th contribution from this employer."""
    months = known.value(months_with_this_employer)
    return UNKNOWN if isnan(months) else float(months in (12, 13, 24, 25))


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "share", "T8", "T10")
def share_of_months_paid_late(known: Known) -> float:
    """Share of the contribution months that were paid late, in one go."""
    total = known.value(contribution_months)
    if not total >= 1:
        return UNKNOWN
    return _months([one for one in known.months_of_runs if one[2].paid_on is not None]) / total


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "months", "T8", "T10")
def months_paid_late_just_before_claim(known: Known) -> float:
    """Contribution months paid in one go within 60 days before the claim was received."""
    if known.runs is None:
        return UNKNOWN
    last = known.received_on
    first = last - timedelta(days=LATE_WINDOW_DAYS)
    return float(
        _months(
            (
                month_number(run.first_month),
                min(month_number(run.last_month), month_number(last)),
                run,
            )
            for run in known.runs
            if run.paid_on and first <= run.paid_on <= last
        )
    )


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "ratio", "T20")
def wage_step_before_event(known: Known) -> float:
    """Last insured wage before the event, over the wage of the run before it."""
    runs = known.runs_before_event or ()
    if len(runs) < 2 or runs[-2].monthly_wage_sen == 0:
        return UNKNOWN
    return runs[-1].monthly_wage_sen / runs[-2].monthly_wage_sen


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "ratio", "T20")
def declared_wage_over_insured(known: Known) -> float:
    """The wage written on the claim, over the last insured wage."""
    runs = known.runs_before_event or ()
    wage = known.claim.declared_monthly_wage_sen
    if not runs or wage is None or runs[-1].monthly_wage_sen == 0:
        return UNKNOWN
    return wage / runs[-1].monthly_wage_sen


@feature(Family.EMPLOYER, Source.EMPLOYER, "days", "T10")
def employer_age_days(known: Known) -> float:
    """Days from the registration of the employer to the receipt of the claim."""
    employer = known.history.employer
    return UNKNOWN if employer is None else float((known.received_on - employer.registered_on).days)


@feature(Family.EMPLOYER, Source.EMPLOYER, "people", "T10")
def employer_staff(known: Known) -> float:
    """People the register counts with the employer."""
    employer = known.history.employer
    return UNKNOWN if employer is None else float(employer.staff_count)


@feature(Family.DOCUMENT, Source.ATTENDANCE, "days", "T2")
def days_at_work_on_leave(known: Known) -> float:
    """Certified leave days after the accident on which the employer recorded the person at work."""
    event = known.event_on.toordinal() if known.event_on else 0
    leave = {day for day in known.leave_days if day > event}
    answered = [
        one
        for one in known.history.attendances
        if any(one.first_day.toordinal() <= day <= one.last_day.toordinal() for day in leave)
    ]
    if not answered:
        return UNKNOWN
    return float(len({d for a in answered for d in a.days_present if d.toordinal() in leave}))


@feature(Family.EMPLOYER, Source.ATTENDANCE, "share", "T10")
def share_of_days_at_work_before_event(known: Known) -> float:
    """Share of the days an employer answered for, up to the event, with the person at work."""
    answered = present = 0
    if known.event_on is None:
        return UNKNOWN
    for attendance in known.history.attendances:
        last = min(attendance.last_day, known.event_on)
        answered += max(0, (last - attendance.first_day).days + 1)
        present += sum(1 for day in attendance.days_present if day <= last)
    return present / answered if answered else UNKNOWN


@feature(Family.DOCUMENT, Source.ATTENDANCE, "days", "T2", schemes=INJURIES)
def days_at_work_early_in_leave(known: Known) -> float:
    """Days at work in the first half of the certified leave; light duties begin later."""
    if known.event_on is None or not known.value(days_at_work_on_leave) >= 0:
        return UNKNOWN
    accident = known.event_on.toordinal()
    leave = [day for day in known.leave_days if day > accident]
    early = set(leave[: len(leave) // 2])
    listed = {d.toordinal() for one in known.history.attendances for d in one.days_present}
    return float(len(early & listed))


@feature(Family.EMPLOYER, Source.ATTENDANCE, "0 or 1", "T4", schemes=OF_WORK)
def off_work_when_injured(known: Known) -> float:
    """The employer's list shows no work on the day of the stated accident.

    Of a road accident before noon it says nothing: that person may never have arrived. A night
    shift may stand under the day before, and people with a rented room travel on Sunday evening.
    """
    injury, day = known.claim.injury, known.event_on
    if injury is None or day is None:
        return UNKNOWN
    hour = injury.occurred_at.astimezone(LOCAL).hour
    if hour < (NOON if injury.kind == "road" else END_OF_NIGHT):
        return UNKNOWN
    answering = [one for one in known.history.attendances if one.first_day <= day <= one.last_day]
    if not answering:
        return UNKNOWN
    return float(all(day not in one.days_present for one in answering))


COVER_BY_PAYMENT = ACROSS | {Scheme.SELF_EMPLOYED}
"""Schemes a person joins by paying; cover begins then (of the commuter scheme assumed)."""


@feature(Family.COMMUTER, Source.ENROLMENT, "days", "T15", schemes=COVER_BY_PAYMENT)
def enrolled_days_before_event(known: Known) -> float:
    """Days from the first enrolment in the scheme to the event; negative if after it."""
    if known.event_on is None or not known.history.enrolments:
        return UNKNOWN
    paid = min(enrolment.paid_at for enrolment in known.history.enrolments)
    return float((known.event_on - local_day(paid)).days)


@feature(Family.COMMUTER, Source.ENROLMENT, "hours", "T15", schemes=COVER_BY_PAYMENT)
def hours_from_enrolment_to_treatment(known: Known) -> float:
    """Hours from the first enrolment in the scheme to the first treatment; negative if after it."""
    injury, enrolments = known.claim.injury, known.history.enrolments
    if injury is None or injury.first_treated_at is None or not enrolments:
        return UNKNOWN
    paid = min(enrolment.paid_at for enrolment in enrolments)
    return (injury.first_treated_at - paid).total_seconds() / 3600


@feature(Family.CLAIM, Source.ENROLMENT, "hours", "T15", schemes=COVER_BY_PAYMENT)
def hours_from_accident_to_enrolment(known: Known) -> float:
    """Hours from the stated accident to the first enrolment in the scheme; negative if before it.

    A date that slipped by a day looks the same.
    """
    injury, enrolments = known.claim.injury, known.history.enrolments
    if injury is None or not enrolments:
        return UNKNOWN
    paid = min(enrolment.paid_at for enrolment in enrolments)
    return (paid - injury.occurred_at).total_seconds() / 3600


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "0 or 1", "T15", schemes=ACROSS)
def full_time_here_after_joining(known: Known) -> float:
    """A Malaysian employer contributed on a full month's wage for a month after joining the scheme.

    A new starter has left the job here by then, and a weekend job pays less.
    """
    statement, enrolments = known.history.contributions, known.history.enrolments
    if statement is None or not enrolments:
        return UNKNOWN
    paid = min(enrolment.paid_at for enrolment in enrolments)
    joined, stated = month_number(local_day(paid)), month_number(local_day(statement.stated_at))
    least = schemes.value("minimum_wage", local_day(paid))
    if least is None or stated <= joined + 1:
        return UNKNOWN  # no later month can have arrived yet
    return float(
        any(
            month_number(run.last_month) > joined and run.monthly_wage_sen >= least
            for run in statement.runs
        )
    )


@feature(Family.COMMUTER, Source.ENROLMENT, "0 or 1", "T15", schemes=COVER_BY_PAYMENT)
def enrolment_paid_by_intermediary(known: Known) -> float:
    """Whoever brought the claim also paid the person's way into the scheme."""
    payers = {one.paid_by for one in known.history.enrolments if one.paid_by}
    if not known.history.enrolments:
        return UNKNOWN
    return float(known.claim.intermediary in payers)


Step = tuple[ContributionRun, ContributionRun]


@once
def recent_steps(known: Known) -> Sequence[Step]:
    """Rises of the insured wage with one employer in the six months before the event.

    Left out, because they lift many wages at once: a rise from the top class to a new one, and a
    rise to the minimum wage. So is one that was taken back, as after a bonus or a season.
    """
    event, steps = known.event_on, list[Step]()
    if event is None:
        return steps
    runs = known.runs_before_event or ()
    for at, (before, after) in enumerate(pairwise(runs)):
        months = month_number(event) - month_number(after.first_month)
        if before.employer_code != after.employer_code or not 0 <= months <= AVERAGING_MONTHS:
            continue
        if after.monthly_wage_sen <= before.monthly_wage_sen or not before.monthly_wage_sen:
            continue
        top = schemes.value("top_assumed_wage", before.last_month)
        least = schemes.value("minimum_wage", after.first_month)
        capped = top is not None and before.monthly_wage_sen >= top
        to_least = least is not None and after.monthly_wage_sen <= least
        if not (capped or to_least or _taken_back(before, after, runs[at + 2 :])):
            steps.append((before, after))
    return steps


def _taken_back(
    before: ContributionRun, after: ContributionRun, later: Sequence[ContributionRun]
) -> bool:
    """Whether less than half of a rise is left in what the same employer paid next."""
    rise = after.monthly_wage_sen - before.monthly_wage_sen
    return any(
        run.employer_code == after.employer_code
        and run.monthly_wage_sen < before.monthly_wage_sen + KEPT * rise
        for run in later
    )


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "ratio", "T20", schemes=INJURIES)
def wage_step_in_six_months(known: Known) -> float:
    """Largest rise of the insured wage with one employer in the six months before the event.

    1 when it did not rise. New ceilings and minimum wages do not count; overtime, a bonus or a
    promotion look the same.
    """
    if not known.runs_before_event:
        return UNKNOWN
    steps = [
        after.monthly_wage_sen / before.monthly_wage_sen for before, after in recent_steps(known)
    ]
    return max(steps, default=1.0)


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "0 or 1", "T20", schemes=INJURIES)
def stepped_to_ceiling_before_event(known: Known) -> float:
    """Such a rise reached the top class of insured wages."""
    if not known.runs_before_event:
        return UNKNOWN
    return float(any(_is_top(after) for _, after in recent_steps(known)))


def _is_top(run: ContributionRun) -> bool:
    top = schemes.value("top_assumed_wage", run.first_month)
    return top is not None and run.monthly_wage_sen >= top


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "months", "T20", schemes=INJURIES)
def months_raised_after_event(known: Known) -> float:
    """Months before the event at a risen wage that were filed or corrected only after it."""
    event = known.event_on
    if event is None or not known.runs_before_event:
        return UNKNOWN
    return float(
        sum(
            min(month_number(after.last_month), month_number(event))
            - month_number(after.first_month)
            + 1
            for _, after in recent_steps(known)
            if after.paid_on is not None and after.paid_on > event
        )
    )
