"""A whole simulated region over its months: events in order, crossings on request, truth aside."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np

from fraud.movement import CrossingDay, CrossingTable
from fraud.records import Claim, ClaimId, Decision, Label, Scheme
from fraud.simulator import employers, hires, honest, mistakes, office, officers, typologies
from fraud.simulator.answers import answers
from fraud.simulator.crossings import Travel
from fraud.simulator.entities import Entities
from fraud.simulator.papers import Event, Papers
from fraud.simulator.passers import PassersBy
from fraud.simulator.payments import settle
from fraud.simulator.plans import Plan
from fraud.simulator.region import Region as World
from fraud.simulator.region import build_region
from fraud.simulator.settings import RegionSettings
from fraud.simulator.shelf import Shelf

REQUEST_BEFORE = 49
"""Days before the event for which a (simulated) lawful request asks for crossings."""
REQUEST_AFTER = 14
"""Days after receipt for which it goes on asking."""
REQUEST_WHILE_PAID = 75
"""The same of a job search allowance, which is paid month by month."""

AGAIN_AFTER = 45
"""Least days between two claims of one person who had two accidents; else it is a year."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Truth:
    """What a simulated claim really is. For evaluation alone; never part of any event."""

    label: Label
    typology: str | None
    organised: bool
    look_alike: str | None
    wrong_payment_sen: int
    mistake: str | None = None
    """What was got wrong where somebody erred: wage, days, months, share, percent ..."""


class Region:
    """A simulated region after its months have passed.

    `events` come in the order in which they became known, as often as one asks for them.
    """

    def __init__(self, world: World, travel: Travel, plans: Sequence[Plan]) -> None:
        self.settings: RegionSettings = world.settings
        self.events: Iterable[Event] = ()
        self.truth: dict[str, Truth] = {}
        self.entities: Entities = {}
        """Employers, agents and officers that are, or resemble, a typology of their own."""
        self.claims_count = len(plans)
        self.scaling = typologies.scaling(world, plans)
        """How often each typology was planted, over its assumed prevalence."""
        self._world, self._travel = world, travel
        self._index = {mykad: number for number, mykad in enumerate(world.mykads)}
        spans = sorted(_span(plan, world.settings.days) for plan in plans)
        self._spans = np.array(spans, dtype=np.int64).reshape(-1, 3)

    def crossings(
        self, first_day: date, last_day: date, people: Sequence[str] | None = None
    ) -> CrossingTable:
        """Clearances of these MyKad numbers (or of everyone) on these days, both included."""
        chosen = None if people is None else [self._index[one] for one in people]
        return self._travel.crossings(first_day, last_day, chosen)

    def requested(self, day: date) -> list[str]:
        """MyKad numbers that the simulated lawful request names for that day."""
        number = (day - self.settings.first_day).days
        first, last = self._spans[:, 0], self._spans[:, 1]
        inside = self._spans[(first <= number) & (number <= last), 2]
        return sorted(self._world.mykads[person] for person in set(inside.tolist()))

    def passers_by(self, day: date) -> CrossingTable:
        """Clearances of people whom the office does not know, by document number."""
        return self._passers.crossings(day)

    @cached_property
    def _passers(self) -> PassersBy:
        return PassersBy(self.settings, self._travel.gates)

    def crossing_day(self, day: date) -> CrossingDay:
        """How complete that day's border file is."""
        return self._travel.crossing_day(day)


def _span(plan: Plan, days: int) -> tuple[int, int, int]:
    after = max(_asks_until(plan), plan.board.held_after + 1 if plan.board else 0)
    last = min(plan.received + after, days - 1)
    return max(plan.event - REQUEST_BEFORE, 0), last, plan.insured


def _asks_until(plan: Plan) -> int:
    """Days after receipt: two weeks, or while an allowance is paid, which a reported job ends."""
    if plan.scheme is not Scheme.JOB_SEARCH:
        return REQUEST_AFTER
    job, paid = plan.placement, REQUEST_WHILE_PAID
    if job and job.told:
        paid = min(paid, plan.event + job.starts_after - plan.received)
    return max(REQUEST_AFTER, paid)


def simulate(
    settings: RegionSettings, progress: Progress | None = None, *, scratch: Path | None = None
) -> Region:
    """Simulate a region. The same settings give the same region, to the byte.

    With a `scratch` folder the events stay in files there, for as long as the region is used, and
    memory does not grow with them; without one they are a list.
    """
    tell = progress or (lambda _what, _share: None)
    tell("people and employers", 0.0)
    world = build_region(settings)
    travel = Travel(world)
    tell("accidents and job losses", 0.05)
    plans = plan_all(world, travel)
    region = Region(world, travel, plans)
    shelf = Shelf(scratch)
    _write(Papers(world), region, plans, shelf, tell)
    region.events = list(shelf) if scratch is None else shelf
    tell("done", 1.0)
    return region


def plan_all(world: World, travel: Travel) -> list[Plan]:
    """What happens in a region, in order of receipt; `travel` then knows the journeys of it."""
    plans = honest.plan_claims(world, travel)
    typologies.plant(world, plans)
    mistakes.err(world, plans)
    honest.rest_and_look(world, plans)
    typologies.look_alike(world, plans)
    plans = _one_a_year(plans, world.settings)
    travel.plan(
        [spell for plan in plans for spell in plan.spells if spell.last >= spell.first],
        [trip for plan in plans for trip in plan.trips],
    )
    return plans


def _one_a_year(plans: Sequence[Plan], settings: RegionSettings) -> list[Plan]:
    """In order of receipt, no person twice within a year, at most one person in four per year."""
    kept: list[Plan] = []
    last: dict[int, int] = {}
    most = settings.people // 4
    received: list[int] = []
    for plan in sorted(plans, key=_receipt):
        if plan.received - last.get(plan.person, -1000) < (AGAIN_AFTER if plan.again else 365):
            continue
        if not 0 <= plan.received < settings.days:
            continue
        if len(received) - bisect_left(received, plan.received - 365) >= most:
            continue
        last[plan.person] = plan.received
        received.append(plan.received)
        kept.append(plan)
    return kept


def _receipt(plan: Plan) -> tuple[int, int, int, int]:
    return plan.received, plan.minute, plan.person % 60, plan.person


def _write(
    papers: Papers, region: Region, plans: Sequence[Plan], shelf: Shelf, tell: Progress
) -> None:
    """The papers of every claim, then what the office makes of them."""
    settings = region.settings
    of_claim: dict[str, Plan] = {}
    for number, plan in enumerate(plans):
        year = papers.region.day(plan.received).year
        claim_id = ClaimId(f"SIM-{year}-{number + 1:06d}")
        of_claim[claim_id] = plan
        claim, events = papers.write(plan, claim_id)
        shelf.add([*events, *answers(papers, plan, claim)])
        if number % 500 == 0:
            tell("papers", 0.1 + 0.5 * number / len(plans))
    named, seen = hires.hired(papers), employers.watched(papers)
    shelf.add([*named.events, *seen.events])
    region.entities |= seen.truth | named.truth | officers.truth(papers.region, plans)
    tell("the office of the past", 0.6)
    picked = office.pick(
        shelf, settings.office_review_share, settings.office_control_share, settings.seed
    )
    for number, claim in enumerate(_as_lodged(shelf)):
        plan = of_claim[claim.claim_id]
        truth = _truth(plan, claim)
        region.truth[claim.claim_id] = truth
        shelf.add(_decide_and_pay(papers, plan, claim, truth, picked.get(claim.claim_id)))
        if number % 500 == 0:
            tell("decisions and payments", 0.75 + 0.25 * number / len(plans))
    shelf.close(papers.instant(settings.days, 0))


def _as_lodged(events: Iterable[Event]) -> Iterator[Claim]:
    for event in events:
        if isinstance(event.record, Claim) and event.record.version == 1:
            yield event.record


def _decide_and_pay(
    papers: Papers, plan: Plan, claim: Claim, truth: Truth, picked: office.Picked | None
) -> list[Event]:
    if picked is None:
        return settle(papers, plan, claim, None)
    seed = papers.region.settings.seed
    event = office.decide(claim, picked, truth.label, truth.wrong_payment_sen, seed)
    decision = event.record if isinstance(event.record, Decision) else None
    return [event, *settle(papers, plan, claim, decision)]


def _truth(plan: Plan, claim: Claim) -> Truth:
    wrong = round(claim.expected_payment_sen * plan.wrong_share)
    return Truth(plan.label, plan.typology, plan.organised, plan.look_alike, wrong, plan.mistake)


def rates(region: Region) -> dict[str, Counter[str]]:
    """Counts that a reader should see beside any simulated figure."""
    counts: dict[str, Counter[str]] = {
        "claims by scheme": Counter(),
        "truth by label": Counter(one.label.value for one in region.truth.values()),
        "fraud by typology": Counter(one.typology for one in region.truth.values() if one.typology),
        "look-alikes by typology": Counter(
            one.look_alike for one in region.truth.values() if one.look_alike
        ),
        "mistakes by kind": Counter(one.mistake for one in region.truth.values() if one.mistake),
        "entities by typology": Counter(
            f"{kind}: {one.typology}" for (kind, _), one in region.entities.items() if one.typology
        ),
        "decisions by label": Counter(),
        "decisions by cause": Counter(),
        "records by type": Counter(),
    }
    for _, record in region.events:
        counts["records by type"][type(record).__name__] += 1
        if isinstance(record, Claim) and record.version == 1:
            counts["claims by scheme"][record.scheme.value] += 1
        elif isinstance(record, Decision):
            counts["decisions by label"][record.label.value] += 1
            counts["decisions by cause"][record.picked_by] += 1
    return counts
