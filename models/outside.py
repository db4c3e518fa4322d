"""Outside tables and what describes them: CSV or Parquet columns by name, and a TOML file."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from pydantic import BaseModel, ValidationError

from fraud.assessment import Floats
from fraud.errors import Fault, InvalidInput, NotFound
from models.split import Ints

SECONDS_A_DAY = 86_400.0

FIT = "parts that fit together"

Described = TypeVar("Described", bound=BaseModel)


def read_described(path: Path, kind: type[Described], cures: Mapping[str, str]) -> Described:
    """What a TOML file describes; `cures` says what belongs into a field, by its first name.

    Raises NotFound without the file, InvalidInput with every fault for one that does not fit.
    """
    try:
        return kind.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {path}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} is not TOML: {error}") from error
    except ValidationError as error:
        raise InvalidInput(f"{path} does not fit", tuple(_faults(error, kind, cures))) from error


def _faults(
    error: ValidationError, kind: type[BaseModel], cures: Mapping[str, str]
) -> Iterable[Fault]:
    for fault in error.errors(include_url=False):
        place = [str(part) for part in fault["loc"]]
        if not place:
            yield Fault("the file", fault["msg"].removeprefix("Value error, "), FIT)
            continue
        cure = cures.get(place[0], f"one of the fields {', '.join(kind.model_fields)}")
        yield Fault(".".join(place), fault["msg"].lower(), cure)


def schema(path: Path) -> pa.Schema:
    """The columns of a file. Raises NotFound without it, InvalidInput where it is no table."""
    try:
        if path.suffix == ".parquet":
            return pyarrow.parquet.read_schema(path)
        with pyarrow.csv.open_csv(path) as reader:
            return reader.schema
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {path}") from error
    except pa.ArrowInvalid as error:
        raise InvalidInput(f"{path} cannot be read: {error}") from error


def read_columns(path: Path, columns: Sequence[str]) -> pa.Table:
    """Some columns of a file. Raises InvalidInput where they cannot be read."""
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path, columns=list(columns))
    options = pyarrow.csv.ConvertOptions(include_columns=list(columns), strings_can_be_null=True)
    try:
        return pyarrow.csv.read_csv(path, convert_options=options)
    except pa.ArrowInvalid as error:
        raise InvalidInput(f"{path} cannot be read: {error}") from error


def require_columns(path: Path, columns: Iterable[str]) -> None:
    """Raises InvalidInput naming every column that a file lacks, with what comes near."""
    present = schema(path).names
    faults = []
    for name in columns:
        if name not in present:
            near = get_close_matches(name, present, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            faults.append(Fault(name, "no such column" + hint, f"one of {', '.join(present)}"))
    if faults:
        raise InvalidInput(f"{path} lacks columns", faults)


def numbers(found: pa.Table, name: str) -> Floats:
    """A column as numbers, unknown NaN. Raises InvalidInput where it holds none."""
    try:
        return as_numpy(pc.cast(found[name], pa.float64())).astype(np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        kind = found[name].type
        raise InvalidInput(
            f"column {name!r} is {kind}, not numbers; is it categorical or an entity?"
        ) from error


def days(column: pa.ChunkedArray) -> Floats:
    """Dates or moments as days since 1970, unknown NaN."""
    seconds = pc.cast(pc.cast(column, pa.timestamp("us")), pa.int64())
    return as_numpy(pc.cast(seconds, pa.float64())) / (1e6 * SECONDS_A_DAY)


def codes(column: pa.ChunkedArray) -> Ints:
    """A number for each different value, unknown -1."""
    encoded = pc.dictionary_encode(column).combine_chunks()
    return as_numpy(pc.fill_null(pc.cast(encoded.indices, pa.int64()), -1)).astype(np.int64)


def as_numpy(column: pa.ChunkedArray | pa.Array) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """As numpy; unknown numbers are NaN."""
    return np.asarray(column.to_numpy(zero_copy_only=False))
