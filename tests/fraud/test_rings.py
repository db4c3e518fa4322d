"""Ring files: cases of several people that hang together, and what leaves them apart."""

import os
import subprocess
import sys

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


def sixty_tied_people():
    """Sixty people in five clusters, each of two accounts, with a bridge between neighbours."""
    chain = []
    for cluster in range(5):
        for n in range(12):
            number = 100 * (cluster + 1) + n
            account = an_account(f"7777{cluster:04d}{n % 2:04d}")
            brought = {"intermediary": f"U{cluster}", "employer_code": f"E{cluster:011d}"}
            chain.append(another_claim(number, account=account, **brought))
        if cluster:
            bridge = an_account(f"8888{cluster:08d}")
            ends = (100 * cluster + 11, 100 * (cluster + 1))
            chain += [
                another_claim(end, account=bridge, claim_id=f"C-{cluster}{end}") for end in ends
            ]
    return rings(*chain)


def test_a_large_group_is_parted_where_little_holds_it_together():
    found = sixty_tied_people()
    assert len(found) > 1
    assert max(len(ring.members) for ring in found) <= MOST_PEOPLE


def test_a_large_group_is_parted_alike_in_every_process():
    script = (
        "from tests.fraud.test_rings import sixty_tied_people\n"
        "print([sorted(one.person for one in ring.members) for ring in sixty_tied_people()])"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(printed) == 1
