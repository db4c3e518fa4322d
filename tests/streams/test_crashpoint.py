"""The hook by which tests kill a process does nothing unless it is asked to."""

import subprocess
import sys

from streams.crashpoint import crash_point, no_crash

PROGRAM = """
import os
from streams.crashpoint import crash_point
crash = crash_point(os.environ)
for n in range(3):
    crash("other")
    crash("here")
    print(n, flush=True)
"""


def run(value):
    environment = {"FRAUD_TEST_CRASH_AT": value} if value else {}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_has_no_hook():
    assert crash_point({}) is no_crash
    assert crash_point({"FRAUD_TEST_CRASH_AT": ""}) is no_crash


def test_the_process_is_killed_where_and_when_it_was_asked():
    assert run("").stdout.split() == ["0", "1", "2"]
    first = run("here")
    assert (first.returncode, first.stdout) == (-9, "")
    third = run("here:3")
    assert (third.returncode, third.stdout.split()) == (-9, ["0", "1"])
