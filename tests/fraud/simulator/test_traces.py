"""Every typology leaves its traces more often than its look-alikes do; some leave hardly any."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TypeVar

import pytest

from fraud.clock import local_day
from fraud.identifiers import uen_finding
from fraud.records import (
    Attendance,
    Claim,
    ContributionStatement,
    EmployerArrears,
    EmployerDescription,
    Enrolment,
    HospitalAnswer,
    InsurerPayment,
    JobStarted,
    Label,
    PlatformTrips,
    StaffMove,
)
from fraud.simulator import Region, RegionSettings, simulate
from fraud.simulator.typologies.catalogue import TYPOLOGIES

RAISED = {
    "T1": 4, "T2": 6, "T3": 6, "T4": 6, "T5": 20, "T6": 40, "T7": 30, "T10": 5, "T11": 10,
    "T13": 60, "T15": 8, "T16": 10, "T18": 6, "T20": 15,
}  # fmt: skip
MINE = ("T4", "T5", "T6", "T11", "T15", "T16", "T20")
LEAST = 10


@pytest.fixture(scope="module")
def plain() -> RegionSettings:
    return RegionSettings(people=16_000, months=12, seed=17, claim_intensity=14, fraud_rate=0.03)


@pytest.fixture(scope="module")
def region(plain: RegionSettings) -> Region:
    """A region in which every typology and its look-alikes are raised."""
    return simulate(replace(plain, raised=RAISED, look_alikes=4))


@pytest.fixture(scope="module")
def claims(region: Region) -> list[Claim]:
    return [
        one.record
        for one in region.events
        if isinstance(one.record, Claim) and one.record.version == 1
    ]


Kind = TypeVar("Kind")


class Facts:
    """Facts of a region by whom they are about."""

    def __init__(self, region: Region) -> None:
        self.of: dict[tuple[type, str], list[object]] = defaultdict(list)
        for one in region.events:
            if not isinstance(one.record, Claim):
                who = getattr(one.record, "mykad", None) or getattr(one.record, "employer_code", "")
                self.of[type(one.record), who].append(one.record)

    def about(self, kind: type[Kind], who: str) -> list[Kind]:
        return [one for one in self.of[kind, who] if isinstance(one, kind)]


@pytest.fixture(scope="module")
def facts(region: Region) -> Facts:
    return Facts(region)


Trace = Callable[[Claim], bool | None]


def shares(
    region: Region, claims: list[Claim], typology: str, trace: Trace
) -> tuple[float, float, float]:
    """Share that shows the trace: among the cases, their look-alikes, and honest claims."""
    found: list[list[bool]] = [[], [], []]
    schemes = {one.scheme for one in claims if region.truth[one.claim_id].typology == typology}
    for claim in claims:
        truth, shown = region.truth[claim.claim_id], trace(claim)
        if shown is None or claim.scheme not in schemes:
            continue
        if truth.typology == typology:
            found[0].append(shown)
        elif truth.look_alike == typology:
            found[1].append(shown)
        elif truth.label is Label.GENUINE and truth.look_alike is None:
            found[2].append(shown)
    cases, alike, honest = (sum(one) / max(len(one), 1) for one in found)
    return cases, alike, honest


def test_every_typology_and_enough_look_alikes_occur(region: Region):
    kinds = Counter(one.typology for one in region.truth.values())
    alike = Counter(one.look_alike for one in region.truth.values())
    for typology in (*MINE, "T7", "T10", "T18"):
        assert kinds[typology] >= LEAST, typology
        assert alike[typology] >= LEAST, typology


def test_rings_and_lone_cases_both_occur_where_both_do_in_life(region: Region):
    for kind in TYPOLOGIES:
        if kind.name not in MINE:
            continue
        alone = {one.organised for one in region.truth.values() if one.typology == kind.name}
        wanted = {True} if kind.organised == 1 else {False} if not kind.ring else {True, False}
        assert alone == wanted, kind.name


def test_t4_another_cause_another_way_another_roster(
    region: Region, claims: list[Claim], facts: Facts
):
    def other_cause(one: Claim) -> bool | None:
        noted = one.injury.cause_first_noted if one.injury and one.injury.kind == "road" else None
        return None if noted is None else noted != "road"

    def detour(one: Claim) -> bool | None:
        off = one.injury.minutes_off_route if one.injury else None
        return None if off is None else off > 75

    def not_at_work(one: Claim) -> bool | None:
        lists = facts.about(Attendance, one.claimant.mykad)
        if not lists or not one.injury or one.injury.kind != "road":
            return None
        return local_day(one.injury.occurred_at) not in lists[-1].days_present

    for trace in (other_cause, detour, not_at_work):
        cases, alike, honest = shares(region, claims, "T4", trace)
        assert 0.2 < cases < 0.9
        assert cases > 1.5 * alike
        assert cases > 3 * honest


def test_t5_the_same_receipts_and_a_payment_that_was_denied(
    region: Region, claims: list[Claim], facts: Facts
):
    def denied(one: Claim) -> bool | None:
        paid = facts.about(InsurerPayment, one.claimant.mykad)
        return (
            (one.injury is not None and one.injury.other_payer_declared is False) if paid else None
        )

    def reused(one: Claim) -> bool | None:
        paid = facts.about(InsurerPayment, one.claimant.mykad)
        mine = set(one.injury.receipts) if one.injury else set()
        return bool(mine & {each for two in paid for each in two.receipts}) if paid else None

    cases, alike, _ = shares(region, claims, "T5", denied)
    assert 0.5 < cases < 0.98
    assert cases > 2 * alike
    cases, alike, _ = shares(region, claims, "T5", reused)
    assert cases > 5 * alike


def test_t6_the_hospital_does_not_know_the_number(
    region: Region, claims: list[Claim], facts: Facts
):
    def unknown(one: Claim) -> bool | None:
        said = [two.serial_known for two in facts.about(HospitalAnswer, one.claimant.mykad)]
        return None if not said or said[-1] is None else not said[-1]

    cases, alike, honest = shares(region, claims, "T6", unknown)
    assert 0.4 < cases < 0.9
    assert cases > 2 * alike
    assert honest < 0.03


def test_t6_sellers_use_a_number_twice(region: Region, claims: list[Claim]):
    bearers = defaultdict(set)
    for claim in claims:
        for paper in claim.certificates:
            bearers[paper.serial].add(claim.claim_id)
    twice = {one for found in bearers.values() if len(found) > 1 for one in found}
    assert len(twice) >= 6
    assert sum(region.truth[one].typology == "T6" for one in twice) / len(twice) > 0.8


def test_t11_letters_alike_no_separation_pay_and_hired_again_soon(
    region: Region, claims: list[Claim], facts: Facts
):
    def unpaid(one: Claim) -> bool | None:
        loss = one.job_loss
        told = loss is not None and loss.reason == "retrenchment"
        return not loss.separation_pay_sen if told and loss else None

    def back_soon(one: Claim) -> bool | None:
        jobs = facts.about(JobStarted, one.claimant.mykad)
        if not jobs or not one.job_loss:
            return None
        return (jobs[0].started_on - one.job_loss.last_day).days < 60

    for trace in (unpaid, back_soon):
        cases, alike, honest = shares(region, claims, "T11", trace)
        assert cases > 1.5 * alike
        assert cases > 1.5 * honest


def test_t11_months_worked_stop_at_a_bound_more_often(
    region: Region, claims: list[Claim], facts: Facts
):
    def at_bound(one: Claim) -> bool | None:
        stated = facts.about(ContributionStatement, one.claimant.mykad)
        if not stated or not stated[-1].runs or not one.job_loss:
            return None
        last = stated[-1].runs[-1].employer_code
        runs = [run for run in stated[-1].runs if run.employer_code == last]
        months = sum(
            12 * (run.last_month.year - run.first_month.year)
            + run.last_month.month - run.first_month.month + 1
            for run in runs
        )  # fmt: skip
        return months in (12, 16, 20, 24)

    cases, alike, honest = shares(region, claims, "T11", at_bound)
    assert cases > 0.35
    assert cases > 3 * alike
    assert cases > 3 * honest


def test_t15_joined_after_the_accident_or_with_a_number_of_no_shape(
    region: Region, claims: list[Claim], facts: Facts
):
    def joined_after(one: Claim) -> bool | None:
        joined = facts.about(Enrolment, one.claimant.mykad)
        return joined[-1].paid_at > one.injury.occurred_at if joined and one.injury else None

    def of_no_shape(one: Claim) -> bool | None:
        if not one.workplace_uen:
            return None
        return uen_finding(one.workplace_uen, accept_reserved=True) is not None

    for trace, least in ((joined_after, 0.08), (of_no_shape, 0.15)):
        cases, alike, honest = shares(region, claims, "T15", trace)
        assert cases > least
        assert cases > alike
        assert honest < 0.02


def test_t16_the_same_people_meet_in_several_accidents(region: Region, claims: list[Claim]):
    in_it = defaultdict(set)
    for claim in claims:
        if claim.injury and claim.injury.vehicle:
            on = claim.injury.vehicle, claim.injury.occurred_at.date()
            in_it[on].add(claim.claimant.mykad)
    pairs = Counter(
        frozenset((one, two))
        for people in in_it.values()
        for one in people
        for two in people
        if one < two
    )

    def met_again(one: Claim) -> bool | None:
        return any(times > 1 and one.claimant.mykad in pair for pair, times in pairs.items())

    cases, alike, honest = shares(region, claims, "T16", met_again)
    assert cases > 0.2
    assert 0 < alike < 0.75 * cases  # car-pool colleagues, hurt twice: one pair, not a pool
    assert honest < 0.01


def test_t16_a_real_bus_crash_has_more_people_in_one_vehicle(region: Region, claims: list[Claim]):
    aboard = Counter(
        (one.injury.vehicle, one.injury.occurred_at.date(), region.truth[one.claim_id].typology)
        for one in claims
        if one.injury and one.injury.vehicle
    )
    honest = max(count for (_, _, kind), count in aboard.items() if kind is None)
    assert honest >= 6


def test_t20_a_step_to_the_ceiling_shortly_before(
    region: Region, claims: list[Claim], facts: Facts
):
    def to_the_ceiling(one: Claim) -> bool | None:
        stated = facts.about(ContributionStatement, one.claimant.mykad)
        runs = stated[-1].runs if stated else ()
        if len(runs) < 2:
            return None
        return any(
            after.monthly_wage_sen >= 500_000 and before.monthly_wage_sen < 450_000
            for before, after in pairwise(runs)
        )

    cases, alike, honest = shares(region, claims, "T20", to_the_ceiling)
    assert 0.4 < cases < 0.9
    assert cases > 3 * alike
    assert honest < 0.05


def test_the_ceiling_of_october_2024_lifts_everyone_above_it(region: Region, facts: Facts):
    wages = [
        run
        for (kind, _), found in facts.of.items()
        if kind is ContributionStatement
        for statement in found
        if isinstance(statement, ContributionStatement)
        for run in statement.runs
    ]
    before = [run.monthly_wage_sen for run in wages if run.last_month < date(2024, 10, 1)]
    after = [run.monthly_wage_sen for run in wages if run.first_month >= date(2024, 10, 1)]
    assert max(before) == 500_000
    assert max(after) == 600_000


def test_t13_owes_closes_and_moves_its_people_on(region: Region, facts: Facts):
    firms = {code for (_, code), one in region.entities.items() if one.typology == "T13"}
    alike = {code for (_, code), one in region.entities.items() if one.look_alike == "T13"}
    assert len(firms) >= 6
    assert len(alike) >= 6

    def flows(code: str) -> bool:
        return any(move.people / move.of_staff >= 0.6 for move in facts.about(StaffMove, code))

    def owed_at_closing(code: str) -> bool:
        told = facts.about(EmployerArrears, code)
        return any(one.closed_on and one.arrears_sen > 0 for one in told)

    assert sum(map(flows, alike)) > 0.3 * len(alike)  # half of them are who took the people on
    assert sum(flows(one) and owed_at_closing(one) for one in firms) > 0.3 * len(firms)
    assert not any(flows(one) and owed_at_closing(one) for one in alike)


def test_t13_shares_a_director_and_both_firms_are_in_the_register(region: Region, facts: Facts):
    firms = {code for (_, code), one in region.entities.items() if one.typology == "T13"}
    directors = Counter()
    for code in firms:
        told = facts.about(EmployerDescription, code)
        assert told
        directors.update(set(told[0].directors))
    assert directors.most_common(1)[0][1] >= 2


def test_workers_of_phoenix_firms_are_victims_and_no_suspects(region: Region, claims: list[Claim]):
    firms = {code for (_, code), one in region.entities.items() if one.typology == "T13"}
    for claim in claims:
        if claim.employer_code in firms:
            assert region.truth[claim.claim_id].typology != "T13"


def test_about_one_case_in_seven_leaves_hardly_any_trace(
    region: Region, claims: list[Claim], facts: Facts
):
    def nothing(one: Claim) -> bool:
        injury = one.injury
        stated = facts.about(ContributionStatement, one.claimant.mykad)
        runs = stated[-1].runs if stated else ()
        return bool(injury) and len(runs) > 1 and runs[-1].monthly_wage_sen < 450_000

    found = [nothing(one) for one in claims if region.truth[one.claim_id].typology == "T20"]
    assert 0.05 < sum(found) / len(found) < 0.5


@pytest.mark.parametrize("kind", [HospitalAnswer, Attendance, PlatformTrips])
def test_whether_an_answer_comes_does_not_depend_on_the_truth(
    region: Region, claims: list[Claim], facts: Facts, kind: type
):
    asked = {True: [], False: []}
    for claim in claims:
        if claim.scheme.value == "temporary_disablement":
            truth = region.truth[claim.claim_id]
            got = bool(facts.about(kind, claim.claimant.mykad))
            asked[truth.typology is not None].append(got)
    frauds, others = (sum(asked[one]) / len(asked[one]) for one in (True, False))
    spread = 4 * (max(others, 0.02) * (1 - others) / len(asked[True])) ** 0.5
    assert abs(frauds - others) < spread


def test_look_alikes_are_rarer_when_they_are_not_raised(plain: RegionSettings, region: Region):
    natural = Counter(one.look_alike for one in simulate(plain).truth.values())
    raised = Counter(one.look_alike for one in region.truth.values())
    for typology in ("T11", "T15", "T16"):
        assert 0 < natural[typology] < 0.6 * raised[typology]
