import numpy as np

from fraud.assessment import Policy
from fraud.records import ClaimId, Label
from fraud.simulator.timeline import Truth
from models.fairness import Standings
from models.judge import judge_share
from models.pooled import Kind, _line
from models.watched import Watched


def seen(*claims: tuple[str | None, str | None, bool]) -> Watched:
    """Claims as typology, look-alike and whether they were put up for review."""
    count = len(claims)
    return Watched(
        claim_ids=tuple(ClaimId(f"C{n}") for n in range(count)),
        truths=tuple(
            Truth(Label.CONFIRMED_FRAUD if kind else Label.GENUINE, kind, False, alike, 0)
            for kind, alike, _ in claims
        ),
        people=np.arange(count),
        standings=Standings([]),
        payments_sen=np.full(count, 100_000.0),
        probability=np.array([0.9 if put_up else 0.1 for _, _, put_up in claims]),
        first=np.full(count, 0.1),
        as_put_up=np.full(count, 0.1),
        reviewed=np.array([put_up for _, _, put_up in claims]),
        top_tier=np.zeros(count, dtype=np.bool_),
        baselines={},
    )


def test_cases_and_look_alikes_of_a_typology_are_counted_over_all_regions():
    one = seen(("T5", None, True), ("T5", None, False), (None, "T5", False), (None, None, True))
    other = seen(("T5", None, True), ("T6", None, False), (None, "T5", True))
    line = _line(Policy(review_line=0.5), [one, other])
    kind = next(each for each in line.kinds if each.typology == "T5")
    assert (kind.cases, kind.found.value) == (3, 2 / 3)
    assert (kind.look_alikes, kind.reached.value) == (2, 0.5)
    assert line.general.value == 2 / 3


def test_harm_is_said_only_when_the_lower_end_is_above_three_times_the_general_rate():
    never = judge_share(np.zeros(10, dtype=np.bool_))
    few = Kind("T1", 10, never, 4, judge_share(np.array([True, False, False, False])))
    many = Kind("T1", 10, never, 400, judge_share(np.arange(400) < 100))
    assert not few.harms(0.05)
    assert many.harms(0.05)
