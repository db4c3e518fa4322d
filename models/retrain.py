"""The whole road from decided claims to a registered scorer, as one function."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

import numpy as np

from fraud.assessment import Floats, Policy
from fraud.errors import Unavailable
from fraud.identifiers import is_reserved
from fraud.records import Claim, ClaimId, Label
from fraud.store.engine import Store
from fraud.store.rebuild import claims_by_id, decided_claims
from fraud.workflow import policy
from fraud.workflow.put_up import flagged
from models.baseline import baselines_to_json
from models.card import card_of
from models.columns import columns_in_force
from models.config import Settings
from models.directed import Fitting, fit_here
from models.fairness import FAIRNESS, Gap, gaps_of_honest, gaps_to_json
from models.fit import Recipe
from models.picture import precision_picture
from models.promote import PROBE, line_at
from models.proxies import PROXIES, Proxy, proxies, proxies_to_json, refuse_traits
from models.public_card import PUBLIC_CARD, Taught, public_card
from models.registry import BOOSTER, CHALLENGER, Entry, Registry, RunRecord
from models.scorer import CALIBRATION, FEATURES, REVIEW_LINES
from models.table import Moment, TrainingTable, gather
from models.train import Fitted, Tell, recent_scores, review_lines, say_nothing, train

PROBES = 40
"""Made-up vectors by which a loaded scorer proves that it scores as it did at training."""

BASELINES = "baselines.json"

CARD = "card.md"

TAUGHT = "taught.json"
"""Digests of the claims that a version learned from."""


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
    fitting: Fitting = fit_here,
    tell: Tell = say_nothing,
) -> Trained:
    """Train on all mature decisions and register the result as challenger; nobody is replaced.

    Raises InvalidInput when too few decisions are mature, and for a column that is a protected
    trait or leaks. Cost: one vector for each claim version in the store, then some ten seconds for
    a few thousand decided claims.
    """
    tell("recompute what was known of each claim")
    gathered = gather(store, moment)
    table, now, in_force = gathered.table, moment.now, policy.current(store)
    capacity = in_force.capacity
    tell("look for columns that are a trait")
    claims = claims_by_id(store, list({*table.claim_ids, *gathered.recent}))
    refuse_traits(*last_states(table, claims), table.columns)
    fitted = train(table, settings, capacity=capacity, recipe=recipe, fitting=fitting, tell=tell)
    tell("find the review lines of recent claims")
    lines = review_lines(fitted, gathered.recent)
    tell("compare groups of people")
    new_line = replace(in_force, review_line=line_at(lines, capacity))
    labels = {one.claim_id: one.label for one in decided_claims(store)}
    found = gaps_between(fitted, gathered.recent, claims, labels, new_line)
    told = told_by_columns(fitted, gathered.recent, claims, settings)
    tell("register the version")
    registry = Registry(settings, create=True)
    new_labels = labels_since(registry, table)
    entry = registry.log(
        run_record(fitted, table, settings, capacity=capacity, now=now),
        files_of(
            fitted,
            table,
            lines,
            found,
            told,
            simulated=are_simulated(claims.values()),
            capacity=capacity,
            now=now,
        ),
        feature_set=table.columns.feature_set,
    )
    registry.set_alias(CHALLENGER, entry.version.version)
    return Trained(entry, fitted, table, len(gathered.recent), new_labels)


def are_simulated(claims: Iterable[Claim]) -> bool:
    """Whether every claimant is made up: their MyKad numbers are of the range that nobody has."""
    return all(is_reserved(claim.claimant.mykad) for claim in claims)


def last_states(
    table: TrainingTable, claims: Mapping[ClaimId, Claim]
) -> tuple[list[Claim], Floats]:
    """The claims of a table, each with the vector of its last state, shape (claims, columns)."""
    rows = table.last_states
    return [claims[table.claim_ids[row]] for row in rows.tolist()], table.vectors[rows]


def told_by_columns(
    fitted: Fitted,
    recent: Mapping[ClaimId, Sequence[Floats]],
    claims: Mapping[ClaimId, Claim],
    settings: Settings,
) -> tuple[Proxy, ...]:
    """How well protected traits are told from the last vectors of recent claims."""
    return proxies(
        [claims[one] for one in recent],
        np.array([looks[-1] for looks in recent.values()]),
        columns_in_force(),
        fitted.booster.gains,
        seed=settings.seed,
        threads=settings.threads,
    )


def gaps_between(
    fitted: Fitted,
    recent: Mapping[ClaimId, Sequence[Floats]],
    claims: Mapping[ClaimId, Claim],
    labels: Mapping[ClaimId, Label],
    in_force: Policy,
) -> tuple[Gap, ...]:
    """Gaps between groups among recent claims that nobody found wrong, by what puts a claim up."""
    scores = recent_scores(fitted, recent)
    chances = fitted.calibration.probabilities(np.array(list(scores.values())))
    of_each = [claims[one] for one in scores]
    up = flagged(chances, of_each, in_force)
    return gaps_of_honest(of_each, [labels.get(one) for one in scores], up)


def labels_since(registry: Registry, table: TrainingTable) -> tuple[ClaimId, ...]:
    """Claims of the table that the newest version in the registry had not learned from."""
    entries = registry.entries()
    if not entries:
        return tuple(dict.fromkeys(table.claim_ids))
    try:
        known = set(json.loads(registry.files(entries[0])[TAUGHT]))
    except (Unavailable, KeyError):
        return tuple(dict.fromkeys(table.claim_ids))
    return tuple(c for c in dict.fromkeys(table.claim_ids) if _digest(c) not in known)


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
        tags={"rows": str(table.report.rows), "positives": str(table.report.positives)},
        made_at=now,
        description=f"{table.report.rows} decided claims, {table.report.positives} confirmed fraud",
    )


def files_of(
    fitted: Fitted,
    table: TrainingTable,
    lines: Mapping[float, float],
    found: Sequence[Gap],
    told: Sequence[Proxy],
    *,
    simulated: bool,
    capacity: float,
    now: datetime,
) -> dict[str, bytes]:
    """The files that a version consists of; the same training gives the same bytes.

    `simulated` says whether the claims that taught are made up, and the cards say so.
    """
    taught = Taught(table.report.rows, table.report.positives, simulated)
    return {
        BOOSTER: fitted.booster.to_text().encode(),
        CALIBRATION: fitted.calibration.to_json().encode(),
        BASELINES: baselines_to_json(*fitted.baselines).encode(),
        FEATURES: table.columns.to_json().encode(),
        REVIEW_LINES: json.dumps({str(s): line for s, line in lines.items()}, indent=1).encode(),
        PROBE: _probe(fitted, table),
        FAIRNESS: gaps_to_json(found).encode(),
        PROXIES: proxies_to_json(told).encode(),
        TAUGHT: json.dumps(sorted(map(_digest, set(table.claim_ids)))).encode(),
        CARD: card_of(
            fitted, table, found, told, simulated=simulated, capacity=capacity, now=now
        ).encode(),
        "precision_at_capacity.png": precision_picture(
            table.judged(fitted.holdout.later), fitted.scores
        ),
        **{
            name: public_card(
                fitted.figures,
                found,
                told,
                taught=taught,
                capacity=capacity,
                now=now,
                language=language,
            ).encode()
            for language, name in PUBLIC_CARD.items()
        },
    }


def _probe(fitted: Fitted, table: TrainingTable) -> bytes:
    """Made-up vectors with their probabilities: each column of the table shuffled by itself."""
    chance = np.random.default_rng(fitted.recipe.seed)
    mixed = np.column_stack([chance.permutation(column)[:PROBES] for column in table.vectors.T])
    kept = [[None if np.isnan(value) else float(value) for value in row] for row in mixed]
    found = fitted.probabilities(mixed)
    return json.dumps({"vectors": kept, "probabilities": found.tolist()}).encode()


def _digest(claim: ClaimId) -> str:
    return sha256(claim.encode()).hexdigest()[:16]
