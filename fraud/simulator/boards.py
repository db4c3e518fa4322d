"""Sessions of the Medical Board: when a claim is listed, who comes, what the register says."""

from random import Random

from fraud.simulator.crossings import Trip
from fraud.simulator.plans import BEFORE_BOARD, Board, Plan
from fraud.simulator.region import Region, a_mobile

ESCORTED_BY_KIN, ESCORTED_BY_HELPER = 0.16, 0.05
CHANGED_LOOKS, NOT_COMPARED = 0.02, 0.15
PUT_OFF, SLIP_OF_PEN = 0.06, 0.015


def convene(plan: Plan, region: Region) -> None:
    """List the claim for a session as every claim of its scheme is; honest oddities are kept."""
    if plan.scheme not in BEFORE_BOARD or plan.board is not None:
        return
    draw = plan.dice(region, "board")
    plan.board = board = a_board(draw)
    if draw.random() < ESCORTED_BY_KIN:
        board.escort = a_mobile(draw)
    elif draw.random() < ESCORTED_BY_HELPER:
        board.escort = draw.choice(region.helpers)
        plan.resembles("T9")
    if draw.random() < CHANGED_LOOKS:
        board.likeness = "differs"
        plan.resembles("T9")
    elif draw.random() < NOT_COMPARED:
        board.likeness = None
    if draw.random() < PUT_OFF:
        board.moved_after = board.held_after - draw.randrange(5, 12)
        plan.resembles("T9")
    if draw.random() < SLIP_OF_PEN:
        board.noted_after = board.held_after + draw.choice((-2, -1, 1))
        plan.resembles("T9")
    plan.trips.append(Trip(plan.person, plan.received + board.held_after, -1, -1))


def a_board(draw: Random) -> Board:
    """A session some weeks after receipt, in the morning or after noon."""
    listed = draw.randrange(5, 25)
    held = listed + draw.randrange(12, 40)
    return Board(listed, held, draw.choice((540, 600, 660, 840, 900)))
