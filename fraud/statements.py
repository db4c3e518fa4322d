"""What can be stated about a claim: hits of rules and sentences, each with its records."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Family(StrEnum):
    """Independent kinds of evidence; the top tier needs two of them."""

    CLAIM = "claim"
    DOCUMENT = "document"
    EMPLOYER = "employer"
    COMMUTER = "commuter"
    LINKS = "links"


class HitKind(StrEnum):
    """Four things that are never mixed; only a lead may say that something deserves a look."""

    NOT_PAYABLE = "not_payable"
    DATA_QUALITY = "data_quality"
    LEAD = "lead"
    MONEY_OWED = "money_owed"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence for a person: a key of the wording catalogue with its values.

    `records` names the records it rests on (claim ids, fact ids, certificate serials, days).
    """

    key: str
    values: dict[str, Any]
    family: Family
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A fact stated by a rule."""

    rule: str
    kind: HitKind
    source: str
    """The section of law or the typology it comes from."""
    statement: Statement
