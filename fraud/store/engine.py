"""Opening the database, its transactions, and the few rows every use case adds.

One order for all writers: a serial transaction first takes the lock on the ingest row, so rows
become known in one strict order and nobody reads a neighbour that is later than its own cut-off.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    create_engine,
    event,
    select,
    text,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.types import TypeEngine

from fraud import audit
from fraud.audit import AuditEvent, Link
from fraud.errors import Misconfigured, Unavailable
from fraud.graph import LinkedClaim
from fraud.identity.clusters import People
from fraud.identity.judgement import Judgement
from fraud.privacy import KeyRing
from fraud.records import AnyFact, Label
from fraud.store import migrate
from fraud.store.outbox import headers_text
from fraud.store.schema import audit_events, ingest_position, outbox, outcomes

__all__ = ["Connection", "Store", "as_utc", "cloud_event", "ping"]

SOURCE = "sempadan"

UNREADABLE = {"SQLITE_NOTADB", "SQLITE_CORRUPT"}
"""What SQLite calls a file that is no database, or no longer one."""


class Store:
    """The application's database and the keys that open its records."""

    def __init__(self, engine: Engine, keyring: KeyRing) -> None:
        self._engine = engine
        self.keyring = keyring
        self.dialect = engine.dialect.name
        self.linked_claims: dict[int, LinkedClaim] = {}
        """Claims read before, as the graph sees them (`fraud.store.links_now` bounds it)."""
        self.employers: dict[str, AnyFact] = {}
        """Facts about employers read before, by fact id (`fraud.store.raw_facts` bounds it)."""
        self.judgements: tuple[Judgement, ...] = ()
        """Judgements of people read before, in order (`fraud.store.judgements` fills it)."""
        self.people: dict[int, People] = {}
        """Who is who after so many of them (likewise)."""

    @classmethod
    def open(cls, url: str, keyring: KeyRing, *, create: bool = False) -> "Store":
        """Open the database at a URL; with `create`, bring its tables up to date first.

        Raises Misconfigured for a bad URL, an empty database or a schema that is newer or older
        than this program, and Unavailable when the server does not answer.
        """
        engine = _engine(url)
        try:
            with _meaning():
                if create:
                    migrate.upgrade(engine)
                migrate.check(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, keyring)

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads, on one consistent view."""
        with _meaning(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def begin(self, *, serial: bool = True) -> Iterator[Connection]:
        """One write transaction. `serial` (the default) orders it among all that become known.

        Leave `serial` off only for rows that no assessment reads, such as sessions.
        """
        with (
            _meaning(),
            self._engine.connect().execution_options(writer=True) as connection,
            connection.begin(),
        ):
            if serial and self.dialect == "postgresql":
                connection.execute(select(ingest_position.c.value).with_for_update())
            yield connection

    def next_positions(self, connection: Connection, count: int) -> range:
        """The next `count` ingest positions; the transaction must be serial."""
        last = connection.execute(
            update(ingest_position)
            .values(value=ingest_position.c.value + count)
            .returning(ingest_position.c.value)
        ).scalar_one()
        return range(last - count + 1, last + 1)

    def position(self, connection: Connection) -> int:
        """The last ingest position handed out."""
        return int(connection.execute(select(ingest_position.c.value)).scalar_one())

    def set_simulated_time(self, at: datetime) -> None:
        """Move the simulated clock; only simulations and tests do this."""
        with self.begin() as connection:
            connection.execute(update(ingest_position).values(simulated_at=at))

    def simulated_time(self) -> datetime:
        """The instant on the simulated clock. Raises Misconfigured when there is none."""
        with self.reading() as connection:
            at = connection.execute(select(ingest_position.c.simulated_at)).scalar_one()
        if at is None:
            raise Misconfigured("this database has no simulated time: FRAUD_CLOCK must be `system`")
        return as_utc(at)

    def add_audit(self, connection: Connection, events: Sequence[AuditEvent]) -> None:
        """Link events to the end of the audit chain; the transaction must be serial."""
        if not events:
            return
        links = audit.chain(self.audit_head(connection), events)
        connection.execute(
            audit_events.insert(),
            [{"number": n.number, "content": n.content, "digest": n.digest} for n in links],
        )

    def audit_head(self, connection: Connection) -> Link | None:
        """The last audit event, or None when nothing has happened yet."""
        row = connection.execute(
            select(audit_events).order_by(audit_events.c.number.desc()).limit(1)
        ).one_or_none()
        return Link(row.number, row.content, row.digest) if row else None

    def add_outbox(
        self,
        connection: Connection,
        *,
        topic: str,
        key: str,
        kind: str,
        body: bytes,
        at: datetime,
        message_id: str | None = None,
    ) -> None:
        """Put one message up for publishing, with its CloudEvents headers."""
        headers = cloud_event(kind=kind, message_id=message_id or uuid4().hex, at=at, subject=key)
        connection.execute(
            outbox.insert().values(topic=topic, key=key.encode(), headers=headers, value=body)
        )

    def add_outcome(
        self,
        connection: Connection,
        *,
        claim_id: str,
        label: Label,
        picked_by: str,
        decided_at: datetime,
        wrong_payment_sen: int,
        source: str,
    ) -> int:
        """Add a final label for a claim; answers the ingest position it became known at."""
        known_at = self.next_positions(connection, 1)[0]
        connection.execute(
            outcomes.insert().values(
                known_at=known_at,
                claim_id=claim_id,
                label=label.value,
                picked_by=picked_by,
                decided_at=decided_at.astimezone(UTC),
                wrong_payment_sen=wrong_payment_sen,
                source=source,
            )
        )
        return known_at

    def add_rows(
        self,
        connection: Connection,
        table: Table,
        columns: Mapping[str, Sequence[Any]],
        *,
        on_conflict: str = "",
    ) -> None:
        """Insert many rows, given column by column, in one statement.

        `on_conflict` is the SQL that follows ON CONFLICT, if any; then every column of the table
        is to be given. Cost: about 1 microsecond a value; on PostgreSQL the rows travel by COPY.
        """
        names = list(columns)
        if not len(columns[names[0]]):
            return
        tail = f" ON CONFLICT {on_conflict}" if on_conflict else ""
        listed = ", ".join(f'"{name}"' for name in names)
        head = f"INSERT INTO {table.name} ({listed}) "
        if self.dialect == "sqlite":
            marks = ", ".join("?" for _ in names)
            values = list(zip(*(_for_sqlite(columns[name]) for name in names), strict=True))
            connection.exec_driver_sql(f"{head}VALUES ({marks}){tail}", values)
            return
        target = table.name
        if on_conflict:
            target = f"new_{table.name}"
            connection.exec_driver_sql(
                f"CREATE TEMPORARY TABLE IF NOT EXISTS {target} (LIKE {table.name})"
                " ON COMMIT DELETE ROWS"
            )
        types = [_WIRE_TYPES[type(table.c[name].type.as_generic())] for name in names]
        rows = zip(*(columns[name] for name in names), strict=True)
        copy_in = f"COPY {target} ({listed}) FROM STDIN (FORMAT BINARY)"
        driver: Any = connection.dialect.dbapi
        cursor: Any = connection.connection.cursor()
        try:  # SQLAlchemy knows no COPY, so the driver's own errors come out of it
            with cursor, cursor.copy(copy_in) as copy:
                copy.set_types(types)
                for row in rows:
                    copy.write_row(row)
        except driver.OperationalError as error:
            raise Unavailable(f"the database went away: {str(error).splitlines()[0]}") from error
        if on_conflict:
            connection.exec_driver_sql(f"{head}SELECT {listed} FROM {target}{tail}")

    def among(self, column: str, name: str = "keys") -> str:
        """SQL for `column is one of a list` bound as `name`; see `bound_list`."""
        if self.dialect == "postgresql":
            return f"{column} = ANY(:{name})"
        return f"{column} IN (SELECT value FROM json_each(:{name}))"

    def bound_list(self, values: Sequence[Any]) -> Any:
        """A list as the database takes it for `among`: an array, or JSON on SQLite."""
        return list(values) if self.dialect == "postgresql" else json.dumps(list(values))


_WIRE_TYPES: dict[type[TypeEngine[Any]], str] = {
    BigInteger: "int8",
    Integer: "int4",
    Float: "float8",
    String: "text",
    Text: "text",
    LargeBinary: "bytea",
    Boolean: "bool",
    DateTime: "timestamptz",
}
"""What PostgreSQL calls the types of our columns."""


def cloud_event(*, kind: str, message_id: str, at: datetime, subject: str) -> str:
    """CloudEvents 1.0 attributes in binary mode: headers, as the outbox keeps them."""
    return headers_text(
        [
            ("ce_specversion", "1.0"),
            ("ce_id", message_id),
            ("ce_source", SOURCE),
            ("ce_type", kind),
            ("ce_time", at.astimezone(UTC).isoformat()),
            ("ce_subject", subject),
            ("content-type", "application/json"),
        ]
    )


def as_utc(instant: datetime) -> datetime:
    """An instant read from either database, in UTC (SQLite forgets the zone)."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _for_sqlite(column: Sequence[Any]) -> Sequence[Any]:
    """Instants as SQLAlchemy keeps them in SQLite: UTC text without a zone."""
    if not isinstance(column[0], datetime):
        return column
    return [at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") for at in column]


@contextmanager
def _meaning() -> Iterator[None]:
    """Turn a database that does not answer into Unavailable; other faults pass as they are."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise Unavailable(f"the database does not answer: {_first_line(error)}") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable(f"the database went away: {_first_line(error)}") from error
        if getattr(error.orig, "sqlite_errorname", "") in UNREADABLE:
            raise Misconfigured(
                f"the file that FRAUD_DATABASE_URL names cannot be read ({_first_line(error)}):"
                " name another, or restore it from a backup"
            ) from error
        raise


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0] if error.orig else "no detail"


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Misconfigured("FRAUD_DATABASE_URL is not a database URL") from error
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": 30})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10},
        )
    raise Misconfigured(
        f"FRAUD_DATABASE_URL names {parsed.get_backend_name()}: use sqlite or postgresql"
    )


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # transactions are begun below, never by the driver
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # offsets move once the rows are safe: they must outlive a power cut
        "foreign_keys=ON",
        "cache_size=-131072",  # 128 MiB
        "wal_autocheckpoint=16384",  # 64 MiB: copying back more often costs more than it saves
    ):
        raw.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writer = connection.get_execution_options().get("writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def ping(store: Store) -> None:
    """Raise Unavailable unless the database answers."""
    with store.reading() as connection:
        connection.execute(text("SELECT 1"))
