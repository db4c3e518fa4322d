"""From a training table to a judged and calibrated booster, beside its baselines.

Judged on the latest claims, then fitted again on all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from fraud.assessment import Floats
from fraud.errors import InvalidInput
from fraud.records import ClaimId
from models.baseline import BestColumn, Regression, best_column, tuned_regression
from models.calibrate import Calibration, calibrate
from models.config import Settings
from models.directed import DirectedBooster, Fitting, fit_here
from models.fit import Recipe, fit_booster
from models.judge import Figure, Judged, judge
from models.leaks import leak_of
from models.rows import Rows
from models.split import Ints, Split, forward_folds, last_part, linked_parts
from models.table import TrainingTable

SHARES = (0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2)
"""Shares of recent claims for which a review line is noted."""

HOLDOUT_SHARE = 0.3
"""Share of the positives, the latest ones, that judge and never teach the judged booster."""

LEAST_POSITIVES = 20
"""Fewer confirmed frauds than this teach nothing that would hold next month."""

FOLDS = 4
"""Blocks of later claims on which rounds and penalties are chosen."""

PARTS = 5
"""Parts of the claims, each scored by a booster taught on the others, that calibrate the last."""

MADE_FROM_LABEL = 0.98
"""AUC on decided claims from which a column is taken to be made from the label. The best honest
column, the strongest pattern, reaches 0.90 on a simulated region whose labels are sometimes
wrong."""

NAMED_ALONE = 0.8
"""A column that names this share of the rings of confirmed frauds and nobody else, likewise; who is
linked to nobody is a ring of one. The best honest column names 0.08 of them on one simulated
region and 0.35 on another."""

LEAST_RINGS = 10
"""Of fewer rings of frauds a good column may name nearly all by chance; then only one that tells
every row is refused."""

Fit = Callable[[Rows], DirectedBooster]
"""Fits a booster by the recipe of one training."""

Tell = Callable[[str], None]
"""Hears what step has begun."""


def say_nothing(_step: str) -> None:
    """For callers to whom the steps do not matter."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A booster with its calibration and what was measured on claims later than it had seen."""

    booster: DirectedBooster
    calibration: Calibration
    recipe: Recipe
    figures: dict[str, Figure]
    """Keys such as `average_precision` and `logistic_average_precision`."""
    holdout: Split
    scores: dict[str, Floats]
    """Scores of the held-out rows by the booster and by each baseline, for the picture."""
    baselines: tuple[BestColumn, Regression]
    """Fitted on the same rows as the booster."""
    best_column: str
    """Name of the baseline's column."""
    taught: frozenset[ClaimId]
    """Claims that the booster has learned from."""
    unseen_log_odds: dict[ClaimId, float]
    """The highest score of each of them by a booster that had not: what a stream would have
    given."""

    def probabilities(self, vectors: Floats) -> Floats:
        """Calibrated probabilities, shape (n,)."""
        return self.calibration.probabilities(self.booster.log_odds(vectors))


def train(
    table: TrainingTable,
    settings: Settings,
    *,
    capacity: float,
    recipe: Recipe | None = None,
    fitting: Fitting = fit_here,
    tell: Tell = say_nothing,
) -> Fitted:
    """Judge on the latest claims, then fit and calibrate on all. Cost: some ten seconds.

    Raises InvalidInput when too few confirmed frauds are mature, and for a column that leaks.
    """
    frauds = len({table.claim_ids[row] for row in np.flatnonzero(table.positive)})
    if frauds < LEAST_POSITIVES:
        raise InvalidInput(
            f"{frauds} decided claims are confirmed fraud and mature;"
            f" a scorer needs {LEAST_POSITIVES}: wait for decisions to pass the appeal window"
        )
    refuse_leaks(table)
    plan = recipe or Recipe(seed=settings.seed, threads=settings.threads)
    rows = table.rows(plan.heaviest)
    holdout = last_part(
        table.days, table.ties, table.positive, share=HOLDOUT_SHARE, gap_days=settings.gap_days
    )
    tell("judge on the latest claims, beside three baselines")
    fit = partial(fit_booster, columns=table.columns, recipe=plan, fitting=fitting)
    scores = _holdout_scores(table, rows, holdout, fit, settings)
    figures = judge_all(table.judged(holdout.later), scores, capacity=capacity, settings=settings)
    tell("fit on all decided claims")
    folds = _folds(table, np.arange(len(table), dtype=np.int64), settings)
    line = tuned_regression(rows, folds)
    column = best_column(rows)
    booster = fit(rows)
    tell("calibrate on claims that a booster had not seen")
    scored, log_odds = _unseen(table, rows, fit)
    return Fitted(
        booster=booster,
        calibration=calibrate(log_odds, table.positive[scored], rows.weights[scored]),
        recipe=plan,
        figures=figures,
        holdout=holdout,
        scores=scores,
        baselines=(column, line),
        best_column=table.columns.names[column.column],
        taught=frozenset(table.claim_ids),
        unseen_log_odds=_highest(table, scored, log_odds),
    )


def refuse_leaks(table: TrainingTable) -> None:
    """Raises InvalidInput naming every column that holds the label, or the order of the rows.

    Reads the last state of each claim, in which a leak from its decision would show. Each ring
    counts as one case.
    """
    rows = table.last_states
    positive, rings = table.positive[rows], table.rings[rows]
    leak = partial(leak_of, rings=rings)
    if len(np.unique(rings[positive])) >= LEAST_RINGS:
        leak = partial(leak, sure=MADE_FROM_LABEL, alone=NAMED_ALONE)
    leaks = (
        leak(name, values, positive)
        for name, values in zip(table.columns.names, table.vectors[rows].T, strict=True)
    )
    if faults := [one for one in leaks if one]:
        raise InvalidInput("columns that leak: nothing was trained", faults)


def judge_all(
    rows: Judged, scores: Mapping[str, Floats], *, capacity: float, settings: Settings
) -> dict[str, Figure]:
    """Figures of the booster under their plain names, of each baseline with its name before."""
    figures: dict[str, Figure] = {}
    for name, values in scores.items():
        found = judge(
            rows, values, capacity=capacity, rounds=settings.bootstrap_rounds, seed=settings.seed
        )
        before = "" if name == "booster" else f"{name}_"
        figures.update({f"{before}{measure}": figure for measure, figure in found.items()})
    return figures


def _holdout_scores(
    table: TrainingTable, rows: Rows, holdout: Split, fit: Fit, settings: Settings
) -> dict[str, Floats]:
    """Highest scores of the latest claims by the booster and the baselines, taught on earlier ones.

    In the order of `TrainingTable.judged`.
    """
    teach = rows.take(holdout.earlier)
    later = rows.vectors[holdout.later]
    line = tuned_regression(teach, _folds(table, holdout.earlier, settings))
    scores = {
        "booster": fit(teach).log_odds(later),
        "logistic": line.scores(later),
        "best_column": best_column(teach).scores(later),
        "random": np.zeros(len(later)),  # all tied: the figures are what chance gives on average
    }
    return {name: table.highest(holdout.later, found) for name, found in scores.items()}


def _highest(table: TrainingTable, rows: Ints, log_odds: Floats) -> dict[ClaimId, float]:
    found: dict[ClaimId, float] = {}
    for row, score in zip(rows.tolist(), log_odds.tolist(), strict=True):
        claim = table.claim_ids[row]
        found[claim] = max(score, found.get(claim, score))
    return found


def _unseen(table: TrainingTable, rows: Rows, fit: Fit) -> tuple[Ints, Floats]:
    """Rows in order, and their log-odds by a booster that knew neither them nor rows tied to them.

    Each such booster is taught on nearly as much as the last one. Boosters taught on earlier claims
    alone know a fifth of it at first, are less sure, and would make its scores seem to say less.
    """
    parts = linked_parts(table.ties, table.positive, PARTS)
    log_odds = np.full(len(table), np.nan)
    for taught, scored in parts:
        booster = fit(rows.take(taught))
        log_odds[scored] = booster.log_odds(rows.vectors[scored])
    scored = np.flatnonzero(~np.isnan(log_odds)).astype(np.int64)
    known = len({table.claim_ids[row] for row in scored if table.positive[row]})
    if known < LEAST_POSITIVES:
        raise InvalidInput(
            f"only {known} confirmed frauds can be scored by a booster that knew nobody linked to"
            f" them; calibration needs {LEAST_POSITIVES}: wait for cases beyond one ring"
        )
    return scored, log_odds[scored]


def _folds(table: TrainingTable, rows: Ints, settings: Settings) -> Sequence[Split]:
    return forward_folds(
        table.days[rows],
        tuple(table.ties[row] for row in rows),
        table.positive[rows],
        folds=FOLDS,
        gap_days=settings.gap_days,
    )


def review_lines(fitted: Fitted, recent: Mapping[ClaimId, Sequence[Floats]]) -> dict[float, float]:
    """For each share the probability above which at most that share of recent claims lies.

    A claim counts once, with the highest score of its life so far, because any look at it may put
    it up. One that taught counts with the score that it had before it taught, or not at all: a
    line drawn on what the booster knows by heart would be too high for claims to come. A line lies
    midway between the last claim above and the first one below; where the share is less than one
    claim it lies just above the highest. Raises InvalidInput without any claim.
    """
    log_odds = np.array(list(recent_scores(fitted, recent).values()))
    falling = np.sort(fitted.calibration.probabilities(log_odds))[::-1]
    return {share: _line(falling, int(share * len(falling) + 1e-9)) for share in SHARES}


def recent_scores(
    fitted: Fitted, recent: Mapping[ClaimId, Sequence[Floats]]
) -> dict[ClaimId, float]:
    """The highest log-odds of each recent claim, by a booster that had not learned from it.

    Raises InvalidInput when the fitted one has learned from all of them, or there is none.
    """
    unseen = [claim for claim in recent if claim not in fitted.taught]
    if not unseen:
        raise InvalidInput("no claim was received lately: there is nothing to set review lines on")
    looks = [len(recent[claim]) for claim in unseen]
    scores = fitted.booster.log_odds(np.array([one for claim in unseen for one in recent[claim]]))
    starts = np.concatenate([[0], np.cumsum(looks)[:-1]])
    highest = np.maximum.reduceat(scores, starts).tolist()
    before = {c: fitted.unseen_log_odds[c] for c in recent if c in fitted.unseen_log_odds}
    return {**dict(zip(unseen, highest, strict=True)), **before}


def _line(falling: Floats, above: int) -> float:
    if above == 0:
        return float(np.nextafter(falling[0], 2.0))
    if above >= len(falling):
        return float(falling[-1])
    return float((falling[above - 1] + falling[above]) / 2)
