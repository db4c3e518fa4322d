"""What was known of a batch of claims: one set-based load, then each claim in its turn."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from heapq import merge
from operator import itemgetter

from sqlalchemy import Connection

from fraud.clock import local_day
from fraud.features import Known
from fraud.features.catalogue import BASELINE_DAYS, NO_LINKS_YET, event_of, last_day_read
from fraud.graph import (
    Area,
    LinkedClaim,
    Node,
    Surroundings,
    nodes_named,
    nodes_of,
    other_nodes_of,
    surroundings,
)
from fraud.history import History, Parties, history_from, under_one_number
from fraud.identity.clusters import UNJUDGED, People
from fraud.movement import PersonDay
from fraud.privacy import ALL_SHUT, GatedSource, KeyRing, OpenSources, source_of
from fraud.records import AnyFact, Claim, ClaimId, PersonKey
from fraud.store import links_now, raw_claims, raw_days, raw_facts, switches
from fraud.store.engine import Store
from fraud.store.judgements import all_judgements, people_as_of, people_at_hand
from fraud.store.raw_claims import ClaimState
from fraud.store.raw_days import Span

CLAIMS_AT_HAND = 1000
"""Claims whose nodes are kept at hand where many of their states are read."""


@dataclass(slots=True)
class Gathered:
    """A batch of claim states with what was known of each, in the order they become known."""

    states: Sequence[ClaimState]
    known: list[Known]
    area: Area
    people: People = UNJUDGED
    """Who is who by the judgements known then."""
    sources: OpenSources = ALL_SHUT
    """The gated sources that could be read: with a basis in force, and not withdrawn."""
    named: dict[ClaimId, tuple[Node, ...]] = field(default_factory=dict)
    """The nodes that each claim named last."""

    @property
    def linked(self) -> list[LinkedClaim]:
        """The claims as the graph sees them."""
        return [known.linked for known in self.known]

    def each(self) -> Iterator[tuple[ClaimState, Known]]:
        """Each claim as known at its position; the next one knows it."""
        for state, known in zip(self.states, self.known, strict=True):
            yield state, known
            link(self.area, self.named, state, known.linked)


def link(
    area: Area, named: dict[ClaimId, tuple[Node, ...]], state: ClaimState, claim: LinkedClaim
) -> None:
    """Make a claim state known to the claims after it.

    A claim that is looked at again is no other claim: it is linked again only when a later fact
    made it name other nodes than it did.
    """
    if not state.trigger_fact or named.get(claim.claim_id) != claim.nodes:
        area.add(claim)
    named[claim.claim_id] = claim.nodes


@dataclass(slots=True)
class Ahead:
    """What was known of some claim states by a position, read before their turn: all but links."""

    until: int
    sources: OpenSources
    people: People
    known: dict[tuple[str, int, str], Known]


def read_ahead(store: Store, states: Sequence[ClaimState], *, sources: OpenSources) -> Ahead:
    """Read what needs no turn, so that several workers wait for each other as little as possible.

    Writers go on meanwhile: `gather` reads again whatever new facts are about. States that are
    stored already are left out.
    """
    keyring = store.keyring
    with store.reading() as connection:
        until = store.position(connection)
        people = people_at_hand(store)
        sources = switches.readable(connection, sources)
        stored = raw_claims.known_states(
            store, connection, {state.claim.claim_id for state in states}
        )
        first = {state.key: state for state in reversed(states)}
        fresh = [state for key, state in first.items() if key not in stored]
        histories = _histories(
            store, connection, fresh, [until] * len(fresh), sources=sources, people=people
        )
    known = {
        state.key: Known(
            state.claim,
            history,
            linked_claim(state.claim, history, keyring, known_at=until, people=people),
            NO_LINKS_YET,
        )
        for state, history in zip(fresh, histories, strict=True)
    }
    return Ahead(until, sources, people, known)


def parties_of(claim: Claim, keyring: KeyRing, people: People = UNJUDGED) -> Parties:
    """Whom the facts of a claim are about: the keys of its people, and the employer's code."""
    claimant = people.key(keyring.person_key(claim.claimant.mykad))
    insured = people.key(keyring.person_key(claim.insured_mykad)) if claim.death else claimant
    return Parties(claimant, insured, claim.employer_code or "")


def subjects_of(claim: Claim, keyring: KeyRing, people: People) -> set[str]:
    """All names under which facts about a claim's people and employer are kept."""
    return _names(parties_of(claim, keyring, people), people)


def _names(parties: Parties, people: People) -> set[str]:
    return {name for one in parties.subjects for name in people.together(PersonKey(one))}


class NodesAtHand:
    """The nodes of claims read lately, worked out anew only where something of them is new."""

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring
        self._held: dict[ClaimId, tuple[Claim, Surroundings, tuple[Node, ...]]] = {}

    def of(self, claim: Claim, history: History) -> tuple[Node, ...]:
        """As `fraud.graph.nodes_of`."""
        known = surroundings(claim, history)
        held = self._held.get(claim.claim_id)
        if held is None or held[0] is not claim or held[1] != known:
            if len(self._held) >= CLAIMS_AT_HAND:
                self._held.clear()
            held = claim, known, nodes_named(claim, known, self._keyring)
            self._held[claim.claim_id] = held
        return held[2]


def linked_claim(
    claim: Claim,
    history: History,
    keyring: KeyRing,
    *,
    known_at: int,
    people: People = UNJUDGED,
    nodes: tuple[Node, ...] | None = None,
) -> LinkedClaim:
    """The claim as the graph sees it, with what its history adds to its nodes.

    `nodes` are those that it names, where they are at hand.
    """
    own = keyring.person_key(claim.claimant.mykad)
    person = people.key(own)
    return LinkedClaim(
        known_at=known_at,
        claim_id=claim.claim_id,
        person=person,
        received_on=local_day(claim.received_at).toordinal(),
        nodes=nodes_of(claim, keyring, history) if nodes is None else nodes,
        also=other_nodes_of(claim, keyring, history, people) if people else (),
        lodged_as=own if own != person else None,
    )


def span_of(state: ClaimState, keyring: KeyRing, *, cutoff: int) -> Span:
    """The days of crossings a claim may be read against."""
    claim = state.claim
    last = last_day_read(state.received_on, state.heard_on)
    event = event_of(claim)
    first = state.received_on if event is None or claim.death else event.toordinal()
    return Span(
        keyring.person_key(claim.claimant.mykad), min(first, last) - BASELINE_DAYS, last, cutoff
    )


def sources_read(known: Known) -> OpenSources:
    """The gated sources of which a value was known of a claim.

    Crossings were read where a border file covers any day that the claim is read against, whether
    or not the person is in it.
    """
    history, received = known.history, known.received_on.toordinal()
    read = {source_of(fact) for fact in history.facts}
    event = known.event_on.toordinal() if known.event_on else received
    first = min([event - BASELINE_DAYS, received - BASELINE_DAYS, *known.leave_days[:1]])
    if any(day in history.files for day in range(first, known.until + 1)):
        read.add(GatedSource.CROSSINGS)
    return OpenSources(frozenset(source for source in read if source))


def gather(
    store: Store,
    connection: Connection,
    states: Sequence[ClaimState],
    positions: Sequence[int],
    *,
    sources: OpenSources,
    ahead: Ahead | None = None,
    named: Mapping[ClaimId, tuple[Node, ...]] | None = None,
    people: People | None = None,
) -> Gathered:
    """Load what was known of some claim states by the last of their positions.

    What was read `ahead` is read again only where facts or a judgement of people came in since.
    `named` holds the nodes that claims named before, of those that are looked at again; `people`
    says who is who by the last position, if that was asked before. Cost: about ten statements,
    whatever the batch.
    """
    if not states:
        return Gathered(states, [], Area())
    if people is None:
        people = people_as_of(store, all_judgements(store, connection), positions[-1])
    sources = switches.readable(connection, sources)
    as_before = ahead and ahead.sources == sources and ahead.people is people
    held = _still_true(store, connection, ahead) if ahead and as_before else {}
    rest = [
        (state, position)
        for state, position in zip(states, positions, strict=True)
        if state.key not in held
    ]
    histories = iter(
        _histories(
            store,
            connection,
            [state for state, _ in rest],
            [position for _, position in rest],
            sources=sources,
            people=people,
        )
    )
    gathered = []
    for state, position in zip(states, positions, strict=True):
        known = held.get(state.key)
        if known:
            known.linked = replace(known.linked, known_at=position)
        else:
            history = next(histories)
            linked = linked_claim(
                state.claim, history, store.keyring, known_at=position, people=people
            )
            known = Known(state.claim, history, linked, NO_LINKS_YET)
        gathered.append(known)
    area = links_now.area_of(store, connection, [known.linked for known in gathered])
    area.people = people
    for known in gathered:
        known.area = area
    return Gathered(states, gathered, area, people, sources, dict(named or {}))


def _still_true(
    store: Store, connection: Connection, ahead: Ahead
) -> dict[tuple[str, int, str], Known]:
    """What was read ahead and no later fact or border file is about."""
    if raw_days.files_since(connection, ahead.until):
        return {}
    told_of = raw_facts.subjects_since(store, connection, ahead.until)
    if not told_of:
        return ahead.known
    return {
        key: known
        for key, known in ahead.known.items()
        if told_of.isdisjoint(subjects_of(known.claim, store.keyring, ahead.people))
    }


def _histories(
    store: Store,
    connection: Connection,
    states: Sequence[ClaimState],
    positions: Sequence[int],
    *,
    sources: OpenSources,
    people: People,
) -> list[History]:
    """What was received of each claim's people; what is behind a shut gate stays sealed."""
    if not states:
        return []
    until = positions[-1]
    parties = [parties_of(state.claim, store.keyring, people) for state in states]
    subjects = {name for one in parties for name in _names(one, people)}
    kinds = sources.kinds((*raw_facts.PERSON_FACTS, *raw_facts.EMPLOYER_FACTS))
    found = raw_facts.facts_about(
        store, connection, subjects - {""}, kinds, until=until, people=people
    )
    about = {subject: sources.of(facts) for subject, facts in found.items()}
    outages: dict[int, float] = {}
    days: list[dict[int, PersonDay]] = [{} for _ in states]
    if sources.allows(GatedSource.CROSSINGS):
        files = raw_days.crossing_files(connection)
        outages = {day: share for known_at, day, share in files if known_at <= until}
        days = days_of_people(
            list(zip(states, positions, strict=True)),
            store.keyring,
            lambda _: people,
            partial(raw_days.days_of, store, connection),
        )
    return [
        _history(state, one, about, seen, outages, people)
        for state, one, seen in zip(states, parties, days, strict=True)
    ]


def days_of_people(
    states: Sequence[tuple[ClaimState, int]],
    keyring: KeyRing,
    people: Callable[[int], People],
    days_of: Callable[[Sequence[Span]], list[dict[int, PersonDay]]],
) -> list[dict[int, PersonDay]]:
    """The recorded days of each state's claimant as known at its position, by day number.

    Of a person with several numbers, a day under the number on the claim counts before another.
    """
    spans, owners = [], []
    for owner, (state, position) in enumerate(states):
        span = span_of(state, keyring, cutoff=position)
        for person in people(position).together(span.person):
            spans.append(span if person == span.person else replace(span, person=person))
            owners.append(owner)
    found: list[dict[int, PersonDay]] = [{} for _ in states]
    each = zip(owners, days_of(spans), strict=True)
    for owner, days in each:
        found[owner] = {**days, **found[owner]} if found[owner] else days
    return found


def _history(
    state: ClaimState,
    parties: Parties,
    about: Mapping[str, Sequence[AnyFact]],
    days: Mapping[int, PersonDay],
    outages: Mapping[int, float],
    people: People,
) -> History:
    """The history of a claim, out of facts by the key of whom they are about."""
    claim = state.claim
    numbers = {parties.insured: claim.insured_mykad, parties.claimant: claim.claimant.mykad}
    for party, number in numbers.items():
        if people.other_numbers(number):
            about = {**about, party: under_one_number(about.get(party, ()), number)}
    return history_from(about, parties, days, outages, state.heard_on)


class FactBook:
    """Facts received so far, by subject: what a rebuild reads in place of the store."""

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring
        self._count = 0
        self._about: dict[str, list[tuple[int, AnyFact]]] = defaultdict(list)

    def add(self, fact: AnyFact) -> None:
        """Make a fact known."""
        self._count += 1
        self._about[raw_facts.subject_of(fact, self._keyring)].append((self._count, fact))

    def history(
        self,
        state: ClaimState,
        days: dict[int, PersonDay],
        outages: dict[int, float],
        sources: OpenSources,
        people: People = UNJUDGED,
    ) -> History:
        """What is known by now of a claim's people, but for what is behind a shut gate."""
        parties = parties_of(state.claim, self._keyring, people)
        about = {one: sources.of(self._of(one, people)) for one in parties.subjects}
        return _history(state, parties, about, days, outages, people)

    def _of(self, subject: str, people: People) -> list[AnyFact]:
        """Facts about one subject, under whatever number, in the order in which they came."""
        names = people.together(PersonKey(subject))
        each = [self._about.get(name, ()) for name in names]
        found = merge(*each, key=itemgetter(0)) if len(each) > 1 else each[0]
        return [fact for _, fact in found]
