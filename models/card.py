"""A short model card: what the scorer is, what it learned from, how good it is, where it fails."""

from collections.abc import Sequence
from datetime import datetime

from models.fairness import MOST, Gap, lines_of
from models.proxies import CHANCE, LEAST_PEOPLE, Proxy
from models.table import TrainingTable, labels_counted
from models.train import Fitted

SHOWN = {
    "precision_at_capacity": "Confirmed fraud among claims reviewed at capacity",
    "recall_at_capacity": "Share of confirmed fraud found at capacity",
    "money_at_capacity": "Share of the money on confirmed fraud found at capacity",
    "average_precision": "Average precision",
    "logistic_average_precision": "Average precision, logistic regression",
    "best_column_average_precision": "Average precision, best single column",
    "random_precision_at_capacity": "Confirmed fraud among claims reviewed at random",
}

CARD = """\
# Model card: claim scorer

Trained {day}. Feature set `{feature_set}`, {columns} columns, {trees} trees, seed {seed}.

## What it is for

It orders new claims by how alike they are to claims that people, after review, confirmed as fraud.
It proposes what deserves a second look. It decides nothing: no payment is stopped, reduced or
refused by a score.

## What it learned from

{learned}

| Label | Claims |
|---|---:|
{labels}

Fraud counts as positive; genuine claims and errors count as negative. A claim nobody looked at
teaches nothing. Vectors hold only what was known when the claim came in.

## How good it is

Measured on the latest {judged} decided claims. None of them taught the judged booster, nor did
{gap} states of claims received shortly before or {linked} earlier ones of people linked to theirs.
Capacity: {capacity:g}% of claims. In brackets the range of 95% of redraws of people.

| Figure | Value |
|---|---|
{figures}

Best single column: `{best_column}`.

## Between groups of people

Of people with recent claims that nobody found wrong, at the same capacity; who was put up counts
once the claim was found genuine. Ratio: how many times as often as all other groups of the trait;
all intervals hold together. {fairness}

| Trait | Group | People | Put up | Share | Ratio | Policy |
|---|---|---:|---:|---|---|---|
{gaps}

## What its columns say of traits

No column is a trait, but for what the law pays by (kind of work, scheme and disability) and what
grows with age, such as contributions. How well
trees that never saw a person could still tell that person's group from the columns: {chance:g} is
chance, 1 is certain. What carries most of it, with its share of the trait and of this scorer. This
refuses nothing; read it beside the gaps above.

| Trait | People | Groups | Told (95% interval) | Carried by |
|---|---:|---:|---|---|
{told}

## Known limits

- Decided claims were picked by people or drawn at random. What people never look at is learned
  from the random control alone.
- Labels are findings of people and sometimes wrong. A finding in one claim proves nothing in
  another.
- A new way of cheating looks like an honest claim until somebody has found some.
- Where records are missing the score rests on the others. Training masks records at random, so that
  their absence itself says nothing.
{origin}
"""

SIMULATED = """\
- Trained on simulated claims, every figure above describes a simulated region, not Malaysia or
  Singapore."""

REAL = """\
- Trained on real claims of one office, every figure above describes those that it has decided: not
  claims to come, and no other office."""


def card_of(
    fitted: Fitted,
    table: TrainingTable,
    found: Sequence[Gap],
    told: Sequence[Proxy],
    *,
    simulated: bool,
    capacity: float,
    now: datetime,
) -> str:
    """The card of one version as Markdown; `simulated`: whether all its claims are made up."""
    figures = [
        f"| {words} | {fitted.figures[name]} |"
        for name, words in SHOWN.items()
        if name in fitted.figures
    ]
    return CARD.format(
        day=f"{now:%d %B %Y}",
        feature_set=table.columns.feature_set,
        columns=len(table.columns),
        trees=fitted.recipe.rounds,
        seed=fitted.recipe.seed,
        learned="\n".join(f"- {line}" for line in table.report.lines()),
        labels="\n".join(
            f"| {label} | {count} |" for label, count in labels_counted(table).items()
        ),
        judged=len({table.claim_ids[row] for row in fitted.holdout.later.tolist()}),
        gap=fitted.holdout.left_out_gap,
        linked=fitted.holdout.left_out_linked,
        capacity=100 * capacity,
        figures="\n".join(figures),
        best_column=fitted.best_column,
        fairness=f"A group may be put up {MOST:g} times as often; *unknown*: too few to tell.",
        gaps="\n".join(lines_of(found)),
        chance=CHANCE,
        told="\n".join(map(_told_line, told)),
        origin=SIMULATED if simulated else REAL,
    )


def _told_line(one: Proxy) -> str:
    carriers = ", ".join(
        f"`{carrier.column}` ({carrier.of_trait:.0%} of it, {carrier.of_score:.0%} of the scorer)"
        for carrier in one.carriers
    )
    told = str(one.told) if one.measured else f"too few groups of {LEAST_PEOPLE} people"
    by = carriers or ("no more than chance" if one.measured else "")
    return f"| {one.trait} | {one.people} | {one.groups} | {told} | {by} |"
