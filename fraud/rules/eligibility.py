"""Rules of kind *not payable*: the law says no, and nothing about that is suspicious.

They never raise a score, and each sentence names what to ask before anybody relies on it.
"""

from calendar import monthrange
from datetime import date

from fraud import schemes
from fraud.clock import local_day
from fraud.features.catalogue import Known, month_number
from fraud.graph import NodeKind
from fraud.records import Scheme
from fraud.rules.contributions import months_contributed
from fraud.rules.rule import Found, RuleContext, rule
from fraud.statements import Family, HitKind

JOB_SEARCH = frozenset({Scheme.JOB_SEARCH})
TEMPORARY = frozenset({Scheme.TEMPORARY_DISABLEMENT})
PERMANENT = frozenset({Scheme.PERMANENT_DISABLEMENT})
CONTRIBUTIONS_DUE_ON = 15
"""Contributions of a month arrive until the 15th of the next one."""


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
    window, received = schemes.value("job_search_window", loss.last_day), _first_received(known)
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
    terms=("job_search_least_contributions",),
)
def too_few_contribution_months(known: Known, _: RuleContext) -> Found | None:
    """The contribution statement shows fewer than 12 months before the loss of the job.

    Months that could still have arrived after the statement was drawn are counted as contributed.
    """
    loss, statement = known.claim.job_loss, known.history.contributions
    if loss is None or statement is None:
        return None
    least = schemes.value("job_search_least_contributions", loss.last_day)
    if least is None:
        return None
    months = months_contributed(known, loss.last_day, enough=least)
    if months + _months_still_due(loss.last_day, local_day(statement.stated_at)) >= least:
        return None
    return Found({"count": months, "least": least}, (statement.fact_id,))


def _first_received(known: Known) -> date | None:
    """When the claim first came in: a corrected version must not make it late. None: not known."""
    if known.claim.version == 1:
        return known.received_on
    person = known.linked.numbers(NodeKind.PERSON)
    versions = [
        known.area.claims[position].received_on
        for number in person
        for position in known.area.latest(number)
        if known.area.claims[position].claim_id == known.claim.claim_id
    ]
    return date.fromordinal(min(versions)) if versions else None


def _months_still_due(last_day: date, stated_on: date) -> int:
    """Months up to the last day at work that a statement drawn on a day may not show yet."""
    closed = month_number(stated_on) - (1 if stated_on.day > CONTRIBUTIONS_DUE_ON else 2)
    return max(0, month_number(last_day) - closed)


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
    window, received = schemes.value("permanent_window", last), _first_received(known)
    if window is None or received is None or received <= _months_later(last, window):
        return None
    serials = tuple(c.serial for c in known.claim.certificates if c.last_day == last)
    return Found({"last_day": last.isoformat(), "window": window}, serials)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(month_number(day) + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
