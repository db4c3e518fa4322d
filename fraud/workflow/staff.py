"""The people of the desk and their passwords."""

import threading
from datetime import datetime
from functools import cache
from secrets import token_hex

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from fraud.audit import AuditEvent
from fraud.cases import Role
from fraud.errors import Fault, Forbidden, InvalidInput, NotFound
from fraud.store.desk_people import (
    StaffMember,
    add_staff_member,
    deactivate_staff_member,
    drop_sessions_of,
    find_staff_member,
)
from fraud.store.engine import Store

LEAST_PASSWORD = 12
"""Characters of a password; length is what makes guessing slow."""

HASHER = PasswordHasher()
"""argon2id with the library's defaults: about 0.1 s and 64 MB for each check."""

FEW_AT_A_TIME = threading.BoundedSemaphore(2)
"""At 64 MB each, a burst of sign-ins must not take all memory."""


def add_staff(
    store: Store, name: str, role: Role, password: str, *, now: datetime, by: str = "command line"
) -> None:
    """Add a person who may sign in, or give a known one a new role and password.

    Sessions under the old password end. Raises InvalidInput naming every fault; a password is
    never printed.
    """
    name = name.strip().lower()
    faults = []
    if not 2 <= len(name) <= 64 or not name.replace(".", "").replace("-", "").isalnum():
        faults.append(Fault("name", "another form", "2 to 64 letters, digits, dots and hyphens"))
    if len(password) < LEAST_PASSWORD:
        faults.append(Fault("password", "too short", f"at least {LEAST_PASSWORD} characters"))
    if faults:
        raise InvalidInput("this person cannot be added", faults)
    member = StaffMember(name, role, hash_password(password), active=True)
    added = AuditEvent(now, by, "staff.added", name, {"role": role.value})
    with store.begin() as connection:
        add_staff_member(connection, member, now)
        drop_sessions_of(connection, name)
        store.add_audit(connection, [added])


def remove_staff(store: Store, name: str, *, now: datetime, by: str = "command line") -> None:
    """Take a person's right to sign in away, at once; what they did stays under their name.

    A case in their hands is free when its lease ends. Raises NotFound for an unknown name.
    """
    name = name.strip().lower()
    with store.begin() as connection:
        if not deactivate_staff_member(connection, name):
            raise NotFound(f"nobody who may sign in is called {name}")
        drop_sessions_of(connection, name)
        store.add_audit(connection, [AuditEvent(now, by, "staff.removed", name, {})])


def staff_role(store: Store, name: str, password: str) -> Role:
    """The role of a person who proves who they are. Raises Forbidden; never says what was wrong."""
    with store.reading() as connection:
        member = find_staff_member(connection, name.strip().lower())
    if not password_fits(member, password) or member is None:
        raise Forbidden("this name and password do not belong to anybody who may sign in")
    return member.role


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    with FEW_AT_A_TIME:
        return HASHER.hash(password)


def password_fits(member: StaffMember | None, password: str) -> bool:
    """True when the password is this person's. An unknown person costs the same time."""
    hashed = member.password_hash if member is not None else dummy_hash()
    with FEW_AT_A_TIME:
        try:
            HASHER.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
    return member is not None and member.active


@cache
def dummy_hash() -> str:
    """A hash that no password opens, checked for names that do not exist."""
    return HASHER.hash(token_hex(16))
