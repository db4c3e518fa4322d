"""The tables of the law: dated, sourced, marked, and refused when they contradict themselves."""

from datetime import date

import pytest

from fraud import schemes
from fraud.errors import Misconfigured
from fraud.schemes.tables import Mark, Term, law, read_tables, weakest

TERMS = [term for periods in schemes.terms().values() for term in periods]
NAMES = [f"{term.name}-{term.first_day}" for term in TERMS]

RATE = """
law = "A law"
[rate]
unit = "percent"
periods = [
    {{ value = 50, last_day = {last}, mark = "F", dated = "2024", source = "An act" }},
    {{ value = 60, first_day = {first}, mark = "{mark}", dated = "2025", source = "An amendment" }},
]
"""


def written(folder, text, name="a.toml"):
    (folder / name).write_text(text, "utf-8")
    return folder


def rate(last="2024-12-31", first="2025-01-01", mark="F"):
    return RATE.format(last=last, first=first, mark=mark)


@pytest.mark.parametrize("term", TERMS, ids=NAMES)
def test_each_value_says_what_it_is_and_where_it_is_written(term: Term):
    assert term.unit
    assert len(term.source) > 20
    assert term.dated
    assert term.law
    assert not isinstance(term.value, int) or term.value >= 0


def test_there_is_a_table_for_each_law():
    laws = " ".join({term.law for term in TERMS})
    for name in ("Act 4", "A1788", "Act 800", "Act 789", "Act 872", "Act 838", "Pengembara"):
        assert name in laws


def test_everything_about_the_commuter_scheme_is_assumed():
    commuter = [term for term in TERMS if "Pengembara" in term.law]
    assert len(commuter) >= 5
    assert all(term.mark is Mark.ASSUMED for term in commuter)


def test_the_value_of_a_day_is_that_of_its_period(tmp_path):
    tables = read_tables(written(tmp_path, rate()))
    assert tables.term("rate", date(2024, 12, 31)).value == 50
    assert tables.term("rate", date(2025, 1, 1)).value == 60


def test_a_day_in_a_gap_has_no_value(tmp_path):
    tables = read_tables(written(tmp_path, rate(last="2024-06-30")))
    assert tables.term("rate", date(2024, 8, 1)) is None


def test_overlapping_periods_are_refused(tmp_path):
    with pytest.raises(Misconfigured, match="overlap"):
        read_tables(written(tmp_path, rate(first="2024-12-31")))


def test_periods_without_dates_between_them_are_refused(tmp_path):
    with pytest.raises(Misconfigured, match="needs dates"):
        read_tables(written(tmp_path, rate().replace("first_day = 2025-01-01, ", "")))


def test_a_name_in_two_files_is_refused(tmp_path):
    written(tmp_path, rate())
    with pytest.raises(Misconfigured, match="another file"):
        read_tables(written(tmp_path, rate(), "b.toml"))


@pytest.mark.parametrize(
    "text",
    [
        rate(mark="maybe"),
        rate().replace('dated = "2025", ', ""),
        rate().replace("unit", "units"),
        'law = "A law"\n[rate]\nunit = "percent"\nperiods = []\n',
        rate().replace("law =", "act ="),
    ],
)
def test_a_value_that_is_not_complete_is_refused(tmp_path, text):
    with pytest.raises(Misconfigured):
        read_tables(written(tmp_path, text))


def test_a_word_is_no_number():
    territory = law().term("commuter_territory", date(2026, 6, 1))
    assert territory.value == "journey"
    with pytest.raises(Misconfigured, match="a word"):
        schemes.value("commuter_territory", date(2026, 6, 1))


def test_marks_from_best_to_worst():
    assert weakest([]) is Mark.FACT
    assert weakest([Mark.DERIVED, Mark.FACT]) is Mark.DERIVED
    assert weakest([Mark.NOT_FOUND, Mark.ASSUMED, Mark.FACT]) is Mark.NOT_FOUND
    assert [mark.is_assumed for mark in Mark] == [False, False, True, True]


def test_what_is_derived_is_what_its_sources_give():
    """Greatest daily rates are shares of the top class, divided by 30."""
    for day in (date(2021, 1, 1), date(2023, 1, 1), date(2026, 1, 1)):
        top = schemes.value("top_assumed_wage", day)
        assert schemes.value("temporary_most_daily", day) == round(top * 0.8 / 30)
        assert schemes.value("permanent_most_daily", day) == round(top * 0.9 / 30)
    for day in (date(2023, 1, 1), date(2026, 1, 1)):
        assert schemes.value("pension_most", day) == round(
            schemes.value("top_assumed_wage", day) * 0.65
        )


def test_contributions_of_plans_are_their_share_of_the_earnings():
    for plan in (1, 2, 3, 4):
        wage = schemes.value(f"plan_{plan}_wage", date(2026, 1, 1))
        paid = schemes.value(f"plan_{plan}_contribution", date(2026, 1, 1))
        assert abs(paid - wage * 0.0125) < 10
