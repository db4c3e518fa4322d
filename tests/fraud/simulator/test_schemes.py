"""Claims of every scheme: their papers, what follows them, and that answers know no truth."""

from collections import Counter, defaultdict

import pytest

from fraud.clock import local_day
from fraud.records import (
    BoardAttendance,
    BoardListing,
    Claim,
    DeathRegistered,
    HospitalAnswer,
    JobStarted,
    Label,
    OfficerAction,
    PaymentDue,
    PlatformTrips,
    Scheme,
)
from fraud.simulator import Region, RegionSettings, simulate
from fraud.simulator.plans import BEFORE_BOARD, DEATHS, ILLNESSES, INJURIES, JOB_LOSSES, MONTHLY


@pytest.fixture(scope="module")
def wide() -> Region:
    """Half of what is decided is fraud, so that it can be told whether answers follow the truth."""
    settings = RegionSettings(people=14_000, months=14, seed=31, claim_intensity=6, fraud_rate=0.2)
    return simulate(settings)


@pytest.fixture(scope="module")
def lodged(wide: Region) -> dict[str, Claim]:
    return {
        one.record.claim_id: one.record
        for one in wide.events
        if isinstance(one.record, Claim) and one.record.version == 1
    }


def of_kind(region: Region, kind: type) -> list:
    return [one.record for one in region.events if isinstance(one.record, kind)]


def test_at_life_s_own_pace_nearly_three_in_a_hundred_claim_in_a_year():
    region = simulate(RegionSettings(people=40_000, months=12, seed=8))
    assert 0.024 <= region.claims_count / 40_000 <= 0.031
    schemes = Counter(
        one.record.scheme
        for one in region.events
        if isinstance(one.record, Claim) and one.record.version == 1
    )
    injuries = sum(schemes[one] for one in INJURIES)
    assert (injuries + schemes[Scheme.JOB_SEARCH]) / schemes.total() > 0.75
    assert schemes[Scheme.ANY_HOUR_INJURY] > schemes[Scheme.SELF_EMPLOYED]
    assert sum(schemes[one] for one in DEATHS | ILLNESSES) / schemes.total() < 0.15


def test_six_times_as_busy_four_hundred_thousand_people_would_lodge_sixty_thousand_claims():
    region = simulate(RegionSettings(people=20_000, months=12, seed=9, claim_intensity=6))
    assert region.claims_count / 20_000 > 60_000 / 400_000


def test_every_scheme_has_the_papers_that_belong_to_it(lodged: dict[str, Claim]):
    assert {one.scheme for one in lodged.values()} == set(Scheme)
    for one in lodged.values():
        assert (one.injury is not None) == (one.scheme in INJURIES)
        assert (one.job_loss is not None) == (one.scheme in JOB_LOSSES)
        assert (one.illness is not None) == (one.scheme in ILLNESSES)
        assert (one.death is not None) == (one.scheme in DEATHS)
        with_job = one.scheme in JOB_LOSSES - {Scheme.JOB_SEARCH}
        assert (one.new_job is not None) == with_job
        assert one.expected_payment_sen >= 0


def test_nobody_claims_for_a_death_still_to_come_and_the_dead_do_not_claim(
    lodged: dict[str, Claim],
):
    died = {one.death.deceased_mykad: one.death.died_on for one in lodged.values() if one.death}
    for one in lodged.values():
        received = local_day(one.received_at)
        if one.death:
            assert one.death.died_on <= received
            assert one.death.deceased_mykad != one.claimant.mykad
        if one.claimant.mykad in died and one.scheme not in DEATHS:
            assert received <= died[one.claimant.mykad]


def test_a_job_is_claimed_for_after_it_began_and_illnesses_began_before_they_were_treated(
    lodged: dict[str, Claim],
):
    for one in lodged.values():
        if one.new_job:
            assert one.new_job.started_on <= local_day(one.received_at)
        if one.illness:
            assert one.illness.first_treated_on is not None
            assert one.illness.began_on <= one.illness.first_treated_on
            assert one.illness.first_treated_on <= local_day(one.received_at)


def test_every_claim_is_looked_up_and_approved_after_receipt(
    wide: Region, lodged: dict[str, Claim]
):
    done = defaultdict(set)
    for one in of_kind(wide, OfficerAction):
        assert one.acted_at > lodged[one.claim_id].received_at
        done[one.claim_id].add(one.action)
    early = [
        one
        for one in lodged.values()
        if (wide.settings.last_day - local_day(one.received_at)).days > 220
    ]
    assert all({"looked_up", "approved"} <= done[one.claim_id] for one in early)
    without = [one.case_number is None for one in of_kind(wide, OfficerAction)]
    assert 0.01 < sum(without) / len(without) < 0.08


def test_what_is_paid_by_the_month_stands_in_a_run_each_month(
    wide: Region, lodged: dict[str, Claim]
):
    numbers = defaultdict(list)
    for one in of_kind(wide, PaymentDue):
        assert one.stated_at > lodged[one.claim_id].received_at
        assert local_day(one.stated_at) < one.due_on
        numbers[one.claim_id].append(one.number)
    for claim_id, found in numbers.items():
        assert found == list(range(1, len(found) + 1))
        assert len(found) == 1 or lodged[claim_id].scheme in MONTHLY
    pensions = [one for one in numbers if lodged[one].scheme is Scheme.INVALIDITY]
    assert max(len(numbers[one]) for one in pensions) >= 8
    searches = [one for one in numbers if lodged[one].scheme is Scheme.JOB_SEARCH]
    assert 3 <= max(len(numbers[one]) for one in searches) <= 6


def test_boards_are_listed_before_they_sit_and_attended_on_their_day(
    wide: Region, lodged: dict[str, Claim]
):
    listed = {(one.claim_id, one.session): one for one in of_kind(wide, BoardListing)}
    assert {lodged[claim_id].scheme for claim_id, _ in listed} == BEFORE_BOARD
    assert all(local_day(one.listed_at) < one.held_on for one in listed.values())
    off = 0
    for one in of_kind(wide, BoardAttendance):
        off += local_day(one.attended_at) != listed[one.claim_id, one.session].held_on
    assert off / len(of_kind(wide, BoardAttendance)) < 0.06  # slips of the pen


SHARES = {
    HospitalAnswer: lambda one: bool(one.certificates),
    PlatformTrips: lambda one: one.scheme is Scheme.SELF_EMPLOYED,
    BoardAttendance: lambda one: one.scheme in BEFORE_BOARD,
    BoardListing: lambda one: one.scheme in BEFORE_BOARD,
}


@pytest.mark.parametrize("kind", SHARES)
def test_whether_an_answer_comes_says_nothing_about_the_truth(
    wide: Region, lodged: dict[str, Claim], kind: type
):
    """Answers per claim asked for, within what chance allows (three standard errors)."""
    answered = {one.mykad for one in of_kind(wide, kind)}
    early = wide.settings.days - 120
    asked = [
        one
        for one in lodged.values()
        if SHARES[kind](one) and (local_day(one.received_at) - wide.settings.first_day).days < early
    ]
    true = [
        one.claimant.mykad in answered
        for one in asked
        if wide.truth[one.claim_id].label is Label.CONFIRMED_FRAUD
    ]
    honest = [
        one.claimant.mykad in answered
        for one in asked
        if wide.truth[one.claim_id].label is Label.GENUINE
    ]
    share = sum(honest) / len(honest)
    assert share > 0.2
    allowed = 3 * (share * (1 - share) / max(len(true), 1)) ** 0.5 + 0.02
    assert not true or abs(sum(true) / len(true) - share) <= allowed


def test_deaths_and_new_jobs_are_reported_for_honest_people_too(
    wide: Region, lodged: dict[str, Claim]
):
    honest = {
        one.insured_mykad
        for one in lodged.values()
        if wide.truth[one.claim_id].label is Label.GENUINE
    }
    for kind in (DeathRegistered, JobStarted):
        assert sum(one.mykad in honest for one in of_kind(wide, kind)) > 40
