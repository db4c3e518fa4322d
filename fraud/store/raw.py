"""Raw rows in and out: claims, facts and person-days, sealed as they came.

Everything here is set-based: a batch costs a handful of statements, whatever its size.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, TextClause, text

from fraud.assessment import ScoringPoint
from fraud.clock import local_day
from fraud.features.catalogue import LONGEST_LEAVE_DAYS
from fraud.graph import (
    GUARD,
    RING_GUARD,
    Area,
    LinkedClaim,
    NodeKind,
    pack_nodes,
    pack_positions,
    ring_steps,
    unpack_nodes,
    unpack_positions,
)
from fraud.identity.clusters import UNJUDGED, People
from fraud.movement import CrossingDay, PersonDay
from fraud.privacy import KeyRing
from fraud.records import (
    AnyFact,
    Claim,
    ClaimId,
    Decision,
    EmployerArrears,
    EmployerDescription,
    OfficerAction,
    PersonKey,
    StaffMove,
)
from fraud.store.engine import Store
from fraud.store.schema import (
    claims,
    crossing_days,
    facts,
    nodes,
    outcomes,
    person_days,
)

LINKED_KEPT = 200_000
"""Claims kept at hand as the graph sees them, about 1.5 kB each; dropping them changes nothing."""

EMPLOYERS_KEPT = 20_000
"""Facts about employers kept at hand: unlike a person's, they are asked for often."""

FACT: TypeAdapter[AnyFact] = TypeAdapter(AnyFact)

PERSON_FACTS = (
    "contributions",
    "attendance",
    "enrolment",
    "account_change",
    "hospital_answer",
    "insurer_payment",
    "platform_trips",
    "job_started",
    "death_registered",
    "board_listing",
    "board_attendance",
    "payment_due",
    "day_presence",
)
"""Kinds of fact about a person that a claim of theirs may be read against. Hires are not: whom they
name may be the one who was wronged, and no claim of theirs is judged by it."""
EMPLOYER_FACTS = ("employer", "employer_arrears", "staff_move")
"""Kinds of fact about an employer that the claims naming it may be read against."""


@dataclass(frozen=True, slots=True)
class ClaimState:
    """A claim as it is assessed: a version as lodged (`trigger_fact` '') or after a later fact."""

    claim: Claim
    trigger_fact: str = ""
    point: ScoringPoint = ScoringPoint.INTAKE
    last_heard: int | None = None
    """Day number of the last fact that names the claim; None when there is none."""

    @property
    def key(self) -> tuple[str, int, str]:
        """Claim, version and triggering fact: one assessment each."""
        return (self.claim.claim_id, self.claim.version, self.trigger_fact)

    @property
    def row(self) -> str:
        """The row it is sealed for."""
        return "claim|{}|{}|{}".format(*self.key)

    @property
    def received_on(self) -> int:
        """Day number of its receipt at the border."""
        return local_day(self.claim.received_at).toordinal()

    @property
    def heard_on(self) -> int:
        """Day number on which the claim was last heard of."""
        return max(self.received_on, self.last_heard or 0)

    @property
    def days(self) -> tuple[int, int] | None:
        """First and last day of crossings that the claim is about; None when there are none.

        The day of the accident and certified leave, or the days after the last day at work.
        """
        claim = self.claim
        if claim.injury:
            first = local_day(claim.injury.occurred_at).toordinal()
            leave = (one.last_day.toordinal() for one in claim.certificates)
            return first, max((first, *leave))
        if claim.job_loss:
            first = claim.job_loss.last_day.toordinal() + 1
            return first, first + LONGEST_LEAVE_DAYS
        return None


def subject_of(fact: AnyFact, keyring: KeyRing) -> str:
    """Whom a fact is about: a person's pseudonym, an employer code or a claim id."""
    if isinstance(fact, EmployerDescription | EmployerArrears | StaffMove):
        return fact.employer_code
    if isinstance(fact, Decision):
        return fact.claim_id
    if isinstance(fact, OfficerAction):
        return fact.officer
    return keyring.person_key(fact.mykad)


def new_facts(
    store: Store, connection: Connection, received: Iterable[AnyFact]
) -> dict[str, AnyFact]:
    """Those facts of a batch that were not known yet, each once, by fact id."""
    fresh = {fact.fact_id: fact for fact in reversed(list(received))}
    known = connection.execute(
        text(f"SELECT fact_id FROM facts WHERE {store.among('fact_id')}"),
        {"keys": store.bound_list(list(fresh))},
    ).scalars()
    for fact_id in known:
        del fresh[fact_id]
    return dict(reversed(fresh.items()))


def add_facts(
    store: Store, connection: Connection, positions: Sequence[int], fresh: Sequence[AnyFact]
) -> None:
    """Keep new facts; a decision of the office also becomes the claim's outcome."""
    store.add_rows(
        connection,
        facts,
        {
            "known_at": positions,
            "fact_id": [fact.fact_id for fact in fresh],
            "kind": [fact.kind for fact in fresh],
            "subject": [subject_of(fact, store.keyring) for fact in fresh],
            "sealed": [
                store.keyring.seal(fact.model_dump_json().encode(), f"fact|{fact.fact_id}")
                for fact in fresh
            ],
        },
    )
    decided = [
        (at, fact) for at, fact in zip(positions, fresh, strict=True) if isinstance(fact, Decision)
    ]
    store.add_rows(
        connection,
        outcomes,
        {
            "known_at": [at for at, _ in decided],
            "claim_id": [fact.claim_id for _, fact in decided],
            "label": [fact.label.value for _, fact in decided],
            "picked_by": [fact.picked_by for _, fact in decided],
            "decided_at": [fact.decided_at for _, fact in decided],
            "wrong_payment_sen": [fact.wrong_payment_sen for _, fact in decided],
            "source": ["fact" for _ in decided],
        },
    )


def known_states(
    store: Store, connection: Connection, claim_ids: Iterable[str]
) -> set[tuple[str, int, str]]:
    """Every stored state of some claims: claim, version and triggering fact."""
    rows = connection.execute(
        text(f"SELECT claim_id, version, trigger_fact FROM claims WHERE {store.among('claim_id')}"),
        {"keys": store.bound_list(list(claim_ids))},
    )
    return {(row[0], row[1], row[2]) for row in rows}


def latest_claims(
    store: Store, connection: Connection, claim_ids: Iterable[str]
) -> dict[ClaimId, Claim]:
    """The latest state of some claims, by claim id."""
    latest = latest_rows(store, connection, claim_ids)
    return {ClaimId(key): open_claim(store.keyring, row) for key, row in latest.items()}


def latest_rows(
    store: Store, connection: Connection, claim_ids: Iterable[str]
) -> dict[str, Row[Any]]:
    """The rows of the latest states of some claims, sealed, by claim id."""
    rows = connection.execute(
        text(
            "SELECT claim_id, version, trigger_fact, nodes, sealed FROM claims"
            f" WHERE {store.among('claim_id')} ORDER BY known_at"
        ),
        {"keys": store.bound_list(list(claim_ids))},
    ).all()
    return {row.claim_id: row for row in rows}


def open_claim(keyring: KeyRing, row: object) -> Claim:
    """Unseal a row of `claims` (claim_id, version, trigger_fact, sealed)."""
    claim_id, version, trigger, sealed = (
        getattr(row, name) for name in ("claim_id", "version", "trigger_fact", "sealed")
    )
    body = keyring.open(bytes(sealed), f"claim|{claim_id}|{version}|{trigger}")
    return Claim.model_validate_json(body)


def seal_claim(keyring: KeyRing, state: ClaimState) -> bytes:
    """A claim state as its row keeps it; `open_claim` opens it."""
    return keyring.seal(state.claim.model_dump_json().encode(), state.row)


def add_states(
    store: Store,
    connection: Connection,
    states: Sequence[ClaimState],
    linked: Sequence[LinkedClaim],
    area: Area,
    sealed: Mapping[tuple[str, int, str], bytes],
) -> None:
    """Keep new claim states, and the links of their nodes as the area has them by now.

    `sealed` holds states that were sealed ahead.
    """
    store.add_rows(
        connection,
        claims,
        {
            "known_at": [one.known_at for one in linked],
            "claim_id": [state.claim.claim_id for state in states],
            "version": [state.claim.version for state in states],
            "trigger_fact": [state.trigger_fact for state in states],
            "scoring_point": [state.point.value for state in states],
            "person": [one.as_stored.person for one in linked],
            "insured": [store.keyring.person_key(state.claim.insured_mykad) for state in states],
            "received_on": [one.received_on for one in linked],
            "heard_on": [state.heard_on for state in states],
            "first_day": [state.days[0] if state.days else None for state in states],
            "last_day": [state.days[1] if state.days else None for state in states],
            "nodes": [pack_nodes(one.nodes) for one in linked],
            "sealed": [
                sealed.get(state.key) or seal_claim(store.keyring, state) for state in states
            ],
        },
    )
    named = sorted(area.changed)
    store.add_rows(
        connection,
        nodes,
        {
            "node": named,
            "degree": [area.degree[number] for number in named],
            "latest": [pack_positions(area.latest(number)) for number in named],
        },
        on_conflict="(node) DO UPDATE SET degree = excluded.degree, latest = excluded.latest",
    )


def area_of(store: Store, connection: Connection, batch: Sequence[LinkedClaim]) -> Area:
    """The links around a batch as stored now, with a second step where a measure needs one.

    That is along rings, to sister employers, and to earlier accidents of the same people.
    """
    area = Area()
    first = {number for claim in batch for _, number in claim.all_nodes}
    _load_members(store, connection, area, first, GUARD)
    reached = {
        position
        for number in ring_steps(batch)
        if area.degree.get(number, 0) <= RING_GUARD
        for position in area.members.get(number, ())
    }
    second = ring_steps(area.claims[position] for position in reached) | _sisters(area, batch)
    second |= _earlier_accidents(area, batch)
    second -= first
    _load_members(store, connection, area, second, RING_GUARD)
    _load_labels(store, connection, area, {one.claim_id for one in (*area.claims.values(), *batch)})
    return area


def _sisters(area: Area, batch: Sequence[LinkedClaim]) -> set[int]:
    """Employers with a director of an employer of the batch."""
    directors = {number for claim in batch for number in claim.numbers(NodeKind.DIRECTOR)}
    return {
        employer
        for number in directors
        for position in area.latest(number)
        for employer in area.claims[position].employers
    }


def _earlier_accidents(area: Area, batch: Sequence[LinkedClaim]) -> set[int]:
    """Earlier accidents in a vehicle of the people of the batch."""
    people = {number for claim in batch for number in claim.numbers(NodeKind.PERSON)}
    return {
        accident
        for number in people
        for position in area.latest(number)
        for accident in area.claims[position].numbers(NodeKind.VEHICLE_ON_DAY)
    }


def _load_members(
    store: Store, connection: Connection, area: Area, numbers: set[int], most: int
) -> None:
    """Degrees of some nodes, and the latest links of those of at most `most` links or any hub."""
    rows = connection.execute(
        text(f"SELECT node, degree, latest FROM nodes WHERE {store.among('node')}"),
        {"keys": store.bound_list(list(numbers))},
    ).all()
    wanted: set[int] = set()
    for node, degree, latest in rows:
        area.degree[node] = degree
        if degree <= most or most == GUARD:  # a second step never goes through a larger node
            area.members[node] = unpack_positions(latest)
            wanted.update(area.members[node])
    _load_linked(store, connection, area, wanted - area.claims.keys())


def _load_linked(store: Store, connection: Connection, area: Area, positions: set[int]) -> None:
    """Claims as the graph sees them; rows never change, so what was read once is kept at hand."""
    kept = store.linked_claims
    if len(kept) > LINKED_KEPT:
        kept.clear()
    missing = [position for position in positions if position not in kept]
    rows = connection.execute(
        text(
            "SELECT known_at, claim_id, person, received_on, nodes FROM claims"
            f" WHERE {store.among('known_at')}"
        ),
        {"keys": store.bound_list(missing)},
    ).all()
    for known_at, claim_id, person, received_on, packed in rows:
        kept[known_at] = LinkedClaim(known_at, claim_id, person, received_on, unpack_nodes(packed))
    for position in positions:
        area.claims[position] = kept[position]


def _load_labels(store: Store, connection: Connection, area: Area, claim_ids: set[ClaimId]) -> None:
    rows = connection.execute(
        text(
            "SELECT claim_id, label FROM outcomes"
            f" WHERE {store.among('claim_id')} ORDER BY known_at"
        ),
        {"keys": store.bound_list(sorted(claim_ids))},
    )
    for claim_id, label in rows:
        area.labels.setdefault(ClaimId(claim_id), []).append(label)


def facts_about(
    store: Store,
    connection: Connection,
    subjects: Iterable[str],
    kinds: Sequence[str],
    *,
    until: int,
    people: People = UNJUDGED,
) -> dict[str, list[AnyFact]]:
    """Facts of some kinds about some subjects, known by a position, oldest first.

    Those about one person under several pseudonyms stand under that person's key.
    """
    rows = connection.execute(
        text(
            "SELECT fact_id, subject, sealed FROM facts"
            f" WHERE {store.among('subject')} AND {store.among('kind', 'kinds')}"
            " AND known_at <= :until ORDER BY known_at"
        ),
        {
            "keys": store.bound_list(sorted(set(subjects))),
            "kinds": store.bound_list(kinds),
            "until": until,
        },
    )
    found: dict[str, list[AnyFact]] = defaultdict(list)
    kept = store.employers
    for fact_id, named, sealed in rows.all():
        subject = people.key(named)
        if fact_id in kept:
            found[subject].append(kept[fact_id])
            continue
        fact = FACT.validate_json(store.keyring.open(bytes(sealed), f"fact|{fact_id}"))
        found[subject].append(fact)
        if fact.kind in EMPLOYER_FACTS:
            if len(kept) >= EMPLOYERS_KEPT:
                kept.clear()
            kept[fact_id] = fact
    return found


def subjects_since(store: Store, connection: Connection, position: int) -> set[str]:
    """Whom person and employer facts that came in after a position are about."""
    rows = connection.execute(
        text(
            f"SELECT DISTINCT subject FROM facts WHERE known_at > :position"
            f" AND {store.among('kind', 'kinds')}"
        ),
        {"position": position, "kinds": store.bound_list([*PERSON_FACTS, *EMPLOYER_FACTS])},
    )
    return set(rows.scalars())


def files_since(connection: Connection, position: int) -> bool:
    """Whether a border file came in after a position."""
    latest = text("SELECT MAX(known_at) FROM crossing_days")
    return (connection.execute(latest).scalar_one() or 0) > position


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a person that one look may use: first and last day number, and its cut-off."""

    person: PersonKey
    first: int
    last: int
    cutoff: int


def days_of(
    store: Store, connection: Connection, spans: Sequence[Span]
) -> list[dict[int, PersonDay]]:
    """Recorded person-days for each span, by day number, as last known at its cut-off.

    The records carry the pseudonym in place of the identity number.
    """
    found: list[dict[int, PersonDay]] = [{} for _ in spans]
    if not spans:
        return found
    statement, bound = _days_query(store, spans)
    made, day_of = PersonDay._make, date.fromordinal
    rows = connection.execute(statement, bound).all()
    for index, person, day, hours, out, back, asleep, faults in rows:
        found[index][day] = made((person, day_of(day), hours, out, back, bool(asleep), faults))
    return found


def _days_query(store: Store, spans: Sequence[Span]) -> tuple[TextClause, dict[str, object]]:
    if store.dialect == "postgresql":
        wanted = (
            "unnest(CAST(:i AS int[]), CAST(:p AS text[]), CAST(:f AS int[]), CAST(:l AS int[]),"
            " CAST(:c AS bigint[])) AS s(i, person, first, last, cutoff)"
        )
        bound: dict[str, object] = {
            "i": list(range(len(spans))),
            "p": [span.person for span in spans],
            "f": [span.first for span in spans],
            "l": [span.last for span in spans],
            "c": [span.cutoff for span in spans],
        }
    else:
        wanted = (
            "(SELECT value ->> 0 AS i, value ->> 1 AS person, value ->> 2 AS first,"
            " value ->> 3 AS last, value ->> 4 AS cutoff FROM json_each(:spans)) AS s"
        )
        rows = [(i, s.person, s.first, s.last, s.cutoff) for i, s in enumerate(spans)]
        bound = {"spans": store.bound_list(rows)}
    return (
        text(
            "SELECT s.i, d.person, d.day, d.hours_there, d.out_minute, d.back_minute,"
            f" d.asleep_there, d.faults FROM {wanted} JOIN person_days d ON d.person = s.person"
            " AND d.day BETWEEN s.first AND s.last AND d.known_at <= s.cutoff"
            " ORDER BY d.known_at"
        ),
        bound,
    )


def crossing_files(connection: Connection) -> list[tuple[int, int, float]]:
    """Border files received so far: (known_at, day number, share of the day lost), in order."""
    rows = connection.execute(
        text("SELECT known_at, day, outage_share FROM crossing_days ORDER BY known_at")
    )
    return [(known_at, day, share) for known_at, day, share in rows]


def add_crossing_day(
    store: Store, connection: Connection, day: CrossingDay, seen: Sequence[PersonDay]
) -> bool:
    """Keep the person-days of one border file; False when that day's file was kept before."""
    if day.day.toordinal() in {number for _, number, _ in crossing_files(connection)}:
        return False
    known_at = store.next_positions(connection, 1)[0]
    ordinal = day.day.toordinal()
    key = store.keyring.person_key
    store.add_rows(
        connection,
        crossing_days,
        {
            "day": [ordinal],
            "outage_share": [day.outage_share],
            "known_at": [known_at],
            "followed_up": [False],
        },
    )
    in_order = sorted(((key(one.mykad), one) for one in seen), key=lambda p: (p[0], p[1].day))
    store.add_rows(
        connection,
        person_days,
        {
            "person": [person for person, _ in in_order],
            "day": [one.day.toordinal() for _, one in in_order],
            "hours_there": [one.hours_there for _, one in in_order],
            "out_minute": [one.out_minute for _, one in in_order],
            "back_minute": [one.back_minute for _, one in in_order],
            "asleep_there": [one.asleep_there for _, one in in_order],
            "faults": [one.faults for _, one in in_order],
            "known_at": [known_at] * len(in_order),
        },
    )
    return True


def raw_rows(
    store: Store, connection: Connection
) -> Iterator[tuple[int, ClaimState | AnyFact | tuple[str, str]]]:
    """Every claim state, person or employer fact and outcome, in the order they became known.

    An outcome is a pair of claim id and label. Cost: unseals and parses each row once.
    """
    rows = connection.execution_options(stream_results=True).execute(
        text(
            "SELECT known_at, 'claim' AS what, claim_id AS a, version AS b, trigger_fact AS c,"
            " scoring_point AS d, heard_on AS e, sealed FROM claims"
            " UNION ALL SELECT known_at, 'fact', fact_id, 0, '', '', 0, sealed FROM facts"
            f" WHERE {store.among('kind', 'kinds')}"
            " UNION ALL SELECT known_at, 'outcome', claim_id, 0, label, '', 0, NULL FROM outcomes"
            " ORDER BY 1"
        ),
        {"kinds": store.bound_list([*PERSON_FACTS, *EMPLOYER_FACTS])},
    )
    for known_at, what, name, version, third, point, heard_on, sealed in rows:
        if what == "claim":
            body = store.keyring.open(bytes(sealed), f"claim|{name}|{version}|{third}")
            claim = Claim.model_validate_json(body)
            yield known_at, ClaimState(claim, third, ScoringPoint(point), heard_on)
        elif what == "fact":
            body = store.keyring.open(bytes(sealed), f"fact|{name}")
            yield known_at, FACT.validate_json(body)
        else:
            yield known_at, (name, third)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many raw rows there are: claim versions as lodged, facts, dead letters kept."""

    claims: int
    facts: int
    dead_letters: int


def counts(connection: Connection) -> Counts:
    """Count the raw rows. Cost: a scan of three indexes."""
    row = connection.execute(
        text(
            "SELECT (SELECT COUNT(*) FROM claims WHERE trigger_fact = '') AS claims,"
            " (SELECT COUNT(*) FROM facts) AS facts,"
            " (SELECT COUNT(*) FROM dead_letters) AS letters"
        )
    ).one()
    return Counts(row.claims, row.facts, row.letters)
