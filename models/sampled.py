"""The claims of the desk's database as an estimate of missed fraud reads them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fraud.records import ClaimId, Label
from fraud.store.engine import Store
from fraud.store.sampled import Look, cases_open, found_at_desk, looks
from fraud.workflow.put_up import control_chance
from models.control_sample import Stratum
from models.split import Flags


@dataclass(frozen=True, slots=True)
class Sampled:
    """Claims above and below the line, with what people found in those they decided."""

    passed: Stratum
    """Claims of which any look said review, control cases among them or not."""
    rest: Stratum
    """All others; those decided are the control sample."""
    undetermined: int
    """Decided claims of which people could not say what they are; they count as not decided."""
    open_cases: int
    """Cases that wait for a first decision. Why they were put up is not told."""


def sampled(store: Store) -> Sampled:
    """What the desk has looked into so far. Cost: one row for each assessment.

    A claim that was drawn as control and passed the line later counts as passed: people look into
    it either way.
    """
    by_claim: dict[ClaimId, list[Look]] = defaultdict(list)
    for look in looks(store):
        by_claim[look.claim_id].append(look)
    found = found_at_desk(store)
    known = {claim: label for claim, label in found.items() if label is not Label.UNDETERMINED}
    above = {claim for claim, seen in by_claim.items() if any(look.review for look in seen)}
    drawn = [claim for claim in by_claim if claim in known and claim not in above]
    passed = [known[claim] for claim in by_claim if claim in known and claim in above]
    return Sampled(
        passed=Stratum(len(above), _fraud(passed), np.ones(len(passed))),
        rest=Stratum(
            len(by_claim) - len(above),
            _fraud([known[claim] for claim in drawn]),
            np.array([chance_of(by_claim[claim]) for claim in drawn], dtype=np.float64),
        ),
        undetermined=len(found) - len(known),
        open_cases=cases_open(store),
    )


def chance_of(seen: Sequence[Look]) -> float:
    """The chance that any look at a claim that never passed the line made it a control case."""
    chances = [control_chance(one.policy, later=one.later) for one in seen if one.policy]
    return float(1 - np.prod(1 - np.array(chances)))


def _fraud(labels: Sequence[Label]) -> Flags:
    return np.array([one is Label.CONFIRMED_FRAUD for one in labels], dtype=np.bool_)
