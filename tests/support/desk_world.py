"""A small believable desk: six cases in different states, all of them made up.

Claims, facts and border days go through the real intake, rules and reasons; only the scorer is a
stand-in that says the same of every claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
from argon2 import PasswordHasher
from sqlalchemy import Connection, select

from fraud.assessment import Floats, ModelVersion, Policy
from fraud.cases import Actor, Decision, QuestionDraft, Role, Verdict
from fraud.clock import Clock, fixed_clock
from fraud.config import Settings
from fraud.features import FEATURE_NAMES, FEATURE_SET
from fraud.movement import CrossingDay, PersonDay
from fraud.privacy import ALL_OPEN, GatedSource, KeyRing, setting_of
from fraud.records import (
    AccountChange,
    AnyFact,
    Certificate,
    Claim,
    ClaimId,
    ContributionRun,
    EmployerDescription,
    Injury,
    JobLoss,
    JobStarted,
    Label,
    PaymentDue,
    Place,
    Scheme,
)
from fraud.store import raw_days
from fraud.store.desk_people import StaffMember, add_staff_member
from fraud.store.desk_tables import cases
from fraud.store.engine import Store
from fraud.workflow import review
from fraud.workflow.intake import Assessor, process_batch
from fraud.workflow.put_up import LATER_LOOK_SHARE
from fraud.workflow.review import Desk, desk_of
from tests.support.builders import (
    a_claimant,
    a_statement,
    an_account,
    an_address,
    at,
)

SECRET = bytes(range(32, 64))
PASSWORD = "kata laluan yang panjang"
NOW = datetime(2026, 3, 30, 2, 0, tzinfo=UTC)
AIDA, BALA, CHONG, DAYANG = "aida", "bala", "chong", "dayang"
STAFF: Mapping[str, Role] = {
    AIDA: Role.INVESTIGATOR,
    BALA: Role.INVESTIGATOR,
    CHONG: Role.SUPERVISOR,
    DAYANG: Role.AUDITOR,
}
EMPLOYER_CODE = "E1100023457X"
REASONS = "The payslips and the attendance list agree with the claim on every day asked about."

SCORES: Mapping[str, float] = {"flagged": 0.8731, "control": 0.0042}
"""What the scorer says of a claim, by why its case is opened."""


@dataclass(frozen=True)
class OneScore:
    """A scorer that says the same of every claim, with the same contributions."""

    probability: float

    @property
    def version(self) -> ModelVersion:
        return ModelVersion("one-score", "1", "0" * 64, FEATURE_SET)

    @property
    def review_lines(self) -> dict[float, float]:
        return {0.01: 0.5}

    def probabilities(self, vectors: Floats) -> Floats:
        return np.full(len(vectors), self.probability)

    def contributions(self, vectors: Floats) -> Floats:
        one = np.random.default_rng(7).normal(0.0, 0.4, len(FEATURE_NAMES))
        return np.tile(one, (len(vectors), 1))


def assessor_for(cause: str) -> Assessor:
    """Puts every look up: by its score when flagged, else by drawing all of them as controls."""
    policy = Policy(capacity=1.0, control_share=1.0 / LATER_LOOK_SHARE, review_line=0.5)
    scorer = OneScore(SCORES[cause])
    return Assessor(scorer, policy, sources=ALL_OPEN, accept_reserved=True)


@dataclass
class DeskWorld:
    """The desk with the ids of its cases by what they are."""

    store: Store
    settings: Settings
    desk: Desk
    cases: dict[str, str] = field(default_factory=dict)
    now: datetime = NOW

    def actor(self, name: str) -> Actor:
        return Actor(name, STAFF[name])


def desk_settings(database_url: str) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key=SECRET.hex(),
        accept_reserved_identifiers=True,
        **{setting_of(one): "simulated basis SIM-01; tests; 2026-01-01.." for one in GatedSource},
        secure_cookies=False,
    )


@cache
def password_hash() -> str:
    """A hash that is quick to check: tests sign in often."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def empty_desk(database_url: str) -> DeskWorld:
    """A desk with its staff and no case."""
    settings = desk_settings(database_url)
    store = Store.open(database_url, KeyRing(SECRET), create=True)
    with store.begin() as connection:
        for name, role in STAFF.items():
            member = StaffMember(name, role, password_hash(), active=True)
            add_staff_member(connection, member, NOW)
    return DeskWorld(store, settings, desk_of(store, settings))


CAUSES: Mapping[str, str] = {
    "leave": "flagged",
    "fall": "control",
    "knee": "flagged",
    "job": "flagged",
    "crash": "flagged",
    "hand": "control",
}
"""Why each case was opened, by its name."""


def build_world(database_url: str, causes: Mapping[str, str] = CAUSES) -> DeskWorld:
    """Six cases, opened and not yet touched; `causes` may say otherwise why."""
    world = empty_desk(database_url)
    _border_days(world.store)
    older, claims = _olderput_up(), put_up()
    process_batch(world.store, [*_facts(), *older], assessor=None, now=NOW, sources=ALL_OPEN)
    for number, (name, claim) in enumerate(claims.items()):
        opened_at = NOW - timedelta(days=10 - number)
        assessor = assessor_for(causes[name])
        process_batch(world.store, [claim], assessor=assessor, now=opened_at)
        with world.store.reading() as connection:
            world.cases[name] = _case_of(connection, claim)
    return world


def open_later_cases(world: DeskWorld, cause: str) -> None:
    """Two claims that gave no case when they came in, and one each by what came afterwards."""
    again, moved = _injured("again", 1), _injured("moved", 2)
    unseen = Assessor(OneScore(SCORES["control"]), Policy(control_share=0.0), accept_reserved=True)
    process_batch(world.store, [again, moved], assessor=unseen, now=NOW - timedelta(days=2))
    second = again.model_copy(update={"version": 2, "expected_payment_sen": 250_000})
    change = AccountChange(
        fact_id="account-moved",
        claim_id=moved.claim_id,
        mykad=moved.claimant.mykad,
        new_account=an_account("100000005555"),
        changed_at=NOW - timedelta(days=1),
    )
    process_batch(world.store, [second, change], assessor=assessor_for(cause), now=NOW)
    with world.store.reading() as connection:
        world.cases |= {"again": _case_of(connection, again), "moved": _case_of(connection, moved)}


def look_again(world: DeskWorld, cause: str) -> None:
    """Later facts on two claims whose cases are open: a payment that is due, and a job.

    The scorer says of each look what it said when the cases were opened.
    """
    claims = put_up()
    job, fall = claims["job"], claims["fall"]
    later: list[AnyFact] = [
        PaymentDue(
            fact_id="due-job",
            claim_id=job.claim_id,
            mykad=job.claimant.mykad,
            number=1,
            amount_sen=98_500,
            due_on=NOW.date() + timedelta(days=2),
            stated_at=NOW - timedelta(hours=3),
        ),
        JobStarted(
            fact_id="job-fall",
            mykad=fall.claimant.mykad,
            workplace_uen="T00ZZ0000X",
            started_on=date(2026, 3, 16),
            reported_by_claimant=False,
            stated_at=NOW - timedelta(hours=2),
        ),
    ]
    process_batch(world.store, later, assessor=assessor_for(cause), now=NOW)


def _case_of(connection: Connection, claim: Claim) -> str:
    query = select(cases.c.case_id).where(cases.c.claim_id == claim.claim_id)
    return str(connection.execute(query).scalar_one())


def busy_world(database_url: str) -> DeskWorld:
    """The same desk after a few days of work: one case of every kind, some with later looks."""
    world = build_world(database_url)
    look_again(world, "control")
    _ask(world, AIDA, "knee")
    _ask(world, BALA, "crash")
    _reply_and_refer(world, BALA, "crash")
    _take(world, AIDA, "hand")
    genuine = Decision(Verdict.CLEAR, Label.GENUINE, REASONS)
    review.decide_case(world.desk, world.actor(AIDA), world.cases["hand"], genuine, NOW)
    _take(world, AIDA, "leave")
    review.add_note(
        world.desk,
        world.actor(AIDA),
        world.cases["leave"],
        "Asked the clinic for its appointment list of the second week.",
        NOW,
    )
    return world


def _take(world: DeskWorld, name: str, case: str, at: datetime = NOW) -> None:
    review.take_case(world.desk, world.actor(name), world.cases[case], at)


def _ask(world: DeskWorld, name: str, case: str) -> None:
    asked_at = NOW - timedelta(days=9)
    draft = QuestionDraft(
        facts="Certificates SIM-2201 and SIM-2202 cover 2 to 22 March. On nine of these days the "
        "border records show a stay in Singapore of eight hours or more.",
        wording="Can you tell us what took you across the border on these days? A relative, your "
        "union or our counter can help you to answer.",
        language="ms",
        days=30,
    )
    _take(world, name, case, asked_at)
    review.open_question(world.desk, world.actor(name), world.cases[case], draft, asked_at)


def _reply_and_refer(world: DeskWorld, name: str, case: str) -> None:
    replied_at = NOW - timedelta(days=2)
    actor, case_id = world.actor(name), world.cases[case]
    reply = "I drove to Singapore to keep my job. My supervisor knew that I was on leave here."
    review.record_reply(world.desk, actor, case_id, reply, replied_at)
    refer = Decision(
        Verdict.REFER,
        Label.UNDETERMINED,
        "The claimant confirms work on leave days. Three claims share one text and one "
        "intermediary, which we have no power to look into.",
        amount_sen=184_500,
    )
    review.decide_case(world.desk, actor, case_id, refer, replied_at)


def _olderput_up() -> list[Claim]:
    """Two claims that others share an intermediary, a doctor, an account and a text with."""
    older = [_injured("101", n, intermediary="+60177000321", shared=True) for n in (1, 2)]
    older[1] = older[1].model_copy(update={"claim_id": ClaimId("SIM-C-102")})
    return older


def put_up() -> dict[str, Claim]:
    """The claims that become cases, in order of receipt."""
    return {
        "leave": _injured("leave", 3, intermediary="+60177000321", shared=True),
        "fall": _injured("fall", 4),
        "knee": _injured("knee", 5, scheme=Scheme.PERMANENT_DISABLEMENT),
        "job": _lost_job("job", 6),
        "crash": _injured("crash", 7, intermediary="+60177000321", shared=True),
        "hand": _injured("hand", 8),
    }


NAMES = (
    "Azra bin Camar",
    "Nilam binti Rimba",
    "Suria binti Langit",
    "Teratai Anak Bayu",
    "Kiambang bin Tasik",
    "Melur a/p Embun",
    "Pinang bin Sungai",
    "Dahlia binti Senja",
)


def _mykad(number: int) -> str:
    return f"8{number}0{number}1500{1000 + 37 * number:04d}"


def _injured(
    name: str,
    number: int,
    *,
    scheme: Scheme = Scheme.TEMPORARY_DISABLEMENT,
    intermediary: str | None = None,
    shared: bool = False,
) -> Claim:
    accident = at(date(2026, 3, 1), "06:40")
    first = date(2026, 3, 2)
    certificates = [
        Certificate(
            serial=f"SIM-{2200 + 10 * number + n}",
            practitioner="SIM-DR-77" if shared else f"SIM-DR-{number}",
            facility="Klinik Rekaan Tebrau",
            first_day=first + timedelta(days=start),
            last_day=first + timedelta(days=end),
            issued_on=first + timedelta(days=start),
        )
        for n, (start, end) in enumerate(((0, 6), (7, 20)), start=1)
    ]
    report = (
        "On the way to work my motorcycle slid on oil before the checkpoint and I fell on my knee."
    )
    own = f" It was raining and I waited {number} minutes for help."
    return Claim(
        claim_id=ClaimId(f"SIM-C-{name if name.isdigit() else 200 + number}"),
        version=1,
        scheme=scheme,
        received_at=at(date(2026, 3, 23 if number > 2 else 12), "10:15"),
        channel="online",
        claimant=a_claimant(
            mykad=_mykad(number),
            name=NAMES[number - 1],
            phone=f"+6012000{1000 + number}",
            address=an_address(f"{number}, Jalan Rekaan 5", "81100"),
            account=an_account("100000000777" if shared else f"10000000{1000 + number}"),
        ),
        employer_code=EMPLOYER_CODE,
        workplace_uen="T00ZZ0000X",
        injury=Injury(
            occurred_at=accident,
            place=Place.LINK if shared else Place.MALAYSIA,
            kind="road",
            injury_code="S83.2",
            vehicle=f"SIM {1000 + number}",
            first_treated_at=accident + timedelta(hours=3),
            first_treated_in="malaysia",
            police_report_at=accident + timedelta(days=2),
            police_district="Johor Bahru Selatan",
            report_text=report if shared else report + own,
        ),
        certificates=tuple(certificates),
        intermediary=intermediary,
        declared_monthly_wage_sen=520_000,
        expected_payment_sen=184_500,
    )


def _lost_job(name: str, number: int) -> Claim:
    return Claim(
        claim_id=ClaimId(f"SIM-C-{200 + number}"),
        version=1,
        scheme=Scheme.JOB_SEARCH,
        received_at=at(date(2026, 3, 20), "15:40"),
        channel="counter",
        claimant=a_claimant(
            mykad=_mykad(number), name=NAMES[number - 1], account=an_account("100000004321")
        ),
        employer_code=EMPLOYER_CODE,
        job_loss=JobLoss(last_day=date(2026, 2, 27), reason="retrenchment"),
        declared_monthly_wage_sen=410_000,
        expected_payment_sen=985_000,
    )


def _facts() -> list[AnyFact]:
    employer = EmployerDescription(
        fact_id="employer-1",
        employer_code=EMPLOYER_CODE,
        name="Syarikat Contoh Rekaan Sdn Bhd",
        registered_on=date(2019, 5, 2),
        staff_count=143,
        stated_at=at(date(2026, 1, 5)),
    )
    runs = (
        ContributionRun(
            employer_code="E1100019112X",
            first_month=date(2021, 3, 1),
            last_month=date(2022, 10, 1),
            monthly_wage_sen=310_000,
        ),
        ContributionRun(
            employer_code=EMPLOYER_CODE,
            first_month=date(2022, 11, 1),
            last_month=date(2026, 2, 1),
            monthly_wage_sen=520_000,
        ),
    )
    names = ("", "", *CAUSES)
    statements = [
        a_statement(
            fact_id=f"contributions-{names[number - 1] or number}",
            mykad=_mykad(number),
            stated_at=at(date(2026, 3, 1)),
            runs=runs,
        )
        for number in range(1, 9)
    ]
    return [employer, *statements]


def _border_days(store: Store) -> None:
    """Files from mid-January to 23 March, with one missing and two days of trouble."""
    start = date(2026, 1, 15)
    missing = date(2026, 3, 11)
    with store.begin() as connection:
        for day in (start + timedelta(days=n) for n in range(68)):
            if day == missing:
                continue
            out = 0.35 if day in {date(2026, 3, 14), date(2026, 3, 15)} else 0.0
            seen = [one for number in range(1, 9) for one in _seen(number, day)]
            raw_days.add_crossing_day(store, connection, CrossingDay(day, out), seen)


def _seen(number: int, day: date) -> list[PersonDay]:
    """Commuters cross on weekdays; some go on during leave, others only twice for a check-up."""
    person = PersonDay(_mykad(number), day, 10.5, 345, 1140, asleep_there=False)
    on_leave = day >= date(2026, 3, 2)
    if day.weekday() >= 5 or day == date(2026, 3, 1):
        return []
    if number in {4, 8} and on_leave:
        visits = {date(2026, 3, 5), date(2026, 3, 19)}
        return [person._replace(hours_there=3.5)] if day in visits else []
    if on_leave and day.day in {6, 13, 18}:
        return []
    if on_leave and day.day == 17:
        return [person._replace(hours_there=None, back_minute=None)]
    return [person._replace(hours_there=9.0 + (day.day % 4))]


def fixed(world: DeskWorld) -> Clock:
    """The clock of a world."""
    return fixed_clock(world.now)
