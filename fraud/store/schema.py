"""Every table of the application's database, but those of the desk (`fraud.store.desk_tables`).

Raw rows (claims, facts, person-days) carry `known_at`: the ingest position handed out by the
database under one lock, so that "what was known by then" has one answer for every worker.
Whole records are sealed (`fraud.privacy`); plain columns hold pseudonyms and numbers only.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Position = BigInteger().with_variant(Integer, "sqlite")
Instant = DateTime(timezone=True)

ingest_position = Table(
    "ingest_position",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True),
    Column("value", Position, nullable=False),
    Column("simulated_at", Instant),
)
"""One row: the last position handed out, and the time on the simulated clock if there is one."""

claims = Table(
    "claims",
    metadata,
    Column("known_at", Position, primary_key=True, autoincrement=False),
    Column("claim_id", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column(
        "trigger_fact", String(64), nullable=False
    ),  # '' as lodged, else the later fact for which it is assessed again
    Column("scoring_point", String(16), nullable=False),
    Column("person", String(32), nullable=False),
    Column("insured", String(32), nullable=False),  # the person, or the deceased
    Column("received_on", Integer, nullable=False),  # day number at the border (date.toordinal)
    Column("heard_on", Integer, nullable=False),  # day of receipt, or of the last fact naming it
    Column("first_day", Integer),  # days of crossings that the claim is about, NULL when none
    Column("last_day", Integer),
    Column("nodes", LargeBinary, nullable=False),  # packed (kind, node) pairs, see graph.pack_nodes
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("claim_id", "version", "trigger_fact"),
    Index(None, "person"),
    Index(None, "insured"),
    Index(None, "heard_on"),
)
"""Each state of a claim that is assessed: every version as lodged, and after each later fact."""

facts = Table(
    "facts",
    metadata,
    Column("known_at", Position, primary_key=True, autoincrement=False),
    Column("fact_id", String(64), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("subject", String(64), nullable=False),  # person key, employer code or claim id
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "subject", "kind"),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("known_at", Position, primary_key=True, autoincrement=False),
    Column("claim_id", String(64), nullable=False),
    Column("label", String(32), nullable=False),
    Column("picked_by", String(16), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("wrong_payment_sen", BigInteger, nullable=False),
    Column(
        "source", String(16), nullable=False
    ),  # 'fact' from the office, 'desk' from our own desk
    Index(None, "claim_id"),
)
"""Final labels, whether they came as facts from the office or from our own desk."""

person_days = Table(
    "person_days",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("hours_there", Float),
    Column("out_minute", Integer),
    Column("back_minute", Integer),
    Column("asleep_there", Boolean, nullable=False),
    Column("faults", Integer, nullable=False),  # flags of movement.Fault
    Column("known_at", Position, primary_key=True),
    sqlite_with_rowid=False,
)
"""What files show of a person's day; a later file may say what a day before it came to."""

judgements = Table(
    "judgements",
    metadata,
    Column("known_at", Position, primary_key=True, autoincrement=False),
    Column("verdict", String(16), nullable=False),
    Column("judged_by", String(64), nullable=False),
    Column("judged_at", Instant, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # the two numbers and the reason
    CheckConstraint("verdict IN ('same','different','unsure','taken_back')", name="verdict"),
)
"""What people judged of two MyKad numbers: whether they are one person (`fraud.identity`)."""

crossing_days = Table(
    "crossing_days",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("outage_share", Float, nullable=False),
    Column("known_at", Position, nullable=False),
    Column("followed_up", Boolean, nullable=False),
)
"""Days whose border file was received; a day that is not here is unknown for everybody.

`followed_up` says whether the open claims that the file is about were looked at again.
"""

nodes = Table(
    "nodes",
    metadata,
    Column("node", BigInteger, primary_key=True, autoincrement=False),
    Column("degree", Integer, nullable=False),
    Column("latest", LargeBinary, nullable=False),  # known_at of its latest claims, packed int64
    sqlite_with_rowid=False,
)
"""The links of each node: how many claims named it, and the latest of them (`graph.GUARD`).

All links stand in `claims.nodes`; this is the index over them, so a hub costs no more than any
other node and a claim costs one row for each node it names.
"""

assessments = Table(
    "assessments",
    metadata,
    Column("assessment_id", String(32), primary_key=True),
    Column("claim_id", String(64), nullable=False),
    Column("claim_version", Integer, nullable=False),
    Column("scoring_point", String(16), nullable=False),
    Column("trigger_fact", String(64), nullable=False),  # '' at intake
    Column("cutoff", Position, nullable=False),  # rows with known_at <= cutoff were known
    Column("vector", LargeBinary, nullable=False),  # float64, little-endian, catalogue order
    Column("probability", Float, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("tier", Integer, nullable=False),
    Column("content", Text, nullable=False),  # hits, reasons, versions: JSON
    Column("sources", String(120), nullable=False),  # gated sources read for it, by commas
    Column("model_version", String(64), nullable=False),
    Column("challenger_version", String(64)),
    Column("challenger_probability", Float),
    Column("made_at", Instant, nullable=False),
    CheckConstraint("outcome IN ('no_review','review','control','offer_help')", name="outcome"),
    UniqueConstraint(
        "claim_id", "claim_version", "scoring_point", "trigger_fact", name="uq_assessments_key"
    ),
    sqlite_with_rowid=False,
)

source_switches = Table(
    "source_switches",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("source", String(16), nullable=False),
    Column("withdrawn", Boolean, nullable=False),  # false: restored
    Column("switched_at", Instant, nullable=False),
    Column("switched_by", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("finished_at", Instant),  # once everything was assessed again
)
"""Gates shut or opened again by hand, whatever the settings say; a source's last one counts."""

reassessed = Table(
    "reassessed",
    metadata,
    Column("number", Integer, ForeignKey("source_switches.number"), primary_key=True),
    Column("original", String(32), primary_key=True),
    Column("assessment_id", String(32), nullable=False, unique=True),
)
"""Which assessment stands for an original one since a switch; the last switch of it counts."""

decision_files = Table(
    "decision_files",
    metadata,
    Column("assessment_id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""Everything a case rests on, sealed when it was opened."""

policies = Table(
    "policies",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("reason", Text, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("number", Position, primary_key=True, autoincrement=True),
    Column("topic", String(100), nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("headers", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("refused", Text),
    sqlite_autoincrement=True,
)
"""What has still to be published, in order; the relay deletes a row once the broker has it.

A message that no broker will ever take stays, with the reason in `refused`.
"""

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("topic", String(100), primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("offset", Position, primary_key=True),
    Column("digest", String(64), primary_key=True),  # of key, value and timestamp
    Column("reason", Text, nullable=False),
    Column("kept_at", Instant, nullable=False),
    Column("sealed", LargeBinary),  # the whole record, when the letter holds only a part
)
"""Records already kept in the dead-letter topic: a crash neither loses nor doubles one."""

audit_events = Table(
    "audit_events",
    metadata,
    Column("number", Position, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
    Column("digest", String(64), nullable=False),
)
