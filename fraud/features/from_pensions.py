"""Features of illness and death: invalidity, constant attendance, survivors, funerals."""

from datetime import date, timedelta

from fraud.clock import local_day
from fraud.features.catalogue import UNKNOWN, Known, Source, feature, month_number, once
from fraud.features.from_links import count_of, linked_by, people_of
from fraud.graph import NodeKind
from fraud.records import (
    Attendance,
    ContributionStatement,
    DeathRegistered,
    Dependant,
    HospitalAnswer,
    JobStarted,
    PaymentDue,
    Scheme,
)
from fraud.statements import Family

ILLNESSES = frozenset({Scheme.INVALIDITY, Scheme.CONSTANT_ATTENDANCE, Scheme.HOUSEWIFE})
DEATHS = frozenset({Scheme.SURVIVORS, Scheme.DEPENDANTS, Scheme.FUNERAL})
IN_PAYMENT = frozenset({*ILLNESSES, *DEATHS, Scheme.PERMANENT_DISABLEMENT})
"""Benefits that are paid for years, so that a death may go unnoticed."""
PENSION_MONTHS = 24
"""Contributions that open an invalidity pension, at least (Act 4)."""
WEEKS_BEFORE_CLAIM = 42
LONGEST_PREGNANCY_DAYS = 300
YOUNGEST_PARENT_YEARS = 12


@feature(Family.CLAIM, Source.CLAIM, "0 or 1")
def is_for_illness(known: Known) -> float:
    """The claim is for an illness: invalidity pension or constant attendance."""
    return float(known.claim.illness is not None)


@feature(Family.CLAIM, Source.CLAIM, "0 or 1")
def is_after_a_death(known: Known) -> float:
    """The claim follows a death: survivors' pension, dependants' or funeral benefit."""
    return float(known.claim.death is not None)


@feature(Family.CLAIM, Source.CONTRIBUTIONS, "months", "T8", schemes=ILLNESSES)
def months_past_pension_contributions(known: Known) -> float:
    """Contribution months beyond the 24th by the receipt of the claim."""
    illness, statement = known.claim.illness, known.history.contributions
    if illness is None or statement is None:
        return UNKNOWN
    months = len(_months_paid(statement, until=known.received_on))
    return float(months - PENSION_MONTHS) if months >= PENSION_MONTHS else UNKNOWN


@feature(Family.CLAIM, Source.CLAIM, "days", "T8", schemes=ILLNESSES)
def days_from_illness_to_treatment(known: Known) -> float:
    """Days from the stated beginning of the illness to its first treatment."""
    illness = known.claim.illness
    if illness is None or illness.first_treated_on is None:
        return UNKNOWN
    return float((illness.first_treated_on - illness.began_on).days)


def answers_on_referral(known: Known) -> list[HospitalAnswer]:
    """What the hospital answered about the referral letter of the claim, oldest first."""
    illness = known.claim.illness
    if illness is None or illness.referral_serial is None:
        return []
    return [
        answer
        for answer in known.history.of(HospitalAnswer)
        if answer.serial == illness.referral_serial and answer.facility == illness.facility
    ]


@feature(Family.DOCUMENT, Source.HOSPITAL, "0 or 1", "T8", schemes=ILLNESSES)
def referral_unknown_to_hospital(known: Known) -> float:
    """The hospital answered that its register has no referral letter with this number."""
    stated = [one.serial_known for one in answers_on_referral(known)]
    latest = next((one for one in reversed(stated) if one is not None), None)
    return UNKNOWN if latest is None else float(not latest)


@feature(Family.DOCUMENT, Source.HOSPITAL, "0 or 1", "T8", schemes=ILLNESSES)
def referring_doctor_not_on_duty(known: Known) -> float:
    """The hospital answered that the referring doctor was not on duty."""
    stated = [one.practitioner_on_duty for one in answers_on_referral(known)]
    latest = next((one for one in reversed(stated) if one is not None), None)
    return UNKNOWN if latest is None else float(not latest)


@feature(Family.DOCUMENT, Source.LINKS, "people", "T8", schemes=ILLNESSES)
def people_with_same_referral(known: Known) -> float:
    """Other people whose claims carry a referral letter with the same number."""
    return people_of(linked_by(known, NodeKind.REFERRAL))


@feature(Family.LINKS, Source.LINKS, "claims", "T8", schemes=ILLNESSES)
def claims_of_practitioner_with_diagnosis(known: Known) -> float:
    """Other people's claims with the same practitioner and diagnosis code."""
    return count_of(linked_by(known, NodeKind.PRACTITIONER_AND_DIAGNOSIS))


@feature(Family.COMMUTER, Source.CROSSINGS, "days a week", "T8", schemes=ILLNESSES)
def stays_a_week_before_illness_claim(known: Known) -> float:
    """Recorded working-day stays a week, in the six weeks before the claim was last heard of.

    Travel for treatment is seldom that often or that long.
    """
    if known.claim.illness is None:
        return UNKNOWN
    last = known.until
    first = max(last - WEEKS_BEFORE_CLAIM, known.claim.illness.began_on.toordinal() + 1)
    days = list(range(first, last))
    covered = known.covered(days)
    if not covered or not any(day in known.history.days for day in days):
        return UNKNOWN
    return 7 * len(known.long_stays(covered)) / len(covered)


@feature(Family.EMPLOYER, Source.JOBS, "jobs", "T8", schemes=ILLNESSES)
def jobs_started_after_illness(known: Known) -> float:
    """Jobs begun after the illness that others reported and the claimant is known not to have."""
    illness, jobs = known.claim.illness, known.history.of(JobStarted)
    if illness is None or not jobs:
        return UNKNOWN
    later = [job for job in jobs if job.started_on > illness.began_on]
    return float(sum(job.reported_by_claimant is False for job in later))


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "ratio", "T8", schemes=ILLNESSES)
def insured_wage_since_claim_over_before(known: Known) -> float:
    """Highest insured wage of months after the claim, over the last one before the illness.

    A pensioner may earn up to a third of the former wage (Act 4). Wages of a job that the claimant
    reported do not count.
    """
    illness, runs = known.claim.illness, known.runs
    statement = known.history.contributions
    if illness is None or runs is None or statement is None:
        return UNKNOWN
    received = month_number(known.received_on)
    if month_number(local_day(statement.stated_at)) <= received + 1:
        return UNKNOWN  # no month after the claim can have arrived yet
    before = [run.monthly_wage_sen for run in runs if run.first_month <= illness.began_on]
    if not before or before[-1] == 0:
        return UNKNOWN
    told = {job.employer_code for job in known.history.of(JobStarted) if job.reported_by_claimant}
    after = [
        run.monthly_wage_sen
        for run in runs
        if month_number(run.last_month) > received and run.employer_code not in told
    ]
    return max(after, default=0) / before[-1]


@once
def death_of_claimant(known: Known) -> DeathRegistered | None:
    """The register's entry of the claimant's own death, if one was received."""
    death = known.claim.death
    deceased = death.deceased_mykad if death else ""
    entries = [one for one in known.history.of(DeathRegistered) if one.mykad != deceased]
    return entries[-1] if entries else None


def death_of_insured(known: Known) -> DeathRegistered | None:
    """The register's entry of the death that is claimed for, if one was received."""
    death = known.claim.death
    if death is None:
        return None
    entries = [
        one for one in known.history.of(DeathRegistered) if one.mykad == death.deceased_mykad
    ]
    return entries[-1] if entries else None


@feature(Family.CLAIM, Source.DEATHS, "days", "T17", schemes=DEATHS)
def stated_death_after_registered_days(known: Known) -> float:
    """Days from the date of death in the register to the one stated; negative if stated earlier."""
    death, entry = known.claim.death, death_of_insured(known)
    if death is None or entry is None:
        return UNKNOWN
    return float((death.died_on - entry.died_on).days)


@feature(Family.CLAIM, Source.DEATHS, "days", "T17")
def days_claimed_after_own_death(known: Known) -> float:
    """Days from the claimant's own registered death to the claim; 0 when the claim came before."""
    entry = death_of_claimant(known)
    return UNKNOWN if entry is None else float(max(0, (known.received_on - entry.died_on).days))


def payments_after_death(known: Known) -> list[PaymentDue]:
    """Payments of this claim that fall due over 31 days after the claimant's registered death."""
    entry = death_of_claimant(known)
    if entry is None:
        return []
    first = entry.died_on + timedelta(days=31)
    return [
        due
        for due in known.history.of(PaymentDue)
        if due.claim_id == known.claim.claim_id and due.due_on > first
    ]


@feature(Family.CLAIM, Source.DEATHS, "payments", "T17", schemes=IN_PAYMENT)
def payments_due_after_death(known: Known) -> float:
    """Payments of this claim due more than a month after the claimant's registered death."""
    if death_of_claimant(known) is None:
        return UNKNOWN
    return float(len({due.number for due in payments_after_death(known)}))


@feature(Family.CLAIM, Source.DEATHS, "payments", "T17", schemes=IN_PAYMENT)
def payments_due_after_entry(known: Known) -> float:
    """Payments of this claim due over a month after the register entered the claimant's death.

    Of a death abroad that was registered late, payments end with the entry.
    """
    entry = death_of_claimant(known)
    if entry is None:
        return UNKNOWN
    entered = local_day(entry.registered_at) + timedelta(days=31)
    return float(len({due.number for due in payments_after_death(known) if due.due_on > entered}))


@feature(Family.LINKS, Source.DEATHS, "changes", "T17", schemes=IN_PAYMENT)
def account_changes_after_death(known: Known) -> float:
    """Changes of this claim's account dated after the claimant's registered death."""
    entry = death_of_claimant(known)
    if entry is None:
        return UNKNOWN
    return float(
        sum(
            change.claim_id == known.claim.claim_id and local_day(change.changed_at) > entry.died_on
            for change in known.history.account_changes
        )
    )


@feature(Family.EMPLOYER, Source.ATTENDANCE, "days", "T17", schemes=DEATHS)
def days_at_work_after_stated_death(known: Known) -> float:
    """Days after the stated death on which an employer recorded the deceased at work."""
    death = known.claim.death
    if death is None:
        return UNKNOWN
    lists = [
        one
        for one in known.history.of(Attendance)
        if one.mykad == death.deceased_mykad and one.last_day > death.died_on
    ]
    if not lists:
        return UNKNOWN
    return float(len({day for one in lists for day in one.days_present if day > death.died_on}))


@feature(Family.LINKS, Source.LINKS, "people", "T17", schemes=frozenset({Scheme.FUNERAL}))
def other_funeral_claimants(known: Known) -> float:
    """Other people who claimed the funeral benefit for the same death."""
    return people_of(linked_by(known, NodeKind.FUNERAL_OF))


@feature(Family.LINKS, Source.LINKS, "people", "T17", schemes=DEATHS)
def people_naming_dependants_after_another_death(known: Known) -> float:
    """Other people whose claims name one of the dependants after another person's death."""
    others = linked_by(known, NodeKind.DEPENDANT)
    if others is None:
        return UNKNOWN
    deceased = set(known.linked.numbers(NodeKind.DECEASED))
    return people_of([o for o in others if deceased.isdisjoint(o.numbers(NodeKind.DECEASED))])


@feature(Family.LINKS, Source.LINKS, "people", "T17", schemes=DEATHS)
def people_naming_other_dependants_before(known: Known) -> float:
    """People who claimed earlier for the same death and named none of these dependants.

    There may have been two marriages.
    """
    others, own = linked_by(known, NodeKind.DECEASED), known.linked.numbers(NodeKind.DEPENDANT)
    if others is None or not own:
        return UNKNOWN
    return people_of(
        [
            one
            for one in others
            if one.received_on < known.linked.received_on
            and one.numbers(NodeKind.DEPENDANT)
            and set(own).isdisjoint(one.numbers(NodeKind.DEPENDANT))
        ]
    )


@feature(Family.DOCUMENT, Source.CLAIM, "days", "T17", schemes=DEATHS)
def most_days_off_number_of_dependant(known: Known) -> float:
    """The most days by which a dependant's stated birth differs from that in the MyKad number.

    Years are another person; weeks or months may be a birth that was certified later.
    """
    death = known.claim.death
    gaps = [_days_off_number(one) for one in (death.dependants if death else ())]
    return max((gap for gap in gaps if gap is not None), default=UNKNOWN)


def _days_off_number(one: Dependant) -> float | None:
    """Days from the birth in a MyKad number to the stated one, in the century that fits best."""
    if one.mykad is None or one.born_on is None:
        return None
    year, month, day = (int(one.mykad[at : at + 2]) for at in (0, 2, 4))
    found = []
    for century in (1900, 2000):
        try:
            found.append(abs((one.born_on - date(century + year, month, day)).days))
        except ValueError:  # no such day in that century
            continue
    return float(min(found)) if found else None


@feature(Family.DOCUMENT, Source.CLAIM, "dependants", "T17", schemes=DEATHS)
def dependants_whose_dates_do_not_fit(known: Known) -> float:
    """Dependants whose birth date does not fit their MyKad number, the death or the deceased.

    A child born over 300 days after the death, or whose years leave no parent of twelve. Children
    may be adopted, so this is asked about and proves nothing.
    """
    death = known.claim.death
    if death is None or not death.dependants:
        return UNKNOWN
    return float(len(misfit_dependants(known)))


def misfit_dependants(known: Known) -> list[Dependant]:
    """Dependants whose dates do not fit, as `dependants_whose_dates_do_not_fit` counts them."""
    death = known.claim.death
    if death is None:
        return []
    return [
        one
        for one in death.dependants
        if born_on_other_day(one)
        or born_long_after(one, death.died_on)
        or _too_close_in_age(one, death.deceased_mykad, death.died_on)
    ]


def born_on_other_day(one: Dependant) -> bool:
    """Whether the stated birth date differs from the one in the dependant's MyKad number."""
    return (
        one.mykad is not None
        and one.born_on is not None
        and one.mykad[:6] != f"{one.born_on:%y%m%d}"
    )


def born_long_after(one: Dependant, died_on: date) -> bool:
    """Whether a child was born later than a pregnancy after the death."""
    last = died_on + timedelta(days=LONGEST_PREGNANCY_DAYS)
    return one.relation == "child" and one.born_on is not None and one.born_on > last


def _too_close_in_age(one: Dependant, deceased: str, died_on: date) -> bool:
    """Whether parent and child would be less than twelve years apart."""
    if one.born_on is None or one.relation not in ("child", "parent"):
        return False
    year = died_on.year - died_on.year % 100 + int(deceased[:2])
    year -= 100 if year > died_on.year else 0
    gap = one.born_on.year - year if one.relation == "child" else year - one.born_on.year
    return gap < YOUNGEST_PARENT_YEARS


def _months_paid(statement: ContributionStatement, *, until: date) -> set[int]:
    """Months contributed up to a day, by number."""
    last = month_number(until)
    return {
        month
        for run in statement.runs
        for month in range(
            max(month_number(run.first_month), last - 600),
            min(month_number(run.last_month), last) + 1,
        )
    }
