"""Adding the people of the desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fraud.cases import Role
from fraud.errors import InvalidInput, NotFound
from fraud.store.desk_people import add_session, find_session, find_staff_member
from fraud.workflow.staff import add_staff, hash_password, password_fits, remove_staff
from tests.support.desk_world import AIDA, BALA, NOW, PASSWORD, DeskWorld, empty_desk

GOOD = "sembilan kuda hijau"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DeskWorld]:
    world = empty_desk(f"sqlite:///{tmp_path}/desk.db")
    yield world
    world.store.close()


def test_a_person_is_added_and_the_password_is_kept_as_argon2id_only(world: DeskWorld) -> None:
    add_staff(world.store, " Farid.Z ", Role.INVESTIGATOR, GOOD, now=NOW)
    with world.store.reading() as connection:
        member = find_staff_member(connection, "farid.z")
    assert member
    assert member.password_hash.startswith("$argon2id$")
    assert password_fits(member, GOOD)
    assert not password_fits(member, GOOD + "!")


def test_every_fault_is_named_at_once_and_no_password_is_repeated(world: DeskWorld) -> None:
    with pytest.raises(InvalidInput) as caught:
        add_staff(world.store, "x", Role.AUDITOR, "rahsia", now=NOW)
    assert [fault.field for fault in caught.value.faults] == ["name", "password"]
    assert "rahsia" not in str(caught.value)


def test_adding_again_changes_role_and_password(world: DeskWorld) -> None:
    for role, password in ((Role.INVESTIGATOR, GOOD), (Role.AUDITOR, GOOD + " dua")):
        add_staff(world.store, "farid", role, password, now=NOW)
    with world.store.reading() as connection:
        member = find_staff_member(connection, "farid")
    assert member
    assert member.role is Role.AUDITOR
    assert password_fits(member, GOOD + " dua")


def test_nobody_signs_in_under_an_unknown_name() -> None:
    assert not password_fits(None, GOOD)
    assert hash_password(GOOD) != hash_password(GOOD)


def sessions_of(world: DeskWorld, digest: str) -> bool:
    with world.store.reading() as connection:
        return find_session(connection, digest) is not None


def test_a_new_password_ends_the_sessions_under_the_old_one(world: DeskWorld) -> None:
    with world.store.begin() as connection:
        add_session(connection, "aida's", AIDA, NOW)
        add_session(connection, "bala's", BALA, NOW)
    add_staff(world.store, AIDA, Role.INVESTIGATOR, GOOD, now=NOW)
    assert not sessions_of(world, "aida's")
    assert sessions_of(world, "bala's")


def test_who_leaves_cannot_sign_in_and_the_log_says_so(world: DeskWorld) -> None:
    with world.store.begin() as connection:
        add_session(connection, "aida's", AIDA, NOW)
    remove_staff(world.store, " Aida ", now=NOW)
    with world.store.reading() as connection:
        member = find_staff_member(connection, AIDA)
        rows = connection.exec_driver_sql("SELECT staff FROM sessions").all()
        last = world.store.audit_head(connection)
    assert member
    assert (member.active, rows) == (False, [])
    assert not password_fits(member, PASSWORD)
    assert last
    assert '"action":"staff.removed"' in last.content
    for name in (AIDA, "nobody"):
        with pytest.raises(NotFound):
            remove_staff(world.store, name, now=NOW)
    add_staff(world.store, AIDA, Role.INVESTIGATOR, GOOD, now=NOW)  # and may come back
    with world.store.reading() as connection:
        assert password_fits(find_staff_member(connection, AIDA), GOOD)
