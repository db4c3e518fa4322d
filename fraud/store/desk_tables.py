"""The tables of the review desk: cases, what happened to them, and the people who review.

What people write about a person (reasons, notes, questions, replies) is sealed. Constraints do
the promising: one case for each claim, one event for each step of a case, known states only.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from fraud.store.schema import Instant, metadata

staff = Table(
    "staff",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("added_at", Instant, nullable=False),
    CheckConstraint("role IN ('investigator','supervisor','auditor','integrity')", name="role"),
)

cases = Table(
    "cases",
    metadata,
    Column("case_id", String(64), primary_key=True),
    Column("claim_id", String(64), nullable=False, unique=True),
    Column("assessment_id", String(32), nullable=False),
    Column("cause", String(8), nullable=False),  # read only once first_decided_at is set
    Column("opened_at", Instant, nullable=False),
    Column("opened_on", Integer, nullable=False),  # day number at the border (date.toordinal)
    Column("order_key", Float, nullable=False),  # keyed shuffle inside the day
    Column("state", String(32), nullable=False),
    Column("version", Integer, nullable=False),  # number of the last event
    Column("holder", String(64), ForeignKey("staff.name")),
    Column("lease_until", Instant),
    Column("first_decided_at", Instant),
    Column("decided_by", String(64), ForeignKey("staff.name")),
    Column("decision", LargeBinary),  # sealed
    Column("support_referred_at", Instant),
    CheckConstraint("cause IN ('flagged','control')", name="cause"),
    CheckConstraint(
        "state IN ('new','in_review','information_requested','awaiting_approval','cleared',"
        "'corrected','referred','closed_insufficient_evidence')",
        name="state",
    ),
    Index(None, "state", "opened_on", "order_key"),
    Index(None, "holder"),
)

case_events = Table(
    "case_events",
    metadata,
    Column("case_id", String(64), ForeignKey("cases.case_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("step", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""Every step of every case, in order; only ever added to."""

questions = Table(
    "questions",
    metadata,
    Column("case_id", String(64), ForeignKey("cases.case_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("asked_by", String(64), ForeignKey("staff.name"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("replied_at", Instant),
    Column("lapsed_at", Instant),
    Column("closed_at", Instant),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "due_at"),
)
"""Questions put to claimants; `number` is that of the event that asked."""

case_conflicts = Table(
    "case_conflicts",
    metadata,
    Column("case_id", String(64), ForeignKey("cases.case_id"), primary_key=True),
    Column("staff", String(64), ForeignKey("staff.name"), primary_key=True),
    Column("declared_at", Instant, nullable=False),
)
"""Who may not touch a case, because they said so."""

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the id in the cookie
    Column("staff", String(64), ForeignKey("staff.name"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Index(None, "staff"),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("name_digest", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)
"""Failed sign-ins by name, known or not, so that guessing is slow for both alike."""
