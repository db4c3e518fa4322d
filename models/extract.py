"""An extract: what training reads of a database, as Parquet files in a folder.

It can be taken to another machine, copied to a cluster, and read by DuckDB or Spark; records in it
are sealed with the key of the deployment, as they are in the database.
"""

import json
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fraud.errors import InvalidInput
from fraud.privacy import OpenSources, listed_sources
from fraud.store.engine import Store
from fraud.store.extract import readable_sources, tables_of

_LONG, _INT, _TEXT, _REAL = pa.int64(), pa.int32(), pa.string(), pa.float64()

TABLES = {
    "claims": pa.schema(
        {
            "known_at": _LONG,
            "claim_id": _TEXT,
            "version": _INT,
            "trigger_fact": _TEXT,
            "scoring_point": _TEXT,
            "person": _TEXT,
            "insured": _TEXT,
            "employer": _TEXT,
            "received_on": _INT,
            "heard_on": _INT,
            "in_time": pa.bool_(),
            "first_day_read": _INT,
            "last_day_read": _INT,
            "nodes": pa.binary(),
            "sealed": pa.binary(),
        }
    ),
    "facts": pa.schema(
        {
            "known_at": _LONG,
            "fact_id": _TEXT,
            "kind": _TEXT,
            "subject": _TEXT,
            "sealed": pa.binary(),
        }
    ),
    "outcomes": pa.schema(
        {
            "known_at": _LONG,
            "claim_id": _TEXT,
            "label": _TEXT,
            "picked_by": _TEXT,
            "decided_at": _LONG,
            "decided_on": _INT,
            "source": _TEXT,
        }
    ),
    "judgements": pa.schema(
        {
            "known_at": _LONG,
            "verdict": _TEXT,
            "judged_at": _LONG,
            "sealed": pa.binary(),
        }
    ),
    "aliases": pa.schema({"person": _TEXT, "name": _TEXT}),
    "border_files": pa.schema({"known_at": _LONG, "day_number": _INT, "outage_share": _REAL}),
    "person_days": pa.schema(
        {
            "known_at": _LONG,
            "person": _TEXT,
            "day_number": _INT,
            "hours_there": _REAL,
            "out_minute": _INT,
            "back_minute": _INT,
            "asleep_there": pa.bool_(),
            "faults": _INT,
        }
    ),
}
"""The files of an extract and their columns. Days are day numbers (`date.toordinal`), instants
microseconds since 1970, and `known_at` is the position at which a row became known."""

_ABOUT = "extract.json"


@dataclass(frozen=True, slots=True)
class Extract:
    """A folder of Parquet files, one for each of `TABLES`."""

    folder: Path
    before: datetime
    """The instant as of which it was made: what was received later is not in it."""
    sources: OpenSources
    """The gated sources that it holds."""

    def file(self, table: str) -> Path:
        """The file of a table."""
        return self.folder / f"{table}.parquet"


def write_extract(store: Store, folder: Path, *, before: datetime, sources: OpenSources) -> Extract:
    """Write an extract into a new or empty folder. Raises InvalidInput where something is there.

    Cost: one pass over the rows of the database.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InvalidInput(f"{folder} is not empty: an extract gets a folder of its own")
    folder.mkdir(parents=True, exist_ok=True)
    made = Extract(folder, before, readable_sources(store, sources))
    with ExitStack() as files:
        writers = {
            name: files.enter_context(pq.ParquetWriter(made.file(name), schema))
            for name, schema in TABLES.items()
        }
        for name, columns in tables_of(store, before=before, sources=made.sources):
            writers[name].write_table(pa.table(dict(columns), schema=TABLES[name]))
    about = {"before": before.isoformat(), "sources": str(made.sources)}
    (folder / _ABOUT).write_text(json.dumps(about, indent=2) + "\n")
    return made


def open_extract(folder: Path) -> Extract:
    """The extract in a folder. Raises InvalidInput when there is none, or a part of it is gone."""
    try:
        about = json.loads((folder / _ABOUT).read_text())
        found = Extract(
            folder, datetime.fromisoformat(about["before"]), listed_sources(about["sources"])
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(
            f"{folder} holds no extract: make one with `fraud-models extract`"
        ) from error
    odd = [name for name, schema in TABLES.items() if _schema(found.file(name)) != schema]
    if odd:
        raise InvalidInput(
            f"the extract in {folder} lacks or has in another form: {', '.join(odd)}"
        )
    return found


def _schema(file: Path) -> pa.Schema | None:
    try:
        return pq.read_schema(file)
    except (OSError, pa.ArrowException):
        return None
