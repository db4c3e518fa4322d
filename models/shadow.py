"""What a challenger would have done where the champion was at work, on the same claims.

Both scored each look at a claim when it was made, so nothing is worked out anew: the challenger's
answers were kept and not used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import rankdata

from fraud.assessment import Floats, Policy
from fraud.errors import NotFound
from fraud.records import Claim, ClaimId, Label
from fraud.store.assessed import Shadowed, shadowed
from fraud.store.engine import Store
from fraud.store.rebuild import claims_by_id, decided_claims
from fraud.workflow import policy
from fraud.workflow.put_up import flagged
from models.config import Settings
from models.fairness import MOST, Gap, gaps_of_honest, lines_of
from models.judge import Figure, Judged, with_intervals
from models.promote import line_at
from models.registry import CHALLENGER, CHAMPION, Entry, Registry
from models.scorer import LightGBMScorer
from models.split import Flags, numbered

FOLDER = "shadow"
"""Folder of the challenger's run that holds its comparisons."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Both orders of the same claims; a claim counts with the highest probability of its looks."""

    champion: str
    challenger: str
    claim_ids: tuple[ClaimId, ...]
    labels: tuple[Label | None, ...]
    """What people found by now; None where nobody decided."""
    agreement: Figure
    """Spearman's rank correlation of the two orders, 1 for the same order."""
    lines: tuple[float, float]
    """The champion's review line in force, and the challenger's own for the same capacity."""
    up: tuple[Flags, Flags]
    """Which claims each puts up, shape (n,)."""
    gaps: tuple[tuple[Gap, ...], tuple[Gap, ...]]

    def only(self, which: int) -> list[ClaimId]:
        """The claims that one puts up and the other does not: 0 champion, 1 challenger."""
        alone = self.up[which] & ~self.up[1 - which]
        return [self.claim_ids[row] for row in np.flatnonzero(alone)]


def shadow(store: Store, settings: Settings) -> Comparison:
    """Compare the champion with its challenger, and keep the report with the challenger's run.

    Raises NotFound when either is not named, or no look was scored by both.
    """
    registry = Registry(settings)
    champion, challenger = (_named(registry, alias) for alias in (CHAMPION, CHALLENGER))
    looks = shadowed(store, str(champion.version), str(challenger.version))
    if not looks:
        raise NotFound(f"no claim was scored by {champion.version} and {challenger.version} yet")
    in_force = policy.current(store)
    own = LightGBMScorer.from_files(challenger.version, registry.files(challenger)).review_lines
    found = compare(
        looks,
        claims_by_id(store, list({look.claim_id for look in looks})),
        {one.claim_id: one.label for one in decided_claims(store)},
        (in_force, replace(in_force, review_line=line_at(own, in_force.capacity))),
        names=(str(champion.version), str(challenger.version)),
        rounds=settings.bootstrap_rounds,
        seed=settings.seed,
    )
    name = f"against-version-{champion.version.version}.md"
    registry.attach(challenger, FOLDER, {name: report(found).encode()})
    return found


def _named(registry: Registry, alias: str) -> Entry:
    entry = registry.by_alias(alias)
    if entry is None:
        raise NotFound(f"there is no {alias} (see `fraud-models versions`)")
    return entry


def compare(
    looks: Sequence[Shadowed],
    claims: Mapping[ClaimId, Claim],
    labels: Mapping[ClaimId, Label],
    policies: tuple[Policy, Policy],
    *,
    names: tuple[str, str],
    rounds: int,
    seed: int,
) -> Comparison:
    """Compare what both gave, champion first; `policies` hold each one's review line."""
    highest: dict[ClaimId, tuple[float, float]] = {}
    for look in looks:
        before = highest.get(look.claim_id, (0.0, 0.0))
        highest[look.claim_id] = (max(before[0], look.champion), max(before[1], look.challenger))
    of_each = [claims[one] for one in highest]
    found = [labels.get(one) for one in highest]
    chances = np.array(list(highest.values()))
    first, second = (flagged(chances[:, side], of_each, one) for side, one in enumerate(policies))
    ranks = rankdata(chances, axis=0)
    rows = replace(
        Judged.plain(np.zeros(len(ranks), dtype=np.bool_)),
        people=numbered([claim.claimant.mykad for claim in of_each]),
    )
    measure = {"agreement": lambda weights: _correlation(ranks, weights)}
    return Comparison(
        *names,
        claim_ids=tuple(highest),
        labels=tuple(found),
        agreement=with_intervals(rows, measure, rounds=rounds, seed=seed)["agreement"],
        lines=(policies[0].review_line, policies[1].review_line),
        up=(first, second),
        gaps=(gaps_of_honest(of_each, found, first), gaps_of_honest(of_each, found, second)),
    )


def _correlation(ranks: Floats, weights: Floats) -> float:
    """Of two columns of ranks, each row counting `weights` times; nan where one is constant."""
    away = ranks - np.average(ranks, axis=0, weights=weights)
    both, spread = (weights * away[:, 0] * away[:, 1]).sum(), (weights[:, None] * away**2).sum(0)
    return float(both / np.sqrt(spread.prod())) if spread.all() else float("nan")


REPORT = """\
# Shadow comparison: {challenger} beside {champion}

{claims} claims that both scored when they were looked at; the challenger's answers were not used.
Review lines: champion {line:.4f} in force, challenger {own:.4f}, its own for the same capacity.
Rank agreement (Spearman, 95% of redraws of people): {agreement}.

| Put up by | Claims | Confirmed fraud | Errors | Genuine | Undetermined | Not decided |
|---|---:|---:|---:|---:|---:|---:|
{counts}

People decided mostly on what the champion put up, so what only the challenger would have put up is
seldom decided: that is no sign that nothing is there.

## Between groups of people

Of people with claims that nobody found wrong, by each one's line. A group may be put up {most:g}
times as often.

| Scorer | Trait | Group | People | Put up | Share | Ratio | Policy |
|---|---|---|---:|---:|---|---|---|
{gaps}

Figures of simulated claims describe a simulated region.
"""


def report(found: Comparison) -> str:
    """The comparison as Markdown, without the id of any claim."""
    first, second = found.up
    parts = {
        "both": first & second,
        "the champion alone": first & ~second,
        "the challenger alone": second & ~first,
        "neither": ~first & ~second,
    }
    gaps = [
        f"| {name} {line}"
        for name, own in zip(("champion", "challenger"), found.gaps, strict=True)
        for line in lines_of(own)
    ]
    return REPORT.format(
        champion=found.champion,
        challenger=found.challenger,
        claims=len(found.claim_ids),
        line=found.lines[0],
        own=found.lines[1],
        agreement=found.agreement,
        counts="\n".join(_counted(name, rows, found.labels) for name, rows in parts.items()),
        most=MOST,
        gaps="\n".join(gaps),
    )


def _counted(name: str, rows: Flags, labels: Sequence[Label | None]) -> str:
    of_rows = [labels[row] for row in np.flatnonzero(rows).tolist()]
    plain = (Label.CONFIRMED_FRAUD, Label.GENUINE, Label.UNDETERMINED, None)
    fraud, genuine, undetermined, nobody = (of_rows.count(label) for label in plain)
    errors = len(of_rows) - fraud - genuine - undetermined - nobody
    return (
        f"| {name} | {len(of_rows)} | {fraud} | {errors} | {genuine} | {undetermined} | {nobody} |"
    )
