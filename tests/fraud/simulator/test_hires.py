"""Hiring incentives: honest hires and crowds, and T14, whose named people are victims."""

from collections import Counter, defaultdict

import pytest

from fraud.records import Hire
from fraud.simulator import Region, RegionSettings, simulate


@pytest.fixture(scope="module")
def hiring() -> Region:
    settings = RegionSettings(
        people=12_000, months=12, seed=14, claim_intensity=6, raised={"T14": 30}, look_alikes=2.0
    )
    return simulate(settings)


@pytest.fixture(scope="module")
def hires(hiring: Region) -> list[Hire]:
    return [one.record for one in hiring.events if isinstance(one.record, Hire)]


def entities(region: Region, kind: str, typology: str | None, alike: str | None) -> set[str]:
    return {
        name
        for (of, name), one in region.entities.items()
        if of == kind and (one.typology, one.look_alike) == (typology, alike)
    }


def exact(one: Hire) -> bool:
    """Whether the employment lasted for the six months that are paid."""
    assert one.ended_on is not None
    return (one.ended_on - one.started_on).days == 180


def test_some_agents_and_employers_are_false_and_more_only_look_so(hiring: Region):
    for kind in ("agent", "employer"):
        false = entities(hiring, kind, "T14", None)
        alike = entities(hiring, kind, None, "T14")
        assert len(false) >= 3
        assert len(alike) >= 5
        assert not false & alike


def test_no_claim_is_t14_for_the_people_named_are_victims(hiring: Region):
    assert all(one.typology != "T14" for one in hiring.truth.values())


def test_false_agents_end_every_hire_with_the_last_paid_month(hiring: Region, hires: list[Hire]):
    false = entities(hiring, "agent", "T14", None)
    alike = entities(hiring, "agent", None, "T14")
    over = [one for one in hires if one.ended_on]
    mine = [exact(one) for one in over if one.agent in false]
    theirs = [exact(one) for one in over if one.agent in alike]
    assert 0.5 < sum(mine) / len(mine) < 0.95
    assert sum(theirs) / len(theirs) < 0.1


def test_the_same_names_are_at_three_firms_in_a_month_under_false_agents_alone(
    hiring: Region, hires: list[Hire]
):
    firms = defaultdict(set)
    for one in hires:
        if one.agent:
            firms[one.agent, one.mykad].add(one.employer_code)
    false = entities(hiring, "agent", "T14", None)
    several = Counter(agent in false for (agent, _), at in firms.items() if len(at) >= 3)
    assert several[True] >= 3
    assert several[False] == 0


def test_people_complain_of_false_hires_more_often(hiring: Region, hires: list[Hire]):
    false = entities(hiring, "agent", "T14", None)
    over = [one for one in hires if one.ended_on]
    mine = [one.disputed is True for one in over if one.agent in false]
    theirs = [one.disputed is True for one in over if one.agent not in false]
    assert sum(mine) / len(mine) > 0.08
    assert sum(theirs) / len(theirs) < 0.05
