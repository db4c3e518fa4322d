"""Somebody at the desk without a browser: requests to the application itself, no socket."""

import asyncio
import re
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe

import httpx
from fastapi import FastAPI

from fraud.clock import Clock, system_clock
from fraud.store.desk_people import add_session
from fraud.web.app import create_app
from tests.support.desk_world import PASSWORD, DeskWorld, fixed

TOKEN = re.compile(r'name="form_token" value="([0-9a-f]*)"')
VERSION = re.compile(r'name="version" value="([0-9]+)"')
CASE = re.compile(r"/cases/[^/?]+")


@dataclass
class Visitor:
    """One person's cookies, and the version of each case that they last had on their screen."""

    app: FastAPI
    language: str = "en"
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    seen: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, **options: object) -> httpx.Response:
        return asyncio.run(self._request(method, path, options))

    async def _request(self, method: str, path: str, options: dict[str, object]) -> httpx.Response:
        headers = {"accept-language": self.language} | dict(options.pop("headers", {}) or {})
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://desk.test", cookies=self.cookies
        ) as client:
            answer = await client.request(method, path, headers=headers, **options)
            self.cookies = client.cookies
            if (case := CASE.match(path)) and (version := VERSION.search(answer.text)):
                self.seen[case[0]] = version[1]
            return answer

    def get(self, path: str, **options: object) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form with the token of the session and the version of the case that was seen."""
        case = CASE.match(path)
        hidden = {"form_token": self.token()}
        if case and case[0] in self.seen:
            hidden["version"] = self.seen[case[0]]
        return self.request("POST", path, data=hidden | fields)

    def token(self) -> str:
        found = TOKEN.search(self.get("/help").text) or TOKEN.search(self.get("/sign-in").text)
        return found[1] if found else ""

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        found = TOKEN.search(self.get("/sign-in").text)
        assert found
        return self.request(
            "POST",
            "/sign-in",
            data={"form_token": found[1], "name": name, "password": password, "next": "/"},
        )


def app_of(world: DeskWorld, door_clock: Clock = system_clock) -> FastAPI:
    return create_app(world.settings, world.store, fixed(world), door_clock=door_clock)


def signed_in(world: DeskWorld, name: str, language: str = "en") -> Visitor:
    """Somebody with a session already; `Visitor.sign_in` goes through the door itself."""
    visitor = Visitor(app_of(world), language)
    session_id = token_urlsafe(32)
    with world.store.begin(serial=False) as connection:
        digest = sha256(session_id.encode()).hexdigest()
        add_session(connection, digest, name, system_clock())
    visitor.cookies.set("sempadan_session", session_id)
    return visitor
