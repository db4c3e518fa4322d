"""Gaps between groups: told from chance, named in words, and a reason to refuse a version."""

import json
from dataclasses import replace

import numpy as np
import pytest

from fraud.errors import Conflict, InvalidInput
from fraud.privacy import ALL_OPEN
from fraud.records import Label, Scheme
from fraud.workflow import policy
from models import retrain as retraining
from models.equality import NOT_KNOWN, groups_of
from models.fairness import FAIRNESS, Verdict, gaps, gaps_from_json, gaps_to_json, refusals
from models.promote import refuse_unfit
from models.registry import CHAMPION, Registry
from models.table import gather
from tests.support import town
from tests.support.builders import COMMUTER, a_claim, a_claimant, an_address

WOMEN = "900101000012"


def people(count: int, *, women: bool):
    """So many people of one sex, each with one claim."""
    numbers = [f"900101{n:05d}{2 if women else 1}" for n in range(count)]
    return [a_claim(COMMUTER, claim_id=f"C-{m}", claimant=a_claimant(mykad=m)) for m in numbers]


def of_sex(men: int, men_up: int, women: int, women_up: int):
    flags = [n < men_up for n in range(men)] + [n < women_up for n in range(women)]
    found = gaps(people(men, women=False) + people(women, women=True), np.array(flags))
    return {gap.group: gap for gap in found if gap.trait == "sex"}


def test_equal_rates_on_many_claims_keep_to_the_policy():
    found = of_sex(5_000, 500, 5_000, 500)
    assert {gap.verdict for gap in found.values()} == {Verdict.WITHIN}
    assert found["women"].rate.value == 0.1
    assert found["women"].ratio.value == pytest.approx(1.0)


def test_a_gap_that_chance_cannot_explain_is_beyond_the_policy():
    found = of_sex(2_000, 100, 2_000, 250)
    assert found["women"].verdict is Verdict.BEYOND
    assert found["men"].verdict is Verdict.WITHIN
    assert found["women"].ratio.value == pytest.approx(2.5, rel=0.01)


def test_few_claims_say_nothing_however_far_apart():
    found = of_sex(300, 1, 300, 4)
    assert found["women"].verdict is Verdict.UNKNOWN


def test_intervals_hold_for_all_groups_together():
    chance = np.random.default_rng(5)
    claims = people(300, women=False) + people(300, women=True)
    false = 0
    for _ in range(100):
        flags = chance.random(600) < 0.1
        false += any(not gap.ratio.low <= 1 <= gap.ratio.high for gap in gaps(claims, flags))
    assert false <= 10  # 5% are expected


def test_the_gate_names_the_group_and_lets_a_narrower_gap_than_the_champions_pass():
    wide, wider = of_sex(2_000, 100, 2_000, 250), of_sex(2_000, 100, 2_000, 300)
    (reason,) = refusals(tuple(wider.values()), tuple(wide.values()))
    assert reason.startswith("sex, women: honest claims are put up 3.0 times as often as others'")
    assert refusals(tuple(wide.values()), tuple(wider.values())) == []
    assert len(refusals(tuple(wide.values()), ())) == 1
    few = of_sex(40, 1, 20, 2)  # a wider gap, by chance
    assert few["women"].ratio.value > wide["women"].ratio.value
    assert len(refusals(tuple(wide.values()), tuple(few.values()))) == 1


def test_a_person_counts_once_and_is_put_up_by_any_claim():
    claims = people(10, women=False) + people(10, women=True)
    again = [claim.model_copy(update={"claim_id": f"{claim.claim_id}-2"}) for claim in claims]
    up = np.array([n == 0 for n in range(20)] + [n in (0, 15) for n in range(20)])
    found = {gap.group: gap for gap in gaps(claims + again, up) if gap.trait == "sex"}
    assert (found["men"].people, found["men"].put_up) == (10, 1)
    assert (found["women"].people, found["women"].put_up) == (10, 1)


def test_gaps_come_back_as_they_were_kept():
    found = tuple(of_sex(300, 1, 300, 4).values())
    assert gaps_from_json(gaps_to_json(found)) == found
    with pytest.raises(InvalidInput, match="gaps between groups"):
        gaps_from_json('[{"trait": "sex"}]')


def test_who_cannot_be_placed_is_in_no_group():
    known = groups_of(a_claim(COMMUTER, claimant=a_claimant(mykad=WOMEN)))
    assert (known["sex"], known["age"]) == ("women", "30 to 44")
    real = groups_of(a_claim(COMMUTER, claimant=a_claimant(mykad="900101015012")))
    assert real["simulated ethnicity"] == NOT_KNOWN  # nobody's is guessed
    nobody = a_claimant(mykad="991399000011", address=None)
    odd = groups_of(a_claim(COMMUTER, claimant=nobody, workplace_uen=None, employer_code=None))
    assert {odd[trait] for trait in ("age", "state", "work")} == {NOT_KNOWN}


def test_a_version_beyond_the_policy_is_refused_with_the_reason(settings, store, register):
    wide = tuple(of_sex(2_000, 100, 2_000, 250).values())
    register(fairness__json=gaps_to_json(wide).encode())
    registry = Registry(settings)
    with pytest.raises(Conflict, match=r"women: honest claims are put up 2\.5 times as often"):
        refuse_unfit(registry, registry.entry("1"))
    assert registry.by_alias(CHAMPION) is None


def test_a_version_of_which_no_gap_is_known_is_refused(settings, store, register):
    register(fairness__json=b"[]")
    registry = Registry(settings)
    with pytest.raises(Conflict, match="how it treats groups of people was not measured"):
        refuse_unfit(registry, registry.entry("1"))


@pytest.mark.parametrize(
    ("postcode", "state"),
    [("26600", "Pahang"), ("63000", "Selangor"), ("80000", "Johor"), ("50480", "Kuala Lumpur")],
)
def test_a_postcode_says_the_state(postcode, state):
    claimant = a_claimant(address=an_address(postcode=postcode))
    assert groups_of(a_claim(COMMUTER, claimant=claimant))["state"] == state


@pytest.mark.slow
def test_a_challenger_taught_to_suspect_one_scheme_is_refused(
    tmp_path, tmp_path_factory, monkeypatch
):
    """Half of all honest decided claims for temporary disablement are called confirmed fraud."""
    place = town.taught(tmp_path_factory).copy_to(tmp_path)
    store = place.store()

    def biased(store, moment):
        found = gather(store, moment)
        column = found.table.columns.names.index("is_temporary_disablement")
        of_scheme = found.table.vectors[:, column] == 1
        labels = tuple(
            Label.CONFIRMED_FRAUD if hit and hash_of(claim) else label
            for hit, claim, label in zip(
                of_scheme, found.table.claim_ids, found.table.labels, strict=True
            )
        )
        return replace(found, table=replace(found.table, labels=labels))

    monkeypatch.setattr(retraining, "gather", biased)
    in_force = policy.current(store)
    plenty = replace(in_force, capacity=0.2)  # enough claims put up to tell on a small region
    moment = town.moment(store, place.models)
    policy.change(store, plenty, by="Aina", why="a test", now=moment.now)
    made = retraining.retrain(store, place.models, replace(moment, sources=ALL_OPEN))
    store.close()
    registry = Registry(place.models)
    kept = json.loads(registry.files(made.entry)[FAIRNESS])
    scheme = next(g for g in kept if g["group"] == Scheme.TEMPORARY_DISABLEMENT.value)
    assert scheme["ratio"]["low"] > 1.25
    with pytest.raises(Conflict, match="scheme, temporary_disablement: honest claims are put up"):
        refuse_unfit(registry, made.entry)


def hash_of(claim: str) -> bool:
    return int(claim[-1], 36) % 2 == 0
