"""Honest mistakes: 3% of claims, over all schemes, a quarter of which leave too little money.

What can be got wrong depends on how the sum is worked out: the wage, the days, the months, the
share of a pension, the percentage, the costs, or the scheme itself.
"""

from collections.abc import Sequence

from fraud.records import Label, Scheme
from fraud.simulator.plans import ILLNESSES, JOB_LOSSES, Plan
from fraud.simulator.region import Region

ERROR_RATE, UNDERPAID_SHARE = 0.03, 0.25
MAKERS = {
    Label.CLAIMANT_ERROR: 50,
    Label.OFFICE_ERROR: 25,
    Label.EMPLOYER_NON_COMPLIANCE: 25,
}

Kinds = dict[str, int]
_INJURED: Kinds = {"wage": 45, "days": 40, "scheme": 15}
_JOBS: Kinds = {"wage": 50, "months": 40, "scheme": 10}
_PENSIONS: Kinds = {"wage": 45, "share": 40, "scheme": 15}
_OF: dict[Scheme, Kinds] = {
    Scheme.TEMPORARY_DISABLEMENT: _INJURED,
    Scheme.COMMUTER: _INJURED,
    Scheme.ANY_HOUR_INJURY: _INJURED,
    Scheme.SELF_EMPLOYED: _INJURED,
    Scheme.HOUSEWIFE: {"days": 80, "scheme": 20},
    Scheme.PERMANENT_DISABLEMENT: {"wage": 50, "percent": 40, "scheme": 10},
    Scheme.FUNERAL: {"costs": 100},
    Scheme.MOBILITY: {"costs": 100},
    Scheme.TRAINING: {"days": 100},
    Scheme.SURVIVORS: _PENSIONS,
    Scheme.DEPENDANTS: _PENSIONS,
    **dict.fromkeys(ILLNESSES, _PENSIONS),
    **dict.fromkeys(JOB_LOSSES - {Scheme.MOBILITY, Scheme.TRAINING}, _JOBS),
}


def err(region: Region, plans: Sequence[Plan]) -> None:
    """Let some honest claims state what is not so, and set what that costs whom."""
    for plan in plans:
        draw = plan.dice(region, "error")
        if not plan.honest or draw.random() >= ERROR_RATE:
            continue
        plan.label = draw.choices(list(MAKERS), weights=list(MAKERS.values()))[0]
        kinds = _OF[plan.scheme]
        plan.mistake = draw.choices(list(kinds), weights=list(kinds.values()))[0]
        low = draw.random() < UNDERPAID_SHARE
        factor = draw.uniform(0.55, 0.85) if low else draw.uniform(1.15, 1.7)
        plan.wrong_share = 1 - 1 / factor
        if plan.mistake == "wage":
            plan.wage_factor = factor
        elif plan.mistake == "scheme" and not low:
            plan.wrong_share = 1.0  # nothing of it is payable under the scheme it came in by
            if plan.scheme is Scheme.TEMPORARY_DISABLEMENT and not plan.road:
                plan.cause = "home"
        else:
            plan.pay_factor = factor
        if plan.label is Label.EMPLOYER_NON_COMPLIANCE:
            plan.paid_in_lump = draw.randrange(5, 120)
