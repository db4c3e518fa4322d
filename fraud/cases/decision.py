"""What a reviewer can conclude, and when a conclusion goes against the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fraud.cases.states import CaseState
from fraud.errors import Fault, InvalidInput
from fraud.records import Label

LEAST_REASONS = 20
"""Characters of reasons below which nobody else can follow a decision."""


class Verdict(StrEnum):
    """What a reviewer can conclude."""

    CLEAR = "clear"
    PAY_MORE = "pay_more"
    CORRECT_DOWN = "correct_down"
    EMPLOYER = "employer"
    INSUFFICIENT = "insufficient"
    REFER = "refer"
    FRAUD = "fraud"


@dataclass(frozen=True, slots=True)
class VerdictRule:
    """The state a verdict leads to, the labels it allows, and what may be written as amount.

    `direction` is +1 when the amount is wrongly paid, -1 when it is owed to the person, 0 when
    there is none.
    """

    state: CaseState
    labels: tuple[Label, ...]
    direction: int
    always_adverse: bool = False


ERRORS = (Label.CLAIMANT_ERROR, Label.OFFICE_ERROR)


VERDICTS: Mapping[Verdict, VerdictRule] = {
    Verdict.CLEAR: VerdictRule(CaseState.CLEARED, (Label.GENUINE,), 0),
    Verdict.PAY_MORE: VerdictRule(CaseState.CORRECTED, ERRORS, -1),
    Verdict.CORRECT_DOWN: VerdictRule(CaseState.CORRECTED, ERRORS, +1, always_adverse=True),
    # the employer did not pay contributions; the worker keeps every right
    Verdict.EMPLOYER: VerdictRule(CaseState.CORRECTED, (Label.EMPLOYER_NON_COMPLIANCE,), 0),
    Verdict.INSUFFICIENT: VerdictRule(CaseState.CLOSED, (Label.UNDETERMINED,), 0),
    Verdict.REFER: VerdictRule(CaseState.REFERRED, (Label.UNDETERMINED,), +1, always_adverse=True),
    Verdict.FRAUD: VerdictRule(
        CaseState.REFERRED, (Label.CONFIRMED_FRAUD,), +1, always_adverse=True
    ),
}


NEEDS_AMOUNT = frozenset({Verdict.PAY_MORE, Verdict.CORRECT_DOWN})


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer concludes, and why. `amount_sen` is never negative."""

    verdict: Verdict
    label: Label
    reasons: str
    amount_sen: int = 0
    recovery: bool = False

    @property
    def wrong_payment_sen(self) -> int:
        """Positive: would have been overpaid; negative: owed to the person."""
        return self.amount_sen * VERDICTS[self.verdict].direction

    @property
    def is_adverse(self) -> bool:
        """True for a referral, confirmed fraud, any correction downwards, and recovery."""
        always = VERDICTS[self.verdict].always_adverse
        return always or self.wrong_payment_sen > 0 or self.recovery


def check_decision(decision: Decision) -> None:
    """Raise InvalidInput naming everything that a decision lacks or has too much."""
    rule = VERDICTS[decision.verdict]
    faults = []
    if len(decision.reasons.strip()) < LEAST_REASONS:
        faults.append(Fault("reasons", "too little", f"at least {LEAST_REASONS} characters"))
    if decision.label not in rule.labels:
        faults.append(Fault("label", decision.label.value, " or ".join(rule.labels)))
    if decision.amount_sen < 0 or (decision.amount_sen and rule.direction == 0):
        faults.append(Fault("amount", "an amount", "none with this conclusion"))
    if decision.verdict in NEEDS_AMOUNT and decision.amount_sen <= 0:
        faults.append(Fault("amount", "nothing", "an amount above zero"))
    if decision.recovery and rule.direction <= 0:
        faults.append(Fault("recovery", "yes", "no with this conclusion"))
    if faults:
        raise InvalidInput("the decision is not complete", faults)


def decision_details(decision: Decision) -> dict[str, Any]:
    """A decision as the history keeps it."""
    return {
        "verdict": decision.verdict.value,
        "label": decision.label.value,
        "amount_sen": decision.amount_sen,
        "recovery": decision.recovery,
        "text": decision.reasons,
    }
