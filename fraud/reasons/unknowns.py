"""What is not known of a claim, and why: the gate is closed, nothing was received, an outage.

The amount of unknown is shown, never scored, and proves nothing. The sentences are
`unknown.<source>.<why>` of the wording catalogue.
"""

from collections.abc import Callable, Iterator

from fraud.features.catalogue import BASELINE_DAYS, Known, Source
from fraud.features.from_answers import hospital_answers
from fraud.features.from_pensions import answers_on_referral, death_of_insured
from fraud.privacy import GatedSource, OpenSources
from fraud.records import (
    BoardListing,
    InsurerPayment,
    JobStarted,
    Place,
    PlatformTrips,
    Scheme,
)
from fraud.statements import Family, Statement

UNKNOWNS = (
    "claim.account",
    "claim.certificates",
    "claim.first_treatment",
    "claim.police_report",
    "claim.wage",
    "contributions.not_received",
    "employer.not_stated",
    "employer.not_received",
    "attendance.not_received",
    "attendance.other_days",
    "enrolment.not_received",
    "hospital.not_received",
    "insurer.not_received",
    "platform.not_received",
    "board.not_received",
    "crossings.gate_closed",
    "presence.gate_closed",
    "platform.gate_closed",
    "insurer.gate_closed",
    "partner_jobs.gate_closed",
    "hospital.gate_closed",
    "board.gate_closed",
    "crossings.not_received",
    "crossings.outage",
    "crossings.unpaired",
    "crossings.no_record",
    "hospital.referral_not_answered",
    "deaths.not_received",
    "jobs.not_received",
    "decisions.none",
)
"""Every sentence of this room, by source and reason."""

_FAMILIES = {
    Source.CLAIM: Family.CLAIM,
    Source.CONTRIBUTIONS: Family.EMPLOYER,
    Source.EMPLOYER: Family.EMPLOYER,
    Source.ATTENDANCE: Family.DOCUMENT,
    Source.ENROLMENT: Family.COMMUTER,
    Source.CROSSINGS: Family.COMMUTER,
    Source.HOSPITAL: Family.DOCUMENT,
    Source.DEATHS: Family.CLAIM,
    Source.JOBS: Family.EMPLOYER,
    Source.DECISIONS: Family.LINKS,
    Source.LINKS: Family.LINKS,
}


def _always(_: Known) -> bool:
    return True


def _of_a_day(known: Known) -> bool:
    """On leave or out of work: where somebody spent certain days may matter."""
    return bool(known.leave_days or known.after_loss)


def _of_an_injury(known: Known) -> bool:
    return known.claim.injury is not None


def _of_a_certificate(known: Known) -> bool:
    return bool(known.claim.certificates) or known.claim.illness is not None


def _of_a_board(known: Known) -> bool:
    parts = (known.claim.injury, known.claim.illness)
    return any(part is not None and part.assessed_percent is not None for part in parts)


_GATES: dict[GatedSource, tuple[Callable[[Known], bool], Family]] = {
    GatedSource.CROSSINGS: (_always, Family.COMMUTER),
    GatedSource.PRESENCE: (_of_a_day, Family.COMMUTER),
    GatedSource.PLATFORM: (_of_a_day, Family.EMPLOYER),
    GatedSource.INSURER: (_of_an_injury, Family.DOCUMENT),
    GatedSource.PARTNER_JOBS: (_of_a_day, Family.EMPLOYER),
    GatedSource.HOSPITAL: (_of_a_certificate, Family.DOCUMENT),
    GatedSource.BOARD: (_of_a_board, Family.DOCUMENT),
}
"""For which claims a gated source may matter; the log of officers is about no claimant."""


def unknowns(known: Known, sources: OpenSources) -> tuple[Statement, ...]:
    """Every record that is missing around a claim, with the reason."""
    return (
        *_of_claim(known),
        *_of_facts(known),
        *_of_answers(known, sources),
        *_of_injury(known, sources),
        *_of_gates(known, sources),
        *_of_crossings(known, sources),
        *_of_decisions(known),
    )


def _unknown(source: Source, why: str, count: int | None = None) -> Statement:
    values = {} if count is None else {"count": count}
    return Statement(f"unknown.{source.value}.{why}", dict(values), _FAMILIES[source])


def _of_claim(known: Known) -> Iterator[Statement]:
    claim, injury = known.claim, known.claim.injury
    if claim.claimant.account is None:
        yield _unknown(Source.CLAIM, "account")
    if claim.declared_monthly_wage_sen is None:
        yield _unknown(Source.CLAIM, "wage")
    if injury is None:
        return
    if not claim.certificates:
        yield _unknown(Source.CLAIM, "certificates")
    if injury.first_treated_at is None or injury.first_treated_in is None:
        yield _unknown(Source.CLAIM, "first_treatment")
    if injury.kind == "road" and injury.police_report_at is None:
        yield _unknown(Source.CLAIM, "police_report")


def _of_facts(known: Known) -> Iterator[Statement]:
    history = known.history
    if history.contributions is None:
        yield _unknown(Source.CONTRIBUTIONS, "not_received")
    if known.claim.employer_code is None:
        yield _unknown(Source.EMPLOYER, "not_stated")
    elif history.employer is None:
        yield _unknown(Source.EMPLOYER, "not_received")
    if known.claim.scheme is Scheme.COMMUTER and not history.enrolments:
        yield Statement("unknown.enrolment.not_received", {}, Family.COMMUTER)
    if known.claim.injury:
        yield from _of_attendance(known)


def _of_answers(known: Known, sources: OpenSources) -> Iterator[Statement]:
    illness = known.claim.illness
    asked = illness is not None and illness.referral_serial is not None
    if asked and sources.allows(GatedSource.HOSPITAL) and not answers_on_referral(known):
        yield _unknown(Source.HOSPITAL, "referral_not_answered")
    if known.claim.death and death_of_insured(known) is None:
        yield _unknown(Source.DEATHS, "not_received")
    if known.claim.job_loss and not known.history.of(JobStarted):
        yield _unknown(Source.JOBS, "not_received")


def _of_attendance(known: Known) -> Iterator[Statement]:
    if not known.history.attendances:
        yield _unknown(Source.ATTENDANCE, "not_received")
        return
    answered = [
        day
        for day in known.leave_days
        if any(
            one.first_day.toordinal() <= day <= one.last_day.toordinal()
            for one in known.history.attendances
        )
    ]
    if missing := len(known.leave_days) - len(answered):
        yield _unknown(Source.ATTENDANCE, "other_days", missing)


def _of_injury(known: Known, sources: OpenSources) -> Iterator[Statement]:
    """Answers that a reader would look for on a claim of this kind, where their gates are open."""
    claim, injury = known.claim, known.claim.injury
    if injury is None:
        return
    if claim.certificates and not hospital_answers(known) and sources.allows(GatedSource.HOSPITAL):
        yield Statement("unknown.hospital.not_received", {}, Family.DOCUMENT)
    across = claim.workplace_uen is not None or injury.place is not Place.MALAYSIA
    if across and not known.history.of(InsurerPayment) and sources.allows(GatedSource.INSURER):
        yield Statement("unknown.insurer.not_received", {}, Family.DOCUMENT)
    rides = claim.scheme is Scheme.SELF_EMPLOYED and bool(claim.certificates)
    if rides and not known.history.of(PlatformTrips) and sources.allows(GatedSource.PLATFORM):
        yield Statement("unknown.platform.not_received", {}, Family.DOCUMENT)
    yield from _of_session(known, sources)


def _of_session(known: Known, sources: OpenSources) -> Iterator[Statement]:
    """A session that the claim was listed for, without a word of who came."""
    claim_id = known.claim.claim_id
    if not sources.allows(GatedSource.BOARD) or known.history.at_board(claim_id):
        return
    listings = known.history.of(BoardListing)
    listed = [one.held_on for one in listings if one.claim_id == claim_id]
    if listed:
        day = max(listed).isoformat()
        yield Statement("unknown.board.not_received", {"day": day}, Family.DOCUMENT)


def _of_gates(known: Known, sources: OpenSources) -> Iterator[Statement]:
    """Shut gates behind which there may be records that matter for a claim of this kind."""
    for source, (matters, family) in _GATES.items():
        if matters(known) and not sources.allows(source):
            yield Statement(f"unknown.{source.value}.gate_closed", {}, family)


def _of_crossings(known: Known, sources: OpenSources) -> Iterator[Statement]:
    if not sources.allows(GatedSource.CROSSINGS) and not known.history.answers:
        return
    days = _days_that_matter(known)
    held = [day for day in days if day in known.history.outages]
    seen = known.history.days
    covered = known.covered(days)
    if days and not held:
        yield _unknown(Source.CROSSINGS, "not_received")
        return
    if gaps := len(held) - len(covered):
        yield _unknown(Source.CROSSINGS, "outage", gaps)
    if unpaired := sum(day in seen and seen[day].hours_there is None for day in covered):
        yield _unknown(Source.CROSSINGS, "unpaired", unpaired)
    answered = {one.day.toordinal() for one in known.history.answers}
    if silent := sum(day not in seen and day not in answered for day in covered):
        yield _unknown(Source.CROSSINGS, "no_record", silent)


def _days_that_matter(known: Known) -> list[int]:
    """The six weeks before the event, the event, and the leave or the search after it."""
    if known.event_on is None:
        return []
    event = known.event_on.toordinal()
    before = range(event - BASELINE_DAYS, event + 1)
    return sorted({*before, *known.leave_days, *known.after_loss})


def _of_decisions(known: Known) -> Iterator[Statement]:
    numbers = [number for _, number in known.linked.nodes]
    if any(one.claim_id in known.area.labels for one in known.area.others(known.linked, numbers)):
        return
    yield _unknown(Source.DECISIONS, "none")
