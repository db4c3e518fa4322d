"""Rules of kind *money owed*: a person would probably be paid too little. Check, pay arrears.

Each compares what would be paid with what the law gives for the records at hand, rests on no
assumption, and allows a margin, so that only clear shortfalls are stated.
"""

from fraud import schemes
from fraud.features.catalogue import Known
from fraud.records import Claim, DeathRegistered, PaymentDue, Scheme
from fraud.rules.rule import Found, RuleContext, rule
from fraud.schemes.working import Benefit, Outcome
from fraud.statements import Family, HitKind

TEMPORARY = frozenset({Scheme.TEMPORARY_DISABLEMENT})
JOB_SEARCH = frozenset({Scheme.JOB_SEARCH})
FUNERAL = frozenset({Scheme.FUNERAL})
PENSIONS = frozenset({Scheme.INVALIDITY, Scheme.SURVIVORS})
CLEARLY_BELOW = 0.92
"""Wage classes are up to RM100 wide, so amounts may differ by some percent without any mistake."""

AVERAGE_TERMS = ("averaging_months", "days_of_month", "top_assumed_wage")
LENGTH_TERMS = tuple(f"job_search_months_for_{months}" for months in (3, 4, 5, 6))
SHARE_TERMS = tuple(f"job_search_share_{month}" for month in range(1, 7))
SHORTEST_MONTHS = 3


@rule(
    HitKind.MONEY_OWED,
    Family.CLAIM,
    source="Act 4, temporary disablement benefit, 80% of the average assumed daily wage",
    on=TEMPORARY,
    terms=(
        "temporary_share",
        "temporary_least_days",
        "temporary_least_daily",
        "temporary_most_daily",
        *AVERAGE_TERMS,
    ),
)
def temporary_benefit_below_average_wage(known: Known, _: RuleContext) -> Found | None:
    """The expected payment is clearly under 80% of the average daily wage for the certified days.

    The average is that of the contributed months among the six before the accident, with the lower
    wage where two employers paid. Days on which an employer's list shows the person at work are
    left out.
    """
    statement = known.history.contributions
    benefit = _shortfall(known)
    if benefit is None or benefit.units is None or statement is None:
        return None
    return _found(known.claim, benefit, (statement.fact_id, *_serials(known)), count=benefit.units)


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
    if not days or least is None or not _clearly_below(known.claim, days * least):
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
    terms=("job_search_window", *LENGTH_TERMS, *SHARE_TERMS, *AVERAGE_TERMS),
)
def job_search_allowance_below_shortest(known: Known, _: RuleContext) -> Found | None:
    """The expected payment is clearly under the shortest allowance there is, of three months."""
    statement = known.history.contributions
    benefit = _shortfall(known)
    if benefit is None or statement is None:
        return None
    months = [step for step in benefit.steps if step.key == "law.search_month"]
    due = sum(int(step.values["amount"]) for step in months[:SHORTEST_MONTHS])
    if not _clearly_below(known.claim, due):
        return None
    values = {"expected": known.claim.expected_payment_sen, "due": due}
    return Found(dict(values), (statement.fact_id,))


@rule(
    HitKind.MONEY_OWED,
    Family.CLAIM,
    source="Act 800, length of the job search allowance by contributions",
    on=JOB_SEARCH,
    terms=("job_search_window", *LENGTH_TERMS, *SHARE_TERMS, *AVERAGE_TERMS),
)
def job_search_allowance_below_its_length(known: Known, _: RuleContext) -> Found | None:
    """The expected payment is clearly under the months of allowance that the contributions give.

    Months count once: whoever claimed before may have used some, so nothing is stated then.
    """
    statement = known.history.contributions
    benefit = _shortfall(known)
    if benefit is None or benefit.units is None or statement is None or known.others_of_person:
        return None
    if benefit.units == SHORTEST_MONTHS:
        return None
    return _found(known.claim, benefit, (statement.fact_id,), count=benefit.units)


@rule(
    HitKind.MONEY_OWED,
    Family.CLAIM,
    source="Act 4, funeral benefit",
    on=FUNERAL,
    terms=("funeral_most",),
)
def funeral_benefit_below_its_sum(known: Known, _: RuleContext) -> Found | None:
    """A death is registered, dependants are left, and the expected payment is under RM2,000."""
    benefit = _shortfall(known)
    registered = [
        fact.fact_id
        for fact in known.history.of(DeathRegistered)
        if fact.mykad == known.claim.insured_mykad
    ]
    if benefit is None or not registered:
        return None
    return _found(known.claim, benefit, tuple(registered))


@rule(
    HitKind.MONEY_OWED,
    Family.CLAIM,
    source="Act 4, least invalidity and survivors' pension",
    on=PENSIONS,
    terms=("pension_floor",),
)
def pension_payment_below_least(known: Known, _: RuleContext) -> Found | None:
    """A monthly pension stands in a payment run with clearly under RM475, the least pension."""
    due = [one for one in known.history.of(PaymentDue) if one.claim_id == known.claim.claim_id]
    if not due or due[-1].number == 1:  # the first may be of a part of a month
        return None
    floor = schemes.value("pension_floor", due[-1].due_on)
    if floor is None or not 0 < due[-1].amount_sen < CLEARLY_BELOW * floor:
        return None
    return Found({"expected": due[-1].amount_sen, "due": floor}, (due[-1].fact_id,))


def _shortfall(known: Known) -> Benefit | None:
    """The benefit that is due where the expected payment is clearly under it."""
    benefit = known.benefit
    if benefit.outcome is not Outcome.DUE or not _clearly_below(
        known.claim, benefit.amount_sen or 0
    ):
        return None
    return benefit


def _found(claim: Claim, benefit: Benefit, records: tuple[str, ...], **values: int) -> Found:
    due = {"expected": claim.expected_payment_sen, "due": benefit.amount_sen or 0}
    return Found({**due, **values}, records)


def _clearly_below(claim: Claim, due: int) -> bool:
    """Nothing at all expected means that no amount was worked out yet: no shortfall."""
    return 0 < claim.expected_payment_sen < CLEARLY_BELOW * due


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
