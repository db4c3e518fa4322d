"""First tables: raw rows, links, assessments, cases, staff, audit and outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessments",
        sa.Column("assessment_id", sa.String(length=32), nullable=False),
        sa.Column("claim_id", sa.String(length=64), nullable=False),
        sa.Column("claim_version", sa.Integer(), nullable=False),
        sa.Column("scoring_point", sa.String(length=16), nullable=False),
        sa.Column("trigger_fact", sa.String(length=64), nullable=False),
        sa.Column("cutoff", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sources", sa.String(length=120), nullable=False),
        sa.Column("model_version", sa.String(length=64), nullable=False),
        sa.Column("challenger_version", sa.String(length=64), nullable=True),
        sa.Column("challenger_probability", sa.Float(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('no_review','review','control','offer_help')",
            name=op.f("ck_assessments_outcome"),
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_assessments")),
        sa.UniqueConstraint(
            "claim_id", "claim_version", "scoring_point", "trigger_fact", name="uq_assessments_key"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_events",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_events")),
    )
    op.create_table(
        "claims",
        sa.Column(
            "known_at",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("claim_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("trigger_fact", sa.String(length=64), nullable=False),
        sa.Column("scoring_point", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("insured", sa.String(length=32), nullable=False),
        sa.Column("received_on", sa.Integer(), nullable=False),
        sa.Column("heard_on", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("nodes", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("known_at", name=op.f("pk_claims")),
        sa.UniqueConstraint(
            "claim_id",
            "version",
            "trigger_fact",
            name=op.f("uq_claims_claim_id_version_trigger_fact"),
        ),
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claims_heard_on"), ["heard_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_claims_insured"), ["insured"], unique=False)
        batch_op.create_index(batch_op.f("ix_claims_person"), ["person"], unique=False)

    op.create_table(
        "crossing_days",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outage_share", sa.Float(), nullable=False),
        sa.Column("known_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("followed_up", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_crossing_days")),
    )
    op.create_table(
        "judgements",
        sa.Column(
            "known_at",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("judged_by", sa.String(length=64), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('same','different','unsure','taken_back')",
            name=op.f("ck_judgements_verdict"),
        ),
        sa.PrimaryKeyConstraint("known_at", name=op.f("pk_judgements")),
    )
    op.create_table(
        "dead_letters",
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint(
            "topic", "partition", "offset", "digest", name=op.f("pk_dead_letters")
        ),
    )
    op.create_table(
        "decision_files",
        sa.Column("assessment_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_decision_files")),
    )
    op.create_table(
        "facts",
        sa.Column(
            "known_at",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("fact_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("known_at", name=op.f("pk_facts")),
        sa.UniqueConstraint("fact_id", name=op.f("uq_facts_fact_id")),
    )
    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_facts_subject_kind"), ["subject", "kind"], unique=False
        )

    op.create_table(
        "ingest_position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("simulated_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingest_position")),
    )
    op.create_table(
        "nodes",
        sa.Column("node", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("degree", sa.Integer(), nullable=False),
        sa.Column("latest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_nodes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outcomes",
        sa.Column(
            "known_at",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("claim_id", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=32), nullable=False),
        sa.Column("picked_by", sa.String(length=16), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong_payment_sen", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("known_at", name=op.f("pk_outcomes")),
    )
    with op.batch_alter_table("outcomes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcomes_claim_id"), ["claim_id"], unique=False)

    op.create_table(
        "person_days",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("hours_there", sa.Float(), nullable=True),
        sa.Column("out_minute", sa.Integer(), nullable=True),
        sa.Column("back_minute", sa.Integer(), nullable=True),
        sa.Column("asleep_there", sa.Boolean(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("known_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("person", "day", "known_at", name=op.f("pk_person_days")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "policies",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policies")),
    )
    op.create_table(
        "source_switches",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("switched_by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_source_switches")),
    )
    op.create_table(
        "reassessed",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("original", sa.String(length=32), nullable=False),
        sa.Column("assessment_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["source_switches.number"],
            name=op.f("fk_reassessed_number_source_switches"),
        ),
        sa.PrimaryKeyConstraint("number", "original", name=op.f("pk_reassessed")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_reassessed_assessment_id")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("name_digest", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name_digest", name=op.f("pk_sign_in_failures")),
    )
    op.create_table(
        "staff",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('investigator','supervisor','auditor','integrity')",
            name=op.f("ck_staff_role"),
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_staff")),
    )
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("claim_id", sa.String(length=64), nullable=False),
        sa.Column("assessment_id", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=8), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_on", sa.Integer(), nullable=False),
        sa.Column("order_key", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decision", sa.LargeBinary(), nullable=True),
        sa.Column("support_referred_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cause IN ('flagged','control')", name=op.f("ck_cases_cause")),
        sa.CheckConstraint(
            "state IN ('new','in_review','information_requested','awaiting_approval','cleared','corrected','referred','closed_insufficient_evidence')",
            name=op.f("ck_cases_state"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["staff.name"],
        ),
        sa.ForeignKeyConstraint(
            ["holder"],
            ["staff.name"],
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_cases_claim_id")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_holder"), ["holder"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_cases_state_opened_on_order_key"),
            ["state", "opened_on", "order_key"],
            unique=False,
        )

    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff"],
            ["staff.name"],
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_staff"), ["staff"], unique=False)

    op.create_table(
        "case_conflicts",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.ForeignKeyConstraint(
            ["staff"],
            ["staff.name"],
        ),
        sa.PrimaryKeyConstraint("case_id", "staff", name=op.f("pk_case_conflicts")),
    )
    op.create_table(
        "case_events",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_events")),
    )
    op.create_table(
        "questions",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["staff.name"],
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_questions")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_questions_due_at"), ["due_at"], unique=False)
    op.bulk_insert(
        sa.table("ingest_position", sa.column("id"), sa.column("value")), [{"id": 1, "value": 0}]
    )
    for statement in _INSERT_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


_INSERT_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_events_no_{verb} BEFORE {verb} ON audit_events"
        " BEGIN SELECT RAISE(ABORT, 'audit events are only ever added'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        (
            "CREATE FUNCTION audit_events_are_kept() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'audit events are only ever added'; END $$"
        ),
        (
            "CREATE TRIGGER audit_events_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_kept()"
        ),
    ],
}
