"""The training table from an extract: DuckDB finds what each claim knew, features are the same.

The only file that imports DuckDB, which the extra `extract` brings. What was received before each
cut-off is SQL (`as_of.sql`) that Spark takes as well; the values come from the same walk and the
same feature functions as the database's own table, so both tables are equal to the bit.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from heapq import merge
from importlib.resources import files
from operator import itemgetter
from pathlib import Path
from sys import intern
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from fraud.assessment import ScoringPoint
from fraud.clock import local_day
from fraud.errors import InvalidInput, Misconfigured
from fraud.identity.clusters import People
from fraud.identity.judgement import Judgement
from fraud.movement import PersonDay
from fraud.privacy import KeyRing, OpenSources
from fraud.records import ClaimId, Label
from fraud.store import raw_claims
from fraud.store.extract import instant_of, microseconds
from fraud.store.gathering import days_of_people
from fraud.store.judgements import open_judgement
from fraud.store.link_arrays import NODE, Batch, Links, arranged
from fraud.store.links_as_of import LinksAsOf
from fraud.store.parts import OpenedFacts
from fraud.store.raw_claims import ClaimState
from fraud.store.raw_days import Span
from fraud.store.rebuild import ClaimRow, DecidedClaim, Raw, live, row_of
from models.extract import TABLES, Extract
from models.parts import PART, few_collections, reading, told
from models.table import KeptRows, TrainingTable, training_table
from models.train import Tell, say_nothing

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OpenKeys = Callable[[], KeyRing]
"""Opens the keys of the deployment; handed to other processes."""

MEMORY = "1GB"
"""What DuckDB may hold while it sorts and joins; the rest goes to disk."""

ROWS_READ = 20_000
"""Rows of links taken from DuckDB at a time."""


@few_collections()
def table_from_extract(
    extract: Extract,
    open_keys: OpenKeys,
    *,
    appeal_window_days: int,
    sources: OpenSources,
    processes: int,
    tell: Tell = say_nothing,
) -> TrainingTable:
    """The training table as of the moment of the extract.

    `sources` are the gated ones with a legal basis in force now. Raises InvalidInput when the
    extract holds more than these, Misconfigured without DuckDB or with another key.
    """
    shut = extract.sources.sources - sources.sources
    if shut:
        raise InvalidInput(
            f"the extract holds what is behind a shut gate ({', '.join(sorted(shut))}):"
            " make it anew"
        )
    now = extract.before
    with TemporaryDirectory(prefix="training-table.") as name:
        scratch = Path(name)
        tell("find what was known of each claim that teaches")
        with _as_of(scratch, extract, appeal_window_days) as database:
            mature_at = now - timedelta(days=appeal_window_days)
            every = [_decided(row) for row in _rows(database, "SELECT * FROM decided")]
            came = {
                ClaimId(claim_id): date.fromordinal(received_on)
                for claim_id, received_on in database.execute(
                    "SELECT claim_id, received_on FROM received ORDER BY known_at"
                ).fetchall()
            }
            claims, parts = database.execute(
                "SELECT COUNT(*), COALESCE(MAX(part) + 1, 0) FROM wanted"
            ).fetchall()[0]
            tell("read the links of all claims")
            arranged(_links(database)).save(scratch)
        opener = partial(ExtractParts, extract, scratch, open_keys)
        with reading(opener, processes) as read_all:
            kept = KeptRows(told(read_all(range(parts)), claims, tell))
    tell("join vectors with labels")
    mature = (one for one in every if one.decided_at <= mature_at)
    return training_table(
        kept,
        {one.claim_id: one for one in mature if one.claim_id in came},
        received=list(came.values()),
        immature=sum(one.decided_at > mature_at for one in every),
        mature_until=local_day(mature_at),
    )


def statements() -> list[str]:
    """The statements of `as_of.sql`, in their order."""
    written = files("models").joinpath("as_of.sql").read_text(encoding="utf-8")
    return [one.strip() for one in written.split(";\n") if one.strip()]


@contextmanager
def _as_of(
    scratch: Path, extract: Extract, appeal_window_days: int
) -> Iterator["DuckDBPyConnection"]:
    """A database in a scratch folder with what every claim that teaches knew at its cut-offs."""
    now = extract.before
    with _connect(scratch, memory_limit=MEMORY, temp_directory=str(scratch)) as database:
        for table in TABLES:
            path = str(extract.file(table).resolve()).replace("'", "''")
            source = f"SELECT * FROM read_parquet('{path}')"  # noqa: S608  # takes no parameter
            database.execute(f"CREATE VIEW {table} AS {source}")
        database.execute(
            "CREATE TABLE moment AS SELECT CAST(? AS BIGINT) AS now_at,"
            " CAST(? AS BIGINT) AS mature_at, CAST(? AS INT) AS today,"
            " CAST(? AS INT) AS claims_in_part",
            [
                microseconds(now),
                microseconds(now - timedelta(days=appeal_window_days)),
                local_day(now).toordinal(),
                PART,
            ],
        )
        for statement in statements():
            database.execute(statement)
        yield database


def _connect(
    scratch: Path, *, read_only: bool = False, **config: str | int
) -> "DuckDBPyConnection":
    try:
        import duckdb  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise Misconfigured(
            "a table from an extract needs DuckDB: install sempadan with the extra `extract`"
        ) from error
    # Sealed records do not shrink, and trying to takes a quarter of the time of all statements.
    return duckdb.connect(
        scratch / "as_of.duckdb",
        read_only=read_only,
        config={**config, "force_compression": "uncompressed"},
    )


def _rows(database: "DuckDBPyConnection", query: str, *bound: int) -> Iterator[SimpleNamespace]:
    """The rows that a query finds, columns by name, some thousand at a time."""
    found = database.execute(query, bound)
    names = [column[0] for column in found.description]
    while rows := found.fetchmany(ROWS_READ):
        yield from (SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows)


def _decided(row: SimpleNamespace) -> DecidedClaim:
    return DecidedClaim(
        ClaimId(row.claim_id),
        Label(row.label),
        row.picked_by,
        instant_of(row.decided_at),
        row.source,
    )


def _links(database: "DuckDBPyConnection") -> Iterator[Batch]:
    """The claim states that made links, in their order."""
    batch = Batch()
    for row in _rows(database, "SELECT * FROM linked ORDER BY known_at"):
        batch.add(row, np.frombuffer(row.nodes, dtype=NODE))
        if len(batch.known_at) == ROWS_READ:
            yield batch
            batch = Batch()
    yield batch


class ExtractParts:
    """Reads parts of the claims that teach, as `fraud.store.parts.ClaimParts` reads the database's.

    It is their background, too: who is who, border files and days as known at a position.
    """

    def __init__(self, extract: Extract, scratch: Path, open_keys: OpenKeys) -> None:
        self.keyring = open_keys()
        self._sources = extract.sources
        self._database = _connect(scratch, read_only=True, memory_limit="200MB", threads=1)
        self._facts = OpenedFacts(self.keyring)
        self._judged = [
            self._judgement(row) for row in self._all("SELECT * FROM judgements ORDER BY known_at")
        ]
        self._people: dict[int, People] = {}
        self._files = [
            (row.known_at, row.day_number, row.outage_share)
            for row in self._all("SELECT * FROM border_files ORDER BY known_at")
        ]
        labels: defaultdict[ClaimId, list[tuple[int, str]]] = defaultdict(list)
        for row in self._all("SELECT known_at, claim_id, label FROM outcomes ORDER BY known_at"):
            labels[ClaimId(row.claim_id)].append((row.known_at, intern(row.label)))
        self._links = LinksAsOf(Links.load(scratch), dict(labels))
        self._days: dict[tuple[int, str], dict[int, PersonDay]] = {}

    def close(self) -> None:
        """Give the scratch database back."""
        self._database.close()

    def rows(self, part: int, /) -> list[ClaimRow]:
        """The states of a part's claims, in the order they became known, each with its vector."""
        claims = raw_claims.OpenedClaims(self.keyring)
        states: list[Raw] = [
            (
                row.known_at,
                ClaimState(
                    claims.open(row),
                    row.trigger_fact,
                    ScoringPoint(row.scoring_point),
                    row.heard_on,
                ),
            )
            for row in self._all("SELECT * FROM states WHERE part = ? ORDER BY known_at", part)
        ]
        facts: list[Raw] = [
            (row.known_at, self._facts.open(row))
            for row in self._all("SELECT * FROM known_facts WHERE part = ? ORDER BY known_at", part)
        ]
        self._days = self._days_of_part(part)
        every = list(merge(states, facts, key=itemgetter(0)))
        found = live(self, [every], self._links, self._sources)
        return [row_of(one.known(), one.state) for one in found]

    def people(self, position: int) -> People:
        """Who is who by the judgements known by a position."""
        count = bisect_right(self._judged, position, key=lambda one: one.known_at)
        if count not in self._people:
            self._people[count] = People(self._judged[:count], self.keyring.person_key)
        return self._people[count]

    def files(self) -> list[tuple[int, int, float]]:
        """Border files (known_at, day number, share of the day lost), in their order."""
        return list(self._files)

    def days(self, states: Sequence[tuple[ClaimState, int]]) -> list[dict[int, PersonDay]]:
        """The recorded days of each state's claimant as known at its position, by day number."""
        return days_of_people(states, self.keyring, self.people, self._days_of)

    def _days_of(self, spans: Sequence[Span]) -> list[dict[int, PersonDay]]:
        return [self._days.get((span.cutoff, span.person), {}) for span in spans]

    def _days_of_part(self, part: int) -> dict[tuple[int, str], dict[int, PersonDay]]:
        """Days by day number, of each cut-off and person in a part."""
        found: defaultdict[tuple[int, str], dict[int, PersonDay]] = defaultdict(dict)
        rows = self._database.execute(
            "SELECT cutoff, person, day_number, hours_there, out_minute, back_minute, asleep_there,"
            " faults FROM known_days WHERE part = ?",
            [part],
        ).fetchall()
        for cutoff, person, number, *seen in rows:
            found[cutoff, person][number] = PersonDay(person, date.fromordinal(number), *seen)
        return dict(found)

    def _judgement(self, row: SimpleNamespace) -> Judgement:
        row.judged_at, row.judged_by = instant_of(row.judged_at), ""
        return open_judgement(self.keyring, row)

    def _all(self, query: str, *bound: int) -> Iterator[SimpleNamespace]:
        return _rows(self._database, query, *bound)
