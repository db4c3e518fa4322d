"""What a form and its papers say beyond the bare claim: notes, desks, receipts, letters.

Most of it is ordinary and drawn by chance. What a typology or a look-alike needs stands in
`Plan.details` and is written as it stands there.
"""

from datetime import timedelta
from random import Random

from fraud.records import Certificate, Claim, Injury, JobLoss, Scheme
from fraud.simulator.plans import Plan
from fraud.simulator.region import Region, digits
from fraud.simulator.texts import a_letter

SKETCHED, DESK_NAMED, SEAT_STATED, LETTER_SHOWN = 0.75, 0.75, 0.7, 0.90
PASSENGER, EXPENSES, IMAGED = 0.08, 0.3, 0.85
NONE_STATED = 0.7
"""Share of those without separation pay whose form says so; the others leave it open."""
SEPARATION_PAID = {"retrenchment": 0.75, "voluntary_separation": 0.9, "closure": 0.35}
DESKS = 3
"""Desks of a police district that take reports of road accidents."""


def with_details(plan: Plan, claim: Claim, region: Region) -> Claim:
    """The claim with everything its form and papers say."""
    draw = plan.dice(region, "details")
    change: dict[str, object] = {"certificates": _certificates(plan, claim.certificates)}
    if claim.injury:
        change["injury"] = _injury(plan, claim.injury, draw)
    if claim.job_loss:
        change["job_loss"] = _job_loss(plan, claim, claim.job_loss, draw, region)
    if plan.details.uen:
        change["workplace_uen"] = plan.details.uen
    change["device"] = _device(plan, claim, draw, region)
    return claim.model_copy(update=change)


def _device(plan: Plan, claim: Claim, draw: Random, region: Region) -> str | None:
    """One's own telephone, that of the household, or whatever was lent."""
    if claim.channel != "online" or draw.random() > 0.8:
        return None
    house = int(region.household[plan.person])
    own = region.dice("device", plan.person if plan.person % 5 else -house)
    return plan.details.device or f"DEV{digits(own, 8)}"


def _injury(plan: Plan, injury: Injury, draw: Random) -> Injury:
    said, seat = plan.details, draw.random()
    sketched, named, imaged = (draw.random() for _ in range(3))
    off = min(int(draw.expovariate(1 / 5)), 200)
    desk = f"{injury.police_district}-{draw.randrange(DESKS) + 1}"
    image = draw.choices(("agrees", "missing", "contradicts"), weights=(86, 12, 2))[0]
    receipts = tuple(a_receipt(draw) for _ in range(draw.randrange(1, 5)))
    spent = draw.random() < EXPENSES
    change: dict[str, object] = {"receipts": receipts if spent else ()}
    if said.receipts is not None:
        change["receipts"] = said.receipts
    if plan.road:
        change["minutes_off_route"] = said.off_route if said.off_route is not None else off
        change["passenger"] = (
            said.passenger if said.passenger is not None else seat < PASSENGER * SEAT_STATED
        )
        if sketched > SKETCHED:
            del change["minutes_off_route"]
        if seat > SEAT_STATED:
            del change["passenger"]
    if injury.police_report_at and named < DESK_NAMED:
        change["police_desk"] = said.police_desk or desk
    if plan.percent and imaged < IMAGED:
        change["imaging"] = said.imaging or image
    if said.vehicle:
        change["vehicle"] = said.vehicle
    return injury.model_copy(update=change)


def a_receipt(draw: Random) -> str:
    """The number of an expense receipt."""
    return f"R{digits(draw, 9)}"


def _job_loss(plan: Plan, claim: Claim, loss: JobLoss, draw: Random, region: Region) -> JobLoss:
    house = region.dice("letter", plan.employer)
    text = plan.details.letter or a_letter(house, draw, loss.reason)
    shown, luck = draw.random() < LETTER_SHOWN, draw.random()
    wage = claim.declared_monthly_wage_sen or int(region.wage_sen[plan.person])
    paid = plan.details.separation_pay
    if paid is None:
        paid = luck < SEPARATION_PAID.get(loss.reason, 0.0)
    amount = round(wage * draw.uniform(0.4, 4.0) / 1000) * 1000
    change = {
        "letter_text": text if shown else None,
        "separation_pay_sen": amount if paid else 0 if draw.random() < NONE_STATED else None,
    }
    return loss.model_copy(update=change)


def _certificates(plan: Plan, written: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """The same certificates; the first and the last one as the story has them."""
    if not written or plan.scheme is Scheme.PERMANENT_DISABLEMENT:
        return written
    said, first = plan.details, written[0]
    begins = first.first_day - timedelta(days=said.dated_before)
    changed = first.model_copy(
        update={
            "serial": said.serial or first.serial,
            "first_day": begins,
            "issued_on": begins + timedelta(days=said.issued_late),
            "remote": said.remote,
        }
    )
    found = [changed, *written[1:]]
    if said.last_serial:
        found[-1] = found[-1].model_copy(update={"serial": said.last_serial})
    return tuple(found)
