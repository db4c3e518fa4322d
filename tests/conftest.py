"""Fixtures and rules for every test: in CI a server that is missing fails, elsewhere it skips."""

import os
from collections.abc import Generator

import pytest

pytest_plugins = ["tests.servers_fixtures"]

NEEDS_A_SERVER = ("kafka", "embedded", "postgres", "browser")


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a server's test into a failure in CI: there the server must be installed."""
    report = yield
    marker = next((name for name in NEEDS_A_SERVER if item.get_closest_marker(name)), None)
    if report.skipped and marker and in_ci() and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"A test marked '{marker}' may not skip in CI. {reason}"
    return report
