"""Facts that reach us, as they are on the wire: claims and the facts around them.

Every record is frozen and refuses fields it does not know. Amounts are whole sen
(hundredths of a ringgit), instants carry a zone, months are the first day of the month.
`None` always means *not stated*, never zero and never "no".
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, NewType

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from fraud.errors import Fault

ClaimId = NewType("ClaimId", str)
PersonKey = NewType("PersonKey", str)
"""Keyed pseudonym of a person (32 hex digits); see `fraud.privacy.KeyRing.person_key`."""


class Scheme(StrEnum):
    """What is claimed: a benefit under its law (domain brief, section 3)."""

    TEMPORARY_DISABLEMENT = "temporary_disablement"
    PERMANENT_DISABLEMENT = "permanent_disablement"
    JOB_SEARCH = "job_search_allowance"
    COMMUTER = "commuter_scheme"
    """Skim Pengembara."""
    INVALIDITY = "invalidity_pension"
    SURVIVORS = "survivors_pension"
    DEPENDANTS = "dependants_benefit"
    FUNERAL = "funeral_benefit"
    CONSTANT_ATTENDANCE = "constant_attendance_allowance"
    ANY_HOUR_INJURY = "lindung_24_jam"
    """Non-employment injury of employees (A1788)."""
    SELF_EMPLOYED = "lindung_kendiri"
    """Injury of the self-employed (Act 789), gig platforms included (Act 872)."""
    HOUSEWIFE = "lindung_kasih"
    """Domestic injury and invalidity of housewives (Act 838)."""
    EARLY_REEMPLOYMENT = "early_reemployment_allowance"
    REDUCED_INCOME = "reduced_income_allowance"
    TRAINING = "training_allowance"
    MOBILITY = "mobility_allowance"


class Place(StrEnum):
    """Where something happened; `LINK` is the Causeway or the Second Link between clearances."""

    MALAYSIA = "malaysia"
    SINGAPORE = "singapore"
    LINK = "link"


class Label(StrEnum):
    """What a decided claim turned out to be. `UNDETERMINED` is not a negative."""

    CONFIRMED_FRAUD = "confirmed_fraud"
    CLAIMANT_ERROR = "error_by_claimant"
    OFFICE_ERROR = "error_by_office"
    EMPLOYER_NON_COMPLIANCE = "employer_non_compliance"
    GENUINE = "genuine"
    UNDETERMINED = "undetermined"


class Part(BaseModel):
    """A frozen piece of a record; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


Identifier = Annotated[str, Field(min_length=1, max_length=64)]
MyKad = Annotated[str, Field(pattern=r"^\d{12}$")]
MOST_SEN = 10_000_000_000
"""A hundred million ringgit: far above any benefit, far below what a database column holds."""
Sen = Annotated[int, Field(ge=0, le=MOST_SEN)]
ClaimName = Annotated[ClaimId, Field(min_length=1, max_length=64)]


class Account(Part):
    """A bank account: the bank's short name and the digits of the number."""

    bank: Identifier
    number: Annotated[str, Field(pattern=r"^\d{7,16}$")]


class Address(Part):
    """Where somebody lives or works: street line and postcode."""

    line: Annotated[str, Field(max_length=200)]
    postcode: Annotated[str, Field(pattern=r"^\d{5,6}$")]


class Claimant(Part):
    """Who claims, as written on the form."""

    mykad: MyKad
    name: Annotated[str, Field(min_length=1, max_length=150)]
    phone: Annotated[str, Field(pattern=r"^\+\d{8,14}$")] | None = None
    address: Address | None = None
    account: Account | None = None
    language: Literal["ms", "en"] = "ms"


class Certificate(Part):
    """A medical certificate: days of leave from `first_day` to `last_day`, both included."""

    serial: Identifier
    practitioner: Identifier
    facility: Identifier
    first_day: date
    last_day: date
    issued_on: date
    remote: bool | None = None
    """Whether it was written after a tele-consultation."""


Cause = Literal["work", "road", "home", "sport", "other"]


class Injury(Part):
    """An accident as declared.

    `road` is a commuting or road accident, `work` one at work, `private` one at home or at leisure.
    """

    occurred_at: AwareDatetime
    place: Place
    kind: Literal["work", "road", "private"]
    injury_code: Identifier
    vehicle: Identifier | None = None
    first_treated_at: AwareDatetime | None = None
    first_treated_in: Literal["malaysia", "singapore"] | None = None
    police_report_at: AwareDatetime | None = None
    police_district: Identifier | None = None
    report_text: Annotated[str, Field(max_length=4000)] | None = None
    assessed_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    cause_first_noted: Cause | None = None
    """What the first clinic note gives as the cause."""
    imaging: Literal["agrees", "contradicts", "missing"] | None = None
    minutes_off_route: Annotated[int, Field(ge=0, le=1440)] | None = None
    """How far the place lies off the usual way, as drawn on the route sketch."""
    passenger: bool | None = None
    police_desk: Identifier | None = None
    """The desk that took the police report."""
    other_payer_declared: bool | None = None
    """Whether the form says that another insurer or scheme pays for the same injury."""
    receipts: Annotated[tuple[Identifier, ...], Field(max_length=40)] = ()
    """Numbers of the expense receipts that were handed in."""


class JobLoss(Part):
    """A loss of employment as declared: the last day at work and the stated reason."""

    last_day: date
    reason: Literal["retrenchment", "closure", "voluntary_separation", "resignation", "other"]
    letter_text: Annotated[str, Field(max_length=4000)] | None = None
    separation_pay_sen: Sen | None = None


class Illness(Part):
    """An illness as declared for an invalidity pension or a constant attendance allowance."""

    diagnosis_code: Identifier
    began_on: date
    first_treated_on: date | None = None
    facility: Identifier | None = None
    practitioner: Identifier | None = None
    referral_serial: Identifier | None = None
    """Number of the hospital's referral letter."""
    report_text: Annotated[str, Field(max_length=4000)] | None = None
    assessed_percent: Annotated[int, Field(ge=0, le=100)] | None = None


class Dependant(Part):
    """Somebody who lived on the deceased's wage."""

    relation: Literal["spouse", "child", "parent", "sibling", "grandparent"]
    mykad: MyKad | None = None
    born_on: date | None = None


class Death(Part):
    """The death for which a pension, a dependants' or a funeral benefit is claimed.

    The claimant is who would be paid; the insured person is the deceased.
    """

    deceased_mykad: MyKad
    died_on: date
    cause: Literal["work", "road", "illness", "other"]
    place: Place = Place.MALAYSIA
    dependants: Annotated[tuple[Dependant, ...], Field(max_length=20)] = ()


class NewJob(Part):
    """The job or course for which an early re-employment, mobility or training sum is claimed.

    Of a reduced income claim it is the job that is kept.
    """

    started_on: date
    employer_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{12}$")] | None = None
    training_centre: Identifier | None = None
    distance_km: Annotated[int, Field(ge=0, le=5000)] | None = None
    ended_on: date | None = None
    monthly_wage_sen: Sen | None = None


class Claim(Part):
    """One version of one claim. Same `claim_id` and `version` again is the same claim again."""

    claim_id: ClaimName
    version: Annotated[int, Field(ge=1, le=1000)]
    scheme: Scheme
    received_at: AwareDatetime
    channel: Literal["counter", "online", "post"]
    claimant: Claimant
    employer_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{12}$")] | None = None
    workplace_uen: Identifier | None = None
    """Singapore employer (UEN), for people who work across the border."""
    injury: Injury | None = None
    job_loss: JobLoss | None = None
    illness: Illness | None = None
    death: Death | None = None
    new_job: NewJob | None = None
    certificates: Annotated[tuple[Certificate, ...], Field(max_length=40)] = ()
    intermediary: Identifier | None = None
    """Agent, runner, union or welfare officer who brought the claim, by registered phone or id."""
    device: Identifier | None = None
    """The device an online claim was sent from."""
    declared_monthly_wage_sen: Sen | None = None
    expected_payment_sen: Sen
    """What would be paid on this claim if it is accepted as lodged."""

    @property
    def insured_mykad(self) -> str:
        """Whose insurance the claim rests on: the deceased, or the claimant."""
        return self.death.deceased_mykad if self.death else self.claimant.mykad


class Fact(Part):
    """Base of the facts around claims. Same `fact_id` again is the same fact again."""

    fact_id: Identifier


class ContributionRun(Part):
    """Unbroken months with one employer at one wage; months are first days of months."""

    employer_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{12}$")]
    first_month: date
    last_month: date
    monthly_wage_sen: Sen
    paid_on: date | None = None
    """Set when the whole run was paid late, in one go, on that day."""


class ContributionStatement(Fact):
    """All contribution months of a person known to the office when the statement was drawn."""

    kind: Literal["contributions"] = "contributions"
    mykad: MyKad
    stated_at: AwareDatetime
    runs: Annotated[tuple[ContributionRun, ...], Field(max_length=400)]


class EmployerDescription(Fact):
    """What the register says of a Malaysian employer."""

    kind: Literal["employer"] = "employer"
    employer_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{12}$")]
    name: Annotated[str, Field(max_length=150)]
    registered_on: date
    staff_count: Annotated[int, Field(ge=0, le=10_000_000)]
    directors: Annotated[tuple[Identifier, ...], Field(max_length=20)] = ()
    phone: Identifier | None = None
    address: Address | None = None
    payroll_bureau: Identifier | None = None
    stated_at: AwareDatetime


class Attendance(Fact):
    """Days on which an employer recorded the person at work, over a span it answers for."""

    kind: Literal["attendance"] = "attendance"
    mykad: MyKad
    employer_code: Identifier
    first_day: date
    last_day: date
    days_present: Annotated[tuple[date, ...], Field(max_length=400)]
    stated_at: AwareDatetime


class Enrolment(Fact):
    """A person joined the commuter scheme; cover begins at the instant of payment."""

    kind: Literal["enrolment"] = "enrolment"
    mykad: MyKad
    paid_at: AwareDatetime
    paid_by: Identifier | None = None


class AccountChange(Fact):
    """The account a claim is to be paid into was changed."""

    kind: Literal["account_change"] = "account_change"
    claim_id: ClaimName
    mykad: MyKad
    new_account: Account
    changed_at: AwareDatetime
    device: Identifier | None = None
    on_mule_list: bool | None = None
    """Whether the bank's list of accounts lent to others names the new account."""


class Payment(Fact):
    """Money was paid on a claim."""

    kind: Literal["payment"] = "payment"
    claim_id: ClaimName
    mykad: MyKad
    account: Account
    amount_sen: Sen
    paid_at: AwareDatetime


class Decision(Fact):
    """What an officer found on a claim, by whom it was picked, and when."""

    kind: Literal["decision"] = "decision"
    claim_id: ClaimName
    label: Label
    decided_at: AwareDatetime
    picked_by: Literal["rule", "control", "score"]
    """Why the claim was looked at: a rough human rule, a random draw, or the scorer."""
    wrong_payment_sen: Annotated[int, Field(ge=-MOST_SEN, le=MOST_SEN)] = 0
    """Positive: would have been overpaid; negative: arrears owed to the person."""


class HospitalAnswer(Fact):
    """What a hospital or clinic answered when asked about a certificate or a referral letter."""

    kind: Literal["hospital_answer"] = "hospital_answer"
    mykad: MyKad
    facility: Identifier
    serial: Identifier
    serial_known: bool | None = None
    practitioner_on_duty: bool | None = None
    cause_noted: Cause | None = None
    seen_on: date | None = None
    answered_at: AwareDatetime


class InsurerPayment(Fact):
    """What another payer said it paid for an injury; amounts in sen of ringgit."""

    kind: Literal["insurer_payment"] = "insurer_payment"
    mykad: MyKad
    payer: Literal["wica_insurer", "private_insurer", "other_scheme"]
    injured_on: date
    injury_code: Identifier
    leave_first_day: date | None = None
    leave_last_day: date | None = None
    receipts: Annotated[tuple[Identifier, ...], Field(max_length=40)] = ()
    amount_sen: Sen
    paid_at: AwareDatetime


class PlatformTrips(Fact):
    """Days on which a person's account with a gig platform made trips, over a span."""

    kind: Literal["platform_trips"] = "platform_trips"
    mykad: MyKad
    platform: Identifier
    first_day: date
    last_day: date
    days: Annotated[tuple[date, ...], Field(max_length=400)]
    stated_at: AwareDatetime


class JobStarted(Fact):
    """A job of a person, as an employer or the partner across the border reported it."""

    kind: Literal["job_started"] = "job_started"
    mykad: MyKad
    employer_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{12}$")] | None = None
    workplace_uen: Identifier | None = None
    started_on: date
    ended_on: date | None = None
    reported_by_claimant: bool | None = None
    stated_at: AwareDatetime


class DeathRegistered(Fact):
    """A death as the register has it."""

    kind: Literal["death_registered"] = "death_registered"
    mykad: MyKad
    died_on: date
    registered_at: AwareDatetime


class BoardListing(Fact):
    """A claim was listed for a session of the Medical Board: looked at before the board."""

    kind: Literal["board_listing"] = "board_listing"
    claim_id: ClaimName
    mykad: MyKad
    session: Identifier
    held_on: date
    listed_at: AwareDatetime


class BoardAttendance(Fact):
    """Who came to a session of the Medical Board, as its register has it."""

    kind: Literal["board_attendance"] = "board_attendance"
    claim_id: ClaimName
    mykad: MyKad
    session: Identifier
    attended_at: AwareDatetime
    escort: Identifier | None = None
    likeness: Literal["same", "differs"] | None = None
    """Whether face, signature and measures fit those of earlier visits."""


class PaymentDue(Fact):
    """A claim stands in a payment run: looked at before the first, and monthly after it."""

    kind: Literal["payment_due"] = "payment_due"
    claim_id: ClaimName
    mykad: MyKad
    number: Annotated[int, Field(ge=1, le=1200)]
    """1 for the first payment."""
    amount_sen: Sen
    due_on: date
    stated_at: AwareDatetime


class DayPresence(Fact):
    """Whether a person was in Singapore for a working day, as a border agency answered.

    `there` means eight hours or more of that local day, `here` a complete record of less.
    """

    kind: Literal["day_presence"] = "day_presence"
    mykad: MyKad
    day: date
    presence: Literal["here", "there", "unknown"]
    confidence: Annotated[float, Field(ge=0, le=1)]
    stated_at: AwareDatetime


class EmployerArrears(Fact):
    """What an employer owes in contributions, and whether it has closed."""

    kind: Literal["employer_arrears"] = "employer_arrears"
    employer_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{12}$")]
    arrears_sen: Sen
    months_unpaid: Annotated[int, Field(ge=0, le=600)]
    deducted_from_wages: bool | None = None
    """Whether payslips show the deduction that was not paid on."""
    closed_on: date | None = None
    stated_at: AwareDatetime


class StaffMove(Fact):
    """How many of an employer's people another one registered next, as contributions show."""

    kind: Literal["staff_move"] = "staff_move"
    employer_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{12}$")]
    to_employer_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{12}$")]
    people: Annotated[int, Field(ge=0, le=10_000_000)]
    of_staff: Annotated[int, Field(ge=1, le=10_000_000)]
    month: date
    stated_at: AwareDatetime


class Hire(Fact):
    """An employer was paid an incentive for hiring a person; the person may know nothing of it."""

    kind: Literal["hire"] = "hire"
    mykad: MyKad
    employer_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{12}$")]
    started_on: date
    ended_on: date | None = None
    incentive_months: Annotated[int, Field(ge=0, le=60)]
    incentive_sen: Sen
    agent: Identifier | None = None
    """Accountant or intermediary who sent the application."""
    device: Identifier | None = None
    disputed: bool | None = None
    """Whether the person said that no such job was theirs."""
    stated_at: AwareDatetime


class OfficerAction(Fact):
    """What an officer did, as the office's own log has it. Read by integrity staff alone."""

    kind: Literal["officer_action"] = "officer_action"
    officer: Identifier
    branch: Identifier
    claim_id: ClaimName | None = None
    action: Literal["looked_up", "approved", "overrode", "edited", "skipped_step"]
    acted_at: AwareDatetime
    case_number: Identifier | None = None
    """The case a look-up was made for."""


AnyFact = Annotated[
    ContributionStatement
    | EmployerDescription
    | Attendance
    | Enrolment
    | AccountChange
    | Payment
    | Decision
    | HospitalAnswer
    | InsurerPayment
    | PlatformTrips
    | JobStarted
    | DeathRegistered
    | BoardListing
    | BoardAttendance
    | PaymentDue
    | DayPresence
    | EmployerArrears
    | StaffMove
    | Hire
    | OfficerAction,
    Field(discriminator="kind"),
]


def faults_of(error: ValidationError) -> list[Fault]:
    """Every faulty field of a refused record, without printing what was typed into it."""
    return [
        Fault(
            ".".join(str(step) for step in fault["loc"]) or "record",
            f"a value of type {type(fault['input']).__name__}",
            fault["msg"],
        )
        for fault in error.errors(include_url=False, include_context=False)
    ]


class Crossing(Part):
    """One clearance at one authority (a trip makes up to four of them)."""

    mykad: MyKad
    cleared_at: datetime
    direction: Literal["exit", "entry"]
    authority: Literal["malaysia", "singapore"]
    checkpoint: Identifier
    mode: Identifier
    vehicle: Identifier | None = None
    document: Identifier | None = None
    """Number of the passport shown; one person has two while a passport is renewed."""
