"""The same records again change nothing: not one row of one table, whatever comes when."""

from functools import partial
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, select

from fraud.assessment import Policy
from fraud.privacy import ALL_OPEN
from fraud.records import Claim
from fraud.store.engine import Store
from fraud.workflow.crossings import take_in_day
from fraud.workflow.intake import Assessor, process_batch
from fraud.workflow.load import end_of
from streams.codec import encode
from streams.config import Settings
from streams.memory_io import MemoryBroker
from streams.topics import SOURCES, specs
from streams.worker import Worker
from tests.streams.fakes import FixedScorer
from tests.streams.processes import spoilt
from tests.support.town import BASIS, BUSY, KEYRING, town

DAYS = 25
NOW = end_of(BUSY.last_day)
LATER = end_of(BUSY.last_day.replace(year=BUSY.last_day.year + 1))
ASSESSOR = Assessor(
    FixedScorer(),
    Policy(version=0, review_line=0.1, least_wrong_payment_sen=20_000),
    sources=ALL_OPEN,
    accept_reserved=True,
)


class OneAssessor:
    def assessor(self):
        return ASSESSOR


def days():
    """The first days of a region that bring claims, border files and facts of all kinds."""
    return list(islice(town(BUSY).days, DAYS))


def tables(store):
    """Every row of every table, ordered; the desk's, the outbox and the audit chain among them."""
    found = MetaData()
    with store.reading() as connection:
        found.reflect(connection)
        return {
            name: sorted(map(repr, connection.execute(select(table))))
            for name, table in found.tables.items()
        }


def take_in(store, given_days, now):
    for lived in given_days:
        take_in_day(store, lived.border_day, lived.person_days, basis=BASIS, now=now)


def work_off(store, broker, group, now):
    """Read every topic from its beginning, as a worker of a new group does."""
    chosen = Settings(group=group, batch_size=30, poll_seconds=0.01)
    with broker.source(SOURCES, group) as source:
        worker = Worker(
            source,
            partial(process_batch, store),
            OneAssessor(),
            settings=chosen,
            clock=lambda: now,
        )
        while worker.step():
            pass


def test_the_whole_stream_again_changes_nothing(database_url):
    store = Store.open(database_url, KEYRING, create=True)
    broker = MemoryBroker()
    broker.admin().ensure_topics(specs())
    sink = broker.sink()
    for lived in days():
        take_in(store, [lived], NOW)
        sent = [encode(record, KEYRING) for record in lived.records]
        sink.send_all(sent)
        sink.send_all([spoilt(one) for one in sent[:1]])
    work_off(store, broker, "first", NOW)
    before = tables(store)
    for name in ("claims", "facts", "assessments", "cases", "decision_files", "dead_letters"):
        assert len(before[name]) >= 20, name
    assert sum(map(len, before.values())) > 1000
    take_in(store, days(), LATER)
    work_off(store, broker, "second", LATER)
    assert tables(store) == before
    store.close()


@pytest.fixture(scope="module")
def lived_through(tmp_path_factory):
    """A store that has taken in some days, their records, and what its tables held then."""
    url = f"sqlite:///{tmp_path_factory.mktemp('replay') / 'test.db'}"
    store = Store.open(url, KEYRING, create=True)
    records = []
    for lived in days():
        take_in(store, [lived], NOW)
        records += lived.records
        process_batch(store, lived.records, assessor=ASSESSOR, now=NOW)
    yield store, records, tables(store)
    store.close()


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_part_of_it_again_in_any_order_changes_nothing(lived_through, data):
    store, records, before = lived_through
    again = data.draw(st.lists(st.sampled_from(records), max_size=60))
    result = process_batch(store, again, assessor=ASSESSOR, now=LATER)
    assert result.duplicates == len(again)
    assert result.assessed == result.facts == 0
    assert tables(store) == before


def test_a_claim_that_comes_again_with_other_contents_changes_nothing(lived_through):
    """The first that came under a key stays: what was assessed can always be read again."""
    store, records, before = lived_through
    claim = next(one for one in records if isinstance(one, Claim))
    other = claim.model_copy(update={"expected_payment_sen": claim.expected_payment_sen + 1})
    process_batch(store, [other], assessor=ASSESSOR, now=LATER)
    assert tables(store) == before
