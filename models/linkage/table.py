"""Read the records to link: names, fields by their roles, and whom they are of where known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fraud.assessment import Floats
from fraud.errors import Fault, InvalidInput
from models.leaks import follows_order, numbered
from models.linkage.config import LinkConfig, PersonColumn
from models.outside import as_numpy, codes, days, numbers, read_columns, require_columns
from models.split import Ints

SURE = 0.999
"""Share of pairs from which equal values are taken for the person itself."""

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """Records in the order of their file; every array has n rows, unknown is -1, NaN or None."""

    names: Sequence[str]
    """Empty where there is none."""
    person: Ints
    exact: dict[str, Ints]
    """A number for each value of `exact` and `text` columns."""
    texts: dict[str, Sequence[str | None]]
    numbers: dict[str, Floats]
    """Dates are years."""
    never_twice: Ints | None
    """Two records with one number are of two people; -1 says nothing."""

    def __len__(self) -> int:
        return len(self.person)


def read_records(config: LinkConfig) -> Records:
    """The records that a configuration describes, checked for leaks.

    Raises NotFound without a file, InvalidInput naming each column that is missing, does not fit,
    is the person under another name, or follows the order of the rows.
    """
    require_columns(config.records, config.read)
    found = read_columns(config.records, config.read)
    if found.num_rows < 2:
        raise InvalidInput(f"{config.records} has fewer than two records")
    by_role: dict[str, list[str]] = {}
    for column, role in config.columns.items():
        by_role.setdefault(role, []).append(column)
    texts = by_role.get("text", [])
    records = Records(
        names=[name or "" for name in _texts(found[config.name])],
        person=_people(config.person, found),
        exact={name: codes(found[name]) for name in (*by_role.get("exact", ()), *texts)},
        texts={name: _texts(found[name]) for name in texts},
        numbers={name: numbers(found, name) for name in by_role.get("number", ())}
        | {name: _years(found, name) for name in by_role.get("date", ())},
        never_twice=_together(found, config.never_twice),
    )
    _require_pairs(records.person, config)
    _refuse_leaks(records, config.allow)
    return records


def same_pairs(*columns: Ints) -> int:
    """Pairs of rows that are alike in every column; unknown (-1) is alike to nothing."""
    known = np.all([column >= 0 for column in columns], axis=0)
    rows = np.stack([column[known] for column in columns], axis=1)
    size = np.unique(rows, axis=0, return_counts=True)[1]
    return int((size * (size - 1) // 2).sum())


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    texts: list[str | None] = pc.cast(column, pa.string()).to_pylist()
    return texts


def _years(found: pa.Table, name: str) -> Floats:
    try:
        return days(found[name]) / DAYS_A_YEAR
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        kind = found[name].type
        raise InvalidInput(f"column {name!r} is {kind}, not dates; is it a number?") from error


def _people(person: PersonColumn, found: pa.Table) -> Ints:
    if person.file is None or person.key is None:
        return codes(found[person.column])
    require_columns(person.file, (person.key, person.column))
    truth = read_columns(person.file, (person.key, person.column))
    keys = pc.cast(truth[person.key], pa.string()).combine_chunks()
    if len(pc.unique(keys)) != len(keys):
        raise InvalidInput(f"{person.key!r} repeats itself in {person.file}; it needs one row each")
    place = as_numpy(
        pc.fill_null(pc.index_in(pc.cast(found[person.key], pa.string()), keys), -1)
    ).astype(np.int64)
    # One more at the end: place -1, a record that the file does not have, is of nobody known.
    return np.append(codes(truth[person.column]), -1)[place]


def _together(found: pa.Table, columns: Sequence[str]) -> Ints | None:
    if not columns:
        return None
    values = np.stack([codes(found[name]) for name in columns], axis=1)
    together = np.unique(values, axis=0, return_inverse=True)[1].ravel().astype(np.int64)
    return np.where((values >= 0).all(axis=1), together, -1)


def _require_pairs(person: Ints, config: LinkConfig) -> None:
    field = f"person column {config.person.column!r}"
    known = person[person >= 0]
    if not len(known):
        raise InvalidInput(f"{field} is unknown in every record; look at person.key")
    if (known == known[0]).all():
        raise InvalidInput(f"{field} is constant: everybody is one person")
    if not same_pairs(person):
        raise InvalidInput(f"{field} has no person with two records; there is nothing to learn")


def _refuse_leaks(records: Records, allow: tuple[str, ...]) -> None:
    faults = [
        Fault(name, "tells the person of every record", "what several people can have")
        for name, values in records.exact.items()
        if name not in allow and _is_person(values, records.person)
    ]
    for name, values in records.numbers.items():
        if name in allow:
            continue
        if follows_order(values):
            faults.append(Fault(name, "follows the row order", "a property of the record"))
        elif _is_person(numbered(values), records.person):
            faults.append(Fault(name, "tells the person of every record", "a property of many"))
    if faults:
        raise InvalidInput("columns that leak; leave them out, or list them in `allow`", faults)


def _is_person(values: Ints, person: Ints) -> bool:
    """Whether equal values are one person, and one person has equal values, in all but a few."""
    known = person >= 0
    both = same_pairs(values[known], person[known])
    return both >= SURE * max(same_pairs(values[known]), same_pairs(person))
