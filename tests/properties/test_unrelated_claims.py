"""A claim is read against what concerns it: strangers change nothing, nor does anything later."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from fraud.assessment import Policy
from fraud.privacy import ALL_SHUT
from fraud.records import AnyFact, Claim
from fraud.store.engine import Store
from fraud.store.rebuild import claim_rows, compare_with_stored
from fraud.workflow.intake import Assessor, process_batch
from tests.streams.fakes import NOW, FixedScorer
from tests.support.builders import (
    JSA,
    KEYRING,
    PDB,
    a_certificate,
    a_claim,
    a_statement,
    an_account,
    an_account_change,
    an_address,
    an_attendance,
    an_employer,
    another_claim,
)

ASSESSOR = Assessor(FixedScorer(), Policy(version=0), accept_reserved=True)
QUICK = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SHARED = {"account": an_account("100000000077"), "intermediary": "U0007"}


def related() -> list[Claim | AnyFact]:
    """Claims tied by person, account, employer, clinic and go-between, with facts among them."""
    one_clinic = (a_certificate(serial="S-2", facility="KL00001", practitioner="MMC00001"),)
    return [
        a_statement(),
        an_employer(),
        a_claim(),
        another_claim(1, PDB, **SHARED),
        another_claim(2, PDB, certificates=one_clinic, **SHARED),
        an_attendance(),
        another_claim(3, phone="+60121234567", employer_code="E90000000001"),
        an_account_change(),
        another_claim(4, JSA, address=an_address()),
        a_claim(version=2),
        another_claim(5, PDB, **SHARED),
    ]


def strangers(count: int) -> list[Claim]:
    """Claims that share nothing with those above, nor with one another."""
    return [another_claim(100 + number) for number in range(count)]


@dataclass
class Empty:
    """Makes stores by copying an empty one."""

    template: Path
    folder: Path
    made: int = 0

    def store(self) -> Store:
        self.made += 1
        path = self.folder / f"{self.made}.db"
        shutil.copy(self.template, path)
        return Store.open(f"sqlite:///{path}", KEYRING)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unrelated")
    Store.open(f"sqlite:///{folder / 'template.db'}", KEYRING, create=True).close()
    return Empty(folder / "template.db", folder)


def vectors(store: Store) -> dict[tuple[str, int, str], bytes]:
    """Each stored vector by its key, checked against a rebuild on the way."""
    assert compare_with_stored(store, sources=ALL_SHUT).different == ()
    statement = "SELECT claim_id, claim_version, trigger_fact, vector FROM assessments"
    with store.reading() as connection:
        return {tuple(row[:3]): bytes(row[3]) for row in connection.execute(text(statement))}


def scored(store: Store, *batches: list[Claim | AnyFact]) -> dict[tuple[str, int, str], bytes]:
    for batch in batches:
        process_batch(store, batch, assessor=ASSESSOR, now=NOW)
    found = vectors(store)
    store.close()
    return found


def one_by_one(records: list[Claim | AnyFact]) -> list[list[Claim | AnyFact]]:
    return [[record] for record in records]


@pytest.fixture(scope="module")
def alone(empty):
    """The vectors of the related claims while nobody else claims anything."""
    return scored(empty.store(), *one_by_one(related()))


def test_the_related_claims_are_related(alone, empty):
    """Otherwise strangers would prove nothing: without the others a claim has another vector."""
    last = related()[-1]
    assert scored(empty.store(), [last])["C-1005", 1, ""] != alone["C-1005", 1, ""]


@QUICK
@given(data=st.data())
def test_strangers_anywhere_in_the_stream_change_no_vector(alone, empty, data):
    stream = one_by_one(related())
    for stranger in strangers(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(stream)))
        if data.draw(st.booleans()) and place < len(stream):
            stream[place] = [stranger, *stream[place]]  # in the same batch
        else:
            stream.insert(place, [stranger])
    found = scored(empty.store(), *stream)
    assert {key: found[key] for key in alone} == alone


@QUICK
@given(data=st.data())
def test_nothing_later_changes_what_was_known(empty, data):
    """Wherever the stream is cut, a rebuild of the first part is the same after the second came."""
    records = related()
    cut = data.draw(st.integers(1, len(records) - 1))
    later = data.draw(st.permutations(records[cut:]))
    store = empty.store()
    process_batch(store, records[:cut], assessor=ASSESSOR, now=NOW)
    before = vectors(store)
    rebuilt = {row.cutoff: row.vector for row in claim_rows(store, sources=ALL_SHUT)}
    process_batch(store, later, assessor=ASSESSOR, now=NOW)
    after = {row.cutoff: row.vector for row in claim_rows(store, sources=ALL_SHUT)}
    for cutoff, vector in rebuilt.items():
        assert np.array_equal(after[cutoff], vector, equal_nan=True)
    found = vectors(store)
    assert {key: found[key] for key in before} == before
    store.close()


@QUICK
@given(order=st.permutations(related()), size=st.integers(1, 11))
def test_whatever_the_order_and_the_batches_each_key_is_assessed_once(empty, order, size):
    batches = [order[start : start + size] for start in range(0, len(order), size)]
    found = scored(empty.store(), *batches)
    due = {(one.claim_id, one.version, "") for one in order if isinstance(one, Claim)}
    assert due <= set(found)
    again = [key for key in found if key[2]]
    changes = [key for key in again if key[2] == "F-account-change"]
    assert changes in ([("C-0001", 1, changes[0][2])], [("C-0001", 2, changes[0][2])])
    later = [key for key in again if key not in changes]  # those that came after their claim
    assert {key[2] for key in later} <= {"F-attendance", "F-contributions"}
    assert len({key[2] for key in later}) == len(later)
