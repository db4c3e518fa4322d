"""What was found of linked claims: decided ones alone, fresh before old, never by way of kin."""

from dataclasses import replace
from datetime import timedelta
from math import isnan

import pytest

from fraud.features import Known, from_findings
from fraud.graph import GUARD, Area, NodeKind
from fraud.history import History
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
    an_injury,
    another_claim,
    at,
    known_of,
    linked,
    on_account,
)

HANDS, FIRMS = "confirmed_fraud_by_hands_and_papers", "confirmed_fraud_at_firms"
CONFIRMED, GENUINE, OPEN = ["confirmed_fraud"], ["genuine"], ["undetermined"]


def measured(name: str, *others, claim=None, labels=None, history=None) -> float:
    area = an_area(*others)
    area.labels.update(labels or {})
    return getattr(from_findings, name)(known_of(claim, history, area))


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


def test_a_finding_counts_once_by_its_closest_tie():
    """Same intermediary, same practitioner, and the pair of both: one finding, not three."""
    twin = brought(1, certificates=(a_certificate(serial="KL9-1"),))
    crowd = [brought(n) for n in range(2, 10)]
    claim, labels = a_claim(**OURS), {"C-1001": CONFIRMED}
    assert measured(HANDS, twin, claim=claim, labels=labels) == pytest.approx(1 / 3)
    assert measured(HANDS, twin, *crowd, claim=claim, labels=labels) == pytest.approx(1 / 3)
    assert measured(HANDS, *crowd, brought(1), claim=claim, labels=labels) == pytest.approx(1 / 11)


def test_a_colleague_of_the_same_intermediary_is_counted_at_firms_alone():
    colleague = brought(1, employer_code=EMPLOYER)
    claim, labels = a_claim(**OURS), {"C-1001": CONFIRMED}
    assert measured(FIRMS, colleague, claim=claim, labels=labels) == pytest.approx(1 / 3)
    assert isnan(measured(HANDS, colleague, claim=claim, labels=labels))


REPORT = (
    "The patient fell on the wet stairs of the dormitory and broke the left wrist in two places"
)
SHARED = {
    "certificate": {"certificates": (a_certificate(practitioner="MMC77777"),)},
    "practitioner": {"certificates": (a_certificate(serial="KL9-1", facility="KL99999"),)},
    "intermediary": OURS,
    "account": {"account": an_account()},
    "report": {"injury": an_injury(report_text=REPORT)},
    "police desk": OURS | {"injury": an_injury(police_desk="PD-1")},
}


@pytest.mark.parametrize("shared", SHARED)
def test_strangers_are_tied_by(shared):
    claim = a_claim(**OURS, injury=an_injury(report_text=REPORT, police_desk="PD-1"))
    other = another_claim(1, received_at=days_ago(0), **SHARED[shared])
    assert measured(HANDS, other, claim=claim, labels={"C-1001": CONFIRMED}) == pytest.approx(1 / 3)


@pytest.mark.parametrize("kind", ["REFERRAL", "ESCORT", "INTERMEDIARY_AND_PRACTITIONER"])
def test_and_by_nodes_that_history_or_illness_adds(kind):
    assert by_node(HANDS, kind) == pytest.approx(1 / 3)
    assert isnan(by_node(FIRMS, kind))


@pytest.mark.parametrize("kind", ["EMPLOYER", "HIRING_FIRM", "TRAINING_CENTRE"])
def test_firms_tie_at(kind):
    assert by_node(FIRMS, kind) == pytest.approx(1 / 3)
    assert isnan(by_node(HANDS, kind))


def by_node(name: str, kind: str) -> float:
    """The feature of a claim that shares one node of a kind with a confirmed claim."""
    node = (NodeKind[kind].value, 77)
    claim, other = a_claim(), another_claim(1, received_at=days_ago(0))
    area = Area(labels={other.claim_id: CONFIRMED})
    area.add(with_node(linked(other, History(), known_at=1), node))
    known = Known(claim, a_history(), with_node(linked(claim), node), area)
    return getattr(from_findings, name)(known)


def with_node(claim, node):
    return replace(claim, nodes=(*claim.nodes, node))


def test_a_worker_is_not_near_a_colleague_by_the_letter_of_their_dismissal():
    assert isnan(by_node(HANDS, "LETTER"))


def test_a_claim_nobody_decided_passes_nothing_on():
    """The neighbour on his own family account is no bridge to the finding about his wife."""
    neighbour = on_account(1, intermediary="IM-7")
    far = another_claim(2, intermediary="IM-7")
    assert isnan(measured(HANDS, neighbour, far, labels={"C-1002": CONFIRMED}))


@pytest.mark.parametrize("home", ["address", "phone"])
def test_kin_are_passed_over_whatever_else_they_share(home):
    """Spouses have one doctor, one go-between and one account."""
    theirs = {home: getattr(a_claim().claimant, home), "account": an_account()}
    spouse = brought(1, certificates=(a_certificate(serial="KL9-1"),), **theirs)
    claim, labels = a_claim(**OURS), {"C-1001": CONFIRMED}
    assert isnan(measured(HANDS, spouse, claim=claim, labels=labels))
    at_work = brought(1, employer_code=EMPLOYER, **theirs)
    assert isnan(measured(FIRMS, at_work, claim=claim, labels=labels))


def test_who_gives_no_address_may_be_kin():
    labels = {"C-1001": CONFIRMED}
    assert isnan(measured(HANDS, brought(1, address=None), claim=a_claim(**OURS), labels=labels))
    assert isnan(measured(HANDS, brought(1), claim=a_claim(**OURS, address=None), labels=labels))


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
