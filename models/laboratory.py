"""Commands that judge: on simulated regions, on public data, and on tables of your own.

Part of `fraud-models`; none of them changes the registry or the desk's database.
"""

from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from models import config as models_config
from models.backtest.config import read_config
from models.backtest.report import name_of, write_report
from models.backtest.run import backtest as run_backtest
from models.benchmarks import run_benchmarks
from models.evaluate import Evaluation, Scale, contest_of, evaluate_regions
from models.linkage.config import read_link_config
from models.linkage.report import COLUMNS as LINK_FIGURES
from models.linkage.report import write_linked
from models.linkage.run import RUNS as LINK_RUNS
from models.linkage.run import link as run_link
from models.links import STARTS_HIGH, Links, measure_links
from models.plots import save_reliability
from models.pooled import MOST_TIMES_GENERAL, pool
from models.printed import (
    backtest_table,
    entities_table,
    figures_table,
    groups_sentences,
    groups_table,
    line_table,
    progress,
    reliability_table,
)
from models.rarity import measure_rarity
from models.unseen_groups import WIDE
from models.watched import Records

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)


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
    with progress() as tell:
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
    with progress() as tell:
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
        console.print(line_table(line))
    console.print(entities_table(found.entities))
    console.print(
        f"{found.claims} claims, {found.scorer}. Clearly often: more than"
        f" {MOST_TIMES_GENERAL:g} times as often as genuine claims at large."
        f" Simulated, {found.dialled}, records of location: {records.value}."
    )


@app.command()
def rarity(
    regions: Annotated[int, typer.Option(min=1, max=20, help="Regions without fraud.")] = 2,
    people: Annotated[int, typer.Option(min=500, help="People in each region.")] = 80_000,
    processes: Annotated[int, typer.Option(min=1, help="Regions counted at a time.")] = 1,
) -> None:
    """How seldom honest claims reach the weight of each pattern of signs, in bits.

    Measured on simulated regions without any fraud. What is printed belongs into
    `fraud/features/patterns.py`; measure again when a sign or its weight has changed.
    """
    with progress() as tell:
        found = measure_rarity(people=people, regions=regions, processes=processes, tell=tell)
    shown = Table("Typology", "Honest claims", "Weight and bits")
    for pattern, (claims, steps) in found.items():
        shown.add_row(pattern.typology, str(claims), str(steps))
    console.print(shown)


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
    with progress() as tell:
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
    with progress() as tell:
        found = run_backtest(read, tell)
    report = write_report(found, read, json)
    console.print(backtest_table(name_of(read), found.figures))
    if found.elsewhere:
        console.print(backtest_table("Rows nobody investigated", found.elsewhere))
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
    """Judge links and linkage on the public sets in a folder, beside the published figures.

    Each run is printed as soon as it is done, with the mean and deviation of its seeds.
    """
    began = monotonic()
    with progress(on=console) as tell:
        for judged in run_benchmarks(data, only=only, shuffled=shuffled, seeds=seeds, tell=tell):
            shown = Table(*judged.heads, title=f"{judged.run}, {seeds} seeds", title_justify="left")
            for line in judged.lines:
                shown.add_row(*line)
            console.print(shown)
            console.print(f"This run took {monotonic() - began:.0f} s.")
            began = monotonic()


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
    with progress() as tell:
        found = run_link(read, tell)
    report = write_linked(found, read, json)
    shown = Table("", *LINK_RUNS.values())
    for name, words in LINK_FIGURES.items():
        shown.add_row(words, *(str(figures.get(name, "")) for figures in found.figures.values()))
    console.print(shown)
    console.print(f"True pairs compared: {found.blocking_recall:.2%} of {found.true_pairs:,}")
    console.print(f"Best single comparison on teaching pairs: {', '.join(found.singles)}")
    console.print(f"Figures: {json}. Report, pairs and clusters: {report.parent}.")


def _print_evaluation(found: Evaluation) -> None:
    for region in found.regions:
        counted = f"{region.claims} claims, {region.frauds} fraud"
        console.print(f"Simulated region {region.seed}: {counted}")
        console.print(figures_table("", region.figures))
        kinds = (f"{k} {r:.2f} of {n}" for k, (r, n) in region.by_typology.items())
        console.print(f"Found at capacity by typology: {', '.join(kinds)}")
    title = f"Mean of {len(found.regions)} simulated regions, {found.scorer}"
    console.print(figures_table(title, found.means))
    console.print(reliability_table(found.calibration))
    at_review, at_wide = found.groups
    console.print(groups_table(at_review, "put up for review by the line fixed before"))
    console.print(groups_table(at_wide, f"by score alone above the line of {WIDE:.0%} of claims"))
    console.print("\n".join(groups_sentences(at_wide)))
    console.print(
        f"Capacity {100 * found.capacity:g}%, fraud rate {100 * found.scale.fraud_rate:g}%, claim"
        f" intensity {found.scale.claim_intensity:g}, records of location:"
        f" {found.scale.records.value}. Everything above is simulated."
    )
