"""`fraud simulate`: write a simulated region to a folder, with a progress bar and its rates."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from fraud.simulator.files import truth_folder, write_region
from fraud.simulator.settings import RegionSettings
from fraud.simulator.timeline import Progress as Tell
from fraud.simulator.timeline import Region, rates, simulate


def simulate_command(
    people: int = 20_000,
    months: int = 12,
    seed: int = 7,
    claim_intensity: float = 1.0,
    out: Path = Path("region"),
    first_day: date = date(2025, 1, 1),
    raised: Mapping[str, float] | None = None,
    look_alikes: float = 1.0,
) -> Region:
    """Simulate a region, write it to `out` and print what is in it.

    The truth goes to `<out>-truth`, which only the evaluation command opens.
    """
    console = Console()
    settings = RegionSettings(
        people,
        months,
        seed,
        claim_intensity,
        first_day,
        raised=raised or {},
        look_alikes=look_alikes,
    )
    with _bar(console) as tell:
        region = simulate(settings, tell)
        write_region(region, out, tell)
    console.print(rates_table(region))
    console.print(f"Simulated region written to {out}; its truth to {truth_folder(out)}.")
    return region


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
    columns = (TextColumn("{task.description:<28}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        tasks = {}

        def tell(what: str, share: float) -> None:
            stage = "crossings" if what == "crossings" else "simulation"
            if stage not in tasks:
                tasks[stage] = progress.add_task(what, total=1.0)
            if what != "events":
                progress.update(tasks[stage], description=what, completed=share)

        yield tell
