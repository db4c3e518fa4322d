"""`fraud-models`: train a scorer, judge it, and name it champion."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from fraud.errors import SempadanError

app = typer.Typer(
    name="fraud-models",
    no_args_is_help=True,
    add_completion=False,
    help=__doc__
    + """

    A scorer orders claims by how alike they are to claims that people confirmed as fraud. It is
    trained on mature decisions only, registered in MLflow with everything it was made from, and
    used once a named person has promoted it.

    The usual way: `train`, read the `card`, `promote 1 --by NAME --why REASON`; later `retrain`
    whenever decisions have matured. Settings: MODELS_* for the registry, FRAUD_* for the database.
    """,
)

console = Console()
errors = Console(stderr=True)


def main() -> None:
    """Run a command; an error on purpose becomes one sentence and exit code 1."""
    try:
        app()
    except SempadanError as error:
        errors.print(f"fraud-models: {error}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)


@app.command()
def train(
    table: Annotated[
        str | None, typer.Option(help="Also save the training table there, as Parquet.")
    ] = None,
) -> None:
    """Train on all mature decisions and register the result as challenger.

    Nothing is replaced: a challenger scores along and its answers are kept, not used.
    """
    made = _trained(table)
    _print_trained(made)


@app.command()
def retrain(
    *,
    list_new: Annotated[
        bool, typer.Option("--list-new", help="Print the claims whose labels are new.")
    ] = False,
) -> None:
    """Train again and say how many labels matured since the last version."""
    made = _trained(None)
    console.print(f"{len(made.new_labels)} labels matured since the version before.")
    if list_new:
        console.print("\n".join(made.new_labels), highlight=False)
    _print_trained(made)
