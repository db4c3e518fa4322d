"""The parts of a claim as lines of a summary list, for every scheme.

A part that was not stated has no line. Letters and reports are never shown here: what they have
in common with others is told among the links.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from fraud.records import Claim, Death, Illness, Injury, JobLoss, NewJob
from fraud.web.masking import mask_number, written_mykad
from fraud.wording import Language, day, money, text

Line = tuple[str, str | None]
"""The name of a line, and what it says; None when that was not stated."""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a summary list."""

    name: str
    value: str
    masked: bool = False


def claim_fields(claim: Claim, language: Language) -> list[Field]:
    """What is claimed, and on what grounds."""
    words = _Words(language)
    lines: list[Line] = [
        ("scheme", words.word(claim.scheme)),
        ("claim", f"{claim.claim_id} · {text('case.version', language, n=claim.version)}"),
        ("received", words.day(claim.received_at)),
        ("channel", words.word(claim.channel)),
        ("payment", money(claim.expected_payment_sen)),
    ]
    if claim.injury:
        lines += _injury(claim.injury, words)
    if claim.illness:
        lines += _illness(claim.illness, words)
    if claim.death:
        lines += _death(claim.death, words)
    if claim.job_loss:
        lines += _job_loss(claim.job_loss, words)
    if claim.new_job:
        lines += _new_job(claim.new_job, words)
    lines.append(("wage", words.money(claim.declared_monthly_wage_sen)))
    return [Field(name, value) for name, value in lines if value is not None]


def people_of_death(death: Death, language: Language, *, in_full: bool) -> Iterator[Field]:
    """The deceased person, and who lived on their wage."""
    words = _Words(language)
    yield Field("deceased", _mykad(death.deceased_mykad, in_full=in_full), masked=not in_full)
    for one in death.dependants:
        said = [words.word(f"relation_{one.relation}")]
        if one.born_on:
            born = day(one.born_on, language) if in_full else one.born_on.year
            said.append(text("case.born", language, born=born))
        if one.mykad:
            said.append(_mykad(one.mykad, in_full=in_full))
        yield Field("dependant", " · ".join(filter(None, said)), masked=not in_full)


def _mykad(mykad: str, *, in_full: bool) -> str:
    return written_mykad(mykad) if in_full else mask_number(mykad)


@dataclass(frozen=True, slots=True)
class _Words:
    """How values are written in one language; what was not stated stays None."""

    language: Language

    def word(self, value: str | None) -> str | None:
        return None if value is None else text(f"word.{value}", self.language)

    def day(self, value: date | None) -> str | None:
        return None if value is None else day(value, self.language)

    def moment(self, value: datetime | None) -> str | None:
        return None if value is None else text("case.moment", self.language, at=value)

    def money(self, sen: int | None) -> str | None:
        return None if sen is None else money(sen)

    def yes_or_no(self, *, said: bool | None) -> str | None:
        return None if said is None else self.word("yes" if said else "no")

    def counted(self, key: str, count: int | None) -> str | None:
        return None if count is None else text(f"case.{key}", self.language, count=count)


def _injury(injury: Injury, words: _Words) -> Iterator[Line]:
    yield "accident", f"{words.moment(injury.occurred_at)} · {words.word(injury.place)}"
    yield "accident_kind", words.word(f"accident_{injury.kind}")
    yield "injury_code", injury.injury_code
    yield "vehicle", injury.vehicle
    yield "passenger", words.yes_or_no(said=injury.passenger)
    yield "off_route", words.counted("minutes", injury.minutes_off_route)
    if injury.first_treated_at:
        treated_in = words.word(injury.first_treated_in or "place_unknown")
        yield "treated", f"{words.moment(injury.first_treated_at)} · {treated_in}"
    yield "cause_noted", injury.cause_first_noted and words.word(f"of_{injury.cause_first_noted}")
    yield "imaging", injury.imaging and words.word(f"imaging_{injury.imaging}")
    if injury.police_report_at:
        where = [injury.police_district, injury.police_desk]
        yield "police", " · ".join(filter(None, [words.moment(injury.police_report_at), *where]))
    yield "other_payer", words.yes_or_no(said=injury.other_payer_declared)
    yield "receipts", ", ".join(injury.receipts) or None
    yield "assessed", _percent(injury.assessed_percent)


def _illness(illness: Illness, words: _Words) -> Iterator[Line]:
    yield "diagnosis", illness.diagnosis_code
    yield "began", words.day(illness.began_on)
    yield "treated", words.day(illness.first_treated_on)
    yield "treated_at", " · ".join(filter(None, [illness.facility, illness.practitioner])) or None
    yield "referral", illness.referral_serial
    yield "assessed", _percent(illness.assessed_percent)


def _percent(percent: int | None) -> str | None:
    return None if percent is None else f"{percent}%"


def _death(death: Death, words: _Words) -> Iterator[Line]:
    yield "died", f"{words.day(death.died_on)} · {words.word(death.place)}"
    yield "cause_of_death", words.word(f"of_{death.cause}")
    yield "dependants", words.counted("people", len(death.dependants))


def _job_loss(loss: JobLoss, words: _Words) -> Iterator[Line]:
    yield "last_day", words.day(loss.last_day)
    yield "loss_reason", words.word(loss.reason)
    yield "separation_pay", words.money(loss.separation_pay_sen)
    yield "letter", text("case.letter_held", words.language) if loss.letter_text else None


def _new_job(job: NewJob, words: _Words) -> Iterator[Line]:
    yield "job_started", words.day(job.started_on)
    yield "job_ended", words.day(job.ended_on)
    yield "job_employer", job.employer_code
    yield "training_centre", job.training_centre
    yield "distance", words.counted("kilometres", job.distance_km)
    yield "job_wage", words.money(job.monthly_wage_sen)
