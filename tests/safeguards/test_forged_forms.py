"""A form that is not from a page of ours, shown to this person, changes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fraud.web.case_pages import STEPS
from tests.support.desk_world import AIDA, BALA, REASONS, DeskWorld, busy_world
from tests.support.visitor import Visitor, app_of, signed_in


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DeskWorld]:
    world = busy_world(f"sqlite:///{tmp_path}/desk.db")
    yield world
    world.store.close()


@pytest.mark.parametrize("token", ["", "0" * 64, "not a token"])
def test_every_unsafe_request_needs_the_token_of_its_session(world: DeskWorld, token: str) -> None:
    aida = signed_in(world, AIDA)
    case = f"/cases/{world.cases['leave']}"
    for path in ("/queue/next", "/sign-out", f"{case}/full", *(f"{case}/{s}" for s in STEPS)):
        answer = aida.request("POST", path, data={"form_token": token, "note": "x"})
        assert answer.status_code == 403
        assert "send the form again" in answer.text
    assert aida.get("/queue").status_code == 200  # still signed in


def test_another_persons_token_does_not_fit(world: DeskWorld) -> None:
    aida, bala = signed_in(world, AIDA), signed_in(world, BALA)
    answer = aida.request("POST", "/queue/next", data={"form_token": bala.token()})
    assert answer.status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_request_from_another_site_is_refused_even_with_the_token(
    world: DeskWorld, site: str
) -> None:
    aida = signed_in(world, AIDA)
    data = {"form_token": aida.token(), "verdict": "clear", "reasons": REASONS}
    answer = aida.request(
        "POST",
        f"/cases/{world.cases['leave']}/decision",
        data=data,
        headers={"sec-fetch-site": site},
    )
    assert answer.status_code == 403


def test_signing_in_needs_the_token_of_the_sign_in_page(world: DeskWorld) -> None:
    visitor = Visitor(app_of(world))
    answer = visitor.request("POST", "/sign-in", data={"name": AIDA, "password": "x"})
    assert answer.status_code == 403


def test_looking_changes_no_case(world: DeskWorld) -> None:
    aida = signed_in(world, AIDA)
    case = f"/cases/{world.cases['leave']}"
    for step in STEPS:
        assert aida.get(f"{case}/{step}").status_code in {200, 404, 405}
    page = aida.get(case).text
    assert "In review" in page
