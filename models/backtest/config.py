"""What a backtest is told about a table, read from TOML; every fault names its field and cure."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.outside import read_described

Value = bool | int | float | str
"""A value of the table as TOML writes it."""

CURES = {
    "table": 'the path of a CSV or Parquet file, such as table = "claims.csv"',
    "label": 'a table such as label = { column = "fraud", positive = 1 }',
    "split": 'a table such as split = { kind = "time", test = 0.2 }; kinds: time, folds, groups,'
    " masks",
    "links": '"as of" (needs time) or "batch"',
    "entities": 'kind = "column" lines under [entities]',
    "edges": 'the path of a file with two columns of ids; with links = "batch" and id',
    "seeds": "a whole number from 1 to 50",
    "reviews": "how many rows can be reviewed: below 1 a share, else a number",
}
"""What belongs into a field, by its first name."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LabelColumn(_Part):
    """Which column holds the label, what it says, and when it becomes known."""

    column: str
    positive: Value = 1
    unknown: tuple[Value, ...] = ()
    """Values that mean nobody knows; an empty cell always does."""
    delay: float | None = Field(default=None, ge=0)
    """How long after the row its label is known: days for dates, else the unit of `time`.
    Without it, features as of a row use no labels, as nobody said when they were known."""


class TimeSplit(_Part):
    """The last share of rows by time is judged; labels not yet known at the cut do not teach."""

    kind: Literal["time"]
    test: float = Field(default=0.2, gt=0, lt=1)


class Folds(_Part):
    """Each row is judged once by a model of the other folds, which are drawn anew by each seed."""

    kind: Literal["folds"]
    count: int = Field(default=5, ge=2, le=20)


class Groups(_Part):
    """Folds that keep every value of a column on one side."""

    kind: Literal["groups"]
    column: str
    count: int = Field(default=5, ge=2, le=20)


class Masks(_Part):
    """Columns that say `train`, `held` (for calibration) or `test`; other rows only link."""

    kind: Literal["masks"]
    columns: tuple[str, ...] = Field(min_length=1)


class Config(_Part):
    """One backtest. Paths are relative to the folder of the TOML file."""

    table: Path
    label: LabelColumn
    links: Literal["as of", "batch"]
    split: Annotated[TimeSplit | Folds | Groups | Masks, Field(discriminator="kind")]
    id: str | None = None
    time: str | None = None
    numeric: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    entities: dict[str, str] = Field(default_factory=dict)
    """Kind of entity to the column that names it: rows with one value are linked."""
    edges: Path | None = None
    investigated: str | None = None
    """Column that is true where somebody looked: only those rows teach."""
    reviews: float = Field(default=0.01, gt=0)
    seeds: int = Field(default=5, ge=1, le=50)
    allow: tuple[str, ...] = ()
    """Columns that a check took for a leak and that are none."""

    @model_validator(mode="after")
    def _fits_together(self) -> "Config":
        if self.time is None and self.links == "as of":
            raise ValueError('links = "as of" needs `time`; name the column, or say "batch"')
        if self.time is None and isinstance(self.split, TimeSplit):
            raise ValueError("a split by time needs `time`; name the column, or split by folds")
        if self.edges and (self.id is None or self.links == "as of"):
            raise ValueError(
                '`edges` needs `id`, and links = "batch": the file does not say since when a'
                " link was known"
            )
        if not (self.entities or self.edges):
            raise ValueError("nothing links the rows; name [entities] or `edges`")
        reserved = {self.label.column: "the label", self.id: "the id", self.time: "the time"}
        for column in (*self.numeric, *self.categorical):
            if column in reserved:
                raise ValueError(f"{column!r} is {reserved[column]} and cannot be an input as well")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read, each once, in a fixed order."""
        named: list[str | None] = [self.label.column, self.id, self.time, self.investigated]
        named += [*self.numeric, *self.categorical, *self.entities.values()]
        if isinstance(self.split, Masks):
            named += self.split.columns
        if isinstance(self.split, Groups):
            named.append(self.split.column)
        return tuple(dict.fromkeys(name for name in named if name))


def read_config(path: Path) -> Config:
    """The backtest that a TOML file describes.

    Raises NotFound without the file, InvalidInput with every fault for one that does not fit.
    """
    config = read_described(path, Config, CURES)
    placed = {
        name: path.parent / place
        for name, place in (("table", config.table), ("edges", config.edges))
        if place is not None
    }
    return config.model_copy(update=placed)
