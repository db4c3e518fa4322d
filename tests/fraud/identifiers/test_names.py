"""Names written in several ways. Every name here is made up."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraud.identifiers.names import NameForm, NameMatch, match_names, name_forms

EQUAL = [
    ("Mohd Faizal bin Rosli", "Muhammad Faizal Bin Rosli"),
    ("Md. Faizal b. Rosli", "MOHAMAD FAIZAL BIN ROSLI"),
    ("Muhd Faizal bin Haji Rosli", "Mohamed Faizal b Rosli"),
    ("Hj. Zainal bin Md Yusof", "Zainal bin Mohd Yusof"),
    ("Siti Nur-Aisyah bte Kamarul", "Siti Nuraisyah binti Kamarul"),
    ("Nurul Huda binti Sa'adon", "NURULHUDA BT SAADON"),
    ("Abd. Rahman bin Abd Karim", "Abdul Rahman bin Abdulkarim"),
    ("Ahmad Firdaus bin Omar", "Ahmad Firdaus Omar"),  # the word in between left out
    ("Encik Kamal bin Idris", "Kamal bin Idris"),
    ("Tan Wei Ming", "TAN WEI-MING"),
    ("Tan Wei Ming", "Weiming Tan"),
    ("Kevin Lim Jia Hao", "Lim Jia Hao, Kevin"),
    ("Ong Bee Leng @ Ong Mei Ling", "Mei Ling Ong"),
    ("Chua Ah Beng @ Chua Kok Seng", "Chua Kok Seng"),
    ("Siti @ Aminah binti Ali", "Aminah bt Ali"),
    ("Kumaran a/l Velu", "KUMARAN A/L VELU"),
    ("Kumaran A / L Velu", "Kumaran s/o Velu"),
    ("Kumaran A.L. Velu", "Kumaran a/l Velu"),
    ("Devani a/p Elango", "Devani d/o Elango"),
    ("Devani anak perempuan Elango", "Devani Elango"),
    ("Jimbun anak Ngumbang", "Jimbun ak Ngumbang"),
    ("Jimbun ak. Ngumbang @ Joseph", "Jimbun anak Ngumbang"),
    ("Majimbun Gantul @ Maria", "Maria @ Majimbun Gantul"),
    ("Zoë Fernandez", "Zoe Fernandez"),
]
FITS = [
    ("Kumaran a/l Velu", "V. Kumaran"),
    ("Kumaran a/l Velu Samy", "Kumaran a/l Velu"),
    ("Kevin Lim Jia Hao", "Lim Jia Hao"),
    ("Mohd Faizal bin Rosli", "Faizal bin Rosli"),
    ("S. Devani d/o Elango", "Devani a/p Elango"),
]
NEAR = [
    ("Faizal bin Rosli", "Faisal bin Rosli"),
    ("Tan Wei Ming", "Tan Wei Mnig"),
    ("Jimbun anak Ngumbang", "Jimbun anak Ngumbangg"),
]
DIFFERENT = [
    ("Ahmad bin Ali", "Ali bin Ahmad"),
    ("Ahmad bin Ali", "Ahmad bin Musa"),
    ("Tan Wei Ming", "Tan Mei Hua"),
    ("Tan", "Tan Wei Ming"),  # one part fits too many people
    ("T W M", "Tan Wei Ming"),  # and so do initials alone
    ("Kumaran a/l Velu", "Kumaran a/l Raju"),
    ("", "Tan Wei Ming"),
]


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        (*pair, match)
        for match, pairs in (
            (NameMatch.EQUAL, EQUAL),
            (NameMatch.FITS, FITS),
            (NameMatch.NEAR, NEAR),
            (NameMatch.DIFFERENT, DIFFERENT),
        )
        for pair in pairs
    ],
)
def test_names_written_in_two_ways(one, other, match):
    assert match_names(one, other) is match
    assert match_names(other, one) is match


def test_a_form_never_tells_of_which_people_or_sex_somebody_is():
    between = ("bin", "binti", "b.", "bte", "a/l", "a/p", "s/o", "d/o", "anak", "ak")
    forms = {name_forms(f"Sani {word} Duma") for word in between}
    assert forms == {(NameForm(("sani",), ("duma",)),)}
    assert {field.name for field in dataclasses.fields(NameForm)} == {"own", "parent"}


WORDS = st.lists(st.text(alphabet="aeimnorstu", min_size=2, max_size=8), min_size=1, max_size=4)


@given(WORDS)
def test_a_name_equals_itself_in_capitals_and_with_other_spaces(words):
    name = " ".join(words)
    assert match_names(name, f"  {name.upper().replace(' ', '   ')} ") is NameMatch.EQUAL


@given(WORDS, WORDS)
def test_it_does_not_matter_which_name_is_asked_about_first(one, other):
    pair = (" bin ".join(one), " ".join(other))
    assert match_names(*pair) is match_names(*pair[::-1])


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_can_be_compared(one, other):
    assert match_names(one, other) in NameMatch
