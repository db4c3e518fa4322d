"""A batch costs the same few statements whatever its size, and one call of the scorer."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from fraud.assessment import Policy
from fraud.movement import CrossingDay
from fraud.privacy import ALL_OPEN
from fraud.records import AccountChange, Claim, Decision, PaymentDue
from fraud.store.engine import Store
from fraud.store.letters import DeadLetter
from fraud.workflow.crossings import take_in_day
from fraud.workflow.intake import Assessor, process_batch
from fraud.workflow.load import end_of, load_day
from tests.streams.fakes import FixedScorer
from tests.support.town import BASIS, BUSY, GATES, KEYRING, town

NOW = end_of(BUSY.last_day)
NOTED_ON_CASES = 2
"""Statements of a batch with looks at claims that have a case; the small one has none."""

MOST_STATEMENTS = 50
"""For everything that a batch can bring at once; the transaction's own begin and end included.
Nine of them are sent before the batch has its turn, and hold nobody up. Five find the claims that
border files are about, and what is known of the claims that are looked at again. Three find the
cases that claims have already, and tell them of later looks. One asks for judgements of people."""
MOST_OF_REPEATS = 10
"""Two of them ask which sources stand withdrawn, one for border files to follow up, and one for
judgements of people."""
MOST_OF_A_FILE = 8
HISTORY_DAYS, LAST_DAY = 30, 150
LATER = (3, 30)
"""Claims of the history that a payment is due on, in the small and in the large batch."""
SIZES = (50, 500)


class CountingScorer(FixedScorer):
    """Puts every claim up, so that each batch also opens cases; counts what it is asked."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def probabilities(self, vectors):
        self.asked.append(len(vectors))
        return super().probabilities(vectors)


def an_assessor(scorer, challenger=None):
    policy = Policy(version=0, review_line=0.1, least_wrong_payment_sen=20_000)
    return Assessor(scorer, policy, challenger, sources=ALL_OPEN, accept_reserved=True)


@contextmanager
def statements(store):
    """Every statement sent to the database while this is open."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    yield sent
    event.remove(store._engine, "before_cursor_execute", note)


@pytest.fixture
def store(database_url):
    """A store with a month of history: links, border files, outcomes."""
    opened = Store.open(database_url, KEYRING, create=True)
    for lived in town(BUSY).days[:HISTORY_DAYS]:
        load_day(opened, lived, gates=GATES)
    for lived in town(BUSY).days[HISTORY_DAYS:LAST_DAY]:
        take_in_day(opened, lived.border_day, lived.person_days, basis=BASIS, now=NOW)
    yield opened
    opened.close()


def batches():
    """A batch of each size, of claims of its own, with everything that a batch can hold."""
    later = [one for lived in town(BUSY).days[HISTORY_DAYS:LAST_DAY] for one in lived.records]
    claims = [one for one in later if isinstance(one, Claim)]
    parts = [claims[: SIZES[0]], claims[SIZES[0] : sum(SIZES)]]
    known = [one for lived in town(BUSY).days[:HISTORY_DAYS] for one in lived.records]
    earlier = [one for one in known if isinstance(one, Claim) and one.version == 1]
    due = [payments_due(earlier[: LATER[0]], 1), payments_due(earlier[LATER[0] :][: LATER[1]], 2)]
    return [[*due[number], *with_facts(part, later, number)] for number, part in enumerate(parts)]


def payments_due(claims, number):
    return [
        PaymentDue(
            fact_id=f"due-{claim.claim_id}",
            claim_id=claim.claim_id,
            mykad=claim.claimant.mykad,
            number=number,
            amount_sen=100_000,
            due_on=NOW.date(),
            stated_at=NOW,
        )
        for claim in claims
    ]


def with_facts(claims, later, number):
    people = {claim.claimant.mykad for claim in claims}
    changes = [one for one in later if isinstance(one, AccountChange)]
    decisions = [one for one in later if isinstance(one, Decision)]
    about = [one for one in later if getattr(one, "mykad", None) in people]
    one_each = [
        changes[number].model_copy(update={"claim_id": claims[0].claim_id}),
        decisions[number].model_copy(update={"claim_id": claims[1].claim_id}),
    ]
    rest = [one for one in about if not isinstance(one, AccountChange)]
    return [*rest, *one_each, *claims]


def dead_letters(count, first):
    return [
        DeadLetter("claims.submitted", 0, first + n, b"key", b"{", (), "cut") for n in range(count)
    ]


def test_a_large_batch_costs_as_many_statements_as_a_small_one(store):
    scorer, challenger = CountingScorer(), CountingScorer()
    counts, assessed = [], []
    for size, later, batch in zip(SIZES, LATER, batches(), strict=True):
        dead = dead_letters(size // 10, first=size)
        file = CrossingDay(BUSY.first_day.replace(year=2031, day=later), outage_share=0.0)
        take_in_day(store, file, [], basis=BASIS, now=NOW)
        with statements(store) as sent:
            result = process_batch(
                store, batch, assessor=an_assessor(scorer, challenger), now=NOW, dead=dead
            )
        assert result.assessed >= size + later  # and those that changes and files are about
        assessed.append(result.assessed)
        assert result.facts >= size
        assert result.cases > size // 4
        assert result.dead_letters == size // 10
        counts.append(len(sent))
    small, large = counts
    assert large <= small + NOTED_ON_CASES
    assert large <= MOST_STATEMENTS
    assert scorer.asked == challenger.asked == assessed


def test_a_batch_that_came_before_is_only_looked_up(store):
    _, batch = batches()
    assessor = an_assessor(CountingScorer())
    process_batch(store, batch, assessor=assessor, now=NOW)
    scorer = CountingScorer()
    with statements(store) as sent:
        result = process_batch(store, batch, assessor=an_assessor(scorer), now=NOW)
    assert result.duplicates == len(batch)
    assert not [one for one in sent if one.lstrip().upper().startswith(("INSERT", "UPDATE"))]
    assert len(sent) <= MOST_OF_REPEATS
    assert scorer.asked == []


def test_a_border_file_costs_the_same_whatever_it_holds(store):
    fullest = max(town(BUSY).days, key=lambda lived: len(lived.person_days)).person_days
    assert len(fullest) > 100
    counts = []
    for number, seen in enumerate((fullest[:2], fullest)):
        day = CrossingDay(BUSY.first_day.replace(year=2030, day=number + 1), outage_share=0.0)
        with statements(store) as sent:
            take_in_day(store, day, seen, basis=BASIS, now=NOW)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= MOST_OF_A_FILE
