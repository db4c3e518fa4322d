"""The whole road from decided claims to a registered scorer, as one function."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

import lightgbm as lgb
import numpy as np

from fraud.assessment import Floats
from fraud.errors import InvalidInput, Unavailable
from fraud.records import ClaimId
from fraud.store.engine import Store
from fraud.workflow import policy
from models.baseline import BestColumn, Regression, baselines_to_json, best_column, tuned_regression
from models.calibrate import Calibration, calibrate
from models.card import card_of
from models.config import Settings
from models.fit import Forward, Recipe, Rows, fit_booster, fit_forward
from models.judge import Figure, Judged, judge
from models.picture import precision_picture
from models.promote import PROBE
from models.registry import BOOSTER, CHALLENGER, Entry, Registry, RunRecord
from models.scorer import CALIBRATION, FEATURES, REVIEW_LINES
from models.split import Ints, Split, forward_folds, last_part
from models.table import Moment, TrainingTable, gather

SHARES = (0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2)
"""Shares of recent claims for which a review line is noted."""

HOLDOUT_SHARE = 0.3
"""Share of the positives, the latest ones, that judge and never teach the judged booster."""

LEAST_POSITIVES = 20
"""Fewer confirmed frauds than this teach nothing that would hold next month."""

FOLDS = 4
"""Blocks of later claims on which rounds and penalties are chosen."""

PROBES = 40
"""Made-up vectors by which a loaded scorer proves that it scores as it did at training."""

BASELINES = "baselines.json"

TAUGHT = "taught.json"
"""Digests of the claims that a version learned from."""

Tell = Callable[[str], None]
"""Hears what step has begun."""


def _say_nothing(_step: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A booster with its calibration and what was measured on claims later than it had seen."""

    booster: lgb.Booster
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

    def log_odds(self, vectors: Floats) -> Floats:
        return np.asarray(self.booster.predict(vectors, raw_score=True), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """What `retrain` made: a registered version, and what is known of it."""

    entry: Entry
    fitted: Fitted
    table: TrainingTable
    recent_claims: int
    new_labels: tuple[ClaimId, ...]
    """Claims whose labels matured since the last version was trained."""


def retrain(
    store: Store,
    settings: Settings,
    moment: Moment,
    *,
    recipe: Recipe | None = None,
    tell: Tell = _say_nothing,
) -> Trained:
    """Train on all mature decisions and register the result as challenger; nobody is replaced.

    Raises InvalidInput when too few decisions are mature. Cost: one vector for each claim version
    in the store, then some ten seconds for a few thousand decided claims.
    """
    tell("recompute what was known of each claim")
    gathered = gather(store, moment)
    table, now, capacity = gathered.table, moment.now, policy.current(store).capacity
    fitted = fit(table, settings, capacity=capacity, recipe=recipe, tell=tell)
    tell("find the review lines of recent claims")
    lines = review_lines(fitted, gathered.recent)
    tell("register the version")
    registry = Registry(settings, create=True)
    new_labels = labels_since(registry, table)
    entry = registry.log(
        run_record(fitted, table, settings, capacity=capacity, now=now),
        files_of(fitted, table, lines, capacity=capacity, now=now),
        feature_set=table.columns.feature_set,
    )
    registry.set_alias(CHALLENGER, entry.version.version)
    return Trained(entry, fitted, table, len(gathered.recent), new_labels)


def fit(
    table: TrainingTable,
    settings: Settings,
    *,
    capacity: float,
    recipe: Recipe | None = None,
    tell: Tell = _say_nothing,
) -> Fitted:
    """Choose, judge and fit: judged on the latest claims, then fitted again on all of them."""
    if int(table.positive.sum()) < LEAST_POSITIVES:
        raise InvalidInput(
            f"{int(table.positive.sum())} decided claims are confirmed fraud and mature;"
            f" a scorer needs {LEAST_POSITIVES}: wait for decisions to pass the appeal window"
        )
    plan = recipe or Recipe(seed=settings.seed, threads=settings.threads)
    rows = table.rows(plan.heaviest)
    holdout = last_part(
        table.days, table.ties, table.positive, share=HOLDOUT_SHARE, gap_days=settings.gap_days
    )
    tell("judge on the latest claims, beside three baselines")
    scores = _holdout_scores(table, rows, holdout, plan, settings)
    figures = judge_all(table.judged(holdout.later), scores, capacity=capacity, settings=settings)
    tell("fit on all decided claims")
    folds = _folds(table, np.arange(len(table), dtype=np.int64), settings)
    forward = fit_forward(rows, table.columns, folds, plan)
    baselines = best_column(rows), tuned_regression(rows, folds)
    final = replace(plan, rounds=forward.rounds)
    return Fitted(
        booster=fit_booster(rows, table.columns, final),
        calibration=calibrated_on(forward, table),
        recipe=final,
        figures=figures,
        holdout=holdout,
        scores=scores,
        baselines=baselines,
        best_column=table.columns.names[baselines[0].column],
    )


def calibrated_on(forward: Forward, table: TrainingTable) -> Calibration:
    """The calibration from scores of rows that the scoring booster had not seen."""
    return calibrate(forward.log_odds, table.positive[forward.rows], table.stands_for[forward.rows])


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


def review_lines(fitted: Fitted, recent: Floats) -> dict[float, float]:
    """For each share the probability above which at most that share of recent claims lies.

    A line lies midway between the last claim above and the first one below; where the share is
    less than one claim it lies just above the highest. Raises InvalidInput without any claim.
    """
    if not len(recent):
        raise InvalidInput("no claim was received lately: there is nothing to set review lines on")
    falling = np.sort(fitted.calibration.probabilities(fitted.log_odds(recent)))[::-1]
    return {share: _line(falling, int(share * len(falling) + 1e-9)) for share in SHARES}


def _line(falling: Floats, above: int) -> float:
    if above == 0:
        return float(np.nextafter(falling[0], 2.0))
    if above >= len(falling):
        return float(falling[-1])
    return float((falling[above - 1] + falling[above]) / 2)


def labels_since(registry: Registry, table: TrainingTable) -> tuple[ClaimId, ...]:
    """Claims of the table that the newest version in the registry had not learned from."""
    entries = registry.entries()
    if not entries:
        return table.claim_ids
    try:
        known = set(json.loads(registry.files(entries[0])[TAUGHT]))
    except (Unavailable, KeyError):
        return table.claim_ids
    return tuple(claim for claim in table.claim_ids if _digest(claim) not in known)


def run_record(
    fitted: Fitted, table: TrainingTable, settings: Settings, *, capacity: float, now: datetime
) -> RunRecord:
    """What is logged of a run: window, counts, seeds, recipe, and each figure with its interval."""
    metrics = {}
    for name, figure in fitted.figures.items():
        metrics[f"holdout.{name}"] = figure.value
        metrics[f"holdout.{name}.low"] = figure.low
        metrics[f"holdout.{name}.high"] = figure.high
    return RunRecord(
        name=f"trained {now:%Y-%m-%d %H:%M}",
        parameters={
            **table.report.described(),
            **{f"recipe.{name}": value for name, value in fitted.recipe.described().items()},
            "feature_set": table.columns.feature_set,
            "seed": str(settings.seed),
            "gap_days": str(settings.gap_days),
            "capacity": str(capacity),
            "best_column": fitted.best_column,
            "calibration": fitted.calibration.method,
            "holdout.rows": str(len(fitted.holdout.later)),
            "holdout.left_out_gap": str(fitted.holdout.left_out_gap),
            "holdout.left_out_linked": str(fitted.holdout.left_out_linked),
        },
        metrics={name: value for name, value in metrics.items() if not np.isnan(value)},
        tags={"rows": str(len(table)), "positives": str(table.report.positives)},
        made_at=now,
        description=f"{len(table)} decided claims, {table.report.positives} confirmed fraud",
    )


def files_of(
    fitted: Fitted,
    table: TrainingTable,
    lines: Mapping[float, float],
    *,
    capacity: float,
    now: datetime,
) -> dict[str, bytes]:
    """The files that a version consists of; the same training gives the same bytes."""
    return {
        BOOSTER: fitted.booster.model_to_string().encode(),
        CALIBRATION: fitted.calibration.to_json().encode(),
        BASELINES: baselines_to_json(*fitted.baselines).encode(),
        FEATURES: table.columns.to_json().encode(),
        REVIEW_LINES: json.dumps({str(s): line for s, line in lines.items()}, indent=1).encode(),
        PROBE: _probe(fitted, table),
        TAUGHT: json.dumps(sorted(map(_digest, table.claim_ids))).encode(),
        "card.md": card_of(fitted, table, capacity=capacity, now=now).encode(),
        "precision_at_capacity.png": precision_picture(
            table.judged(fitted.holdout.later), fitted.scores
        ),
    }


def _holdout_scores(
    table: TrainingTable, rows: Rows, holdout: Split, plan: Recipe, settings: Settings
) -> dict[str, Floats]:
    """Scores of the latest claims by the booster and the baselines, all taught on earlier ones."""
    teach = rows.take(holdout.earlier)
    folds = _folds(table, holdout.earlier, settings)
    later = rows.vectors[holdout.later]
    rounds = fit_forward(teach, table.columns, folds, plan).rounds
    booster = fit_booster(teach, table.columns, replace(plan, rounds=rounds))
    return {
        "booster": np.asarray(booster.predict(later, raw_score=True)),
        "logistic": tuned_regression(teach, folds).scores(later),
        "best_column": best_column(teach).scores(later),
        "random": np.zeros(len(later)),  # all tied: the figures are what chance gives on average
    }


def _folds(table: TrainingTable, rows: Ints, settings: Settings) -> Sequence[Split]:
    return forward_folds(
        table.days[rows],
        tuple(table.ties[row] for row in rows),
        table.positive[rows],
        folds=FOLDS,
        gap_days=settings.gap_days,
    )


def _probe(fitted: Fitted, table: TrainingTable) -> bytes:
    """Made-up vectors with their probabilities: each column of the table shuffled by itself."""
    chance = np.random.default_rng(fitted.recipe.seed)
    mixed = np.column_stack([chance.permutation(column)[:PROBES] for column in table.vectors.T])
    kept = [[None if np.isnan(value) else float(value) for value in row] for row in mixed]
    found = fitted.calibration.probabilities(fitted.log_odds(mixed))
    return json.dumps({"vectors": kept, "probabilities": found.tolist()}).encode()


def _digest(claim: ClaimId) -> str:
    return sha256(claim.encode()).hexdigest()[:16]
