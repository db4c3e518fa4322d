"""A claim before it is written down: what really happened, and what will be stated."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Literal

from fraud.records import Account, Cause, Label, Place, Scheme
from fraud.simulator.crossings import Spell, Trip
from fraud.simulator.region import Career, Clinic, Region

INJURY_CODES = ("S61", "S52", "S82", "S93", "S83", "M51", "S62", "S42", "T20", "S06", "S90", "M54")
CODE_WEIGHTS = (18, 12, 9, 13, 7, 6, 11, 6, 4, 4, 6, 4)

INJURIES = frozenset((
    Scheme.TEMPORARY_DISABLEMENT, Scheme.PERMANENT_DISABLEMENT, Scheme.COMMUTER,
    Scheme.ANY_HOUR_INJURY, Scheme.SELF_EMPLOYED, Scheme.HOUSEWIFE,
))  # fmt: skip
JOB_LOSSES = frozenset((
    Scheme.JOB_SEARCH, Scheme.EARLY_REEMPLOYMENT, Scheme.REDUCED_INCOME, Scheme.TRAINING,
    Scheme.MOBILITY,
))  # fmt: skip
ILLNESSES = frozenset((Scheme.INVALIDITY, Scheme.CONSTANT_ATTENDANCE))
DEATHS = frozenset((Scheme.SURVIVORS, Scheme.DEPENDANTS, Scheme.FUNERAL))
OFF_WORK = frozenset((Scheme.ANY_HOUR_INJURY, Scheme.SELF_EMPLOYED, Scheme.HOUSEWIFE))
"""Injuries that happen outside an employer's hours."""
WITHOUT_EMPLOYER = frozenset((Scheme.SELF_EMPLOYED, Scheme.HOUSEWIFE))
BEFORE_BOARD = frozenset((Scheme.PERMANENT_DISABLEMENT, Scheme.INVALIDITY))
MONTHLY = frozenset((
    Scheme.INVALIDITY, Scheme.SURVIVORS, Scheme.DEPENDANTS, Scheme.CONSTANT_ATTENDANCE,
    Scheme.JOB_SEARCH,
))  # fmt: skip
"""Paid month by month, so looked at again while in payment."""


@dataclass(slots=True)
class Sickness:
    """An illness; days count back from the claim's `event`, on which the pension was notified."""

    code: str
    began_before: int
    treated_before: int
    clinic: Clinic
    signer: str
    referral: str
    text: str
    percent: int


@dataclass(slots=True)
class Child:
    """Somebody who lived on a wage: a MyKad number and the birthday stated on the form."""

    mykad: str
    born_on: date
    relation: Literal["child", "spouse"] = "child"


@dataclass(slots=True)
class Passing:
    """A death on the claim's `event`, or so it is said."""

    deceased: int
    cause: Literal["work", "road", "illness", "other"]
    registered_after: int | None
    """Days from death to the register's entry; None where the office never gets to see it."""
    place: Place = Place.MALAYSIA
    spouse: bool = True
    """Whether the claimant is the husband or wife, or a guardian or relative."""
    children: list[Child] = field(default_factory=list)
    died_before: int = 0
    """Days by which the register has the death earlier than the form."""


@dataclass(slots=True)
class Placement:
    """A new job or a course; days count from the claim's `event`, the last day at work."""

    starts_after: int
    ends_after: int | None = None
    employer: int | None = None
    centre: str | None = None
    distance: int | None = None
    wage_sen: int | None = None
    told: bool = True
    """Whether the claimant reports it in time."""
    across: bool = False


@dataclass(slots=True)
class Board:
    """A session of the Medical Board; days count from receipt of the claim."""

    listed_after: int
    held_after: int
    minute: int
    escort: str | None = None
    likeness: Literal["same", "differs"] | None = "same"
    moved_after: int | None = None
    """Day of a first session that was put off."""
    noted_after: int | None = None
    """Day that the register has by a slip of the pen, where it is not the day of the session."""


@dataclass(frozen=True, slots=True)
class WageStep:
    """A wage that changes some months before the last month stated."""

    months: int
    wage_sen: int
    lasts: int | None = None
    """Months at the new wage, where it falls back again."""
    corrected: bool = False
    """Whether the months were corrected, and paid, after the event."""


@dataclass(slots=True)
class Details:
    """What papers say beyond the bare claim. `None` leaves it to ordinary chance."""

    vehicle: str | None = None
    passenger: bool | None = None
    police_desk: str | None = None
    off_route: int | None = None
    """Minutes off the usual way."""
    imaging: Literal["agrees", "contradicts", "missing"] | None = None
    absent_that_day: bool = False
    """Whether the employer's list lacks the day of the accident."""
    receipts: tuple[str, ...] | None = None
    other_receipts: tuple[str, ...] = ()
    """Receipts that another payer was given."""
    serial: str | None = None
    """Of the first certificate."""
    last_serial: str | None = None
    """Of the last one."""
    issued_late: int = 0
    """Days after its first day of leave on which the first certificate was written."""
    dated_before: int = 0
    """Days by which the first certificate is dated before the accident."""
    remote: bool | None = None
    letter: str | None = None
    separation_pay: bool | None = None
    uen: str | None = None
    last_month_here: int | None = None
    """Month of the last contribution from an employer in Johor, where a Singapore firm pays now."""
    device: str | None = None
    enrolled_minutes: int | None = None
    """Minutes from the accident to the payment into the scheme; negative before it."""
    enrolled_by: str | None = None
    wage_step: WageStep | None = None
    on_mule_list: bool = False
    """Whether the bank's list names the new account."""


@dataclass(slots=True)
class Plan:
    """One claim in the making. Days count from the first day of the window."""

    number: int
    person: int
    scheme: Scheme
    event: int
    received: int
    minute: int
    employer: int
    leave: int = 0
    leave_parts: list[int] = field(default_factory=list)
    clinic: Clinic | None = None
    signer: str = ""
    one_clinic: bool = False
    road: bool = False
    place: Place = Place.MALAYSIA
    occurred: int = 720
    """Stated minute of the accident, counted from midnight of the event day."""
    really_at: int = 720
    injury_code: str = "S61"
    percent: int = 0
    report_text: str | None = None
    treated_after: int = 60
    treated_in_singapore: bool = False
    police_after: int | None = None
    police_district: str = "JB-SELATAN"
    reason: str = "retrenchment"
    intermediary: str | None = None
    account: Account | None = None
    switched_to: Account | None = None
    switch_device: str | None = None
    switch_before: int = 5
    asked_employer: bool = False
    worked_on_leave: float = 0.0
    """Share of leave days on which the employer's list has the person present."""
    worked_from: int = 0
    """From which day of leave on that is so."""
    careers: list[Career] | None = None
    first_job: bool = False
    """Whether nothing was contributed before those careers."""
    paid_in_lump: int | None = None
    """Days before receipt on which all contributions of the last job were paid at once."""
    enrolled_after: int | None = None
    wage_factor: float = 1.0
    """Stated wage over true wage, where somebody erred."""
    amended: bool = False
    sickness: Sickness | None = None
    passing: Passing | None = None
    placement: Placement | None = None
    """The job or course that is claimed for, or the job with which a job search ends."""
    board: Board | None = None
    platform: str | None = None
    """The gig platform on which somebody also drives."""
    trips_on_leave: float = 0.0
    """Share of leave days on which the account with the platform makes trips."""
    cause: Cause | None = None
    """What the first clinic note gives as the cause, where that differs from the accident."""
    serial_known: bool = True
    """Whether the hospital finds the certificate or referral it is asked about."""
    on_duty: bool = True
    """Whether the practitioner was on duty on the day of issue."""
    other_payer: Literal["wica_insurer", "private_insurer", "other_scheme"] | None = None
    other_payer_told: bool | None = None
    """What the form says of it."""
    instalments: list[int] = field(default_factory=list)
    """Monthly sums in sen, a year of them at most, of what is paid by the month."""
    officer: str | None = None
    """Who approves the claim, where that is not left to the desk."""
    irregular: frozenset[str] = frozenset()
    """What that officer does that is not done."""
    died_on: int | None = None
    """Day on which the person in payment dies."""
    register_late: int = 0
    """Days from that death to the register's entry, where it is late."""
    paid_after_death: int = 0
    """Days for which payments go on after that."""
    spells: list[Spell] = field(default_factory=list)
    trips: list[Trip] = field(default_factory=list)
    label: Label = Label.GENUINE
    typology: str | None = None
    organised: bool = False
    look_alike: str | None = None
    wrong_share: float = 0.0
    mistake: str | None = None
    """What was got wrong where somebody erred: wage, days, months, share or scheme."""
    pay_factor: float = 1.0
    """Stated entitlement over the true one, where somebody erred."""
    details: Details = field(default_factory=Details)
    again: bool = False
    """Whether the person may have had another accident within a year of it."""
    in_crowd: bool = False
    """One of several honest claims that belong together: a bus crash, a plant closing."""

    @property
    def honest(self) -> bool:
        return self.label is Label.GENUINE

    @property
    def untouched(self) -> bool:
        """Honest, and not one of a crowd whose claims tell one story."""
        return self.honest and not self.in_crowd

    @property
    def injury(self) -> bool:
        return self.scheme in INJURIES

    @property
    def loses_job(self) -> bool:
        return self.scheme in JOB_LOSSES

    @property
    def insured(self) -> int:
        """The person whose insurance the claim rests on: the deceased, or the claimant."""
        return self.passing.deceased if self.passing else self.person

    def dice(self, region: Region, purpose: str) -> Random:
        """Draws for this claim and purpose."""
        return region.dice("claim", self.number, purpose)

    def resembles(self, typology: str) -> None:
        """Mark an honest claim that looks like a typology; the first mark stays."""
        if self.look_alike is None and self.typology is None:
            self.look_alike = typology


def add_leave(plan: Plan, draw: Random, region: Region) -> None:
    """Certified leave in parts, by one clinic or several."""
    if plan.scheme is Scheme.PERMANENT_DISABLEMENT:
        plan.leave = draw.choice((30, 45, 60, 60, 90, 90, 120))
    elif draw.random() < 0.35:
        plan.leave = draw.choices((4, 7, 14, 30, 60, 90), weights=(28, 26, 25, 13, 5, 3))[0]
    else:
        plan.leave = 4 + min(int(draw.expovariate(1 / 8.5)), 176)
    left = plan.leave
    while left > 0:
        part = min(left, draw.choice((4, 7, 7, 14, 14, 21, 30)))
        plan.leave_parts.append(part)
        left -= part
    pick_clinic(plan, draw, region)
    plan.one_clinic = draw.random() < 0.65


def pick_clinic(plan: Plan, draw: Random, region: Region) -> None:
    """A panel clinic near home, the big hospital, the night clinic, or the only bone unit."""
    near = region.clinics[(plan.person * 7 + draw.randrange(3)) % len(region.clinics)]
    shares = (6, 64, 10, 20) if plan.scheme is Scheme.PERMANENT_DISABLEMENT else (56, 27, 12, 5)
    places = (near, region.hospital, region.night_clinic, region.bone_unit)
    plan.clinic = draw.choices(places, weights=shares)[0]
    plan.signer = draw.choice(plan.clinic.practitioners)
