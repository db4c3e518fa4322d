"""What columns tell of traits: told from chance, person by person, and refused when it is all."""

import numpy as np
import pytest

from fraud.clock import local_day
from fraud.errors import InvalidInput
from fraud.identifiers.mykad import age_on
from models import proxies as proxy_check
from models.columns import Columns, columns_in_force
from models.equality import AGE_BANDS, groups_of
from models.leaks import tells
from models.proxies import (
    A_TRAIT,
    CHANCE,
    LAWFUL,
    proxies,
    proxies_from_json,
    proxies_to_json,
    refuse_traits,
)
from tests.support.builders import COMMUTER, a_claim, a_claimant, an_address

ALL = columns_in_force()
COLUMNS = Columns(ALL.names[:12], ALL.sources[:12], ALL.feature_set)
PLACE = 4
NAMES = ("Azlan bin Osman", "Beh Bian Chuo", "Devani a/p Elango")


def people(count, *, claims=1):
    """So many simulated people who differ in sex, age, state and form of name, some claims each."""
    chance = np.random.default_rng(7)
    made = []
    for number in range(count):
        year, sex = chance.integers(60, 100), chance.integers(0, 2)
        claimant = a_claimant(
            mykad=f"{year:02d}010100{number % 1000:03d}{sex}",
            name=NAMES[chance.integers(0, 3)],
            address=an_address(postcode=("80000", "26600")[chance.integers(0, 2)]),
        )
        made += [
            a_claim(COMMUTER, claim_id=f"C-{number}-{one}", claimant=claimant)
            for one in range(claims)
        ]
    return made


def noise(claims, seed=1):
    return np.random.default_rng(seed).normal(size=(len(claims), len(COLUMNS)))


def coded(claims, trait):
    """The trait of each claim as a number, as a column would hold it."""
    named = [groups_of(claim)[trait] for claim in claims]
    return np.unique(named, return_inverse=True)[1].astype(float)


def found(claims, vectors, **gains):
    return {one.trait: one for one in proxies(claims, vectors, COLUMNS, gains, seed=3)}


REFUSED = sorted(set(groups_of(a_claim(COMMUTER))) - LAWFUL)


def test_traits_refused_by_value_are_those_that_nothing_lawful_tells():
    assert REFUSED == ["sex", "simulated ethnicity", "state"]


@pytest.mark.parametrize("trait", REFUSED)
def test_a_column_that_is_a_trait_is_refused_with_its_name(trait):
    claims = people(500)
    vectors = noise(claims)
    refuse_traits(claims, vectors, COLUMNS)
    vectors[:, PLACE] = coded(claims, trait)
    vectors[::7, PLACE] = np.nan
    with pytest.raises(InvalidInput, match="must not enter a score") as caught:
        refuse_traits(claims, vectors, COLUMNS)
    (fault,) = caught.value.faults
    assert (fault.field, fault.found) == (COLUMNS.names[PLACE], f"tells the {trait} of claimants")


def test_a_noisy_sex_is_refused_too():
    claims = people(500)
    vectors = noise(claims)
    vectors[:, 5] = coded(claims, "sex") + noise(claims, 2)[:, 0] / 8
    with pytest.raises(InvalidInput) as caught:
        refuse_traits(claims, vectors, COLUMNS)
    assert [fault.field for fault in caught.value.faults] == [COLUMNS.names[5]]


def test_contributions_of_full_careers_tell_the_young_and_stop_no_training():
    """Work begun at 18 to 24, three to five months of five paid: lawful, measured, not refused."""
    chance = np.random.default_rng(11)
    claims = people(2_000)
    on = local_day(claims[0].received_at)
    ages = np.array([age_on(claim.claimant.mykad, on) for claim in claims])
    worked = np.maximum(ages - chance.integers(18, 25, len(ages)), 0) * 12
    vectors = noise(claims)
    vectors[:, PLACE] = np.round(worked * chance.uniform(0.6, 1.0, len(ages)))
    young = coded(claims, "age") == sorted(AGE_BANDS).index("under 30")
    assert tells(vectors[:, PLACE], young, sure=A_TRAIT)
    refuse_traits(claims, vectors, COLUMNS)
    told = found(claims, vectors)["age"]
    assert (told.told.low > 0.7, told.carriers[0].column) == (True, COLUMNS.names[PLACE])


def test_a_column_that_only_leans_is_measured_and_not_refused():
    claims = people(800)
    vectors = noise(claims)
    vectors[:, PLACE] += 1.5 * coded(claims, "sex")
    refuse_traits(claims, vectors, COLUMNS)
    name = COLUMNS.names[PLACE]
    told = found(claims, vectors, **{name: 3.0, COLUMNS.names[0]: 1.0})
    assert told["sex"].told.low > 0.75
    assert told["sex"].carriers[0].column == name
    assert told["sex"].carriers[0].of_trait > 0.3
    assert told["sex"].carriers[0].of_score == 0.75
    for other in ("age", "state", "simulated ethnicity"):
        assert told[other].told.low < CHANCE < told[other].told.value + 0.1
        assert told[other].carriers == ()


def test_a_person_is_never_told_by_another_claim_of_the_same_person():
    """A column that is nothing but a mark of each person tells no trait."""
    claims = people(150, claims=8)
    marks = np.repeat(np.random.default_rng(2).normal(size=(150, len(COLUMNS))), 8, axis=0)
    told = found(claims, marks)["sex"].told
    assert told.low <= CHANCE <= told.high
    assert told.high - told.low > 0.1  # eight claims of a person are not eight people


def test_intervals_hold_chance_as_often_as_they_say():
    chance = np.random.default_rng(5)
    covered = 0
    for _ in range(100):
        of_people = chance.integers(0, 3, 1_000)
        people_of = chance.integers(0, 1_000, 2_000)  # some have no claim, some have many
        places = chance.random((1_000, 3))[people_of]  # all claims of a person are alike
        made = proxy_check._mean_auc(places, of_people[people_of], people_of)
        covered += made.low <= CHANCE <= made.high
    assert 89 <= covered <= 99  # 95 are expected


def test_more_claims_than_the_most_are_drawn_person_by_person(monkeypatch):
    monkeypatch.setattr(proxy_check, "MOST_CLAIMS", 400)
    claims = people(300, claims=2)
    told = found(claims, noise(claims))
    assert told["sex"].people == 200


def test_a_trait_of_few_people_is_not_measured():
    claims = people(40)
    told = found(claims, noise(claims))["simulated ethnicity"]
    assert (told.measured, told.groups, np.isnan(told.told.value)) == (False, 0, True)
    assert proxies((), np.empty((0, len(COLUMNS))), COLUMNS, {}, seed=1) == ()


def test_the_check_comes_back_as_it_was_kept():
    claims = people(200)
    made = tuple(found(claims, noise(claims)).values())
    again = proxies_from_json(proxies_to_json(made))
    assert [one for one in again if one.measured] == [one for one in made if one.measured]
    assert proxies_to_json(again) == proxies_to_json(made)  # nan is no equal of itself
    assert {one.measured for one in again} == {True, False}
    with pytest.raises(InvalidInput, match="traits told from columns"):
        proxies_from_json('[{"trait": "sex"}]')
