"""`fraud-models`: train a scorer, judge it, and name it champion."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from fraud import config as fraud_config
from fraud.clock import local_day
from fraud.entities import EntityKind
from fraud.errors import NotFound, SempadanError
from fraud.privacy import gates_of
from fraud.store.opening import clock_of, open_store
from models import config as models_config
from models.backtest.config import read_config
from models.backtest.figures import SHOWN as BACKTEST_FIGURES
from models.backtest.figures import Spread
from models.backtest.report import name_of, write_report
from models.backtest.run import RUNS
from models.backtest.run import backtest as run_backtest
from models.benchmarks import run_benchmarks
from models.card import SHOWN
from models.control_sample import estimate
from models.drift import Alarm, drift
from models.entities import EntityFigures
from models.evaluate import AT_THE_LINE, Evaluation, Scale, contest_of, evaluate_regions
from models.judge import Figure
from models.linkage.config import read_link_config
from models.linkage.report import COLUMNS as LINK_FIGURES
from models.linkage.report import write_linked
from models.linkage.run import RUNS as LINK_RUNS
from models.linkage.run import link as run_link
from models.links import STARTS_HIGH, Links, measure_links
from models.periods import periods
from models.plots import save_reliability
from models.pooled import MOST_TIMES_GENERAL, Line, pool
from models.printed import control_sentences, control_table, drift_table, reliability_table
from models.promote import promote as promote_version
from models.rarity import measure_rarity
from models.registry import CHAMPION, Entry, Registry
from models.retrain import CARD, Trained
from models.retrain import retrain as retrain_scorer
from models.sampled import sampled
from models.senses import CALIBRATION
from models.table import Moment, save_table
from models.train import Tell
from models.watched import Records

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
) -> None:
    """Train on all mature decisions and register the result as challenger.

    Nothing is replaced: a challenger scores along, and its answers are kept but not used.
    """
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


@app.command()
def evaluate(
    seeds: Annotated[int, typer.Option(min=1, max=20, help="Unseen regions to simulate.")] = 3,
    people: Annotated[int, typer.Option(min=500, help="People in each region.")] = Scale.people,
    fraud_rate: Annotated[
        float, typer.Option(min=0.001, max=0.2, help="Share of the simulated claims that is fraud.")
    ] = Scale.fraud_rate,
    capacity: Annotated[
        float, typer.Option(min=0.001, max=0.5, help="Share of claims that can be reviewed.")
    ] = 0.01,
    records: Annotated[
        Records, typer.Option(help="What is known of where people were: a legal basis decides.")
    ] = Records.FULL,
    processes: Annotated[int, typer.Option(min=1, help="Regions judged at a time.")] = 1,
    plots: Annotated[
        Path | None, typer.Option(help="Folder for pictures of what the probabilities mean.")
    ] = None,
) -> None:
    """Judge the champion on simulated regions that nobody has seen.

    Each region has a seed used nowhere else. Its truth is read for this comparison alone. Without
    a champion, a scorer is first trained on the decisions of one more simulated region.
    """
    settings = models_config.load_settings()
    with _progress() as tell:
        found = evaluate_regions(
            settings,
            seeds=seeds,
            capacity=capacity,
            scale=Scale(people=people, fraud_rate=fraud_rate, records=records),
            processes=processes,
            tell=tell,
        )
    _print_evaluation(found)
    if plots:
        save_reliability(found, plots, rounds=settings.bootstrap_rounds, seed=settings.seed)
        console.print(f"Pictures saved to {plots}.")


@app.command("by-typology")
def by_typology(
    regions: Annotated[int, typer.Option(min=1, max=50, help="Raised regions to pool.")] = 10,
    people: Annotated[int, typer.Option(min=500, help="People in each region.")] = Scale.people,
    capacity: Annotated[
        float, typer.Option(min=0.001, max=0.5, help="Share of claims that can be reviewed.")
    ] = 0.01,
    records: Annotated[
        Records, typer.Option(help="What is known of where people were: a legal basis decides.")
    ] = Records.FULL,
    processes: Annotated[int, typer.Option(min=1, help="Regions judged at a time.")] = 1,
) -> None:
    """Recall of each typology, and how often its honest look-alikes reach review.

    T13, T14 and T19 are typologies of employers, agents and officers: whom the watch lists.

    Measured on pooled simulated regions in which typologies and look-alikes are raised, at the
    same review line as everywhere else, and beside it at that of twice the capacity.
    """
    settings, scale = models_config.load_settings(), Scale(people=people, records=records)
    with _progress() as tell:
        contest = contest_of(settings, scale, capacity=capacity, tell=tell)
        found = pool(
            contest,
            scale,
            regions=regions,
            capacities=(capacity, 2 * capacity),
            processes=processes,
            tell=tell,
        )
    for line in found.lines:
        console.print(_line_table(line))
    console.print(_entities_table(found.entities))
    console.print(
        f"{found.claims} claims, {found.scorer}. Clearly often: more than"
        f" {MOST_TIMES_GENERAL:g} times as often as genuine claims at large."
        f" Simulated, {found.dialled}, records of location: {records.value}."
    )


@app.command()
def rarity(
    regions: Annotated[int, typer.Option(min=1, max=20, help="Regions without fraud.")] = 8,
    people: Annotated[int, typer.Option(min=500, help="People in each region.")] = 80_000,
    processes: Annotated[int, typer.Option(min=1, help="Regions counted at a time.")] = 1,
) -> None:
    """How seldom honest claims reach the weight of each pattern of signs, in bits.

    Measured on simulated regions without any fraud. What is printed belongs into
    `fraud/features/patterns.py`; measure again when a sign or its weight has changed.
    """
    with _progress() as tell:
        found = measure_rarity(people=people, regions=regions, processes=processes, tell=tell)
    shown = Table("Typology", "Honest claims", "Weight and bits")
    for pattern, (claims, steps) in found.items():
        shown.add_row(pattern.typology, str(claims), str(steps))
    console.print(shown)


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
    moved = drift(found.before, found.after)
    console.print(drift_table(moved))
    console.print(
        f"{found.claims_before} claims in {before} days, {found.claims_after} in the {days} days"
        f" up to {until}. Scores are those of {found.scorer or 'no scorer'}."
    )
    if any(one.alarm is Alarm.ACT for one in moved):
        raise typer.Exit(ASKS_FOR_ACTION)


@app.command()
def worth_of_links(
    regions: Annotated[int, typer.Option(min=1, max=20, help="Regions that judge.")] = 3,
    people: Annotated[int, typer.Option(min=500, help="People in each region.")] = Scale.people,
    teaching: Annotated[
        int, typer.Option(min=500, help="People in the region that teaches.")
    ] = Scale.teaching_people,
    processes: Annotated[int, typer.Option(min=1, help="Regions judged at a time.")] = 1,
) -> None:
    """What links add: one recipe taught with links, without any, and with links shuffled.

    Judged by average precision on simulated regions that nobody has seen, for the typologies in
    which people act together; fraud of other kinds is left out. Shuffled links keep every degree.
    """
    settings, scale = models_config.load_settings(), Scale(people=people, teaching_people=teaching)
    with _progress() as tell:
        found = measure_links(
            settings, regions=regions, scale=scale, processes=processes, tell=tell
        )
    shown = Table("Typology", "Cases", "Without links", "With", "Shuffled", "Gain", "of shuffled")
    for worth in (found.together, *found.each):
        by_links = (worth.precision[links] for links in (Links.NONE, Links.KNOWN, Links.SHUFFLED))
        gains = (worth.gain[links] for links in (Links.KNOWN, Links.SHUFFLED))
        shown.add_row(worth.typology, str(worth.cases), *map(str, (*by_links, *gains)))
    console.print(shown)
    for links, recipe in found.recipes.items():
        console.print(f"Links {links}: {recipe.rounds} rounds of {recipe.num_leaves} leaves.")
    console.print(
        "Average precision (95% interval), simulated. Gain: over without links, as a share of it;"
        f" from {STARTS_HIGH:g} on, as a share of its distance to 1. {found.claims} claims."
    )


@app.command()
def backtest(
    config: Annotated[Path, typer.Argument(help="TOML file that describes the table.")],
    json: Annotated[Path, typer.Option(help="Where the figures go; the report lands beside it.")],
) -> None:
    """Judge links on a table of your own: any claims with an id, a time, a label and entities.

    Builds link columns as of each row or batch, fits, calibrates, and prints the figures beside
    the best single column and the model without links. Nothing of it enters the registry.
    """
    read = read_config(config)
    with _progress() as tell:
        found = run_backtest(read, tell)
    report = write_report(found, read, json)
    console.print(_backtest_table(name_of(read), found.figures))
    if found.elsewhere:
        console.print(_backtest_table("Rows nobody investigated", found.elsewhere))
    console.print(f"Best single column on teaching rows: {', '.join(found.best_columns)}")
    console.print(f"Figures: {json}. Report: {report}.")


@app.command()
def benchmarks(
    data: Annotated[Path, typer.Argument(help="Folder with the public sets.")],
    *,
    only: Annotated[str, typer.Option(help="Part of the file name of the sets to run.")] = "",
    shuffled: Annotated[
        bool, typer.Option("--shuffled", help="With labels dealt out anew: AUC has to be 0.5.")
    ] = False,
    seeds: Annotated[int, typer.Option(min=1, max=50, help="Seeds of each run.")] = 5,
) -> None:
    """Judge links and linkage on the public sets in a folder, beside the published figures."""
    tables = []
    with _progress() as tell:
        for heads, lines in run_benchmarks(
            data, only=only, shuffled=shuffled, seeds=seeds, tell=tell
        ):
            tables.append(Table(*heads))
            for line in lines:
                tables[-1].add_row(*line)
    for shown in tables:
        console.print(shown)


@app.command()
def link(
    config: Annotated[Path, typer.Argument(help="TOML file that describes the records.")],
    json: Annotated[Path, typer.Option(help="Where the figures go; the report lands beside it.")],
) -> None:
    """Judge how well records of one person are found by name and fields, in a table of your own.

    Pairs of records are compared, learned from five folds by person, and put into clusters; the
    figures stand beside the best single comparison. Pairs come in an order for people to look at:
    nothing is joined, and nothing of it enters the registry.
    """
    read = read_link_config(config)
    with _progress() as tell:
        found = run_link(read, tell)
    report = write_linked(found, read, json)
    shown = Table("", *LINK_RUNS.values())
    for name, words in LINK_FIGURES.items():
        shown.add_row(words, *(str(figures.get(name, "")) for figures in found.figures.values()))
    console.print(shown)
    console.print(f"True pairs compared: {found.blocking_recall:.2%} of {found.true_pairs:,}")
    console.print(f"Best single comparison on teaching pairs: {', '.join(found.singles)}")
    console.print(f"Figures: {json}. Report, pairs and clusters: {report.parent}.")


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


@app.command()
def card(
    version: Annotated[
        str | None, typer.Argument(help="Number of the version; without one, the champion.")
    ] = None,
    *,
    plain: Annotated[bool, typer.Option("--plain", help="Print the Markdown as it is.")] = False,
) -> None:
    """Show a version's model card: what it learned from, how good it is, where it fails."""
    registry = Registry(models_config.load_settings())
    text = registry.files(_entry(registry, version))[CARD].decode()
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


def _train() -> Trained:
    fraud_settings, settings = fraud_config.load_settings(), models_config.load_settings()
    with closing(open_store(fraud_settings)) as store, _progress() as tell:
        now = clock_of(fraud_settings, store)()
        moment = Moment(
            now=now,
            appeal_window_days=fraud_settings.appeal_window_days,
            recent_days=settings.recent_days,
            sources=gates_of(fraud_settings).open_at(now),
        )
        return retrain_scorer(store, settings, moment, tell=tell)


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
    console.print(_figures_table("On the latest decided claims", made.fitted.figures))
    number = made.entry.version.version
    console.print(f"Registered as {made.entry.version}, challenger.")
    console.print(f"To use it: fraud-models promote {number} --by NAME --why REASON")


def _print_evaluation(found: Evaluation) -> None:
    for region in found.regions:
        counted = f"{region.claims} claims, {region.frauds} fraud"
        console.print(f"Simulated region {region.seed}: {counted}")
        console.print(_figures_table("", region.figures))
        kinds = (f"{k} {r:.2f} of {n}" for k, (r, n) in region.by_typology.items())
        console.print(f"Found at capacity by typology: {', '.join(kinds)}")
    title = f"Mean of {len(found.regions)} simulated regions, {found.scorer}"
    console.print(_figures_table(title, found.means))
    console.print(reliability_table(found.calibration))
    console.print(
        f"Capacity {100 * found.capacity:g}%, fraud rate {100 * found.scale.fraud_rate:g}%, claim"
        f" intensity {found.scale.claim_intensity:g}, records of location:"
        f" {found.scale.records.value}. Everything above is simulated."
    )


def _figures_table(title: str, figures: dict[str, Figure]) -> Table:
    shown = Table("Figure", "Value (95% interval)", title=title or None, title_justify="left")
    for name, words in {**SHOWN, **AT_THE_LINE, **CALIBRATION}.items():
        if name in figures:
            shown.add_row(words, str(figures[name]))
    return shown


def _backtest_table(title: str, figures: dict[str, dict[str, Spread]]) -> Table:
    runs = [run for run in RUNS if run in figures]
    shown = Table("Figure", *(RUNS[run] for run in runs), title=title, title_justify="left")
    for name, words in BACKTEST_FIGURES.items():
        shown.add_row(words, *(str(figures[run].get(name, "")) for run in runs))
    return shown


def _line_table(line: Line) -> Table:
    shown = Table(
        "Typology",
        "Cases",
        "Found (95% interval)",
        "Look-alikes",
        "Reached review",
        "Clearly often",
        title=f"Line of capacity {100 * line.capacity:g}%; of genuine claims it puts up"
        f" {line.general}",
        title_justify="left",
    )
    for kind in line.kinds:
        shown.add_row(
            kind.typology,
            str(kind.cases),
            str(kind.found),
            str(kind.look_alikes),
            str(kind.reached),
            "yes" if kind.harms(line.general.value) else "",
        )
    return shown


def _entities_table(found: Sequence[EntityFigures]) -> Table:
    shown = Table("Typology", "Of", "Cases", "Listed (95% interval)", "Look-alikes", "Listed")
    for one in found:
        kind = f"{one.kind.value} or device" if one.kind is EntityKind.AGENT else one.kind.value
        cases, alike = str(one.cases), str(one.look_alikes)
        shown.add_row(one.typology, kind, cases, str(one.found), alike, str(one.reached))
    return shown


@contextmanager
def _progress() -> Iterator[Tell]:
    """Show the step that is going on, and for how long."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting")
        yield lambda step: progress.update(task, description=step)


if __name__ == "__main__":
    main()
