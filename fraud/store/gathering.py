"""What was known of a batch of claims: one set-based load, then each claim in its turn."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from fraud.clock import local_day
from fraud.features import Known
from fraud.features.catalogue import BASELINE_DAYS
from fraud.graph import Area, LinkedClaim, nodes_of
from fraud.history import History, history_from
from fraud.movement import PersonDay
from fraud.privacy import KeyRing
from fraud.records import AnyFact, Claim, EmployerDescription
from fraud.store import raw
from fraud.store.engine import Store
from fraud.store.raw import ClaimState, Span


@dataclass(slots=True)
class Gathered:
    """A batch of claim states with what was known of each, in the order they become known."""

    states: Sequence[ClaimState]
    linked: list[LinkedClaim]
    histories: list[History]
    area: Area

    def each(self) -> Iterator[tuple[ClaimState, Known]]:
        """Each claim as known at its position; the next one knows it."""
        for state, linked, history in zip(self.states, self.linked, self.histories, strict=True):
            yield state, Known(state.claim, history, linked, self.area)
            self.area.add(linked)


def linked_claim(claim: Claim, history: History, keyring: KeyRing, *, known_at: int) -> LinkedClaim:
    """The claim as the graph sees it, with what its history adds to its nodes."""
    return LinkedClaim(
        known_at=known_at,
        claim_id=claim.claim_id,
        person=keyring.person_key(claim.claimant.mykad),
        received_on=local_day(claim.received_at).toordinal(),
        nodes=nodes_of(claim, keyring, history.employer, history.enrolments),
    )


def span_of(claim: Claim, keyring: KeyRing, *, cutoff: int) -> Span:
    """The days of crossings a claim may be read against."""
    last = local_day(claim.received_at).toordinal()
    first = last
    if claim.injury:
        first = local_day(claim.injury.occurred_at).toordinal()
    elif claim.job_loss:
        first = claim.job_loss.last_day.toordinal()
    return Span(
        keyring.person_key(claim.claimant.mykad), min(first, last) - BASELINE_DAYS, last, cutoff
    )


def gather(
    store: Store,
    connection: Connection,
    states: Sequence[ClaimState],
    positions: Sequence[int],
    *,
    crossings_open: bool,
) -> Gathered:
    """Load what was known of some claim states by the last of their positions.

    Cost: about ten statements, whatever the batch.
    """
    if not states:
        return Gathered(states, [], [], Area())
    keyring = store.keyring
    histories = _histories(store, connection, states, positions, crossings_open=crossings_open)
    linked = [
        linked_claim(state.claim, history, keyring, known_at=position)
        for state, history, position in zip(states, histories, positions, strict=True)
    ]
    return Gathered(states, linked, histories, raw.area_of(store, connection, linked))


def _histories(
    store: Store,
    connection: Connection,
    states: Sequence[ClaimState],
    positions: Sequence[int],
    *,
    crossings_open: bool,
) -> list[History]:
    keyring = store.keyring
    people = [keyring.person_key(state.claim.claimant.mykad) for state in states]
    codes = {state.claim.employer_code for state in states if state.claim.employer_code}
    of_people = raw.facts_about(store, connection, people, raw.PERSON_FACTS, until=positions[-1])
    of_employers = raw.facts_about(store, connection, codes, ("employer",), until=positions[-1])
    employers = {
        code: fact
        for code, described in of_employers.items()
        for fact in described[-1:]
        if isinstance(fact, EmployerDescription)
    }
    outages: dict[int, float] = {}
    days: list[dict[int, PersonDay]] = [{} for _ in states]
    if crossings_open:
        files = raw.crossing_files(connection)
        outages = {day: share for known_at, day, share in files if known_at <= positions[-1]}
        spans = [
            span_of(state.claim, keyring, cutoff=position)
            for state, position in zip(states, positions, strict=True)
        ]
        days = raw.days_of(store, connection, spans)
    return [
        history_from(
            of_people.get(person, []),
            employers.get(state.claim.employer_code or ""),
            seen,
            outages,
        )
        for state, person, seen in zip(states, people, days, strict=True)
    ]


class FactBook:
    """Facts received so far, by subject: what a rebuild reads in place of the store."""

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring
        self._about: dict[str, list[AnyFact]] = defaultdict(list)
        self._employers: dict[str, EmployerDescription] = {}

    def add(self, fact: AnyFact) -> None:
        """Make a fact known."""
        if isinstance(fact, EmployerDescription):
            self._employers[fact.employer_code] = fact
        else:
            self._about[raw.subject_of(fact, self._keyring)].append(fact)

    def history(
        self, claim: Claim, days: dict[int, PersonDay], outages: dict[int, float]
    ) -> History:
        """What is known by now of a claim's people."""
        person = self._keyring.person_key(claim.claimant.mykad)
        return history_from(
            list(self._about.get(person, ())),
            self._employers.get(claim.employer_code or ""),
            days,
            outages,
        )
