"""Sessions of the Medical Board: when a claim is listed, who comes, what the register says."""

from random import Random

from fraud.simulator.crossings import Trip
from fraud.simulator.plans import BEFORE_BOARD, Board, Plan
from fraud.simulator.region import Region, Rhythm, a_mobile

ESCORTED_BY_KIN, NOT_COMPARED = 0.16, 0.08


def convene(plan: Plan, region: Region) -> None:
    """List the claim for a session as every claim of its scheme is."""
    if plan.scheme not in BEFORE_BOARD or plan.board is not None:
        return
    draw = plan.dice(region, "board")
    plan.board = board = a_board(draw)
    if draw.random() < ESCORTED_BY_KIN:
        board.escort = a_mobile(draw)
    if draw.random() < NOT_COMPARED:
        board.likeness = None
    held = plan.received + board.held_after
    ahead = 6 if region.rhythm[plan.person] == Rhythm.WEEKLY else 1  # back from a stay or a shift
    plan.trips += [Trip(plan.person, day, -1, -1) for day in range(held - ahead, held + 1)]


def a_board(draw: Random) -> Board:
    """A session some weeks after receipt, in the morning or after noon."""
    listed = draw.randrange(5, 25)
    held = listed + draw.randrange(12, 40)
    return Board(listed, held, draw.choice((540, 600, 660, 840, 900)))
