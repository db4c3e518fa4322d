"""Features of what came before: contributions, the employer, attendance and enrolment."""

from collections.abc import Iterable
from datetime import timedelta

from fraud.clock import local_day
from fraud.features.catalogue import UNKNOWN, Known, Source, feature
from fraud.records import ContributionRun, Scheme
from fraud.statements import Family

AVERAGING_MONTHS = 6
LATE_WINDOW_DAYS = 60


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
    if known.runs_before_event is None:
        return UNKNOWN
    last = known.received_on
    first = last - timedelta(days=LATE_WINDOW_DAYS)
    just_paid = [
        one for one in known.months_of_runs if one[2].paid_on and first <= one[2].paid_on <= last
    ]
    return float(_months(just_paid))


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


@feature(
    Family.COMMUTER,
    Source.ENROLMENT,
    "days",
    "T15",
    schemes=frozenset({Scheme.COMMUTER}),
)
def enrolled_days_before_event(known: Known) -> float:
    """Days from the first enrolment in the commuter scheme to the event; negative if after it."""
    if known.event_on is None or not known.history.enrolments:
        return UNKNOWN
    paid = min(enrolment.paid_at for enrolment in known.history.enrolments)
    return float((known.event_on - local_day(paid)).days)
