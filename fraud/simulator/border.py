"""Border files: one day's clearances as Parquet, written and read back."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fraud.movement import AUTHORITIES, CHECKPOINTS, DIRECTIONS, MODES, CrossingTable

_CLOCK = pa.timestamp("s", tz="+08:00")
_CODED = {
    "direction": DIRECTIONS,
    "authority": AUTHORITIES,
    "checkpoint": CHECKPOINTS,
    "mode": MODES,
}


def write_border_file(path: Path, known: CrossingTable, passers: CrossingTable | None) -> None:
    """Write a day's file: people known by MyKad number, then passers-by by document number."""
    columns = columns_of(known, "mykad")
    if passers is not None:
        columns = pa.concat_tables([columns, columns_of(passers, "document")]).unify_dictionaries()
    pq.write_table(columns, path, compression="zstd")


def columns_of(table: CrossingTable, named_by: str) -> pa.Table:
    """A crossing table in the columns of the border file.

    `named_by` says which column holds `people`: `mykad` or `document`. The other is empty.
    """
    seconds = table.day.astype(np.int64) * 86_400 + table.minute.astype(np.int64) * 60 - 8 * 3600
    names = {"mykad": _nobody(len(table)), "document": _nobody(len(table))}
    names[named_by] = _named(table.person, table.people)
    columns = {
        **names,
        "cleared_at": pa.array(seconds, pa.int64()).cast(pa.timestamp("s")).cast(_CLOCK),
        **{
            name: pa.DictionaryArray.from_arrays(table.column(name).astype(np.int32), list(words))
            for name, words in _CODED.items()
        },
        "vehicle": _named(table.vehicle, table.vehicles),
    }
    return pa.table(columns)


def _nobody(rows: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()), pa.array([], pa.string()))


def _named(codes: NDArray[np.int32], words: Sequence[str]) -> pa.DictionaryArray:
    """Codes as a dictionary column that holds only the words in use; -1 is empty."""
    used = np.zeros(len(words) + 1, dtype=np.bool_)
    used[codes] = True
    used[-1] = False
    place = np.cumsum(used, dtype=np.int32) - 1
    names = [words[one] for one in np.flatnonzero(used).tolist()]
    indices = pa.array(place[codes], pa.int32(), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def read_border_file(path: Path) -> CrossingTable:
    """The clearances of people known by MyKad number; passers-by are left out."""
    columns = pq.read_table(path)
    return table_of(columns.filter(pc.is_valid(columns["mykad"])))


def table_of(columns: pa.Table) -> CrossingTable:
    """A border file's columns as a crossing table."""
    people = pc.unique(columns["mykad"].cast(pa.string())).to_pylist()
    vehicles = pc.unique(columns["vehicle"].cast(pa.string()).drop_null()).to_pylist()
    seconds = local_seconds(columns["cleared_at"])
    return CrossingTable(
        people,
        vehicles,
        person=_codes(columns["mykad"], people),
        day=(seconds // 86_400).astype(np.int32),
        minute=(seconds % 86_400 // 60).astype(np.int32),
        vehicle=_codes(columns["vehicle"], vehicles),
        **{name: coded(columns[name], name) for name in _CODED},
    )


def local_seconds(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Instants as seconds of local time since 1970-01-01."""
    seconds: NDArray[np.int64] = column.cast(_CLOCK).cast(pa.int64()).to_numpy() + 8 * 3600
    return seconds


def coded(column: pa.ChunkedArray, name: str) -> NDArray[np.int32]:
    """A column of words as codes into the tuple of its name; an unknown word counts as the first.

    `name` is `direction`, `authority`, `checkpoint` or `mode`.
    """
    return np.maximum(_codes(column, list(_CODED[name])), 0)


def _codes(column: pa.ChunkedArray, words: list[str]) -> NDArray[np.int32]:
    known = pa.array(words, pa.string())
    found = pc.index_in(column.cast(pa.string()), value_set=known).fill_null(-1)
    codes: NDArray[np.int32] = found.to_numpy().astype(np.int32)
    return codes
