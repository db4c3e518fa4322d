"""What a linkage is told about a table, read from TOML; every fault names its field and cure."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.outside import read_described

Role = Literal["name", "exact", "text", "number", "date"]
"""How a column compares: names by their parts, `exact` equal or not, `text` also by its letters,
`number` by the difference, `date` by the years between."""

CURES = {
    "records": 'the path of a CSV or Parquet file, such as records = "entries.csv"',
    "person": 'a table such as person = { column = "person_id" }; from another file with `file`'
    " and `key`",
    "columns": 'column = role lines under [columns]; roles: "name" (one), "exact", "text",'
    ' "number", "date"',
    "never_twice": "columns that one person never has all alike in two records",
    "seeds": "a whole number from 1 to 50",
}
"""What belongs into a field, by its first name."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PersonColumn(_Part):
    """Where it is said whom a record is of; an empty cell neither teaches nor judges."""

    column: str
    file: Path | None = None
    """Another file with the column, a row for each value of `key`."""
    key: str | None = None
    """The column that both files have."""

    @model_validator(mode="after")
    def _fits_together(self) -> "PersonColumn":
        if (self.file is None) != (self.key is None):
            raise ValueError("`file` and `key` belong together: the key is a column of both files")
        return self


class LinkConfig(_Part):
    """One linkage. Paths are relative to the folder of the TOML file."""

    records: Path
    person: PersonColumn
    columns: dict[str, Role]
    never_twice: tuple[str, ...] = ()
    """Two records that have all of these alike are of two people, as on one ballot."""
    seeds: int = Field(default=5, ge=1, le=50)
    allow: tuple[str, ...] = ()
    """Columns that a check took for a leak and that are none."""

    @model_validator(mode="after")
    def _fits_together(self) -> "LinkConfig":
        named = [column for column, role in self.columns.items() if role == "name"]
        if len(named) != 1:
            raise ValueError(f"{len(named)} columns are names; exactly one has to be")
        held = {self.person.column, *([self.person.key] if self.person.key else [])}
        if found := sorted(held & {*self.columns, *self.never_twice}):
            raise ValueError(f"{found[0]!r} says who the person is and cannot be compared as well")
        return self

    @property
    def name(self) -> str:
        """The column of names."""
        return next(column for column, role in self.columns.items() if role == "name")

    @property
    def read(self) -> tuple[str, ...]:
        """Every column read from the records file, each once, in a fixed order."""
        person = self.person.key or self.person.column
        return tuple(dict.fromkeys((person, *self.columns, *self.never_twice)))


def read_link_config(path: Path) -> LinkConfig:
    """The linkage that a TOML file describes.

    Raises NotFound without the file, InvalidInput with every fault for one that does not fit.
    """
    config = read_described(path, LinkConfig, CURES)
    person = config.person
    if person.file is not None:
        person = person.model_copy(update={"file": path.parent / person.file})
    return config.model_copy(update={"records": path.parent / config.records, "person": person})
