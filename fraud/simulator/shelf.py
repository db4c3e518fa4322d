"""Events in the order in which they become known, however many: sorted runs, merged when read.

Without a folder the runs stay in memory; with one each run is a file, so that a large region
needs no more memory than one run and one line of every other. Both give the same events.
"""

import heapq
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import takewhile
from pathlib import Path

from pydantic import TypeAdapter

from fraud.records import AnyFact, Claim
from fraud.simulator.papers import Event

RUN = 40_000
"""Events sorted at a time: some tens of megabytes as objects."""

_FACT: TypeAdapter[AnyFact] = TypeAdapter(AnyFact)


class Shelf:
    """Takes events in any order and gives them back in the order of becoming known.

    A reader sees what was there when it began, so that events may be added while one reads.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._runs: list[list[Event] | Path] = []
        self._open: list[Event] = []
        self._end: datetime | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def add(self, events: Iterable[Event]) -> None:
        """Put events on the shelf; known again only once in order."""
        self._open += events
        if len(self._open) >= RUN:
            self._close_run()

    def close(self, end: datetime) -> None:
        """From now on give only what is known before `end`."""
        self._end = end

    def __iter__(self) -> Iterator[Event]:
        self._close_run()
        merged = heapq.merge(*(_events_of(run) for run in self._runs), key=order)
        end = self._end
        return merged if end is None else takewhile(lambda event: event.known_at < end, merged)

    def _close_run(self) -> None:
        if not self._open:
            return
        run = sorted(self._open, key=order)
        self._open = []
        if self._folder is None:
            self._runs.append(run)
            return
        path = self._folder / f"{len(self._runs):05d}.jsonl"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(map(event_line, run))
        self._runs.append(path)


def _events_of(run: list[Event] | Path) -> Iterator[Event]:
    return read_events(run) if isinstance(run, Path) else iter(run)


def order(event: Event) -> tuple[datetime, str]:
    """When an event becomes known; its identifier settles ties."""
    record = event.record
    if isinstance(record, Claim):
        return event.known_at, f"{record.claim_id}#{record.version:04d}"
    return event.known_at, record.fact_id


def event_line(event: Event) -> str:
    """One event as a line of JSON."""
    kind = "claim" if isinstance(event.record, Claim) else event.record.kind
    body = event.record.model_dump_json()
    return f'{{"known_at":"{event.known_at.isoformat()}","type":"{kind}","record":{body}}}\n'


def read_events(path: Path) -> Iterator[Event]:
    """The events of a file of such lines, parsed and checked."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            body = row["record"]
            record: Claim | AnyFact
            if row["type"] == "claim":
                record = Claim.model_validate(body, strict=False)
            else:
                record = _FACT.validate_python(body)
            yield Event(datetime.fromisoformat(row["known_at"]), record)
