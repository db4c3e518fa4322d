"""Rules of kind *data quality*: something was typed wrong, or two documents disagree. Ask, correct.

Most such findings have an innocent cause, so none of them is a lead.
"""

from datetime import timedelta

from fraud.features.catalogue import Known
from fraud.identifiers import (
    QualityFinding,
    account_finding,
    mykad_finding,
    phone_finding,
    postcode_finding,
    uen_finding,
)
from fraud.rules.rule import INJURY_SCHEMES, Found, RuleContext, rule
from fraud.statements import Family, HitKind

SLIP = timedelta(minutes=5)
"""Clocks of a clinic, a police station and a claimant differ by this much."""

WAGE_GAP = 0.25
"""Declared and insured wage may differ by allowances; a larger share is asked about (assumed)."""


def _of(finding: QualityFinding | None) -> Found | None:
    return None if finding is None else Found({}, variant=finding.check)


@rule(
    HitKind.DATA_QUALITY,
    Family.DOCUMENT,
    source="form of the MyKad number",
    variants=("shape", "date", "age", "place", "reserved"),
)
def mykad_not_well_formed(known: Known, context: RuleContext) -> Found | None:
    """The claimant's MyKad number cannot be right: its date, its place code or its range."""
    number = known.claim.claimant.mykad
    return _of(mykad_finding(number, known.received_on, accept_reserved=context.accept_reserved))


@rule(
    HitKind.DATA_QUALITY,
    Family.DOCUMENT,
    source="form of the Singapore entity number",
    variants=("shape", "letter", "reserved"),
)
def uen_not_well_formed(known: Known, context: RuleContext) -> Found | None:
    """The number of the workplace in Singapore has a wrong shape or check letter."""
    number = known.claim.workplace_uen
    if number is None:
        return None
    return _of(uen_finding(number, accept_reserved=context.accept_reserved))


@rule(
    HitKind.DATA_QUALITY,
    Family.DOCUMENT,
    source="length of account numbers by bank",
    variants=("shape", "length"),
)
def account_not_well_formed(known: Known, _: RuleContext) -> Found | None:
    """The account number does not have the length its bank uses: a payment may fail."""
    account = known.claim.claimant.account
    return None if account is None else _of(account_finding(account.bank, account.number))


@rule(
    HitKind.DATA_QUALITY,
    Family.DOCUMENT,
    source="form of telephone numbers and postcodes (assumed)",
    variants=("phone", "postcode"),
)
def contact_not_well_formed(known: Known, _: RuleContext) -> Found | None:
    """The telephone number or the postcode cannot be right: the claimant may not be reached."""
    claimant = known.claim.claimant
    if claimant.phone is not None and phone_finding(claimant.phone):
        return Found({}, variant="phone")
    if claimant.address is not None and postcode_finding(claimant.address.postcode):
        return Found({}, variant="postcode")
    return None


@rule(HitKind.DATA_QUALITY, Family.DOCUMENT, source="agreement of dates", on=INJURY_SCHEMES)
def certificate_ends_before_it_begins(known: Known, _: RuleContext) -> Found | None:
    """A medical certificate names a last day before its first day."""
    serials = tuple(c.serial for c in known.claim.certificates if c.last_day < c.first_day)
    return Found({"count": len(serials)}, serials) if serials else None


@rule(HitKind.DATA_QUALITY, Family.DOCUMENT, source="agreement of dates", on=INJURY_SCHEMES)
def leave_begins_before_accident(known: Known, _: RuleContext) -> Found | None:
    """A medical certificate begins more than a day before the stated accident.

    One day may be a slip around midnight.
    """
    event = known.event_on
    if event is None:
        return None
    early = [c for c in known.claim.certificates if (event - c.first_day).days > 1]
    if not early:
        return None
    first = min(c.first_day for c in early)
    return Found(
        {"first_day": first.isoformat(), "event_on": event.isoformat()},
        tuple(c.serial for c in early),
    )


@rule(
    HitKind.DATA_QUALITY,
    Family.CLAIM,
    source="agreement of dates",
    variants=("accident", "last_day"),
)
def event_after_receipt(known: Known, _: RuleContext) -> Found | None:
    """The stated accident, or the last day at work, lies after the receipt of the claim."""
    claim = known.claim
    received = known.received_on.isoformat()
    if claim.injury and claim.injury.occurred_at > claim.received_at + SLIP:
        at = claim.injury.occurred_at.isoformat()
        return Found({"at": at, "received_on": received}, variant="accident")
    if claim.job_loss and claim.job_loss.last_day > known.received_on:
        last = claim.job_loss.last_day.isoformat()
        return Found({"last_day": last, "received_on": received}, variant="last_day")
    return None


@rule(
    HitKind.DATA_QUALITY,
    Family.DOCUMENT,
    source="agreement of dates",
    on=INJURY_SCHEMES,
    variants=("treatment", "police_report"),
)
def record_older_than_accident(known: Known, _: RuleContext) -> Found | None:
    """The first treatment or the police report is dated before the stated accident."""
    injury = known.claim.injury
    if injury is None:
        return None
    latest = injury.occurred_at - SLIP
    for variant, at in (
        ("treatment", injury.first_treated_at),
        ("police_report", injury.police_report_at),
    ):
        if at is not None and at < latest:
            values = {"at": at.isoformat(), "occurred_at": injury.occurred_at.isoformat()}
            return Found(dict(values), variant=variant)
    return None


@rule(HitKind.DATA_QUALITY, Family.EMPLOYER, source="agreement of wages (gap assumed)")
def declared_wage_far_from_insured(known: Known, _: RuleContext) -> Found | None:
    """The wage on the claim and the last insured wage from this employer differ by over a quarter.

    The employer may report too little, the form may hold a gross figure, or a digit slipped. A wage
    at or above the insured ceiling is compared with the ceiling.
    """
    declared, statement = known.claim.declared_monthly_wage_sen, known.history.contributions
    event = known.event_on
    if not declared or statement is None or event is None:
        return None
    runs = [
        run
        for run in statement.runs
        if run.employer_code == known.claim.employer_code and run.first_month <= event
    ]
    if not runs:
        return None
    insured = max(runs, key=lambda run: run.last_month).monthly_wage_sen
    if insured <= 0 or _close(declared, insured):
        return None
    return Found({"declared": declared, "insured": insured}, (statement.fact_id,))


def _close(declared: int, insured: int) -> bool:
    high, low = max(declared, insured), min(declared, insured)
    if declared > insured >= LOWEST_CEILING_SEN:
        return True
    return high <= low * (1 + WAGE_GAP)


LOWEST_CEILING_SEN = 490_000
"""An insured wage from here on may be cut at a ceiling: the top class is RM4,950 or RM5,950."""


@rule(HitKind.DATA_QUALITY, Family.DOCUMENT, source="agreement of dates", on=INJURY_SCHEMES)
def certificate_issued_after_its_leave(known: Known, _: RuleContext) -> Found | None:
    """A medical certificate was issued after the last day of the leave that it certifies."""
    late = [c for c in known.claim.certificates if c.issued_on > c.last_day >= c.first_day]
    if not late:
        return None
    return Found({"count": len(late)}, tuple(c.serial for c in late))
