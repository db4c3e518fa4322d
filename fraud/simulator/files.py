"""A simulated region as files: events in one folder, the truth in another, far from training."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from fraud.errors import NotFound
from fraud.movement import (
    AUTHORITIES,
    CHECKPOINTS,
    DIRECTIONS,
    MODES,
    CrossingDay,
    CrossingTable,
)
from fraud.records import AnyFact, Claim, Label
from fraud.simulator.papers import Event
from fraud.simulator.timeline import Progress, Region, Truth

_FACT: TypeAdapter[AnyFact] = TypeAdapter(AnyFact)
_CLOCK = pa.timestamp("s", tz="+08:00")
_CODED = {
    "direction": DIRECTIONS,
    "authority": AUTHORITIES,
    "checkpoint": CHECKPOINTS,
    "mode": MODES,
}


def write_region(
    region: Region, out: Path, progress: Progress | None = None, *, everyone: bool = False
) -> None:
    """Write events, crossings and, in a folder of its own beside, the truth.

    Args:
        region: the simulated region.
        out: folder to write; the truth goes to `<out>-truth`.
        progress: told what is being written and the share done.
        everyone: write the clearances of the whole region, not only of the people requested.
    """
    tell = progress or (lambda _what, _share: None)
    (out / "crossings").mkdir(parents=True, exist_ok=True)
    _write_settings(region, out)
    tell("events", 0.0)
    with (out / "events.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(event_line(event) for event in region.events)
    _write_truth(region, truth_folder(out))
    first, days = region.settings.first_day, region.settings.days
    with (out / "crossings" / "days.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for number in range(days):
            day = first + timedelta(days=number)
            _write_day(region, out, day, everyone=everyone)
            known = region.crossing_day(day)
            line = {"day": day.isoformat(), "outage_share": known.outage_share}
            file.write(json.dumps(line) + "\n")
            tell("crossings", (number + 1) / days)


def truth_folder(out: Path) -> Path:
    """Where the truth of a region written to `out` lies."""
    return out.parent / f"{out.name}-truth"


def event_line(event: Event) -> str:
    """One event as a line of JSON."""
    kind = "claim" if isinstance(event.record, Claim) else event.record.model_dump()["kind"]
    body = event.record.model_dump_json()
    return f'{{"known_at":"{event.known_at.isoformat()}","type":"{kind}","record":{body}}}\n'


def _write_settings(region: Region, out: Path) -> None:
    chosen = asdict(region.settings) | {"first_day": region.settings.first_day.isoformat()}
    note = {"simulated": True, "settings": chosen, "prevalence_scaling": region.scaling}
    (out / "region.json").write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")


def _write_truth(region: Region, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "truth.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for claim_id in sorted(region.truth):
            line = {"claim_id": claim_id} | asdict(region.truth[claim_id])
            file.write(json.dumps(line) + "\n")


def _write_day(region: Region, out: Path, day: date, *, everyone: bool) -> None:
    table = region.crossings(day, day, None if everyone else region.requested(day))
    path = out / "crossings" / f"{day.isoformat()}.parquet"
    pq.write_table(columns_of(table), path, compression="zstd")


def columns_of(table: CrossingTable) -> pa.Table:
    """A crossing table in the columns of the border file."""
    people, person = np.unique(table.person, return_inverse=True)
    names = pa.array([table.people[one] for one in people.tolist()], pa.string())
    seconds = table.day.astype(np.int64) * 86_400 + table.minute.astype(np.int64) * 60 - 8 * 3600
    vehicles, vehicle = np.unique(table.vehicle, return_inverse=True)
    plates = pa.array(
        [table.vehicles[one] if one >= 0 else None for one in vehicles.tolist()], pa.string()
    )
    columns = {
        "mykad": names.take(pa.array(person)),
        "cleared_at": pa.array(seconds, pa.int64()).cast(pa.timestamp("s")).cast(_CLOCK),
        **{
            name: pa.array(words, pa.string()).take(pa.array(table.column(name)))
            for name, words in _CODED.items()
        },
        "vehicle": plates.take(pa.array(vehicle)),
    }
    return pa.table(columns)


def table_of(columns: pa.Table) -> CrossingTable:
    """A border file's columns as a crossing table."""
    people = pc.unique(columns["mykad"]).to_pylist()
    vehicles = pc.unique(columns["vehicle"].drop_null()).to_pylist()
    clock = columns["cleared_at"].cast(_CLOCK)
    seconds = clock.cast(pa.int64()).to_numpy() + 8 * 3600
    return CrossingTable(
        people,
        vehicles,
        person=_codes(columns["mykad"], people),
        day=(seconds // 86_400).astype(np.int32),
        minute=(seconds % 86_400 // 60).astype(np.int32),
        vehicle=_codes(columns["vehicle"], vehicles),
        **{
            name: np.maximum(_codes(columns[name], list(words)), 0)
            for name, words in _CODED.items()
        },
    )


def _codes(column: pa.ChunkedArray, words: list[str]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    found = pc.index_in(column, value_set=pa.array(words, pa.string())).fill_null(-1)
    codes: np.ndarray[tuple[int], np.dtype[np.int32]] = found.to_numpy().astype(np.int32)
    return codes


@dataclass(frozen=True)
class SavedRegion:
    """A region read back from files. It has no way to the truth."""

    folder: Path

    def events(self) -> Iterator[Event]:
        """Every event in order, parsed and checked."""
        with (self.folder / "events.jsonl").open(encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                body = row["record"]
                record: Claim | AnyFact
                if row["type"] == "claim":
                    record = Claim.model_validate(body, strict=False)
                else:
                    record = _FACT.validate_python(body)
                yield Event(datetime.fromisoformat(row["known_at"]), record)

    def days(self) -> Iterator[CrossingDay]:
        """Every day that has a border file, with its outages."""
        with (self.folder / "crossings" / "days.jsonl").open(encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                yield CrossingDay(date.fromisoformat(row["day"]), row["outage_share"])

    def crossings(self, day: date) -> CrossingTable:
        """The clearances of one day; raises NotFound where that day has no file."""
        path = self.folder / "crossings" / f"{day.isoformat()}.parquet"
        if not path.exists():
            raise NotFound(f"no border file for {day.isoformat()} in {self.folder}")
        return table_of(pq.read_table(path))

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
