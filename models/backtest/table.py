"""Read an outside table into arrays: only the columns that are named, each as what it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fraud.assessment import Floats
from fraud.errors import InvalidInput
from models.backtest.config import Config, Groups, Masks, Value
from models.outside import as_numpy, codes, days, numbers, read_columns, require_columns, schema
from models.split import Flags, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The rows of a table in its own order; every array has n rows, unknown is NaN or -1."""

    label: Floats
    """1 positive, 0 not, NaN unknown."""
    time: Floats
    """Days since the first row for dates, else as it is; zeros without a time."""
    numeric: dict[str, Floats]
    categorical: dict[str, Ints]
    entities: dict[str, Ints]
    """By kind, a number for each value; -1 is unknown and links nothing."""
    investigated: Flags
    masks: dict[str, Sequence[str | None]]
    groups: Ints | None
    edges: tuple[Ints, Ints] | None
    """Row numbers of both ends of each link."""

    def __len__(self) -> int:
        return len(self.label)


def read_table(config: Config) -> Table:
    """Raises NotFound without the file, InvalidInput naming the column that does not fit."""
    require_columns(config.table, config.columns)
    found = read_columns(config.table, config.columns)
    if not found.num_rows:
        raise InvalidInput(f"{config.table} has no rows")
    split = config.split
    return Table(
        label=_label(found, config),
        time=_time(found, config.time),
        numeric={name: numbers(found, name) for name in config.numeric},
        categorical={name: codes(found[name]) for name in config.categorical},
        entities={kind: codes(found[name]) for kind, name in config.entities.items()},
        investigated=_flags(found, config.investigated),
        masks=_masks(found, split),
        groups=codes(found[split.column]) if isinstance(split, Groups) else None,
        edges=_edges(config, found),
    )


def _label(found: pa.Table, config: Config) -> Floats:
    column = found[config.label.column]
    known = column.is_valid()
    for value in config.label.unknown:
        known = pc.and_(known, pc.invert(_equals(column, value)))
    positive = pc.fill_null(_equals(column, config.label.positive), False)
    label = np.where(as_numpy(known), as_numpy(positive).astype(np.float64), np.nan)
    _require_both(label, config)
    return label


def _require_both(label: Floats, config: Config) -> None:
    field, positive = f"label column {config.label.column!r}", config.label.positive
    known = label[~np.isnan(label)]
    if not len(known):
        raise InvalidInput(f"{field} is unknown in every row; look at label.unknown")
    if (known == known[0]).all():
        says = f"always {positive!r}" if known[0] else f"never {positive!r}"
        raise InvalidInput(f"{field} is constant: {says}; look at label.positive")


def _equals(column: pa.ChunkedArray, value: Value) -> pa.ChunkedArray:
    """Where a column has a value; numbers are compared as numbers, everything else as text."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
        try:
            return pc.equal(pc.cast(column, pa.float64()), float(value))
        except ValueError as error:
            raise InvalidInput(f"the label column holds numbers; {value!r} is none") from error
    return pc.equal(pc.cast(column, pa.string()), str(value))


def _time(found: pa.Table, name: str | None) -> Floats:
    if name is None:
        return np.zeros(found.num_rows)
    column = found[name]
    if pa.types.is_temporal(column.type):
        time = days(column)
        time -= np.nanmin(time)
    else:
        time = numbers(found, name)
    if np.isnan(time).any():
        raise InvalidInput(f"time column {name!r} is empty in {int(np.isnan(time).sum())} rows")
    return time


def _flags(found: pa.Table, name: str | None) -> Flags:
    if name is None:
        return np.ones(found.num_rows, dtype=np.bool_)
    return np.nan_to_num(numbers(found, name)) > 0


def _masks(found: pa.Table, split: object) -> dict[str, Sequence[str | None]]:
    if not isinstance(split, Masks):
        return {}
    return {name: found[name].to_pylist() for name in split.columns}


def _edges(config: Config, found: pa.Table) -> tuple[Ints, Ints] | None:
    if config.edges is None or config.id is None:
        return None
    names = schema(config.edges).names[:2]
    if len(names) < 2:
        raise InvalidInput(f"{config.edges} needs two columns of ids")
    ids = pc.cast(found[config.id], pa.string()).combine_chunks()
    if len(pc.unique(ids)) != len(ids):
        raise InvalidInput(f"id column {config.id!r} repeats itself; an edge needs one row an id")
    ends = read_columns(config.edges, names)
    first, second = (
        as_numpy(pc.fill_null(pc.index_in(pc.cast(ends[name], pa.string()), ids), -1))
        for name in names
    )
    within = (first >= 0) & (second >= 0)
    if not within.any():
        raise InvalidInput(f"no link of {config.edges} joins two ids of the table")
    return first[within].astype(np.int64), second[within].astype(np.int64)
