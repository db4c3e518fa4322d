"""What links are worth: one recipe taught with links, without any, and with links shuffled.

The three read the same claims, facts and decisions. Shuffled links lead from as many claims to as
many nodes of each kind as the true ones, but to the wrong ones: what a scorer gains from them is
what degrees alone say. Links of a person with the person's own earlier claims stay in all three.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import partial

import numpy as np

from fraud.assessment import Floats
from fraud.clock import end_of
from fraud.features import Known, vector_of
from fraud.graph import EVENT_UNDER, Area, LinkedClaim, Node, NodeKind
from fraud.records import ClaimId, Label
from fraud.store.engine import Store
from fraud.store.gathering import link
from fraud.store.rebuild import ClaimRow, live_again, named_nodes, row_of
from models.config import Settings
from models.directed import DirectedBooster
from models.evaluate import APPEAL_DAYS, TEACHING_SEED, Scale
from models.fit import Recipe, fit_booster
from models.judge import Figure, Judged, Order, with_intervals
from models.split import Ints, last_part, numbered
from models.table import Moment, TrainingTable, gather_rows
from models.train import HOLDOUT_SHARE, Tell, say_nothing
from models.watched import in_turn, lodged_from, region_store

FIRST_SEED = 9304
"""Seeds from here on judge what links are worth; no other run uses them."""

TOGETHER = ("T6", "T7", "T10", "T11", "T13", "T16", "T18")
"""Typologies in which people act together (domain brief, section 7)."""

STARTS_HIGH = 0.7
"""Average precision without links from which the distance to 1 that links close is what counts."""

RECIPES = tuple(
    Recipe(rounds=rounds, num_leaves=leaves) for rounds in (100, 200, 400) for leaves in (4, 8)
)
"""Each of the three is taught by the one that orders the latest claims best."""

OF_ONE_PERSON = frozenset({NodeKind.PERSON, NodeKind.RECEIPT, *EVENT_UNDER.values()})


class Links(StrEnum):
    """Which links a scorer sees."""

    KNOWN = "known"
    """As they were known at each claim's cut-off."""
    NONE = "none"
    """Only those of a person with the person's own claims."""
    SHUFFLED = "shuffled"
    """Those, and for all other nodes the claims of another's: degrees are kept."""


@dataclass(frozen=True, slots=True)
class Worth:
    """Average precision for some typologies by the links a scorer saw; others' fraud left out."""

    typology: str
    cases: int
    precision: Mapping[Links, Figure]
    gain: Mapping[Links, Figure]
    """Over the scorer without links, as a share of its average precision; where that starts at
    `STARTS_HIGH` or above, as a share of its distance to 1."""


@dataclass(frozen=True, slots=True)
class LinksWorth:
    """What links are worth on some regions, all of it simulated."""

    claims: int
    recipes: Mapping[Links, Recipe]
    together: Worth
    each: tuple[Worth, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Scored:
    """Claims of one region with their highest log-odds by each scorer."""

    typologies: tuple[str, ...]
    """Of each claim; empty where it is no fraud."""
    people: Ints
    scores: Mapping[Links, Floats]


def measure_links(
    settings: Settings,
    *,
    regions: int = 3,
    scale: Scale | None = None,
    processes: int = 1,
    tell: Tell = say_nothing,
) -> LinksWorth:
    """Teach three scorers on one region and judge them on others that nobody has seen.

    Cost: half an hour at the usual scale, most of it for the region that teaches.
    """
    size = scale or Scale()
    tell(f"region that teaches, seed {TEACHING_SEED}")
    tables = _taught(size, settings)
    tell("fit with links, without, and with links shuffled")
    chosen = {links: _fitted(table, settings) for links, table in tables.items()}
    boosters = {links: booster for links, (_, booster) in chosen.items()}
    judged = partial(_scored, size, boosters)
    seeds = range(FIRST_SEED, FIRST_SEED + regions)
    found = list(in_turn(judged, seeds, processes=processes, tell=tell))
    kinds = sorted({kind for one in found for kind in one.typologies} & set(TOGETHER), key=_number)
    return LinksWorth(
        claims=sum(len(one.typologies) for one in found),
        recipes={links: recipe for links, (recipe, _) in chosen.items()},
        together=_worth("together", TOGETHER, found, settings),
        each=tuple(_worth(kind, (kind,), found, settings) for kind in kinds),
    )


def _number(typology: str) -> int:
    return int(typology[1:])


def vectors_by_links(store: Store, scale: Scale) -> Iterator[tuple[ClaimRow, dict[Links, Floats]]]:
    """Every claim state with its vector by the links that are seen."""
    sources, shuffled = scale.records.sources, _shuffled(store)
    seen = {Links.NONE: Area(), Links.SHUFFLED: Area()}
    named: dict[Links, dict[ClaimId, tuple[Node, ...]]] = {links: {} for links in seen}
    for one in live_again(store, sources=sources):
        known = one.known()
        row = row_of(known, one.state)
        vectors = {Links.KNOWN: row.vector}
        for links, area in seen.items():
            linked = _changed(known.linked, shuffled if links is Links.SHUFFLED else {})
            area.labels, area.people = one.area.labels, one.people
            vectors[links] = vector_of(Known(known.claim, known.history, linked, area))
            link(area, named[links], one.state, linked)
        yield row, vectors


def _changed(linked: LinkedClaim, instead: Mapping[tuple[ClaimId, Node], Node]) -> LinkedClaim:
    """The claim with other nodes than its own; those for which there are none are left out."""
    nodes = [
        node if node[0] in OF_ONE_PERSON else instead.get((linked.claim_id, node))
        for node in linked.nodes
    ]
    return replace(linked, nodes=tuple(dict.fromkeys(node for node in nodes if node)), also=())


def _shuffled(store: Store) -> dict[tuple[ClaimId, Node], Node]:
    """For each node that a claim ever named another one of its kind, so that degrees are kept.

    A claim that drew a node twice names it once.
    """
    named: dict[int, dict[tuple[ClaimId, Node], None]] = defaultdict(dict)
    for claim_id, nodes in named_nodes(store):
        for node in nodes:
            if node[0] not in OF_ONE_PERSON:
                named[node[0]][(claim_id, node)] = None
    chance = np.random.default_rng(FIRST_SEED)
    found: dict[tuple[ClaimId, Node], Node] = {}
    for places in named.values():
        keys = list(places)
        drawn = chance.permutation(len(keys)).tolist()
        found |= {key: keys[other][1] for key, other in zip(keys, drawn, strict=True)}
    return found


def _taught(scale: Scale, settings: Settings) -> dict[Links, TrainingTable]:
    chosen = scale.teaching(TEACHING_SEED)
    moment = Moment(
        now=end_of(chosen.last_day),
        appeal_window_days=APPEAL_DAYS,
        recent_days=settings.recent_days,
        sources=scale.records.sources,
    )
    with region_store(chosen, records=scale.records) as (_, store):
        read = list(vectors_by_links(store, scale))
        return {
            links: gather_rows(
                (replace(row, vector=vectors[links]) for row, vectors in read), store, moment
            ).table
            for links in Links
        }


def _fitted(table: TrainingTable, settings: Settings) -> tuple[Recipe, DirectedBooster]:
    """A booster by the recipe that orders the latest claims best, fitted on all of them."""
    plans = [replace(one, seed=settings.seed, threads=settings.threads) for one in RECIPES]
    rows = table.rows(plans[0].heaviest)
    split = last_part(
        table.days, table.ties, table.positive, share=HOLDOUT_SHARE, gap_days=settings.gap_days
    )
    judged = table.judged(split.later)

    def order(plan: Recipe) -> float:
        booster = fit_booster(rows.take(split.earlier), table.columns, plan)
        scores = table.highest(split.later, booster.log_odds(rows.vectors[split.later]))
        return Order(judged, scores).average_precision(judged.weights)

    best = max(plans, key=order)
    return best, fit_booster(rows, table.columns, best)


def _scored(scale: Scale, boosters: Mapping[Links, DirectedBooster], seed: int) -> _Scored:
    """The claims of a region after the warm-up, each with the highest of its looks."""
    settings = scale.unseen(seed)
    highest: dict[Links, dict[ClaimId, float]] = {links: {} for links in boosters}
    with region_store(settings, records=scale.records) as (region, store):
        read = list(vectors_by_links(store, scale))
    for links, booster in boosters.items():
        log_odds = booster.log_odds(np.array([vectors[links] for _, vectors in read]))
        for (row, _), score in zip(read, log_odds.tolist(), strict=True):
            best = highest[links].get(row.claim_id, -np.inf)
            highest[links][row.claim_id] = max(score, best)
    claims = lodged_from(region, settings.first_day + timedelta(days=scale.warm_up_days))
    truths = [region.truth[claim.claim_id] for claim in claims]
    fraud = [truth.label is Label.CONFIRMED_FRAUD for truth in truths]
    return _Scored(
        typologies=tuple(t.typology or "" if f else "" for t, f in zip(truths, fraud, strict=True)),
        people=numbered([claim.claimant.mykad for claim in claims]),
        scores={
            links: np.array([found[claim.claim_id] for claim in claims])
            for links, found in highest.items()
        },
    )


def _worth(
    name: str, typologies: Sequence[str], regions: Sequence[_Scored], settings: Settings
) -> Worth:
    kinds = np.array([kind for one in regions for kind in one.typologies])
    positive = np.isin(kinds, typologies)
    counted = positive | (kinds == "")
    people = np.concatenate([one.people + number * 10**7 for number, one in enumerate(regions)])
    ones = np.ones(int(counted.sum()))
    rows = Judged(positive[counted], people[counted], ones, ones)
    orders = {
        links: Order(rows, np.concatenate([one.scores[links] for one in regions])[counted])
        for links in Links
    }
    before = orders[Links.NONE].average_precision

    def gain(links: Links, weights: Floats) -> float:
        base = before(weights)
        room = 1 - base if starts_high else base
        more = orders[links].average_precision(weights) - base
        return more / room if room > 0 else float("nan")

    starts_high = before(ones) >= STARTS_HIGH
    measures = {f"precision {links}": orders[links].average_precision for links in Links}
    measures |= {f"gain {links}": partial(gain, links) for links in (Links.KNOWN, Links.SHUFFLED)}
    figures = with_intervals(rows, measures, rounds=settings.bootstrap_rounds, seed=settings.seed)
    return Worth(
        typology=name,
        cases=int(positive.sum()),
        precision={links: figures[f"precision {links}"] for links in Links},
        gain={links: figures[f"gain {links}"] for links in (Links.KNOWN, Links.SHUFFLED)},
    )
