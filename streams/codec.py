"""Records of a topic <-> claims and facts: bodies are JSON, the rest travels in headers.

Envelope: CloudEvents 1.0 in binary mode. A body is read strictly (no text for a number, no
unknown field), because what is guessed at the door cannot be corrected behind it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from fraud.errors import InvalidInput
from fraud.privacy import KeyRing
from fraud.records import (
    AccountChange,
    BoardAttendance,
    BoardListing,
    Claim,
    DeathRegistered,
    Decision,
    Enrolment,
    HospitalAnswer,
    InsurerPayment,
    OfficerAction,
    Payment,
    faults_of,
)
from fraud.store.raw_facts import subject_of
from streams.messages import Incoming, Kind, kind_of, read_type, upgrade
from streams.ports import Headers, OutRecord, Record

MAX_BODY_BYTES = 256 * 1024
"""The largest lawful claim (40 certificates, 4,000 letters of report) takes a tenth of this."""

EARLIEST, LATEST = 1900, 2200
"""Years; arithmetic on a date beyond them could overflow and stop the worker for ever."""

# Hints only, in one pass over the bytes; what they find is then checked properly.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_ODD_YEAR = re.compile(rb'"(?:0\d|1[0-8]|2[2-9]|[3-9]\d)\d\d-\d\d-\d\d')


@dataclass(frozen=True, slots=True)
class Decoded:
    """A batch after reading: what can be used, in order, and what cannot, with the reason."""

    records: list[Incoming]
    refused: list[tuple[Record, str]]


def decode_batch(records: Iterable[Record]) -> Decoded:
    """Read every record; one that cannot be used does not keep the others back."""
    decoded = Decoded([], [])
    for record in records:
        try:
            decoded.records.append(decode(record))
        except InvalidInput as error:  # its answer is a dead letter, see failures
            decoded.refused.append((record, str(error)))
    return decoded


def decode(record: Record) -> Incoming:
    """The claim or fact in a record. Raises InvalidInput with every fault; never prints a value."""
    if record.unreadable:
        raise InvalidInput(record.unreadable)
    kind, version = _type_of(record)
    body = record.value
    if not body:
        raise InvalidInput("the record has no body")
    if len(body) > MAX_BODY_BYTES:
        raise InvalidInput(f"the body has {len(body)} bytes; at most {MAX_BODY_BYTES} are read")
    try:
        if version != kind.version:
            body = _upgraded(kind, version, body)
        found: Incoming = kind.record.model_validate_json(body, strict=True)  # type: ignore[assignment] # KINDS lists every fact there is
    except ValidationError as error:
        raise InvalidInput(f"not a valid {kind.type_name}", faults_of(error)) from error
    if b"\\u0000" in body and _NUL.search(body):
        raise InvalidInput("the body holds a NUL character, which no database keeps")
    if _ODD_YEAR.search(body) or any(_is_odd(instant) for instant in _instants(found)):
        _refuse_odd_years(found)
    return found


def _type_of(record: Record) -> tuple[Kind, int]:
    headers = dict(record.headers)
    missing = [name for name in ("ce_id", "ce_source", "ce_type") if not headers.get(name)]
    if headers.get("ce_specversion") != b"1.0":
        missing.append("ce_specversion (1.0)")
    if missing:
        raise InvalidInput(f"these headers are missing or empty: {', '.join(missing)}")
    content = headers.get("content-type") or b"application/json"
    if content != b"application/json" and not content.startswith(b"application/json;"):
        raise InvalidInput("the content type is not application/json")
    kind, version = _read_type(headers["ce_type"] or b"")
    if kind.topic != record.topic:
        raise InvalidInput(f"{kind.name} belongs on {kind.topic}, not on {record.topic}")
    return kind, version


@lru_cache(maxsize=256)
def _read_type(type_name: bytes) -> tuple[Kind, int]:
    return read_type(type_name.decode("utf-8", "replace"))


def _upgraded(kind: Kind, version: int, body: bytes) -> bytes:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("the body is not JSON") from error
    if not isinstance(content, dict):
        raise InvalidInput("the body is not a JSON object")
    return json.dumps(upgrade(kind, version, content)).encode()


def _instants(record: Incoming) -> tuple[datetime | None, ...]:
    """The fields in which a number as text passes for an instant, so that no year can be seen."""
    if not isinstance(record, Claim):
        return (stated_at(record),)
    injury = record.injury
    if injury is None:
        return (record.received_at,)
    return (
        record.received_at,
        injury.occurred_at,
        injury.first_treated_at,
        injury.police_report_at,
    )


def _is_odd(day: date | None) -> bool:
    return day is not None and not EARLIEST <= day.year <= LATEST


def _refuse_odd_years(part: BaseModel) -> None:
    odd = sorted(_odd_years(part, ""))
    if odd:
        raise InvalidInput(f"outside the years {EARLIEST} to {LATEST}: {', '.join(odd)}")


def _odd_years(value: Any, place: str) -> Iterable[str]:
    """Names of the date fields in a record whose year is out of range."""
    if isinstance(value, date):
        if _is_odd(value):
            yield place
    elif isinstance(value, BaseModel):
        for name, inner in value:
            yield from _odd_years(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _odd_years(inner, f"{place}.{number}")


def encode(record: Incoming, keyring: KeyRing, *, source: str = "sempadan") -> OutRecord:
    """The record as it is sent: keyed by the person's pseudonym, with CloudEvents headers.

    An employer's description is keyed by the employer, an office decision by its claim.
    """
    kind = kind_of(record)
    key = key_of(record, keyring)
    message_id = (
        f"{record.claim_id}:{record.version}" if isinstance(record, Claim) else record.fact_id
    )
    return OutRecord(
        topic=kind.topic,
        key=key.encode(),
        value=record.model_dump_json(exclude_none=True).encode(),
        headers=envelope(
            kind.type_name, message_id, at=stated_at(record), subject=key, source=source
        ),
    )


def envelope(
    type_name: str, message_id: str, *, at: datetime, subject: str, source: str = "sempadan"
) -> Headers:
    """CloudEvents 1.0 attributes as headers."""
    return (
        ("ce_specversion", b"1.0"),
        ("ce_id", message_id.encode()),
        ("ce_source", source.encode()),
        ("ce_type", type_name.encode()),
        ("ce_time", at.astimezone(UTC).isoformat().encode()),
        ("ce_subject", subject.encode()),
        ("content-type", b"application/json"),
    )


def key_of(record: Incoming, keyring: KeyRing) -> str:
    """What keeps a record in order with its like."""
    if isinstance(record, Claim):
        return keyring.person_key(record.claimant.mykad)
    return subject_of(record, keyring)


_SPEAKS_OF: Mapping[type, str] = {
    Claim: "received_at",
    Enrolment: "paid_at",
    Payment: "paid_at",
    InsurerPayment: "paid_at",
    AccountChange: "changed_at",
    Decision: "decided_at",
    HospitalAnswer: "answered_at",
    DeathRegistered: "registered_at",
    BoardListing: "listed_at",
    BoardAttendance: "attended_at",
    OfficerAction: "acted_at",
}
"""The field that holds a record's instant; of all others it is `stated_at`."""


def stated_at(record: Incoming) -> datetime:
    """The instant a record speaks of, for its envelope and for replays in order."""
    at: datetime = getattr(record, _SPEAKS_OF.get(type(record), "stated_at"))
    return at
