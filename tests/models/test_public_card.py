"""The card for anybody: says what people need, and nothing that helps somebody to cheat."""

import re
from dataclasses import replace

import pytest

from fraud.features import FEATURE_NAMES
from fraud.records import Scheme
from fraud.wording import LANGUAGES, has
from models.equality import _STATES, AGE_BANDS
from models.fairness import Gap
from models.judge import Figure
from models.public_card import PUBLIC_CARD, Taught, group_in_words, public_card, trait_in_words
from models.retrain import CARD, are_simulated
from models.scorer import REVIEW_LINES
from tests.models.conftest import EVEN, NOW, TOLD
from tests.support.builders import COMMUTER, a_claim, a_claimant

FIGURES = {
    "precision_at_capacity": Figure(0.614, 0.512, 0.703),
    "random_precision_at_capacity": Figure(0.05, 0.04, 0.06),
    "recall_at_capacity": Figure(0.3717, 0.3, 0.4),
}
WIDE = Gap("scheme", "funeral_benefit", 400, 90, Figure(0.2, 0.18, 0.23), Figure(2.1, 1.7, 2.6))
SMALL = Gap("state", "Labuan", 4, 1, Figure(0.25, 0.0, 0.7), Figure(3.0, 0.2, 9.0))


def a_card(language="en", figures=FIGURES, found=(EVEN, WIDE, SMALL), *, simulated=True):
    return public_card(
        figures,
        found,
        (TOLD, replace(TOLD, trait="state", groups=1)),
        taught=Taught(1_464, 137, simulated),
        capacity=0.01,
        now=NOW,
        language=language,
    )


def test_it_says_what_a_journalist_asks():
    card = a_card()
    for words in (
        "**Simulated.**",
        "Trained on 1 Jun 2026",
        "People decide.",
        "never stops, lowers or refuses a payment",
        "1,464 simulated claims",
        "about 61 of 100 claims that it puts up are found to be fraud (51 to 70)",
        "| Sex | women | 900 | – | too few to tell |",
        "| Benefit | Funeral benefit | 400 | 2.10 (1.70–2.60) | no |",
        "| Sex | 0.60 (0.55–0.65) |",
        "| Home state | too few to tell |",
        "Social Security Appellate Board",
        "What is left out here, and why",
    ):
        assert words in card


def test_it_says_the_same_in_malay():
    card = a_card("ms")
    for words in (
        "**Simulasi.**",
        "1 Jun 2026",
        "kira-kira 61 daripada 100",
        "| Jantina | perempuan | 900 | – | terlalu sedikit untuk diketahui |",
        "Jemaah Rayuan Keselamatan Sosial",
    ):
        assert words in card
    assert re.findall(r"^#+ ", card, re.MULTILINE) == re.findall(r"^#+ ", a_card(), re.MULTILINE)
    assert card.count("|") == a_card().count("|")


@pytest.mark.parametrize(
    ("language", "real", "made_up"),
    [
        ("en", "are real ones that people decided", ("simulated", "made up")),
        ("ms", "ialah tuntutan sebenar yang telah diputuskan", ("simulasi", "adalah rekaan")),
    ],
)
def test_what_real_claims_taught_is_not_called_simulated(language, real, made_up):
    card = a_card(language, simulated=False)
    assert real in card
    assert not [words for words in made_up if words in card.lower()]
    assert real not in a_card(language)
    assert all(words in a_card(language).lower() for words in made_up)


def test_claims_are_simulated_when_every_claimant_is_of_the_reserved_range():
    made_up = a_claim(COMMUTER, claimant=a_claimant(mykad="800101000011"))
    real = a_claim(COMMUTER, claimant=a_claimant(mykad="800101010011"))
    assert are_simulated([made_up, made_up])
    assert not are_simulated([made_up, real])


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_it_helps_to_cheat(language, version_files, fitted):
    """Of the version as it is registered: no column, no weight, no line, no share that is found."""
    card = version_files[PUBLIC_CARD[language]].decode()
    assert not [name for name in FEATURE_NAMES if name in card]
    assert fitted.best_column in version_files[CARD].decode()
    lines = re.findall(r"0\.\d{4,}", version_files[REVIEW_LINES].decode())
    assert not [line for line in lines if line[:6] in card]
    assert not re.search(r"\b37\b", a_card(language))  # the recall of FIGURES
    assert not re.search(r"\bT\d{1,2}\b", card)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_group_that_a_reader_could_name_is_not_shown(language):
    card = a_card(language)
    assert "Labuan" not in card
    assert re.search(r"\b1 (group|kumpulan)\b.* 10 ", card)


def test_what_was_not_measured_is_said():
    unmeasured = {"precision_at_capacity": Figure(float("nan"), float("nan"), float("nan"))}
    for figures in ({}, FIGURES | unmeasured):
        card = a_card(figures=figures)
        assert "Too few decided claims to measure." in card
        assert "nan" not in card


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trait_and_group_has_its_word(language):
    groups = ("women", "men", *AGE_BANDS, "at home", "self-employed", "employed in Singapore",
              "works across", "employed here", "disability assessed", "no disability assessed",
              "Malay", "Indian", "Chinese")  # fmt: skip
    for group in groups:
        assert has(f"card.group.{group.replace(' ', '_')}", language)
    for scheme in Scheme:
        assert group_in_words(scheme.value, language) != scheme.value
    assert {group_in_words(state, language) for state in _STATES} == set(_STATES)
    assert trait_in_words("simulated ethnicity", language) in {
        "Simulated ethnicity",
        "Etnik simulasi",
    }
