"""Which later facts have a claim looked at again, at which point, and how often."""

from datetime import date, timedelta

import pytest

from fraud.assessment import Policy, ScoringPoint
from fraud.features import FEATURE_NAMES
from fraud.movement import CrossingDay, PersonDay
from fraud.privacy import ALL_OPEN
from fraud.records import (
    BoardAttendance,
    BoardListing,
    DayPresence,
    Death,
    DeathRegistered,
    Decision,
    HospitalAnswer,
    InsurerPayment,
    JobStarted,
    Label,
    PaymentDue,
    PlatformTrips,
    Scheme,
)
from fraud.store.engine import Store
from fraud.store.rebuild import claim_rows, compare_with_stored
from fraud.store.touched import OPEN_DAYS
from fraud.workflow.crossings import take_in_day
from fraud.workflow.intake import Assessor, process_batch
from fraud.workflow.points import LATE_DAYS, SAID_ON, Naming, OfPerson, file_name
from tests.streams.fakes import FixedScorer
from tests.support.builders import (
    ACCIDENT_ON,
    JSA,
    KEYRING,
    LAST_DAY_AT_WORK,
    MYKAD,
    RECEIVED_ON,
    a_claim,
    a_statement,
    an_account_change,
    an_attendance,
    an_enrolment,
    another_claim,
    at,
)

LATER = RECEIVED_ON + timedelta(days=40)
NOW = at(LATER, "23:00")
ASSESSOR = Assessor(FixedScorer(), Policy(version=0), sources=ALL_OPEN, accept_reserved=True)
INTAKE, BOARD, PAYMENT, IN_PAYMENT = ScoringPoint
DECEASED = "500101000012"


def a_payment_due(number=1, **changes):
    values = {
        "fact_id": f"F-due-{number}",
        "claim_id": "C-0001",
        "mykad": MYKAD,
        "number": number,
        "amount_sen": 50_000,
        "due_on": LATER,
        "stated_at": at(LATER, "09:00"),
    }
    return PaymentDue(**values | changes)


def a_listing(**changes):
    values = {
        "fact_id": "F-listing",
        "claim_id": "C-0001",
        "mykad": MYKAD,
        "session": "MB-1",
        "held_on": LATER,
        "listed_at": at(LATER, "09:00"),
    }
    return BoardListing(**values | changes)


OF_BOARD = BoardAttendance(
    fact_id="F-board", claim_id="C-0001", mykad=MYKAD, session="MB-1", attended_at=at(LATER)
)
A_JOB = JobStarted(fact_id="F-job", mykad=MYKAD, started_on=LATER, stated_at=at(LATER))
A_DEATH = DeathRegistered(fact_id="F-death", mykad=MYKAD, died_on=LATER, registered_at=at(LATER))
AN_ANSWER = HospitalAnswer(
    fact_id="F-answer", mykad=MYKAD, facility="KL1", serial="S-1", answered_at=at(LATER)
)
OF_INSURER = InsurerPayment(
    fact_id="F-insurer",
    mykad=MYKAD,
    payer="wica_insurer",
    injured_on=ACCIDENT_ON,
    injury_code="S62",
    amount_sen=1,
    paid_at=at(LATER),
)
TRIPS = PlatformTrips(
    fact_id="F-trips",
    mykad=MYKAD,
    platform="P1",
    first_day=ACCIDENT_ON,
    last_day=RECEIVED_ON,
    days=(),
    stated_at=at(LATER),
)


def a_presence(day, presence="there", stated_on=LATER):
    return DayPresence(
        fact_id=f"F-{day}-{stated_on}",
        mykad=MYKAD,
        day=day,
        presence=presence,
        confidence=0.9,
        stated_at=at(stated_on),
    )


A_STATEMENT = a_statement(stated_at=at(LATER))
AN_ATTENDANCE = an_attendance(stated_at=at(LATER))
AN_ENROLMENT = an_enrolment(paid_at=at(LATER))
OF_THE_PERSON = [
    A_STATEMENT,
    AN_ATTENDANCE,
    AN_ENROLMENT,
    A_JOB,
    A_DEATH,
    AN_ANSWER,
    OF_INSURER,
    TRIPS,
    a_presence(ACCIDENT_ON),
]


@pytest.fixture
def store(database_url):
    opened = Store.open(database_url, KEYRING, create=True)
    yield opened
    opened.close()


def take(store, *records):
    return process_batch(store, list(records), assessor=ASSESSOR, now=NOW)


def looks(store):
    """Every claim state as (version, fact, point), in order; stored vectors equal a rebuild's."""
    compared = compare_with_stored(store, sources=ALL_OPEN)
    assert compared.different == ()
    rows = list(claim_rows(store, sources=ALL_OPEN))
    assert compared.compared == len(rows)
    return [(row.version, row.trigger_fact, row.point) for row in rows]


@pytest.mark.parametrize(
    ("fact", "point"),
    [
        (a_listing(), BOARD),
        (OF_BOARD, INTAKE),
        (an_account_change(), PAYMENT),
        (a_payment_due(1), PAYMENT),
        (a_payment_due(2), IN_PAYMENT),
        *((fact, INTAKE) for fact in OF_THE_PERSON),
    ],
    ids=lambda one: getattr(one, "kind", ""),
)
def test_each_later_fact_asks_for_one_look_at_its_point(store, fact, point):
    take(store, a_claim())
    assert take(store, fact).assessed == 1
    assert take(store, fact).assessed == 0  # the same again
    assert looks(store) == [(1, "", INTAKE), (1, fact.fact_id, point)]


def test_every_kind_that_asks_says_when_it_came_about():
    kinds = {one.model_fields["kind"].default for one in (*Naming.__args__, *OfPerson.__args__)}
    assert kinds == set(SAID_ON)


def test_a_fact_about_a_person_is_looked_at_where_the_claim_stands(store):
    take(store, a_claim())
    take(store, a_payment_due(2))
    take(store, a_listing())
    take(store, A_JOB)
    points = [point for _, _, point in looks(store)]
    assert points == [INTAKE, IN_PAYMENT, BOARD, IN_PAYMENT]


@pytest.mark.parametrize("fact", [*OF_THE_PERSON, a_listing(), OF_BOARD, a_payment_due(2)])
def test_a_fact_before_its_claim_waits_and_is_read_at_intake(store, fact):
    assert take(store, fact).assessed == 0
    take(store, a_claim())
    assert looks(store) == [(1, "", INTAKE)]
    take(store, another_claim(1))
    assert len(looks(store)) == 2


def test_several_facts_of_one_batch_ask_for_one_look(store):
    take(store, a_claim())
    take(store, A_JOB, a_payment_due(1), AN_ANSWER)
    assert looks(store)[1:] == [(1, "F-due-1", PAYMENT)]
    take(store, TRIPS, A_DEATH)
    assert looks(store)[2:] == [(1, "F-death", PAYMENT)]


def test_changes_of_an_account_are_looked_at_one_by_one(store):
    take(store, a_claim())
    other = an_account_change(fact_id="F-other-change")
    take(store, A_JOB, an_account_change(), other)
    assert looks(store)[1:] == [
        (1, "F-account-change", PAYMENT),
        (1, "F-other-change", PAYMENT),
    ]


def test_a_claim_lodged_in_the_same_batch_reads_the_fact_at_intake(store):
    take(store, a_claim())
    take(store, A_JOB, a_claim(version=2), a_payment_due(2))
    assert looks(store)[1:] == [(2, "", INTAKE)]


def test_a_decided_claim_is_looked_at_for_what_names_it_alone(store):
    take(store, a_claim())
    decided = Decision(
        fact_id="F-decided",
        claim_id="C-0001",
        label=Label.GENUINE,
        decided_at=at(LATER),
        picked_by="rule",
    )
    take(store, decided)
    take(store, *OF_THE_PERSON)
    assert len(looks(store)) == 1
    take(store, a_payment_due(2))
    assert len(looks(store)) == 2


def test_a_claim_that_nobody_heard_of_for_long_is_closed(store):
    take(store, a_claim())
    last = RECEIVED_ON + timedelta(days=OPEN_DAYS)
    take(store, A_JOB.model_copy(update={"stated_at": at(last)}))
    late = {"fact_id": "F-late", "stated_at": at(last + timedelta(days=1))}
    take(store, A_JOB.model_copy(update=late))
    assert [fact for _, fact, _ in looks(store)] == ["", "F-job"]
    take(store, a_payment_due(7, stated_at=at(last + timedelta(days=2))))
    take(store, A_JOB.model_copy(update=late | {"fact_id": "F-later"}))
    assert [fact for _, fact, _ in looks(store)][2:] == ["F-due-7", "F-later"]


def test_a_fact_about_the_deceased_reaches_the_claim_of_who_is_left(store):
    death = Death(deceased_mykad=DECEASED, died_on=ACCIDENT_ON, cause="illness")
    take(store, a_claim(Scheme.SURVIVORS, death=death, injury=None, certificates=()))
    take(store, A_DEATH.model_copy(update={"mykad": DECEASED}))
    take(store, another_claim(1))
    assert [fact for _, fact, _ in looks(store)] == ["", "F-death", ""]


def test_facts_that_contradict_their_claim_are_kept_and_stop_nothing(store):
    take(store, a_claim())
    odd = [
        a_payment_due(3, mykad=DECEASED),
        a_payment_due(4, claim_id="C-nobody"),
        a_payment_due(5, stated_at=at(date(1900, 1, 2))),
        A_JOB.model_copy(update={"stated_at": at(date(2200, 1, 1))}),
        a_payment_due(6, stated_at=at(date(2200, 1, 1))),
        a_listing(fact_id=file_name(ACCIDENT_ON.toordinal())),
    ]
    for fact in odd:
        assert take(store, fact).facts == 1
    assert take(store, *odd).duplicates == len(odd)
    assert len(looks(store)) == 1 + 4  # all but those of no known claim and of the far future


def test_an_answer_about_a_day_asks_only_where_the_day_matters(store):
    take(store, a_claim())
    take(store, a_presence(ACCIDENT_ON - timedelta(days=1)))
    take(store, a_presence(ACCIDENT_ON))
    assert len(looks(store)) == 2


@pytest.mark.parametrize(
    ("presence", "days_later", "asked"),
    [
        ("there", 1, True),
        ("here", 1, False),
        ("unknown", 1, False),
        ("here", LATE_DAYS, False),
        ("here", LATE_DAYS + 1, True),
        ("unknown", LATE_DAYS + 1, True),
    ],
)
def test_of_other_answers_than_there_only_late_ones_ask(store, presence, days_later, asked):
    take(store, a_claim())
    take(store, a_presence(ACCIDENT_ON, presence, ACCIDENT_ON + timedelta(days=days_later)))
    assert len(looks(store)) == 1 + asked


def a_file(store, day, hours=12.0):
    seen = [PersonDay(MYKAD, day, hours, 360, 1140, False)]
    take_in_day(store, CrossingDay(day, outage_share=0.0), seen, basis="a basis", now=NOW)


def test_a_border_file_that_comes_late_has_the_claims_it_is_about_looked_at(store):
    first = LAST_DAY_AT_WORK + timedelta(days=3)
    take(store, a_claim(JSA))
    a_file(store, first)
    a_file(store, first + timedelta(days=1), hours=3.0)  # not as long as a working day
    a_file(store, first - timedelta(days=30))  # before the loss
    a_file(store, LATER)  # after the claim was last heard of
    take(store, another_claim(1))
    take(store, another_claim(2))
    assert looks(store) == [
        (1, "", INTAKE),
        (1, "", INTAKE),
        (1, file_name(first.toordinal()), INTAKE),
        (1, "", INTAKE),
    ]


def test_files_that_waited_together_ask_for_one_look_named_after_the_last(store):
    first = LAST_DAY_AT_WORK + timedelta(days=3)
    take(store, a_claim(JSA))
    for day in (first + timedelta(days=1), first):
        a_file(store, day)
    take(store, another_claim(1))
    assert [fact for _, fact, _ in looks(store) if fact] == [file_name(first.toordinal() + 1)]


def test_days_up_to_the_last_payment_are_read_and_none_after(store):
    for day in (RECEIVED_ON + timedelta(days=5), LATER + timedelta(days=1)):
        a_file(store, day)
    take(store, a_claim(JSA))
    take(store, a_payment_due(2))
    place = FEATURE_NAMES.index("weekday_stays_after_loss")
    at_intake, due = (row.vector[place] for row in claim_rows(store, sources=ALL_OPEN))
    assert not at_intake > 0  # unknown: no file of the days before it
    assert due == 1.0
    looks(store)


def test_looking_again_does_not_make_a_claim_two(store):
    """A claim in payment for a year is no busier a neighbour than one paid once."""
    take(store, a_claim(), another_claim(1, account=a_claim().claimant.account))
    with store.reading() as connection:
        before = connection.exec_driver_sql("SELECT node, degree FROM nodes ORDER BY node").all()
    for number in range(2, 14):
        take(store, a_payment_due(number))
    with store.reading() as connection:
        after = connection.exec_driver_sql("SELECT node, degree FROM nodes ORDER BY node").all()
    assert after == before
    take(store, AN_ENROLMENT.model_copy(update={"paid_by": "U0007"}))  # names a node of its own
    with store.reading() as connection:
        last = connection.exec_driver_sql("SELECT node, degree FROM nodes").all()
    assert len(last) == len(before) + 1
    looks(store)
