"""Which rows teach, which are held for calibration, and which judge."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fraud.assessment import Floats
from fraud.errors import InvalidInput
from models.backtest.config import Config, Folds, Groups, Masks, TimeSplit
from models.backtest.table import Table
from models.split import Flags, Ints

HELD = 0.2
"""Share of the teaching rows that calibrate where no mask says which."""

WORDS = ("train", "held", "test")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One split. Row numbers; `train` and `test` share none, and all have a known label."""

    train: Ints
    held: Ints
    """Rows of `train` (or of a mask) that calibrate."""
    test: Ints
    usable: Flags
    """Over all rows: whose labels links as of a row may read, once known. Batch reads `train`."""
    blocks: Ints | None
    """Over all rows: rows of one number stand in one fold together; None where each is free."""


def parts_of(table: Table, config: Config, seed: int) -> Iterator[Part]:
    """The splits of one seed. Raises InvalidInput where one side lacks positives or others."""
    split = config.split
    if isinstance(split, TimeSplit):
        found = _by_time(table, split, config.label.delay or 0.0)
    elif isinstance(split, Masks):
        found = _by_masks(table, split, seed)
    else:
        found = _by_folds(table, split, seed)
    for part in found:
        taught = part if config.investigated is None else _investigated(part, table)
        for name, rows in (("train", taught.train), ("test", taught.test), ("held", taught.held)):
            _require_both(table.label[rows], name)
        yield taught


def asked_rows(table: Table, config: Config) -> Ints:
    """The rows with a known label that splits can name; with masks, those that one has a word for.

    No others need columns: of 1.7 million payments, a mask may name a tenth.
    """
    asked = ~np.isnan(table.label)
    if isinstance(config.split, Masks):
        words = [np.isin(_words(table, name), WORDS) for name in config.split.columns]
        asked &= np.any(words, axis=0)
    return np.flatnonzero(asked)


def _by_time(table: Table, split: TimeSplit, delay: float) -> Iterator[Part]:
    known = ~np.isnan(table.label)
    cut = float(np.quantile(table.time, 1 - split.test))
    train = np.flatnonzero(known & (table.time < cut) & (table.time + delay <= cut))
    test = np.flatnonzero(known & (table.time >= cut))
    if not len(train):
        raise InvalidInput("no label was known at the cut; look at split.test and label.delay")
    latest = np.quantile(table.time[train], 1 - HELD)
    yield Part(train, train[table.time[train] >= latest], test, known, None)


def _by_masks(table: Table, split: Masks, seed: int) -> Iterator[Part]:
    known = ~np.isnan(table.label)
    for name in split.columns:
        words = _words(table, name)
        train, held, test = (np.flatnonzero(known & (words == word)) for word in WORDS)
        for word, rows in (("train", train), ("test", test)):
            if not len(rows):
                raise InvalidInput(f"mask {name!r} says {word!r} of no row with a known label")
        yield Part(train, held if len(held) else _drawn(train, seed), test, known, None)


def _words(table: Table, mask: str) -> NDArray[np.str_]:
    return np.array([word or "" for word in table.masks[mask]])


def _by_folds(table: Table, split: Folds | Groups, seed: int) -> Iterator[Part]:
    known = ~np.isnan(table.label)
    blocks = table.groups if isinstance(split, Groups) else None
    if blocks is None:
        fold = _balanced_folds(table.label, split.count, seed)
    else:
        fold = _folds_of_blocks(blocks, split.count, _chance("judged blocks", seed))
    for number in range(split.count):
        train = np.flatnonzero(known & (fold != number))
        test = np.flatnonzero(known & (fold == number))
        usable = known & (fold != number)
        yield Part(train, _drawn(train, seed, blocks), test, usable, blocks)


def drawn_folds(rows: int, count: int, seed: int, blocks: Ints | None) -> Ints:
    """A fold for each row, drawn without a look at any label; one for all rows of a block."""
    if blocks is not None:
        return _folds_of_blocks(blocks, count, _chance("drawn blocks", seed))
    return _chance("drawn folds", seed).integers(0, count, rows)


def _folds_of_blocks(blocks: Ints, count: int, chance: np.random.Generator) -> Ints:
    # An unknown block (-1) takes the last place of the draw: one fold for all of them.
    return chance.integers(0, count, int(blocks.max()) + 2)[blocks]


def _balanced_folds(label: Floats, count: int, seed: int) -> Ints:
    """Folds with the same share of each value of the label."""
    chance = _chance("balanced folds", seed)
    fold = np.empty(len(label), dtype=np.int64)
    for value in (0.0, 1.0, np.nan):
        rows = np.flatnonzero(np.isnan(label) if np.isnan(value) else label == value)
        fold[chance.permutation(rows)] = np.arange(len(rows)) % count
    return fold


def _drawn(train: Ints, seed: int, blocks: Ints | None = None) -> Ints:
    """Held rows, or all rows of held blocks."""
    chance = _chance("held", seed)
    if blocks is not None:
        held = chance.random(int(blocks.max()) + 2) < HELD
        return train[held[blocks[train]]]
    return np.sort(chance.choice(train, max(1, int(HELD * len(train))), replace=False))


def _chance(purpose: str, seed: int) -> np.random.Generator:
    """A stream of its own: a table simulated from the same seed must not share our draws."""
    return np.random.default_rng([seed, *purpose.encode()])


def _investigated(part: Part, table: Table) -> Part:
    looked = table.investigated
    return Part(
        train=part.train[looked[part.train]],
        held=part.held[looked[part.held]],
        test=part.test,
        usable=part.usable & looked,
        blocks=part.blocks,
    )


def _require_both(label: Floats, name: str) -> None:
    if not len(label) or (label == label[0]).all():
        raise InvalidInput(
            f"the {name} rows of the split hold {'one label only' if len(label) else 'no label'};"
            " choose another split"
        )
