"""The rows of the desk, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fraud import cases
from fraud.cases import CaseState, NewCase, Step, hearing, steps
from fraud.cases.case import Changed
from fraud.errors import Conflict, Misconfigured, NotFound
from fraud.privacy import KeyRing
from fraud.records import Label
from fraud.store import desk, desk_people, desk_questions, desk_queue
from fraud.store.desk_people import Failures
from fraud.store.desk_tables import case_events
from fraud.store.desk_tables import cases as case_rows
from tests.support.desk_world import AIDA, BALA, DAYANG, NOW, DeskWorld, empty_desk


@pytest.fixture
def world(database_url: str) -> Iterator[DeskWorld]:
    world = empty_desk(database_url)
    yield world
    world.store.close()


def a_new_case(
    number: int, *, day: int = 0, order_key: float = 0.5, cause: str = "flagged"
) -> NewCase:
    return NewCase(
        case_id=f"K{number}",
        claim_id=f"C{number}",
        assessment_id=f"a{number}",
        cause=cause,
        opened_at=NOW + timedelta(days=day),
        order_key=order_key,
    )


def open_some(world: DeskWorld, *new: NewCase) -> None:
    with world.store.begin() as connection:
        desk.open_cases(connection, new)


def load(world: DeskWorld, case_id: str) -> cases.Case:
    with world.store.reading() as connection:
        return desk.load_case(connection, world.store.keyring, case_id)


def save(world: DeskWorld, changed: Changed) -> cases.Case:
    with world.store.begin() as connection:
        desk.save_step(connection, world.store.keyring, changed.case, changed.event)
    return load(world, changed.case.case_id)


def take(world: DeskWorld, case_id: str, name: str = AIDA) -> cases.Case:
    case = load(world, case_id)
    return save(world, steps.take(case, world.actor(name), NOW, world.desk.windows))


def test_a_claim_gets_one_case_and_a_second_opening_changes_nothing(world: DeskWorld) -> None:
    first = a_new_case(1)
    again = NewCase("K-other", "C1", "a9", "control", NOW, 0.1)
    open_some(world, first, again)
    open_some(world, again)
    open_some(world)
    with world.store.reading() as connection:
        found = connection.execute(select(case_rows.c.case_id, case_rows.c.cause)).all()
    assert [tuple(row) for row in found] == [("K1", "flagged")]


def test_the_queue_goes_by_day_then_by_the_shuffle(world: DeskWorld) -> None:
    open_some(
        world,
        a_new_case(1, day=1, order_key=0.1),
        a_new_case(2, order_key=0.9, cause="control"),
        a_new_case(3, order_key=0.2),
    )
    aida, taken = world.actor(AIDA), []
    for _ in range(3):
        with world.store.reading() as connection:
            case_id = desk_queue.next_case_id(connection, aida, NOW)
        assert case_id
        taken.append(take(world, case_id).case_id)
    assert taken == ["K3", "K2", "K1"]
    with world.store.reading() as connection:
        assert desk_queue.next_case_id(connection, aida, NOW) is None


def test_a_case_comes_back_when_its_lease_has_run_out(world: DeskWorld) -> None:
    open_some(world, a_new_case(1))
    case = take(world, "K1")
    assert case.lease_until
    with world.store.reading() as connection:
        just_before = case.lease_until - timedelta(seconds=1)
        assert desk_queue.next_case_id(connection, world.actor(BALA), just_before) is None
        assert desk_queue.next_case_id(connection, world.actor(BALA), case.lease_until) == "K1"


def test_what_a_case_holds_comes_back_as_it_was(world: DeskWorld) -> None:
    open_some(world, a_new_case(1))
    aida, windows = world.actor(AIDA), world.desk.windows
    draft = cases.QuestionDraft("Cuti 2–9 Mac.", "Di mana anda?", "ms", 30)
    asked = hearing.ask(take(world, "K1"), aida, NOW, windows, draft)
    assert save(world, asked) == asked.case
    reply = hearing.record_reply(load(world, "K1"), aida, NOW, windows, "Di rumah.")
    assert save(world, reply) == reply.case
    refer = cases.Decision(
        cases.Verdict.REFER, Label.UNDETERMINED, "The reply does not fit the records.", 7
    )
    decided = steps.decide(load(world, "K1"), aida, NOW, refer)
    assert save(world, decided) == replace(decided.case, cause=cases.Cause.FLAGGED)
    with world.store.reading() as connection:
        history = desk.load_events(connection, world.store.keyring, "K1")
        waiting = desk_queue.cases_to_approve(connection, world.store.keyring, world.actor(BALA))
        own = desk_queue.cases_to_approve(connection, world.store.keyring, aida)
    assert [event.step for event in history] == [Step.TAKEN, Step.ASKED, Step.REPLIED, Step.DECIDED]
    assert ([case.case_id for case in waiting], own) == (["K1"], [])


def test_the_past_of_a_case_comes_back_with_it(world: DeskWorld) -> None:
    """Two people settled it, it was taken up again, and a new question was asked and closed."""
    open_some(world, a_new_case(1))
    aida, bala, windows = world.actor(AIDA), world.actor(BALA), world.desk.windows
    draft = cases.QuestionDraft("Leave.", "Where?", "en", 30)
    refer = cases.Decision(
        cases.Verdict.REFER, Label.UNDETERMINED, "The reply does not fit at all."
    )
    clear = cases.Decision(cases.Verdict.CLEAR, Label.GENUINE, "The new papers settle all of it.")
    case = save(world, hearing.ask(take(world, "K1"), aida, NOW, windows, draft))
    case = save(world, hearing.record_reply(case, aida, NOW, windows, "At home."))
    case = save(world, steps.decide(case, aida, NOW, refer))
    case = save(world, steps.approve(case, bala, NOW))
    case = save(world, steps.reopen(case, aida, NOW, windows, "New papers."))
    assert (case.settled_by_two, case.question) == (True, None)
    assert [one.reply for one in case.questions] == ["At home."]
    case = save(world, hearing.ask(case, aida, NOW, windows, draft))
    with world.store.reading() as connection:
        (held,) = desk_queue.cases_held_by(connection, world.store.keyring, aida)
    assert held.question == case.question
    done = steps.decide(case, aida, NOW, clear)
    assert save(world, done) == done.case
    assert done.case.state is CaseState.AWAITING_APPROVAL
    assert [one.is_open for one in done.case.questions] == [False, False]


def test_what_people_write_is_sealed(world: DeskWorld) -> None:
    open_some(world, a_new_case(1))
    note = steps.add_note(
        take(world, "K1"), world.actor(AIDA), NOW, world.desk.windows, "Very private words."
    )
    save(world, note)
    with world.store.reading() as connection:
        stored = connection.execute(select(case_events.c.sealed)).scalars().all()
        assert b"private" not in b"".join(bytes(one) for one in stored)
        with pytest.raises(Misconfigured):
            desk.load_events(connection, KeyRing(bytes(32)), "K1")


def test_of_two_people_at_once_the_second_is_told(world: DeskWorld) -> None:
    open_some(world, a_new_case(1))
    case, windows = load(world, "K1"), world.desk.windows
    save(world, steps.take(case, world.actor(AIDA), NOW, windows))
    with pytest.raises(Conflict, match="changed by somebody else"):
        save(world, steps.take(case, world.actor(BALA), NOW, windows))


def test_a_conflict_hides_the_case_from_the_queue_of_that_person(world: DeskWorld) -> None:
    open_some(world, a_new_case(1))
    aida = world.actor(AIDA)
    save(world, steps.declare_conflict(take(world, "K1"), aida, NOW, "A cousin."))
    with world.store.reading() as connection:
        assert desk_queue.next_case_id(connection, aida, NOW) is None
        assert desk_queue.next_case_id(connection, world.actor(BALA), NOW) == "K1"


def test_overdue_questions_are_found_from_their_last_moment(world: DeskWorld) -> None:
    open_some(world, a_new_case(1))
    draft = cases.QuestionDraft("Leave.", "Where?", "en", 30)
    save(world, hearing.ask(take(world, "K1"), world.actor(AIDA), NOW, world.desk.windows, draft))
    question = load(world, "K1").question
    assert question
    after = question.due_at + timedelta(seconds=1)
    with world.store.reading() as connection:
        assert desk_questions.overdue_questions(connection, question.due_at) == []
        assert desk_questions.overdue_questions(connection, after) == ["K1"]


def test_counts_say_how_many_and_not_why(world: DeskWorld) -> None:
    open_some(world, a_new_case(1), a_new_case(2, cause="control"), a_new_case(3))
    take(world, "K2")
    with world.store.reading() as connection:
        counts = desk_queue.count_cases(connection, world.actor(BALA), NOW)
        assert counts == desk_queue.Counts(2, 1, 0, 0, 0)
        held = desk_queue.cases_held_by(connection, world.store.keyring, world.actor(AIDA))
    assert [(case.case_id, case.state) for case in held] == [("K2", CaseState.IN_REVIEW)]


def test_waiting_is_what_this_reader_could_take(world: DeskWorld) -> None:
    open_some(world, a_new_case(1), a_new_case(2))
    aida, bala = world.actor(AIDA), world.actor(BALA)
    save(world, steps.declare_conflict(load(world, "K1"), bala, NOW, "A cousin."))
    lease = take(world, "K2").lease_until
    assert lease
    with world.store.reading() as connection:
        for reader, now, waiting, in_review in (
            (bala, NOW, 0, 1),
            (bala, lease, 1, 0),
            (aida, NOW, 1, 1),
            (aida, lease, 2, 0),
        ):
            counts = desk_queue.count_cases(connection, reader, now)
            assert (counts.waiting, counts.in_review) == (waiting, in_review)
            taken = desk_queue.next_case_id(connection, reader, now)
            assert (taken is not None) is (waiting > 0)


def test_what_one_decided_is_listed_by_when(world: DeskWorld) -> None:
    open_some(world, *(a_new_case(number, day=number) for number in range(3)))
    aida = world.actor(AIDA)
    clear = cases.Decision(
        cases.Verdict.CLEAR, Label.GENUINE, "Every record agrees with the claim."
    )
    for hour, case_id in enumerate(("K2", "K0", "K1")):
        later = NOW + timedelta(hours=hour)
        save(world, steps.decide(take(world, case_id), aida, later, clear))
    with world.store.reading() as connection:
        found = desk_queue.cases_decided_by(connection, world.store.keyring, aida, 2)
    assert [case.case_id for case in found] == ["K1", "K0"]


def test_an_unknown_case_and_an_unknown_state_are_errors(world: DeskWorld) -> None:
    with pytest.raises(NotFound):
        load(world, "K9")
    open_some(world, a_new_case(1))
    with pytest.raises(IntegrityError), world.store.begin() as connection:
        connection.execute(case_rows.update().values(state="suspended"))


def test_an_inactive_member_of_staff_has_no_session(world: DeskWorld) -> None:
    with world.store.begin() as connection:
        desk_people.add_session(connection, "d1", DAYANG, NOW)
        assert desk_people.find_session(connection, "d1")
        member = desk_people.find_staff_member(connection, DAYANG)
        assert member
        gone = replace(member, active=False)
        desk_people.add_staff_member(connection, gone, NOW)
        assert desk_people.find_session(connection, "d1") is None


def test_failures_are_counted_and_forgotten(world: DeskWorld) -> None:
    with world.store.begin() as connection:
        assert desk_people.failures_of(connection, "n1") is None
        for count in (1, 2):
            desk_people.save_failures(connection, "n1", Failures(count, NOW))
        assert desk_people.failures_of(connection, "n1") == Failures(2, NOW)
        desk_people.clear_failures(connection, "n1")
        assert desk_people.failures_of(connection, "n1") is None


def test_old_sessions_end(world: DeskWorld) -> None:
    with world.store.begin() as connection:
        desk_people.add_session(connection, "old", AIDA, NOW)
        later = NOW + timedelta(hours=1)
        desk_people.add_session(connection, "new", AIDA, later)
        desk_people.drop_old_sessions(connection, made_before=later, seen_before=later)
        assert desk_people.find_session(connection, "old") is None
        assert desk_people.find_session(connection, "new")
