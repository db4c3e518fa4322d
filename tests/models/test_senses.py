import numpy as np
import pytest

from fraud.assessment import Outcome
from fraud.store.assessed import Given
from models.judge import Judged
from models.picture import reliability_picture
from models.senses import CALIBRATION, Sense, both_shares, calibration_errors, together
from models.watched import _Life


def life(*looks: tuple[float, Outcome]) -> _Life:
    made = _Life()
    for probability, outcome in looks:
        made.add(Given("C1", probability, outcome, 2, np.zeros(1)))
    return made


def test_a_claim_is_judged_by_the_look_that_put_it_up():
    """A later look has more to go by, but people were shown what put the claim up."""
    one = life((0.1, Outcome.NO_REVIEW), (0.4, Outcome.REVIEW), (0.9, Outcome.REVIEW))
    assert (one.first, one.as_put_up, one.probability) == (0.1, 0.4, 0.9)


def test_a_claim_that_never_was_put_up_is_judged_by_its_latest_look():
    one = life((0.2, Outcome.NO_REVIEW), (0.25, Outcome.CONTROL), (0.05, Outcome.NO_REVIEW))
    assert (one.first, one.as_put_up, one.probability) == (0.2, 0.05, 0.25)


def walked(count: int = 40_000, looks: int = 12, seed: int = 3):
    """Looks at claims by a scorer that is right at every one, and what the claims are."""
    chance = np.random.default_rng(seed)
    fraud = chance.random(count) < 0.1
    evidence = chance.normal(np.where(fraud, 0.5, 0.0)[:, None], 1.0, (count, looks))
    odds = np.log(0.1 / 0.9) + np.cumsum(0.5 * evidence - 0.125, axis=1)
    return fraud, 1 / (1 + np.exp(-odds))


def test_only_the_highest_of_a_life_says_too_much_of_a_scorer_that_is_right():
    fraud, said = walked()
    up = said >= 0.4
    at = np.where(up.any(axis=1), up.argmax(axis=1), said.shape[1] - 1)
    senses = {
        Sense.AS_PUT_UP: said[np.arange(len(said)), at],
        Sense.FIRST: said[:, 0],
        Sense.HIGHEST: said.max(axis=1),
    }
    found = calibration_errors(Judged.plain(fraud), senses, rounds=20, seed=1)
    assert set(found) == set(CALIBRATION)
    for top in ("", "_top"):
        right = found[f"calibration_as_put_up_by_chance{top}"]
        assert found[f"calibration_as_put_up{top}"].value <= right.high
        assert found[f"calibration_highest{top}"].value > 2 * right.high
    assert senses[Sense.HIGHEST].mean() > 1.5 * fraud.mean()


def test_people_of_different_regions_are_different_people():
    one = Judged.plain(np.array([True, False]))
    both = together([one, one])
    assert both.people.tolist() == [0, 1, 2, 3]
    assert both.positive.tolist() == [True, False, True, False]


def test_the_picture_shows_all_claims_and_the_top_and_is_the_same_again():
    chance = np.random.default_rng(1)
    said = chance.beta(0.3, 6, 3000)
    rows = Judged.plain(chance.random(3000) < said)
    found = both_shares(rows, said, rounds=20, seed=1)
    picture = reliability_picture("Simulated region 1", found)
    assert picture.startswith(b"\x89PNG")
    assert picture == reliability_picture("Simulated region 1", found)


@pytest.mark.parametrize("words", ["as put up or latest", "first look", "highest"])
def test_every_figure_says_whose_probability_it_judges(words):
    assert sum(words in one for one in CALIBRATION.values()) == 2
