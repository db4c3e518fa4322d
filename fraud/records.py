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
    """The benefit that is claimed."""

    TEMPORARY_DISABLEMENT = "temporary_disablement"
    PERMANENT_DISABLEMENT = "permanent_disablement"
    JOB_SEARCH = "job_search_allowance"
    COMMUTER = "commuter_scheme"


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


class Injury(Part):
    """An accident as declared. `road` is a commuting or road accident, `work` one at work."""

    occurred_at: AwareDatetime
    place: Place
    kind: Literal["work", "road"]
    injury_code: Identifier
    vehicle: Identifier | None = None
    first_treated_at: AwareDatetime | None = None
    first_treated_in: Literal["malaysia", "singapore"] | None = None
    police_report_at: AwareDatetime | None = None
    police_district: Identifier | None = None
    report_text: Annotated[str, Field(max_length=4000)] | None = None
    assessed_percent: Annotated[int, Field(ge=0, le=100)] | None = None


class JobLoss(Part):
    """A loss of employment as declared: the last day at work and the stated reason."""

    last_day: date
    reason: Literal["retrenchment", "closure", "voluntary_separation", "resignation", "other"]


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
    certificates: Annotated[tuple[Certificate, ...], Field(max_length=40)] = ()
    intermediary: Identifier | None = None
    """Agent, runner, union or welfare officer who brought the claim, by registered phone or id."""
    declared_monthly_wage_sen: Sen | None = None
    expected_payment_sen: Sen
    """What would be paid on this claim if it is accepted as lodged."""


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


AnyFact = Annotated[
    ContributionStatement
    | EmployerDescription
    | Attendance
    | Enrolment
    | AccountChange
    | Payment
    | Decision,
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
