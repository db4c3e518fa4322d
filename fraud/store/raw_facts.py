"""Facts about people, employers and officers in and out, sealed as they came."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pydantic import TypeAdapter
from sqlalchemy import Connection, text

from fraud.identity.clusters import UNJUDGED, People
from fraud.privacy import KeyRing
from fraud.records import (
    AnyFact,
    Decision,
    EmployerArrears,
    EmployerDescription,
    OfficerAction,
    StaffMove,
)
from fraud.store.engine import Store
from fraud.store.schema import facts, outcomes

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
