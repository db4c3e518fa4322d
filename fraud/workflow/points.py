"""Scoring points: which claims a batch makes due for a look, and at which point of their life.

A claim is looked at when it is lodged, when its account changes, when it is listed for the Medical
Board, when a payment is due, and when a later fact or border file is about it while it is open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from fraud.assessment import ScoringPoint
from fraud.clock import local_day
from fraud.graph import Node, unpack_nodes
from fraud.identity.clusters import People
from fraud.privacy import GatedSource, KeyRing, OpenSources
from fraud.records import (
    AccountChange,
    AnyFact,
    Attendance,
    BoardAttendance,
    BoardListing,
    Claim,
    ClaimId,
    ContributionStatement,
    DayPresence,
    DeathRegistered,
    Enrolment,
    HospitalAnswer,
    InsurerPayment,
    JobStarted,
    PaymentDue,
    PersonKey,
    PlatformTrips,
)
from fraud.store import raw_claims, raw_facts, touched
from fraud.store.engine import Connection, Store
from fraud.store.raw_claims import ClaimState
from fraud.store.touched import Standing

Naming = AccountChange | BoardListing | BoardAttendance | PaymentDue
"""Facts that name a claim: each asks for a look at it, whatever became of it."""

OfPerson = (
    ContributionStatement
    | Attendance
    | Enrolment
    | HospitalAnswer
    | InsurerPayment
    | PlatformTrips
    | JobStarted
    | DeathRegistered
    | DayPresence
)
"""Facts about a person: each asks for a look at the open claims of that person, but for answers on
a day that change nothing (`_asks`)."""

LATE_DAYS = 7
"""An answer on a day that comes later than this may take an earlier one back."""

SAID_ON = {
    "contributions": "stated_at",
    "attendance": "stated_at",
    "enrolment": "paid_at",
    "account_change": "changed_at",
    "hospital_answer": "answered_at",
    "insurer_payment": "paid_at",
    "platform_trips": "stated_at",
    "job_started": "stated_at",
    "death_registered": "registered_at",
    "board_listing": "listed_at",
    "board_attendance": "attended_at",
    "payment_due": "stated_at",
    "day_presence": "stated_at",
}
"""The field of each kind of fact that says when it came about."""


def said_on(fact: AnyFact) -> date:
    """The day at the border on which one of these facts came about."""
    return local_day(getattr(fact, SAID_ON[fact.kind]))


BORDER_FILE = "border-file-"


def file_name(day: int) -> str:
    """What stands for a border file where a later fact is named."""
    return f"{BORDER_FILE}{date.fromordinal(day).isoformat()}"


def file_day(name: str) -> date | None:
    """The day of the border file that a name stands for; None when it is no such name."""
    return date.fromisoformat(name[len(BORDER_FILE) :]) if name.startswith(BORDER_FILE) else None


def point_after(fact: Naming | OfPerson | None, stands: ScoringPoint) -> ScoringPoint:
    """At which point a claim is looked at because of a fact (None: a border file)."""
    match fact:
        case BoardListing():
            return ScoringPoint.BEFORE_BOARD
        case AccountChange() | PaymentDue(number=1):
            return ScoringPoint.BEFORE_PAYMENT
        case PaymentDue():
            return ScoringPoint.IN_PAYMENT
        case _:
            return stands


@dataclass(frozen=True, slots=True)
class _Ask:
    """One reason to look at one claim again; without a fact it is a border file."""

    name: str
    day: int
    fact: Naming | OfPerson | None = None

    @property
    def sets_point(self) -> bool:
        return isinstance(self.fact, BoardListing | PaymentDue)


@dataclass(slots=True)
class Due:
    """The claim states that a batch makes due, in order: as lodged, then those looked at again."""

    states: list[ClaimState]
    named: dict[ClaimId, tuple[Node, ...]] = field(default_factory=dict)
    """The nodes that claims named last, of those that are looked at again."""


def states_due(
    store: Store,
    connection: Connection,
    received: Sequence[Claim],
    fresh: Sequence[AnyFact],
    *,
    sources: OpenSources,
    people: People,
) -> Due:
    """Claim versions not seen before, then the claims that later facts and files ask to look at.

    Facts that come before their claim are simply known when it comes; a change of account is then
    also made on the claim. Several facts about one claim in one batch ask for one look, named after
    the last of those that say where it stands, else after the last; only changes of account
    are looked at one by one. A fact that may not be read asks for nothing.
    """
    lodged: dict[tuple[str, int, str], ClaimState] = {}
    for state in map(ClaimState, received):
        lodged.setdefault(state.key, state)  # the first body received stays
    asking = [one for one in sources.of(fresh) if isinstance(one, Naming | OfPerson) and _asks(one)]
    of_person = [fact for fact in asking if isinstance(fact, OfPerson)]
    naming = [fact for fact in asking if isinstance(fact, Naming)]
    crossings = sources.allows(GatedSource.CROSSINGS)
    files = touched.files_to_follow(connection) if crossings else {}
    in_files = touched.follow_up(store, connection, files) if files else []
    ids = {claim.claim_id for claim in received} | {fact.claim_id for fact in naming}
    asked_of = {name for fact in of_person for name in _names(fact, store.keyring, people)}
    ids |= {claim_id for _, claim_id in in_files}
    if not ids and not asked_of:
        return Due([])
    known = touched.standings(store, connection, ids, asked_of)
    stored = {key for one in known.values() for key in one.keys}
    states = [state for key, state in lodged.items() if key not in stored]
    asks: dict[ClaimId, list[_Ask]] = {}
    for day, claim_id in in_files:
        if known[claim_id].is_open(day):
            asks.setdefault(claim_id, []).append(_Ask(file_name(day), day))
    here = {state.claim.claim_id for state in states}
    waiting = _waiting_changes(store, connection, states, known, naming, people)
    for fact in (*waiting, *asking):
        names = _names(fact, store.keyring, people)
        for claim_id in _asked_by(fact, names, known, here):
            day = said_on(fact).toordinal()
            asks.setdefault(claim_id, []).append(_Ask(fact.fact_id, day, fact))
    return _again(store, connection, states, asks, known)


def _asks(fact: Naming | OfPerson) -> bool:
    """Whether a fact can change what is made of a claim.

    Like a day without a stay in a border file, an answer on time that a person was not across for
    a working day, or that nobody knows, only says what was taken to be so without it.
    """
    if not isinstance(fact, DayPresence) or fact.presence == "there":
        return True
    return (said_on(fact) - fact.day).days > LATE_DAYS


def _names(fact: Naming | OfPerson, keyring: KeyRing, people: People) -> tuple[PersonKey, ...]:
    """The pseudonyms of the person whom a fact is about."""
    return people.together(keyring.person_key(fact.mykad))


def _asked_by(
    fact: Naming | OfPerson,
    names: Sequence[str],
    known: Mapping[ClaimId, Standing],
    here: set[ClaimId],
) -> Iterable[ClaimId]:
    """The claims that a fact asks to look at, known before or lodged in this batch (`here`)."""
    if isinstance(fact, Naming):
        return [fact.claim_id] if fact.claim_id in known or fact.claim_id in here else []
    day = said_on(fact).toordinal()
    return [
        claim_id
        for claim_id, one in known.items()
        if (one.person in names or one.insured in names)
        and one.is_open(day)
        and (not isinstance(fact, DayPresence) or one.is_about(fact.day.toordinal()))
    ]


def _again(
    store: Store,
    connection: Connection,
    lodged: list[ClaimState],
    asks: Mapping[ClaimId, Sequence[_Ask]],
    known: Mapping[ClaimId, Standing],
) -> Due:
    """The lodged states, followed by those of the claims that are asked for."""
    states = list(lodged)
    newest = {state.claim.claim_id: state.claim for state in lodged}
    named: dict[ClaimId, tuple[Node, ...]] = {}
    if asks:
        rows = raw_claims.latest_rows(store, connection, asks)
        named = {ClaimId(claim_id): unpack_nodes(row.nodes) for claim_id, row in rows.items()}
        for claim_id, row in rows.items():
            newest.setdefault(ClaimId(claim_id), raw_claims.open_claim(store.keyring, row))
    fresh = {state.claim.claim_id for state in lodged}
    for claim_id, asked in asks.items():
        stands = known.get(claim_id)
        heard = stands.heard_on if stands else 0
        claim = newest[claim_id]
        for one in _looks(asked, lodged_now=claim_id in fresh):
            fact = one.fact
            if isinstance(fact, AccountChange):
                claim = _with_account(claim, fact)
            if isinstance(fact, Naming):
                heard = max(heard, one.day)
            point = point_after(fact, stands.point if stands else ScoringPoint.INTAKE)
            state = ClaimState(claim, one.name, point, heard)
            if stands is None or state.key not in stands.keys:
                states.append(state)
    return Due(states, named)


def _looks(asked: Sequence[_Ask], *, lodged_now: bool) -> list[_Ask]:
    """Each change of account, and at most one look for all the rest.

    A claim that is lodged in this batch, or looked at for its account, is read with all other
    facts anyway; only a board or a payment asks for a look of its own beside a changed account.
    """
    changes = [one for one in asked if isinstance(one.fact, AccountChange)]
    rest = [one for one in asked if not isinstance(one.fact, AccountChange)]
    points = [one for one in rest if one.sets_point]
    if lodged_now or not rest or (changes and not points):
        return changes
    return [*changes, (points or rest)[-1]]


def _waiting_changes(
    store: Store,
    connection: Connection,
    lodged: Sequence[ClaimState],
    known: Mapping[ClaimId, Standing],
    fresh: Sequence[Naming],
    people: People,
) -> list[AccountChange]:
    """Changes of an account that came in before their claim: two topics keep no common order."""
    first = {one.claim.claim_id: one.claim for one in lodged if one.claim.claim_id not in known}
    if not first:
        return []
    own = (store.keyring.person_key(claim.claimant.mykad) for claim in first.values())
    names = [name for person in own for name in people.together(person)]
    about = raw_facts.facts_about(
        store, connection, names, ("account_change",), until=store.position(connection)
    )
    here = {fact.fact_id for fact in fresh}
    return [
        fact
        for facts in about.values()
        for fact in facts
        if isinstance(fact, AccountChange) and fact.claim_id in first and fact.fact_id not in here
    ]


def _with_account(claim: Claim, change: AccountChange) -> Claim:
    claimant = claim.claimant.model_copy(update={"account": change.new_account})
    return claim.model_copy(update={"claimant": claimant})
