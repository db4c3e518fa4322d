"""Ring files: cases of several people that hang together, and what leaves them apart."""

from itertools import pairwise

from fraud.graph import GUARD, NodeKind
from fraud.history import History
from fraud.records import ClaimId
from fraud.rings import MOST_PEOPLE, rings_among
from tests.support.builders import an_account, an_address, another_claim, linked

SHARED = an_account("777700001111")


def rings(*claims, with_case=None):
    every = [linked(claim, History(), known_at=n) for n, claim in enumerate(claims)]
    ids = {ClaimId(claim.claim_id) for claim in claims}
    return rings_among(every, ids if with_case is None else with_case)


def test_cases_that_share_an_account_make_one_file_with_each_persons_own_ties():
    first = another_claim(1, account=SHARED, intermediary="U1")
    second = another_claim(2, account=SHARED)
    apart = another_claim(3)
    (ring,) = rings(first, second, apart)
    assert {claim for one in ring.members for claim in one.claims} == {"C-1001", "C-1002"}
    assert [tie.kind for tie in ring.ties] == [NodeKind.ACCOUNT]
    assert ring.first_on == linked(second).received_on
    assert ring.last_on == linked(first).received_on


def test_claims_without_a_case_are_in_no_ring_but_are_counted_where_they_share():
    people = [another_claim(n, account=SHARED) for n in range(1, 5)]
    assert rings(*people, with_case={"C-1001"}) == []
    (ring,) = rings(*people, with_case={"C-1001", "C-1002"})
    assert len(ring.members) == 2
    assert ring.ties[0].all_people == 4


def test_what_many_people_name_ties_nobody():
    crowd = [another_claim(n, account=SHARED) for n in range(1, GUARD + 2)]
    assert rings(*crowd) == []
    assert [len(ring.members) for ring in rings(*crowd[:-1])] == [GUARD]


def test_a_home_or_a_family_telephone_ties_nobody():
    home = an_address("9, Jalan Sama")
    family = [another_claim(n, address=home, phone="+60131234567") for n in (1, 2, 3)]
    assert rings(*family) == []


def test_two_cases_of_one_person_are_no_ring():
    first = another_claim(1, account=SHARED)
    again = another_claim(1, account=SHARED, claim_id="C-2001")
    assert rings(first, again) == []


def test_a_chain_of_two_things_is_one_ring_and_who_holds_it_together_comes_first():
    brought = {"intermediary": "U1", "employer_code": "E00000000777"}
    left = another_claim(1, account=SHARED)
    middle = another_claim(2, account=SHARED, **brought)
    right = another_claim(3, **brought)
    (ring,) = rings(left, middle, right)
    assert ring.members[0].claims == ("C-1002",)
    assert [len(one.ties) for one in ring.members] == [2, 1, 1]


def test_what_may_explain_ties_is_counted():
    firm = "E00000000888"
    staff = [another_claim(n, account=SHARED, employer_code=firm) for n in (1, 2, 3)]
    (ring,) = rings(*staff, another_claim(4, account=SHARED))
    assert ring.explained == {NodeKind.EMPLOYER: 3}


def test_a_large_group_is_parted_where_little_holds_it_together_and_always_alike():
    clusters = [
        [another_claim(base + n, account=an_account(f"7777{base:08d}")) for n in range(12)]
        for base in (100, 200, 300)
    ]
    bridges = [
        another_claim(400 + n, account=end[0].claimant.account, mykad=start[0].claimant.mykad)
        for n, (start, end) in enumerate(pairwise(clusters))
    ]
    every = [claim for cluster in clusters for claim in cluster]
    found = rings(*every, *bridges)
    assert len(found) > 1
    assert max(len(ring.members) for ring in found) <= MOST_PEOPLE
    assert found == rings(*every, *bridges)
