"""Rules of kind *lead*: clear facts that deserve a look. Each names the typology it comes from.

Where an honest situation looks the same, two independent signs are asked for. A lead says that a
person should look, and nothing about what they will find.
"""

from datetime import date

from fraud import schemes
from fraud.clock import local_day
from fraud.features import from_claim, from_links, from_movement
from fraud.features.catalogue import Known
from fraud.graph import LinkedClaim, NodeKind
from fraud.movement import PersonDay
from fraud.records import Label, Place, Scheme
from fraud.rules.rule import INJURY_SCHEMES, Found, RuleContext, rule
from fraud.statements import Family, HitKind

JOB_SEARCH = frozenset({Scheme.JOB_SEARCH})
COMMUTER = frozenset({Scheme.COMMUTER})
PERMANENT = frozenset({Scheme.PERMANENT_DISABLEMENT})

# All numbers below are assumptions to be replaced once labelled outcomes exist. They are chosen to
# leave the look-alikes of each typology alone.
NOTICE_DAYS = 35
"""T1: people may work out a notice of some weeks after the day they name as their last."""
WORK_SHARE = 0.6
"""T1: share of the weekdays with a stay that is like work (three days in five)."""
LEAST_STAYS = 8
"""T1, T2: fewer stays than this may be interviews, a treatment, or the end of a notice period."""
STILL_GOING_ON = 6
"""T1: of the last ten working days before the claim; a notice period has ended by then."""
REGULAR_MINUTES = 25
"""T1: workers leave home within this of their usual minute; carers and shoppers do not."""
LEAST_DAYS_AT_WORK = 3
LATE_REPORT_HOURS = 72
LEAST_PAIRINGS = 2
YOUNG_EMPLOYER_DAYS = 730
LEAST_MONTHS_AT_ONCE = 6
WEEKDAYS_ACROSS = 3.0
UNRELATED_PEOPLE = 2
"""T18: with the claimant, three unrelated people on one account."""
MOST_RECORDS = 12
"""A sentence names at most so many records."""


def _days(stays: list[PersonDay]) -> tuple[str, ...]:
    return tuple(stay.day.isoformat() for stay in stays[-MOST_RECORDS:])


def _enrolled_between(known: Known, after: date, until: date) -> list[str]:
    return [
        enrolment.fact_id
        for enrolment in known.history.enrolments
        if after < local_day(enrolment.paid_at) <= until
    ]


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
        return Found(values, (*_days(stays), *enrolled), variant="enrolled")
    if (known.received_on - loss.last_day).days < NOTICE_DAYS or not _was_full_time(known):
        return None
    if known.value(from_movement.spread_of_leaving_after_loss) <= REGULAR_MINUTES:
        return Found(values, _days(stays), variant="regular")
    return None


def _was_full_time(known: Known) -> bool:
    """Whether the last insured wage was that of a full month's work; False when unknown."""
    runs = known.runs or ()
    least = schemes.value("minimum_wage", known.received_on)
    return least is not None and any(run.monthly_wage_sen >= least for run in runs[-1:])


@rule(
    HitKind.LEAD,
    Family.DOCUMENT,
    source="typology T2",
    on=INJURY_SCHEMES,
)
def at_work_early_in_certified_leave(known: Known, _: RuleContext) -> Found | None:
    """An employer's list shows the person at work in the first half of the certified leave.

    The day of the accident does not count, three days are needed, and two of them in the first
    half: agreed light duties usually begin later.
    """
    if not known.history.attendances or known.event_on is None:
        return None
    accident = known.event_on.toordinal()
    leave = [day for day in known.leave_days if day != accident]
    certified = set(leave)
    present: dict[int, str] = {
        day.toordinal(): attendance.fact_id
        for attendance in known.history.attendances
        for day in attendance.days_present
        if day.toordinal() in certified
    }
    half = leave[len(leave) // 2] if leave else 0
    if len(present) < LEAST_DAYS_AT_WORK or sum(day < half for day in present) < 2:
        return None
    return Found({"count": len(present), "leave": len(leave)}, tuple(sorted(set(present.values()))))


@rule(
    HitKind.LEAD,
    Family.COMMUTER,
    Family.DOCUMENT,
    source="typology T2",
    on=INJURY_SCHEMES,
    variants=("extended", "attendance"),
)
def working_day_stays_on_certified_leave(known: Known, _: RuleContext) -> Found | None:
    """Recorded stays in Singapore go on during certified leave, and a document points the same way.

    Needs eight stays of eight hours or more on over half of the leave days with a border file, and
    a second sign: leave extended three times by one facility, or an employer's list with the person
    at work on leave. Without the latter it says nothing of people first treated in Singapore, who
    go back there for treatment.
    """
    if not known.history.days or len(known.leave_days) < LEAST_STAYS:
        return None
    covered, stays = known.covered_leave, known.stays_on_leave
    if len(stays) < max(LEAST_STAYS, len(covered) / 2):
        return None
    values: dict[str, str | int | float] = {"count": len(stays), "leave": len(covered)}
    certified = set(known.leave_days[1:])
    listed = {
        attendance.fact_id
        for attendance in known.history.attendances
        if any(day.toordinal() in certified for day in attendance.days_present)
    }
    if listed:
        return Found(values, (*_days(stays), *sorted(listed)), variant="attendance")
    injury = known.claim.injury
    if injury is None or injury.first_treated_in == "singapore":
        return None
    serials = _extended_by_one_facility(known)
    return Found(values, (*_days(stays), *serials), variant="extended") if serials else None


def _extended_by_one_facility(known: Known) -> tuple[str, ...]:
    facilities: dict[str, list[str]] = {}
    for certificate in known.claim.certificates:
        facilities.setdefault(certificate.facility, []).append(certificate.serial)
    most = max(facilities.values(), key=len, default=[])
    return tuple(most[-MOST_RECORDS:]) if len(most) > 3 else ()


@rule(
    HitKind.LEAD,
    Family.COMMUTER,
    Family.DOCUMENT,
    source="typology T3",
    on=INJURY_SCHEMES,
    variants=("treated", "reported"),
)
def recorded_across_at_accident_stated_here(known: Known, _: RuleContext) -> Found | None:
    """The accident is stated in Malaysia while the person was recorded in Singapore.

    Needs a second sign: a first treatment in Singapore, or a police report made three days later
    or more outside the border districts. An hour around each clearance counts for neither side,
    and an accident on the link between the two clearances is left alone.
    """
    injury = known.claim.injury
    if injury is None or injury.place is not Place.MALAYSIA or not known.history.days:
        return None
    treated = injury.first_treated_in == "singapore"
    reported = (
        known.value(from_claim.police_report_delay_hours) >= LATE_REPORT_HOURS
        and known.value(from_claim.police_report_outside_border_districts) == 1.0
    )
    if not (treated or reported) or known.value(from_movement.was_there) != 1.0:
        return None
    at = injury.occurred_at
    return Found(
        {"at": at.isoformat()},
        (local_day(at).isoformat(),),
        variant="treated" if treated else "reported",
    )


@rule(HitKind.LEAD, Family.LINKS, Family.DOCUMENT, source="typology T7", on=PERMANENT)
def like_reports_of_one_intermediary_and_practitioner(known: Known, _: RuleContext) -> Found | None:
    """Other people's claims share intermediary, practitioner and almost the words of the report.

    A union officer who helps many people, or the only specialist in the district, shares the names
    but not the text.
    """
    pairing = known.others(NodeKind.INTERMEDIARY_AND_PRACTITIONER) or []
    if len(pairing) < LEAST_PAIRINGS:
        return None
    paired = {other.claim_id for other in pairing}
    reports = known.others(NodeKind.REPORT) or []
    both = [other.claim_id for other in reports if other.claim_id in paired]
    if not both:
        return None
    return Found({"count": len(both), "pairings": len(pairing)}, tuple(both[-MOST_RECORDS:]))


@rule(
    HitKind.LEAD,
    Family.DOCUMENT,
    source="typology T6",
    on=INJURY_SCHEMES,
)
def certificate_serial_of_another_person(known: Known, _: RuleContext) -> Found | None:
    """A certificate has the serial number of another person's, by the same practitioner.

    The same person's replaced original does not count, and equal numbers of different practitioners
    do not either.
    """
    if not known.claim.certificates:
        return None
    own = set(known.linked.numbers(NodeKind.PRACTITIONER))
    shared = [
        other.claim_id
        for other in known.others(NodeKind.CERTIFICATE) or ()
        if not own.isdisjoint(other.numbers(NodeKind.PRACTITIONER))
    ]
    return Found({"count": len(shared)}, tuple(shared[-MOST_RECORDS:])) if shared else None


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
    Family.COMMUTER,
    source="typology T15",
    on=COMMUTER,
    terms=("commuter_cover_from_payment",),
)
def enrolled_after_accident(known: Known, _: RuleContext) -> Found | None:
    """The person joined the commuter scheme after the stated accident and before the claim.

    That cover begins at the instant of payment is an assumption until the scheme's own rule is
    known, so this is a lead and says nothing of payability.
    """
    injury = known.claim.injury
    if injury is None or not known.history.enrolments:
        return None
    if not schemes.value("commuter_cover_from_payment", local_day(injury.occurred_at)):
        return None
    first = min(known.history.enrolments, key=lambda enrolment: enrolment.paid_at)
    if not injury.occurred_at < first.paid_at <= known.claim.received_at:
        return None
    values = {"paid_at": first.paid_at.isoformat(), "at": injury.occurred_at.isoformat()}
    return Found(dict(values), (first.fact_id,))


@rule(
    HitKind.LEAD,
    Family.LINKS,
    source="typology T18",
    terms=("account_change_window",),
    variants=("changed", "brought", "confirmed"),
)
def account_of_unrelated_people(known: Known, _: RuleContext) -> Found | None:
    """Claims of two or more unrelated people go to the account, with a second sign.

    Unrelated means neither the same address, nor the same telephone, nor the same employer. The
    second sign is an account changed on this claim, an intermediary who also brought their claims,
    or a claim on the account that was confirmed to be wrong on purpose. An account that many
    claims use, such as a care home's or an employer's, is left alone.
    """
    numbers = known.linked.numbers(NodeKind.ACCOUNT)
    if not numbers or any(known.area.is_hub(number) for number in numbers):
        return None
    others = known.others(NodeKind.ACCOUNT) or []
    if len(others) < UNRELATED_PEOPLE:
        return None
    home = {number for kind, number in known.linked.nodes if kind in _HOME}
    strangers = [other for other in others if all(number not in home for _, number in other.nodes)]
    people = len({other.person for other in strangers})
    if people < UNRELATED_PEOPLE:
        return None
    ids: tuple[str, ...] = tuple(other.claim_id for other in strangers[-MOST_RECORDS:])
    values: dict[str, str | int | float] = {"count": people}
    changed = [
        c.fact_id for c in known.history.account_changes if c.claim_id == known.claim.claim_id
    ]
    if changed:
        return Found(values, (*ids, *changed), variant="changed")
    own = set(known.linked.numbers(NodeKind.INTERMEDIARY))
    if sum(not own.isdisjoint(other.numbers(NodeKind.INTERMEDIARY)) for other in strangers) >= 2:
        return Found(values, ids, variant="brought")
    if any(_confirmed(known, other) for other in strangers):
        return Found(values, ids, variant="confirmed")
    return None


_HOME = frozenset({NodeKind.ADDRESS, NodeKind.PHONE, NodeKind.EMPLOYER})
"""What relatives, flatmates and colleagues share."""


def _confirmed(known: Known, other: LinkedClaim) -> bool:
    labels = known.area.labels.get(other.claim_id, [])
    return bool(labels) and labels[-1] == Label.CONFIRMED_FRAUD.value
