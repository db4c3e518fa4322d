"""Any claims of the past, in any order: the same links and rows as where all are read in turn."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from fraud.graph import GUARD, Area, LinkedClaim, NodeKind, pack_nodes, ring_of
from fraud.identity.clusters import UNJUDGED, People
from fraud.identity.judgement import Judgement, Verdict
from fraud.privacy import ALL_OPEN
from fraud.records import ClaimId, PersonKey
from fraud.store import link_arrays, links_as_of
from fraud.store.engine import Store
from fraud.store.links_as_of import LinksAsOf
from fraud.store.parts import ClaimParts, Received, Wanted, received, save_links
from fraud.store.rebuild import claim_rows
from fraud.workflow.intake import process_batch
from fraud.workflow.same import judge_people
from tests.support.builders import KEYRING, MYKAD, RECEIVED_ON, a_claim, at

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
SLIPPED = MYKAD[:-1] + "6"
JUDGED = People(
    [Judgement("first", "second", Verdict.SAME, "anis", "made up", NOW, 1)],
    {"first": PersonKey("person 1"), "second": PersonKey("person 2")}.__getitem__,
)
"""Two of the people of `a_linked_claim` are one."""


def a_linked_claim(chance, position):
    """A claim of one of sixty employers; many of these share an address, more than are read."""
    employer = int(chance.integers(60))
    nodes = {
        (NodeKind.PERSON, 1000 + int(chance.integers(80))),
        (NodeKind.ACCOUNT, 2000 + int(chance.integers(25))),
        (NodeKind.ESCORT, escort := 3000 + int(chance.integers(10))),
        (NodeKind.ESCORT_OF_UNLIKE, escort),
        (NodeKind.EMPLOYER, 4000 + employer),
        (NodeKind.EMPLOYER_ADDRESS, 5000 + employer % 2),
        (NodeKind.DIRECTOR, 6000 + employer % 20),
        (NodeKind.REPORT, 6500 + int(chance.integers(100))),
        (NodeKind.CERTIFICATE, 6700 + int(chance.integers(400))),
        (NodeKind.ADDRESS, 7000 + int(chance.integers(90))),
        (NodeKind.DEPENDANT, 8000 + int(chance.integers(90))),
        (NodeKind.DEPENDANT, 8000 + int(chance.integers(90))),
    }
    named = sorted(node for node in nodes if chance.random() < 0.8)
    return LinkedClaim(
        known_at=position,
        claim_id=ClaimId(f"C{chance.integers(300)}"),
        person=PersonKey(f"person {position % 7}"),
        received_on=700_000 + position,
        nodes=tuple((int(kind), number) for kind, number in named),
    )


def in_batches(claims, size):
    for start in range(0, len(claims), size):
        batch = link_arrays.Batch()
        for one in claims[start : start + size]:
            batch.known_at.append(one.known_at)
            batch.claim_ids.append(one.claim_id)
            batch.people.append(one.person)
            batch.received_on.append(one.received_on)
            batch.nodes.append(np.frombuffer(pack_nodes(one.nodes), link_arrays.NODE))
        yield batch


def shown(claims):
    """All that a claim among some tells of itself, packed or not."""
    return [
        (
            *(one.known_at, one.claim_id, one.person, one.received_on, one.lodged_as),
            *(one.all_nodes, one.employers, one.kin, one.ring_steps, one.strong_nodes()),
            *(tuple(one.numbers(kind)) for kind in NodeKind),
        )
        for one in claims
    ]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kept", [None, 7])
def test_links_as_of_a_position_are_those_that_had_grown_by_then(seed, kept, tmp_path, monkeypatch):
    for name in ("CLAIMS_KEPT", "TIES_KEPT", "NODES_KEPT"):
        monkeypatch.setattr(links_as_of, name, kept or getattr(links_as_of, name))
    chance = np.random.default_rng(seed)
    positions = np.cumsum(chance.integers(1, 4, 500)).tolist()
    claims = [a_linked_claim(chance, position) for position in positions]
    link_arrays.arranged(in_batches(claims, 70)).save(tmp_path)
    decided = {claims[3].claim_id: [(50, "genuine"), (90, "confirmed_fraud")]}
    decided |= {one.claim_id: [(one.known_at + 60, "genuine")] for one in claims[5:200:4]}
    as_of = LinksAsOf(link_arrays.Links.load(tmp_path), decided)
    grown = Area()
    crowded = rings = known = 0
    for place, claim in enumerate(claims):
        grown.people = JUDGED if place % 2 else UNJUDGED
        found = as_of.area(claim.known_at, grown.people)
        for number in (*(number for _, number in claim.nodes), 1):
            assert found.degree.get(number, 0) == grown.degree.get(number, 0)
            assert found.latest(number) == grown.latest(number)
            assert (number in found.members) == (number in grown.members)
            assert shown(found.others(claim, [number])) == shown(grown.others(claim, [number]))
            crowded += 5000 <= number < 5002 and found.degree.get(number, 0) > GUARD
        every = [number for _, number in claim.nodes]
        others = found.others(claim, every)
        assert shown(others) == shown(grown.others(claim, every))
        grown.labels = {name: said for name in decided if (said := found.labels.get(name))}
        assert found.findings(others) == grown.findings(others)
        known += sum(map(bool, found.findings(others)))
        ring = ring_of(claim, found)
        # Where no node has a degree of 1, none is passed over for that.
        asks_all = replace(grown, degree={n: max(d, 2) for n, d in grown.degree.items()})
        assert ring == ring_of(claim, grown) == ring_of(claim, asks_all)
        rings += ring.claims > 2
        grown.add(claim)
    assert crowded
    assert rings > 100
    assert known > 100
    labels = {at: as_of.area(at, UNJUDGED).labels for at in (50, 51, 91)}
    name = claims[3].claim_id
    assert name not in labels[50]
    assert (labels[51][name], labels[91][name]) == (["genuine"], ["genuine", "confirmed_fraud"])
    assert labels[91].get("another") is None


@pytest.fixture
def store(database_url):
    opened = Store.open(database_url, KEYRING, create=True)
    yield opened
    opened.close()


def claim(number, mykad=MYKAD, **changes):
    received = at(RECEIVED_ON + timedelta(days=number), "10:00")
    return a_claim(claim_id=f"C{number}", mykad=mykad, received_at=received, **changes)


def take_in(store, *records):
    process_batch(store, records, assessor=None, now=NOW, sources=ALL_OPEN)


def rows_in_parts(store, folder, *names):
    save_links(store, folder, sources=ALL_OPEN)
    parts = ClaimParts(store, folder, sources=ALL_OPEN)
    return [row for name in names for row in parts.rows([Wanted(ClaimId(name))])]


def content(rows):
    """Rows by their cut-off, with their vectors as bytes."""
    return {
        row.cutoff: [
            getattr(row, name) if name != "vector" else row.vector.tobytes()
            for name in row.__slots__
        ]
        for row in rows
    }


def test_one_person_under_two_numbers_is_found_as_of_each_judgement(store, tmp_path):
    take_in(store, claim(1))
    take_in(store, claim(2, SLIPPED))
    judge_people(store, MYKAD, SLIPPED, Verdict.SAME, by="anis", why="made up", now=NOW)
    take_in(store, claim(3, SLIPPED), claim(4))
    judge_people(store, MYKAD, SLIPPED, Verdict.TAKEN_BACK, by="anis", why="made up", now=NOW)
    take_in(store, claim(5), claim(6, SLIPPED))
    backwards = ["C6", "C5", "C4", "C3", "C2", "C1"]
    found = rows_in_parts(store, tmp_path, *backwards)
    assert [row.claim_id for row in found] == backwards
    assert content(found) == content(claim_rows(store, sources=ALL_OPEN))


def test_an_empty_store_has_no_links_and_no_rows(store, tmp_path):
    assert rows_in_parts(store, tmp_path, "C1") == []


def test_claims_are_counted_by_the_day_of_their_first_version(store):
    take_in(store, claim(1), claim(2))
    take_in(store, claim(1, version=2), claim(3))
    before = at(RECEIVED_ON + timedelta(days=3), "10:00")
    days = received(store, before=before)
    assert list(days) == ["C1", "C2"]
    assert days["C2"].first == days["C2"].last == RECEIVED_ON + timedelta(days=2)
    assert len(received(store, before=before + timedelta(seconds=1))) == 3


def test_a_later_version_moves_the_last_day_and_not_the_first(store):
    take_in(store, claim(1))
    again = at(RECEIVED_ON + timedelta(days=9), "10:00")
    take_in(store, claim(1, version=2).model_copy(update={"received_at": again}))
    (days,) = received(store, before=again + timedelta(days=1)).values()
    assert days == Received(RECEIVED_ON + timedelta(days=1), RECEIVED_ON + timedelta(days=9))
