"""Named columns put side by side; single precision keeps a million rows small."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from fraud.assessment import Floats

Singles = NDArray[np.float32]


def stacked(columns: Mapping[str, Floats | Singles], rows: int) -> Singles:
    """Columns side by side, shape (rows, columns)."""
    matrix = np.empty((rows, len(columns)), dtype=np.float32)
    for place, values in enumerate(columns.values()):
        matrix[:, place] = values
    return matrix


def prefixed(prefix: str, columns: Mapping[str, Floats]) -> dict[str, Floats]:
    """The columns with whose they are before their names."""
    return {f"{prefix}: {name}": values for name, values in columns.items()}


def merged(parts: Iterable[Mapping[str, Floats]]) -> dict[str, Floats]:
    """All columns of some parts, in order."""
    return {name: values for part in parts for name, values in part.items()}
