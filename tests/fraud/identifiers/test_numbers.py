"""Numbers that are well formed, numbers that are not, and the range that nobody is issued."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraud.identifiers import (
    ACCOUNT_LENGTHS,
    account_finding,
    age_on,
    employer_code_finding,
    fin_finding,
    mykad_finding,
    passport_finding,
    phone_finding,
    postcode_finding,
    ssm_finding,
    uen_finding,
)
from fraud.identifiers.contact import address_form
from fraud.identifiers.mykad import OLDEST, PLACES, YOUNGEST

ON = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("number", "check"),
    [
        ("880101015523", None),
        ("000229145524", None),  # 29 February 2000
        ("990101715525", None),  # born abroad, older code
        ("010229145526", "date"),  # neither 1901 nor 2001 had a 29 February
        ("881301015523", "date"),
        ("880101175523", "place"),
        ("200101015523", "age"),  # six years old, or 106
        ("880101005523", "reserved"),
        ("88010101552", "shape"),
        ("88010101552X", "shape"),
    ],
)
def test_mykad(number, check):
    finding = mykad_finding(number, ON)
    assert (finding and finding.check) == check


def test_the_century_of_a_mykad_is_inferred_from_a_plausible_age():
    assert mykad_finding("110101015523", ON) is None  # 15 years old, not 115
    assert mykad_finding("270101015523", ON) is None  # 99 years old, not yet born


@pytest.mark.parametrize("number", ["S1234567D", "T7123769E", "G2943157X"])
def test_singapore_numbers_of_the_brief(number):
    assert fin_finding(number) is None
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")
    assert fin_finding(wrong).check == "letter"


def test_each_series_of_nric_and_fin_has_exactly_one_right_letter():
    for series in "STFGM":
        right = [
            letter
            for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            if fin_finding(f"{series}1234567{letter}") is None
        ]
        assert len(right) == 1


@pytest.mark.parametrize("number", ["00192200M", "197401143C", "T01FC6132D"])
def test_entity_numbers_of_the_brief(number):
    assert uen_finding(number) is None
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")
    assert uen_finding(wrong).check == "letter"


@pytest.mark.parametrize("number", ["", "123", "U01FC6132D", "1974011430", "T01FI6132D"])
def test_an_entity_number_of_no_shape(number):
    assert uen_finding(number).check == "shape"


def test_the_reserved_range_is_refused_unless_asked_for():
    reserved = [
        (mykad_finding, ("880101005523", ON)),
        (fin_finding, ("G0001234A",)),
        (uen_finding, ("00012345A",)),
        (uen_finding, ("000012345A",)),
        (uen_finding, ("T01XX6132A",)),
    ]
    for check, arguments in reserved:
        assert check(*arguments).check == "reserved", arguments
        assert check(*arguments, accept_reserved=True) is None


def test_a_wrong_letter_outside_the_reserved_range_stays_wrong():
    assert uen_finding("197401143A", accept_reserved=True).check == "letter"
    assert fin_finding("S1234567A", accept_reserved=True).check == "letter"


@pytest.mark.parametrize(
    ("number", "check"),
    [
        ("201901000005", None),
        ("201907000005", "type"),
        ("299901000005", "year"),
        ("1312525-A", None),  # the older form
        ("13125251-A", "shape"),
        ("1312525A", "shape"),
    ],
)
def test_business_numbers(number, check):
    finding = ssm_finding(number, ON)
    assert (finding and finding.check) == check


def test_employer_codes():
    assert employer_code_finding("E1234567890X") is None
    assert employer_code_finding("e1234567890x").check == "shape"
    assert employer_code_finding("E123").check == "shape"


@pytest.mark.parametrize(
    ("bank", "length"),
    [("Maybank", 12), ("CIMB Bank", 14), ("Public Bank Berhad", 10), ("Bank Islam", 14)],
)
def test_account_lengths_by_bank(bank, length):
    assert account_finding(bank, "1" * length) is None
    assert account_finding(bank, "1" * (length - 1)).check == "length"


def test_accounts_of_banks_we_do_not_know():
    assert account_finding("Agro", "1" * 7) is None
    assert account_finding("Agro", "1" * 17).check == "length"
    assert account_finding("Agro", "12345-67").check == "shape"


@pytest.mark.parametrize(
    ("postcode", "fits"),
    [("81100", True), ("01000", True), ("00999", False), ("99999", False), ("738099", True)],
)
def test_postcodes(postcode, fits):
    assert (postcode_finding(postcode) is None) is fits


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("+60121234567", True),
        ("+601112345678", True),
        ("+6072345678", True),
        ("+6591234567", True),
        ("+6511234567", False),
        ("+60021234567", False),
        ("+442071234567", True),  # other countries are not judged
    ],
)
def test_telephone_numbers(number, fits):
    assert (phone_finding(number) is None) is fits


@given(
    st.dates(date(1926, 11, 2), date(2011, 11, 1)),
    st.sampled_from(sorted(PLACES)),
    st.text(alphabet="0123456789", min_size=4, max_size=4),
)
def test_every_mykad_of_a_grown_person_and_a_place_in_use_is_well_formed(born, place, rest):
    number = f"{born:%y%m%d}{place}{rest}"
    assert mykad_finding(number, ON) is None
    assert YOUNGEST <= age_on(number, ON) <= OLDEST


@given(st.dates(date(1926, 11, 2), date(2011, 11, 1)), st.integers(0, 9999))
def test_made_up_people_are_well_formed_only_where_asked_for(born, rest):
    number = f"{born:%y%m%d}00{rest:04d}"
    assert mykad_finding(number, ON).check == "reserved"
    assert mykad_finding(number, ON, accept_reserved=True) is None


@pytest.mark.parametrize(
    ("number", "fits"),
    [("A12345678", True), ("a12345678", False), ("A1234567", False), ("123456789", False)],
)
def test_passports(number, fits):
    assert (passport_finding(number) is None) is fits


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("No. 12, Jln Dato' Onn 3, Tmn Pelangi", "12 Jalan Dato Onn 3 Taman Pelangi"),
        ("Blk 45 Lor 6 Kg Baru", "BLOCK 45, LORONG 6, KAMPUNG BARU"),
    ],
)
def test_addresses_that_are_written_in_two_ways_compare_equal(one, other):
    assert address_form(one, "80400") == address_form(other, "80400")
    assert address_form(one, "80400") != address_form(other, "80401")


def test_a_postcode_alone_is_no_address():
    assert address_form("  no. ", "80400") == ()


@given(st.text(alphabet="0123456789SGTM+-", max_size=14))
def test_no_finding_prints_what_was_typed(typed):
    findings = (
        mykad_finding(typed, ON),
        fin_finding(typed),
        passport_finding(typed),
        uen_finding(typed),
        ssm_finding(typed, ON),
        account_finding("Maybank", typed),
        postcode_finding(typed),
        phone_finding(typed),
    )
    for finding in findings:
        if finding and len(typed) > 4:
            assert typed not in f"{finding.seen} {finding.expected} {finding.fault}"


def test_every_bank_of_the_brief_has_a_length_that_records_allow():
    assert all(7 <= length <= 16 for length in ACCOUNT_LENGTHS.values())
