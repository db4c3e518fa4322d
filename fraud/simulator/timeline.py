"""A whole simulated region over its months: events in order, crossings on request, truth aside."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from fraud.movement import CrossingDay, CrossingTable
from fraud.records import Claim, ClaimId, Decision, Label, Payment
from fraud.simulator import honest, office, typologies
from fraud.simulator.crossings import Travel
from fraud.simulator.papers import Event, Papers, fact_id
from fraud.simulator.plans import Plan
from fraud.simulator.region import Region as World
from fraud.simulator.region import build_region
from fraud.simulator.settings import RegionSettings

REQUEST_BEFORE = 49
"""Days before the event for which a (simulated) lawful request asks for crossings."""
REQUEST_AFTER = 14
"""Days after receipt for which it goes on asking."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Truth:
    """What a simulated claim really is. For evaluation alone; never part of any event."""

    label: Label
    typology: str | None
    organised: bool
    look_alike: str | None
    wrong_payment_sen: int


class Region:
    """A simulated region after its months have passed."""

    def __init__(
        self, world: World, travel: Travel, plans: Sequence[Plan], events: list[Event]
    ) -> None:
        self.settings: RegionSettings = world.settings
        self.events = events
        self.truth: dict[str, Truth] = {}
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

    def crossing_day(self, day: date) -> CrossingDay:
        """How complete that day's border file is."""
        return self._travel.crossing_day(day)


def _span(plan: Plan, days: int) -> tuple[int, int, int]:
    last = min(plan.received + REQUEST_AFTER, days - 1)
    return max(plan.event - REQUEST_BEFORE, 0), last, plan.person


def simulate(settings: RegionSettings, progress: Progress | None = None) -> Region:
    """Simulate a region. The same settings give the same region, to the byte."""
    tell = progress or (lambda _what, _share: None)
    tell("people and employers", 0.0)
    world = build_region(settings)
    travel = Travel(world)
    tell("accidents and job losses", 0.15)
    plans = honest.plan_claims(world, travel)
    typologies.plant(world, plans)
    honest.err(world, plans)
    honest.rest_and_look(world, plans)
    typologies.look_alike(world, plans)
    plans = _one_a_year(plans, settings)
    travel.plan(
        [spell for plan in plans for spell in plan.spells if spell.last >= spell.first],
        [trip for plan in plans for trip in plan.trips],
    )
    tell("papers", 0.35)
    return _write(world, travel, plans, tell)


def _one_a_year(plans: Sequence[Plan], settings: RegionSettings) -> list[Plan]:
    """In order of receipt, no person twice within a year, at most one person in four per year."""
    kept: list[Plan] = []
    last: dict[int, int] = {}
    most = settings.people // 4
    received: list[int] = []
    for plan in sorted(plans, key=_receipt):
        if plan.received - last.get(plan.person, -1000) < 365:
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


def _write(world: World, travel: Travel, plans: list[Plan], tell: Progress) -> Region:
    papers, settings = Papers(world), world.settings
    events: list[Event] = []
    claims: list[Claim] = []
    for number, plan in enumerate(plans):
        year = world.day(plan.received).year
        claim, found = papers.write(plan, ClaimId(f"SIM-{year}-{number + 1:06d}"))
        claims.append(claim)
        events += found
        if number % 2000 == 0:
            tell("papers", 0.35 + 0.4 * number / len(plans))
    events.sort(key=_order)
    tell("the office of the past", 0.8)
    region = Region(world, travel, plans, [])
    picked = office.pick(
        events, settings.office_review_share, settings.office_control_share, settings.seed
    )
    for plan, claim in zip(plans, claims, strict=True):
        truth = _truth(plan, claim)
        region.truth[claim.claim_id] = truth
        events += _settle(papers, plan, claim, truth, picked.get(claim.claim_id))
    end = papers.instant(settings.days, 0)
    region.events = sorted((event for event in events if event.known_at < end), key=_order)
    tell("done", 1.0)
    return region


def _order(event: Event) -> tuple[datetime, str]:
    record = event.record
    if isinstance(record, Claim):
        return event.known_at, f"{record.claim_id}#{record.version:04d}"
    return event.known_at, record.fact_id


def _truth(plan: Plan, claim: Claim) -> Truth:
    wrong = round(claim.expected_payment_sen * plan.wrong_share)
    if not plan.honest and plan.typology is None:  # a mistake: stated over true wage
        wrong = round(claim.expected_payment_sen * (1 - 1 / plan.wage_factor))
    return Truth(plan.label, plan.typology, plan.organised, plan.look_alike, wrong)


def _settle(
    papers: Papers, plan: Plan, claim: Claim, truth: Truth, picked: office.Picked | None
) -> list[Event]:
    """Payment, the change of account before it, and the decision where somebody looked."""
    draw = plan.dice(papers.region, "payment")
    paid_day = plan.received + draw.randrange(4, 25)
    events: list[Event] = []
    decision = None
    if picked is not None:
        event = office.decide(
            claim, picked, truth.label, truth.wrong_payment_sen, papers.region.settings.seed
        )
        events.append(event)
        decision = event.record if isinstance(event.record, Decision) else None
        if draw.random() < 0.5:  # reviewed before the money goes out
            paid_day = plan.received + picked.days + draw.randrange(2, 10)
            if decision and decision.label is Label.CONFIRMED_FRAUD:
                return events + papers.account_change(plan, claim, paid_day)
    events += papers.account_change(plan, claim, paid_day)
    events.append(_payment(papers, plan, claim, paid_day, draw.randrange(540, 1020)))
    return events


def _payment(papers: Papers, plan: Plan, claim: Claim, day: int, minute: int) -> Event:
    account = plan.switched_to or plan.account or honest.own_account(papers.region, plan.person)
    at = papers.instant(day, minute)
    record = Payment(
        fact_id=fact_id(papers.region, "payment", claim.claim_id),
        claim_id=claim.claim_id,
        mykad=claim.claimant.mykad,
        account=account,
        amount_sen=claim.expected_payment_sen,
        paid_at=at,
    )
    return Event(at + timedelta(minutes=2), record)


def rates(region: Region) -> dict[str, Counter[str]]:
    """Counts that a reader should see beside any simulated figure."""
    claims = [one.record for one in region.events if isinstance(one.record, Claim)]
    firsts = [claim for claim in claims if claim.version == 1]
    truths = list(region.truth.values())
    decided = [one.record for one in region.events if isinstance(one.record, Decision)]
    return {
        "claims by scheme": Counter(claim.scheme.value for claim in firsts),
        "truth by label": Counter(one.label.value for one in truths),
        "fraud by typology": Counter(one.typology for one in truths if one.typology),
        "look-alikes by typology": Counter(one.look_alike for one in truths if one.look_alike),
        "decisions by label": Counter(one.label.value for one in decided),
        "decisions by cause": Counter(one.picked_by for one in decided),
        "records by type": Counter(type(one.record).__name__ for one in region.events),
    }
