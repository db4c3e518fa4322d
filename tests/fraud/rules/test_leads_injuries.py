"""Leads about injuries, papers and cover: each typology fires, and its honest twins do not."""

from datetime import date, timedelta

import pytest

from fraud.features import Known
from fraud.graph import Area
from fraud.history import History
from fraud.records import Scheme
from tests.fraud.rules.test_rules import hits
from tests.support.builders import (
    ACCIDENT_ON,
    COMMUTER,
    PDB,
    TDB,
    a_board_attendance,
    a_certificate,
    a_claim,
    a_history,
    a_hospital_answer,
    a_run,
    a_statement,
    an_area,
    an_attendance,
    an_enrolment,
    an_injury,
    an_insurer_payment,
    another_claim,
    at,
    days_from,
    known_of,
    linked,
    platform_trips,
    stays,
    weekdays,
    with_crossings,
)

LEAVE = days_from(ACCIDENT_ON, 40)
ON_LEAVE = a_claim(
    TDB,
    certificates=(a_certificate(last_day=LEAVE[-1]),),
    received_at=at(LEAVE[-1] + timedelta(days=1)),
)
USUAL = days_from(ACCIDENT_ON - timedelta(days=42), 42)[::2]


def riding(days):
    log = platform_trips([*USUAL, *days], last_day=LEAVE[-1])
    return hits(known_of(ON_LEAVE, a_history(facts=(log,))))


def test_t2_platform_trips_go_on():
    assert "platform_trips_on_certified_leave" in riding(LEAVE[1::2])


@pytest.mark.parametrize(
    "honest",
    [[], LEAVE[2:5], LEAVE[28:], LEAVE[1:30:7]],
    ids=["none", "a borrowed account for days", "light duties at the end", "now and then"],
)
def test_t2_leaves_other_trips_alone(honest):
    assert "platform_trips_on_certified_leave" not in riding(honest)


T4 = "private_cause_noted_for_work_injury"


def private(scheme=TDB, **changes):
    noted = {"cause_first_noted": "sport"} | changes
    return a_claim(scheme, injury=an_injury(**noted))


def test_t4_off_work_that_day():
    listed = an_attendance([ACCIDENT_ON - timedelta(days=3)])
    known = known_of(private(), a_history(attendances=(listed,)))
    assert hits(known)[T4].endswith("off_work")
    by_hospital = a_history(attendances=(listed,), facts=(a_hospital_answer(cause_noted="home"),))
    assert hits(known_of(a_claim(), by_hospital))[T4].endswith("off_work")


def test_t4_far_off_the_way_or_leave_before_the_accident():
    far = private(kind="road", minutes_off_route=90)
    assert hits(known_of(far))[T4].endswith("off_route")
    early = (a_certificate(first_day=ACCIDENT_ON - timedelta(days=3)),)
    moved = a_claim(injury=an_injury(cause_first_noted="home"), certificates=early)
    assert hits(known_of(moved))[T4].endswith("moved")


@pytest.mark.parametrize(
    "claim",
    [
        private(),
        private(kind="road", minutes_off_route=30),
        private(cause_first_noted="other", kind="road", minutes_off_route=90),
        private(cause_first_noted="road", kind="road", minutes_off_route=90),
        private(Scheme.ANY_HOUR_INJURY, kind="road", minutes_off_route=90),
        private(Scheme.HOUSEWIFE, cause_first_noted="home"),
    ],
    ids=["one note alone", "a school on the way", "a note that says nothing", "round a flood",
         "covered at any hour", "housework"],
)  # fmt: skip
def test_t4_leaves_look_alikes_alone(claim):
    assert T4 not in hits(known_of(claim))


def test_t4_leaves_a_sunday_evening_return_alone():
    sunday = date(2026, 3, 1)
    injury = an_injury(kind="road", occurred_at=at(sunday, "20:00"), cause_first_noted="road")
    listed = an_attendance(weekdays(date(2026, 2, 16), date(2026, 2, 27)))
    assert T4 not in hits(known_of(a_claim(injury=injury), a_history(attendances=(listed,))))


T5 = "same_injury_paid_by_another_and_denied"


def denied(**changes):
    return a_claim(injury=an_injury(**{"other_payer_declared": False} | changes))


def paid(claim, area=None, **changes):
    history = a_history(facts=(an_insurer_payment(**changes),))
    return hits(known_of(claim, history, area))


NO_LEAVE = {"leave_first_day": None, "leave_last_day": None}


def test_t5_paid_twice_and_denied():
    assert paid(denied())[T5].endswith("leave")
    assert paid(denied(receipts=("R-1",)), **NO_LEAVE)[T5].endswith("receipts")
    own = a_claim(Scheme.SELF_EMPLOYED, claim_id="C-0500")
    assert paid(denied(), an_area(own), **NO_LEAVE)[T5].endswith("law")


@pytest.mark.parametrize(
    ("claim", "changes"),
    [
        (denied(other_payer_declared=True), {}),
        (denied(other_payer_declared=None), {}),
        (denied(), {"payer": "private_insurer"}),
        (denied(), {"injured_on": ACCIDENT_ON - timedelta(days=30)}),
        (denied(receipts=("R-8",)), NO_LEAVE),
    ],
    ids=["declared", "not asked", "own insurance", "another accident", "expenses split"],
)
def test_t5_leaves_lawful_overlap_alone(claim, changes):
    assert T5 not in paid(claim, **changes)


T6 = "certificate_not_known_to_hospital"
UNKNOWN_THERE = {"serial_known": False, "practitioner_on_duty": None}


def answered(claim=None, area=None, **changes):
    history = a_history(facts=(a_hospital_answer(**changes),))
    return hits(known_of(claim, history, area))


def test_t6_unknown_to_the_hospital_with_a_second_sign():
    found = answered(serial_known=False, practitioner_on_duty=False)
    assert found[T6].endswith("off_duty")
    twin = an_area(another_claim(1, certificates=(a_certificate(),)))
    assert answered(area=twin, **UNKNOWN_THERE)[T6].endswith("shared")
    later = a_certificate(issued_on=ACCIDENT_ON + timedelta(days=2))
    history = with_crossings(stays(LEAVE[:6]), facts=(a_hospital_answer(**UNKNOWN_THERE),))
    assert hits(known_of(a_claim(certificates=(later,)), history))[T6].endswith("across")


def test_t6_leaves_slips_and_replacements_alone():
    assert T6 not in answered(**UNKNOWN_THERE)
    assert T6 not in answered(practitioner_on_duty=False)
    from_afar = a_claim(certificates=(a_certificate(remote=True),))
    assert T6 not in answered(from_afar, serial_known=False, practitioner_on_duty=False)
    own = a_claim(claim_id="C-0500")  # the same person's replaced original
    assert T6 not in answered(area=an_area(own), **UNKNOWN_THERE)


T9 = "likeness_differs_at_board_session"


def at_board(claims_escorted=0, **changes):
    came = a_board_attendance(likeness="differs", escort="ESC-1", **changes)
    area = Area()
    for number in range(claims_escorted):
        other = another_claim(number, PDB)
        theirs = History(facts=(a_board_attendance(claim_id=other.claim_id, escort="ESC-1"),))
        area.add(linked(other, theirs, known_at=number + 1))
    mine, history = a_claim(PDB), a_history(facts=(came,))
    return hits(Known(mine, history, linked(mine, history), area))


def test_t9_another_likeness_with_a_second_sign():
    assert at_board(claims_escorted=2)[T9].endswith("escort")
    day = ACCIDENT_ON + timedelta(days=70)
    came = a_board_attendance(likeness="differs", attended_at=at(day, "11:00"))
    history = with_crossings(stays([day]), facts=(came,))
    assert hits(known_of(a_claim(PDB), history))[T9].endswith("across")


def test_t9_leaves_changed_looks_and_carers_alone():
    assert T9 not in at_board()
    assert T9 not in at_board(claims_escorted=1)
    same = a_history(facts=(a_board_attendance(escort="ESC-1"),))
    assert T9 not in hits(known_of(a_claim(PDB), same))


T15 = "enrolment_paid_by_who_brought_the_claim"


def enrolled(paid_at, days=(), **changes):
    injury = an_injury(place="singapore")
    claim = a_claim(COMMUTER, injury=injury, **{"intermediary": "U1"} | changes)
    paid = an_enrolment(paid_at=paid_at, paid_by="U1")
    return hits(known_of(claim, with_crossings(stays(days), enrolments=(paid,))))


def test_t15_paid_hours_before_the_treatment_by_who_brought_the_claim():
    assert T15 in enrolled(at(ACCIDENT_ON, "08:00"))


def test_t15_lost_crossings_are_no_sign():
    """Long paid for, a mistyped workplace and hardly a crossing on file: not one of them counts."""
    visits = weekdays(date(2026, 1, 19), date(2026, 2, 27))[::5]
    assert T15 not in enrolled(at(date(2025, 10, 1)), visits, workplace_uen="12345")


def test_t15_leaves_associations_and_new_starters_alone():
    long_ago = at(date(2025, 10, 1))
    assert T15 not in enrolled(long_ago)  # an association that also helps with claims
    assert T15 not in enrolled(at(ACCIDENT_ON, "08:00"), intermediary=None)
    assert T15 not in enrolled(at(ACCIDENT_ON - timedelta(days=3)))


T16 = "companions_of_more_than_one_accident"
EARLIER = ACCIDENT_ON - timedelta(days=60)


def in_van(number=None, day=ACCIDENT_ON, vehicle="VAN-1", **changes):
    injury = an_injury(kind="road", vehicle=vehicle, occurred_at=at(day))
    given = {"injury": injury, "received_at": at(day + timedelta(days=4)), **changes}
    if number is None:
        return a_claim(COMMUTER, **given)
    return another_claim(number, COMMUTER, **given)


BROUGHT = {"intermediary": "U1"}


def test_t16_the_same_pair_in_two_accidents_through_the_same_hands():
    before = (
        in_van(day=EARLIER, vehicle="VAN-2", claim_id="C-0500"),
        in_van(1, EARLIER, "VAN-2", claim_id="C-0501"),
    )
    known = known_of(in_van(**BROUGHT), area=an_area(*before, in_van(1, **BROUGHT)))
    assert hits(known)[T16].endswith("met")


def test_t16_one_intermediary_and_a_vehicle_that_is_hit_again_and_again():
    others = (
        in_van(1, **BROUGHT),
        in_van(2, **BROUGHT),
        in_van(3, EARLIER),
        in_van(4, EARLIER),
    )
    assert hits(known_of(in_van(**BROUGHT), area=an_area(*others)))[T16].endswith("vehicle")


def test_t16_leaves_a_bus_crash_and_a_car_pool_alone():
    crash = an_area(*(in_van(n, intermediary=f"U{n}") for n in range(1, 12)))
    assert T16 not in hits(known_of(in_van(**BROUGHT), area=crash))
    pool = (in_van(day=EARLIER, claim_id="C-0500"), in_van(1, EARLIER, claim_id="C-0501"))
    known = known_of(in_van(), area=an_area(*pool, in_van(1)))
    assert T16 not in hits(known)
    union = an_area(*(in_van(n, **BROUGHT) for n in range(1, 6)))  # a welfare officer after a crash
    assert T16 not in hits(known_of(in_van(**BROUGHT), area=union))


T20 = "wage_raised_to_top_and_filed_after_event"


def rise(to=595_000, month=date(2025, 12, 1), paid_on=ACCIDENT_ON + timedelta(days=5), then=None):
    runs = [
        a_run(last_month=date(2025, 11, 1)),
        a_run(first_month=month, last_month=date(2026, 1, 1), monthly_wage_sen=to, paid_on=paid_on),
    ]
    if then:
        runs.append(a_run(first_month=date(2026, 2, 1), monthly_wage_sen=then))
    return hits(known_of(a_claim(), a_history(contributions=a_statement(*runs))))


def test_t20_a_rise_to_the_top_filed_after_the_event():
    assert T20 in rise()


@pytest.mark.parametrize(
    "honest",
    [
        {"paid_on": None},
        {"paid_on": ACCIDENT_ON - timedelta(days=5)},
        {"to": 380_000},
        {"then": 300_000},
    ],
    ids=["filed in time", "back-pay before the event", "overtime", "a bonus"],
)
def test_t20_leaves_look_alikes_alone(honest):
    assert T20 not in rise(**honest)


def test_t20_leaves_a_new_ceiling_alone():
    event = date(2025, 1, 20)
    runs = (
        a_run(last_month=date(2024, 9, 1), monthly_wage_sen=495_000),
        a_run(
            first_month=date(2024, 10, 1), last_month=date(2024, 12, 1), monthly_wage_sen=595_000,
            paid_on=event + timedelta(days=3),
        ),
    )  # fmt: skip
    claim = a_claim(
        injury=an_injury(occurred_at=at(event)), certificates=(),
        received_at=at(event + timedelta(days=9)),
    )  # fmt: skip
    assert T20 not in hits(known_of(claim, a_history(contributions=a_statement(*runs))))
