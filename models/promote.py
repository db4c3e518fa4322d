"""Name a version champion: checks first, then a named person with a reason.

Promotion touches two stores, the registry (which version is champion) and the application's
database (the review line of the policy, with its audit event). So the intent is written down
before the first step, every step can be done twice without harm, and whoever runs a promotion
next first finishes the one that a crash left open.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import numpy as np

from fraud.clock import Clock
from fraud.errors import Conflict, InvalidInput
from fraud.store.engine import Store
from fraud.workflow import policy
from models.config import Settings
from models.fairness import FAIRNESS, Gap, gaps_from_json, refusals
from models.registry import CHALLENGER, CHAMPION, Entry, Registry
from models.scorer import LightGBMScorer

PROBE = "probe.json"
NEEDED = ("holdout.average_precision.high", "holdout.logistic_average_precision")
"""The upper end of the scorer's interval and logistic regression's value: with a few dozen held-out
positives a single value decides by chance, so only a difference beyond the interval refuses."""
SAME = 1e-9
"""Largest difference between a probability at training and after loading again."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """A promotion as it was meant: written down before its first step."""

    version: str
    previous: str | None
    by: str
    why: str
    begun_at: str
    review_line: float
    policy_version: int
    """Version of the policy when it was begun."""

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def promote(
    version: str, *, by: str, why: str, store: Store, settings: Settings, clock: Clock
) -> Promotion:
    """Make a version champion and set the policy's review line to the version's own.

    Raises Conflict with every check that fails, InvalidInput without a name or a reason, and
    NotFound for a version that is not there. Running it again after a crash finishes what was
    begun; a version that is champion already is answered without a second promotion.
    """
    if not by.strip() or not why.strip():
        raise InvalidInput("a promotion needs the name of a person (--by) and a reason (--why)")
    registry = Registry(settings)
    finished = finish_open_promotion(registry, store, clock)
    if finished and finished.version == version:
        return finished
    entry = registry.entry(version)
    scorer = refuse_unfit(registry, entry)
    begun = _intended(registry, store, scorer, by=by.strip(), why=why.strip(), now=clock())
    if begun.previous == version and policy.current(store).review_line == begun.review_line:
        return begun
    registry.set_intent(begun.to_json())
    return _carry_out(begun, registry, store, clock)


def finish_open_promotion(registry: Registry, store: Store, clock: Clock) -> Promotion | None:
    """Carry out what an earlier promotion left undone, if one did; answers that promotion."""
    text = registry.intent()
    return _carry_out(Promotion(**json.loads(text)), registry, store, clock) if text else None


def refuse_unfit(registry: Registry, entry: Entry) -> LightGBMScorer:
    """The loaded scorer of a version. Raises Conflict with every reason not to promote it.

    Loading already refuses altered bytes and foreign feature sets with Misconfigured.
    """
    files = registry.files(entry)
    scorer = LightGBMScorer.from_files(entry.version, files)
    measured = registry.metrics(entry)
    faults = [f"{name} was not measured" for name in NEEDED if not _known(measured.get(name))]
    if not faults:
        highest, logistic = (measured[name] for name in NEEDED)
        if highest < logistic:
            faults.append(
                f"average precision, {highest:.3f} at the most, is below that of logistic"
                f" regression, {logistic:.3f}"
            )
    if not _scores_alike(scorer, files.get(PROBE)):
        faults.append("it does not score as it did at training")
    measured_gaps = _gaps_of(files)
    faults += refusals(measured_gaps, _gaps_of(_champions(registry)))
    if not measured_gaps:
        faults.append("how it treats groups of people was not measured")
    if faults:
        raise Conflict(f"{entry.version} cannot be promoted: {'; '.join(faults)}")
    return scorer


def _champions(registry: Registry) -> Mapping[str, bytes]:
    champion = registry.by_alias(CHAMPION)
    return registry.files(champion) if champion else {}


def _gaps_of(files: Mapping[str, bytes]) -> tuple[Gap, ...]:
    return gaps_from_json(files[FAIRNESS].decode()) if FAIRNESS in files else ()


def line_at(lines: dict[float, float], capacity: float) -> float:
    """The review line for a capacity, between the two nearest shares noted at training.

    Beyond the noted shares the nearest one holds.
    """
    shares = sorted(lines)
    heights = [lines[share] for share in shares]
    return float(np.interp(math.log(capacity), np.log(shares), heights))


def _intended(
    registry: Registry, store: Store, scorer: LightGBMScorer, *, by: str, why: str, now: datetime
) -> Promotion:
    champion = registry.by_alias(CHAMPION)
    in_force = policy.current(store)
    return Promotion(
        version=scorer.version.version,
        previous=champion.version.version if champion else None,
        by=by,
        why=why,
        begun_at=now.isoformat(),
        review_line=line_at(scorer.review_lines, in_force.capacity),
        policy_version=in_force.version,
    )


def _carry_out(begun: Promotion, registry: Registry, store: Store, clock: Clock) -> Promotion:
    """Each step may have been done already; doing it again changes nothing."""
    registry.set_alias(CHAMPION, begun.version)
    challenger = registry.by_alias(CHALLENGER)
    if challenger and challenger.version.version == begun.version:
        registry.drop_alias(CHALLENGER)
    _set_review_line(begun, f"{registry.name}/{begun.version}", store, clock)
    registry.tag(begun.version, "promoted", f"{begun.begun_at} by {begun.by}: {begun.why}"[:4000])
    registry.set_intent("")
    return begun


def _set_review_line(begun: Promotion, scorer: str, store: Store, clock: Clock) -> None:
    """Write the policy with its audit event, unless this promotion has done so.

    A newer policy with another line means that a supervisor changed it while this promotion lay
    open; the line then belongs to another scorer and is set again.
    """
    in_force = policy.current(store)
    untouched = in_force.version == begun.policy_version
    if not untouched and in_force.review_line == begun.review_line:
        return
    policy.change(
        store,
        replace(in_force, review_line=begun.review_line),
        by=begun.by,
        why=f"{scorer} promoted: {begun.why}",
        now=clock(),
        again=True,  # a version with the very line of the one before is promoted on record too
    )


def _known(value: float | None) -> bool:
    return value is not None and not math.isnan(value)


def _scores_alike(scorer: LightGBMScorer, probe: bytes | None) -> bool:
    """True when the probe kept at training gets the same probabilities now."""
    if probe is None:
        return False
    kept = json.loads(probe)
    vectors = np.array(kept["vectors"], dtype=np.float64)  # null becomes NaN: unknown
    return bool(
        np.allclose(scorer.probabilities(vectors), kept["probabilities"], rtol=0, atol=SAME)
    )
