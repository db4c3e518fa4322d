"""T8, T9, T12, T17 and T19 leave their traces more often than honest claims that look alike."""

from collections import Counter, defaultdict
from collections.abc import Callable

import pytest

from fraud.clock import local_day
from fraud.records import (
    BoardAttendance,
    Claim,
    DeathRegistered,
    HospitalAnswer,
    JobStarted,
    OfficerAction,
    PaymentDue,
    Scheme,
)
from fraud.simulator import Region, RegionSettings, simulate
from fraud.simulator.pensions import claims_after
from fraud.simulator.region import build_region

RAISED = {"T8": 100, "T9": 150, "T12": 20, "T17": 90, "T19": 90}


@pytest.fixture(scope="module")
def pooled() -> Region:
    """A region with far more of these patterns than life has."""
    settings = RegionSettings(
        people=30_000, months=14, seed=12, claim_intensity=7, raised=RAISED, look_alikes=3.0
    )
    return simulate(settings)


@pytest.fixture(scope="module")
def claims(pooled: Region) -> dict[str, Claim]:
    return {
        one.record.claim_id: one.record
        for one in pooled.events
        if isinstance(one.record, Claim) and one.record.version == 1
    }


@pytest.fixture(scope="module")
def of_kind(pooled: Region) -> Callable[[type], list]:
    found = defaultdict(list)
    for one in pooled.events:
        found[type(one.record)].append(one.record)
    return lambda kind: found[kind]


@pytest.fixture(scope="module")
def groups(pooled: Region, claims: dict[str, Claim]) -> Callable[[str], tuple[list, list, list]]:
    """Cases, honest claims that look alike and all other honest claims of the same schemes."""

    def split(name: str) -> tuple[list[Claim], list[Claim], list[Claim]]:
        truth = pooled.truth
        cases = [claims[one] for one in truth if truth[one].typology == name]
        alike = [claims[one] for one in truth if truth[one].look_alike == name]
        schemes = {one.scheme for one in cases}
        plain = [
            claims[one]
            for one in truth
            if claims[one].scheme in schemes
            and truth[one].typology is None
            and truth[one].look_alike is None
        ]
        return cases, alike, plain

    return split


def share(flags: list[bool]) -> float:
    assert flags
    return sum(flags) / len(flags)


def test_there_are_cases_and_look_alikes_of_each(groups):
    for name in ("T8", "T9", "T12", "T17"):
        cases, alike, _ = groups(name)
        assert len(cases) >= 15, name
        assert len(alike) >= 20, name


def test_hospitals_do_not_know_the_letters_of_t8(groups, of_kind):
    answers = {one.mykad: one for one in of_kind(HospitalAnswer)}

    def unknown(group: list[Claim]) -> list[bool]:
        seen = [answers[one.claimant.mykad] for one in group if one.claimant.mykad in answers]
        return [one.serial_known is False for one in seen]

    cases, alike, plain = groups("T8")
    assert 0.35 < share(unknown(cases)) < 0.9
    assert share(unknown(alike)) < 0.35
    assert share(unknown(plain)) < 0.02


def test_illnesses_of_t8_are_first_treated_long_after_they_began(groups):
    def gap(one: Claim) -> int:
        assert one.illness is not None
        assert one.illness.first_treated_on is not None
        return (one.illness.first_treated_on - one.illness.began_on).days

    cases, alike, _ = groups("T8")
    assert share([gap(one) > 120 for one in cases]) > 0.3
    assert share([gap(one) > 120 for one in alike]) < 0.05


def test_pensioners_who_work_tell_it_and_those_of_t8_do_not(groups, of_kind):
    jobs = {one.mykad: one for one in of_kind(JobStarted)}
    cases, alike, _ = groups("T8")
    silent = [jobs[one.claimant.mykad] for one in cases if one.claimant.mykad in jobs]
    told = [jobs[one.claimant.mykad] for one in alike if one.claimant.mykad in jobs]
    assert all(one.reported_by_claimant is not True for one in silent)
    assert all(one.reported_by_claimant is not False for one in told)
    assert silent
    assert told


def test_t9_looks_different_at_the_board_and_comes_with_one_escort(groups, of_kind):
    seen = {one.claim_id: one for one in of_kind(BoardAttendance)}

    def at_board(group: list[Claim]) -> list[BoardAttendance]:
        return [seen[one.claim_id] for one in group if one.claim_id in seen]

    cases, alike, plain = map(at_board, groups("T9"))
    assert 0.3 < share([one.likeness == "differs" for one in cases]) < 0.9
    assert 0.05 < share([one.likeness == "differs" for one in alike]) < 0.45
    assert share([one.likeness == "differs" for one in plain]) == 0
    escorts = Counter(one.escort for one in cases if one.escort)
    assert escorts.most_common(1)[0][1] >= 3
    helped = Counter(one.escort for one in alike if one.escort)
    assert helped.most_common(1)[0][1] >= 3  # a welfare officer does the same


def test_t9_is_abroad_at_the_hour_of_the_session(pooled, groups, of_kind):
    seen = {one.claim_id: one for one in of_kind(BoardAttendance)}

    def away(one: Claim) -> bool:
        met = seen[one.claim_id].attended_at
        day = local_day(met)
        assert one.claimant.mykad in pooled.requested(day) or day > pooled.settings.last_day
        return len(pooled.crossings(day, day, [one.claimant.mykad])) > 0

    cases, _, plain = groups("T9")
    crossed = [away(one) for one in cases if one.claim_id in seen]
    honest = [away(one) for one in plain if one.claim_id in seen]
    assert 0.2 < share(crossed) < 0.8
    assert share(honest) < 0.03


def test_jobs_of_t12_begin_late_end_early_and_come_from_few_firms(groups, of_kind):
    ended = {one.mykad for one in of_kind(JobStarted) if one.ended_on}
    cases, alike, plain = groups("T12")

    def over(group: list[Claim]) -> list[bool]:
        return [one.claimant.mykad in ended for one in group if one.scheme != Scheme.TRAINING]

    assert share(over(cases)) > 0.15
    assert share(over(cases)) > 5 * share(over(plain))
    assert share(over(alike)) > 0.1
    hirers = Counter(one.new_job.employer_code for one in cases if one.new_job.employer_code)
    assert hirers.most_common(1)[0][1] >= 3


def test_payments_of_t17_go_on_after_a_registered_death(groups, of_kind):
    died = {one.mykad: one.died_on for one in of_kind(DeathRegistered)}
    due = defaultdict(list)
    for one in of_kind(PaymentDue):
        due[one.claim_id].append(one.due_on)

    def after(group: list[Claim]) -> list[int]:
        return [
            sum(day > died[one.claimant.mykad] for day in due[one.claim_id])
            for one in group
            if one.claimant.mykad in died
        ]

    cases, alike, plain = groups("T17")
    assert max(after(cases)) >= 3
    assert max(after(alike), default=0) <= 3  # registered late: a month or two
    assert max(after(plain), default=0) <= 1


def test_children_of_t17_do_not_fit_their_numbers_or_come_twice(groups):
    def odd(one: Claim) -> bool:
        return any(
            child.mykad and child.born_on and child.mykad[:6] != f"{child.born_on:%y%m%d}"
            for child in one.death.dependants
        )

    cases, alike, plain = ([c for c in group if c.death] for group in groups("T17"))
    assert share([odd(one) for one in cases]) > share([odd(one) for one in plain]) + 0.05
    assert share([odd(one) for one in plain]) == 0
    assert 0.05 < share([odd(one) for one in alike]) < 0.8
    named = Counter(
        child.mykad for one in cases for child in one.death.dependants if child.relation == "child"
    )
    assert max((n for mykad, n in named.items() if mykad), default=0) >= 2


def test_the_officer_of_t19_does_what_is_not_done_far_more_often(groups, of_kind):
    done = defaultdict(set)
    for one in of_kind(OfficerAction):
        done[one.claim_id].add(one.action)
        if one.case_number is None:
            done[one.claim_id].add("no case")
    cases, _, plain = groups("T19")
    odd = {"overrode", "edited", "skipped_step", "no case"}
    assert share([len(done[one.claim_id] & odd) >= 2 for one in cases]) > 0.3
    assert share([len(done[one.claim_id] & odd) >= 2 for one in plain]) < 0.02


def test_who_lived_alone_is_buried_by_a_relative():
    paid = []
    for seed in range(40):  # 400 people: the last one is alone in the household
        region = build_region(RegionSettings(people=400, months=1, seed=seed))
        paid += claims_after(region, 399, 20)
    assert {scheme for _, scheme, _ in paid} == {Scheme.FUNERAL}
    assert 399 not in {claimant for claimant, _, _ in paid}
