"""How a claim is settled: the payment run, the money and the account it goes to."""

from collections.abc import Iterator
from datetime import datetime

from fraud.records import Claim, Decision, Label, Payment, PaymentDue
from fraud.simulator import officers
from fraud.simulator.honest import own_account
from fraud.simulator.papers import Event, Papers, fact_id
from fraud.simulator.plans import MONTHLY, Plan

MONTH = 30
LEAST_AHEAD, MOST_AHEAD = 1, 4
"""Days before its date on which a payment stands in a payment run."""


def settle(papers: Papers, plan: Plan, claim: Claim, decision: Decision | None) -> list[Event]:
    """Payment runs and payments, the change of account before them, and what officers did.

    A claim found to be fraud is paid no further; until the decision nothing tells it from others.
    """
    draw = plan.dice(papers.region, "payment")
    paid_day = plan.received + draw.randrange(4, 25)
    if plan.board:
        paid_day += plan.board.held_after
    minute, waits = draw.randrange(540, 1020), draw.random() < 0.5
    if decision and waits:  # looked at before the money goes out
        reviewed = (decision.decided_at - claim.received_at).days
        paid_day = max(paid_day, plan.received + reviewed + draw.randrange(9, 17))
    events = officers.actions(papers, plan, claim, paid_day)
    events += papers.account_change(plan, claim, paid_day)
    for turn, (day, amount) in enumerate(_instalments(papers, plan, claim, paid_day)):
        run = papers.instant(day - draw.randrange(LEAST_AHEAD, MOST_AHEAD), minute - 240)
        if not _refused(decision, run):
            events.append(_stands(papers, claim, turn, day, amount, run))
        at = papers.instant(day, minute)
        if not _refused(decision, at):
            account = plan.account or own_account(papers.region, plan.person)
            if plan.switched_to and day >= paid_day - plan.switch_before:
                account = plan.switched_to
            paid = Payment(
                fact_id=fact_id(papers.region, f"payment {turn}", claim.claim_id),
                claim_id=claim.claim_id,
                mykad=claim.claimant.mykad,
                account=account,
                amount_sen=amount,
                paid_at=at,
            )
            events.append(Event(at, paid))
    return events


def _refused(decision: Decision | None, at: datetime) -> bool:
    if decision is None or decision.label is not Label.CONFIRMED_FRAUD:
        return False
    return decision.decided_at <= at


def _instalments(papers: Papers, plan: Plan, claim: Claim, first: int) -> Iterator[tuple[int, int]]:
    """Days and amounts of all payments within the window."""
    days = papers.region.settings.days
    if plan.scheme not in MONTHLY or not plan.instalments:
        yield first, claim.expected_payment_sen
        return
    until = days if plan.died_on is None else plan.died_on + plan.paid_after_death
    job, count = plan.placement, days
    if plan.loses_job:
        count = len(plan.instalments)
        if job and job.told:
            until = plan.event + job.starts_after
    for turn in range(count):
        day = first + turn * MONTH
        if turn and day >= min(until, days):
            return
        yield day, plan.instalments[min(turn, len(plan.instalments) - 1)]


def _stands(papers: Papers, claim: Claim, turn: int, day: int, amount: int, run: datetime) -> Event:
    record = PaymentDue(
        fact_id=fact_id(papers.region, f"due {turn}", claim.claim_id),
        claim_id=claim.claim_id,
        mykad=claim.claimant.mykad,
        number=turn + 1,
        amount_sen=amount,
        due_on=papers.region.day(day),
        stated_at=run,
    )
    return Event(run, record)
