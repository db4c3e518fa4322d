"""Are two MyKad numbers one person? Compare them, judge, and take a judgement back."""

from dataclasses import dataclass
from datetime import datetime

from fraud.audit import AuditEvent
from fraud.errors import Conflict, InvalidInput, NotFound
from fraud.identifiers.finding import is_digits
from fraud.identity.clusters import People
from fraud.identity.compare import Comparison, compare, entry_of
from fraud.identity.judgement import Judgement, Verdict, standing
from fraud.records import ClaimId
from fraud.store.engine import Connection, Store
from fraud.store.judgements import add_judgement, all_judgements, claims_under, is_known
from fraud.store.raw_claims import latest_claims
from fraud.wording import Language, text


@dataclass(frozen=True, slots=True)
class Compared:
    """Two numbers side by side: what the claims under each say, and what was judged so far."""

    numbers: tuple[str, str]
    claims: tuple[int, int]
    comparisons: tuple[Comparison, ...]
    judged: tuple[Judgement, ...]
    """Every judgement of the two, oldest first."""
    joined: bool
    """Whether they stand for one person now."""
    refused: bool
    """Whether they were judged the same, and other judgements keep them apart."""


def compare_people(store: Store, one: str, other: str, *, by: str, now: datetime) -> Compared:
    """Compare two people, each named by a MyKad number or by a claim of theirs; the look is kept.

    Raises NotFound for a number or claim nobody knows, InvalidInput when both have one number.
    """
    with store.begin() as connection:
        numbers = _numbers(store, connection, one, other)
        found = _compared(store, connection, numbers)
        store.add_audit(connection, [_event(store, "people.compared", numbers, by, now)])
    return found


def judge_people(
    store: Store, one: str, other: str, verdict: Verdict, *, by: str, why: str, now: datetime
) -> Compared:
    """Record what somebody judged of two people, or (`TAKEN_BACK`) take the last judgement back.

    Assessments that were made stay as they are; claims and facts from now on are read with it.
    Raises InvalidInput without a name or a reason, and Conflict when nothing stands that could be
    taken back.
    """
    by, why = by.strip(), why.strip()
    if not by or not why:
        raise InvalidInput("say who judges and why")
    with store.begin() as connection:
        numbers = _numbers(store, connection, one, other)
        stands = standing(all_judgements(store, connection))
        if verdict is Verdict.TAKEN_BACK and frozenset(numbers) not in stands:
            raise Conflict("no judgement of these two stands: there is nothing to take back")
        add_judgement(store, connection, numbers, verdict, by=by, why=why, at=now)
        judged = _event(store, "people.judged", numbers, by, now, verdict)
        store.add_audit(connection, [judged])
    with store.reading() as connection:
        return _compared(store, connection, numbers)


def _numbers(store: Store, connection: Connection, one: str, other: str) -> tuple[str, str]:
    numbers = (_number(store, connection, one), _number(store, connection, other))
    if numbers[0] == numbers[1]:
        raise InvalidInput("both have the same MyKad number: they are one person already")
    return numbers


def _number(store: Store, connection: Connection, name: str) -> str:
    """The MyKad number that a number or a claim names."""
    plain = name.replace("-", "")
    if len(plain) == 12 and is_digits(plain):
        if not is_known(store, connection, plain):
            raise NotFound("no claim and no fact names one of these MyKad numbers")
        return plain
    found = latest_claims(store, connection, [name])
    if not found:
        raise NotFound(f"there is no claim {name}")
    return found[ClaimId(name)].claimant.mykad


def _event(
    store: Store,
    action: str,
    numbers: tuple[str, str],
    by: str,
    now: datetime,
    verdict: Verdict | None = None,
) -> AuditEvent:
    """An event about two people by their pseudonyms; what somebody wrote stays sealed."""
    one, other = (store.keyring.person_key(number) for number in numbers)
    details = {"other": other} | ({"verdict": verdict.value} if verdict else {})
    return AuditEvent(at=now, actor=by, action=action, subject=one, details=details)


def _compared(store: Store, connection: Connection, numbers: tuple[str, str]) -> Compared:
    under = [claims_under(store, connection, number) for number in numbers]
    one, other = (entry_of(*pair) for pair in zip(numbers, under, strict=True))
    judged = all_judgements(store, connection)
    people = People(judged, store.keyring.person_key)
    pair = frozenset(numbers)
    return Compared(
        numbers=numbers,
        claims=(len(under[0]), len(under[1])),
        comparisons=compare(one, other),
        judged=tuple(made for made in judged if made.pair == pair),
        joined=numbers[1] in people.other_numbers(numbers[0]),
        refused=any(made.pair == pair for made in people.refused),
    )


def lines_of(found: Compared, language: Language) -> list[str]:
    """What was compared and judged, in words, line by line."""
    stands = "refused" if found.refused else "same" if found.joined else "apart"
    judged = [
        text(f"same.judged.{one.verdict}", language, at=one.at, by=one.by, why=one.why)
        for one in found.judged
    ]
    return [
        *(
            text("same.claims", language, number=number, count=count)
            for number, count in zip(found.numbers, found.claims, strict=True)
        ),
        *(
            f"  {text(f'finding.{one.finding}', language)}: {one.sentence(language)}"
            for one in found.comparisons
        ),
        *(judged or [text("same.judged.none", language)]),
        text(f"same.stands.{stands}", language),
    ]
