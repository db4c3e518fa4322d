"""Rows of the policy table."""

from datetime import datetime

from sqlalchemy import Connection, select

from fraud.store.schema import policies


def latest(connection: Connection) -> str | None:
    """Content of the newest policy, or None when none was ever set."""
    return connection.execute(
        select(policies.c.content).order_by(policies.c.version.desc()).limit(1)
    ).scalar_one_or_none()


def add(
    connection: Connection,
    *,
    version: int,
    content: str,
    made_at: datetime,
    made_by: str,
    reason: str,
) -> None:
    """Add the next version of the policy."""
    connection.execute(
        policies.insert().values(
            version=version, content=content, made_at=made_at, made_by=made_by, reason=reason
        )
    )
