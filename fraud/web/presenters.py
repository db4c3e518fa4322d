"""What a page may show of a case: words and masked values, never a number behind the ranking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fraud.cases import VERDICTS, Actor, Case, CaseEvent, Step, Verdict
from fraud.cases.case import CLOCK, SCORING, lease_is_over
from fraud.clock import local_day
from fraud.records import Claim, Label
from fraud.store.later import Later
from fraud.web.abilities import Abilities, abilities
from fraud.web.claim_fields import Field, claim_fields, people_of_death
from fraud.web.evidence import Evidence, evidence_of
from fraud.web.link_picture import link_rows, shared
from fraud.web.looks import LookView, StatementView, looks_since, statements_in, why_looked
from fraud.web.masking import mask_name, mask_number, written_mykad
from fraud.wording import Language, day, text
from fraud.workflow.case_file import CaseFile


@dataclass(frozen=True, slots=True)
class EventView:
    """One step of the history in words."""

    at: datetime
    actor: str
    step: Step
    summary: str
    wrote: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case page."""

    case: Case
    file: CaseFile
    claim_fields: list[Field]
    person_fields: list[Field]
    employer_fields: list[Field]
    why_looked: str
    later: list[str]
    since: list[LookView]
    stands_out: list[StatementView]
    speaks_against: list[StatementView]
    not_known: list[StatementView]
    evidence: Evidence
    links: list[tuple[str, str, str, str]]
    link_points: int
    history: list[EventView]
    notes: list[EventView]
    can: Abilities
    in_full: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, in which language, at what time, and whether identifiers are shown in full."""

    actor: Actor
    language: Language
    now: datetime
    in_full: bool = False


def case_view(case: Case, file: CaseFile, events: Sequence[CaseEvent], reader: Reader) -> CaseView:
    """Lay a case out for one reader."""
    history = [_event_view(event, reader.language) for event in events]
    return CaseView(
        case=case,
        file=file,
        claim_fields=claim_fields(file.claim, reader.language),
        person_fields=_person_fields(file.claim, reader),
        employer_fields=_employer_fields(file, reader.language),
        why_looked=why_looked(file.look, file.claim, reader.language),
        later=_later(file.later, reader.language),
        since=looks_since(file, events, reader.language),
        stands_out=statements_in(file.look.stands_out, reader.language),
        speaks_against=statements_in(file.look.speaks_against, reader.language),
        not_known=statements_in(file.look.not_known, reader.language),
        evidence=evidence_of(file, reader.language),
        links=link_rows(shared(file.picture), reader.language),
        link_points=len(shared(file.picture).nodes),
        history=history,
        notes=[event for event in history if event.step is Step.NOTED],
        can=abilities(case, reader.actor),
        in_full=reader.in_full,
    )


def _later(later: Later, language: Language) -> list[str]:
    """What became of the claim since, in sentences; the same whatever the case was put up for."""
    lines = []
    if later.version_on:
        key = "later.version" if later.changed else "later.unchanged"
        lines.append(text(key, language, day=later.version_on, fields=later.changed))
    if later.account_on:
        lines.append(text("later.account", language, day=later.account_on))
    return lines


def _person_fields(claim: Claim, reader: Reader) -> list[Field]:
    person, account, address = claim.claimant, claim.claimant.account, claim.claimant.address
    unknown = text("case.not_stated", reader.language)
    full = {
        "name": person.name,
        "mykad": written_mykad(person.mykad),
        "phone": person.phone,
        "account": account and f"{account.bank} {account.number}",
        "address": address and f"{address.line}, {address.postcode}",
        "intermediary": claim.intermediary,
    }
    masked = {
        "name": mask_name(person.name),
        "mykad": mask_number(person.mykad),
        "phone": person.phone and mask_number(person.phone, 3),
        "account": account and f"{account.bank} {mask_number(account.number)}",
        "address": address and mask_number(f"{address.line} {address.postcode}", 5),
        "intermediary": claim.intermediary and mask_number(claim.intermediary, 3),
    }
    shown = full if reader.in_full else masked
    language = Field("language", text(f"word.language_{person.language}", reader.language))
    fields = [
        Field(name, value or unknown, masked=not reader.in_full and value is not None)
        for name, value in shown.items()
    ]
    if claim.death:
        fields += people_of_death(claim.death, reader.language, in_full=reader.in_full)
    return [*fields, language]


def _employer_fields(file: CaseFile, language: Language) -> list[Field]:
    claim, employer = file.claim, file.employer
    fields = [Field("employer_code", claim.employer_code or text("case.not_stated", language))]
    if claim.workplace_uen:
        fields.append(Field("workplace", claim.workplace_uen))
    if employer is None:
        fields.append(Field("employer_name", text("case.employer_unknown", language)))
        return fields
    return [
        Field("employer_name", employer.name),
        *fields,
        Field("registered", day(employer.registered_on, language)),
        Field("staff", f"{employer.staff_count:,}"),
    ]


def _event_view(event: CaseEvent, language: Language) -> EventView:
    details = event.details
    values = dict(details)
    if "verdict" in details:
        values["verdict"] = text(f"verdict.{details['verdict']}.name", language)
    if "source" in details:
        values["source"] = text(f"gate.{details['source']}", language)
    unmanned = event.actor in {CLOCK, SCORING}
    actor = text(f"history.{event.actor}", language) if unmanned else event.actor
    wrote = " — ".join(str(details[name]) for name in ("text", "note") if details.get(name))
    if "point" in details:
        values["point"] = text(f"point.{details['point']}", language)
    summary = text(f"step.{event.step.value}", language, **values)
    return EventView(event.at, actor, event.step, summary, wrote)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a list."""

    case: Case
    scheme: str
    opened: date
    time_left: timedelta | None
    lease_over: bool


def case_row(case: Case, claim: Claim | None, now: datetime) -> CaseRow:
    """A case for the queue. `time_left` is None when no lease runs."""
    left = case.lease_until - now if case.lease_until else None
    return CaseRow(
        case=case,
        scheme=claim.scheme.value if claim else "scheme_unknown",
        opened=local_day(case.opened_at),
        time_left=left if left and left > timedelta(0) else None,
        lease_over=lease_is_over(case, now),
    )


@dataclass(frozen=True, slots=True)
class VerdictChoice:
    """One conclusion to choose from."""

    verdict: Verdict
    open: bool


def verdict_choices(*, adverse_open: bool) -> tuple[list[VerdictChoice], list[VerdictChoice]]:
    """The conclusions that one person may reach alone, and those that need a second."""
    alone, second = [], []
    for verdict, rule in VERDICTS.items():
        if rule.always_adverse:
            second.append(VerdictChoice(verdict, adverse_open))
        else:
            alone.append(VerdictChoice(verdict, open=True))
    return alone, second


def label_of(verdict: Verdict, error_by: str) -> Label:
    """The label a verdict stands for; an error needs to know whose it was."""
    labels = VERDICTS[verdict].labels
    if len(labels) == 1:
        return labels[0]
    return Label.CLAIMANT_ERROR if error_by == "claimant" else Label.OFFICE_ERROR
