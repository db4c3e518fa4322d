"""Comparisons of two entries, each with its reason."""

import pytest

from fraud.identity.compare import Finding, compare, entry_of
from fraud.records import Account, Address
from fraud.wording import LANGUAGES, catalogue
from tests.support.builders import MYKAD, a_claim

OTHER = MYKAD[:-2] + ("00" if MYKAD[-2:] != "00" else "11")


def entries(first, second, mykad=OTHER):
    one = a_claim(**first)
    other = a_claim(**({"mykad": mykad} | second))
    return compare(entry_of(MYKAD, [one]), entry_of(mykad, [other]))


def finding(name, *given, **more):
    return {one.name: (one.finding, one.reason) for one in entries(*given, **more)}[name]


def swapped(number):
    at = next(i for i in range(8, 11) if number[i] != number[i + 1])
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (MYKAD, (Finding.AGREES, "equal")),
        (MYKAD[:-1] + str(9 - int(MYKAD[-1])), (Finding.NEAR, "one_digit")),
        (swapped(MYKAD), (Finding.NEAR, "swapped")),
        ("010203009999", (Finding.DIFFERS, "differs")),
    ],
)
def test_numbers(number, found):
    assert finding("mykad", {}, {}, mykad=number) == found


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (MYKAD[:-1] + "0", Finding.AGREES),
        ("010203009999", Finding.DIFFERS),
        ("991399009999", Finding.UNKNOWN),
        ("010229009999", Finding.UNKNOWN),  # neither 1901 nor 2001 had a 29 February
    ],
)
def test_birth_dates(number, found):
    assert finding("birth", {}, {}, mykad=number)[0] is found


def test_names_say_which_two_were_compared():
    found = entries({"name": "Mohd Faizal bin Rosli"}, {"name": "Muhammad Faizal b. Rosli"})
    (name,) = [one for one in found if one.name == "name"]
    assert name.finding is Finding.AGREES
    assert "Mohd Faizal bin Rosli / Muhammad Faizal b. Rosli" in name.sentence("en")


@pytest.mark.parametrize(
    ("name", "given", "else_given"),
    [
        ("phone", {"phone": "+60127000001"}, {"phone": "+60127000002"}),
        (
            "address",
            {"address": Address(line="12 Jln Onn", postcode="80400")},
            {"address": Address(line="14 Jln Onn", postcode="80400")},
        ),
        (
            "account",
            {"account": Account(bank="Maybank", number="112233445566")},
            {"account": Account(bank="CIMB", number="112233445566")},
        ),
    ],
)
def test_what_is_not_known_is_no_difference(name, given, else_given):
    assert finding(name, given, given)[0] is Finding.AGREES
    assert finding(name, given, else_given)[0] is Finding.DIFFERS
    assert finding(name, given, {name: None})[0] is Finding.UNKNOWN


def test_a_number_under_which_nobody_claimed_has_nothing_to_compare():
    found = compare(entry_of(MYKAD, [a_claim()]), entry_of(OTHER, [a_claim()]))
    assert {one.finding for one in found[2:]} == {Finding.UNKNOWN}


REASONS = {
    "mykad": {"equal", "one_digit", "swapped", "differs"},
    "birth": {"equal", "differs", "unknown"},
    "name": {"equal", "fits", "near", "different", "unknown"},
    "phone": {"equal", "differs", "unknown"},
    "address": {"equal", "differs", "unknown"},
    "account": {"equal", "differs", "unknown"},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_finding_has_its_sentence(language):
    known = catalogue(language)
    wanted = {f"same.{name}.{reason}" for name, reasons in REASONS.items() for reason in reasons}
    wanted |= {f"finding.{one}" for one in Finding}
    assert wanted <= known.keys()
    written = {key for key in known if key.startswith("same.") and key.split(".")[1] in REASONS}
    assert written == {key for key in wanted if key.startswith("same.")}
