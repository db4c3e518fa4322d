"""Rules of kind *money owed*: a person would probably be paid too little. Check, pay arrears.

Each compares what would be paid with the least that the law gives for the records at hand, and
allows a margin, so that only clear shortfalls are stated.
"""

from fraud import schemes
from fraud.features.catalogue import Known
from fraud.records import Scheme
from fraud.rules.contributions import average_wage, months_contributed
from fraud.rules.rule import Found, RuleContext, rule
from fraud.statements import Family, HitKind

TEMPORARY = frozenset({Scheme.TEMPORARY_DISABLEMENT})
JOB_SEARCH = frozenset({Scheme.JOB_SEARCH})
CLEARLY_BELOW = 0.92
"""Wage classes are up to RM100 wide, so amounts may differ by some percent without any mistake."""


@rule(
    HitKind.MONEY_OWED,
    Family.CLAIM,
    source="Act 4, temporary disablement benefit, 80% of the average assumed daily wage",
    on=TEMPORARY,
    terms=("temporary_share", "temporary_least_days", "top_assumed_wage"),
)
def temporary_benefit_below_average_wage(known: Known, _: RuleContext) -> Found | None:
    """The expected payment is clearly under 80% of the average daily wage for the certified days.

    The average is that of the contributed months among the six before the accident, with the lower
    wage where two employers paid. Days on which an employer's list shows the person at work are
    left out.
    """
    event, statement = known.event_on, known.history.contributions
    if event is None or statement is None:
        return None
    days = _payable_days(known)
    wage = average_wage(known, event)
    share = schemes.value("temporary_share", event)
    if not days or wage is None or share is None:
        return None
    due = wage * share * days // (30 * 100)
    if not _clearly_below(known, due):
        return None
    values = {"expected": known.claim.expected_payment_sen, "due": due, "count": days}
    return Found(dict(values), (statement.fact_id, *_serials(known)))


@rule(
    HitKind.MONEY_OWED,
    Family.DOCUMENT,
    source="Act 4, temporary disablement benefit, least daily rate",
    on=TEMPORARY,
    terms=("temporary_least_daily", "temporary_least_days"),
)
def temporary_benefit_below_least_rate(known: Known, _: RuleContext) -> Found | None:
    """The expected payment is clearly under RM30 for each certified day, the least daily rate."""
    event = known.event_on
    if event is None:
        return None
    days, least = _payable_days(known), schemes.value("temporary_least_daily", event)
    if not days or least is None or not _clearly_below(known, days * least):
        return None
    values = {
        "expected": known.claim.expected_payment_sen,
        "due": days * least,
        "rate": least,
        "count": days,
    }
    return Found(dict(values), _serials(known))


@rule(
    HitKind.MONEY_OWED,
    Family.CLAIM,
    source="Act 800, job search allowance of the first three months",
    on=JOB_SEARCH,
    terms=("job_search_first_three_months", "job_search_least_contributions", "job_search_window",
           "top_assumed_wage"),
)  # fmt: skip
def job_search_allowance_below_shortest(known: Known, _: RuleContext) -> Found | None:
    """The expected payment is clearly under the shortest allowance there is, of three months."""
    loss, statement = known.claim.job_loss, known.history.contributions
    if loss is None or statement is None or loss.reason in ("resignation", "other"):
        return None
    share = schemes.value("job_search_first_three_months", loss.last_day)
    wage = average_wage(known, loss.last_day)
    if share is None or wage is None or not _clearly_below(known, wage * share // 100):
        return None
    due = wage * share // 100
    least = schemes.value("job_search_least_contributions", loss.last_day)
    window = schemes.value("job_search_window", loss.last_day)
    if least is None or months_contributed(known, loss.last_day, enough=least) < least:
        return None
    if window is None or (known.received_on - loss.last_day).days > window:
        return None
    values = {"expected": known.claim.expected_payment_sen, "due": due}
    return Found(dict(values), (statement.fact_id,))


def _clearly_below(known: Known, due: int) -> bool:
    """Nothing at all expected means that no amount was worked out yet: no shortfall."""
    return 0 < known.claim.expected_payment_sen < CLEARLY_BELOW * due


def _serials(known: Known) -> tuple[str, ...]:
    return tuple(certificate.serial for certificate in known.claim.certificates)


def _payable_days(known: Known) -> int:
    """Certified days up to the receipt without days at work; 0 when too few for the benefit."""
    if known.event_on is None:
        return 0
    least = schemes.value("temporary_least_days", known.event_on)
    days = len(known.leave_days)
    if least is None or days < least:
        return 0
    certified = set(known.leave_days)
    worked = {
        day
        for attendance in known.history.attendances
        for day in attendance.days_present
        if day.toordinal() in certified
    }
    return days - len(worked)
