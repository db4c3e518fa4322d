"""Data quality of illnesses, deaths and jobs: dates and registers that contradict each other."""

from fraud.features import from_pensions
from fraud.features.catalogue import Known
from fraud.features.from_jobs import NEW_JOBS
from fraud.features.from_pensions import DEATHS, ILLNESSES, born_long_after, born_on_other_day
from fraud.rules.rule import Found, RuleContext, rule
from fraud.statements import Family, HitKind


@rule(HitKind.DATA_QUALITY, Family.DOCUMENT, source="agreement with the register of deaths")
def claimant_registered_as_dead(known: Known, _: RuleContext) -> Found | None:
    """The register of deaths has the claimant's number with a death before the claim.

    A mistyped number is the usual cause: of the claim, or of the register.
    """
    entry = from_pensions.death_of_claimant(known)
    if entry is None or entry.died_on >= known.received_on:
        return None
    values = {"died_on": entry.died_on.isoformat(), "received_on": known.received_on.isoformat()}
    return Found(dict(values), (entry.fact_id,))


@rule(
    HitKind.DATA_QUALITY,
    Family.DOCUMENT,
    source="agreement with the register of deaths",
    on=DEATHS,
)
def stated_death_differs_from_register(known: Known, _: RuleContext) -> Found | None:
    """The stated date of death and the register's differ by more than a day."""
    death, entry = known.claim.death, from_pensions.death_of_insured(known)
    if death is None or entry is None or abs((death.died_on - entry.died_on).days) <= 1:
        return None
    values = {"stated": death.died_on.isoformat(), "registered": entry.died_on.isoformat()}
    return Found(dict(values), (entry.fact_id,))


@rule(
    HitKind.DATA_QUALITY,
    Family.DOCUMENT,
    source="agreement of dates",
    on=DEATHS,
    variants=("number", "late", "self"),
)
def dependant_dates_disagree(known: Known, _: RuleContext) -> Found | None:
    """A dependant's date of birth disagrees with their number or with the death, or is nobody's.

    Says also when the deceased is named as a dependant.
    """
    death = known.claim.death
    if death is None:
        return None
    checks = (
        ("number", [one for one in death.dependants if born_on_other_day(one)]),
        ("late", [one for one in death.dependants if born_long_after(one, death.died_on)]),
        ("self", [one for one in death.dependants if one.mykad == death.deceased_mykad]),
    )
    for variant, found in checks:
        if found:
            return Found({"count": len(found)}, (known.claim.claim_id,), variant=variant)
    return None


@rule(
    HitKind.DATA_QUALITY,
    Family.DOCUMENT,
    source="agreement of dates",
    on=DEATHS | ILLNESSES,
    variants=("death", "illness", "treatment"),
)
def illness_or_death_dates_disagree(known: Known, _: RuleContext) -> Found | None:
    """A death or illness is dated after the receipt, or the treatment before the illness."""
    death, illness, received = known.claim.death, known.claim.illness, known.received_on
    if death and death.died_on > received:
        values = {"day": death.died_on.isoformat(), "other": received.isoformat()}
        return Found(dict(values), variant="death")
    if illness and illness.began_on > received:
        values = {"day": illness.began_on.isoformat(), "other": received.isoformat()}
        return Found(dict(values), variant="illness")
    if illness and illness.first_treated_on and illness.first_treated_on < illness.began_on:
        values = {
            "day": illness.first_treated_on.isoformat(),
            "other": illness.began_on.isoformat(),
        }
        return Found(dict(values), variant="treatment")
    return None


@rule(
    HitKind.DATA_QUALITY,
    Family.DOCUMENT,
    source="agreement of dates",
    on=NEW_JOBS,
    variants=("early", "ended"),
)
def new_job_dates_disagree(known: Known, _: RuleContext) -> Found | None:
    """The new job begins before the last day of the old one, or ends before it begins."""
    job, loss = known.claim.new_job, known.claim.job_loss
    if job is None:
        return None
    if job.ended_on is not None and job.ended_on < job.started_on:
        values = {"day": job.started_on.isoformat(), "other": job.ended_on.isoformat()}
        return Found(dict(values), variant="ended")
    if loss is not None and job.started_on < loss.last_day:
        values = {"day": job.started_on.isoformat(), "other": loss.last_day.isoformat()}
        return Found(dict(values), variant="early")
    return None
