"""Features of the claim itself."""

from datetime import date, timedelta
from math import isnan

import pytest

from fraud.features import from_claim
from tests.support.builders import (
    ACCIDENT_ON,
    COMMUTER,
    JSA,
    PDB,
    RECEIVED_ON,
    a_certificate,
    a_claim,
    an_injury,
    at,
    known_of,
)


def measured(name: str, claim=None) -> float:
    return getattr(from_claim, name)(known_of(claim))


def test_delay_and_amounts():
    assert measured("filing_delay_days") == 10
    assert measured("filing_delay_days", a_claim(JSA)) == 41
    assert measured("expected_payment_rm") == 560
    assert measured("declared_wage_rm") == 3000


def test_a_day_is_a_day_at_the_border():
    late = a_claim(received_at=at(RECEIVED_ON, "00:30"))  # still the day before in UTC
    assert measured("filing_delay_days", late) == 10


@pytest.mark.parametrize(("wage", "round_"), [(300_000, 1), (600_000, 1), (310_000, 0)])
def test_round_wages(wage, round_):
    claim = a_claim(declared_monthly_wage_sen=wage)
    assert measured("wage_is_round_or_at_ceiling", claim) == round_


def test_overlapping_certificates_count_each_day_once():
    certificates = (
        a_certificate(),
        a_certificate(serial="2", first_day=ACCIDENT_ON + timedelta(days=5)),
    )
    claim = a_claim(certificates=certificates)
    assert measured("certified_days", claim) == 7
    assert measured("certificates", claim) == 2
    assert measured("extensions_at_one_facility", claim) == 1


def test_leave_after_the_receipt_is_not_looked_at():
    claim = a_claim(certificates=(a_certificate(last_day=date(2026, 12, 31)),))
    assert measured("certified_days", claim) == 11  # 2 to 12 March


def test_times_after_the_accident():
    injury = an_injury(
        police_report_at=at(ACCIDENT_ON + timedelta(days=2)), police_district="SEGAMAT"
    )
    claim = a_claim(injury=injury)
    assert measured("treatment_delay_hours", claim) == 1
    assert measured("police_report_delay_hours", claim) == 48
    assert measured("police_report_outside_border_districts", claim) == 1


@pytest.mark.parametrize(
    "district", ["Johor Bahru Selatan", "JB-SELATAN", "JB-UTARA", "ISKANDAR PUTERI"]
)
def test_border_districts_by_their_names_and_short_names(district):
    injury = an_injury(police_report_at=at(ACCIDENT_ON), police_district=district)
    assert measured("police_report_outside_border_districts", a_claim(injury=injury)) == 0


@pytest.mark.parametrize(
    ("place", "treated", "expected"),
    [("malaysia", "singapore", 1), ("singapore", "singapore", 0), ("malaysia", "malaysia", 0)],
)
def test_first_treatment_across(place, treated, expected):
    claim = a_claim(PDB, injury=an_injury(place=place, first_treated_in=treated))
    assert measured("treated_first_in_singapore_after_accident_here", claim) == expected


def test_the_weekend_of_the_day():
    sunday = an_injury(occurred_at=at(date(2026, 3, 1)))
    assert measured("event_on_weekend", a_claim(injury=sunday)) == 1
    assert measured("event_on_weekend") == 0


def test_what_is_not_stated_is_unknown():
    claim = a_claim(
        certificates=(), declared_monthly_wage_sen=None, injury=an_injury(first_treated_at=None)
    )
    for name in (
        "declared_wage_rm", "wage_is_round_or_at_ceiling", "certified_days",
        "extensions_at_one_facility", "assessed_percent", "treatment_delay_hours",
        "police_report_delay_hours", "police_report_outside_border_districts",
    ):  # fmt: skip
        assert isnan(measured(name, claim)), name


@pytest.mark.parametrize(("cause", "value"), [("home", 1), ("sport", 1), ("work", 0), ("road", 0)])
def test_the_cause_first_noted(cause, value):
    claim = a_claim(injury=an_injury(cause_first_noted=cause))
    assert measured("private_cause_first_noted", claim) == value


@pytest.mark.parametrize("cause", [None, "other"])
def test_a_note_that_gives_no_cause_is_unknown(cause):
    claim = a_claim(injury=an_injury(cause_first_noted=cause))
    assert isnan(measured("private_cause_first_noted", claim))


def test_the_way_matters_on_the_road_alone():
    on_road = a_claim(injury=an_injury(kind="road", minutes_off_route=25))
    assert measured("minutes_off_route", on_road) == 25
    assert isnan(measured("minutes_off_route", a_claim(injury=an_injury(minutes_off_route=25))))
    assert isnan(measured("minutes_off_route", a_claim(injury=an_injury(kind="road"))))


def test_leave_before_the_accident():
    early = (a_certificate(first_day=ACCIDENT_ON - timedelta(days=3)),)
    assert measured("leave_days_before_accident", a_claim(certificates=early)) == 3
    assert measured("leave_days_before_accident") == 0
    assert isnan(measured("leave_days_before_accident", a_claim(certificates=())))


def in_turn(*numbers, **changes):
    return tuple(
        a_certificate(
            serial=f"KL1-{n:04d}", issued_on=ACCIDENT_ON + timedelta(days=turn), **changes
        )
        for turn, n in enumerate(numbers)
    )


def test_numbers_of_certificates_follow_their_days():
    name = "certificates_out_of_sequence"
    assert measured(name, a_claim(certificates=in_turn(4, 9, 12))) == 0
    assert measured(name, a_claim(certificates=in_turn(4, 9, 2))) == 1
    other = (*in_turn(9), *in_turn(9, 2, facility="KL00099")[1:])
    assert isnan(measured(name, a_claim(certificates=other)))  # each facility has its own pad
    assert isnan(measured(name))


def test_certificates_of_just_enough_days():
    lengths = [
        a_certificate(serial=f"S{n}", last_day=ACCIDENT_ON + timedelta(days=n - 1))
        for n in (3, 4, 7, 8)
    ]
    claim = a_claim(certificates=tuple(lengths))
    assert measured("certificates_of_four_to_seven_days", claim) == 2


def test_the_workplace_number():
    name = "workplace_number_not_well_formed"
    assert measured(name, a_claim(COMMUTER, workplace_uen="197401143C")) == 0
    assert measured(name, a_claim(COMMUTER)) == 0  # made-up numbers are well formed among their own
    assert measured(name, a_claim(COMMUTER, workplace_uen="12345")) == 1
    assert isnan(measured(name, a_claim(COMMUTER, workplace_uen=None)))


def test_passengers_and_soft_tissue():
    ride = a_claim(injury=an_injury(kind="road", passenger=True, injury_code="S13.4"))
    assert measured("rode_as_passenger", ride) == 1
    assert measured("soft_tissue_after_road_accident", ride) == 1
    broken = a_claim(injury=an_injury(kind="road", injury_code="S82"))
    assert measured("soft_tissue_after_road_accident", broken) == 0
    assert isnan(measured("rode_as_passenger", broken))
    at_work = a_claim(injury=an_injury(injury_code="S13"))
    assert isnan(measured("soft_tissue_after_road_accident", at_work))
