"""Missing records never send more honest claims to review: unknown is shown and never scored.

A scorer trained on one simulated region meets another one, whole and with a kind of record
missing from beginning to end. Claims are read as the worker reads them, so a missing record also
changes what is known of links and of other people. Truth says which claims are honest; the lines
are those above which a share of all claims lies while everything is known.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from fraud.features import build_vector
from fraud.graph import Area
from fraud.movement import CrossingDay
from fraud.privacy import ALL_OPEN, ALL_SHUT, GatedSource, OpenSources
from fraud.records import (
    AccountChange,
    Attendance,
    Claim,
    ContributionStatement,
    Decision,
    EmployerDescription,
    Enrolment,
    Label,
    Payment,
)
from fraud.simulator.days import LivedDay
from fraud.store.gathering import FactBook, linked_claim, span_of
from fraud.store.raw_claims import ClaimState
from models.columns import columns_in_force
from tests.support.town import BUSY, KEYRING, town

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SHARES = (0.01, 0.02, 0.05, 0.1, 0.2)
KINDS = {
    "contributions": ContributionStatement,
    "employer": EmployerDescription,
    "attendance": Attendance,
    "enrolment": Enrolment,
    "account changes": AccountChange,
    "decisions": Decision,
}

Change = Callable[[LivedDay], LivedDay]


def without_file(lived: LivedDay) -> LivedDay:
    """A day whose border file was lost."""
    lost = CrossingDay(lived.border_day.day, outage_share=1.0)
    return replace(lived, border_day=lost, person_days=[])


def every_other_file_lost(lived: LivedDay) -> LivedDay:
    return without_file(lived) if lived.day.toordinal() % 2 else lived


def working_days_lost(lived: LivedDay) -> LivedDay:
    """Only weekends are known: the days on which nobody works look as busy as ever."""
    return without_file(lived) if lived.border_day.day.weekday() < 5 else lived


def without(kind: type) -> Change:
    """Days on which no record of a kind came in."""
    return lambda lived: replace(
        lived, records=[one for one in lived.records if not isinstance(one, kind)]
    )


def vectors_of(
    change: Change = lambda lived: lived, sources: OpenSources = ALL_OPEN
) -> dict[str, np.ndarray]:
    """Each claim as lodged, read against what was known before it and may be read."""
    area, book = Area(), FactBook(KEYRING)
    days: dict[str, dict[int, object]] = defaultdict(dict)
    outages: dict[int, float] = {}
    found: dict[str, np.ndarray] = {}
    for lived in map(change, town(BUSY).days):
        outages[lived.border_day.day.toordinal()] = lived.border_day.outage_share
        for one in lived.person_days:
            days[one.mykad][one.day.toordinal()] = one
        for record in lived.records:
            if isinstance(record, Claim):
                at = len(area.claims) + 1
                state = ClaimState(record)
                span = span_of(state, KEYRING, cutoff=at)
                mine = days[record.claimant.mykad].items()
                seen = {day: one for day, one in mine if span.first <= day <= span.last}
                history = book.history(state, seen, dict(outages), sources)
                linked = linked_claim(record, history, KEYRING, known_at=at)
                vector = build_vector(record, history, area, linked)
                found.setdefault(record.claim_id, vector)
                area.add(linked)
            elif isinstance(record, Decision):
                area.labels.setdefault(record.claim_id, []).append(record.label.value)
            elif not isinstance(record, Payment):
                book.add(record)
    return found


@dataclass
class Honest:
    """Honest claims of a region that the scorer never saw."""

    scorer: object
    claims: list[str]
    vectors: np.ndarray
    lines: dict[float, float]

    def put_up(self, vectors: np.ndarray) -> dict[float, np.ndarray]:
        """Which of the honest claims are put up at each line."""
        found = self.scorer.probabilities(vectors)
        return {share: found >= line for share, line in self.lines.items()}

    def of(self, found: dict[str, np.ndarray]) -> np.ndarray:
        return np.vstack([found[claim] for claim in self.claims])


@pytest.fixture(scope="module")
def honest(trained_scorer):
    whole = vectors_of()
    truth = town(BUSY).region.truth
    claims = [claim for claim in whole if truth[claim].label is Label.GENUINE]
    everything = trained_scorer.probabilities(np.vstack(list(whole.values())))
    lines = {share: float(np.quantile(everything, 1 - share)) for share in SHARES}
    made = Honest(trained_scorer, claims, np.zeros(0), lines)
    made.vectors = made.of(whole)
    return made


def check_no_more(honest, hidden):
    """Not one more at any line; the scorer's promise needs no tolerance."""
    before, after = honest.put_up(honest.vectors), honest.put_up(hidden)
    for share in SHARES:
        assert after[share].sum() <= before[share].sum(), (share, figures(before, after))


def figures(before, after):
    """Put up before and after, and how many of the latter are new, at each line."""
    return {
        share: (
            int(before[share].sum()),
            int(after[share].sum()),
            int((after[share] & ~before[share]).sum()),
        )
        for share in SHARES
    }


def test_some_honest_claims_are_put_up_while_all_is_known(honest):
    """Otherwise the tests below would prove nothing."""
    put_up = honest.put_up(honest.vectors)
    assert len(honest.claims) > 1500
    assert put_up[0.02].sum() >= 1
    assert put_up[0.1].sum() > 50


class CountsUnknown:
    """A scorer as none may be: what is missing speaks for a review."""

    def probabilities(self, vectors: np.ndarray) -> np.ndarray:
        return np.isnan(vectors).mean(axis=1)


def test_a_scorer_that_counts_what_is_unknown_is_found_out(honest):
    counted = CountsUnknown().probabilities(honest.vectors)
    lines = {share: float(np.quantile(counted, 1 - share)) for share in SHARES}
    found_out = replace(honest, scorer=CountsUnknown(), lines=lines)
    hidden = honest.vectors.copy()
    hidden[:, columns_in_force().of_source("contributions")] = np.nan
    with pytest.raises(AssertionError):
        check_no_more(found_out, hidden)


@pytest.mark.parametrize("source", sorted(set(columns_in_force().sources)))
def test_a_masked_source_puts_no_more_honest_claims_up(honest, source):
    hidden = honest.vectors.copy()
    hidden[:, columns_in_force().of_source(source)] = np.nan
    check_no_more(honest, hidden)


@pytest.mark.parametrize("kind", KINDS)
def test_records_that_never_came_put_no_more_honest_claims_up(honest, kind):
    check_no_more(honest, honest.of(vectors_of(without(KINDS[kind]))))


@pytest.mark.parametrize("source", GatedSource)
def test_a_closed_gate_puts_no_more_honest_claims_up(honest, source):
    shut = ALL_OPEN.without([source])
    crossings = without_file if source is GatedSource.CROSSINGS else lambda lived: lived
    check_no_more(honest, honest.of(vectors_of(crossings, shut)))


def test_all_gates_closed_put_no_more_honest_claims_up(honest):
    check_no_more(honest, honest.of(vectors_of(without_file, ALL_SHUT)))


@pytest.mark.parametrize("lost", [every_other_file_lost, working_days_lost])
def test_border_files_lost_here_and_there_put_no_more_honest_claims_up(honest, lost):
    """Half of somebody's days give another share of days than all of them, up or down by chance.

    So claims cross a line both ways. Of those that cross, half should rise: more than two
    standard deviations above half (the square root of their number) would mean that loss pays.
    """
    before, after = honest.put_up(honest.vectors), honest.put_up(honest.of(vectors_of(lost)))
    for share in SHARES:
        crossed = int((before[share] != after[share]).sum())
        rise = int(after[share].sum() - before[share].sum())
        assert rise <= 2 * crossed**0.5, (share, figures(before, after))
