"""Check letters: the right one passes, and one slip in the digits never goes unnoticed."""

from hypothesis import given
from hypothesis import strategies as st

from fraud.identifiers import fin_finding, uen_finding

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
DIGIT = st.sampled_from("0123456789")


def digits(count):
    return st.text(alphabet="0123456789", min_size=count, max_size=count)


NOT_RESERVED = st.integers(1_000_000, 9_999_999).map(str)
PEOPLE = st.tuples(st.sampled_from("STFGM"), NOT_RESERVED).map("".join)
BUSINESSES = st.integers(10_000_000, 99_999_999).map(str)
COMPANIES = st.tuples(st.integers(1900, 2026).map(str), digits(5)).map("".join)
OTHERS = st.tuples(
    st.sampled_from("RST"), digits(2), st.sampled_from(("LL", "FC", "PF", "SS")), digits(4)
).map("".join)


def whole(check, stem):
    """The number of a stem with the one letter that fits."""
    fitting = [stem + letter for letter in LETTERS if check(stem + letter) is None]
    assert len(fitting) == 1
    return fitting[0]


def slips(number):
    for at, was in enumerate(number):
        if was.isdigit():
            yield from (number[:at] + new + number[at + 1 :] for new in "0123456789" if new != was)


@given(PEOPLE)
def test_each_slip_of_a_digit_in_a_nric_or_fin_is_noticed(stem):
    for slipped in slips(whole(fin_finding, stem)):
        assert fin_finding(slipped) is not None


@given(st.one_of(BUSINESSES, COMPANIES, OTHERS))
def test_each_slip_of_a_digit_in_an_entity_number_is_noticed(stem):
    for slipped in slips(whole(uen_finding, stem)):
        assert uen_finding(slipped) is not None


@given(PEOPLE, st.integers(1, 6))
def test_two_neighbouring_digits_swapped_are_noticed(stem, at):
    number = whole(fin_finding, stem)
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert (fin_finding(swapped) is None) is (swapped == number)


def test_digits_of_another_script_are_no_digits():
    assert fin_finding("S١٢٣٤٥٦٧D").check == "shape"
    assert uen_finding("٠٠١٩٢٢٠٠M").check == "shape"
