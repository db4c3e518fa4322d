"""A real Chromium against a real desk on loopback."""

import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.desk_world import PASSWORD, DeskWorld, busy_world
from tests.support.visitor import app_of

CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
WIDE = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
LOCALES = {"en": "en-GB", "ms": "ms-MY"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, found by name.

    For one file at a time: until it is closed, Playwright's event loop runs in this thread, and no
    other test of the same process could start one of its own.
    """
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install Debian's package `chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@dataclass
class Served:
    """A desk that answers on loopback."""

    world: DeskWorld
    url: str


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A busy desk, served until the test ends."""
    world = busy_world(f"sqlite:///{tmp_path}/desk.db")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app_of(world), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        deadline = monotonic() + 20
        while not server.started and monotonic() < deadline:
            sleep(0.02)  # until the socket answers; no condition to wait on from here
        yield Served(world, f"http://127.0.0.1:{listener.getsockname()[1]}")
        server.should_exit = True
        thread.join()
    world.store.close()


class Person:
    """Somebody at a browser. `complaints` are the errors the browser's console shows."""

    def __init__(self, context: BrowserContext, served: Served) -> None:
        self.context = context
        self.served = served
        context.set_default_timeout(60_000)  # milliseconds: CI shares two cores
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: object) -> None:
        if getattr(message, "type", "") in {"error", "warning"}:
            self.complaints.append(str(getattr(message, "text", "")))

    def open(self, path: str) -> Page:
        self.page.goto(self.served.url + path, wait_until="networkidle")
        return self.page

    def sign_in(self, name: str) -> "Person":
        self.open("/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_load_state("networkidle")
        return self


@pytest.fixture
def people(browser: Browser, served: Served) -> Iterator["People"]:
    """Opens browsers for people; closes them when the test ends."""
    made = People(browser, served)
    yield made
    made.close()


class People:
    """Makes people with a screen and a language."""

    def __init__(self, browser: Browser, served: Served) -> None:
        self._browser = browser
        self._served = served
        self._contexts: list[BrowserContext] = []

    def come(
        self,
        *,
        language: str = "en",
        viewport: dict[str, int] | None = None,
        scripts: bool = True,
    ) -> Person:
        context = self._browser.new_context(
            viewport=viewport or WIDE,  # type: ignore[arg-type]
            locale=LOCALES[language],
            java_script_enabled=scripts,
        )
        self._contexts.append(context)
        return Person(context, self._served)

    def close(self) -> None:
        for context in self._contexts:
            context.close()
