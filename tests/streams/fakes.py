"""Honest claims and facts, and a stand-in for the database behind the worker."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from fraud.assessment import Floats, ModelVersion, Policy
from fraud.errors import Unavailable
from fraud.privacy import KeyRing
from fraud.records import (
    Claim,
    Claimant,
    ClaimId,
    ContributionRun,
    ContributionStatement,
    Fact,
    Scheme,
)
from fraud.store.letters import DeadLetter
from fraud.workflow.intake import Assessor, BatchResult
from streams import codec
from streams.crashpoint import CrashPoint, no_crash
from streams.memory_io import MemoryBroker
from streams.ports import OutRecord, Record
from streams.topics import specs

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
KEYRING = KeyRing(b"0123456789abcdef0123456789abcdef")


def a_claim(number: int = 1, **changes: Any) -> Claim:
    """A plain claim; `number` tells claims and people apart."""
    return Claim(
        **{
            "claim_id": ClaimId(f"C{number:07d}"),
            "version": 1,
            "scheme": Scheme.COMMUTER,
            "received_at": NOW - timedelta(minutes=5),
            "channel": "online",
            "claimant": Claimant(mykad=f"9001010{number:05d}", name="Aminah binti Ahmad"),
            "expected_payment_sen": 150_000,
        }
        | changes
    )


def a_statement(number: int = 1, **changes: Any) -> ContributionStatement:
    return ContributionStatement(
        **{
            "fact_id": f"F{number:07d}",
            "mykad": f"9001010{number:05d}",
            "stated_at": NOW - timedelta(days=1),
            "runs": (
                ContributionRun(
                    employer_code="A00000000001",
                    first_month=date(2023, 1, 1),
                    last_month=date(2026, 10, 1),
                    monthly_wage_sen=300_000,
                ),
            ),
        }
        | changes
    )


def sent(record: Claim | Fact) -> OutRecord:
    return codec.encode(record, KEYRING)


def as_read(out: OutRecord, *, offset: int = 0, partition: int = 0) -> Record:
    return Record(out.topic, partition, offset, out.key, out.value, out.headers, 1)


def a_broker() -> MemoryBroker:
    broker = MemoryBroker()
    broker.admin().ensure_topics(specs())
    return broker


class FixedScorer:
    """Gives every claim the same probability."""

    def __init__(self, version: str = "1") -> None:
        self.version = ModelVersion("fixed", version, "0" * 64, "test")
        self.review_lines = {0.01: 0.5}

    def probabilities(self, vectors: Floats) -> Floats:
        return np.full(len(vectors), 0.1)

    def contributions(self, vectors: Floats) -> Floats:
        return np.zeros_like(vectors)


class FixedChampion:
    """Names one scorer after the other, staying with the last."""

    def __init__(self, *versions: str) -> None:
        self.versions = list(versions or ("1",))

    def assessor(self) -> Assessor:
        version = self.versions.pop(0) if len(self.versions) > 1 else self.versions[0]
        return Assessor(scorer=FixedScorer(version), policy=Policy(), challenger=None)


@dataclass
class MemoryDesk:
    """Keeps what one database would: each claim version, fact and source position once."""

    claims: dict[tuple[str, int], str] = field(default_factory=dict)
    facts: set[str] = field(default_factory=set)
    letters: dict[tuple[str, int, int], DeadLetter] = field(default_factory=dict)
    fail_next: int = 0
    batches: list[int] = field(default_factory=list)

    def process(
        self,
        records: Sequence[Claim | Fact],
        *,
        assessor: Assessor,
        now: datetime,
        dead: Sequence[DeadLetter] = (),
        crash: CrashPoint = no_crash,
    ) -> BatchResult:
        if self.fail_next:
            self.fail_next -= 1
            raise Unavailable("the database does not answer: told so by a test")
        claims = {(r.claim_id, r.version) for r in records if isinstance(r, Claim)}
        facts = {r.fact_id for r in records if isinstance(r, Fact)}
        letters = {(d.topic, d.partition, d.offset): d for d in dead}
        new = claims - self.claims.keys()
        crash("in_transaction")
        self.claims |= dict.fromkeys(new, assessor.scorer.version.version)
        self.facts |= facts
        fresh = letters.keys() - self.letters.keys()
        self.letters |= letters
        self.batches.append(len(records))
        asked = sum(isinstance(record, Claim) for record in records)
        return BatchResult(asked, asked - len(new), len(facts), len(new), 0, len(fresh))
