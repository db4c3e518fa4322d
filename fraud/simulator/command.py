"""`fraud simulate`: write a simulated region to a folder, with a progress bar and its rates."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from fraud.simulator.files import truth_folder, write_region
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import Progress as Tell
from fraud.simulator.timeline import Region, rates, simulate

WRITING = ("events", "crossings")
"""Stages that have a bar of their own; whatever else is told belongs to the simulation."""


class Whose(StrEnum):
    """Whose clearances the border files hold."""

    REQUESTED = "requested"
    EVERYONE = "everyone"


def simulate_command(
    settings: RegionSettings,
    out: Path = Path("region"),
    *,
    crossings: Whose = Whose.REQUESTED,
    processes: int = 1,
) -> None:
    """Simulate a region, write it to `out` and print what is in it.

    The truth goes to `<out>-truth`, which only the evaluation command opens. Events wait in a
    folder beside `out` until they are in order, so that memory does not grow with them.
    """
    console = Console()
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f"{out.name}.", suffix=".part", dir=out.parent) as scratch:
        with _bar(console) as tell:
            region = simulate(settings, tell, scratch=Path(scratch))
            everyone = crossings is Whose.EVERYONE
            write_region(region, out, tell, everyone=everyone, processes=processes)
        console.print(rates_table(region))
    console.print(f"Simulated region written to {out}; its truth to {truth_folder(out)}.")


def rates_table(region: Region) -> Table:
    """Counts of a simulated region, with the intensity they were made at."""
    chosen = region.settings
    table = Table(
        title=f"Simulated region: {chosen.people:,} people, {chosen.months} months, "
        f"seed {chosen.seed}, {chosen.dialled}"
    )
    table.add_column("What")
    table.add_column("Kind")
    table.add_column("Count", justify="right")
    for what, counts in rates(region).items():
        for kind, count in sorted(counts.items()):
            table.add_row(what, kind, f"{count:,}")
    return table


@contextmanager
def _bar(console: Console) -> Iterator[Tell]:
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        tasks = {}

        def tell(what: str, share: float) -> None:
            stage = what if what in WRITING else "simulation"
            if stage not in tasks:
                tasks[stage] = progress.add_task(what, total=1.0)
            progress.update(tasks[stage], description=what, completed=share)

        yield tell
