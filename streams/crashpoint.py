"""Where tests may kill a process, to prove that a crash there loses and doubles nothing."""

import os
import signal
from collections.abc import Callable, Mapping

CrashPoint = Callable[[str], None]
"""Called with the name of a point in the code as it is passed."""

VARIABLE = "FRAUD_TEST_CRASH_AT"


def no_crash(_point: str) -> None:
    """Pass on: what production does at every point."""


def crash_point(environment: Mapping[str, str]) -> CrashPoint:
    """A function that kills this process at the point named by FRAUD_TEST_CRASH_AT.

    `in_transaction:3` kills the third time that point is passed. Without the variable nothing
    ever happens.
    """
    wanted = environment.get(VARIABLE)
    if not wanted:
        return no_crash
    name, _, nth = wanted.partition(":")
    left = int(nth or 1)

    def die_at(point: str) -> None:
        nonlocal left
        if point != name:
            return
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return die_at
