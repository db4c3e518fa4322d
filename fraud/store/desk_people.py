"""The rows about the people of the desk: staff, their sessions, and failed sign-ins."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from fraud.cases import Actor, Role
from fraud.store.desk_tables import sessions, sign_in_failures, staff
from fraud.store.engine import as_utc


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person who may sign in."""

    name: str
    role: Role
    password_hash: str
    active: bool


def add_staff_member(connection: Connection, member: StaffMember, now: datetime) -> None:
    """Add a person, or give a known one a new role and password."""
    values = {
        "role": member.role.value,
        "password_hash": member.password_hash,
        "active": member.active,
    }
    known = connection.execute(update(staff).where(staff.c.name == member.name).values(values))
    if not known.rowcount:
        connection.execute(insert(staff).values(name=member.name, added_at=_utc(now), **values))


def deactivate_staff_member(connection: Connection, name: str) -> bool:
    """Take a person's right to sign in away; False when nobody active has this name."""
    active = staff.c.name == name, staff.c.active
    return bool(connection.execute(update(staff).where(*active).values(active=False)).rowcount)


def find_staff_member(connection: Connection, name: str) -> StaffMember | None:
    """The person with this name, or None."""
    row = connection.execute(select(staff).where(staff.c.name == name)).one_or_none()
    return StaffMember(row.name, Role(row.role), row.password_hash, row.active) if row else None


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as kept: the digest of its id, whose it is, and when it was made and last used."""

    digest: str
    actor: Actor
    made_at: datetime
    seen_at: datetime


def add_session(connection: Connection, digest: str, name: str, now: datetime) -> None:
    """Keep a new session."""
    connection.execute(
        insert(sessions).values(digest=digest, staff=name, made_at=_utc(now), seen_at=_utc(now))
    )


def find_session(connection: Connection, digest: str) -> StoredSession | None:
    """The session with this digest, if its owner may still sign in."""
    row = connection.execute(
        select(sessions, staff.c.role)
        .join(staff, staff.c.name == sessions.c.staff)
        .where(sessions.c.digest == digest, staff.c.active)
    ).one_or_none()
    if row is None:
        return None
    actor = Actor(row.staff, Role(row.role))
    return StoredSession(row.digest, actor, as_utc(row.made_at), as_utc(row.seen_at))


def touch_session(connection: Connection, digest: str, now: datetime) -> None:
    """Note that a session was used."""
    connection.execute(
        update(sessions).where(sessions.c.digest == digest).values(seen_at=_utc(now))
    )


def drop_session(connection: Connection, digest: str) -> None:
    """End a session."""
    connection.execute(delete(sessions).where(sessions.c.digest == digest))


def drop_sessions_of(connection: Connection, name: str) -> None:
    """End every session of a person."""
    connection.execute(delete(sessions).where(sessions.c.staff == name))


def drop_old_sessions(
    connection: Connection, *, made_before: datetime, seen_before: datetime
) -> None:
    """End every session that was made or last used too long ago."""
    connection.execute(
        delete(sessions).where(
            or_(sessions.c.made_at < _utc(made_before), sessions.c.seen_at < _utc(seen_before))
        )
    )


@dataclass(frozen=True, slots=True)
class Failures:
    """How often in a row a sign-in failed, and when it last did."""

    count: int
    last_at: datetime


def failures_of(connection: Connection, name_digest: str) -> Failures | None:
    """The failed sign-ins under a name, or None."""
    row = connection.execute(
        select(sign_in_failures).where(sign_in_failures.c.name_digest == name_digest)
    ).one_or_none()
    return Failures(row.failures, as_utc(row.last_at)) if row else None


def save_failures(connection: Connection, name_digest: str, failures: Failures) -> None:
    """Write down failed sign-ins under a name."""
    clear_failures(connection, name_digest)
    connection.execute(
        insert(sign_in_failures).values(
            name_digest=name_digest, failures=failures.count, last_at=_utc(failures.last_at)
        )
    )


def clear_failures(connection: Connection, name_digest: str) -> None:
    """Forget failed sign-ins under a name."""
    connection.execute(
        delete(sign_in_failures).where(sign_in_failures.c.name_digest == name_digest)
    )


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
