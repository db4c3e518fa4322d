"""Rules of kind *not payable*: the law says no, and nothing about that is suspicious.

They never raise a score, and each sentence names what to ask before anybody relies on it.
"""

from datetime import timedelta

from fraud import schemes
from fraud.clock import local_day, months_later
from fraud.features.catalogue import Known
from fraud.identifiers import age_on
from fraud.records import Place, Scheme
from fraud.rules.contributions import first_received, months_contributed
from fraud.rules.rule import Found, RuleContext, rule
from fraud.schemes.contributions import months_still_due
from fraud.statements import Family, HitKind

JOB_SEARCH = frozenset({Scheme.JOB_SEARCH})
TEMPORARY = frozenset({Scheme.TEMPORARY_DISABLEMENT})
PERMANENT = frozenset({Scheme.PERMANENT_DISABLEMENT})
ANY_HOUR = frozenset({Scheme.ANY_HOUR_INJURY})
INVALIDITY = frozenset({Scheme.INVALIDITY})
EARLY = frozenset({Scheme.EARLY_REEMPLOYMENT})
SELF_EMPLOYED = frozenset({Scheme.SELF_EMPLOYED})
DEPENDANTS = frozenset({Scheme.DEPENDANTS})
HOUSEWIFE = frozenset({Scheme.HOUSEWIFE})
MOBILITY = frozenset({Scheme.MOBILITY})
LONGEST_SEARCH_MONTHS = 6


@rule(
    HitKind.NOT_PAYABLE,
    Family.CLAIM,
    source="Act 800, claim within 60 days of loss of employment",
    on=JOB_SEARCH,
    terms=("job_search_window",),
)
def job_loss_claimed_late(known: Known, _: RuleContext) -> Found | None:
    """The claim for job search allowance came more than 60 days after the last day at work."""
    loss = known.claim.job_loss
    if loss is None:
        return None
    window, received = schemes.value("job_search_window", loss.last_day), first_received(known)
    if window is None or received is None or (received - loss.last_day).days <= window:
        return None
    days = (received - loss.last_day).days
    return Found({"count": days, "window": window, "last_day": loss.last_day.isoformat()})


@rule(
    HitKind.NOT_PAYABLE,
    Family.CLAIM,
    source="Act 800, meaning of loss of employment",
    on=JOB_SEARCH,
)
def resignation_stated_as_reason(known: Known, _: RuleContext) -> Found | None:
    """The stated reason is resignation, which is no loss of employment.

    Resigning over harassment, threats or unsafe orders is one: ask before relying on this.
    """
    loss = known.claim.job_loss
    if loss is None or loss.reason != "resignation":
        return None
    return Found({"last_day": loss.last_day.isoformat()})


@rule(
    HitKind.NOT_PAYABLE,
    Family.CLAIM,
    source="Act 800, contributions that open an allowance",
    on=JOB_SEARCH,
    terms=("job_search_months_for_3",),
)
def too_few_contribution_months(known: Known, _: RuleContext) -> Found | None:
    """The contribution statement shows fewer than 12 months before the loss of the job.

    Months that could still have arrived after the statement was drawn are counted as contributed.
    """
    loss, statement = known.claim.job_loss, known.history.contributions
    if loss is None or statement is None:
        return None
    least = schemes.value("job_search_months_for_3", loss.last_day)
    if least is None:
        return None
    months = months_contributed(known, loss.last_day, enough=least)
    if months + months_still_due(loss.last_day, local_day(statement.stated_at)) >= least:
        return None
    return Found({"count": months, "least": least}, (statement.fact_id,))


@rule(
    HitKind.NOT_PAYABLE,
    Family.DOCUMENT,
    source="Act 4, temporary disablement benefit",
    on=TEMPORARY,
    terms=("temporary_least_days",),
)
def fewer_than_four_certified_days(known: Known, _: RuleContext) -> Found | None:
    """The certificates and the day of the accident together make fewer than four days of leave."""
    certificates = known.claim.certificates
    if not certificates or known.event_on is None:
        return None
    least = schemes.value("temporary_least_days", known.event_on)
    lengths = [(c.last_day - c.first_day).days + 1 for c in certificates]
    if least is None or max(lengths) >= least or min(lengths) < 1:
        return None
    days = {known.event_on.toordinal()}
    for certificate in certificates:
        days.update(range(certificate.first_day.toordinal(), certificate.last_day.toordinal() + 1))
    if len(days) >= least:
        return None
    return Found({"count": len(days), "least": least}, tuple(c.serial for c in certificates))


@rule(
    HitKind.NOT_PAYABLE,
    Family.CLAIM,
    source="Act 4, claim for permanent disablement benefit",
    on=PERMANENT,
    terms=("permanent_window",),
)
def disablement_claimed_late(known: Known, _: RuleContext) -> Found | None:
    """The claim for permanent disablement came over 12 months after the last certified day."""
    if not known.claim.certificates:
        return None
    last = max(certificate.last_day for certificate in known.claim.certificates)
    window, received = schemes.value("permanent_window", last), first_received(known)
    if window is None or received is None or received <= months_later(last, window):
        return None
    serials = tuple(c.serial for c in known.claim.certificates if c.last_day == last)
    return Found({"last_day": last.isoformat(), "window": window}, serials)


@rule(
    HitKind.NOT_PAYABLE,
    Family.CLAIM,
    source="Act 4, s.44A",
    on=ANY_HOUR,
    terms=("any_hour_abroad",),
)
def accident_outside_malaysia(known: Known, _: RuleContext) -> Found | None:
    """The accident is stated in Singapore: LINDUNG 24 Jam gives nothing outside Malaysia.

    An accident on the way to or from work may be covered otherwise: ask before relying on this.
    """
    injury, event = known.claim.injury, known.event_on
    if injury is None or event is None or injury.place is not Place.SINGAPORE:
        return None
    if schemes.value("any_hour_abroad", event) != 0:
        return None
    return Found({"at": injury.occurred_at.isoformat()})


@rule(
    HitKind.NOT_PAYABLE,
    Family.CLAIM,
    source="Act 4, full qualifying period of an invalidity pension",
    on=INVALIDITY,
    terms=("pension_contributed_months", "pension_looked_back", "pension_part_since_entry"),
)
def contributions_below_qualifying_period(known: Known, _: RuleContext) -> Found | None:
    """Neither 24 of the last 40 months nor two thirds since entry are contributed.

    The pension then is not payable; a grant may be. Months that could still have arrived after the
    statement was drawn are counted as contributed.
    """
    statement = known.history.contributions
    if statement is None:
        return None
    last = known.benefit.steps[-1]
    if last.key != "law.qualifying_not_full":
        return None
    months, least = int(last.values["months"]), int(last.values["least"])
    month_before = known.received_on.replace(day=1) - timedelta(days=1)
    due = months_still_due(month_before, local_day(statement.stated_at))
    recent = int(last.values["count"])
    part = 3 * (months + due) >= 2 * int(last.values["since"]) and months + due >= least
    if recent + due >= least or part:
        return None
    values = {"count": recent, "least": least, "window": last.values["looked_back"]}
    return Found(dict(values), (statement.fact_id,))


@rule(
    HitKind.NOT_PAYABLE,
    Family.CLAIM,
    source="Act 4, invalidity before the age of 60",
    on=INVALIDITY,
    terms=("pension_notice_age",),
)
def invalidity_began_after_age(known: Known, _: RuleContext) -> Found | None:
    """By the MyKad number the person was 60 or older when the illness is said to have begun."""
    illness = known.claim.illness
    if illness is None:
        return None
    limit = schemes.value("pension_notice_age", known.received_on)
    age = age_on(known.claim.claimant.mykad, illness.began_on)
    if age is None or limit is None or age < limit:
        return None
    return Found({"age": age, "limit": limit, "day": illness.began_on.isoformat()})


@rule(
    HitKind.NOT_PAYABLE,
    Family.CLAIM,
    source="Act 800, s.35",
    on=EARLY,
    terms=("job_search_window",),
)
def new_job_after_search_period(known: Known, _: RuleContext) -> Found | None:
    """The new job began after the longest period in which an allowance could still run.

    That is 60 days to claim and six months of allowance; another month stands for the waiting
    period, whose length was not found.
    """
    loss, job = known.claim.job_loss, known.claim.new_job
    if loss is None or job is None:
        return None
    window = schemes.value("job_search_window", loss.last_day)
    if window is None:
        return None
    end = months_later(loss.last_day + timedelta(days=window), LONGEST_SEARCH_MONTHS + 1)
    if job.started_on <= end:
        return None
    return Found({"day": job.started_on.isoformat(), "last_day": loss.last_day.isoformat()})


@rule(
    HitKind.NOT_PAYABLE,
    Family.CLAIM,
    source="Act 789, cover from the receipt",
    on=SELF_EMPLOYED,
    terms=("self_employed_cover_from_payment",),
)
def accident_before_first_receipt(known: Known, _: RuleContext) -> Found | None:
    """The stated accident came before the first payment on record, at which cover begins."""
    injury, paid = known.claim.injury, known.history.enrolments
    if injury is None or not paid or known.event_on is None:
        return None
    if not schemes.value("self_employed_cover_from_payment", known.event_on):
        return None
    first = min(paid, key=lambda one: one.paid_at)
    if first.paid_at <= injury.occurred_at:
        return None
    values = {"paid_at": first.paid_at.isoformat(), "at": injury.occurred_at.isoformat()}
    return Found(dict(values), (first.fact_id,))


@rule(
    HitKind.NOT_PAYABLE,
    Family.CLAIM,
    source="Act 4, dependants' benefit after a death from work",
    on=DEPENDANTS,
)
def death_not_from_work(known: Known, _: RuleContext) -> Found | None:
    """The stated cause of death is neither work nor the road: a survivors' pension may be due."""
    death = known.claim.death
    if death is None or death.cause in ("work", "road"):
        return None
    return Found({"day": death.died_on.isoformat()})


@rule(
    HitKind.NOT_PAYABLE,
    Family.CLAIM,
    source="Act 838, housewives under 55",
    on=HOUSEWIFE,
    terms=("housewife_age_limit",),
)
def housewife_above_age(known: Known, _: RuleContext) -> Found | None:
    """By the MyKad number the person was 55 or older at the accident."""
    if known.event_on is None:
        return None
    limit = schemes.value("housewife_age_limit", known.event_on)
    age = age_on(known.claim.claimant.mykad, known.event_on)
    if age is None or limit is None or age < limit:
        return None
    return Found({"age": age, "limit": limit})


@rule(
    HitKind.NOT_PAYABLE,
    Family.CLAIM,
    source="Amendment of Act 800, mobility assistance",
    on=MOBILITY,
    terms=("mobility_least_distance",),
)
def new_job_not_far_away(known: Known, _: RuleContext) -> Found | None:
    """The stated distance to the new job is not over 100 kilometres."""
    job = known.claim.new_job
    if job is None or job.distance_km is None:
        return None
    least = schemes.value("mobility_least_distance", job.started_on)
    if least is None or job.distance_km > least:
        return None
    return Found({"distance": job.distance_km, "least": least})
