"""`fraud calibrate`: the calibration of a written region as a page with pictures."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure as Canvas
from rich.console import Console
from rich.progress import Progress

from fraud.movement import MODES
from fraud.simulator.calibration import (
    MODE_SHARES,
    NOT_COMPARABLE,
    Figure,
    figures,
    mode_percent,
)
from fraud.simulator.files import read_region
from fraud.simulator.observed import BIN, Border, Described, Office, border_of, described, office_of

TOLD = (
    "A simulated region of {people:,} people over {days} days (seed {seed}, claim intensity 1: "
    "{claims:,} claims), beside the published figures of domain facts 3.4 and 6.2. [F] is sourced, "
    "[D] derived from sourced figures; the tolerances are ours. Crossings are clearances on "
    "Singapore's side, scaled to 400,000 people. A figure that holds says that the made-up region "
    "has that size or mix. It says nothing about how well fraud would be found in the field."
)


def calibrate_command(folder: Path, out: Path) -> Sequence[Figure]:
    """Compare a written region with the published figures and write the page to `out`."""
    saved, region = read_region(folder), described(folder)
    console = Console()
    with Progress(console=console) as progress:
        task = progress.add_task("crossings", total=1.0)
        border = border_of(saved, lambda share: progress.update(task, completed=share))
        progress.update(task, description="events")
        office = office_of(saved, max(border.crossings))
    found = figures(border, office, region)
    out.mkdir(parents=True, exist_ok=True)
    for name, canvas in pictures(border, region).items():
        (out / name).write_bytes(as_svg(canvas))
    (out / "README.md").write_text(page(found, region, office), encoding="utf-8", newline="\n")
    failed = [one.name for one in found if not one.holds]
    console.print(f"{len(found) - len(failed)} of {len(found)} figures hold; page in {out}")
    for name in failed:
        console.print(f"outside its tolerance: {name}")
    return found


def page(found: Sequence[Figure], region: Described, office: Office) -> str:
    """The page in Markdown."""
    holds = sum(one.holds for one in found)
    heads = ("Figure", "Published", "Simulated", "Holds between", "Holds")
    return "\n".join(
        (
            "# Calibration of the simulated region",
            "",
            "<!-- Written by `fraud calibrate`. Change the simulator, not this page. -->",
            "",
            TOLD.format(
                people=region.people,
                days=region.days,
                seed=region.seed,
                claims=sum(office.lodged.values()),
            ),
            "",
            f"{holds} of {len(found)} comparable figures hold.",
            "",
            *_table(heads, [one.row for one in found]),
            "",
            "![Simulated crossings a day over the year](crossings.svg)",
            "",
            "![Simulated clearances by time of a working day](hours.svg)",
            "",
            "![Simulated ways of crossing at each checkpoint](modes.svg)",
            "",
            "## Not comparable",
            "",
            "Published figures that a region of the platform cannot give, or does not try to.",
            "",
            *_table(("Figure", "Why not"), NOT_COMPARABLE),
            "",
        )
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(line)} |" for line in (heads, ["---"] * len(heads), *rows)]


def pictures(border: Border, region: Described) -> dict[str, Canvas]:
    """The pictures of the page by file name."""
    return {
        "crossings.svg": _year(border, region),
        "hours.svg": _day(border, region),
        "modes.svg": _modes(border),
    }


def as_svg(canvas: Canvas) -> bytes:
    """A picture as SVG; the same figures give the same bytes."""
    written = BytesIO()
    with mpl.rc_context({"svg.hashsalt": "sempadan", "svg.fonttype": "none"}):
        canvas.savefig(written, format="svg", metadata={"Date": None})
    return b"\n".join(line.rstrip() for line in written.getvalue().splitlines()) + b"\n"


def _year(border: Border, region: Described) -> Canvas:
    canvas = Canvas(figsize=(7.2, 3.2), layout="constrained")
    axes = canvas.subplots()
    days: list[date] = sorted(border.crossings)
    counts = [border.crossings[day] * region.scale / 1000 for day in days]
    axes.plot([np.datetime64(day) for day in days], counts, linewidth=0.8)
    axes.axhline(503, linestyle="--", linewidth=0.8, color="black", label="published mean, 2025")
    axes.set_ylim(bottom=0)
    axes.set_ylabel("crossings a day, thousands")
    axes.set_title("Simulated crossings of both land checkpoints")
    axes.legend(frameon=False, loc="lower right")
    return canvas


def _day(border: Border, region: Described) -> Canvas:
    canvas = Canvas(figsize=(7.2, 3.2), layout="constrained")
    axes = canvas.subplots()
    hours = np.arange(1440 // BIN) * BIN / 60
    working = sum(day.weekday() < 5 for day in border.crossings) or 1
    for counted, label in ((border.leaving, "out of Malaysia"), (border.returning, "back in")):
        axes.step(hours, counted * region.scale / working / 1000, where="post", label=label)
    axes.set_xlim(0, 24)
    axes.set_xticks(range(0, 25, 3))
    axes.set_ylim(bottom=0)
    axes.set_xlabel("hour of the day")
    axes.set_ylabel(f"clearances in {BIN} minutes, thousands")
    axes.set_title("Simulated Mondays to Fridays at the Malaysian gates")
    axes.legend(frameon=False)
    return canvas


def _modes(border: Border) -> Canvas:
    canvas = Canvas(figsize=(7.2, 2.8), layout="constrained")
    for axes, (checkpoint, targets) in zip(
        canvas.subplots(1, 2, sharey=True), MODE_SHARES.items(), strict=True
    ):
        place = np.arange(len(targets))
        simulated = mode_percent(border, checkpoint)[: len(targets)]
        axes.bar(place - 0.2, targets, 0.4, label="published, 2022")
        axes.bar(place + 0.2, simulated, 0.4, label="simulated")
        axes.set_xticks(place, MODES[: len(targets)])
        axes.set_title(f"Simulated ways of crossing, {checkpoint}", fontsize=10)
        axes.legend(frameon=False, fontsize=8)
    canvas.axes[0].set_ylabel("percent")
    return canvas
