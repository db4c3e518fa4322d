"""A simulated desk: its readers take every step of a review and find what simulated truth says."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from fraud.cases import Actor, Case, Decision, QuestionDraft, Role, Verdict, Windows
from fraud.records import Label
from fraud.store.desk_people import StaffMember, add_staff_member
from fraud.store.engine import Store
from fraud.workflow import review
from fraud.workflow.review import Desk

READER = Actor("simulated reader", Role.INVESTIGATOR)
SECOND = Actor("simulated second reader", Role.SUPERVISOR)

WINDOWS = Windows(lease=timedelta(hours=1), reply=timedelta(days=14))
REASONS = "Simulated: the records asked for say so."


class Finding(Protocol):
    """What an inquiry would find of a claim."""

    @property
    def label(self) -> Label: ...
    @property
    def wrong_payment_sen(self) -> int: ...


def decide_all(store: Store, findings: Mapping[str, Finding]) -> int:
    """End every waiting case as `findings` says of its claim; answers how many.

    It is done at the time of the store's simulated clock. Raises Misconfigured, and ends nothing,
    when the store keeps none: then its cases may be about somebody.
    Cases come in the order of the blind queue, and nobody is told why they were put up. What goes
    against somebody is asked about and agreed to by the second reader. Readers do not err here.
    Cost: two to five transactions for each case.
    """
    now = store.simulated_time()
    with store.begin() as connection:
        for actor in (READER, SECOND):  # whom nobody can sign in as
            add_staff_member(connection, StaffMember(actor.name, actor.role, "", active=False), now)
    desk = Desk(store, WINDOWS)
    decided = 0
    while case_id := review.take_next_case(desk, READER, now):
        case = review.take_case(desk, READER, case_id, now)
        _decide(desk, case, _decision(findings[case.claim_id]), now)
        decided += 1
    return decided


def _decide(desk: Desk, case: Case, decision: Decision, now: datetime) -> None:
    if decision.is_adverse:
        draft = QuestionDraft(REASONS, "Simulated question.", "en", WINDOWS.reply.days)
        review.open_question(desk, READER, case.case_id, draft, now)
        review.record_reply(desk, READER, case.case_id, "Simulated reply.", now)
    review.decide_case(desk, READER, case.case_id, decision, now)
    if decision.is_adverse:
        review.approve_outcome(desk, SECOND, case.case_id, "", now)


def _decision(found: Finding) -> Decision:
    label, wrong = found.label, found.wrong_payment_sen
    if label is Label.CONFIRMED_FRAUD:
        return Decision(Verdict.FRAUD, label, REASONS, amount_sen=max(0, wrong))
    if label is Label.EMPLOYER_NON_COMPLIANCE:
        return Decision(Verdict.EMPLOYER, label, REASONS)
    if label in (Label.CLAIMANT_ERROR, Label.OFFICE_ERROR) and wrong:
        verdict = Verdict.CORRECT_DOWN if wrong > 0 else Verdict.PAY_MORE
        return Decision(verdict, label, REASONS, amount_sen=abs(wrong))
    if label is Label.UNDETERMINED:
        return Decision(Verdict.INSUFFICIENT, label, REASONS)
    return Decision(Verdict.CLEAR, Label.GENUINE, REASONS)
