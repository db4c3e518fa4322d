"""What the law gives on stored claims: one claim explained, and everybody likely owed money."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from pydantic import ValidationError

from fraud.audit import AuditEvent
from fraud.clock import Clock, local_day, months_later
from fraud.errors import InvalidInput, NotFound
from fraud.records import AnyFact, Claim, ClaimId, Label, Part, Scheme, faults_of
from fraud.rules.owed import CLEARLY_BELOW
from fraud.schemes import term
from fraud.schemes.benefit import benefit_due, facts_from
from fraud.schemes.contributions import Facts
from fraud.schemes.working import Benefit, Outcome
from fraud.store.benefits import ClaimFile, claim_files, registered_deaths
from fraud.store.engine import Connection, Store
from fraud.wording import Language, text

AT_THE_COMMAND_LINE = "command line"
"""Who looks, in the audit log, when nobody is signed in."""

SETTLED_AFTER = timedelta(days=60)
"""Assumed: by then whatever is due for a past span has been paid."""


class Shortfall(StrEnum):
    """Why a person is likely owed money."""

    EXPECTED_TOO_LITTLE = "expected_too_little"
    PAID_TOO_LITTLE = "paid_too_little"
    NEVER_PAID = "never_paid"
    NEVER_CLAIMED = "never_claimed"
    """A death is registered, the deceased was insured, and nobody claimed for the funeral."""


@dataclass(frozen=True, slots=True)
class Owed:
    """Somebody likely owed money; `due_sen` is for `benefit.per`, and at most for a funeral."""

    subject: str
    """Claim id, or the id of the fact where nothing was claimed."""
    scheme: Scheme
    shortfall: Shortfall
    expected_sen: int
    paid_sen: int
    due_sen: int
    benefit: Benefit | None = None


def explain_benefit(store: Store, claim_id: ClaimId, clock: Clock) -> tuple[Claim, Benefit]:
    """Work out what the law gives on a stored claim today. The look is written to the audit log.

    Raises NotFound when no such claim is stored.
    """
    now = clock()
    with store.reading() as connection:
        found = next(claim_files(store, connection, [claim_id]), None)
    if found is None:
        raise NotFound(f"no claim {claim_id} is stored")
    _note(store, AuditEvent(now, AT_THE_COMMAND_LINE, "claim.benefit_explained", claim_id, {}))
    return found.claim, _benefit_of(found, local_day(now))


class ClaimInFile(Part):
    """A claim with the facts about its people, as `--file` reads them."""

    claim: Claim
    facts: tuple[AnyFact, ...] = ()


def explain_file(body: str) -> tuple[Claim, Benefit]:
    """Work out what the law gives on a claim in JSON: `{"claim": {...}, "facts": [...]}`.

    Read as of the day on which the claim came in.
    Raises InvalidInput naming every faulty field.
    """
    try:
        read = ClaimInFile.model_validate_json(body)
    except ValidationError as error:
        raise InvalidInput("the file holds no claim with its facts", faults_of(error)) from error
    facts, on = facts_from(read.claim, read.facts), local_day(read.claim.received_at)
    return read.claim, benefit_due(read.claim, facts, on)


def lines_of(claim: Claim, benefit: Benefit, on: date, language: Language) -> Iterator[str]:
    """The steps of the law on a claim, each followed by the terms it rests on."""
    yield text("law.title", language, benefit=claim.scheme.value, claim=claim.claim_id, on=on)
    for number, step in enumerate(benefit.steps, 1):
        yield f"{number}. {text(step.key, language, **step.values)}"
        for one in step.terms:
            values = {"name": one.name, "value": one.value, "unit": one.unit}
            values |= {"mark": one.mark.value, "dated": one.dated, "source": one.source}
            yield f"   {text('law.rests_on', language, **values)}"
    yield text(
        f"law.outcome.{benefit.outcome.value}",
        language,
        amount=benefit.amount_sen or 0,
        per=benefit.per,
    )
    yield text("law.weakest", language, mark=benefit.mark.value)
    yield text("law.expected", language, amount=claim.expected_payment_sen)


def people_owed(store: Store, clock: Clock) -> list[Owed]:
    """Everybody whose records show that they are likely paid too little, or never.

    Rests on no assumed value of the law. The list being drawn is written to the audit log. Cost:
    one pass over all claims.
    """
    now = clock()
    on, found, buried = local_day(now), list[Owed](), set[str]()
    with store.reading() as connection:
        for file in claim_files(store, connection):
            if file.claim.scheme is Scheme.FUNERAL:
                buried.add(file.claim.insured_mykad)
            owed = owed_on(file, on)
            if owed is not None:
                found.append(owed)
        found += _funerals_never_claimed(store, connection, buried, on)
    _note(store, AuditEvent(now, AT_THE_COMMAND_LINE, "owed.listed", "", {"people": len(found)}))
    return found


def _note(store: Store, event: AuditEvent) -> None:
    with store.begin() as connection:
        store.add_audit(connection, [event])


def owed_on(file: ClaimFile, on: date) -> Owed | None:
    """What is likely owed on one claim by a day, or None."""
    if file.label is Label.CONFIRMED_FRAUD or (file.searches and _is_search(file.claim)):
        return None  # months of an earlier allowance may be used up
    benefit = _benefit_of(file, on)
    due = _due_by_now(file, benefit)
    if benefit.outcome is not Outcome.DUE or not due:
        return None
    paid, expected = sum(one.amount_sen for one in file.payments), file.claim.expected_payment_sen
    shortfall = None
    if on > _paid_until(file, benefit) + SETTLED_AFTER:
        if not file.payments:
            shortfall = Shortfall.NEVER_PAID
        elif benefit.per == "once" and paid < CLEARLY_BELOW * due:
            shortfall = Shortfall.PAID_TOO_LITTLE
    elif benefit.per == "once" and not file.payments and 0 < expected < CLEARLY_BELOW * due:
        shortfall = Shortfall.EXPECTED_TOO_LITTLE
    if shortfall is None:
        return None
    return Owed(file.claim.claim_id, file.claim.scheme, shortfall, expected, paid, due, benefit)


def _due_by_now(file: ClaimFile, benefit: Benefit) -> int:
    """The amount; of a job search allowance as many months as were paid, since a job ends it."""
    if not _is_search(file.claim) or not file.payments:
        return benefit.amount_sen or 0
    months = [step for step in benefit.steps if step.key == "law.search_month"]
    return sum(int(step.values["amount"]) for step in months[: len(file.payments)])


def _is_search(claim: Claim) -> bool:
    return claim.scheme is Scheme.JOB_SEARCH


def _benefit_of(file: ClaimFile, on: date) -> Benefit:
    facts = facts_from(file.claim, file.facts, first_received_on=file.first_received_on)
    return benefit_due(file.claim, _with_search_paid(file, facts), on)


def _with_search_paid(file: ClaimFile, facts: Facts) -> Facts:
    """Of an early re-employment claim: what was paid of the allowance for the same lost job."""
    loss = file.claim.job_loss
    if file.claim.scheme is not Scheme.EARLY_REEMPLOYMENT or loss is None:
        return facts
    paid = [
        payment.amount_sen
        for claim, payments in file.searches
        if claim.job_loss is not None and claim.job_loss.last_day == loss.last_day
        for payment in payments
    ]
    return replace(facts, search_paid_sen=sum(paid)) if paid else facts


def _paid_until(file: ClaimFile, benefit: Benefit) -> date:
    """The last day of the span that a benefit pays for, and not before the claim came in."""
    claim, received = file.claim, local_day(file.claim.received_at)
    if claim.scheme is Scheme.JOB_SEARCH and claim.job_loss and benefit.units:
        return max(received, months_later(claim.job_loss.last_day, benefit.units))
    certified = [one.last_day for one in claim.certificates]
    return max([received, *certified])


def _funerals_never_claimed(
    store: Store, connection: Connection, buried: set[str], on: date
) -> Iterator[Owed]:
    for death, statement in registered_deaths(store, connection):
        most = term("funeral_most", death.died_on)
        insured = statement is not None and any(
            run.first_month <= death.died_on for run in statement.runs
        )
        if most is None or not insured or death.mykad in buried:
            continue
        if on > local_day(death.registered_at) + SETTLED_AFTER:
            yield Owed(death.fact_id, Scheme.FUNERAL, Shortfall.NEVER_CLAIMED, 0, 0, most.number)


def owed_lines(owed: Sequence[Owed], language: Language, *, steps: bool = False) -> Iterator[str]:
    """The list of people likely owed money, how many there are of each kind, and on request why."""
    for one in owed:
        yield text(
            f"law.owed.{one.shortfall.value}",
            language,
            subject=one.subject,
            benefit=one.scheme.value,
            expected=one.expected_sen,
            paid=one.paid_sen,
            due=one.due_sen,
            per=one.benefit.per if one.benefit else "once",
        )
        if steps and one.benefit is not None:
            for step in one.benefit.steps:
                yield f"   {text(step.key, language, **step.values)}"
    counts = Counter(one.shortfall for one in owed)
    for kind in Shortfall:
        yield text(f"law.owed_count.{kind.value}", language, count=counts[kind])
