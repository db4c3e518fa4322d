"""Serving the desk."""

import uvicorn

from fraud.clock import Clock
from fraud.config import Settings
from fraud.store.engine import Store
from fraud.web.app import create_app


def serve(settings: Settings, store: Store, clock: Clock) -> None:
    """Serve until stopped. Paths are not logged: who looked at what is in the audit log."""
    uvicorn.run(
        create_app(settings, store, clock),
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        log_level="warning",
    )
