"""T5: paid twice for one injury, the other payment denied. And the lawful ways to be paid twice.

Declared overlaps are everyday (see the honest claims); here are parallel cover, personal insurance
and expenses split between two payers. Every rate is an assumption.
"""

from random import Random

from fraud.records import Place, Scheme
from fraud.simulator.details import a_receipt
from fraud.simulator.plans import Plan
from fraud.simulator.region import Region
from fraud.simulator.typologies.kind import Alone, Typology, happens
from fraud.simulator.typologies.traces import Traces

PARALLEL_COVER, OWN_POLICY, SPLIT_EXPENSES = 0.012, 0.012, 0.010


def _hurt_across(plan: Plan, _region: Region) -> bool:
    return plan.scheme is Scheme.COMMUTER or (plan.injury and plan.place is Place.SINGAPORE)


def _deny_the_other(plan: Plan, draw: Random, _region: Region) -> None:
    """T5: another payer pays for the same days; the form says that there is none."""
    traces = Traces(draw)
    plan.other_payer = draw.choices(("wica_insurer", "other_scheme"), weights=(75, 25))[0]
    plan.other_payer_told = False if traces.show(0.92) else None
    receipts = tuple(a_receipt(draw) for _ in range(draw.randrange(2, 6)))
    if traces.show(0.75):
        plan.details.receipts = receipts
    plan.details.other_receipts = receipts
    plan.wrong_share = draw.uniform(0.5, 1.0)


def _lawful_looks(plan: Plan, draw: Random, region: Region) -> None:
    if plan.other_payer is not None:
        return
    if happens(region, draw, PARALLEL_COVER):  # employed on weekdays, drives at weekends
        plan.other_payer = "other_scheme"
        plan.other_payer_told = True if draw.random() < 0.9 else None
    elif happens(region, draw, OWN_POLICY):  # a policy of one's own, which no form asks for
        plan.other_payer = "private_insurer"
        plan.other_payer_told = False if draw.random() < 0.5 else None
    elif happens(region, draw, SPLIT_EXPENSES):
        plan.other_payer, plan.other_payer_told = "wica_insurer", True
        receipts = tuple(a_receipt(draw) for _ in range(draw.randrange(3, 7)))
        plan.details.receipts = receipts[:2] + receipts[2:3] * (draw.random() < 0.1)
        plan.details.other_receipts = receipts[2:]
    else:
        return
    plan.resembles("T5")


KINDS = (
    Typology("T5", 0.01, _hurt_across, Alone(_hurt_across, _deny_the_other), look=_lawful_looks),
)
