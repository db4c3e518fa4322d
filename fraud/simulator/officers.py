"""Officers and their branches: who looks a claim up, who approves it, and when.

Look-ups without a case number, evenings and overrides happen honestly now and then. A branch with
one approver, the desk for boards and pensions, a backlog campaign and an officer whom one welfare
officer trusts gather claims as insider help would; they are marked as look-alikes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fraud.records import Claim, OfficerAction
from fraud.simulator.entities import Entities, EntityTruth
from fraud.simulator.papers import Event, Papers, fact_id
from fraud.simulator.plans import BEFORE_BOARD, Plan
from fraud.simulator.region import Region, digits

NO_CASE, OFF_HOURS, OVERRODE, EDITED, SKIPPED = 0.03, 0.03, 0.01, 0.02, 0.01
SINGLE_APPROVER, CAMPAIGN, CAMPAIGN_DAYS = 0.2, 0.25, 25
PEOPLE_PER_BRANCH = 3_000

Action = Literal["looked_up", "approved", "overrode", "edited", "skipped_step"]


@dataclass(frozen=True)
class Branch:
    """An office: its officers, the first of whom has the desk for boards and pensions."""

    name: str
    officers: tuple[str, ...]
    campaign: int | None
    """First day of a campaign against the backlog, with approvals in the evening."""

    def in_campaign(self, day: int) -> bool:
        return self.campaign is not None and 0 <= day - self.campaign < CAMPAIGN_DAYS


def _count(region: Region) -> int:
    return max(4, region.settings.people // PEOPLE_PER_BRANCH)


def branches(region: Region) -> list[Branch]:
    """The offices of the region."""
    return [_branch(region, n) for n in range(_count(region))]


def branch_of(region: Region, person: int) -> Branch:
    """The office where a household belongs."""
    return _branch(region, person // 3 * 31 % _count(region))


def _branch(region: Region, number: int) -> Branch:
    draw = region.dice("branch", number)
    size = 1 if draw.random() < SINGLE_APPROVER else draw.randrange(3, 8)
    campaign = draw.randrange(20, max(region.settings.days, 21))
    return Branch(
        name=f"BR{number:03d}",
        officers=tuple(f"OF{digits(draw, 6)}" for _ in range(size)),
        campaign=campaign if draw.random() < CAMPAIGN else None,
    )


def actions(papers: Papers, plan: Plan, claim: Claim, paid_day: int) -> list[Event]:
    """A look-up soon after receipt, an approval before the payment, and now and then more."""
    region = papers.region
    draw, branch = plan.dice(region, "officer"), branch_of(region, plan.person)
    clerk, approver = draw.choice(branch.officers), draw.choice(branch.officers)
    if plan.scheme in BEFORE_BOARD:
        approver = branch.officers[0]
    if plan.intermediary == region.helpers[0]:  # an officer whom a welfare officer trusts
        approver = trusted(region)
    if plan.officer:
        clerk = approver = plan.officer
    case = None if draw.random() < NO_CASE or "no_case" in plan.irregular else claim.claim_id
    approved = max(paid_day - draw.randrange(7, 10), plan.received + 1)
    late = draw.random() < (0.5 if branch.in_campaign(approved) else OFF_HOURS)
    late |= "off_hours" in plan.irregular
    hour = draw.randrange(1140, 1400) if late else draw.randrange(500, 1010)
    opened = plan.received + 1
    first_look = draw.randrange(480, 1000 if opened < approved else 500)
    done: list[tuple[Action, str, int, int]] = [
        ("looked_up", clerk, opened, first_look),
        ("approved", approver, approved, hour),
    ]
    extra: tuple[tuple[Action, float], ...] = (
        ("overrode", OVERRODE),
        ("edited", EDITED),
        ("skipped_step", SKIPPED),
    )
    for name, rate in extra:
        if draw.random() < rate or name in plan.irregular:
            done.append((name, approver, approved, hour - draw.randrange(5, 90)))
    return [
        Event(
            at := papers.instant(day, minute),
            OfficerAction(
                fact_id=fact_id(region, f"officer {name}", claim.claim_id),
                officer=officer,
                branch=branch.name,
                claim_id=claim.claim_id,
                action=name,
                acted_at=at,
                case_number=case and f"K-{case}",
            ),
        )
        for name, officer, day, minute in done
    ]


def trusted(region: Region) -> str:
    """The officer to whom a welfare officer brings everybody's papers."""
    return branches(region)[0].officers[-1]


def truth(region: Region, plans: Sequence[Plan]) -> Entities:
    """Officers who help for a fee, and those whose honest work looks like it."""
    found: Entities = {("officer", trusted(region)): EntityTruth(look_alike="T19")}
    for branch in branches(region):
        alone = len(branch.officers) == 1 or branch.campaign is not None
        alike = branch.officers if alone else branch.officers[:1]
        found |= {("officer", one): EntityTruth(look_alike="T19") for one in alike}
    paid = {plan.officer for plan in plans if plan.officer and plan.typology == "T19"}
    return found | {("officer", one): EntityTruth("T19") for one in sorted(paid)}
