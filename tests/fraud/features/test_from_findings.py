"""What was found of linked claims: decided ones alone, fresh before old, never by way of kin."""

from datetime import timedelta
from math import isnan

import pytest

from fraud.features import from_findings
from fraud.graph import GUARD
from tests.support.builders import (
    EMPLOYER,
    RECEIVED_ON,
    a_certificate,
    a_claim,
    a_history,
    an_account,
    an_address,
    an_area,
    an_employer,
    another_claim,
    at,
    known_of,
)

HANDS, FIRMS = "confirmed_fraud_by_hands_and_papers", "confirmed_fraud_at_firms"
CONFIRMED, GENUINE, OPEN = ["confirmed_fraud"], ["genuine"], ["undetermined"]


def measured(name: str, *others, claim=None, labels=None, history=None) -> float:
    area = an_area(*others)
    area.labels.update(labels or {})
    return getattr(from_findings, name)(known_of(claim, history, area))


def on_account(number, **changes):
    return another_claim(number, account=an_account(), **changes)


def days_ago(days: int):
    return at(RECEIVED_ON - timedelta(days=days))


def test_decided_neighbours_are_drawn_towards_three_percent():
    labels = {"C-1001": ["confirmed_fraud"], "C-1002": ["genuine"], "C-1003": ["undetermined"]}
    others = [on_account(n) for n in (1, 2, 3)]
    share = measured("confirmed_share_on_account", *others, labels=labels)
    assert share == pytest.approx(1.3 / 12)
    assert isnan(measured("confirmed_share_on_account", *others))


def test_the_latest_label_of_a_claim_counts():
    labels = {"C-1001": ["confirmed_fraud", "genuine"]}
    share = measured("confirmed_share_on_account", on_account(1), labels=labels)
    assert share == pytest.approx(0.3 / 11)


OURS = {"intermediary": "IM-1"}


def brought(number, days=0, **changes):
    return another_claim(number, received_at=days_ago(days), **OURS | changes)


def test_one_finding_among_few_fresh_claims_is_a_third():
    found = measured(HANDS, brought(1), claim=a_claim(**OURS), labels={"C-1001": CONFIRMED})
    assert found == pytest.approx(1 / 3)


def test_a_link_of_half_a_year_ago_weighs_half():
    old = measured(HANDS, brought(1, days=180), claim=a_claim(**OURS), labels={"C-1001": CONFIRMED})
    assert old == pytest.approx(0.5 / 2.5)


def test_many_claims_of_one_intermediary_dilute_a_finding():
    others = [brought(n) for n in range(1, 9)]
    found = measured(HANDS, *others, claim=a_claim(**OURS), labels={"C-1001": CONFIRMED})
    assert found == pytest.approx(1 / 10)


def test_a_claim_found_genuine_is_no_finding_but_known():
    claim = a_claim(**OURS)
    assert measured(HANDS, brought(1), claim=claim, labels={"C-1001": GENUINE}) == 0
    assert isnan(measured(HANDS, brought(1), claim=claim, labels={"C-1001": OPEN}))
    assert isnan(measured(HANDS, brought(1), claim=claim))


def test_the_latest_finding_counts():
    labels = {"C-1001": [*CONFIRMED, *GENUINE]}
    assert measured(HANDS, brought(1), claim=a_claim(**OURS), labels=labels) == 0


def test_two_ties_say_more_than_one():
    claim = a_claim(**OURS)
    one = measured(HANDS, brought(1), claim=claim, labels={"C-1001": CONFIRMED})
    twin = brought(
        1, certificates=(a_certificate(serial="KL9-1"),)
    )  # same intermediary and same practitioner
    assert measured(HANDS, twin, claim=claim, labels={"C-1001": CONFIRMED}) > one


def test_a_finding_two_steps_away_passes_through_a_claim_nobody_decided():
    tied = on_account(1, intermediary="IM-7", employer_code="E90000000077")
    far = another_claim(
        2, intermediary="IM-7", employer_code="E90000000077", received_at=days_ago(0)
    )
    found = measured(HANDS, tied, far, labels={"C-1002": CONFIRMED})
    assert 0 < found < measured(HANDS, tied, labels={"C-1001": CONFIRMED})
    assert measured(HANDS, tied, far, labels={"C-1002": CONFIRMED, "C-1001": GENUINE}) == 0


@pytest.mark.parametrize("shared", ["address", "phone"])
def test_homes_and_telephones_carry_no_finding(shared):
    kin = another_claim(1, **{shared: getattr(a_claim().claimant, shared)})
    assert isnan(measured(HANDS, kin, labels={"C-1001": CONFIRMED}))
    assert isnan(measured(FIRMS, kin, labels={"C-1001": CONFIRMED}))


def test_of_an_account_only_strangers_count():
    of_family = on_account(1, address=an_address())
    assert isnan(measured(HANDS, of_family, labels={"C-1001": CONFIRMED}))
    assert isnan(measured(HANDS, on_account(1, address=None), labels={"C-1001": CONFIRMED}))
    assert measured(HANDS, on_account(1), labels={"C-1001": CONFIRMED}) > 0


def test_the_persons_own_earlier_finding_is_not_counted_here():
    own = a_claim(claim_id="C-0000", received_at=days_ago(50), **OURS)
    claim = a_claim(**OURS)
    assert isnan(measured(HANDS, own, claim=claim, labels={"C-0000": CONFIRMED}))


def test_findings_at_the_employer_and_at_its_directors_other_firms():
    here = another_claim(1, employer_code=EMPLOYER)
    assert measured(FIRMS, here, labels={"C-1001": CONFIRMED}) > 0
    theirs = an_employer(staff_count=4)
    sister = another_claim(2, employer_code="E90000000002")
    area = an_area(sister, employers={sister.claim_id: theirs})
    area.labels[sister.claim_id] = CONFIRMED
    claim = a_claim(employer_code="E90000000001")
    known = known_of(claim, a_history(employer=theirs), area)
    assert from_findings.confirmed_fraud_at_firms(known) > 0


def test_a_large_employer_is_read_no_further_than_its_latest_links():
    crowd = [another_claim(n, employer_code=EMPLOYER) for n in range(1, GUARD + 2)]
    assert isnan(measured(FIRMS, *crowd, labels={"C-1001": CONFIRMED}))
    found = measured(FIRMS, *crowd, labels={crowd[-1].claim_id: CONFIRMED})
    assert 0 < found < 0.06
