"""Features of what others answered: hospitals, other payers, platforms, the Medical Board.

An answer that was not received leaves its features unknown: whether anybody was asked says nothing
of a claim.
"""

from collections.abc import Iterable
from math import inf

from fraud.features.catalogue import BASELINE_DAYS, UNKNOWN, Known, Source, feature, once
from fraud.features.from_claim import BEFORE_BOARD, INJURIES, OF_WORK, is_private
from fraud.records import BoardListing, HospitalAnswer, InsurerPayment, PlatformTrips
from fraud.statements import Family

SAME_EVENT_DAYS = 1
"""Two papers about one accident may be a day apart: a slip around midnight."""


@once
def hospital_answers(known: Known) -> list[HospitalAnswer]:
    """What hospitals answered about the claim's own certificates."""
    own = {(one.facility, one.serial) for one in known.claim.certificates}
    answers = known.history.of(HospitalAnswer)
    return [one for one in answers if (one.facility, one.serial) in own]


def _noes(answers: Iterable[bool | None]) -> float:
    """How many answered no; unknown when none answered at all."""
    said = [one for one in answers if one is not None]
    return float(said.count(False)) if said else UNKNOWN


@feature(Family.DOCUMENT, Source.HOSPITAL, "certificates", "T6", schemes=INJURIES)
def certificates_unknown_to_hospital(known: Known) -> float:
    """Certificates whose serial number the hospital does not know."""
    return _noes(one.serial_known for one in hospital_answers(known))


@feature(Family.DOCUMENT, Source.HOSPITAL, "certificates", "T6", schemes=INJURIES)
def certificates_by_doctor_off_duty(known: Known) -> float:
    """Certificates by a doctor who was not on duty that day; tele-consultations do not count."""
    remote = {one.serial for one in known.claim.certificates if one.remote}
    answers = hospital_answers(known)
    return _noes(one.practitioner_on_duty for one in answers if one.serial not in remote)


@feature(Family.DOCUMENT, Source.HOSPITAL, "0 or 1", "T4", schemes=OF_WORK)
def private_cause_noted_by_hospital(known: Known) -> float:
    """The hospital's own note gives home or sport as the cause of an injury claimed as work's."""
    noted = [is_private(one.cause_noted) for one in hospital_answers(known)]
    said = [value for value in noted if value >= 0]
    return max(said, default=UNKNOWN)


@feature(Family.DOCUMENT, Source.HOSPITAL, "days", "T4", schemes=INJURIES)
def days_seen_before_accident(known: Known) -> float:
    """Days from the first visit in the hospital's book to the stated accident; 0 when after it."""
    seen = [one.seen_on for one in hospital_answers(known) if one.seen_on]
    if known.event_on is None or not seen:
        return UNKNOWN
    return float(max(0, (known.event_on - min(seen)).days))


@once
def payments_for_same_injury(known: Known) -> list[InsurerPayment] | None:
    """What other payers paid for the same accident and part of the body; None when none answered.

    A person's own insurance is left out: it may pay beside any scheme. So is everything when the
    claim declares another payer: declared overlap waits for a rule and is nobody's fault.
    """
    payments, event, injury = known.history.of(InsurerPayment), known.event_on, known.claim.injury
    if event is None or injury is None or not payments:
        return None
    if injury.other_payer_declared:
        return []
    return [
        one
        for one in payments
        if one.payer != "private_insurer"
        and abs((one.injured_on - event).days) <= SAME_EVENT_DAYS
        and one.injury_code[:3].upper() == injury.injury_code[:3].upper()
    ]


@feature(Family.DOCUMENT, Source.INSURER, "payments", "T5", schemes=INJURIES)
def payments_denied_on_form(known: Known) -> float:
    """Payments of other payers for the same injury, where the form says that nobody else pays."""
    payments, injury = payments_for_same_injury(known), known.claim.injury
    if payments is None or injury is None:
        return UNKNOWN
    if payments and injury.other_payer_declared is None:
        return UNKNOWN
    return float(len(payments))


@feature(Family.DOCUMENT, Source.INSURER, "days", "T5", schemes=INJURIES)
def leave_days_paid_by_another(known: Known) -> float:
    """Certified leave days that another payer says it paid for, where none was declared."""
    payments = payments_for_same_injury(known)
    if payments is None or not known.leave_days:
        return UNKNOWN
    paid: set[int] = set()
    for one in payments:
        if one.leave_first_day and one.leave_last_day:
            first, last = one.leave_first_day.toordinal(), one.leave_last_day.toordinal()
            paid |= {day for day in known.leave_days if first <= day <= last}
    return float(len(paid))


@feature(Family.DOCUMENT, Source.INSURER, "receipts", "T5", schemes=INJURIES)
def receipts_paid_by_another(known: Known) -> float:
    """Expense receipts of the claim that another payer also paid, where none was declared."""
    payments, injury = payments_for_same_injury(known), known.claim.injury
    if payments is None or injury is None or not injury.receipts:
        return UNKNOWN
    return float(len(receipts_in_both(injury.receipts, payments)))


def receipts_in_both(own: Iterable[str], payments: Iterable[InsurerPayment]) -> set[str]:
    """Receipts that were handed in here and to another payer."""
    return set(own) & {receipt for one in payments for receipt in one.receipts}


@feature(Family.DOCUMENT, Source.INSURER, "days", "T5", schemes=BEFORE_BOARD)
def days_from_other_payment_to_board(known: Known) -> float:
    """Days from another payer's payment for the same injury to the session of the Medical Board."""
    payments = payments_for_same_injury(known)
    held = [
        one.held_on
        for one in known.history.of(BoardListing)
        if one.claim_id == known.claim.claim_id
    ]
    if not payments or not held:
        return UNKNOWN
    gaps = [(max(held) - one.paid_at.date()).days for one in payments]
    return float(min((gap for gap in gaps if gap >= 0), default=UNKNOWN))


def _covered(trips: PlatformTrips, days: Iterable[int]) -> set[int]:
    first, last = trips.first_day.toordinal(), trips.last_day.toordinal()
    return {day for day in days if first <= day <= last}


def trips_among(known: Known, days: list[int]) -> tuple[set[int], set[int]]:
    """Those of some days with a trip, and those that a platform answered for, as day numbers."""
    answered: set[int] = set()
    ridden: set[int] = set()
    for trips in known.history.of(PlatformTrips):
        covered = _covered(trips, days)
        answered |= covered
        ridden |= covered & {day.toordinal() for day in trips.days}
    return ridden, answered


@once
def leave_after_accident(known: Known) -> list[int]:
    """Certified leave days after the day of the accident, as day numbers."""
    accident = known.event_on.toordinal() if known.event_on else inf
    return [day for day in known.leave_days if day > accident]


@once
def trips_on_leave(known: Known) -> tuple[set[int], set[int]]:
    """What `trips_among` gives for the leave after the accident."""
    return trips_among(known, leave_after_accident(known))


@feature(Family.DOCUMENT, Source.PLATFORM, "days", "T2", schemes=INJURIES)
def trip_days_on_leave(known: Known) -> float:
    """Certified leave days after the accident on which the person's platform account made trips.

    A relative may have used the account.
    """
    ridden, answered = trips_on_leave(known)
    return float(len(ridden)) if answered else UNKNOWN


@feature(Family.DOCUMENT, Source.PLATFORM, "share", "T2", schemes=INJURIES)
def share_of_leave_with_trips(known: Known) -> float:
    """Share of the leave days a platform answered for on which the account made trips."""
    ridden, answered = trips_on_leave(known)
    return len(ridden) / len(answered) if answered else UNKNOWN


@feature(Family.DOCUMENT, Source.PLATFORM, "ratio", "T2", schemes=INJURIES)
def trips_on_leave_over_usual(known: Known) -> float:
    """Share of days with trips on leave, over the share in the six weeks before the accident."""
    before, answered = trips_among(known, known.baseline_days)
    share = known.value(share_of_leave_with_trips)
    if not before or len(answered) < BASELINE_DAYS // 3:
        return UNKNOWN
    return share / (len(before) / len(answered))


@feature(Family.DOCUMENT, Source.BOARD, "0 or 1", "T9", schemes=BEFORE_BOARD)
def likeness_differs_at_board(known: Known) -> float:
    """Face, signature or measures at the Medical Board differ from those of earlier visits.

    An injury or an illness can change how a person looks and signs.
    """
    said = [one.likeness for one in known.history.at_board(known.claim.claim_id) if one.likeness]
    return float("differs" in said) if said else UNKNOWN
