"""Known honest circumstances that resemble a typology, each stated from the records.

They come first among what speaks against, whatever the scorer made of them. The sentences are
`look_alike.<name>` of the wording catalogue; the situations are those that the domain brief lists
under "Not" for each typology.
"""

from collections.abc import Callable, Iterable

from fraud.clock import local_day
from fraud.features.catalogue import Known
from fraud.features.from_jobs import separation_pay_was_none
from fraud.features.from_pensions import death_of_claimant, death_of_insured
from fraud.graph import LinkedClaim, NodeKind
from fraud.reasons.tellings import (
    MOST_RECORDS,
    Values,
    ids_of,
    of_attendance,
    of_claim,
    of_enrolment,
    of_search_stays,
)
from fraud.records import Place
from fraud.statements import Family, Statement

LONG_ENROLLED_DAYS = 60
MANY_HURT = 4
LATE_REGISTRATION_DAYS = 31
COHORT_PEOPLE, COHORT_DAYS = 3, 45
MANY_CLAIMS, MANY_COUNTERPARTS = 10, 5
"""An intermediary with so many claims over so many practitioners or employers helps many people."""


def look_alikes(known: Known) -> list[Statement]:
    """Every honest circumstance that the records show, in a fixed order."""
    return [statement for look in _LOOKS if (statement := look(known)) is not None]


def _statement(
    name: str, family: Family, values: Values | None = None, records: tuple[str, ...] = ()
) -> Statement:
    return Statement(f"look_alike.{name}", dict(values or {}), family, records[-MOST_RECORDS:])


def _account_of_household(known: Known) -> Statement | None:
    """All other people on the account live at the same address (T18)."""
    return _account_within(known, "account_of_household", NodeKind.ADDRESS)


def _account_of_employer(known: Known) -> Statement | None:
    """All other claims on the account come from the same employer (T18)."""
    return _account_within(known, "account_of_employer", NodeKind.EMPLOYER)


def _account_within(known: Known, name: str, kind: NodeKind) -> Statement | None:
    others = known.others(NodeKind.ACCOUNT)
    own = set(known.linked.numbers(kind))
    if not others or not all(_touches(other, kind, own) for other in others):
        return None
    people = len({other.person for other in others})
    return _statement(name, Family.LINKS, {"count": people}, ids_of(others))


def _touches(claim: LinkedClaim, kind: NodeKind, numbers: set[int]) -> bool:
    return not numbers.isdisjoint(claim.numbers(kind))


def _hub(name: str, kind: NodeKind, family: Family) -> Callable[[Known], Statement | None]:
    def look(known: Known) -> Statement | None:
        degrees = [known.area.degree.get(number, 0) for number in known.linked.numbers(kind)]
        hubs = [number for number in known.linked.numbers(kind) if known.area.is_hub(number)]
        return _statement(name, family, {"count": max(degrees)}) if hubs else None

    return look


def _intermediary_of_many(known: Known) -> Statement | None:
    """The intermediary works with many practitioners or employers, like a union officer (T7)."""
    claims = known.others(NodeKind.INTERMEDIARY) or []
    if len(claims) < MANY_CLAIMS:
        return None
    widest = max(
        len({number for claim in claims for number in claim.numbers(kind)})
        for kind in (NodeKind.PRACTITIONER, NodeKind.EMPLOYER)
    )
    if widest < MANY_COUNTERPARTS:
        return None
    return _statement(
        "intermediary_of_many",
        Family.LINKS,
        {"count": len(claims), "others": widest},
        ids_of(claims),
    )


def _enrolled_long_before(known: Known) -> Statement | None:
    """The commuter scheme was joined long before the event (T15)."""
    if known.event_on is None or not known.history.enrolments:
        return None
    first = local_day(min(enrolment.paid_at for enrolment in known.history.enrolments))
    days = (known.event_on - first).days
    if days < LONG_ENROLLED_DAYS:
        return None
    return _statement(
        "enrolled_long_before", Family.COMMUTER, {"day": first.isoformat()}, of_enrolment(known)
    )


def _accident_on_the_link(known: Known) -> Statement | None:
    """The accident is stated on the link, between the two clearances (T3)."""
    injury = known.claim.injury
    if injury is None or injury.place is not Place.LINK:
        return None
    return _statement("accident_on_the_link", Family.COMMUTER, None, of_claim(known))


def _treated_across(known: Known) -> Statement | None:
    """First treated in Singapore, so that stays there on leave may be follow-up treatment (T2)."""
    injury = known.claim.injury
    if injury is None or injury.first_treated_in != "singapore":
        return None
    if not known.stays_on_leave:
        return None
    return _statement("treated_across", Family.COMMUTER, None, of_claim(known))


def _at_work_late_in_leave(known: Known) -> Statement | None:
    """Days at work on leave all lie in its second half, as with agreed light duties (T2)."""
    leave = known.leave_days
    certified = set(leave)
    present = {
        day.toordinal()
        for attendance in known.history.attendances
        for day in attendance.days_present
        if day.toordinal() in certified and day != known.event_on
    }
    if not present or min(present) < leave[len(leave) // 2]:
        return None
    return _statement(
        "at_work_late_in_leave", Family.DOCUMENT, {"count": len(present)}, of_attendance(known)
    )


def _stays_have_ended(known: Known) -> Statement | None:
    """Stays after the loss of the job had ended before the claim, as in a notice period (T1)."""
    lately = known.covered(known.after_loss[-10:])
    if not lately or known.long_stays(lately):
        return None
    stays = known.stays_after_loss
    if not stays:
        return None
    values: Values = {"count": len(stays), "day": stays[-1].day.isoformat()}
    return _statement("stays_have_ended", Family.COMMUTER, values, of_search_stays(known))


def _account_of_guardian(known: Known) -> Statement | None:
    """All other people on the account claim after the same death, as orphans do (T17, T18)."""
    return _account_within(known, "account_of_guardian", NodeKind.DECEASED)


def _death_registered_late(known: Known) -> Statement | None:
    """The death was registered over a month after it, as with a death abroad (T17)."""
    entry = death_of_claimant(known) or death_of_insured(known)
    if entry is None:
        return None
    days = (local_day(entry.registered_at) - entry.died_on).days
    if days < LATE_REGISTRATION_DAYS:
        return None
    return _statement("death_registered_late", Family.CLAIM, {"count": days}, (entry.fact_id,))


def _downsizing_of_many(known: Known) -> Statement | None:
    """Several people of the employer lost their jobs at one time with like letters (T11)."""
    others = known.others(NodeKind.LETTER) or []
    unpaid = known.value(separation_pay_was_none) == 1.0
    if unpaid or any(one.employers != known.linked.employers for one in others):
        return None
    return _at_one_time(known, "downsizing_of_many", Family.DOCUMENT, others)


def _one_cohort_of_a_centre(known: Known) -> Statement | None:
    """Several people began at the firm or centre at one time (T12)."""
    kinds = (NodeKind.HIRING_FIRM, NodeKind.TRAINING_CENTRE)
    others = [one for kind in kinds for one in known.others(kind) or ()]
    return _at_one_time(known, "one_cohort_of_a_centre", Family.LINKS, others)


def _at_one_time(
    known: Known, name: str, family: Family, others: list[LinkedClaim]
) -> Statement | None:
    """Three or more other people, all within 45 days before this claim."""
    people = {one.person for one in others}
    first = min((one.received_on for one in others), default=0)
    if len(people) < COHORT_PEOPLE or known.linked.received_on - first > COHORT_DAYS:
        return None
    return _statement(name, family, {"count": len(people)}, ids_of(others))


def _hurt_with_many(known: Known) -> Statement | None:
    """Many were hurt in the vehicle that day and none is tied by another accident (T16)."""
    companions = known.companions or []
    people = len({one.person for one in companions})
    if people < MANY_HURT or known.companions_met_before:
        return None
    return _statement("hurt_with_many", Family.COMMUTER, {"count": people}, ids_of(companions))


def _other_payer_declared(known: Known) -> Statement | None:
    """The form itself declares that another payer pays for the injury (T5)."""
    injury = known.claim.injury
    if injury is None or not injury.other_payer_declared:
        return None
    return _statement("other_payer_declared", Family.DOCUMENT, None, of_claim(known))


def _seen_from_afar(known: Known) -> Statement | None:
    """A certificate followed a tele-consultation: nobody need be on duty, or near (T6)."""
    serials = tuple(one.serial for one in known.claim.certificates if one.remote)
    if not serials:
        return None
    return _statement("seen_from_afar", Family.DOCUMENT, {"count": len(serials)}, serials)


_LOOKS: tuple[Callable[[Known], Statement | None], ...] = (
    _account_of_household,
    _account_of_employer,
    _hub("account_of_many", NodeKind.ACCOUNT, Family.LINKS),
    _hub("practitioner_of_many", NodeKind.PRACTITIONER, Family.LINKS),
    _intermediary_of_many,
    _enrolled_long_before,
    _accident_on_the_link,
    _treated_across,
    _at_work_late_in_leave,
    _stays_have_ended,
    _hurt_with_many,
    _other_payer_declared,
    _seen_from_afar,
    _hub("escort_of_many", NodeKind.ESCORT, Family.LINKS),
    _account_of_guardian,
    _death_registered_late,
    _downsizing_of_many,
    _one_cohort_of_a_centre,
)

LOOK_ALIKES: dict[str, frozenset[str]] = {
    "account_of_household": frozenset({"people_sharing_account_not_home"}),
    "account_of_employer": frozenset({"people_sharing_account_not_home"}),
    "account_of_many": frozenset(),
    "practitioner_of_many": frozenset(),
    "intermediary_of_many": frozenset({"share_of_intermediary_with_practitioner"}),
    "enrolled_long_before": frozenset({"enrolled_days_before_event"}),
    "accident_on_the_link": frozenset({"recorded_there_at_accident_stated_here"}),
    "treated_across": frozenset(),
    "at_work_late_in_leave": frozenset(),
    "stays_have_ended": frozenset({"stays_in_last_two_weeks_before_claim"}),
    "hurt_with_many": frozenset({"companions_met_in_another_accident"}),
    "other_payer_declared": frozenset({"payments_denied_on_form", "leave_days_paid_by_another"}),
    "seen_from_afar": frozenset(),
    "escort_of_many": frozenset(),
    "account_of_guardian": frozenset({"people_sharing_account_not_home"}),
    "death_registered_late": frozenset(),
    "downsizing_of_many": frozenset({"people_with_like_letter_elsewhere"}),
    "one_cohort_of_a_centre": frozenset({"days_of_claims_at_firm_or_centre"}),
}
"""Names of the sentences, in the same order, with the features that would only say it again."""


def said_by(statements: Iterable[Statement]) -> frozenset[str]:
    """Features that need not be told any more once these circumstances are."""
    names = (statement.key.removeprefix("look_alike.") for statement in statements)
    return frozenset().union(*(LOOK_ALIKES[name] for name in names))
