"""Adding the people of the desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fraud.cases import Role
from fraud.errors import InvalidInput
from fraud.store.desk_people import find_staff_member
from fraud.workflow.staff import add_staff, hash_password, password_fits
from tests.support.desk_world import NOW, DeskWorld, empty_desk

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
