"""A withdrawn source: what rested on it is made again without it, each once, and can be undone."""

import shutil
from dataclasses import replace
from datetime import date
from hashlib import blake2b

import numpy as np
import pytest
from sqlalchemy import text

from fraud.assessment import ModelVersion, Policy
from fraud.cases import Actor, CaseState, Decision, QuestionDraft, Role, Step, Verdict, Windows
from fraud.errors import Conflict, InvalidInput, Misconfigured
from fraud.features import FEATURE_NAMES, FEATURE_SET
from fraud.privacy import ALL_OPEN, GatedSource
from fraud.records import Label
from fraud.simulator.settings import RegionSettings
from fraud.store import desk as rows
from fraud.store import switches
from fraud.store.assessed import decision_file, load_assessment
from fraud.store.desk_people import StaffMember, add_staff_member
from fraud.store.engine import Store
from fraud.store.rebuild import claim_rows, compare_with_stored
from fraud.workflow import review
from fraud.workflow.case_file import case_file
from fraud.workflow.crossings import take_in_day
from fraud.workflow.intake import Assessor
from fraud.workflow.load import end_of, load_day
from fraud.workflow.review import Desk
from fraud.workflow.withdraw import Order, restore, shut_gate, withdraw
from tests.support.town import GATES, KEYRING, town

REGION = RegionSettings(people=2_500, months=4, seed=7, claim_intensity=50, fraud_rate=0.2)
CROSSINGS = GatedSource.CROSSINGS
NOW = end_of(date(2026, 1, 31))
ORDER = Order("chong", "The letter that allowed it was annulled.")
BACK = Order("chong", "The court put the letter in force again.")
WORDS = "The payslips and the attendance list agree with the claim on every day asked about."


class ByVector:
    """A scorer whose answer turns on each bit of a vector."""

    review_lines: dict[float, float] = {0.01: 0.9}  # noqa: RUF012 - read only
    version = ModelVersion("by-vector", "1", "0" * 64, FEATURE_SET)

    def probabilities(self, vectors):
        digests = [blake2b(row.tobytes(), digest_size=4).digest() for row in vectors]
        return np.array([int.from_bytes(one, "big") / 2**32 for one in digests])

    def contributions(self, vectors):
        return np.tile(np.linspace(-0.5, 0.5, len(FEATURE_NAMES)), (len(vectors), 1))


POLICY = Policy(capacity=0.5, control_share=0.2, review_line=0.9, least_wrong_payment_sen=0)
ASSESSOR = Assessor(ByVector(), POLICY, sources=ALL_OPEN, accept_reserved=True)


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A region that was scored with every gate open, but for crossings on some days."""
    place = tmp_path_factory.mktemp("withdraw") / "lived.db"
    store = Store.open(f"sqlite:///{place}", KEYRING, create=True)
    with store.begin() as connection:
        for name, role in (("aida", Role.INVESTIGATOR), ("chong", Role.SUPERVISOR)):
            add_staff_member(connection, StaffMember(name, role, "-", active=True), NOW)
    for number, day in enumerate(town(REGION).days):
        shut = replace(ASSESSOR, sources=ALL_OPEN.without([CROSSINGS]))
        load_day(store, day, gates=GATES, assessor=shut if number % 10 == 3 else ASSESSOR)
    store.close()
    return place


@pytest.fixture
def store(lived, tmp_path):
    shutil.copy(lived, tmp_path / "mine.db")
    opened = Store.open(f"sqlite:///{tmp_path / 'mine.db'}", KEYRING)
    yield opened
    opened.close()


def table(store, name, order):
    with store.reading() as connection:
        return [
            row._mapping
            for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY {order}"))
        ]


def assessments(store):
    return {one["assessment_id"]: dict(one) for one in table(store, "assessments", "cutoff")}


def uses(store, source=CROSSINGS):
    with store.reading() as connection:
        return switches.uses_of(connection, source)


def test_exactly_what_read_a_source_is_made_again_without_it(store):
    before, listed = assessments(store), uses(store)
    done = withdraw(store, CROSSINGS, ORDER, assessor=ASSESSOR, now=NOW)
    after = assessments(store)
    assert {name: after[name] for name in before} == before, "an assessment was overwritten"
    again = {
        one["original"]: after[one["assessment_id"]] for one in table(store, "reassessed", "1")
    }
    assert set(again) == {one.original for one in listed}
    assert len(after) == len(before) + len(listed) == len(before) + done.assessed
    assert 100 < len(listed) < len(before)
    without = {row.cutoff: row.vector.tobytes() for row in claim_rows(store, sources=ALL_OPEN)}
    for name, old in before.items():
        new = again.get(name, old)
        assert new["vector"] == without[new["cutoff"]], "it is not what a shut gate gives"
        assert "crossings" not in new["sources"]
        if name in again:
            assert new["trigger_fact"] == f"withdrawn:1:{name}"
            kept = ("claim_id", "claim_version", "scoring_point", "cutoff")
            assert [new[key] for key in kept] == [old[key] for key in kept]
    assert sum(again[name]["vector"] != before[name]["vector"] for name in again) > 100
    assert uses(store) == []


def test_a_withdrawal_can_be_undone_bit_for_bit(store):
    before = assessments(store)
    withdraw(store, CROSSINGS, ORDER, assessor=ASSESSOR, now=NOW)
    done = restore(store, CROSSINGS, BACK, assessor=ASSESSOR, now=NOW)
    after = assessments(store)
    stands = {one["original"]: one["assessment_id"] for one in table(store, "reassessed", "number")}
    assert done.assessed == len(stands) > 100
    same = ("vector", "probability", "outcome", "sources", "cutoff", "claim_id")
    for name, newest in stands.items():
        assert after[newest]["trigger_fact"] == f"restored:2:{name}"
        assert [after[newest][key] for key in same] == [before[name][key] for key in same]
    assert {one.original for one in uses(store)} == set(stands)
    compared = compare_with_stored(store, sources=ALL_OPEN)
    assert (compared.different, compared.shut) == ((), 0)
    assert compared.compared == len(after)


def test_one_source_stays_withdrawn_while_another_one_is_restored(store):
    """Each is undone by itself, whichever was withdrawn first."""
    other = next(one for one in GatedSource if one is not CROSSINGS and uses(store, one))
    before = assessments(store)
    for source in (CROSSINGS, other):
        withdraw(store, source, ORDER, assessor=ASSESSOR, now=NOW)
    restore(store, CROSSINGS, BACK, assessor=ASSESSOR, now=NOW)
    assert uses(store, other) == []
    assert uses(store)
    restore(store, other, BACK, assessor=ASSESSOR, now=NOW)
    after = assessments(store)
    for source in (CROSSINGS, other):
        for one in uses(store, source):
            assert after[one.standing]["vector"] == before[one.original]["vector"]


class Killed(Exception):
    pass


def test_a_withdrawal_that_was_killed_goes_on(store, monkeypatch):
    monkeypatch.setattr("fraud.workflow.withdraw.CHUNK", 50)
    total = len(uses(store))

    def tell(done, _of):
        if done:
            raise Killed

    with pytest.raises(Killed):
        withdraw(store, CROSSINGS, ORDER, assessor=ASSESSOR, now=NOW, tell=tell)
    first = len(table(store, "reassessed", "1"))
    assert 0 < first < total
    with pytest.raises(Conflict, match="not finished"):
        restore(store, CROSSINGS, BACK, assessor=ASSESSOR, now=NOW)
    seen = []
    rest = withdraw(
        store, CROSSINGS, ORDER, assessor=ASSESSOR, now=NOW, tell=lambda *told: seen.append(told)
    )
    assert rest.assessed == total - first
    assert (seen[0], seen[-1]) == ((0, total - first), (total - first, total - first))
    assert len(table(store, "reassessed", "1")) == total
    assert [one["withdrawn"] for one in table(store, "source_switches", "number")] == [1]
    with pytest.raises(Conflict, match="withdrawn already"):
        withdraw(store, CROSSINGS, ORDER, assessor=ASSESSOR, now=NOW)


def test_the_gate_is_shut_from_the_first_moment(store):
    """Also for a batch, a border file and a page that come while claims are assessed again."""

    def tell(_done, _of):
        raise Killed

    with pytest.raises(Killed):
        withdraw(store, CROSSINGS, ORDER, assessor=ASSESSOR, now=NOW, tell=tell)
    day = town(REGION).days[-1]
    moved = replace(day.border_day, day=date(2030, 1, 1))
    with pytest.raises(Misconfigured, match="withdrawn"):
        take_in_day(store, moved, (), basis="any", now=NOW)
    newer = [
        one.model_copy(update={"version": one.version + 500})
        for lived in town(REGION).days
        for one in lived.records
        if one.__class__.__name__ == "Claim"
    ][-40:]
    before = set(assessments(store))
    load_day(store, replace(day, records=newer), gates=GATES, assessor=ASSESSOR)
    fresh = [one for name, one in assessments(store).items() if name not in before]
    assert len(fresh) == len({(one.claim_id, one.version) for one in newer})
    assert not any("crossings" in one["sources"] for one in fresh)


def test_a_gate_is_shut_without_a_scorer_and_the_rest_follows(store):
    shut_gate(store, CROSSINGS, ORDER, now=NOW)
    with store.reading() as connection:
        assert switches.withdrawn(connection) == {CROSSINGS}
    assert withdraw(store, CROSSINGS, ORDER, assessor=ASSESSOR, now=NOW).switch.number == 1
    assert uses(store) == []


def test_nothing_is_moved_without_a_name_a_reason_or_a_basis(store):
    with pytest.raises(InvalidInput):
        withdraw(store, CROSSINGS, Order("chong", " "), assessor=ASSESSOR, now=NOW)
    with pytest.raises(Conflict, match="not withdrawn"):
        restore(store, CROSSINGS, BACK, assessor=ASSESSOR, now=NOW)
    withdraw(store, CROSSINGS, ORDER, assessor=ASSESSOR, now=NOW)
    shut = replace(ASSESSOR, sources=ALL_OPEN.without([CROSSINGS]))
    with pytest.raises(Misconfigured, match="no legal basis"):
        restore(store, CROSSINGS, BACK, assessor=shut, now=NOW)


DESK_WINDOWS = Windows(NOW - end_of(date(2026, 1, 30)), NOW - end_of(date(2026, 1, 1)))


@pytest.fixture
def desk(store):
    return Desk(store, DESK_WINDOWS, gates=GATES)


def resting_on_crossings(store):
    """Cases that were opened on what crossings show, not only given evidence of them since."""
    shown = {(one.case_id, one.standing) for one in uses(store) if one.case_id}
    return sorted(name for name, made in shown if of(store, name).assessment_id == made)


AIDA, CHONG = Actor("aida", Role.INVESTIGATOR), Actor("chong", Role.SUPERVISOR)


def clear(desk, case_id):
    review.take_case(desk, AIDA, case_id, NOW)
    genuine = Decision(Verdict.CLEAR, Label.GENUINE, WORDS)
    return review.decide_case(desk, AIDA, case_id, genuine, NOW)


def correct_downwards(desk, case_id):
    review.take_case(desk, AIDA, case_id, NOW)
    draft = QuestionDraft("Stays on leave.", "Where were you on leave?", "en", 30)
    review.open_question(desk, AIDA, case_id, draft, NOW)
    review.record_reply(desk, AIDA, case_id, "At home.", NOW)
    lower = Decision(Verdict.CORRECT_DOWN, Label.CLAIMANT_ERROR, WORDS, amount_sen=10_000)
    review.decide_case(desk, AIDA, case_id, lower, NOW)
    return review.approve_outcome(desk, CHONG, case_id, "Agreed.", NOW)


def test_cases_get_new_reasons_and_only_what_went_against_somebody_is_reopened(store, desk):
    opened_on_them = resting_on_crossings(store)
    waiting, cleared, corrected = opened_on_them[:3]
    shown_in = {one.case_id for one in uses(store) if one.case_id}
    assert set(opened_on_them) < shown_in, "others were given evidence of them since"
    assert clear(desk, cleared).state is CaseState.CLEARED
    assert correct_downwards(desk, corrected).state is CaseState.CORRECTED
    done = withdraw(store, CROSSINGS, ORDER, assessor=ASSESSOR, now=NOW)
    assert (len(done.renewed), set(done.renewed)) == (len(shown_in), shown_in)
    assert done.reopened == [corrected]
    with store.reading() as connection:
        found = {name: rows.load_case(connection, KEYRING, name) for name in done.renewed}
        for name in done.renewed:
            steps = [one.step for one in rows.load_events(connection, KEYRING, name)]
            assert steps.count(Step.RENEWED) == 1
        for name in opened_on_them:
            case = found[name]
            made = load_assessment(connection, case.assessment_id)
            assert made.trigger_fact.startswith("withdrawn:1:")
            keys = {statement.key for statement in made.not_known}
            assert "unknown.crossings.gate_closed" in keys
            filed = decision_file(store, connection, case.assessment_id)
            assert "crossings" not in filed["sources"]
    assert found[waiting].state is CaseState.NEW
    assert found[cleared].state is CaseState.CLEARED
    again = found[corrected]
    assert (again.state, again.holder, again.question) == (CaseState.IN_REVIEW, None, None)
    assert again.decision.verdict is Verdict.CORRECT_DOWN, "its outcome stands until people decide"
    review.take_case(desk, AIDA, corrected, NOW)


def test_a_page_shows_nothing_of_a_withdrawn_source(store, desk):
    name = next(
        name
        for name in resting_on_crossings(store)
        if case_file(desk, of(store, name), NOW).covered_days
    )
    withdraw(store, CROSSINGS, ORDER, assessor=ASSESSOR, now=NOW)
    file = case_file(desk, of(store, name), NOW)
    assert (file.person_days, dict(file.covered_days)) == ((), {})


def of(store, case_id):
    with store.reading() as connection:
        return rows.load_case(connection, KEYRING, case_id)


def test_who_moved_a_gate_and_why_is_in_the_audit_log(store):
    withdraw(store, CROSSINGS, ORDER, assessor=ASSESSOR, now=NOW)
    restore(store, CROSSINGS, BACK, assessor=ASSESSOR, now=NOW)
    told = [one["content"] for one in table(store, "audit_events", "number")]
    for action, order in (("source.withdrawn", ORDER), ("source.restored", BACK)):
        [event] = [one for one in told if f'"{action}"' in one]
        assert order.reason in event
        assert f'"{order.by}"' in event
    assert sum('"source.followed_up"' in one for one in told) == 2
