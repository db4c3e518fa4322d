"""Leads: the pattern of a typology fires, and the honest situation that resembles it does not."""

from datetime import date, timedelta

import pytest

from fraud.history import History
from tests.fraud.rules.test_rules import hits
from tests.support.builders import (
    ACCIDENT_ON,
    COMMUTER,
    EMPLOYER,
    JSA,
    LAST_DAY_AT_WORK,
    PDB,
    RECEIVED_ON,
    TDB,
    a_certificate,
    a_claim,
    a_history,
    a_run,
    a_statement,
    an_account,
    an_account_change,
    an_address,
    an_area,
    an_attendance,
    an_employer,
    an_enrolment,
    an_injury,
    another_claim,
    at,
    days_from,
    files_received,
    known_of,
    stays,
    weekdays,
    with_crossings,
)

SEARCH = weekdays(LAST_DAY_AT_WORK + timedelta(days=1), RECEIVED_ON - timedelta(days=1))
T1 = "working_day_stays_while_seeking_work"


def searching(days, **changes):
    return known_of(a_claim(JSA), with_crossings(stays(days), **changes))


def test_t1_stays_like_work_up_to_the_claim_at_a_regular_hour():
    assert hits(searching(SEARCH))[T1] == f"rule.{T1}.regular"


def test_t1_an_enrolment_after_the_loss_is_a_second_sign():
    enrolment = an_enrolment(paid_at=at(date(2026, 2, 10)))
    days = {d.toordinal(): s for d, s in zip(SEARCH, irregular(SEARCH), strict=True)}
    known = known_of(a_claim(JSA), with_crossings(days, enrolments=(enrolment,)))
    assert hits(known)[T1] == f"rule.{T1}.enrolled"


def irregular(days):
    return [
        next(iter(stays([day], out_minute=300 + 97 * turn % 400).values()))
        for turn, day in enumerate(days)
    ]


@pytest.mark.parametrize(
    "honest",
    [
        SEARCH[::5],  # some interviews
        [day for day in days_from(LAST_DAY_AT_WORK, 41) if day.weekday() >= 5],  # shopping
        SEARCH[:15],  # a notice period that ended
    ],
    ids=["interviews", "weekends", "notice period"],
)
def test_t1_leaves_look_alikes_alone(honest):
    assert T1 not in hits(searching(honest))


def test_t1_leaves_irregular_visits_alone():
    days = {d.toordinal(): s for d, s in zip(SEARCH, irregular(SEARCH), strict=True)}
    assert T1 not in hits(known_of(a_claim(JSA), with_crossings(days)))


def test_t1_leaves_a_notice_that_is_still_worked_out_alone():
    claim = a_claim(JSA, received_at=at(LAST_DAY_AT_WORK + timedelta(days=25)))
    assert T1 not in hits(known_of(claim, with_crossings(stays(SEARCH))))


def test_t1_leaves_a_weekday_job_beside_a_lost_part_time_one_alone():
    part_time = a_statement(a_run(monthly_wage_sen=80_000))
    assert T1 not in hits(searching(SEARCH, contributions=part_time))


LEAVE = days_from(ACCIDENT_ON, 40)
LONG_CLAIM = {
    "certificates": (a_certificate(last_day=LEAVE[-1]),),
    "received_at": at(LEAVE[-1] + timedelta(days=1)),
}
AT_WORK = "at_work_early_in_certified_leave"


def test_t2_at_work_early_in_leave():
    listed = an_attendance(LEAVE[5:9], last_day=LEAVE[-1])
    known = known_of(a_claim(TDB, **LONG_CLAIM), a_history(attendances=(listed,)))
    assert AT_WORK in hits(known)


@pytest.mark.parametrize(
    "present",
    [LEAVE[:1] + LEAVE[30:31], LEAVE[22:35], days_from(ACCIDENT_ON - timedelta(days=10), 10)],
    ids=["day of the accident", "light duties in the second half", "before the leave"],
)
def test_t2_leaves_honest_days_at_work_alone(present):
    known = known_of(a_claim(TDB, **LONG_CLAIM), a_history(attendances=(an_attendance(present),)))
    assert AT_WORK not in hits(known)


PARTS = tuple(
    a_certificate(serial=f"KL00001-{n}", first_day=LEAVE[10 * n], last_day=LEAVE[10 * n + 9])
    for n in range(4)
)
CROSSING = "working_day_stays_on_certified_leave"


def test_t2_stays_on_leave_with_a_second_sign():
    claim = a_claim(TDB, **LONG_CLAIM | {"certificates": PARTS})
    known = known_of(claim, with_crossings(stays(weekdays(LEAVE[2], LEAVE[-1]))))
    assert hits(known)[CROSSING] == f"rule.{CROSSING}.extended"
    listed = an_attendance(LEAVE[30:32], last_day=LEAVE[-1])
    history = with_crossings(stays(weekdays(LEAVE[2], LEAVE[-1])), attendances=(listed,))
    assert hits(known_of(a_claim(TDB, **LONG_CLAIM), history))[CROSSING].endswith("attendance")


def test_t2_leaves_stays_of_people_treated_across_alone():
    injury = an_injury(place="singapore", first_treated_in="singapore")
    claim = a_claim(TDB, **LONG_CLAIM | {"certificates": PARTS, "injury": injury})
    known = known_of(claim, with_crossings(stays(weekdays(LEAVE[2], LEAVE[-1]))))
    assert CROSSING not in hits(known)


def test_t2_leaves_some_follow_up_visits_alone():
    claim = a_claim(TDB, **LONG_CLAIM | {"certificates": PARTS})
    known = known_of(claim, with_crossings(stays(LEAVE[3:40:6])))
    assert CROSSING not in hits(known)


ACROSS = "recorded_across_at_accident_stated_here"


def relocated(clock="12:00", **injury):
    claim = a_claim(COMMUTER, injury=an_injury(occurred_at=at(ACCIDENT_ON, clock), **injury))
    return known_of(claim, with_crossings(stays([ACCIDENT_ON]), enrolments=(an_enrolment(),)))


def test_t3_recorded_across_and_treated_across():
    assert hits(relocated(first_treated_in="singapore"))[ACROSS].endswith("treated")


def test_t3_recorded_across_and_reported_late_far_away():
    late = {
        "police_report_at": at(ACCIDENT_ON + timedelta(days=4)),
        "police_district": "SEGAMAT",
    }
    assert hits(relocated(**late))[ACROSS].endswith("reported")


@pytest.mark.parametrize(
    "injury",
    [
        {},  # recorded there, no second sign: a slip of the clock
        {"clock": "19:30", "first_treated_in": "singapore"},  # after the return
        {"clock": "18:30", "first_treated_in": "singapore"},  # within an hour of a clearance
        {"place": "link", "first_treated_in": "singapore"},
        {"place": "singapore", "first_treated_in": "singapore"},
        {"police_report_at": at(ACCIDENT_ON + timedelta(days=9)), "police_district": "JB-UTARA"},
    ],
)
def test_t3_leaves_look_alikes_alone(injury):
    assert ACROSS not in hits(relocated(**injury))


REPORT = (
    "Patient slipped on a wet floor; swelling and reduced range of movement. MRI shows a partial "
    "tear of the meniscus. Referred for physiotherapy and advised rest until review."
)
OTHER_REPORT = (
    "Pesakit jatuh semasa mengangkat barang; bengkak dan lebam pada tangan kiri. X-ray menunjukkan "
    "retak halus dan fisioterapi dicadangkan dengan rawatan susulan selama dua minggu."
)
LIKE = "like_reports_of_one_intermediary_and_practitioner"


def brought(number, text=REPORT, intermediary="+60199999999", practitioner="MMC00001"):
    return another_claim(
        number,
        PDB,
        intermediary=intermediary,
        certificates=(a_certificate(serial=f"S{number}", practitioner=practitioner),),
        injury=an_injury(report_text=text, assessed_percent=8),
    )


def own_claim():
    injury = an_injury(report_text=REPORT, assessed_percent=8)
    return a_claim(PDB, intermediary="+60199999999", injury=injury)


def test_t7_like_reports_of_one_pairing():
    assert LIKE in hits(known_of(own_claim(), area=an_area(brought(1), brought(2))))


def test_t7_leaves_a_helper_and_the_only_specialist_alone():
    area = an_area(*(brought(n, OTHER_REPORT + " " + "lagi " * n) for n in range(1, 12)))
    assert LIKE not in hits(known_of(own_claim(), area=area))


def test_t7_leaves_like_reports_without_the_pairing_alone():
    area = an_area(brought(1, intermediary=None), brought(2, practitioner="MMC00002"))
    assert LIKE not in hits(known_of(own_claim(), area=area))


SERIAL = "certificate_serial_of_another_person"


def test_t6_a_serial_number_on_two_people():
    twin = another_claim(1, certificates=(a_certificate(),))
    assert SERIAL in hits(known_of(area=an_area(twin)))


def test_t6_leaves_the_persons_own_replacement_and_other_practitioners_alone():
    replaced = a_claim(claim_id="C-0000")
    elsewhere = another_claim(1, certificates=(a_certificate(practitioner="MMC00009"),))
    assert SERIAL not in hits(known_of(area=an_area(replaced, elsewhere)))


AT_ONCE = "months_paid_at_once_by_young_employer"
YOUNG = an_employer(registered_on=date(2025, 1, 15))
LUMP = a_statement(a_run(first_month=date(2025, 2, 1), paid_on=RECEIVED_ON - timedelta(days=20)))


def test_t10_with_stays_across_on_most_weekdays():
    before = weekdays(ACCIDENT_ON - timedelta(days=42), ACCIDENT_ON - timedelta(days=1))
    history = with_crossings(stays(before), employer=YOUNG, contributions=LUMP)
    assert hits(known_of(history=history))[AT_ONCE].endswith("across")


def test_t10_with_a_linked_employer():
    other = another_claim(1)
    sister = an_employer(employer_code=other.employer_code, address=an_address("8, Jalan Melur 3"))
    area = an_area(other, employers={other.claim_id: sister})
    history = a_history(employer=YOUNG, contributions=LUMP)
    assert hits(known_of(history=history, area=area))[AT_ONCE].endswith("linked")


@pytest.mark.parametrize(
    "history",
    [
        a_history(employer=YOUNG, contributions=LUMP),  # young and late, nothing else
        a_history(contributions=LUMP),  # an old late payer
        a_history(employer=YOUNG),  # young, paying month by month
        History(contributions=LUMP),  # the employer is unknown
    ],
)
def test_t10_leaves_look_alikes_alone(history):
    assert AT_ONCE not in hits(known_of(history=history))


AFTER = "enrolled_after_accident"


@pytest.mark.parametrize(
    ("paid", "fires"),
    [
        ([at(ACCIDENT_ON, "15:00")], True),
        ([at(ACCIDENT_ON, "11:59")], False),
        ([at(ACCIDENT_ON, "15:00"), at(date(2025, 3, 2))], False),  # a renewal
        ([at(RECEIVED_ON + timedelta(days=1))], False),
        ([], False),
    ],
)
def test_t15_enrolled_after_the_accident(paid, fires):
    enrolments = tuple(
        an_enrolment(fact_id=f"F-{turn}", paid_at=when) for turn, when in enumerate(paid)
    )
    known = known_of(a_claim(COMMUTER), a_history(enrolments=enrolments))
    assert (AFTER in hits(known)) is fires


PURSE = "account_of_unrelated_people"


def on_account(number, **changes):
    return another_claim(number, account=an_account(), **changes)


def test_t18_unrelated_people_and_a_changed_account():
    history = a_history(account_changes=(an_account_change(),))
    known = known_of(history=history, area=an_area(on_account(1), on_account(2)))
    assert hits(known)[PURSE].endswith("changed")


def test_t18_unrelated_people_brought_by_one_intermediary():
    runner = "+60177777777"
    area = an_area(on_account(1, intermediary=runner), on_account(2, intermediary=runner))
    assert hits(known_of(a_claim(intermediary=runner), area=area))[PURSE].endswith("brought")


def test_t18_unrelated_people_and_a_confirmed_claim():
    area = an_area(on_account(1), on_account(2))
    area.labels["C-1001"] = ["confirmed_fraud"]
    assert hits(known_of(area=area))[PURSE].endswith("confirmed")
    area.labels["C-1001"] = ["confirmed_fraud", "genuine"]
    assert PURSE not in hits(known_of(area=area))


def test_t18_without_a_second_sign_is_left_alone():
    assert PURSE not in hits(known_of(area=an_area(on_account(1), on_account(2))))


@pytest.mark.parametrize(
    "others",
    [
        [on_account(1, address=an_address()), on_account(2, address=an_address())],
        [on_account(n, employer_code=EMPLOYER) for n in range(1, 9)],
        [on_account(1, phone="+60121234567"), on_account(2)],
    ],
    ids=["household", "employer who paid wages", "family telephone"],
)
def test_t18_leaves_look_alikes_alone(others):
    history = a_history(account_changes=(an_account_change(),))
    assert PURSE not in hits(known_of(history=history, area=an_area(*others)))


def test_t18_leaves_an_account_of_many_alone():
    history = a_history(account_changes=(an_account_change(),))
    area = an_area(*(on_account(n) for n in range(1, 60)))
    assert PURSE not in hits(known_of(history=history, area=area))


def test_no_lead_rests_on_a_border_file_that_was_not_received():
    """Stays without their day's file (or with an outage) tell nothing."""
    gap = files_received(date(2026, 1, 1), date(2026, 6, 30), outage=0.5)
    for outages in ({}, gap):
        history = a_history(days=stays(SEARCH), outages=outages)
        assert T1 not in hits(known_of(a_claim(JSA), history))
