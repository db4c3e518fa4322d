"""T19: an officer who passes the claims of one go-between for a fee.

Honest officers who look alike are in `fraud.simulator.officers`: a branch with one approver, a desk
for boards and pensions, a campaign against the backlog, an officer whom a welfare officer trusts.
"""

from random import Random

from fraud.simulator.officers import branches
from fraud.simulator.plans import Plan
from fraud.simulator.region import Region
from fraud.simulator.typologies.kind import Typology
from fraud.simulator.typologies.traces import Traces, become, pace

MARKS = {"overrode": 0.50, "off_hours": 0.55, "no_case": 0.50, "edited": 0.50, "skipped_step": 0.40}


def _for_a_fee(region: Region, plans: list[Plan], _taken: set[int], size: int, draw: Random) -> int:
    officer = draw.choice(draw.choice(branches(region)).officers)
    runner, days = draw.choice(region.runners), pace(region, size, draw)
    fitting = [one for one in plans if one.untouched and days[0] <= one.received <= days[-1] + 30]
    chosen = draw.sample(fitting, min(size, len(fitting)))
    for plan in chosen:
        become(plan, "T19", organised=True)
        traces = Traces(plan.dice(region, "insider"))
        plan.officer = officer
        plan.irregular = frozenset(name for name, often in MARKS.items() if traces.show(often))
        if traces.show(0.85):
            plan.intermediary = runner
        plan.wrong_share = draw.uniform(0.3, 0.9)
    return len(chosen)


KINDS = (Typology("T19", 0.0005, lambda _plan, _region: True, ring=_for_a_fee, organised=1.0),)
