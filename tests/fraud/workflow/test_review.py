"""The use cases of the desk: what each leaves behind, all of it or nothing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from fraud.cases import CaseState, Decision, NotYours, QuestionDraft, Refused, Verdict
from fraud.errors import InvalidInput
from fraud.records import Label
from fraud.store import desk as rows
from fraud.store import desk_questions, desk_queue
from fraud.store.desk_queue import AuditFilter
from fraud.store.engine import Store
from fraud.workflow import looking, review
from fraud.workflow.case_file import case_file
from fraud.workflow.outcomes import REVIEWS_DECIDED, ReviewDecided
from fraud.workflow.review import ChangedMind, Support
from tests.support.desk_world import AIDA, BALA, CHONG, DAYANG, NOW, REASONS, DeskWorld, build_world

CLEAR = Decision(Verdict.CLEAR, Label.GENUINE, REASONS)
REFER = Decision(Verdict.REFER, Label.UNDETERMINED, REASONS, amount_sen=12_345)


@pytest.fixture
def world(database_url: str) -> Iterator[DeskWorld]:
    world = build_world(database_url)
    yield world
    world.store.close()


def rows_of(store: Store, table: str, order: str) -> list[dict[str, object]]:
    with store.reading() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY {order}")
        return [dict(row._mapping) for row in found]


def decided_messages(store: Store) -> list[ReviewDecided]:
    return [
        ReviewDecided.model_validate_json(bytes(row["value"]))  # type: ignore[arg-type]
        for row in rows_of(store, "outbox", "number")
        if row["topic"] == REVIEWS_DECIDED
    ]


def actions(store: Store) -> list[str]:
    events = rows_of(store, "audit_events", "number")
    return [json.loads(str(row["content"]))["action"] for row in events]


def test_taking_gives_one_case_after_the_other_and_then_none(world: DeskWorld) -> None:
    aida = world.actor(AIDA)
    taken = [review.take_next_case(world.desk, aida, NOW) for _ in range(7)]
    assert set(taken) == {*world.cases.values(), None}
    assert actions(world.store).count("case.taken") == 6


def test_an_auditor_takes_nothing(world: DeskWorld) -> None:
    with pytest.raises(NotYours):
        review.take_next_case(world.desk, world.actor(DAYANG), NOW)


def test_a_cleared_case_leaves_outcome_message_and_audit_together(world: DeskWorld) -> None:
    case_id = world.cases["hand"]
    review.take_case(world.desk, world.actor(AIDA), case_id, NOW)
    before = rows_of(world.store, "ingest_position", "id")[0]["value"]
    case = review.decide_case(world.desk, world.actor(AIDA), case_id, CLEAR, NOW)
    (outcome,) = rows_of(world.store, "outcomes", "known_at")
    assert outcome["known_at"] == before + 1  # type: ignore[operator]
    assert (outcome["label"], outcome["picked_by"], outcome["source"]) == (
        "genuine",
        "control",
        "desk",
    )
    (message,) = decided_messages(world.store)
    assert (message.case_id, message.state) == (case_id, CaseState.CLEARED)
    assert not message.two_people
    assert actions(world.store)[-1] == "case.decided"
    assert case.state is CaseState.CLEARED


def test_the_message_is_keyed_by_the_persons_pseudonym_and_names_nobody(world: DeskWorld) -> None:
    case_id = world.cases["hand"]
    review.take_case(world.desk, world.actor(AIDA), case_id, NOW)
    review.decide_case(world.desk, world.actor(AIDA), case_id, CLEAR, NOW)
    row = next(
        row for row in rows_of(world.store, "outbox", "number") if row["topic"] == "reviews.decided"
    )
    with world.store.reading() as connection:
        case = rows.load_case(connection, world.store.keyring, case_id)
        person = rows.person_of_claim(connection, case.claim_id)
    assert bytes(row["key"]) == person.encode()  # type: ignore[call-overload]
    assert AIDA.encode() not in bytes(row["value"])  # type: ignore[call-overload]
    assert dict(json.loads(str(row["headers"])))["ce_type"] == "my.sempadan.review.decided.v1"


def test_a_proposal_leaves_neither_outcome_nor_message(world: DeskWorld) -> None:
    propose(world)
    assert rows_of(world.store, "outcomes", "known_at") == []
    assert decided_messages(world.store) == []


def propose(world: DeskWorld) -> str:
    case_id, aida = world.cases["leave"], world.actor(AIDA)
    review.take_case(world.desk, aida, case_id, NOW)
    draft = QuestionDraft("Leave from 2 to 22 March.", "Where were you?", "ms", 30)
    review.open_question(world.desk, aida, case_id, draft, NOW)
    review.record_reply(world.desk, aida, case_id, "At work.", NOW)
    review.decide_case(world.desk, aida, case_id, REFER, NOW)
    return case_id


def test_an_approved_referral_leaves_both(world: DeskWorld) -> None:
    review.approve_outcome(world.desk, world.actor(CHONG), propose(world), "", NOW)
    (message,) = decided_messages(world.store)
    assert message.two_people
    assert message.wrong_payment_sen == 12_345
    (outcome,) = rows_of(world.store, "outcomes", "known_at")
    assert (outcome["label"], outcome["picked_by"]) == ("undetermined", "score")


def test_a_changed_decision_is_a_new_outcome_and_the_old_row_stays(world: DeskWorld) -> None:
    case_id, aida = world.cases["hand"], world.actor(AIDA)
    review.take_case(world.desk, aida, case_id, NOW)
    review.decide_case(world.desk, aida, case_id, CLEAR, NOW)
    other = Decision(Verdict.INSUFFICIENT, Label.UNDETERMINED, REASONS)
    review.change_decision(world.desk, aida, case_id, ChangedMind(other, "Seen again."), NOW)
    outcomes = rows_of(world.store, "outcomes", "known_at")
    assert [row["label"] for row in outcomes] == ["genuine", "undetermined"]
    assert len({message.label for message in decided_messages(world.store)}) == 2


def test_a_refused_step_leaves_nothing(world: DeskWorld) -> None:
    case_id, aida = world.cases["leave"], world.actor(AIDA)
    review.take_case(world.desk, aida, case_id, NOW)
    before = [rows_of(world.store, name, "1") for name in ("cases", "case_events", "audit_events")]
    with pytest.raises(InvalidInput):
        review.add_note(world.desk, aida, case_id, "  ", NOW)
    assert before == [
        rows_of(world.store, name, "1") for name in ("cases", "case_events", "audit_events")
    ]


def test_a_passed_window_is_closed_before_the_next_case_is_given(world: DeskWorld) -> None:
    case_id, aida = world.cases["leave"], world.actor(AIDA)
    review.take_case(world.desk, aida, case_id, NOW)
    draft = QuestionDraft("Leave from 2 to 22 March.", "Where were you?", "ms", 30)
    review.open_question(world.desk, aida, case_id, draft, NOW)
    later = NOW + timedelta(days=31)
    review.take_next_case(world.desk, world.actor(BALA), later)
    assert "case.lapsed" in actions(world.store)


def test_a_window_that_another_process_closed_first_stops_nobody(
    world: DeskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id, aida = world.cases["leave"], world.actor(AIDA)
    review.take_case(world.desk, aida, case_id, NOW)
    draft = QuestionDraft("Leave from 2 to 22 March.", "Where were you?", "ms", 30)
    review.open_question(world.desk, aida, case_id, draft, NOW)
    later = NOW + timedelta(days=31)
    monkeypatch.setattr(desk_questions, "overdue_questions", lambda *_: [case_id, case_id])
    assert review.lapse_questions(world.desk, later) == 1
    assert review.take_next_case(world.desk, world.actor(BALA), later)


def test_looking_closes_a_passed_window_too(world: DeskWorld) -> None:
    case_id, aida = world.cases["leave"], world.actor(AIDA)
    review.take_case(world.desk, aida, case_id, NOW)
    draft = QuestionDraft("Leave from 2 to 22 March.", "Where were you?", "ms", 30)
    review.open_question(world.desk, aida, case_id, draft, NOW)
    later = NOW + timedelta(days=31)
    (mine,) = looking.look_at_queue(world.desk, aida, later).mine
    assert mine.state is CaseState.IN_REVIEW
    review.open_question(world.desk, aida, case_id, draft, later)
    later += timedelta(days=31)
    case, _ = looking.look_at_case(world.desk, aida, case_id, later)
    assert case.state is CaseState.IN_REVIEW


def test_a_step_on_what_is_no_longer_on_the_screen_is_refused(world: DeskWorld) -> None:
    case_id, aida = world.cases["leave"], world.actor(AIDA)
    shown = review.take_case(world.desk, aida, case_id, NOW)
    as_seen = replace(world.desk, seen=shown.version)
    review.add_note(as_seen, aida, case_id, "My own step is no surprise.", NOW)
    review.refer_for_support(as_seen, aida, case_id, Support("Transport", consents=True), NOW)
    review.open_question(
        as_seen, aida, case_id, QuestionDraft("Leave.", "Where were you?", "ms", 30), NOW
    )
    review.record_reply(world.desk, world.actor(CHONG), case_id, "At home.", NOW)
    with pytest.raises(Refused, match="Somebody took another step"):
        review.decide_case(as_seen, aida, case_id, CLEAR, NOW)


def test_help_is_noted_in_the_audit_log_without_its_words(world: DeskWorld) -> None:
    case_id, aida = world.cases["job"], world.actor(AIDA)
    review.take_case(world.desk, aida, case_id, NOW)
    need = Support("Rehabilitation after long leave", consents=True)
    review.refer_for_support(world.desk, aida, case_id, need, NOW)
    assert actions(world.store)[-1] == "case.support_referred"
    assert "Rehabilitation" not in str(rows_of(world.store, "audit_events", "number"))


def test_a_case_file_has_no_place_for_a_number_of_the_scorer(world: DeskWorld) -> None:
    case, _ = looking.look_at_case(world.desk, world.actor(CHONG), world.cases["leave"], NOW)
    file = case_file(world.desk, case, NOW)
    assert file.look.stands_out
    hidden = {"probability", "tier", "outcome", "assessment", "vector", "model_version", "cause"}
    for part in (file, file.look):
        assert not hidden & set(type(part).__dataclass_fields__)


def test_only_ones_own_work_can_be_read(world: DeskWorld) -> None:
    with pytest.raises(NotYours):
        looking.look_at_case(world.desk, world.actor(AIDA), world.cases["leave"], NOW)
    assert "case.viewed" not in actions(world.store)


def test_the_audit_page_keeps_details_of_scoring_to_itself(world: DeskWorld) -> None:
    page = looking.look_at_audit(world.desk, AuditFilter(), 100)
    assert (len(page.events), page.older) == (len(actions(world.store)), None)
    for _, event in page.events:
        assert event["action"].startswith(("case.", "staff.")) or event["details"] == {}


def test_a_filter_goes_on_from_the_last_event_it_looked_at(
    world: DeskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However far back the event is, paging on reaches it."""
    monkeypatch.setattr(desk_queue, "MOST_SCANNED", 4)
    case_id = world.cases["leave"]
    looking.look_at_case(world.desk, world.actor(DAYANG), case_id, NOW)
    for _ in range(9):
        looking.look_at_case(world.desk, world.actor(CHONG), world.cases["fall"], NOW)
    wanted, found, pages = AuditFilter(actor=DAYANG), [], 0
    while True:
        page = looking.look_at_audit(world.desk, wanted, 50)
        found += page.events
        pages += 1
        if page.older is None:
            break
        wanted = replace(wanted, before=page.older)
    assert [event["subject"] for _, event in found] == [case_id]
    assert pages >= len(actions(world.store)) / 4
