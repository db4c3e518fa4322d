"""One ring followed through everything: topic, worker, case, browser, two people, a new scorer.

The worker is a real process on Apache Kafka and the desk is used with a real Chromium. Both live
on simulated time. Only this test reads the simulator's truth, to know which claims are the ring's.
"""

import json
import socket
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import uvicorn

from fraud.cases import CaseState, Role
from fraud.clock import local_day
from fraud.privacy import GatedSource, setting_of
from fraud.records import (
    Attendance,
    Claim,
    ContributionStatement,
    EmployerDescription,
    Enrolment,
)
from fraud.store.engine import Store
from fraud.web.app import create_app
from fraud.wording import text
from fraud.workflow import policy
from fraud.workflow.crossings import take_in_day
from fraud.workflow.load import end_of
from fraud.workflow.staff import add_staff
from models.promote import promote
from models.retrain import retrain
from streams.deadletter import ends_of
from streams.kafka_io import KafkaSource
from streams.topics import ASSESSMENTS, REVIEWS, SOURCES
from tests.streams.processes import Home, until
from tests.support.town import (
    APPEAL_DAYS,
    BASIS,
    TAUGHT,
    TAUGHT_UNTIL,
    Taught,
    moment,
    town,
)

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(600),
]

AIDA, CHONG = "aida", "chong"
PASSWORD = "kata laluan yang panjang"
RINGS = {"T7", "T10"}
QUESTION = "Who introduced you to the clinic that wrote your report?"
REASONS = "The report repeats those of four other claims word for word; nobody could explain it."


def the_ring() -> list[Claim]:
    """Claims still to come of the ring of which most are still to come, in order of receipt."""
    found = town(TAUGHT)
    directors = {
        one.employer_code: one.directors
        for one in found.records()
        if isinstance(one, EmployerDescription)
    }
    tied = defaultdict(list)
    for one in found.records():
        if isinstance(one, Claim) and one.version == 1:
            typology = found.region.truth[one.claim_id].typology
            later = local_day(one.received_at) > TAUGHT_UNTIL
            if typology in RINGS and later:
                for tie in (one.intermediary, *directors.get(one.employer_code, ())):
                    tied[typology, tie].append(one)
    return max((claims for (_, tie), claims in tied.items() if tie), key=len)


@dataclass
class Journey:
    """The parts that the test walks between."""

    home: Home
    place: Taught
    store: Store

    def move_clock(self, days):
        self.store.set_simulated_time(self.store.simulated_time() + timedelta(days=days))

    def live_on_with(self, claims):
        """Days pass until the last of these claims: border files, their facts, themselves."""
        people = {claim.claimant.mykad for claim in claims}
        employers = {claim.employer_code for claim in claims}
        today = local_day(self.store.simulated_time())
        for lived in town(TAUGHT).days:
            if not today < lived.day <= local_day(claims[-1].received_at):
                continue
            self.store.set_simulated_time(end_of(lived.day))
            day = (lived.border_day, lived.person_days)
            take_in_day(self.store, *day, basis=BASIS, now=end_of(lived.day))
            self.home.send(one for one in lived.records if is_about(one, people, employers, claims))

    def models_by_claim(self):
        with self.home.store() as opened:
            rows = opened.rows("SELECT claim_id, model_version FROM assessments")
        return dict(rows)

    def case_of(self, claim_id):
        with self.home.store() as opened:
            rows = opened.rows(f"SELECT case_id FROM cases WHERE claim_id = '{claim_id}'")
        return rows[0][0]

    def published(self, topic):
        return [json.loads(one.value) for one in self.home.read(topic)]


def is_about(record, people, employers, claims):
    """Whether a record is one of the claims or a fact about their people or employers."""
    if isinstance(record, Claim):
        return record in claims
    if isinstance(record, EmployerDescription):
        return record.employer_code in employers
    known = isinstance(record, Attendance | ContributionStatement | Enrolment)
    return known and record.mykad in people


@pytest.fixture
def journey(kafka_server, taught, tmp_path):
    place = taught.copy_to(tmp_path)
    store = place.store()
    url = place.settings().database_url
    home = Home(tmp_path, url, kafka_server.bootstrap_servers, tmp_path, f"ring-{tmp_path.name}")
    home.create(review_all=False)
    leave_out_what_others_sent(home)
    for name, role in ((AIDA, Role.INVESTIGATOR), (CHONG, Role.SUPERVISOR)):
        add_staff(store, name, role, PASSWORD, now=store.simulated_time())
    yield Journey(home, place, store)
    store.close()


def leave_out_what_others_sent(home):
    """Other tests share the broker: this worker begins where they ended."""
    with KafkaSource(home.options, SOURCES, home.group) as source:

        def read():
            source.commit(ends_of(source.poll(1000, 0.5)))
            return source.positions() and not any(source.lag().values())

        until(read, "the topics read to their ends")


def name_champion(journey, version):
    promote(
        version,
        by="test",
        why="the journey of a ring",
        store=journey.store,
        settings=journey.place.models,
        clock=journey.store.simulated_time,
    )


def put_everything_up_for_review(journey):
    """The lowest line there is: whether the scorer finds this ring is not what is tested here."""
    low = replace(policy.current(journey.store), review_line=0.0, least_wrong_payment_sen=0)
    now = journey.store.simulated_time()
    policy.change(journey.store, low, by="test", why="every claim becomes a case", now=now)


def start_worker(journey):
    return journey.home.start(
        "score",
        FRAUD_CLOCK="simulated",
        **{
            f"FRAUD_{setting_of(one).upper()}": f"{BASIS}; journeys; 2000-01-01.."
            for one in GatedSource
        },
        MODELS_ALIAS_CHECK_SECONDS="0.2",
        STREAMS_BATCH_SIZE="100",
    )


@contextmanager
def served(journey):
    """The desk on loopback; answers its address."""
    app = create_app(journey.place.settings(), journey.store, journey.store.simulated_time)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            until(lambda: server.started, "desk served", 20)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def at_the_desk(browser, url, name):
    """A page of somebody's own, signed in."""
    with browser.new_context(base_url=url, locale="en-GB") as context:
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        send(page, "main form")
        yield page


def send(page, form):
    """Send a form and wait for the page that answers."""
    with page.expect_navigation():
        page.click(f"{form} button[type=submit]")


def is_now(page, state):
    return page.locator(".case-title .tag").inner_text() == text(f"state.{state.value}", "en")


def take_and_ask(page):
    """Take the next case and ask its claimant; answers the case's id."""
    send(page, "form[action='/queue/next']")
    case_id = page.url.rsplit("/", 1)[1]
    page.fill("#f-facts", "Four claims of the last months carry the same report.")
    page.fill("#f-wording", QUESTION)
    send(page, "#question form")
    assert is_now(page, CaseState.INFORMATION_REQUESTED)
    assert page.locator("#question").get_by_text(QUESTION).count() == 1
    return case_id


def conclude_after_silence(page, case_id):
    """The reply window has lapsed; the case is in its reviewer's hands again."""
    page.goto("/queue")
    send(page, "form[action='/queue/next']")  # closes what is overdue, then gives another case
    page.goto(f"/cases/{case_id}")
    assert page.locator(".notice.cause").count() == 0  # nobody learns why before deciding
    page.check("#v-fraud")
    page.fill("#f-amount", "1500.00")
    page.fill("#f-reasons", REASONS)
    send(page, "form.decision-form")
    assert is_now(page, CaseState.AWAITING_APPROVAL)
    assert page.locator(".notice.cause").count() == 1


def agree(page):
    page.goto("/queue")
    with page.expect_navigation():
        page.click("a.button[href$='/approval']")
    send(page, "main form[action$='/approval']")
    assert is_now(page, CaseState.REFERRED)


def review_one(journey, browser):
    """From the queue to an approved conclusion, by two people; answers the case's id."""
    with served(journey) as url, at_the_desk(browser, url, AIDA) as aida:
        case_id = take_and_ask(aida)
        journey.move_clock(days=31)
        conclude_after_silence(aida, case_id)
        with at_the_desk(browser, url, CHONG) as chong:
            agree(chong)
    return case_id


def test_a_ring_from_the_topic_to_a_scorer_that_learned_from_it(journey, browser):
    *first, last = the_ring()
    assert len(first) >= 2
    name_champion(journey, "1")
    put_everything_up_for_review(journey)
    with start_worker(journey) as worker, journey.home.store() as opened:
        journey.live_on_with(first)
        worker.until(lambda: journey.home.lag() == 0, "the ring's first claims read")
        due = {one.claim_id for one in first}
        assert set(opened.cases()) == due
        claim_of = {journey.case_of(claim): claim for claim in due}

        claim_id = claim_of[review_one(journey, browser)]
        worker.until(lambda: opened.waiting() == 0, "outbox empty")
        told = [one for one in journey.published(REVIEWS.name) if one["claim_id"] == claim_id]
        assert [(one["label"], one["two_people"]) for one in told] == [("confirmed_fraud", True)]

        journey.move_clock(days=APPEAL_DAYS + 1)
        learned = retrain(
            journey.store, journey.place.models, moment(journey.store, journey.place.models)
        )
        assert claim_id in learned.new_labels
        assert claim_id in learned.table.claim_ids
        version = str(learned.entry.version)
        assert version.endswith("/2")

        name_champion(journey, "2")
        worker.until(lambda: f'"{version}"' in worker.told(), "the new champion taken up")
        journey.home.send([last])
        worker.until(lambda: journey.home.lag() == 0, "the ring's last claim read")
        worker.until(lambda: opened.waiting() == 0, "outbox empty")
        assert worker.process.poll() is None  # the same process from beginning to end
        assert worker.stop() == 0, worker.told()

    before = version.replace("/2", "/1")
    scored = dict.fromkeys(due, before) | {last.claim_id: version}
    assert {claim: journey.models_by_claim()[claim] for claim in scored} == scored
    messages = {
        one["claim_id"]: one["model_version"]
        for one in journey.published(ASSESSMENTS.name)
        if one["claim_id"] in scored
    }
    assert messages == scored
