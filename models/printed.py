"""Tables and sentences that commands print of calibration, of missed fraud and of drift."""

from collections.abc import Sequence

from rich.table import Column, Table

from models.control_sample import Estimate, controls_for, planned_width
from models.drift import Alarm, Drift
from models.periods import SCORE
from models.reliability import TOP_SHARE, Reliability
from models.sampled import Sampled

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
