"""`fraud-models`: train a scorer, judge it, and name it champion."""

import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from fraud import config as fraud_config
from fraud.clock import local_day
from fraud.errors import NotFound, SempadanError
from fraud.privacy import gates_of
from fraud.store.opening import clock_of, open_store
from fraud.wording import Language
from models import config as models_config
from models import laboratory, tables
from models.cluster import fitting_on
from models.control_sample import estimate
from models.directed import Fitting, fit_here
from models.drift import Alarm, drift
from models.periods import periods
from models.printed import control_sentences, control_table, drift_table, figures_table, progress
from models.promote import promote as promote_version
from models.public_card import PUBLIC_CARD
from models.registry import CHAMPION, Entry, Registry
from models.retrain import CARD, Trained
from models.retrain import retrain as retrain_scorer
from models.sampled import sampled
from models.shadow import report, shadow
from models.table import Moment, save_table

HELP = """Train a scorer, judge it, and name it champion.

A scorer orders claims by how alike they are to claims that people confirmed as fraud. It learns
from mature decisions only, is registered in MLflow with everything it was made from, and is used
once a named person has promoted it.

The usual way: `train`, read its `card`, `promote 1 --by NAME --why REASON`; later `retrain`
whenever decisions have matured. Settings: MODELS_* for the registry, FRAUD_* for the database.
"""

ASKS_FOR_ACTION = 3
"""Exit code of `drift` when something moved so far that scores may be wrong."""

app = typer.Typer(help=HELP, no_args_is_help=True, pretty_exceptions_enable=False)
console = Console(highlight=False, soft_wrap=True)
app.add_typer(tables.app)
app.add_typer(laboratory.app)


def main() -> None:
    """Run a command; an expected error is one sentence on standard error and exit code 1."""
    try:
        app()
    except SempadanError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"fraud-models: {error}", style="red", markup=False
        )
        sys.exit(1)


@app.command()
def train(
    table: Annotated[
        Path | None, typer.Option(help="Also save the training table there, as Parquet.")
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(help="Fit on the Dask cluster whose scheduler is there: tcp://HOST:8786."),
    ] = None,
) -> None:
    """Train on all mature decisions and register the result as challenger.

    Nothing is replaced: a challenger scores along, and its answers are kept but not used. A cluster
    shares the work of fitting alone: all rows are gathered on this machine and sent from it. Its
    trees may differ in the last places.
    """
    if cluster:
        with fitting_on(cluster) as fitting:
            made = _train(fitting)
    else:
        made = _train()
    if table:
        save_table(made.table, table)
        console.print(f"Training table saved to {table}.")
    _print_trained(made)


@app.command()
def retrain(
    *,
    list_new: Annotated[
        bool, typer.Option("--list-new", help="Print the claims whose labels are new.")
    ] = False,
) -> None:
    """Train again, and say how many labels matured since the version before."""
    made = _train()
    console.print(f"Labels matured since the version before: {len(made.new_labels)}")
    if list_new:
        console.print("\n".join(made.new_labels))
    _print_trained(made)


@app.command("control-sample")
def control_sample() -> None:
    """How much fraud the review line misses, by the desk's blind control cases.

    Reads decided cases only. An estimate from how claims were drawn and what people found in
    them; no probability of the scorer enters it.
    """
    settings = models_config.load_settings()
    with closing(open_store(fraud_config.load_settings())) as store:
        found = sampled(store)
    made = estimate(found.passed, found.rest, seed=settings.seed)
    console.print(control_table(made))
    console.print("\n".join(control_sentences(found, made, seed=settings.seed)))


@app.command("drift")
def measure_drift(
    days: Annotated[int, typer.Option(min=1, help="Days of the later period, up to now.")] = 28,
    before: Annotated[int, typer.Option(min=1, help="Days of the period before it.")] = 120,
) -> None:
    """Whether claims, or the scores given to them, have become others than they were.

    Compares claims as lodged of two periods: PSI with unknown as a bin of its own, and KS. `look`
    asks to see what changed, `act` not to trust scores before that; then the exit code is 3.
    """
    fraud_settings = fraud_config.load_settings()
    with closing(open_store(fraud_settings)) as store:
        until = local_day(clock_of(fraud_settings, store)())
        found = periods(store, until=until, days=days, before=before)
    counted = f"{found.claims_before} claims in {before} days, {found.claims_after} in the {days}"
    if not found.claims_before or not found.claims_after:
        raise NotFound(f"nothing to compare up to {until}: {counted} after them")
    moved = drift(found.before, found.after)
    console.print(drift_table(moved))
    console.print(
        f"{counted} days up to {until}. Scores are those of {found.scorer or 'no scorer'}."
    )
    if any(one.alarm is Alarm.ACT for one in moved):
        raise typer.Exit(ASKS_FOR_ACTION)


@app.command()
def promote(
    version: Annotated[str, typer.Argument(help="Number of the version, as `versions` lists it.")],
    by: Annotated[str, typer.Option(help="Who decides this.")],
    why: Annotated[str, typer.Option(help="The reason, for the audit trail.")],
) -> None:
    """Name a version champion, after its checks have passed.

    Sets the review line of the policy to the version's own and writes an audit event. Run it again
    after a crash: it finishes what was begun.
    """
    fraud_settings, settings = fraud_config.load_settings(), models_config.load_settings()
    with closing(open_store(fraud_settings)) as store:
        clock = clock_of(fraud_settings, store)
        done = promote_version(version, by=by, why=why, store=store, settings=settings, clock=clock)
    if done.previous == done.version:
        console.print(f"Version {done.version} is champion already.")
    else:
        before = f" (before: version {done.previous})" if done.previous else ""
        console.print(f"Version {done.version} is champion{before}.")
    console.print(f"Review line: {done.review_line:.4f}.")


@app.command("shadow")
def compare_shadow(
    *,
    list_claims: Annotated[
        bool, typer.Option("--list", help="Print the claims that one alone would put up.")
    ] = False,
) -> None:
    """What the challenger would have done where the champion was at work, on the same claims.

    Rank agreement, who would be put up by one and not by the other with what people found, and
    the gaps of groups. The report is kept with the challenger's run in MLflow.
    """
    settings = models_config.load_settings()
    with closing(open_store(fraud_config.load_settings())) as store:
        found = shadow(store, settings)
    console.print(Markdown(report(found)), markup=False)
    if list_claims:
        for name, which in (("champion", 0), ("challenger", 1)):
            console.print(f"Only the {name}: {', '.join(found.only(which)) or 'none'}")


@app.command()
def card(
    version: Annotated[
        str | None, typer.Argument(help="Number of the version; without one, the champion.")
    ] = None,
    *,
    plain: Annotated[bool, typer.Option("--plain", help="Print the Markdown as it is.")] = False,
    public: Annotated[
        Language | None,
        typer.Option(help="The card that may be handed to anybody, in this language: ms or en."),
    ] = None,
) -> None:
    """Show a version's model card: what it learned from, how good it is, where it fails."""
    registry = Registry(models_config.load_settings())
    entry, name = _entry(registry, version), PUBLIC_CARD[public] if public else CARD
    files = registry.files(entry)
    if name not in files:
        raise NotFound(f"{entry.version} has no public card: train again with this release")
    text = files[name].decode()
    console.print(text if plain else Markdown(text), markup=False)


@app.command()
def versions() -> None:
    """List the registered versions, newest first."""
    registry = Registry(models_config.load_settings())
    shown = Table("Version", "Named", "Trained on", "Feature set", "SHA-256", "Promoted")
    for entry in registry.entries():
        shown.add_row(
            entry.version.version,
            ", ".join(entry.aliases),
            f"{entry.tags.get('rows', '?')} claims, {entry.tags.get('positives', '?')} fraud",
            entry.version.feature_set,
            entry.version.sha256[:12],
            entry.tags.get("promoted", ""),
        )
    console.print(shown)


def _train(fitting: Fitting = fit_here) -> Trained:
    fraud_settings, settings = fraud_config.load_settings(), models_config.load_settings()
    with closing(open_store(fraud_settings)) as store, progress() as tell:
        now = clock_of(fraud_settings, store)()
        moment = Moment(
            now=now,
            appeal_window_days=fraud_settings.appeal_window_days,
            recent_days=settings.recent_days,
            sources=gates_of(fraud_settings).open_at(now),
        )
        return retrain_scorer(store, settings, moment, fitting=fitting, tell=tell)


def _entry(registry: Registry, version: str | None) -> Entry:
    if version:
        return registry.entry(version)
    champion = registry.by_alias(CHAMPION)
    if champion is None:
        raise NotFound("there is no champion; name a version (see `fraud-models versions`)")
    return champion


def _print_trained(made: Trained) -> None:
    for line in made.table.report.lines():
        console.print(line)
    console.print(figures_table("On the latest decided claims", made.fitted.figures))
    number = made.entry.version.version
    console.print(f"Registered as {made.entry.version}, challenger.")
    console.print(f"To use it: fraud-models promote {number} --by NAME --why REASON")


if __name__ == "__main__":
    main()
