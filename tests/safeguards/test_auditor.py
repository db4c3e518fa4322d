"""An auditor reads and changes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fraud.web.case_pages import STEPS
from tests.support.desk_world import AIDA, DAYANG, NAMES, DeskWorld, busy_world
from tests.support.visitor import signed_in

KEPT = ("cases", "case_events", "questions", "outcomes", "outbox", "case_conflicts", "staff")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DeskWorld]:
    world = busy_world(f"sqlite:///{tmp_path}/desk.db")
    yield world
    world.store.close()


def contents(world: DeskWorld) -> list[list[object]]:
    with world.store.reading() as connection:
        return [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in KEPT]


def test_every_step_of_every_case_is_refused(world: DeskWorld) -> None:
    before = contents(world)
    dayang = signed_in(world, DAYANG)
    for case_id in world.cases.values():
        for step in (*STEPS, "full"):
            answer = dayang.post(f"/cases/{case_id}/{step}", note="x", reason="x", reply="x")
            assert answer.status_code == 403
    assert dayang.post("/queue/next").status_code == 403
    assert contents(world) == before


def test_an_auditor_sees_no_form_but_the_search_and_the_way_out(world: DeskWorld) -> None:
    dayang = signed_in(world, DAYANG)
    for path in ("/audit", *(f"/cases/{case_id}" for case_id in world.cases.values())):
        page = dayang.get(path)
        assert page.status_code == 200
        assert page.text.count('method="post"') == 1  # sign out


def test_an_auditor_sees_identifiers_masked(world: DeskWorld) -> None:
    page = signed_in(world, DAYANG).get(f"/cases/{world.cases['leave']}").text
    assert NAMES[2] not in page
    for number in ("830315001111", "830315-00-1111", "100000000777"):
        assert number not in page


def test_a_reviewer_sees_them_in_full_on_asking_and_the_log_keeps_it(world: DeskWorld) -> None:
    aida = signed_in(world, AIDA)
    case = f"/cases/{world.cases['leave']}"
    assert "830315-00-1111" not in aida.get(case).text
    assert "830315-00-1111" in aida.post(f"{case}/full").text
    assert "Saw identifiers in full" in signed_in(world, DAYANG).get("/audit").text


def test_each_look_is_in_the_log_under_the_readers_name(world: DeskWorld) -> None:
    dayang = signed_in(world, DAYANG)
    case_id = world.cases["job"]
    dayang.get(f"/cases/{case_id}")
    log = dayang.get(f"/audit?who={DAYANG}&what={case_id}").text
    assert "Looked at a case" in log
