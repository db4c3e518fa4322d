"""The security room, line by line of its checklist."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from fraud.web.app import create_app
from fraud.web.security import (
    CLOSED_FOR,
    IDLE,
    LONGEST,
    MOST_FAILURES,
    Allowed,
    Anyone,
    form_token,
    local_path,
)
from tests.support.desk_world import AIDA, DAYANG, DeskWorld, empty_desk, fixed
from tests.support.visitor import Visitor, app_of, signed_in

SESSION = "sempadan_session"
START = datetime(2026, 3, 30, 2, 0, tzinfo=UTC)


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DeskWorld]:
    world = empty_desk(f"sqlite:///{tmp_path}/desk.db")
    yield world
    world.store.close()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def visitor(world: DeskWorld, watch: Watch) -> Visitor:
    return Visitor(app_of(world, door_clock=watch))


def rows_of(world: DeskWorld, table: str) -> list[tuple[object, ...]]:
    path = world.settings.database_url.removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"SELECT * FROM {table}").fetchall()
    finally:
        connection.close()


def routes_of(routes: list[BaseRoute]) -> Iterator[BaseRoute]:
    """Every route, those of included routers too."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield route
        else:
            yield from routes_of(included.routes)


def guards_of(route: BaseRoute) -> list[object]:
    if not isinstance(route, APIRoute):
        return []
    return [
        one.call for one in route.dependant.dependencies if isinstance(one.call, Allowed | Anyone)
    ]


def test_every_route_says_who_may_use_it(world: DeskWorld) -> None:
    unguarded = [
        route
        for route in routes_of(app_of(world).routes)
        if len(guards_of(route)) != 1 and not (isinstance(route, Mount) and route.path == "/static")
    ]
    assert unguarded == []
    assert len(list(routes_of(app_of(world).routes))) > 10


def test_pages_open_to_anyone_are_these_alone(world: DeskWorld) -> None:
    anyone = {
        getattr(route, "path", "")
        for route in routes_of(app_of(world).routes)
        if any(isinstance(guard, Anyone) for guard in guards_of(route))
    }
    assert anyone == {"/healthz", "/language/{language}", "/sign-in", "/help"}


def test_the_cookie_is_random_and_only_its_digest_is_stored(
    world: DeskWorld, visitor: Visitor
) -> None:
    visitor.sign_in(AIDA)
    session_id = visitor.cookies[SESSION]
    assert len(session_id) >= 43  # 256 bits in base64
    stored = rows_of(world, "sessions")
    assert len(stored) == 1
    assert session_id not in str(stored)


def test_the_cookie_is_locked_to_host_and_https_in_production(world: DeskWorld) -> None:
    strict = world.settings.model_copy(update={"secure_cookies": True})
    visitor = Visitor(create_app(strict, world.store, fixed(world)))
    answer = visitor.get("/sign-in")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-sempadan_door=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "domain" not in cookie.lower()
    assert answer.headers["strict-transport-security"]


def test_signing_in_gives_a_new_session_and_ends_the_old_one(
    world: DeskWorld, visitor: Visitor
) -> None:
    visitor.sign_in(AIDA)
    before = visitor.cookies[SESSION]
    token = form_token(before)
    answer = visitor.request(
        "POST",
        "/sign-in",
        data={"form_token": token, "name": AIDA, "password": "kata laluan yang panjang"},
    )
    assert answer.status_code == 303
    assert visitor.cookies[SESSION] != before
    assert len(rows_of(world, "sessions")) == 1


def test_a_session_ends_after_idle_minutes(visitor: Visitor, watch: Watch) -> None:
    visitor.sign_in(AIDA)
    watch.now += IDLE
    assert visitor.get("/queue").status_code == 200
    watch.now += IDLE + timedelta(seconds=1)
    answer = visitor.get("/queue")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/queue")


def test_a_session_ends_in_any_case(visitor: Visitor, watch: Watch) -> None:
    visitor.sign_in(AIDA)
    while watch.now < START + LONGEST:
        assert visitor.get("/queue").status_code == 200
        watch.now += IDLE - timedelta(minutes=5)
    watch.now = START + LONGEST + timedelta(seconds=1)
    assert visitor.get("/queue").status_code == 303


@pytest.mark.parametrize(
    ("sent_to", "page"),
    [("/cases/K1/decision", "/cases/K1"), ("/queue/next", "/queue"), ("/sign-out", "/")],
)
def test_a_session_that_ends_while_writing_leads_back_to_the_page(
    visitor: Visitor, watch: Watch, sent_to: str, page: str
) -> None:
    visitor.sign_in(AIDA)
    token = visitor.token()
    watch.now += IDLE + timedelta(seconds=1)
    sent = {"form_token": token, "verdict": "clear"}
    answer = visitor.request("POST", sent_to, data=sent)
    target = f"/sign-in?next={page}&signed_out=1"
    assert (answer.status_code, answer.headers["location"]) == (303, target)
    partial = visitor.request("POST", sent_to, data=sent, headers={"hx-request": "true"})
    assert (partial.status_code, partial.headers["hx-redirect"]) == (204, target)
    shown = visitor.get(target).text
    assert "You were signed out" in shown
    assert f'name="next" value="{page}"' in shown


def test_signing_out_ends_the_session_on_our_side_too(world: DeskWorld, visitor: Visitor) -> None:
    visitor.sign_in(AIDA)
    kept = visitor.cookies[SESSION]
    visitor.post("/sign-out")
    visitor.cookies.set(SESSION, kept)
    assert visitor.get("/queue").status_code == 303
    assert rows_of(world, "sessions") == []


def test_five_failures_close_a_name_for_fifteen_minutes(visitor: Visitor, watch: Watch) -> None:
    for _ in range(MOST_FAILURES):
        assert visitor.sign_in(AIDA, "wrong").status_code == 401
    shut = visitor.sign_in(AIDA)
    assert shut.status_code == 401
    assert "closed for 15 minutes" in shut.text
    watch.now += CLOSED_FOR
    assert visitor.sign_in(AIDA).status_code == 303


def test_an_unknown_name_is_answered_like_a_known_one(visitor: Visitor) -> None:
    def plain(name: str) -> str:
        text = visitor.sign_in(name, "wrong").text
        return re.sub(r'value="[^"]*"', "", text)

    for _ in range(MOST_FAILURES + 1):
        assert plain(AIDA) == plain("nobody")


def test_what_is_typed_as_a_name_is_never_stored(world: DeskWorld, visitor: Visitor) -> None:
    visitor.sign_in("my password by mistake", "wrong")
    kept = str(rows_of(world, "audit_events") + rows_of(world, "sign_in_failures"))
    assert "mistake" not in kept
    plain = sha256(b"my password by mistake").hexdigest()
    assert plain[:16] not in kept  # nor what anybody could compute from a list of passwords


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
    ],
)
def test_every_page_carries_the_headers(visitor: Visitor, header: str, value: str) -> None:
    for path in ("/sign-in", "/help", "/nothing-here", "/queue"):
        assert visitor.get(path).headers[header] == value


def test_the_content_policy_allows_our_own_files_alone(visitor: Visitor) -> None:
    policy = visitor.get("/sign-in").headers["content-security-policy"]
    for rule in ("default-src 'self'", "frame-ancestors 'none'", "form-action 'self'"):
        assert rule in policy
    assert "unsafe" not in policy


def test_no_page_carries_inline_style_or_script(world: DeskWorld) -> None:
    page = signed_in(world, AIDA).get("/queue").text
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"\son[a-z]+=", page)


def test_static_files_may_be_kept_since_their_address_changes(visitor: Visitor) -> None:
    page = visitor.get("/sign-in").text
    found = re.search(r'href="(/static/desk\.css\?v=[0-9a-f]+)"', page)
    assert found
    assert "immutable" in visitor.get(found[1]).headers["cache-control"]


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/cases/K1", "/cases/K1"),
        ("//evil.test", "/"),
        ("https://evil.test", "/"),
        ("/\\evil.test", "/"),
        ("/ok\r\nset-cookie: a", "/"),
        ("", "/"),
    ],
)
def test_no_redirect_leads_to_another_site(wanted: str, goes_to: str) -> None:
    assert local_path(wanted) == goes_to


def test_a_role_opens_its_pages_alone(world: DeskWorld) -> None:
    auditor, investigator = signed_in(world, DAYANG), signed_in(world, AIDA)
    assert auditor.get("/audit").status_code == 200
    assert auditor.get("/queue").status_code == 403
    assert investigator.get("/audit").status_code == 403
    assert investigator.get("/queue").status_code == 200


def test_an_api_answers_a_stranger_in_json(visitor: Visitor) -> None:
    answer = visitor.get("/api/v1/cases/K1/links")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/json")


def test_a_form_that_is_too_large_is_refused(visitor: Visitor) -> None:
    visitor.sign_in(AIDA)
    answer = visitor.post("/queue/next", note="x" * 200_000)
    assert answer.status_code == 413
