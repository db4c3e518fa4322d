"""What travels on the topics: message types by name and version, and how old ones are upgraded.

A type is written `my.sempadan.claim.lodged.v1`. A change that older readers or records would
not survive gets the next version, and one step in `UPGRADES` that rewrites the version before.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from fraud.assessment import Outcome, ScoringPoint
from fraud.errors import InvalidInput
from fraud.records import (
    AccountChange,
    AnyFact,
    Attendance,
    BoardAttendance,
    BoardListing,
    Claim,
    ContributionStatement,
    DayPresence,
    DeathRegistered,
    Decision,
    EmployerArrears,
    EmployerDescription,
    Enrolment,
    Fact,
    Hire,
    HospitalAnswer,
    InsurerPayment,
    JobStarted,
    OfficerAction,
    Payment,
    PaymentDue,
    PlatformTrips,
    StaffMove,
)
from fraud.workflow.consequences import ASSESSMENT_TYPE
from streams import topics

Incoming = Claim | AnyFact
"""What the scoring process reads."""

Step = Callable[[dict[str, Any]], dict[str, Any]]
"""Rewrites the body of one version into that of the next."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message that we read: its name, today's version, its record and its topic."""

    name: str
    version: int
    record: type[Claim] | type[Fact]
    topic: str

    @property
    def type_name(self) -> str:
        return f"{self.name}.v{self.version}"


KINDS = (
    Kind("my.sempadan.claim.lodged", 1, Claim, topics.CLAIMS.name),
    Kind("my.sempadan.contributions.stated", 1, ContributionStatement, topics.FACTS.name),
    Kind("my.sempadan.employer.described", 1, EmployerDescription, topics.FACTS.name),
    Kind("my.sempadan.attendance.recorded", 1, Attendance, topics.FACTS.name),
    Kind("my.sempadan.enrolment.paid", 1, Enrolment, topics.FACTS.name),
    Kind("my.sempadan.account.changed", 1, AccountChange, topics.FACTS.name),
    Kind("my.sempadan.payment.made", 1, Payment, topics.FACTS.name),
    Kind("my.sempadan.decision.reported", 1, Decision, topics.FACTS.name),
    Kind("my.sempadan.hospital.answered", 1, HospitalAnswer, topics.FACTS.name),
    Kind("my.sempadan.insurer.paid", 1, InsurerPayment, topics.FACTS.name),
    Kind("my.sempadan.platform.trips", 1, PlatformTrips, topics.FACTS.name),
    Kind("my.sempadan.job.started", 1, JobStarted, topics.FACTS.name),
    Kind("my.sempadan.death.registered", 1, DeathRegistered, topics.FACTS.name),
    Kind("my.sempadan.board.listed", 1, BoardListing, topics.FACTS.name),
    Kind("my.sempadan.board.attended", 1, BoardAttendance, topics.FACTS.name),
    Kind("my.sempadan.payment.due", 1, PaymentDue, topics.FACTS.name),
    Kind("my.sempadan.presence.answered", 1, DayPresence, topics.FACTS.name),
    Kind("my.sempadan.arrears.stated", 1, EmployerArrears, topics.FACTS.name),
    Kind("my.sempadan.staff.moved", 1, StaffMove, topics.FACTS.name),
    Kind("my.sempadan.hire.reported", 1, Hire, topics.FACTS.name),
    Kind("my.sempadan.officer.acted", 1, OfficerAction, topics.FACTS.name),
)

UPGRADES: Mapping[tuple[str, int], Step] = {}
"""By name and *from* version. Every type is at its first version so far."""

ASSESSMENT_MADE = ASSESSMENT_TYPE
AUDIT_ANCHORED = "my.sempadan.audit.anchored.v1"


class AssessmentMade(BaseModel):
    """That a claim version was looked at: the body on `assessments.made`, one for each key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    assessment_id: str
    claim_id: str
    claim_version: int
    scoring_point: ScoringPoint
    trigger_fact: str
    outcome: Outcome
    probability: float
    model_version: str
    feature_set: str
    policy_version: int
    cutoff: int
    made_at: AwareDatetime


class AuditAnchored(BaseModel):
    """A signed head of the audit chain: the body on `audit.anchors`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    digest: str
    signature: str
    anchored_at: AwareDatetime


_BY_NAME = {kind.name: kind for kind in KINDS}
_BY_RECORD = {kind.record: kind for kind in KINDS}
_TYPE = re.compile(r"(my\.sempadan\.[a-z]+\.[a-z]+)\.v([1-9]\d{0,3})")


def kind_of(record: Incoming) -> Kind:
    """The kind under which a record travels."""
    return _BY_RECORD[type(record)]


def read_type(type_name: str) -> tuple[Kind, int]:
    """The kind and the version in a type name. Raises InvalidInput when we do not know them."""
    match = _TYPE.fullmatch(type_name)
    kind = _BY_NAME.get(match[1]) if match else None
    if match is None or kind is None:
        raise InvalidInput(f"the message type is unknown; known are {', '.join(sorted(_BY_NAME))}")
    version = int(match[2])
    if version > kind.version:
        raise InvalidInput(
            f"{kind.name} has version {version}, newer than this program's {kind.version}"
        )
    return kind, version


def upgrade(
    kind: Kind,
    version: int,
    body: dict[str, Any],
    *,
    steps: Mapping[tuple[str, int], Step] = UPGRADES,
) -> dict[str, Any]:
    """The body as today's version has it, rewritten one version at a time.

    Raises InvalidInput when a step is missing or does not fit the body.
    """
    for older in range(version, kind.version):
        step = steps.get((kind.name, older))
        if step is None:
            raise InvalidInput(f"{kind.name} version {older} is no longer read")
        try:
            body = step(body)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidInput(f"not a valid {kind.name} version {older}") from error
    return body
