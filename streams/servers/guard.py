"""Runs one server and ends it when the process that asked for it is gone, however it went.

Started as `python -m streams.servers.guard '<order as JSON>'` with a pipe as standard input that
only the asking process holds open. Answers with the server's process id on one line. When the pipe
closes (a clean stop, Ctrl-C, SIGTERM or SIGKILL of the asker alike) the server gets its stop
signal, then SIGKILL for its whole process group; a temporary folder of an asker that is gone is
removed. The asker cannot do this itself: nothing of it runs after a SIGKILL.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

LOOK_EVERY_SECONDS = 0.2


def main() -> int:
    """Start the server, wait for its end or its asker's, and leave nothing of it behind."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, _go_on)  # not SIG_IGN: the server would inherit that
    order = json.loads(sys.argv[1])
    asker = os.getppid()
    with open(order["log"], "ab") as log:  # noqa: PTH123 - starts with each server: few imports
        server = subprocess.Popen(
            order["command"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=order["folder"],
            start_new_session=True,
            **_as_user(order),
        )
    print(server.pid, flush=True)  # noqa: T201 - the answer to the asker
    while server.poll() is None and not _asker_is_gone(asker):
        pass
    _end(server, signal.Signals(order["stop_signal"]), float(order["patience_seconds"]))
    if order["discard"] and os.getppid() != asker:
        shutil.rmtree(order["discard"], ignore_errors=True)
    return server.returncode or 0


def _go_on(_number: int, _frame: object) -> None:
    """Nothing: only the pipe tells when to stop."""


def _as_user(order: Mapping[str, Any]) -> dict[str, Any]:
    if order["user_id"] is None:
        return {}
    return {"user": order["user_id"], "group": order["group_id"], "extra_groups": []}


def _asker_is_gone(asker: int) -> bool:
    """Wait a moment for the pipe to close; a forked child may hold it, so see the parent too."""
    readable, _, _ = select.select([sys.stdin], [], [], LOOK_EVERY_SECONDS)
    if readable and not os.read(sys.stdin.fileno(), 1):
        return True
    return os.getppid() != asker


def _end(server: subprocess.Popen[bytes], stop: signal.Signals, patience_seconds: float) -> None:
    if server.poll() is None:
        with suppress(ProcessLookupError):
            server.send_signal(stop)
        with suppress(subprocess.TimeoutExpired):
            server.wait(patience_seconds)
    with suppress(ProcessLookupError, PermissionError):  # the group is gone with its last process
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


if __name__ == "__main__":
    sys.exit(main())
