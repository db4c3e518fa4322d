"""Every public set in a folder: links of a table, and linkage of its records.

Docs: docs/benchmarks.md.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from fraud.errors import NotFound
from models.backtest.public import HEADS as OF_LINKS
from models.backtest.public import SETS, run_public_sets
from models.linkage.public import FILE, run_public_linkage
from models.linkage.public import HEADS as OF_LINKAGE

Lines = Iterator[Sequence[str]]


def run_benchmarks(
    data: Path, *, only: str, shuffled: bool, seeds: int, tell: Callable[[str], None]
) -> Iterator[tuple[Sequence[str], Lines]]:
    """Heads and lines of each table that the sets in `data` fill; `only` is part of a file's name.

    Shuffled, the figure is the AUC of links with labels dealt out anew; linkage has none.
    Raises NotFound when no set is there.
    """
    files = [one.file for one in SETS]
    present = [name for name in (*files, FILE) if (data / name).exists() and only in name]
    if not present:
        raise NotFound(f"{data} holds none of {', '.join((*files, FILE))}")
    if set(present) & set(files):
        lines = run_public_sets(data, only=only, shuffled=shuffled, seeds=seeds, tell=tell)
        yield OF_LINKS, lines
    if FILE in present and not shuffled:
        yield OF_LINKAGE, run_public_linkage(data, seeds=seeds, tell=tell)
