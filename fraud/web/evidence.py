"""The records beside the reasons: leave against border days, certificates, contributions."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from fraud.records import Certificate, Claim, ContributionStatement
from fraud.web.received import received
from fraud.web.timeline import DayRecord, Timeline, timeline_of
from fraud.web.timeline_picture import NARROW, WIDE, draw, sentence
from fraud.wording import Language, day, money, month, text
from fraud.workflow.case_file import CaseFile

MOST_RUNS = 12
"""Contribution runs shown, newest first."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The records beside the reasons, ready to be laid out."""

    timeline: Timeline
    said: str
    wide: Markup
    narrow: Markup
    leave_days: list[tuple[str, str, str]]
    certificates: list[tuple[str, ...]]
    contributions: list[tuple[str, ...]]
    more_contributions: int
    earlier: list[tuple[str, ...]]
    received: list[tuple[str, str]]
    report_text: str | None


def evidence_of(file: CaseFile, language: Language) -> Evidence:
    """Timeline, certificates, contributions and earlier claims of one case."""
    timeline = timeline_of(file.claim, file.person_days, file.covered_days, file.facts)
    runs = _contributions(file, language)
    injury = file.claim.injury
    return Evidence(
        timeline=timeline,
        said=sentence(timeline, language),
        wide=draw(timeline, WIDE, language),
        narrow=draw(timeline, NARROW, language),
        leave_days=_leave_days(timeline, language),
        certificates=[_certificate(one, language) for one in file.claim.certificates],
        contributions=runs[:MOST_RUNS],
        more_contributions=max(0, len(runs) - MOST_RUNS),
        earlier=[_earlier(claim, language) for claim in file.earlier_claims],
        received=received(file.claim, file.facts, language),
        report_text=injury.report_text if injury else None,
    )


def _leave_days(timeline: Timeline, language: Language) -> list[tuple[str, str, str]]:
    """Every day on leave, and every other day on which something is on record."""
    quiet = {DayRecord.NOTHING, DayRecord.NOT_RECEIVED}
    shown = [one for one in timeline.days if one.on_leave or one.record not in quiet or one.marks]
    return [
        (
            day(one.day, language),
            ", ".join(
                [text("timeline.on_leave", language)] * one.on_leave
                + [text(f"timeline.mark_{mark.value}", language) for mark in one.marks]
            )
            or "–",
            _record_words(one.record, one.hours_there, language),
        )
        for one in shown
    ]


def _record_words(record: DayRecord, hours: float | None, language: Language) -> str:
    if record is DayRecord.STAY and hours is not None:
        return text("timeline.hours", language, hours=f"{hours:.0f}")
    return text(f"timeline.{record.value}", language)


def _certificate(one: Certificate, language: Language) -> tuple[str, ...]:
    days = (one.last_day - one.first_day).days + 1
    remote = [text("case.remote", language)] if one.remote else []
    return (
        one.serial,
        day(one.first_day, language),
        day(one.last_day, language),
        str(days),
        day(one.issued_on, language),
        " · ".join([one.facility, one.practitioner, *remote]),
    )


def _contributions(file: CaseFile, language: Language) -> list[tuple[str, ...]]:
    """Runs of the insured person's latest statement, newest first."""
    insured = file.claim.insured_mykad
    stated = [
        fact
        for fact in file.facts
        if isinstance(fact, ContributionStatement) and fact.mykad == insured
    ]
    if not stated:
        return []
    latest = max(stated, key=lambda fact: fact.stated_at)
    return [
        (
            run.employer_code,
            _month(run.first_month, language),
            _month(run.last_month, language),
            str(_months(run.first_month, run.last_month)),
            money(run.monthly_wage_sen),
            day(run.paid_on, language) if run.paid_on else text("case.on_time", language),
        )
        for run in sorted(latest.runs, key=lambda run: run.last_month, reverse=True)
    ]


def _month(first_day: date, language: Language) -> str:
    return f"{month(first_day.month, language)} {first_day.year}"


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _earlier(claim: Claim, language: Language) -> tuple[str, ...]:
    return (
        claim.claim_id,
        text(f"word.{claim.scheme.value}", language),
        day(claim.received_at, language),
        money(claim.expected_payment_sen),
    )
