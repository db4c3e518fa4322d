"""How the desk's rows keep instants, and what people wrote about a person."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fraud.privacy import KeyRing
from fraud.store.engine import as_utc


def sealed(keyring: KeyRing, content: Mapping[str, Any], row: str) -> bytes:
    """Content sealed for one row."""
    return keyring.seal(json.dumps(content, ensure_ascii=False).encode(), row)


def opened(keyring: KeyRing, sealed_content: bytes, row: str) -> dict[str, Any]:
    """Content that was sealed for this row."""
    return dict(json.loads(keyring.open(sealed_content, row)))


def utc(instant: datetime) -> datetime:
    """SQLite drops the zone, so everything is written in UTC."""
    return instant.astimezone(UTC)


def utc_or_none(instant: datetime | None) -> datetime | None:
    """As `utc`, for an instant that may be missing."""
    return None if instant is None else utc(instant)


def read_or_none(instant: datetime | None) -> datetime | None:
    """An instant that may be missing, read in UTC."""
    return None if instant is None else as_utc(instant)
