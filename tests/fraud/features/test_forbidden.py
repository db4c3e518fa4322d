"""No protected trait can become a feature, a column of a table or one of a kept version."""

from dataclasses import replace

import pytest

from fraud.errors import InvalidInput
from fraud.features import CATALOGUE, FEATURE_NAMES
from fraud.features.forbidden import FORBIDDEN, permitted, refuse_forbidden

TRIED = {
    "race or ethnicity": ["race", "ethnic_group", "claimant_ethnicity", "bumiputera"],
    "religion": ["religion", "religious_holiday"],
    "place of birth": ["place_of_birth", "birthplace", "place_code", "mykad_place"],
    "name": ["name", "form_of_name", "name_length"],
    "sex": ["sex", "is_of_female_sex", "gender", "is_female", "male", "women"],
    "age": [
        "age",
        "ages",
        "age_band",
        "claimant_age_years",
        "years_old",
        "year_of_birth",
        "date_of_birth",
        "birth_year",
    ],
    "nationality": ["nationality", "citizenship", "passport_country"],
    "disability": ["disability_type", "has_disability"],
    "language": ["language", "language_of_form"],
    "home state": ["state", "home_state", "postcode", "home_district"],
    "kind of work": ["worker_type", "kind_of_work"],
    "scheme": ["scheme", "scheme_code"],
    "income of the neighbourhood": ["neighbourhood", "median_income_of_district"],
    "union membership": ["union_member"],
    "past lawful appeals": ["appeals_before", "won_appeal"],
}

NO_TRAIT = [
    "employer_age_days",
    "employer_state",
    "claim_type_name",
    "stated_death",
    "traces_found",
    "joined_commuter_scheme",
    "police_report_outside_border_districts",
]


def test_every_trait_is_tried():
    assert TRIED.keys() == FORBIDDEN.keys()


@pytest.mark.parametrize(("trait", "name"), [(t, n) for t, names in TRIED.items() for n in names])
def test_a_trait_is_refused_as_a_feature_of_the_catalogue(trait, name):
    odd = replace(CATALOGUE[0], name=name)
    with pytest.raises(InvalidInput, match="must not enter a score") as caught:
        permitted((*CATALOGUE, odd))
    assert (caught.value.faults[0].field, trait in caught.value.faults[0].found) == (name, True)


def test_the_catalogue_itself_passes():
    assert permitted(CATALOGUE) == CATALOGUE
    refuse_forbidden(FEATURE_NAMES)


@pytest.mark.parametrize("name", NO_TRAIT)
def test_what_only_sounds_like_a_trait_passes(name):
    refuse_forbidden([name])
