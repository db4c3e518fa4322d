"""An MLflow server of a test's own, as an office would run one."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_START_SECONDS = 240.0


@contextmanager
def mlflow_server(folder: Path, database: Path) -> Iterator[str]:
    """The address of a server over a SQLite database, stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--workers", "1"]
    command += ["--port", str(port), "--backend-store-uri", f"sqlite:///{database}"]
    command += ["--artifacts-destination", (folder / "kept-by-server").as_uri()]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(  # our own interpreter and arguments
            command,
            cwd=folder,
            env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(address, server)
            yield address
        finally:
            os.killpg(server.pid, 15)  # with the workers that it started
            server.wait(timeout=60)


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise TimeoutError("MLflow's server did not start; see server.log")
