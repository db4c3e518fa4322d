"""A server of ours on this machine: started, stopped, killed, and never left behind."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from fraud.errors import SempadanError, Unavailable

LOOPBACK = "127.0.0.1"


def cache_folder() -> Path:
    """Where downloaded servers are kept: `.cache` here, or what SEMPADAN_CACHE names."""
    return Path(os.environ.get("SEMPADAN_CACHE") or ".cache").resolve()


def free_port() -> int:
    """A port of the loopback address on which nothing listens.

    Drawn below 32768, where Linux begins to give ports to outgoing connections: a client that
    keeps knocking at a stopped server could otherwise be given the server's own port.
    """
    for _ in range(100):
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port
    raise Unavailable("No free port found between 15000 and 32000")


@dataclass(frozen=True)
class Launch:
    """How a server is started: its command, its log, and how it is told to stop."""

    command: list[str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience_seconds: float = 20
    owner: tuple[int, int] | None = None  # user and group id, when not our own
    discard: Path | None = None  # a temporary folder to remove when our process is gone


class LocalServer(ABC):
    """A server on the loopback address that can be stopped, killed and started again.

    The port and the folder stay the same, so clients come back by themselves.
    """

    name: str
    version: str
    port: int
    ready_within_seconds: float = 90

    def __init__(self) -> None:
        self._guard: subprocess.Popen[bytes] | None = None
        self._server_id = 0

    @abstractmethod
    def _launch(self) -> Launch:
        """Prepare the folder if need be and say how to start."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether the server does its work; may raise `SempadanError` or `OSError` while not."""

    @property
    def is_running(self) -> bool:
        return self._guard is not None and self._guard.poll() is None

    @property
    def process_id(self) -> int:
        """The server's own process, for those who look at its memory."""
        return self._server_id

    def start(self) -> None:
        """Start and return when it answers. Raises `Unavailable` with the end of its log."""
        if self.is_running:
            return
        launch = self._launch()
        order = {
            "command": launch.command,
            "log": str(launch.log),
            "folder": str(launch.log.parent),
            "stop_signal": int(launch.stop_signal),
            "patience_seconds": launch.patience_seconds,
            "discard": str(launch.discard) if launch.discard else None,
            "user_id": launch.owner[0] if launch.owner else None,
            "group_id": launch.owner[1] if launch.owner else None,
        }
        self._guard = subprocess.Popen(
            [sys.executable, "-m", "streams.servers.guard", json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal reaches us, and we stop it in order
        )
        try:
            self._server_id = self._read_server_id(self._guard)
            self._wait_until_ready(launch.log)
        except BaseException:
            self.stop()
            raise

    def _read_server_id(self, guard: subprocess.Popen[bytes]) -> int:
        line = guard.stdout.readline() if guard.stdout else b""
        if not line.strip():
            raise Unavailable(f"{self.name} could not be started; see the error above")
        return int(line)

    def _wait_until_ready(self, log: Path) -> None:
        deadline = time.monotonic() + self.ready_within_seconds
        while time.monotonic() < deadline:
            if not self.is_running:
                break
            with suppress(SempadanError, OSError):
                if _listens(self.port) and self._answers():
                    return
            time.sleep(0.05)
        raise Unavailable(f"{self.name} did not start. The end of its log:\n{_tail(log)}")

    def stop(self) -> None:
        """Stop in order; returns when the process is gone. Does nothing when not running."""
        guard, self._guard = self._guard, None
        if guard is None:
            return
        if guard.stdin:
            guard.stdin.close()
        guard.wait()
        if guard.stdout:
            guard.stdout.close()

    def kill(self) -> None:
        """End it with SIGKILL, as a power cut would, and return when it is gone."""
        if self.is_running:
            with suppress(ProcessLookupError):
                os.killpg(self._server_id, signal.SIGKILL)
        self.stop()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _tail(log: Path) -> str:
    if not log.exists():
        return "(nothing was logged)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])
