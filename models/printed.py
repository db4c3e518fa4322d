"""Tables and sentences that commands print, and the progress they show."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from fraud.entities import EntityKind
from models.backtest.figures import SHOWN as BACKTEST_FIGURES
from models.backtest.figures import Spread
from models.backtest.run import RUNS
from models.card import SHOWN
from models.control_sample import Estimate, controls_for, planned_width
from models.drift import Alarm, Drift
from models.entities import EntityFigures
from models.evaluate import AT_THE_LINE
from models.fairness import MOST
from models.judge import Figure
from models.periods import SCORE
from models.pooled import Line
from models.reliability import TOP_SHARE, Reliability
from models.sampled import Sampled
from models.senses import CALIBRATION
from models.train import Tell
from models.unseen_groups import SURE_TO_TELL, WIDE, LineOfGroups

CALM_ROWS = 5
"""Columns without an alarm that are shown, those that moved most."""


def reliability_table(found: Sequence[Reliability]) -> Table:
    """What was said and what was found, bin by bin: all claims of all regions, and the top."""
    shown = Table(
        "Among",
        "Probability said",
        "Fraud among them",
        "Claims",
        title="Probability as put up or latest, all regions together",
        title_justify="left",
    )
    for name, one in zip(("all", f"top {100 * TOP_SHARE:g}%"), found, strict=True):
        for point in one.points:
            shown.add_row(name, f"{point.said:.3f}", str(point.found), str(point.claims))
        shown.add_row(name, "calibration error", str(one.error))
        shown.add_row(name, "were every probability right", str(one.by_chance))
    return shown


def groups_table(line: LineOfGroups, words: str) -> Table:
    """How often genuine claims of each group of people lie above a line of unseen regions."""
    shown = Table(
        "Trait",
        Column("Group", overflow="fold"),
        "People",
        "Put up",
        "Share",
        "Ratio",
        "Policy",
        "Regions needed",
        title=f"Simulated people with genuine claims ({line.claims} claims), {words}",
        title_justify="left",
    )
    named = ""
    for gap in line.gaps:
        shown.add_row(
            gap.trait if gap.trait != named else "",
            gap.group.replace("_", " "),
            str(gap.people),
            str(gap.put_up),
            f"{gap.rate.value:.2%} ({gap.rate.low:.2%} to {gap.rate.high:.2%})",
            f"{gap.ratio.value:.2f} ({gap.ratio.low:.2f} to {gap.ratio.high:.2f})",
            gap.verdict,
            str(line.regions_needed(gap) or "not known"),
        )
        named = gap.trait
    return shown


def groups_sentences(line: LineOfGroups) -> list[str]:
    """How to read the tables of groups."""
    counted = (
        "Ratio: how many times as often as all other groups of the trait; each person counts once,"
        " intervals are 95%, and those of the ratios in a table hold together."
    )
    policy = f"A group may be put up {MOST:g} times as often; unknown: too few to tell."
    needed = (
        f"Regions needed: from so many on, {MOST:g} times as often is told from as often"
        f" {SURE_TO_TELL:.0%} of the time."
    )
    wide = (
        f"The line of {WIDE:.0%} decides nothing: it counts more genuine claims, so that fewer"
        " regions tell."
    )
    left = f"Not compared, since all known stand in one group: {', '.join(line.not_compared)}."
    return [counted, policy, needed, wide, *([left] if line.not_compared else [])]


def control_table(made: Estimate) -> Table:
    """What the claims put up and the control cases say together."""
    shown = Table("Figure", "Value (95% interval)")
    for words, figure in (
        ("Fraud among claims that passed the review line", made.precision),
        ("Fraud among claims that did not", made.missed_share),
        ("Fraud among all claims", made.fraud_share),
        ("Recall: share of all fraud that passed the line", made.recall),
    ):
        shown.add_row(words, str(figure))
    return shown


def control_sentences(found: Sampled, made: Estimate, *, seed: int) -> list[str]:
    """What the estimate rests on, and how many control cases would halve its width."""
    passed, rest = found.passed, found.rest
    control = f"{len(rest.fraud)} control cases among them are decided"
    left = f"{found.undetermined} undetermined, {found.open_cases} open cases of either kind"
    return [
        f"{passed.claims} claims passed the line, {len(passed.fraud)} of them are decided.",
        f"{rest.claims} did not; {control}, {int(rest.fraud.sum())} of these as fraud.",
        f"Not counted: {left}. They are taken to be like the decided ones.",
        "Fraud takes longer to establish than to clear a claim: until cases end recall reads high.",
        _halving(found, made, seed),
    ]


def _halving(found: Sampled, made: Estimate, seed: int) -> str:
    passed, rest = found.passed, found.rest
    if not len(rest.fraud) or not len(passed.fraud):
        return "There is too little to plan from: decide claims of both kinds first."
    # Without any fraud found among control cases, as much as half of one is assumed.
    share = max(rest.share, 0.5 / len(rest.fraud))
    missed = round(share * rest.claims)
    needed = controls_for(
        made.width / 2,
        lambda controls: planned_width(passed, rest.claims, missed, controls, seed=seed),
        rest.claims,
    )
    if needed is None:
        return f"Not even looking into all {rest.claims} would halve the interval of recall."
    return f"About {needed} decided control cases would halve the interval of recall."


def drift_table(found: Sequence[Drift]) -> Table:
    """The score, every column with an alarm, and the few others that moved most."""
    heads = ("PSI", "KS", "Unknown before", "Unknown after", "Alarm")
    shown = Table(Column("Column", overflow="fold"), *heads)
    calm = [one for one in found if one.alarm is Alarm.NONE and one.name != SCORE][:CALM_ROWS]
    for one in found:
        if one.alarm is not Alarm.NONE or one in calm or one.name == SCORE:
            shown.add_row(
                one.name,
                f"{one.psi:.3f}",
                f"{one.ks:.3f}",
                f"{one.unknown_before:.1%}",
                f"{one.unknown_after:.1%}",
                "" if one.alarm is Alarm.NONE else one.alarm.value,
            )
    return shown


def figures_table(title: str, figures: Mapping[str, Figure]) -> Table:
    """Figures of an order of claims, in words, each with its interval."""
    shown = Table("Figure", "Value (95% interval)", title=title or None, title_justify="left")
    for name, words in {**SHOWN, **AT_THE_LINE, **CALIBRATION}.items():
        if name in figures:
            shown.add_row(words, str(figures[name]))
    return shown


def backtest_table(title: str, figures: Mapping[str, Mapping[str, Spread]]) -> Table:
    """Figures of a backtest, a column for each run."""
    runs = [run for run in RUNS if run in figures]
    shown = Table("Figure", *(RUNS[run] for run in runs), title=title, title_justify="left")
    for name, words in BACKTEST_FIGURES.items():
        shown.add_row(words, *(str(figures[run].get(name, "")) for run in runs))
    return shown


def line_table(line: Line) -> Table:
    """What one review line finds of each typology, and of its look-alikes."""
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


def entities_table(found: Sequence[EntityFigures]) -> Table:
    """Employers, agents and officers that the watch lists."""
    shown = Table("Typology", "Of", "Cases", "Listed (95% interval)", "Look-alikes", "Listed")
    for one in found:
        kind = f"{one.kind.value} or device" if one.kind is EntityKind.AGENT else one.kind.value
        cases, alike = str(one.cases), str(one.look_alikes)
        shown.add_row(one.typology, kind, cases, str(one.found), alike, str(one.reached))
    return shown


@contextmanager
def progress(on: Console | None = None) -> Iterator[Tell]:
    """Show the step that is going on, and for how long, on standard error.

    Where tables are printed meanwhile, `on` is what they are printed on: on a terminal the step
    stands below them.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    shown_on = on if on and on.is_terminal else Console(stderr=True)
    with Progress(*columns, console=shown_on, transient=True) as progress:
        task = progress.add_task("starting")
        yield lambda step: progress.update(task, description=step)
