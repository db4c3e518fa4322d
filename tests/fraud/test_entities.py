"""Entities for review: two independent aspects; look-alikes stay off; victims are warned."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from fraud.clock import LOCAL
from fraud.entities import (
    Aspect,
    EntityKind,
    WatchRecords,
    entities_for_review,
    people_to_warn,
)
from fraud.features import vector_of
from fraud.records import EmployerArrears, Hire, OfficerAction, Scheme, StaffMove
from fraud.rules import run_rules
from fraud.wording import LANGUAGES, catalogue, text
from tests.support.builders import (
    MYKAD,
    RECEIVED_ON,
    a_claim,
    a_history,
    an_address,
    an_employer,
    another_claim,
    at,
    known_of,
)

END = at(date(2026, 12, 31))
OLD, NEW = "E90000000001", "E90000000002"


def watched(kind: EntityKind, *facts, claims=(), stays=None, moment: datetime = END):
    records = WatchRecords.known_by(moment, facts, claims, stays)
    return entities_for_review(kind, records)


# Employers (T13).


def firm(code: str, **changes):
    values = {"fact_id": f"F-{code}", "employer_code": code, "address": None, "phone": None}
    return an_employer(**values | {"registered_on": date(2024, 1, 1)} | changes)


def arrears(code: str = OLD, **changes):
    values = {
        "fact_id": f"F-owes-{code}", "employer_code": code, "arrears_sen": 4_000_000,
        "months_unpaid": 8, "closed_on": date(2026, 5, 1), "stated_at": at(date(2026, 6, 1)),
    }  # fmt: skip
    return EmployerArrears(**values | changes)


def move(people: int = 9, **changes):
    values = {
        "fact_id": "F-move", "employer_code": OLD, "to_employer_code": NEW, "people": people,
        "of_staff": 12, "month": date(2026, 5, 1), "stated_at": at(date(2026, 6, 15)),
    }  # fmt: skip
    return StaffMove(**values | changes)


def phoenix(*others, **changes):
    facts = (firm(OLD), firm(NEW, registered_on=date(2026, 4, 1)), arrears(**changes), move())
    return watched(EntityKind.EMPLOYER, *facts, *others)


def test_a_firm_that_fell_owing_and_rose_under_the_same_hands():
    (found,) = phoenix()
    assert (found.id, found.typology) == (OLD, "T13")
    assert found.aspects == {Aspect.DEBT, Aspect.STAFF, Aspect.CONTROL}
    assert found.against == ()


def test_nothing_is_known_before_it_was_stated():
    facts = (firm(OLD), firm(NEW), arrears(), move())
    assert watched(EntityKind.EMPLOYER, *facts, moment=at(date(2026, 6, 10))) == []


def test_the_firm_that_the_people_came_to_is_listed_once_it_owes_too():
    facts = (firm(OLD), firm(NEW), arrears(), move())
    owes = arrears(NEW, closed_on=None)
    listed = {one.id: one.aspects for one in watched(EntityKind.EMPLOYER, *facts, owes)}
    assert listed[NEW] == {Aspect.DEBT, Aspect.STAFF, Aspect.PATTERN}
    stranger = (firm(OLD), firm(NEW, directors=("D9",)), arrears(), move(), owes)
    assert NEW not in {one.id for one in watched(EntityKind.EMPLOYER, *stranger)}


def test_a_restructuring_that_owes_nothing_is_left_alone():
    assert phoenix(arrears_sen=0, months_unpaid=0) == []
    assert watched(EntityKind.EMPLOYER, firm(OLD), firm(NEW), move()) == []


def test_an_insolvency_whose_staff_found_work_in_many_places_is_left_alone():
    assert watched(EntityKind.EMPLOYER, firm(OLD), arrears(), move(people=5)) == []


def test_half_of_the_staff_is_enough_for_a_firm_in_the_same_hands_and_too_little_for_strangers():
    half = move(people=6)
    (found,) = watched(EntityKind.EMPLOYER, firm(OLD), firm(NEW), arrears(), half)
    assert {Aspect.STAFF, Aspect.CONTROL} < found.aspects
    stranger = firm(NEW, directors=("D9",))
    assert watched(EntityKind.EMPLOYER, firm(OLD), stranger, arrears(), half) == []


def test_a_sale_to_strangers_is_left_alone():
    stranger = firm(NEW, directors=("D9",))
    assert watched(EntityKind.EMPLOYER, firm(OLD), stranger, arrears(), move()) == []


def test_an_address_of_hundreds_ties_nobody():
    shared = {"directors": (), "address": an_address("1, Menara Setiausaha")}
    crowd = [firm(f"E8{n:010d}", **shared) for n in range(30)]
    facts = (firm(OLD, **shared), firm(NEW, **shared), arrears(), move())
    assert len(watched(EntityKind.EMPLOYER, *facts)) == 1
    assert watched(EntityKind.EMPLOYER, *facts, *crowd) == []


def test_a_firm_of_which_only_the_debt_is_known_is_not_listed():
    assert watched(EntityKind.EMPLOYER, arrears(deducted_from_wages=True)) == []


# Agents and hiring employers (T14).


def a_hire(number: int, person: int | None = None, **changes):
    values = {
        "fact_id": f"F-hire-{number}",
        "mykad": f"880101000{10 + (number if person is None else person):03d}",
        "employer_code": f"E7{number:010d}",
        "started_on": date(2026, 1, 5),
        "ended_on": date(2026, 7, 7),
        "incentive_months": 6,
        "incentive_sen": 360_000,
        "agent": "AC1",
        "stated_at": at(date(2026, 8, 1)),
    }
    return Hire(**values | changes)


def misused():
    """Four people, each at three employers in one month, for exactly the months that are paid."""
    return [a_hire(3 * person + turn, person) for person in range(4) for turn in range(3)]


def test_an_agent_behind_names_that_were_misused():
    (found,) = watched(EntityKind.AGENT, *misused())
    assert found.aspects == {Aspect.LENGTH_OF_JOBS, Aspect.OTHER_JOBS}


def test_a_device_and_an_employer_are_looked_at_alike():
    hires = [
        a_hire(n, agent=None, device="DEV1", employer_code=OLD, disputed=n < 2) for n in range(5)
    ]
    (device,) = watched(EntityKind.AGENT, *hires)
    (employer,) = watched(EntityKind.EMPLOYER, *hires)
    assert (device.id, employer.id) == ("DEV1", OLD)
    assert device.aspects == {Aspect.WORD_OF_PEOPLE, Aspect.LENGTH_OF_JOBS}


def test_hires_that_fill_several_small_firms_behind_one_agent():
    firms = ("E71", "E72")
    codes = [f"{code:0<12}" for code in firms]
    hires = [a_hire(n, employer_code=codes[n % 2], disputed=n < 2, ended_on=None)
             for n in range(8)]  # fmt: skip
    small = [firm(code, staff_count=10) for code in codes]
    late = at(date(2026, 3, 1))
    told = [one.model_copy(update={"stated_at": late}) for one in (*hires, *small)]
    (found,) = watched(EntityKind.AGENT, *told)
    assert found.aspects == {Aspect.WORD_OF_PEOPLE, Aspect.CONTROL}
    large = [one.model_copy(update={"staff_count": 400}) for one in told[-2:]]
    assert watched(EntityKind.AGENT, *told[:-2], *large) == []


def test_small_firms_filled_by_one_agent_are_listed_with_a_second_sign():
    codes = ["E71000000000", "E72000000000"]
    hires = [a_hire(n, employer_code=codes[n % 2], disputed=n < 2) for n in range(8)]
    small = [firm(code, staff_count=10, stated_at=at(date(2026, 3, 1))) for code in codes]
    listed = watched(EntityKind.EMPLOYER, *hires, *small)
    assert {one.id for one in listed} == set(codes)
    assert all(Aspect.CONTROL in one.aspects for one in listed)


def test_of_one_hire_the_last_word_counts():
    first = a_hire(1, ended_on=None, stated_at=at(date(2026, 2, 1)))
    last = first.model_copy(update={"fact_id": "F-last", "ended_on": date(2026, 7, 7),
                                    "stated_at": at(date(2026, 8, 1))})  # fmt: skip
    assert WatchRecords.known_by(END, [first, last]).hires == [last]


def test_recorded_stays_across_are_an_aspect_of_their_own():
    hires = [a_hire(n) for n in range(5)]
    assert watched(EntityKind.AGENT, *hires) == []
    stays = {"F-hire-0": 4.5, "F-hire-1": 5.0, "F-hire-2": 0.2}
    (found,) = watched(EntityKind.AGENT, *hires, stays=stays)
    assert Aspect.CROSSINGS in found.aspects


@pytest.mark.parametrize(
    "honest",
    [
        [a_hire(n, ended_on=None, disputed=None) for n in range(30)],
        [a_hire(n, employer_code=OLD, ended_on=None, agent="AC1") for n in range(20)],
        [a_hire(n, ended_on=None if n % 3 else date(2026, 2, 1) + timedelta(days=n * 6))
         for n in range(30)],
        [a_hire(n, employer_code=OLD, incentive_months=12, started_on=date(2025, 7, 1),
                ended_on=date(2026, 7, 1)) for n in range(15)],
        [a_hire(0, disputed=True), *(a_hire(n, ended_on=None) for n in range(1, 20))],
    ],
    ids=["agency", "mass onboarding", "career fair", "apprentices", "one slip"],
)  # fmt: skip
def test_honest_crowds_of_hires_are_left_alone(honest):
    assert watched(EntityKind.AGENT, *honest) == []
    assert watched(EntityKind.EMPLOYER, *honest) == []


def test_the_people_named_are_listed_to_be_warned():
    hires = [*misused(), a_hire(90, agent=None, disputed=True), a_hire(91, agent="AC9")]
    records = WatchRecords.known_by(END, hires)
    listed = entities_for_review(EntityKind.AGENT, records)
    warned = people_to_warn(listed, records)
    assert [one.mykad for one in warned] == sorted({h.mykad for h in (*misused(), hires[-2])})
    assert len(warned[0].hires) == 3


@pytest.mark.parametrize("scheme", list(Scheme))
def test_no_hire_enters_a_claims_score_or_hits(scheme):
    claim = a_claim(scheme)
    hires = tuple(a_hire(n, disputed=True).model_copy(update={"mykad": MYKAD}) for n in range(6))
    named, alone = known_of(claim, a_history(facts=hires)), known_of(claim)
    assert np.array_equal(vector_of(named), vector_of(alone), equal_nan=True)
    assert run_rules(named) == run_rules(alone)


# Officers (T19).

WORKDAY = date(2026, 3, 2)


def done(number: int, officer: str, action: str = "approved", **changes):
    values = {
        "fact_id": f"F-{officer}-{action}-{number}",
        "officer": officer,
        "branch": "BR1",
        "claim_id": f"C-{1000 + number}",
        "action": action,
        "acted_at": at(WORKDAY + timedelta(days=7 * (number % 30)), "10:00"),
        "case_number": f"K-{number}",
    }
    return OfficerAction(**values | changes)


def office(special: list[OfficerAction]):
    """Four colleagues with forty ordinary approvals and look-ups each, beside some actions."""
    ordinary = [
        done(100 * clerk + n, f"OF{clerk}", action)
        for clerk in range(1, 5)
        for n in range(40)
        for action in ("approved", "looked_up")
    ]
    return [*ordinary, *special]


def brought_by_one(count: int, helper: str = "U1"):
    return [another_claim(n, intermediary=helper) for n in range(1, count + 1)]


def at_night(number: int) -> datetime:
    return datetime(2026, 3, 3, 22, number, tzinfo=LOCAL)


def insider():
    approvals = [done(n, "OF9") for n in range(1, 9)]
    late = [done(500 + n, "OF9", acted_at=at_night(n)) for n in range(5)]
    return [*approvals, *late]


def test_an_officer_tied_to_one_intermediary_who_works_at_night():
    (found,) = watched(EntityKind.OFFICER, *office(insider()), claims=brought_by_one(8))
    assert found.id == "OF9"
    assert found.aspects == {Aspect.TIES, Aspect.HOURS}


def test_one_aspect_alone_is_not_listed():
    assert watched(EntityKind.OFFICER, *office(insider())) == []
    helpful = [done(n, "OF9") for n in range(1, 30)]
    assert watched(EntityKind.OFFICER, *office(helpful), claims=brought_by_one(8)) == []


def test_an_officer_irregular_with_the_claims_of_one_intermediary_alone():
    usual = [done(2000 + n, "OF9") for n in range(40)]
    approvals = [done(n, "OF9") for n in range(1, 9)]
    steps = [done(n, "OF9", "overrode") for n in range(1, 5)]
    noise = [done(100 * clerk, f"OF{clerk}", "overrode") for clerk in range(1, 5)]
    facts = office([*usual, *approvals, *steps, *noise])
    (found,) = watched(EntityKind.OFFICER, *facts, claims=brought_by_one(8))
    assert found.aspects == {Aspect.TIES, Aspect.STEPS}
    assert watched(EntityKind.OFFICER, *facts) == []


def test_a_backlog_campaign_speaks_against():
    campaign = [
        done(700 + 10 * clerk + n, f"OF{clerk}", acted_at=at_night(n))
        for clerk in (1, 2)
        for n in range(3)
    ]
    facts = office([*insider(), *campaign])
    assert watched(EntityKind.OFFICER, *facts, claims=brought_by_one(8)) == []


def test_a_single_approver_speaks_against():
    alone = [one.model_copy(update={"branch": "BR2"}) for one in insider()]
    assert watched(EntityKind.OFFICER, *office(alone), claims=brought_by_one(8)) == []


def test_skipped_steps_and_look_ups_without_a_case():
    steps = [done(800 + n, "OF9", "skipped_step") for n in range(4)]
    looks = [done(900 + n, "OF9", "looked_up", case_number=None) for n in range(6)]
    approvals = [done(n, "OF9") for n in range(1, 9)]
    (found,) = watched(EntityKind.OFFICER, *office([*approvals, *steps, *looks]))
    assert found.aspects == {Aspect.STEPS, Aspect.LOOK_UPS}


def test_nobody_to_compare_with_is_no_sign():
    claims = brought_by_one(8)
    assert watched(EntityKind.OFFICER, *insider(), claims=claims) == []


# Words.


def test_whatever_is_listed_reads_as_a_sentence():
    every = [
        *phoenix(arrears("E90000000003"), firm("E90000000003"), deducted_from_wages=True),
        *watched(EntityKind.AGENT, *misused()),
        *watched(EntityKind.OFFICER, *office(insider()), claims=brought_by_one(8)),
    ]
    for found in every:
        for sign in (*found.signs, *found.against):
            for language in LANGUAGES:
                assert text(sign.key, language, **sign.values).endswith(".")
    named = {key for key in catalogue("en") if key.startswith("entity.")}
    assert named == {key for key in catalogue("ms") if key.startswith("entity.")}
    assert len(named) >= 20
    assert RECEIVED_ON
