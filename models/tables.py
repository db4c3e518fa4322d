"""Commands that write the training table alone, from the database or from an extract of it.

Part of `fraud-models`; no command trains from such a table.
"""

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fraud import config as fraud_config
from fraud.clock import system_clock
from fraud.config import Settings
from fraud.privacy import gates_of
from fraud.store.opening import clock_of, keyring_of, open_store
from models.extract import open_extract, write_extract
from models.printed import progress
from models.table import Moment, TrainingTable, save_table
from models.table_from_extract import table_from_extract
from models.table_in_parts import gather_in_parts
from models.train import Tell

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)


@app.command("training-table")
def training_table(
    out: Annotated[Path, typer.Option(help="Parquet file to write.")] = Path("table.parquet"),
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that share the claims.")
    ] = 1,
    extract: Annotated[
        Path | None,
        typer.Option("--from", help="Folder of an extract to read in place of the database."),
    ] = None,
) -> None:
    """Write the training table alone: what was known of each decided claim, and what it proved.

    For notebooks (`load_table` reads the file) and to see what a large store holds; no command
    trains from the file. Each claim is read where it stands in the past, so processes can share the
    work. The rows are those that `train` learns from, unless the gate of the Medical Board was
    opened after claims came in: then links to earlier claims may lack what came through it.

    From an extract the rows are the same, as of the moment at which it was made. That needs DuckDB
    (the extra `extract`) and FRAUD_SECRET_KEY, and no database.
    """
    settings = fraud_config.load_settings()
    with progress() as tell:
        if extract:
            table = _from_extract(settings, extract, processes, tell)
        else:
            table = _from_database(settings, processes, tell)
        tell("write the file")
        save_table(table, out)
    for line in table.report.lines():
        console.print(line)
    console.print(f"Training table saved to {out}.")


def _from_database(settings: Settings, processes: int, tell: Tell) -> TrainingTable:
    with closing(open_store(settings)) as store:
        now = clock_of(settings, store)()
    moment = Moment(
        now=now,
        appeal_window_days=settings.appeal_window_days,
        recent_days=0,
        sources=gates_of(settings).open_at(now),
    )
    opener = partial(open_store, settings)
    return gather_in_parts(opener, moment, processes=processes, tell=tell).table


def _from_extract(settings: Settings, folder: Path, processes: int, tell: Tell) -> TrainingTable:
    found = open_extract(folder)
    now = found.before if settings.clock == "simulated" else system_clock()
    return table_from_extract(
        found,
        partial(keyring_of, settings),
        appeal_window_days=settings.appeal_window_days,
        sources=gates_of(settings).open_at(now),
        processes=processes,
        tell=tell,
    )


@app.command("extract")
def write(
    folder: Annotated[Path, typer.Argument(help="New or empty folder.")],
) -> None:
    """Write what training reads of the database as Parquet files, for `training-table --from`.

    Records stay sealed with FRAUD_SECRET_KEY; people, employers and links are pseudonyms. Claims
    that nobody decided lend their links and no record, and what is behind a shut gate is left out.
    The files still tell who is linked to whom and when: keep them as you keep the database.
    """
    settings = fraud_config.load_settings()
    with closing(open_store(settings)) as store:
        now = clock_of(settings, store)()
        made = write_extract(store, folder, before=now, sources=gates_of(settings).open_at(now))
    console.print(f"Extract as of {made.before:%Y-%m-%d %H:%M} UTC written to {folder}.")
