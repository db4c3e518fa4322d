"""How well the watch over employers, agents and officers finds those that simulated truth names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

import numpy as np

from fraud.cases import Role
from fraud.clock import LOCAL
from fraud.entities import EntityKind
from fraud.privacy import ALL_OPEN
from fraud.simulator.timeline import Region
from fraud.store.engine import Store
from fraud.workflow.watch import Looker, watch
from models.judge import Figure, judge_share

JUDGED = (
    ("T13", EntityKind.EMPLOYER),
    ("T14", EntityKind.EMPLOYER),
    ("T14", EntityKind.AGENT),
    ("T19", EntityKind.OFFICER),
)
"""Typologies of employers, agents (and devices) and officers, which no claim is judged by."""
OF_ENTITIES = frozenset(typology for typology, _ in JUDGED)


@dataclass(frozen=True, slots=True)
class EntitySeen:
    """One entity with a truth of its own, and whether the watch listed it for that typology."""

    kind: EntityKind
    typology: str
    case: bool
    """A case of the typology; else an honest look-alike."""
    listed: bool


@dataclass(frozen=True, slots=True)
class EntityFigures:
    """One typology and kind of entity, over all regions together."""

    typology: str
    kind: EntityKind
    cases: int
    found: Figure
    """Share of the cases that were listed at the end of the region."""
    look_alikes: int
    reached: Figure
    """Share of the honest look-alikes that were listed."""


def watch_entities(region: Region, store: Store) -> tuple[EntitySeen, ...]:
    """What the watch lists on a region's last day, beside the truth. Writes audit events."""
    end = datetime.combine(region.settings.last_day, time.max, LOCAL)
    looker = Looker("evaluation", Role.INTEGRITY)
    listed = {
        (kind, one.typology, one.id)
        for kind in EntityKind
        for one in watch(store, kind, moment=end, sources=ALL_OPEN, looker=looker, now=end)
    }
    found = []
    for (kind_name, name), truth in sorted(region.entities.items()):
        kind, typology = EntityKind(kind_name), truth.typology or truth.look_alike
        if typology:
            was_listed = (kind, typology, name) in listed
            found.append(EntitySeen(kind, typology, truth.typology is not None, was_listed))
    return tuple(found)


def judge_entities(seen: Iterable[EntitySeen]) -> tuple[EntityFigures, ...]:
    """Recall and share of look-alikes listed, with 95% intervals, by typology and kind."""
    every = list(seen)
    return tuple(_figures(typology, kind, every) for typology, kind in JUDGED)


def _figures(typology: str, kind: EntityKind, every: list[EntitySeen]) -> EntityFigures:
    mine = [one for one in every if (one.typology, one.kind) == (typology, kind)]
    cases = np.array([one.listed for one in mine if one.case], dtype=np.bool_)
    alike = np.array([one.listed for one in mine if not one.case], dtype=np.bool_)
    return EntityFigures(
        typology, kind, len(cases), judge_share(cases), len(alike), judge_share(alike)
    )
