"""What was scored online is what training will read: the same vectors, to the last bit.

Two workers share one database and one group. Claims, facts, border files, repeats by the sender
and new assignments of the partitions come in between as they like. Afterwards every vector is
computed once more from raw rows, as known at its own cut-off, by code that reads no stored vector.
"""

import threading
import time
import zlib
from collections import Counter
from contextlib import contextmanager
from functools import partial
from typing import ClassVar

import numpy as np
import pytest
from sqlalchemy import text

from fraud.assessment import ModelVersion, Policy
from fraud.features import CATALOGUE, FEATURE_SET, Source
from fraud.privacy import ALL_OPEN
from fraud.records import AccountChange, Claim
from fraud.store.engine import Store
from fraud.store.rebuild import compare_with_stored
from fraud.workflow.crossings import take_in_day
from fraud.workflow.intake import Assessor, process_batch
from fraud.workflow.load import end_of, load_day
from streams.codec import encode
from streams.config import Settings
from streams.topics import SOURCES
from streams.worker import Worker
from tests.streams.fakes import a_broker
from tests.support.town import BASIS, BUSY, GATES, KEYRING, town

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

GROUP = "two-workers"
AHEAD = 240
"""Records that may wait, so that border files really come in between."""
PATIENCE_SECONDS = 240


class ByDigest:
    """Answers by a digest of the vector: some claims of every kind become cases."""

    version = ModelVersion("digest", "1", "0" * 64, FEATURE_SET)
    review_lines: ClassVar = {0.01: 0.99}

    def probabilities(self, vectors):
        return np.array([zlib.crc32(row.tobytes()) / 2**32 for row in vectors])

    def contributions(self, vectors):
        return np.nan_to_num(vectors) / 100


class OneAssessor:
    def assessor(self):
        policy = Policy(version=0, review_line=0.99, least_wrong_payment_sen=0)
        return Assessor(ByDigest(), policy, sources=ALL_OPEN, accept_reserved=True)


class TwoWorkers:
    """Two workers in threads of their own, each with its own connections to one database."""

    def __init__(self, url):
        self.broker = a_broker()
        self.stop = threading.Event()
        self.failures = []
        self.stores = [Store.open(url, KEYRING) for _ in range(2)]
        self.assessed = Counter()
        self.threads = [threading.Thread(target=self._work, args=(one,)) for one in self.stores]

    def _process(self, store, records, **given):
        result = process_batch(store, records, **given)
        self.assessed[id(store)] += result.assessed
        return result

    def _work(self, store):
        settings = Settings(group=GROUP, batch_size=60, poll_seconds=0.01)
        try:
            with self.broker.source(SOURCES, GROUP) as source:
                Worker(
                    source,
                    partial(self._process, store),
                    OneAssessor(),
                    settings=settings,
                    clock=lambda: end_of(BUSY.last_day),
                ).run(self.stop)
        except BaseException as error:  # noqa: BLE001 - shown by the test's own thread
            self.failures.append(error)

    @contextmanager
    def running(self):
        for thread in self.threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            for thread in self.threads:
                thread.join()
            for store in self.stores:
                store.close()
        assert self.failures == []

    def send(self, records):
        self.broker.sink().send_all([encode(record, KEYRING) for record in records])

    def wait(self, ahead=0):
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self.broker.admin() as admin:
            while sum(admin.group_lag(GROUP, SOURCES).values()) > ahead:
                assert not self.failures
                assert time.monotonic() < deadline
                time.sleep(0.005)


def live_through(store, days, workers):
    """Each day's border file and records while the workers are at it; some twice, some late."""
    late = []
    for number, lived in enumerate(days):
        if number % 17 == 5:
            late.append(lived)
        else:
            take_in_files(store, [lived])
        if number % 17 == 11:
            take_in_files(store, late)
        workers.send(lived.records)
        workers.send(lived.records[::9])
        if number % 40 == 20:
            workers.broker.rebalance(GROUP)
        workers.wait(ahead=AHEAD)
    workers.wait()


def take_in_files(store, days):
    for lived in days:
        day = (lived.border_day, lived.person_days)
        take_in_day(store, *day, basis=BASIS, now=end_of(lived.day))


def rows(store, statement):
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


@pytest.fixture
def store(database_url):
    opened = Store.open(database_url, KEYRING, create=True)
    yield opened
    opened.close()


def test_two_workers_score_what_a_rebuild_computes(database_url, store):
    found = town(BUSY)
    workers = TwoWorkers(database_url)
    with workers.running():
        live_through(store, found.days, workers)
    assert min(workers.assessed[id(one)] for one in workers.stores) > 200
    compared = compare_with_stored(store, sources=ALL_OPEN)
    assert compared.compared >= 2_000
    assert compared.different == ()
    records = list(found.records())
    due = {(one.claim_id, one.version) for one in records if isinstance(one, Claim)}
    keys = rows(store, "SELECT claim_id, claim_version, trigger_fact FROM assessments")
    assert Counter(key[:2] for key in keys if not key[2]) == dict.fromkeys(due, 1)
    again = Counter(key[2] for key in keys if key[2])
    changed = {one.fact_id for one in records if isinstance(one, AccountChange)}
    assert {name: again[name] for name in changed} == dict.fromkeys(changed, 1)
    facts = {one.fact_id for one in records if not isinstance(one, Claim)}
    assert all(name in facts or name.startswith("border-file-") for name in again)
    assert len({name for name in again if name in facts} - changed) > 50
    assert max(Counter(keys).values()) == 1
    assert compared.compared == len(keys)
    check_every_source_was_read(store)


KNOWN_AT_INTAKE = (
    Source.CLAIM,
    Source.CONTRIBUTIONS,
    Source.EMPLOYER,
    Source.CROSSINGS,
    Source.ENROLMENT,
    Source.LINKS,
    Source.DECISIONS,
)
ANSWERS_SEEN = (Source.ATTENDANCE, Source.HOSPITAL)


def check_every_source_was_read(store):
    """Equal vectors prove nothing about a source that left them all unknown.

    Answers come days after their claim: only claims that are looked at again know them.
    """
    vectors = [np.frombuffer(one) for (one,) in rows(store, "SELECT vector FROM assessments")]
    known = ~np.isnan(np.vstack(vectors))
    for source in (*KNOWN_AT_INTAKE, *ANSWERS_SEEN):
        columns = [place for place, one in enumerate(CATALOGUE) if one.source is source]
        least = 1 if source in ANSWERS_SEEN else 100
        assert known[:, columns].any(axis=1).sum() >= least, source


def altered(vector):
    return vector[:-1] + bytes([vector[-1] ^ 1])


def test_one_altered_bit_is_named(store):
    for lived in town(BUSY).days[:20]:
        load_day(store, lived, gates=GATES, assessor=OneAssessor().assessor())
    before = compare_with_stored(store, sources=ALL_OPEN)
    assert before.compared > 20
    assert before.different == ()
    ((name, vector),) = rows(
        store, "SELECT assessment_id, vector FROM assessments ORDER BY cutoff LIMIT 1 OFFSET 7"
    )
    with store.begin() as connection:
        connection.execute(
            text("UPDATE assessments SET vector = :vector WHERE assessment_id = :name"),
            {"vector": altered(vector), "name": name},
        )
    assert compare_with_stored(store, sources=ALL_OPEN).different == (name,)
