"""Small builders with honest defaults: a test names the one thing that matters to it.

The claimant is made up (MyKad place 00), was injured on Monday 2 March 2026 at noon in Malaysia,
and claimed on Thursday 12 March. An instant is `at(day, "12:00")` on the clocks at the border.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from fraud.clock import LOCAL
from fraud.features import Known
from fraud.graph import Area, LinkedClaim, nodes_of
from fraud.history import History
from fraud.movement import PersonDay
from fraud.privacy import KeyRing
from fraud.records import (
    Account,
    AccountChange,
    Address,
    Attendance,
    BoardAttendance,
    BoardListing,
    Certificate,
    Claim,
    Claimant,
    ContributionRun,
    ContributionStatement,
    Death,
    DeathRegistered,
    Dependant,
    EmployerDescription,
    Enrolment,
    HospitalAnswer,
    Illness,
    Injury,
    InsurerPayment,
    JobLoss,
    JobStarted,
    NewJob,
    PaymentDue,
    PlatformTrips,
    Scheme,
)

KEYRING = KeyRing(bytes(range(32)))
ACCIDENT_ON = date(2026, 3, 2)
RECEIVED_ON = date(2026, 3, 12)
LAST_DAY_AT_WORK = date(2026, 1, 30)
MYKAD = "880101000015"
EMPLOYER = "E90000000001"
TDB = Scheme.TEMPORARY_DISABLEMENT
PDB = Scheme.PERMANENT_DISABLEMENT
JSA = Scheme.JOB_SEARCH
COMMUTER = Scheme.COMMUTER


def at(day: date, clock: str = "12:00") -> datetime:
    """An instant on the clocks of Malaysia and Singapore."""
    hour, minute = clock.split(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=LOCAL)


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=turn) for turn in range(count)]


def weekdays(first: date, last: date) -> list[date]:
    return [d for d in days_from(first, (last - first).days + 1) if d.weekday() < 5]


def an_account(number: str = "100000000001", bank: str = "Maybank") -> Account:
    return Account(bank=bank, number=number)


def an_address(line: str = "1, Jalan Angsana 2", postcode: str = "81100") -> Address:
    return Address(line=line, postcode=postcode)


def a_claimant(**changes: Any) -> Claimant:
    values: dict[str, Any] = {
        "mykad": MYKAD,
        "name": "Azra bin Camar",
        "phone": "+60121234567",
        "address": an_address(),
        "account": an_account(),
        "language": "ms",
    }
    return Claimant(**values | changes)


def a_certificate(**changes: Any) -> Certificate:
    values: dict[str, Any] = {
        "serial": "KL00001-0000001",
        "practitioner": "MMC00001",
        "facility": "KL00001",
        "first_day": ACCIDENT_ON,
        "last_day": ACCIDENT_ON + timedelta(days=6),
        "issued_on": ACCIDENT_ON,
    }
    return Certificate(**values | changes)


def an_injury(**changes: Any) -> Injury:
    values: dict[str, Any] = {
        "occurred_at": at(ACCIDENT_ON, "12:00"),
        "place": "malaysia",
        "kind": "work",
        "injury_code": "S61",
        "first_treated_at": at(ACCIDENT_ON, "13:00"),
        "first_treated_in": "malaysia",
    }
    return Injury(**values | changes)


def a_job_loss(**changes: Any) -> JobLoss:
    values: dict[str, Any] = {"last_day": LAST_DAY_AT_WORK, "reason": "retrenchment"}
    return JobLoss(**values | changes)


def a_claim(scheme: Scheme = TDB, **changes: Any) -> Claim:
    """An honest claim; fields of the claimant may be given directly (`account=`, `mykad=` ...)."""
    personal = {name: changes.pop(name) for name in list(changes) if name in Claimant.model_fields}
    values: dict[str, Any] = {
        "claim_id": "C-0001",
        "version": 1,
        "scheme": scheme,
        "received_at": at(RECEIVED_ON, "10:00"),
        "channel": "online",
        "claimant": a_claimant(**personal),
        "employer_code": EMPLOYER,
        "declared_monthly_wage_sen": 300_000,
        "expected_payment_sen": 56_000,
    }
    if scheme is JSA:
        values |= {"job_loss": a_job_loss(), "expected_payment_sen": 810_000}
    else:
        values |= {"injury": an_injury(), "certificates": (a_certificate(),)}
    if scheme is COMMUTER:
        values |= {"employer_code": None, "workplace_uen": "00012345A"}
    return Claim(**values | changes)


def a_run(**changes: Any) -> ContributionRun:
    values: dict[str, Any] = {
        "employer_code": EMPLOYER,
        "first_month": date(2022, 1, 1),
        "last_month": date(2026, 2, 1),
        "monthly_wage_sen": 300_000,
    }
    return ContributionRun(**values | changes)


def a_statement(*runs: ContributionRun, **changes: Any) -> ContributionStatement:
    values: dict[str, Any] = {
        "fact_id": "F-contributions",
        "mykad": MYKAD,
        "stated_at": at(RECEIVED_ON, "09:00"),
        "runs": runs or (a_run(),),
    }
    return ContributionStatement(**values | changes)


def an_employer(**changes: Any) -> EmployerDescription:
    values: dict[str, Any] = {
        "fact_id": "F-employer",
        "employer_code": EMPLOYER,
        "name": "Zaimar Logistik 12 (simulated)",
        "registered_on": date(2010, 5, 1),
        "staff_count": 60,
        "directors": ("D000000001",),
        "phone": "+6071234567",
        "address": an_address("9, Jalan Cengal 4", "81200"),
        "stated_at": at(RECEIVED_ON, "09:00"),
    }
    return EmployerDescription(**values | changes)


def an_attendance(days_present: Iterable[date] = (), **changes: Any) -> Attendance:
    values: dict[str, Any] = {
        "fact_id": "F-attendance",
        "mykad": MYKAD,
        "employer_code": EMPLOYER,
        "first_day": ACCIDENT_ON - timedelta(days=14),
        "last_day": RECEIVED_ON,
        "days_present": tuple(days_present),
        "stated_at": at(RECEIVED_ON, "09:30"),
    }
    return Attendance(**values | changes)


def an_enrolment(**changes: Any) -> Enrolment:
    values: dict[str, Any] = {
        "fact_id": "F-enrolment",
        "mykad": MYKAD,
        "paid_at": at(date(2025, 9, 1), "09:00"),
    }
    return Enrolment(**values | changes)


def an_account_change(**changes: Any) -> AccountChange:
    values: dict[str, Any] = {
        "fact_id": "F-account-change",
        "claim_id": "C-0001",
        "mykad": MYKAD,
        "new_account": an_account("100000000099"),
        "changed_at": at(RECEIVED_ON + timedelta(days=3), "22:00"),
    }
    return AccountChange(**values | changes)


def a_hospital_answer(**changes: Any) -> HospitalAnswer:
    """The hospital knows the certificate and agrees with it."""
    values: dict[str, Any] = {
        "fact_id": "F-hospital",
        "mykad": MYKAD,
        "facility": "KL00001",
        "serial": "KL00001-0000001",
        "serial_known": True,
        "practitioner_on_duty": True,
        "cause_noted": "work",
        "seen_on": ACCIDENT_ON,
        "answered_at": at(RECEIVED_ON, "09:30"),
    }
    return HospitalAnswer(**values | changes)


def an_insurer_payment(**changes: Any) -> InsurerPayment:
    """A payment of another payer for the injury of `an_injury()` and half of its leave."""
    values: dict[str, Any] = {
        "fact_id": "F-insurer",
        "mykad": MYKAD,
        "payer": "wica_insurer",
        "injured_on": ACCIDENT_ON,
        "injury_code": "S61",
        "leave_first_day": ACCIDENT_ON,
        "leave_last_day": ACCIDENT_ON + timedelta(days=3),
        "receipts": ("R-1", "R-2"),
        "amount_sen": 90_000,
        "paid_at": at(RECEIVED_ON, "09:00"),
    }
    return InsurerPayment(**values | changes)


def platform_trips(days: Iterable[date] = (), **changes: Any) -> PlatformTrips:
    """A platform's log from six weeks before the accident to the claim."""
    values: dict[str, Any] = {
        "fact_id": "F-platform",
        "mykad": MYKAD,
        "platform": "PLATFORM-1",
        "first_day": ACCIDENT_ON - timedelta(days=42),
        "last_day": RECEIVED_ON,
        "days": tuple(days),
        "stated_at": at(RECEIVED_ON, "09:30"),
    }
    return PlatformTrips(**values | changes)


def a_board_listing(**changes: Any) -> BoardListing:
    """The claim is listed for a session two months after it came in."""
    values: dict[str, Any] = {
        "fact_id": "F-listing",
        "claim_id": "C-0001",
        "mykad": MYKAD,
        "session": "JD-1",
        "held_on": RECEIVED_ON + timedelta(days=60),
        "listed_at": at(RECEIVED_ON + timedelta(days=30)),
    }
    return BoardListing(**values | changes)


def a_board_attendance(**changes: Any) -> BoardAttendance:
    """Somebody came to that session, and it was the claimant."""
    values: dict[str, Any] = {
        "fact_id": "F-board",
        "claim_id": "C-0001",
        "mykad": MYKAD,
        "session": "JD-1",
        "attended_at": at(RECEIVED_ON + timedelta(days=60), "10:00"),
        "likeness": "same",
    }
    return BoardAttendance(**values | changes)


def a_stay(day: date, hours: float | None = 12.0, **changes: Any) -> PersonDay:
    """A day at work across the border: out at 06:00, back at 19:00."""
    values: dict[str, Any] = {
        "mykad": MYKAD,
        "day": day,
        "hours_there": hours,
        "out_minute": 360,
        "back_minute": 1140,
        "asleep_there": False,
    }
    return PersonDay(**values | changes)


def stays(days: Iterable[date], **changes: Any) -> dict[int, PersonDay]:
    """Working days across the border, keyed as a History keeps them."""
    return {day.toordinal(): a_stay(day, **changes) for day in days}


def files_received(first: date, last: date, outage: float = 0.0) -> dict[int, float]:
    """Border files of a span of days, as a History keeps them."""
    return {day.toordinal(): outage for day in days_from(first, (last - first).days + 1)}


def a_history(**changes: Any) -> History:
    """Contributions and employer are known; crossings, attendance and enrolments are not."""
    values: dict[str, Any] = {"contributions": a_statement(), "employer": an_employer()}
    return History(**values | changes)


def with_crossings(
    days: Mapping[int, PersonDay],
    first: date = date(2026, 1, 1),
    last: date = date(2026, 6, 30),
    **changes: Any,
) -> History:
    """A history whose border files of a span were all received whole."""
    files = files_received(first, last)
    return a_history(**{"days": days, "outages": files, "files": files} | changes)


def linked(claim: Claim, history: History | None = None, known_at: int = 1000) -> LinkedClaim:
    """The claim as the graph sees it."""
    history = history or a_history()
    return LinkedClaim(
        known_at=known_at,
        claim_id=claim.claim_id,
        person=KEYRING.person_key(claim.claimant.mykad),
        received_on=claim.received_at.astimezone(LOCAL).date().toordinal(),
        nodes=nodes_of(claim, KEYRING, history),
    )


def another_claim(number: int, scheme: Scheme = TDB, **changes: Any) -> Claim:
    """A claim of somebody else that shares nothing with `a_claim()` unless it is told to."""
    values: dict[str, Any] = {
        "claim_id": f"C-{1000 + number}",
        "received_at": at(RECEIVED_ON - timedelta(days=20 + number), "10:00"),
        "mykad": f"75{number % 12 + 1:02d}{number % 28 + 1:02d}00{number % 10_000:04d}",
        "phone": f"+6013{number:07d}",
        "address": an_address(f"{number}, Jalan Jati {number}"),
        "account": an_account(f"2000{number:08d}"),
        "employer_code": f"E{number:011d}",
    }
    if scheme is not JSA and "certificates" not in changes:
        values["certificates"] = (
            a_certificate(
                serial=f"KL{20000 + number}-{number:07d}",
                practitioner=f"MMC{1000 + number}",
                facility=f"KL{20000 + number}",
            ),
        )
    return a_claim(scheme, **values | changes)


def on_account(number: int, **changes: Any) -> Claim:
    """A claim of somebody else that shares the account of `a_claim()`."""
    return another_claim(number, account=an_account(), **changes)


def an_area(*claims: Claim, employers: Mapping[str, EmployerDescription] | None = None) -> Area:
    """An area in which some claims are known, in that order."""
    area = Area()
    for position, claim in enumerate(claims):
        employer = (employers or {}).get(claim.claim_id)
        area.add(linked(claim, History(employer=employer), known_at=position + 1))
    return area


def known_of(
    claim: Claim | None = None, history: History | None = None, area: Area | None = None
) -> Known:
    """All that is known of a claim at its cut-off."""
    claim = claim or a_claim()
    history = history or a_history()
    return Known(claim, history, linked(claim, history), area or Area())


def an_illness(**changes: Any) -> Illness:
    values: dict[str, Any] = {
        "diagnosis_code": "I63",
        "began_on": date(2025, 9, 1),
        "first_treated_on": date(2025, 9, 2),
        "facility": "KL00001",
        "practitioner": "MMC00001",
        "referral_serial": "R-0000001",
    }
    return Illness(**values | changes)


def a_death(**changes: Any) -> Death:
    values: dict[str, Any] = {
        "deceased_mykad": "600101000033",
        "died_on": date(2026, 2, 20),
        "cause": "illness",
        "dependants": (
            Dependant(relation="child", mykad="120304000051", born_on=date(2012, 3, 4)),
        ),
    }
    return Death(**values | changes)


def a_new_job(**changes: Any) -> NewJob:
    values: dict[str, Any] = {"started_on": date(2026, 2, 23), "employer_code": "E90000000009"}
    return NewJob(**values | changes)


def an_illness_claim(scheme: Scheme = Scheme.INVALIDITY, **changes: Any) -> Claim:
    """A claim for an illness that began half a year before."""
    parts = {"injury": None, "certificates": (), "illness": an_illness()}
    return a_claim(scheme, **parts | changes)


def a_death_claim(scheme: Scheme = Scheme.SURVIVORS, **changes: Any) -> Claim:
    """A claim of a relative three weeks after a death."""
    parts = {"injury": None, "certificates": (), "death": a_death(), "employer_code": None}
    return a_claim(scheme, **parts | changes)


def a_new_job_claim(scheme: Scheme = Scheme.EARLY_REEMPLOYMENT, **changes: Any) -> Claim:
    """A claim for a new job that began a month after the old one was lost."""
    parts = {
        "injury": None,
        "certificates": (),
        "job_loss": a_job_loss(),
        "new_job": a_new_job(),
    }
    return a_claim(scheme, **parts | changes)


def a_job_started(**changes: Any) -> JobStarted:
    values: dict[str, Any] = {
        "fact_id": "F-job",
        "mykad": MYKAD,
        "workplace_uen": "00012345A",
        "started_on": LAST_DAY_AT_WORK + timedelta(days=5),
        "stated_at": at(RECEIVED_ON, "09:00"),
    }
    return JobStarted(**values | changes)


def a_registered_death(**changes: Any) -> DeathRegistered:
    values: dict[str, Any] = {
        "fact_id": "F-death",
        "mykad": MYKAD,
        "died_on": date(2026, 1, 1),
        "registered_at": at(date(2026, 1, 3), "09:00"),
    }
    return DeathRegistered(**values | changes)


def a_payment_due(number: int = 1, **changes: Any) -> PaymentDue:
    values: dict[str, Any] = {
        "fact_id": f"F-due-{number}",
        "claim_id": "C-0001",
        "mykad": MYKAD,
        "number": number,
        "amount_sen": 60_000,
        "due_on": RECEIVED_ON + timedelta(days=30 * number),
        "stated_at": at(RECEIVED_ON, "09:00"),
    }
    return PaymentDue(**values | changes)


def a_referral_answer(**changes: Any) -> HospitalAnswer:
    """The hospital answers about a referral letter; what it says is up to the test."""
    values: dict[str, Any] = {
        "fact_id": "F-referral",
        "mykad": MYKAD,
        "facility": "KL00001",
        "serial": "R-0000001",
        "answered_at": at(RECEIVED_ON, "09:00"),
    }
    return HospitalAnswer(**values | changes)
