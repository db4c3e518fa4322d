"""T9: somebody else goes to the Medical Board.

Honest ones that look alike: a session put off, a carer or welfare officer who comes along with
many, a wrong date in the register, looks that an injury has changed.
"""

from random import Random

from fraud.simulator.boards import convene
from fraud.simulator.crossings import Trip
from fraud.simulator.plans import BEFORE_BOARD, Plan
from fraud.simulator.region import Region, a_mobile
from fraud.simulator.typologies.kind import Alone, Typology, happens
from fraud.simulator.typologies.traces import Traces, become, pace

HELPER_COMES, CHANGED_LOOKS, PUT_OFF, SLIP_OF_PEN = 0.06, 0.03, 0.06, 0.02


def _sees_board(plan: Plan, _region: Region) -> bool:
    return plan.scheme in BEFORE_BOARD


def _send_another(plan: Plan, draw: Random, region: Region) -> None:
    """T9: the claimant is elsewhere at the hour of the session, often across the border."""
    convene(plan, region)
    traces, board = Traces(draw), plan.board
    if board is None:
        return
    board.likeness = "same" if board.likeness else None
    if board.likeness and traces.show(0.85):
        board.likeness = "differs"
    if traces.show(0.75):
        day, out = plan.received + board.held_after, board.minute - draw.randrange(90, 200)
        plan.trips.append(Trip(plan.person, day, out, board.minute + draw.randrange(150, 500)))
    if traces.show(0.30):
        board.escort = a_mobile(draw)
    plan.wrong_share = draw.uniform(0.5, 1.0)


def _stand_ins(region: Region, plans: list[Plan], _taken: set[int], size: int, draw: Random) -> int:
    """T9, organised: one escort brings the same two or three men for many claimants."""
    escort, days = a_mobile(draw), pace(region, size, draw)
    fitting = [
        one
        for one in plans
        if one.untouched and _sees_board(one, region) and days[0] <= one.received <= days[-1] + 60
    ]
    chosen = draw.sample(fitting, min(size, len(fitting)))
    for plan in chosen:
        become(plan, "T9", organised=True)
        own = plan.dice(region, "stand-in")
        _send_another(plan, own, region)
        if plan.board and Traces(own).show(0.85):
            plan.board.escort = escort
    return len(chosen)


def _look_like_another(plan: Plan, draw: Random, region: Region) -> None:
    board = plan.board
    if board is None or plan.look_alike is not None:
        return
    if happens(region, draw, HELPER_COMES):
        board.escort = draw.choice(region.helpers)
    elif happens(region, draw, CHANGED_LOOKS):
        board.likeness = "differs"
    elif happens(region, draw, PUT_OFF):
        board.moved_after = board.held_after - draw.randrange(5, 12)
    elif happens(region, draw, SLIP_OF_PEN):
        board.noted_after = board.held_after + draw.choice((-2, -1, 1))
    else:
        return
    plan.resembles("T9")


KINDS = (
    Typology(
        "T9",
        0.001,
        _sees_board,
        Alone(_sees_board, _send_another),
        ring=_stand_ins,
        organised=0.7,
        look=_look_like_another,
    ),
)
