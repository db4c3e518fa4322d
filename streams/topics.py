"""Every topic in one table: what it holds, what keeps its order, and how long it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from fraud.errors import Misconfigured
from streams.ports import TopicSpec

DAY_MS = 24 * 60 * 60 * 1000
MIB = 1024 * 1024
FOREVER = -1


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic; records with the same key stay in order."""

    name: str
    key: str
    contents: str
    retention_days: int
    """Days a record is kept; -1 for ever."""
    max_message_bytes: int = MIB
    partitions: int = 12
    """The most processes that can share the work; adding some later would part keys."""

    def spec(self, replication_factor: int = 1) -> TopicSpec:
        """The topic as a broker is asked to make it."""
        retention = self.retention_days * DAY_MS if self.retention_days != FOREVER else FOREVER
        settings = {
            "retention.ms": str(retention),
            "max.message.bytes": str(self.max_message_bytes),
            "cleanup.policy": "delete",
        }
        if replication_factor >= 3:
            # One copy may be away; with two of two an outage of one would stop every sender.
            settings["min.insync.replicas"] = "2"
        return TopicSpec(self.name, self.partitions, settings, replication_factor)


CLAIMS = Topic("claims.submitted", "person", "claims as lodged, one record per version", 30)
FACTS = Topic(
    "facts.reported",
    "person, employer or claim",
    "facts around claims: contributions, attendance, payments, decisions of the office",
    30,
)
ASSESSMENTS = Topic(
    "assessments.made", "person", "that a claim was looked at, one record per assessment key", 30
)
REVIEWS = Topic("reviews.decided", "person", "outcomes of cases decided at the desk", 365)
ANCHORS = Topic("audit.anchors", "audit", "signed heads of the audit chain", FOREVER)
DEAD_LETTERS = Topic(
    "dead.letters",
    "as it came",
    "records that could not be used, byte for byte, with reason, place and time as headers",
    365,
    # A source record of up to 1 MiB and its headers must always fit; of what was packed well and
    # is larger, `fraud.store.letters` publishes a part.
    max_message_bytes=2 * MIB,
)

TOPICS = (CLAIMS, FACTS, ASSESSMENTS, REVIEWS, ANCHORS, DEAD_LETTERS)
SOURCES = (CLAIMS.name, FACTS.name)
"""What the scoring process reads."""


def specs(replication_factor: int = 1) -> list[TopicSpec]:
    """All topics, for `TopicAdmin.ensure_topics`."""
    return [topic.spec(replication_factor) for topic in TOPICS]


def refuse_missing(wanted: Iterable[str], present: Iterable[str]) -> None:
    """Raise Misconfigured, naming the cure, unless every topic that is wanted is there."""
    if missing := sorted(set(wanted) - set(present)):
        raise Misconfigured(
            f"these topics do not exist: {', '.join(missing)};"
            " create them with `fraud-streams topics --create`"
        )
