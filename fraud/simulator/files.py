"""A simulated region as files: events in one folder, the truth in another, far from training."""

import json
import multiprocessing
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from fraud.errors import Conflict, NotFound
from fraud.movement import CrossingDay, CrossingTable
from fraud.records import Label
from fraud.simulator.border import read_border_file, write_border_file
from fraud.simulator.entities import Entities, EntityTruth
from fraud.simulator.papers import Event
from fraud.simulator.shelf import event_line, read_events
from fraud.simulator.timeline import Progress, Region, Truth


def write_region(
    region: Region,
    out: Path,
    progress: Progress | None = None,
    *,
    everyone: bool = False,
    processes: int = 1,
) -> None:
    """Write events, crossings and, in a folder of its own beside, the truth.

    Everything goes to folders ending in `.part` first, so that an interrupted run leaves no half
    region: the next one starts anew. Whatever the number of processes, the bytes are the same.

    Args:
        region: the simulated region.
        out: folder to write, in place of an older region; the truth goes to `<out>-truth`.
        progress: told what is being written and the share done.
        everyone: write the clearances of the whole region and of passers-by, not only of the
            people requested.
        processes: how many processes share the days.

    Raises:
        Conflict: `out` holds something that is not a simulated region.
    """
    tell = progress or (lambda _what, _share: None)
    with _in_place_of(out, "region.json") as part, _in_place_of(truth_folder(out)) as truth:
        _write_settings(region, part, everyone=everyone)
        tell("events", 0.0)
        with (part / "events.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(event_line(event) for event in region.events)
        tell("events", 1.0)
        _write_truth(region, truth)
        _write_days(DayWriter(region, part / "crossings", everyone=everyone), processes, tell)


@contextmanager
def _in_place_of(folder: Path, sign: str = "truth.jsonl") -> Iterator[Path]:
    """A folder to write to that takes the place of another once all is written."""
    if folder.exists() and any(folder.iterdir()) and not (folder / sign).exists():
        raise Conflict(f"{folder} is not a simulated region, and nothing in it is overwritten")
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


@dataclass(frozen=True)
class DayWriter:
    """Writes border files of a region, each on its own, so that processes can share the days."""

    region: Region
    folder: Path
    everyone: bool

    def write(self, day: date) -> None:
        """Write the border file of one day."""
        asked = None if self.everyone else self.region.requested(day)
        known = self.region.crossings(day, day, asked)
        passers = self.region.passers_by(day) if self.everyone else None
        write_border_file(self.folder / f"{day.isoformat()}.parquet", known, passers)


def _write_days(writer: DayWriter, processes: int, tell: Progress) -> None:
    writer.folder.mkdir()
    settings = writer.region.settings
    days = [settings.first_day + timedelta(days=number) for number in range(settings.days)]
    for number, _ in enumerate(_each_written(writer, days, processes)):
        tell("crossings", (number + 1) / len(days))
    with (writer.folder / "days.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for day in days:
            known = writer.region.crossing_day(day)
            line = {"day": day.isoformat(), "outage_share": known.outage_share}
            file.write(json.dumps(line) + "\n")


def _each_written(writer: DayWriter, days: list[date], processes: int) -> Iterable[None]:
    if processes == 1:
        yield from map(writer.write, days)
        return
    fresh = multiprocessing.get_context("spawn")  # the progress bar's thread forbids a fork
    with ProcessPoolExecutor(processes, fresh, _keep, (writer,)) as pool:
        try:
            yield from pool.map(_write_with_kept, days)
        finally:
            pool.shutdown(cancel_futures=True)


_kept: list[DayWriter] = []
"""In a process that shares the days: its writer, handed over once."""


def _keep(writer: DayWriter) -> None:
    _kept.append(writer)


def _write_with_kept(day: date) -> None:
    _kept[0].write(day)


def truth_folder(out: Path) -> Path:
    """Where the truth of a region written to `out` lies."""
    return out.parent / f"{out.name}-truth"


def _write_settings(region: Region, out: Path, *, everyone: bool) -> None:
    chosen = asdict(region.settings) | {"first_day": region.settings.first_day.isoformat()}
    note = {"simulated": True, "settings": chosen, "prevalence_scaling": region.scaling}
    note["crossings"] = "everyone" if everyone else "requested"
    (out / "region.json").write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")


def _write_truth(region: Region, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "truth.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for claim_id in sorted(region.truth):
            line = {"claim_id": claim_id} | asdict(region.truth[claim_id])
            file.write(json.dumps(line) + "\n")
    with (folder / "entities.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for kind, name in sorted(region.entities):
            line = {"kind": kind, "id": name} | asdict(region.entities[kind, name])
            file.write(json.dumps(line) + "\n")


@dataclass(frozen=True)
class SavedRegion:
    """A region read back from files. It has no way to the truth."""

    folder: Path

    def events(self) -> Iterator[Event]:
        """Every event in order, parsed and checked."""
        return read_events(self.folder / "events.jsonl")

    def days(self) -> Iterator[CrossingDay]:
        """Every day that has a border file, with its outages."""
        with (self.folder / "crossings" / "days.jsonl").open(encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                yield CrossingDay(date.fromisoformat(row["day"]), row["outage_share"])

    def crossings(self, day: date) -> CrossingTable:
        """Known people's clearances of one day; raises NotFound where that day has no file."""
        path = self.folder / "crossings" / f"{day.isoformat()}.parquet"
        if not path.exists():
            raise NotFound(f"no border file for {day.isoformat()} in {self.folder}")
        return read_border_file(path)

    def crossing_days(self) -> Iterator[tuple[CrossingDay, CrossingTable]]:
        """Each day's coverage and clearances, in order."""
        for known in self.days():
            yield known, self.crossings(known.day)


def read_region(out: Path) -> SavedRegion:
    """Open a region written by `write_region`; raises NotFound where there is none."""
    if not (out / "events.jsonl").exists():
        raise NotFound(f"no simulated region in {out}; write one with: fraud simulate")
    return SavedRegion(out)


def read_truth(folder: Path) -> dict[str, Truth]:
    """The truth of a region, from its own folder. For the evaluation command alone."""
    found = {}
    with (folder / "truth.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            claim_id = row.pop("claim_id")
            found[claim_id] = Truth(**row | {"label": Label(row["label"])})
    return found


def read_entities(folder: Path) -> Entities:
    """The truth about employers, agents and officers. For the evaluation command alone."""
    found: Entities = {}
    with (folder / "entities.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            found[row["kind"], row["id"]] = EntityTruth(row["typology"], row["look_alike"])
    return found
