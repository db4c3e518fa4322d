"""The steps of a review: who may do what next, and what it becomes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraud.cases import (
    FINAL,
    MOVES,
    VERDICTS,
    Actor,
    Case,
    CaseId,
    CaseState,
    Decision,
    NotYours,
    QuestionDraft,
    Refused,
    Role,
    Step,
    Verdict,
    Windows,
    hearing,
    steps,
)
from fraud.cases.case import Changed, claimant_was_heard, may_open
from fraud.errors import InvalidInput
from fraud.records import ClaimId, Label

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WINDOWS = Windows(lease=timedelta(minutes=30), reply=timedelta(days=30))
AIDA = Actor("aida", Role.INVESTIGATOR)
BALA = Actor("bala", Role.INVESTIGATOR)
CHONG = Actor("chong", Role.SUPERVISOR)
DAYANG = Actor("dayang", Role.AUDITOR)
REASONS = "The attendance list shows every day that the claim names."
CLEAR = Decision(Verdict.CLEAR, Label.GENUINE, REASONS)
REFER = Decision(Verdict.REFER, Label.UNDETERMINED, REASONS)
DUE = datetime(2026, 4, 1, 15, 59, 59, 999_999, tzinfo=UTC)
"""The end of the thirtieth day at the border, eight hours ahead."""
DRAFT = QuestionDraft("Leave from 2 to 9 March.", "Where were you?", "ms", 30)


def a_case(**changes: object) -> Case:
    case = Case(CaseId("K1"), ClaimId("C1"), "a1", CaseState.NEW, NOW)
    return replace(case, **changes)  # type: ignore[arg-type]


def held(by: Actor = AIDA) -> Case:
    return steps.take(a_case(), by, NOW, WINDOWS).case


def asked() -> Case:
    return hearing.ask(held(), AIDA, NOW, WINDOWS, DRAFT).case


def answered() -> Case:
    return hearing.record_reply(asked(), CHONG, NOW, WINDOWS, "At home.").case


def proposed() -> Case:
    return steps.decide(answered(), AIDA, NOW, REFER).case


def test_a_taken_case_is_held_until_the_lease_ends() -> None:
    case = held()
    assert (case.state, case.holder) == (CaseState.IN_REVIEW, "aida")
    assert case.lease_until == NOW + WINDOWS.lease


def test_two_people_cannot_hold_one_case() -> None:
    with pytest.raises(Refused, match="A colleague holds"):
        steps.take(held(), BALA, NOW, WINDOWS)


def test_a_case_whose_lease_ended_goes_to_the_next_person() -> None:
    later = NOW + WINDOWS.lease
    assert steps.take(held(), BALA, later, WINDOWS).case.holder == "bala"


def test_the_holder_may_go_on_after_the_lease_while_nobody_else_took_it() -> None:
    later = NOW + timedelta(hours=5)
    case = steps.add_note(held(), AIDA, later, WINDOWS, "Called the clinic.").case
    assert case.lease_until == later + WINDOWS.lease


def test_every_step_is_told_twice_and_the_audit_never_repeats_what_was_written() -> None:
    changed = steps.add_note(held(), AIDA, NOW, WINDOWS, "A private remark.")
    assert changed.event.details["text"] == "A private remark."
    assert changed.audit.action == "case.noted"
    assert "private" not in changed.audit.content()


def test_a_question_waits_with_the_claimant_for_at_least_the_reply_window() -> None:
    with pytest.raises(InvalidInput, match="at least 30"):
        hearing.ask(held(), AIDA, NOW, WINDOWS, replace(DRAFT, days=29))
    case = asked()
    assert case.state is CaseState.INFORMATION_REQUESTED
    assert case.question is not None
    assert case.question.due_at == DUE


def test_a_question_names_every_missing_part_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        hearing.ask(held(), AIDA, NOW, WINDOWS, QuestionDraft(" ", "", "ms", 1))
    assert [fault.field for fault in caught.value.faults] == ["facts", "wording", "days"]


def test_a_reply_brings_the_case_back_to_its_reviewer() -> None:
    case = answered()
    assert (case.state, case.holder) == (CaseState.IN_REVIEW, "aida")
    assert claimant_was_heard(case)


def lapsed() -> Case:
    return hearing.lapse(asked(), DUE + timedelta(seconds=1), WINDOWS).case


def test_a_window_lapses_only_after_its_last_moment() -> None:
    with pytest.raises(Refused, match="may still reply"):
        hearing.lapse(asked(), DUE, WINDOWS)
    assert claimant_was_heard(lapsed())
    assert lapsed().decision is None


def test_a_late_reply_is_recorded_while_the_review_goes_on() -> None:
    case = hearing.record_reply(lapsed(), AIDA, DUE, WINDOWS, "I was in hospital.").case
    assert (case.state, case.holder) == (CaseState.IN_REVIEW, "aida")
    assert case.question is not None
    assert (case.question.reply, case.question.lapsed_at is not None) == (
        "I was in hospital.",
        True,
    )
    with pytest.raises(Refused, match="No question is waiting"):
        hearing.record_reply(case, AIDA, DUE, WINDOWS, "Again.")


def test_a_reply_is_recorded_by_the_holder_or_a_supervisor() -> None:
    with pytest.raises(NotYours, match="Only the person who holds"):
        hearing.record_reply(asked(), BALA, NOW, WINDOWS, "At home.")
    for person in (AIDA, CHONG):
        assert claimant_was_heard(hearing.record_reply(asked(), person, NOW, WINDOWS, "Hi.").case)


def test_a_conclusion_ends_the_waiting_and_is_no_hearing() -> None:
    cleared = steps.decide(asked(), AIDA, NOW, CLEAR).case
    assert cleared.question is not None
    assert (cleared.question.is_open, cleared.question.closed_at) == (False, NOW)
    for person in (AIDA, CHONG):
        with pytest.raises((Refused, NotYours)):
            hearing.record_reply(cleared, person, NOW, WINDOWS, "Too late.")
    with pytest.raises(Refused, match="must first be asked"):
        steps.change_decision(cleared, AIDA, NOW, REFER, "On second thought.")


def test_an_old_hearing_does_not_serve_a_later_accusation() -> None:
    cleared = steps.decide(answered(), AIDA, NOW, CLEAR).case
    reopened = steps.reopen(cleared, AIDA, NOW, WINDOWS, "New facts.").case
    with pytest.raises(Refused, match="must first be asked"):
        steps.decide(reopened, AIDA, NOW, REFER)
    asked_anew = hearing.ask(reopened, AIDA, NOW, WINDOWS, DRAFT).case
    assert [question.reply for question in asked_anew.questions] == ["At home.", None]
    heard = hearing.record_reply(asked_anew, AIDA, NOW, WINDOWS, "At home, as I said.").case
    assert steps.decide(heard, AIDA, NOW, REFER).case.state is CaseState.AWAITING_APPROVAL


def test_clearing_takes_one_person() -> None:
    case = steps.decide(held(), AIDA, NOW, CLEAR).case
    assert (case.state, case.holder) == (CaseState.CLEARED, None)


def test_arrears_take_one_person_and_count_as_owed() -> None:
    decision = Decision(Verdict.PAY_MORE, Label.OFFICE_ERROR, REASONS, amount_sen=5000)
    assert decision.wrong_payment_sen == -5000
    assert steps.decide(held(), AIDA, NOW, decision).case.state is CaseState.CORRECTED


@pytest.mark.parametrize(
    "decision",
    [
        REFER,
        Decision(Verdict.FRAUD, Label.CONFIRMED_FRAUD, REASONS),
        Decision(Verdict.CORRECT_DOWN, Label.CLAIMANT_ERROR, REASONS, amount_sen=1),
        Decision(Verdict.CORRECT_DOWN, Label.OFFICE_ERROR, REASONS, amount_sen=1, recovery=True),
    ],
)
def test_what_goes_against_a_person_needs_a_hearing_and_a_second_person(decision: Decision) -> None:
    with pytest.raises(Refused, match="must first be asked"):
        steps.decide(held(), AIDA, NOW, decision)
    case = steps.decide(answered(), AIDA, NOW, decision).case
    assert case.state is CaseState.AWAITING_APPROVAL
    approved = steps.approve(case, BALA, NOW).case
    assert approved.state is VERDICTS[decision.verdict].state
    assert approved.approved_by == "bala"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"reasons": "Short."}, ["reasons"]),
        ({"label": Label.CONFIRMED_FRAUD}, ["label"]),
        ({"amount_sen": 100}, ["amount"]),
        ({"recovery": True}, ["recovery"]),
        ({"reasons": "", "recovery": True}, ["reasons", "recovery"]),
    ],
)
def test_a_decision_names_every_fault_at_once(
    changes: dict[str, object], fields: list[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        steps.decide(held(), AIDA, NOW, replace(CLEAR, **changes))  # type: ignore[arg-type]
    assert [fault.field for fault in caught.value.faults] == fields


def test_a_correction_needs_an_amount() -> None:
    with pytest.raises(InvalidInput, match="above zero"):
        steps.decide(held(), AIDA, NOW, Decision(Verdict.PAY_MORE, Label.OFFICE_ERROR, REASONS))


def test_nobody_approves_their_own_decision() -> None:
    with pytest.raises(NotYours, match="took part"):
        steps.approve(proposed(), AIDA, NOW)


def test_whoever_proposed_before_cannot_approve_what_another_proposed() -> None:
    back = steps.send_back(proposed(), BALA, NOW, WINDOWS, "Which days?").case
    other = steps.take(back, BALA, NOW + WINDOWS.lease, WINDOWS).case
    again = steps.decide(other, BALA, NOW, REFER).case
    for person in (AIDA, BALA):
        with pytest.raises(NotYours, match="took part"):
            steps.approve(again, person, NOW)
    assert steps.approve(again, CHONG, NOW).case.state is CaseState.REFERRED


def test_a_decision_sent_back_is_with_its_author_again() -> None:
    case = steps.send_back(proposed(), BALA, NOW, WINDOWS, "Which days?").case
    assert (case.state, case.holder) == (CaseState.IN_REVIEW, "aida")


def test_a_decision_may_be_changed_with_a_note_and_the_first_stays_in_the_history() -> None:
    first = steps.decide(held(), AIDA, NOW, CLEAR)
    other = Decision(Verdict.INSUFFICIENT, Label.UNDETERMINED, REASONS)
    changed = steps.change_decision(first.case, AIDA, NOW, other, "It was a control case.")
    assert changed.case.state is CaseState.CLOSED
    assert changed.case.first_decided_at == first.case.first_decided_at
    assert changed.event.details["note"] == "It was a control case."
    with pytest.raises(InvalidInput):
        steps.change_decision(first.case, AIDA, NOW, other, " ")
    with pytest.raises(NotYours, match="Only the person who made"):
        steps.change_decision(first.case, BALA, NOW, other, "Because.")


def test_what_two_people_settled_takes_two_to_undo() -> None:
    settled = steps.approve(proposed(), BALA, NOW).case
    changed = settled
    for _ in range(3):  # however often it is tried
        changed = steps.change_decision(changed, AIDA, NOW, CLEAR, "New papers came.").case
        assert changed.state is CaseState.AWAITING_APPROVAL
    back = steps.send_back(changed, BALA, NOW, WINDOWS, "Keep it.").case
    assert steps.decide(back, AIDA, NOW, CLEAR).case.state is CaseState.AWAITING_APPROVAL
    reopened = steps.reopen(settled, AIDA, NOW, WINDOWS, "New papers came.").case
    assert steps.decide(reopened, AIDA, NOW, CLEAR).case.state is CaseState.AWAITING_APPROVAL


def test_a_concluded_case_is_reopened_by_its_reviewer_or_a_supervisor() -> None:
    cleared = steps.decide(held(), AIDA, NOW, CLEAR).case
    assert steps.reopen(cleared, CHONG, NOW, WINDOWS, "A letter came.").case.holder == "chong"
    with pytest.raises(NotYours):
        steps.reopen(cleared, BALA, NOW, WINDOWS, "A letter came.")


def test_a_conflict_takes_the_case_away_for_good() -> None:
    case = steps.declare_conflict(held(), AIDA, NOW, "My cousin works there.").case
    assert (case.state, case.holder) == (CaseState.NEW, None)
    with pytest.raises(NotYours, match="stepped aside"):
        steps.take(case, AIDA, NOW, WINDOWS)


def test_a_reviewer_who_stepped_aside_does_not_get_the_reply() -> None:
    waiting = steps.declare_conflict(asked(), AIDA, NOW, "My cousin works there.").case
    case = hearing.lapse(waiting, NOW + timedelta(days=31), WINDOWS).case
    assert case.holder is None
    assert steps.take(case, BALA, NOW, WINDOWS).case.holder == "bala"


def test_help_changes_nothing_in_the_review_whether_wanted_or_not() -> None:
    case = held()
    for consents in (True, False):
        changed = steps.refer_for_support(case, AIDA, NOW, "Rehabilitation", consents=consents)
        assert changed.case.state is case.state
        assert (changed.case.support_referred_at is not None) is consents


def test_a_case_is_read_by_those_whose_work_it_is() -> None:
    case = held()
    assert may_open(case, AIDA)
    assert may_open(case, CHONG)
    assert may_open(case, DAYANG)
    assert not may_open(case, BALA)
    assert may_open(proposed(), BALA)


STEPS = {
    "take": lambda case, who: steps.take(case, who, NOW, WINDOWS),
    "take late": lambda case, who: steps.take(case, who, NOW + WINDOWS.lease, WINDOWS),
    "release": lambda case, who: steps.release(case, who, NOW),
    "note": lambda case, who: steps.add_note(case, who, NOW, WINDOWS, "A note."),
    "ask": lambda case, who: hearing.ask(case, who, NOW, WINDOWS, DRAFT),
    "reply": lambda case, who: hearing.record_reply(case, who, NOW, WINDOWS, "A reply."),
    "lapse": lambda case, _who: hearing.lapse(case, NOW + timedelta(days=31), WINDOWS),
    "clear": lambda case, who: steps.decide(case, who, NOW, CLEAR),
    "refer": lambda case, who: steps.decide(case, who, NOW, REFER),
    "change": lambda case, who: steps.change_decision(case, who, NOW, REFER, "A note."),
    "soften": lambda case, who: steps.change_decision(case, who, NOW, CLEAR, "A note."),
    "reopen": lambda case, who: steps.reopen(case, who, NOW, WINDOWS, "A note."),
    "approve": lambda case, who: steps.approve(case, who, NOW),
    "send back": lambda case, who: steps.send_back(case, who, NOW, WINDOWS, "A note."),
    "conflict": lambda case, who: steps.declare_conflict(case, who, NOW, "A reason."),
}


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from([AIDA, BALA, CHONG, DAYANG])),
        max_size=25,
    )
)
def test_whatever_is_tried_no_road_leads_around_the_promises(
    tried: list[tuple[str, Actor]],
) -> None:
    case = a_case()
    heard = settled = False
    for name, who in tried:
        try:
            changed: Changed = STEPS[name](case, who)
        except (Refused, NotYours):
            continue
        heard = changed.event.step is not Step.REOPENED and (
            heard or changed.event.step in {Step.REPLIED, Step.LAPSED}
        )
        settled = settled or changed.event.step is Step.APPROVED
        assert changed.case.state in MOVES[case.state] | {case.state}
        assert changed.case.version == case.version + 1
        assert name == "lapse" or who.role is not Role.AUDITOR
        case = changed.case
        if case.state is CaseState.REFERRED:
            assert case.approved_by not in case.deciders | {None}
            assert changed.event.step is not Step.APPROVED or heard
        if settled and changed.event.step in {Step.DECIDED, Step.CHANGED}:
            assert case.state is CaseState.AWAITING_APPROVAL
        assert case.holder is None or case.holder not in case.conflicted


def test_a_referral_is_reached_from_an_approval_alone() -> None:
    before = {state for state, allowed in MOVES.items() if CaseState.REFERRED in allowed}
    assert before == {CaseState.AWAITING_APPROVAL}
    assert set(MOVES) == set(CaseState)
    assert all(rule.state in FINAL for rule in VERDICTS.values())
