"""Every public set in a folder: links of a table, and linkage of its records.

Docs: docs/benchmarks.md.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fraud.errors import NotFound
from models.backtest.public import HEADS as OF_LINKS
from models.backtest.public import SETS, run_public_sets
from models.linkage.public import FILE, run_public_linkage
from models.linkage.public import HEADS as OF_LINKAGE


@dataclass(frozen=True, slots=True)
class Judged:
    """What one run on a public set found: a line of cells for each figure."""

    run: str
    heads: Sequence[str]
    lines: Sequence[Sequence[str]]


def run_benchmarks(
    data: Path, *, only: str, shuffled: bool, seeds: int, tell: Callable[[str], None]
) -> Iterator[Judged]:
    """Each run on the sets in `data` as soon as it is done; `only` is part of a file's name.

    Shuffled, the figure is the AUC of links with labels dealt out anew; linkage has none.
    Raises NotFound when no set is there.
    """
    files = (*(one.file for one in SETS), FILE)
    present = [name for name in files if (data / name).exists() and only in name]
    if not present:
        raise NotFound(f"{data} holds none of {', '.join(files)}")
    of_links = run_public_sets(data, only=only, shuffled=shuffled, seeds=seeds, tell=tell)
    yield from (Judged(run, OF_LINKS, lines) for run, lines in of_links)
    if FILE in present and not shuffled:
        of_linkage = run_public_linkage(data, seeds=seeds, tell=tell)
        yield from (Judged(run, OF_LINKAGE, lines) for run, lines in of_linkage)
