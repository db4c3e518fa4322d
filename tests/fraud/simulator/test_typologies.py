from collections import Counter
from collections.abc import Callable

import pytest

from fraud.records import AccountChange, Claim, ContributionStatement, EmployerDescription, Payment
from fraud.simulator import Region, RegionSettings, simulate
from fraud.simulator.days import lived_days


@pytest.fixture(scope="module")
def guilty() -> Region:
    """A region with far more fraud than life has, so that every pattern is there to look at."""
    settings = RegionSettings(
        people=7_000,
        months=12,
        seed=6,
        claim_intensity=14,
        fraud_rate=0.15,
        raised={"T7": 6, "T10": 2, "T18": 3},
    )
    return simulate(settings)


@pytest.fixture(scope="module")
def days_there(guilty: Region) -> Callable[[Claim], int]:
    """Long stays in Singapore between the event of a claim and its receipt."""
    stays = {
        (one.mykad, one.day)
        for lived in lived_days(guilty)
        for one in lived.person_days
        if (one.hours_there or 0) >= 8
    }

    def count(claim: Claim) -> int:
        event = claim.injury.occurred_at.date() if claim.injury else None
        event = claim.job_loss.last_day if claim.job_loss else event
        assert event is not None
        until = claim.received_at.date()
        return sum(
            who == claim.claimant.mykad and event < day <= until for who, day in stays_of(claim)
        )

    by_person: dict[str, list[tuple[str, object]]] = {}
    for who, day in stays:
        by_person.setdefault(who, []).append((who, day))

    def stays_of(claim: Claim) -> list[tuple[str, object]]:
        return by_person.get(claim.claimant.mykad, [])

    return count


def claims(region: Region, typology: str | None) -> list[Claim]:
    return [
        one.record
        for one in region.events
        if isinstance(one.record, Claim)
        and one.record.version == 1
        and region.truth[one.record.claim_id].typology == typology
    ]


def share(flags: list[bool]) -> float:
    return sum(flags) / len(flags)


def test_job_seekers_of_t1_go_on_crossing_and_most_honest_ones_do_not(
    guilty: Region, days_there: Callable[[Claim], int]
):
    working = [days_there(one) >= 4 for one in claims(guilty, "T1")]
    honest = [days_there(one) >= 4 for one in claims(guilty, None) if one.job_loss]
    assert 0.4 < share(working) < 0.95  # some leave hardly a trace
    assert 0.01 < share(honest) < 0.25  # and some honest ones look alike


def test_t2_works_on_leave(guilty: Region, days_there: Callable[[Claim], int]):
    working = [days_there(one) >= 2 for one in claims(guilty, "T2")]
    assert 0.2 < share(working) < 0.9


def test_t3_reports_late_and_far_away_more_often(guilty: Region):
    def odd(one: Claim) -> bool:
        injury = one.injury
        assert injury is not None
        assert injury.police_report_at is not None
        return (injury.police_report_at - injury.occurred_at).days >= 2

    roads = [one for one in claims(guilty, None) if one.injury and one.injury.kind == "road"]
    assert share([odd(one) for one in claims(guilty, "T3")]) > 0.3
    assert 0.01 < share([odd(one) for one in roads]) < 0.15


def test_t7_comes_through_few_hands(guilty: Region):
    through = Counter(one.intermediary for one in claims(guilty, "T7") if one.intermediary)
    signed = Counter(one.certificates[0].practitioner for one in claims(guilty, "T7"))
    assert through.most_common(1)[0][1] >= 3
    assert signed.most_common(1)[0][1] >= 3


def test_t10_pays_its_contributions_in_a_lump_through_young_firms(guilty: Region):
    registered = {
        one.record.employer_code: one.record
        for one in guilty.events
        if isinstance(one.record, EmployerDescription)
    }
    statements = {
        one.record.mykad: one.record
        for one in guilty.events
        if isinstance(one.record, ContributionStatement)
    }
    ghosts = claims(guilty, "T10")
    young = [
        (one.received_at.date() - registered[one.employer_code or ""].registered_on).days < 1500
        for one in ghosts
    ]
    lump = [
        statements[one.claimant.mykad].runs[-1].paid_on is not None
        for one in ghosts
        if one.claimant.mykad in statements  # a few statements come late
    ]
    assert share(young) > 0.8
    assert 0.3 < share(lump) < 0.9


def test_t18_ends_in_one_purse(guilty: Region):
    taken = {one.claim_id for one in claims(guilty, "T18")}
    paid = Counter(
        one.record.account.number
        for one in guilty.events
        if isinstance(one.record, Payment) and one.record.claim_id in taken
    )
    changed = [
        one.record
        for one in guilty.events
        if isinstance(one.record, AccountChange) and one.record.claim_id in taken
    ]
    assert paid.most_common(1)[0][1] >= 3
    assert 0.15 < len(changed) / len(taken) < 0.8


def test_rings_last_long_enough_for_early_members_to_be_decided_first(guilty: Region):
    ring = sorted(one.received_at for one in claims(guilty, "T7"))
    assert (ring[-1] - ring[0]).days > 100
