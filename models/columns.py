"""What the columns of a vector are called, where each comes from, and the id of the set."""

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fraud.errors import InvalidInput
from fraud.features import CATALOGUE, FEATURE_SET
from fraud.features.forbidden import refuse_forbidden


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a vector, in order; `feature_set` changes when any of them does.

    Raises InvalidInput for one that is named for a protected trait.
    """

    names: tuple[str, ...]
    sources: tuple[str, ...]
    """For each column the source that has to answer for it, e.g. `crossings`."""
    feature_set: str

    def __post_init__(self) -> None:
        refuse_forbidden(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def of_source(self, source: str) -> NDArray[np.bool_]:
        """Which columns are unknown when a source does not answer, shape (columns,)."""
        return np.array([origin == source for origin in self.sources])

    def to_json(self) -> str:
        return json.dumps(
            {"feature_set": self.feature_set, "names": self.names, "sources": self.sources},
            indent=1,
        )

    @classmethod
    def from_json(cls, text: str) -> "Columns":
        """Read what `to_json` wrote. Raises InvalidInput when it is something else."""
        try:
            found = json.loads(text)
            return cls(tuple(found["names"]), tuple(found["sources"]), str(found["feature_set"]))
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput("not a list of columns") from error


def columns_in_force() -> Columns:
    """The columns that this version of the code computes."""
    return Columns(
        tuple(feature.name for feature in CATALOGUE),
        tuple(str(feature.source) for feature in CATALOGUE),
        FEATURE_SET,
    )
