"""The parts of a table, read in their order by this process or by several of their own."""

import atexit
import gc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing import get_context
from typing import Any, Protocol, TypeVar

from fraud.store.rebuild import ClaimRow
from models.train import Tell

PART = 500
"""Claims read together: a process holds what was known of so many."""

Part = TypeVar("Part")
Asked_contra = TypeVar("Asked_contra", contravariant=True)


SELDOM = (500_000, 20, 20)
"""When to look for cycles, as `gc.set_threshold` takes it. Reading many rows leaves none."""


class Reader(Protocol[Asked_contra]):
    """Reads the states of a part's claims, each with its vector."""

    def rows(self, part: Asked_contra, /) -> list[ClaimRow]: ...
    def close(self) -> None: ...


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for cycles seldom: each time, Python goes through all rows that were read so far."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def reading(
    open_reader: Callable[[], Reader[Part]], processes: int
) -> Iterator[Callable[[Iterable[Part]], Iterable[list[ClaimRow]]]]:
    """Reads parts in their order, in this process or in several of their own.

    `open_reader` is handed to other processes: a function of a module or a `partial` of one.
    """
    if processes == 1:
        with closing(open_reader()) as reader:
            yield lambda parts: map(reader.rows, parts)
        return
    fresh = get_context("spawn")  # the progress bar's thread forbids a fork
    with ProcessPoolExecutor(processes, fresh, _open, (open_reader,)) as pool:
        try:
            yield lambda parts: pool.map(_rows, parts)
        finally:
            pool.shutdown(cancel_futures=True)


_opened: list[Reader[Any]] = []
"""In a process that reads parts: its reader, opened once."""


def _open(open_reader: Callable[[], Reader[Any]]) -> None:
    gc.freeze()  # looking for cycles, of which a part leaves none, takes a tenth of the time
    gc.set_threshold(*SELDOM)
    _opened.append(open_reader())
    atexit.register(_close)


def _close() -> None:
    _opened.pop().close()


def _rows(part: object) -> list[ClaimRow]:
    return _opened[0].rows(part)


def told(parts: Iterable[list[ClaimRow]], claims: int, tell: Tell) -> Iterator[ClaimRow]:
    """The rows of each part, and word of how far it is."""
    for number, rows in enumerate(parts):
        tell(f"measure claims as of each one's cut-off: {number * PART:,} of {claims:,}")
        yield from rows
