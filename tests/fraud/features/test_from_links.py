"""Features of links: other people only, known before, hubs no further than the guard."""

from datetime import timedelta
from math import isnan

import pytest

from fraud.features import from_findings, from_links
from fraud.graph import GUARD
from tests.support.builders import (
    EMPLOYER,
    PDB,
    RECEIVED_ON,
    a_certificate,
    a_claim,
    a_history,
    an_account_change,
    an_address,
    an_area,
    an_employer,
    an_injury,
    another_claim,
    at,
    known_of,
    on_account,
)


def measured(name: str, *others, claim=None, labels=None, history=None) -> float:
    area = an_area(*others)
    area.labels.update(labels or {})
    return getattr(from_links, name)(known_of(claim, history, area))


def test_the_account():
    others = (on_account(1), on_account(2, address=an_address()), on_account(3))
    assert measured("people_sharing_account", *others) == 3
    assert measured("people_sharing_account_not_home", *others) == 2
    assert measured("people_sharing_account") == 0
    assert isnan(measured("people_sharing_account", claim=a_claim(account=None)))


def care_home(people: int, address=None):
    home = an_address("8, Jalan Rumah Jagaan")
    return [on_account(n, address=home) for n in range(1, people + 1)] + [
        on_account(n, address=address or an_address(f"{n}, Jalan Kekeluargaan"))
        for n in range(people + 1, people + 3)
    ]


@pytest.mark.parametrize("name", ["people_sharing_account_not_home", "homes_on_account_90d"])
def test_a_care_homes_account_holds_no_strangers_whatever_address_some_gave(name):
    assert measured(name, *care_home(6)) == 0
    assert measured(name, *care_home(5)) > 0  # no more than a large family: the others count


def test_whoever_gives_no_address_is_nobodys_stranger_and_makes_nobody_one():
    name = "people_sharing_account_not_home"
    assert measured(name, on_account(1, address=None), on_account(2)) == 1
    assert isnan(measured(name, on_account(1), claim=a_claim(address=None)))
    for people in (2, 3, 5, 6):
        whole = care_home(people)
        for at_place in range(len(whole)):
            hidden = [*whole]
            number = at_place + 1
            hidden[at_place] = on_account(number, address=None)
            assert measured(name, *hidden) <= measured(name, *whole)


def test_the_same_persons_other_claims_are_not_other_people():
    own = a_claim(claim_id="C-0000", received_at=at(RECEIVED_ON - timedelta(days=50)))
    assert measured("people_sharing_account", own) == 0
    assert measured("earlier_claims_of_person", own) == 1
    assert measured("days_since_last_claim_of_person", own) == 50


def test_at_a_later_look_a_claim_that_came_since_is_no_earlier_one():
    first = a_claim()
    since = a_claim(claim_id="C-0900", received_at=at(RECEIVED_ON + timedelta(days=64)))
    assert measured("earlier_claims_of_person", first, since) == 0
    assert isnan(measured("days_since_last_claim_of_person", first, since))
    before = a_claim(claim_id="C-0000", received_at=at(RECEIVED_ON, "08:00"))
    assert measured("earlier_claims_of_person", before, first, since) == 1
    assert measured("days_since_last_claim_of_person", before, first, since) == 0


def test_an_earlier_claim_that_was_amended_since_is_still_an_earlier_one():
    days = timedelta(days=50)
    before = a_claim(claim_id="C-0000", received_at=at(RECEIVED_ON - days))
    again = a_claim(claim_id="C-0000", version=2, received_at=at(RECEIVED_ON + days))
    assert measured("earlier_claims_of_person", before, a_claim(), again) == 1
    assert measured("days_since_last_claim_of_person", before, a_claim(), again) == 50


def test_versions_of_one_claim_count_once_and_never_link_a_claim_to_itself():
    first, second = on_account(1), on_account(1, version=2)
    assert measured("people_sharing_account", first, second) == 1
    assert measured("earlier_claims_of_person", a_claim(version=1), claim=a_claim(version=2)) == 0


def test_windows_count_back_from_the_receipt():
    near = on_account(1, received_at=at(RECEIVED_ON - timedelta(days=90)))
    far = on_account(2, received_at=at(RECEIVED_ON - timedelta(days=91)))
    assert measured("claims_on_account_90d", near, far) == 1
    assert measured("people_sharing_account", near, far) == 2


def test_a_hub_is_read_up_to_the_guard():
    crowd = [another_claim(n, certificates=(a_certificate(),)) for n in range(1, GUARD + 20)]
    assert measured("claims_of_practitioner_90d", *crowd) <= GUARD


def test_employers():
    history = a_history(employer=an_employer(staff_count=10))
    claims = [another_claim(n, employer_code="E90000000001") for n in range(1, 4)]
    assert measured("claims_at_employer_180d", *claims, history=history) == 3
    assert measured("claims_at_employer_by_staff", *claims, history=history) == pytest.approx(0.3)
    nobody = a_history(employer=an_employer(staff_count=0))
    assert isnan(measured("claims_at_employer_by_staff", *claims, history=nobody))
    other = another_claim(1)
    area = an_area(other, employers={other.claim_id: an_employer(address=an_address("9, X"))})
    known = known_of(area=area)
    assert from_links.employers_sharing_director(known) == 1
    assert from_links.employers_sharing_phone(known) == 1
    assert from_links.employers_sharing_address(known) == 0


def test_a_large_employer_does_not_hide_its_sisters():
    sister, theirs = another_claim(1, employer_code="E90000000002"), an_employer(staff_count=4)
    crowd = [another_claim(n, employer_code="E90000000001") for n in range(2, GUARD + 20)]
    everybody = {claim.claim_id: theirs for claim in (sister, *crowd)}
    area = an_area(sister, *crowd, employers=everybody)
    area.labels[sister.claim_id] = ["confirmed_fraud"]
    known = known_of(a_claim(employer_code="E90000000001"), a_history(employer=theirs), area)
    assert from_links.employers_sharing_director(known) == 1
    assert from_findings.confirmed_share_at_directors_firms(known) == pytest.approx(1.3 / 11)


def test_intermediary_and_practitioner():
    def brought(number, practitioner):
        certificates = (a_certificate(serial=f"S{number}", practitioner=practitioner),)
        return another_claim(number, intermediary="U1", certificates=certificates)

    others = [brought(1, "MMC00001"), brought(2, "MMC00001"), brought(3, "MMC00007")]
    claim = a_claim(intermediary="U1")
    assert measured("claims_of_intermediary_180d", *others, claim=claim) == 3
    assert measured("claims_of_intermediary_with_practitioner", *others, claim=claim) == 2
    share = measured("share_of_intermediary_with_practitioner", *others, claim=claim)
    assert share == pytest.approx(2 / 3)
    assert isnan(measured("claims_of_intermediary_180d", *others))  # brought by nobody else


def test_documents():
    text = "one two three four five six seven eight nine ten eleven twelve"
    mine = a_claim(PDB, injury=an_injury(report_text=text, assessed_percent=5))
    copied = another_claim(1, PDB, injury=an_injury(report_text=text, assessed_percent=5))
    assert measured("claims_with_a_like_report", copied, claim=mine) == 1
    twin = another_claim(2, certificates=(a_certificate(),))
    assert measured("claims_with_same_certificate", twin) == 1


def test_equal_serial_numbers_of_different_facilities_are_no_link():
    elsewhere = another_claim(2, certificates=(a_certificate(facility="KL00099"),))
    assert measured("claims_with_same_certificate", elsewhere) == 0


def test_days_since_the_account_was_changed():
    """Days from the receipt of the claim to the last change of its account."""
    history = a_history(account_changes=(an_account_change(changed_at=at(RECEIVED_ON, "22:00")),))
    assert measured("days_to_account_change", history=history) == pytest.approx(0.5)
    of_another = an_account_change(claim_id="C-9999")
    changes = a_history(account_changes=(of_another,))
    assert isnan(measured("days_to_account_change", history=changes))


def test_a_claim_without_ties_is_a_ring_of_one():
    assert measured("claims_in_ring") == 1
    assert measured("most_ring_claims_on_one") == 1
    assert isnan(measured("ring_days"))


def test_a_ring_over_an_account():
    others = [on_account(n) for n in (1, 2, 3)]
    assert measured("claims_in_ring", *others) == 4
    assert measured("people_for_each_account_in_ring", *others) == 4
    assert measured("most_ring_claims_on_one", *others) == 4
    assert measured("ring_days", *others) == 23


def test_claims_alike_in_three_ways_and_a_helper_of_many():
    brought = {"intermediary": "U1", "employer_code": EMPLOYER}
    claim = a_claim(**brought)
    name = from_links.claims_alike_in_three_ways
    alike = another_claim(1, **brought, certificates=claim.certificates)
    assert name(known_of(claim, area=an_area(alike))) == 1
    helped = another_claim(1, intermediary="U1")
    assert name(known_of(claim, area=an_area(helped))) == 0
    assert isnan(name(known_of(a_claim(), area=an_area(alike))))
