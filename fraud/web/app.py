"""Putting the desk together: settings, store and clock in, an application out."""

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.staticfiles import StaticFiles

from fraud.clock import Clock, system_clock
from fraud.config import Settings
from fraud.store.engine import Store
from fraud.web import case_pages, pages
from fraud.web.errors import handle_errors
from fraud.web.rendering import HERE
from fraud.web.security import LARGEST_FORM_BYTES, Door, SecureAnswers
from fraud.workflow.review import desk_of

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}
"""Nothing about who reads which case leaves this process but the audit log."""


def create_app(
    settings: Settings, store: Store, clock: Clock, *, door_clock: Clock = system_clock
) -> FastAPI:
    """The desk as an ASGI application.

    `clock` is the time that cases live in; `door_clock` is the machine's, for sessions.
    """
    app = FastAPI(
        title="Sempadan",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry=NO_TELEMETRY,
        max_body_size=LARGEST_FORM_BYTES,
    )
    app.state.settings = settings
    app.state.store = store
    app.state.clock = clock
    app.state.desk = desk_of(store, settings)
    app.state.door = Door(settings, store, clock=door_clock, audit_clock=clock)
    app.add_middleware(SecureAnswers, https_only=settings.secure_cookies)
    app.include_router(pages.router)
    app.include_router(case_pages.router)
    app.include_router(case_pages.api)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    handle_errors(app)
    return app
