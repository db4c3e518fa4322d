"""How each feature is told: when it may stand out, when it speaks against, and with which values.

The sentences are `reason.<feature>.for` and `reason.<feature>.against` of the wording catalogue. A
test holds a sentence back where it would not make sense: "0 other people" never stands out.
Values are plain (numbers and ISO text), so that a stored statement reads the same later.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fraud.clock import local_day
from fraud.features.catalogue import Known
from fraud.features.from_events import (
    hurt_in_a_crowd,
    hurt_in_vehicle_on_other_days,
    not_in_the_vehicle,
)
from fraud.features.from_findings import Around, at_firms, by_hands_and_papers
from fraud.features.from_links import claims_alike
from fraud.graph import GUARD, LinkedClaim, NodeKind
from fraud.records import (
    Attendance,
    BoardAttendance,
    DeathRegistered,
    Fact,
    HospitalAnswer,
    InsurerPayment,
    JobStarted,
    Label,
    PlatformTrips,
)

Values = dict[str, str | int | float]
Test = Callable[[Known, float], bool]

MOST_RECORDS = 12
"""A statement names at most so many records."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How one feature is told."""

    stands_out: Test | None
    speaks_against: Test | None
    values: Callable[[Known, float], Values]
    records: Callable[[Known], tuple[str, ...]]
    background: bool = False
    """Says what kind of claim it is: it has a sentence, but never speaks for itself."""
    summary: bool = False
    """Counts facts that other features tell one by one: it speaks when none of them does."""


def always(_known: Known, _value: float) -> bool:
    """Tell it whatever it is."""
    return True


def from_(least: float) -> Test:
    """Tell it from this value on."""
    return lambda _known, value: value >= least


def below(limit: float) -> Test:
    """Tell it below this value."""
    return lambda _known, value: value < limit


def between(least: float, limit: float) -> Test:
    """Tell it from one value to below another."""
    return lambda _known, value: least <= value < limit


def in_ring(test: Test) -> Test:
    """Tell it only of a claim that is tied to others."""
    return lambda known, value: known.ring.claims > 1 and test(known, value)


def not_in_a_crowd(test: Test) -> Test:
    """Tell it only where few were hurt in the vehicle that day: of a bus nobody looked."""
    return lambda known, value: not hurt_in_a_crowd(known) and test(known, value)


NONE = below(0.5)
SOME = from_(1)


def nothing(_known: Known, _value: float) -> Values:
    """Values of a sentence without any."""
    return {}


def count(_known: Known, value: float) -> Values:
    """A whole number; where a hub's links were cut it says so."""
    return {"count": round(value)}


def links(_known: Known, value: float) -> Values:
    """A number of linked claims or people; links of a hub are read up to a guard."""
    return {"count": f"{GUARD}+" if value >= GUARD else round(value)}


def share(_known: Known, value: float) -> Values:
    """A share from 0 to 1."""
    return {"share": round(value, 3)}


def change(_known: Known, value: float) -> Values:
    """How much a ratio is above or below one, as a share."""
    return {"share": round(abs(value - 1), 3)}


def ratio(_known: Known, value: float) -> Values:
    """A number with one decimal."""
    return {"value": f"{value:.1f}"}


def ringgit(_known: Known, value: float) -> Values:
    """An amount of money, given in ringgit."""
    return {"paid": round(value * 100)}


def others_in_ring(known: Known, _value: float) -> Values:
    """How many claims are tied to this one."""
    return {"count": known.ring.claims - 1}


def declared_wage(known: Known, _value: float) -> Values:
    """The wage written on the claim."""
    return {"paid": known.claim.declared_monthly_wage_sen or 0}


def event_day(known: Known, _value: float) -> Values:
    """The day of the event."""
    return {"day": known.event_on.isoformat() if known.event_on else ""}


def district(known: Known, _value: float) -> Values:
    """The district of the police report."""
    return {"district": (known.claim.injury and known.claim.injury.police_district) or ""}


def paid_and_treated(known: Known, _value: float) -> Values:
    """When the scheme was first paid, and when the first treatment was."""
    injury = known.claim.injury
    treated = injury.first_treated_at if injury else None
    paid = min((one.paid_at for one in known.history.enrolments), default=None)
    return {
        "paid_at": paid.isoformat() if paid else "",
        "treated_at": treated.isoformat() if treated else "",
    }


def paid_and_injured(known: Known, _value: float) -> Values:
    """When the scheme was first paid, and when the accident is stated."""
    injury = known.claim.injury
    paid = min((one.paid_at for one in known.history.enrolments), default=None)
    return {
        "paid_at": paid.isoformat() if paid else "",
        "occurred_at": injury.occurred_at.isoformat() if injury else "",
    }


def registered_on(known: Known, _value: float) -> Values:
    """The day on which the employer was registered."""
    employer = known.history.employer
    return {"day": employer.registered_on.isoformat() if employer else ""}


def account_changed_on(known: Known, _value: float) -> Values:
    """The day of the last change of the account to be paid."""
    days = [local_day(change.changed_at) for change in known.history.account_changes]
    return {"day": max(days).isoformat() if days else ""}


def of_claim(known: Known) -> tuple[str, ...]:
    """The claim itself."""
    return (known.claim.claim_id,)


def of_certificates(known: Known) -> tuple[str, ...]:
    """The certificates of the claim."""
    return tuple(certificate.serial for certificate in known.claim.certificates)[:MOST_RECORDS]


def of_contributions(known: Known) -> tuple[str, ...]:
    """The contribution statement."""
    return (known.history.contributions.fact_id,) if known.history.contributions else ()


def of_employer(known: Known) -> tuple[str, ...]:
    """The description of the employer."""
    return (known.history.employer.fact_id,) if known.history.employer else ()


def of_attendance(known: Known) -> tuple[str, ...]:
    """The attendance lists."""
    return tuple(attendance.fact_id for attendance in known.history.attendances)[:MOST_RECORDS]


def of_enrolment(known: Known) -> tuple[str, ...]:
    """The enrolments in the commuter scheme."""
    return tuple(enrolment.fact_id for enrolment in known.history.enrolments)[:MOST_RECORDS]


def of(kind: type[Fact]) -> Callable[[Known], tuple[str, ...]]:
    """The facts of one kind about the claim's people."""
    return lambda known: tuple(one.fact_id for one in known.history.of(kind))[-MOST_RECORDS:]


def of_account_changes(known: Known) -> tuple[str, ...]:
    """The changes of the account."""
    return tuple(change.fact_id for change in known.history.account_changes)[:MOST_RECORDS]


def _stays(known: Known, days: list[int]) -> tuple[str, ...]:
    stays = known.long_stays(known.covered(days))
    return tuple(stay.day.isoformat() for stay in stays[-MOST_RECORDS:])


def of_leave_stays(known: Known) -> tuple[str, ...]:
    """Days of leave with a recorded stay."""
    return _stays(known, known.leave_days)


def of_search_stays(known: Known) -> tuple[str, ...]:
    """Days after the loss of the job with a recorded stay."""
    return _stays(known, known.after_loss)


def of_earlier_stays(known: Known) -> tuple[str, ...]:
    """Days before the event with a recorded stay."""
    return _stays(known, [day.day.toordinal() for day in known.baseline])


def of_event_day(known: Known) -> tuple[str, ...]:
    """The day of the event."""
    return (known.event_on.isoformat(),) if known.event_on else ()


def over(kind: NodeKind) -> Callable[[Known], tuple[str, ...]]:
    """Other people's claims over one kind of node."""
    return lambda known: ids_of(known.others(kind))


def ids_of(claims: Sequence[LinkedClaim] | None) -> tuple[str, ...]:
    """The last few of some claims, by claim id."""
    return tuple(claim.claim_id for claim in claims or ())[-MOST_RECORDS:]


def of_person(known: Known) -> tuple[str, ...]:
    """Other claims of the same person."""
    return ids_of(known.others_of_person)


def of_person_before(known: Known) -> tuple[str, ...]:
    """Earlier claims of the same person."""
    return ids_of(known.earlier_claims)


Others = Callable[[Known], Sequence[LinkedClaim] | None]


def decided_among(others: Others) -> Callable[[Known, float], Values]:
    """How many of some linked claims were decided, and how many of these confirmed."""

    def values(known: Known, _value: float) -> Values:
        held = (known.area.labels.get(one.claim_id) for one in others(known) or ())
        latest = [labels[-1] for labels in held if labels]
        decided = [label for label in latest if label != Label.UNDETERMINED.value]
        confirmed = sum(label == Label.CONFIRMED_FRAUD.value for label in decided)
        return {"decided": len(decided), "count": confirmed}

    return values


def _found(around: Callable[[Known], Around]) -> Telling:
    """How many of the claims around were decided, and how many of these confirmed."""

    def values(known: Known, _value: float) -> Values:
        decided = around(known).decided
        return {"decided": len(decided), "count": sum(decided.values())}

    return Telling(
        lambda known, _value: any(around(known).decided.values()),
        lambda known, _value: not any(around(known).decided.values()),
        values,
        lambda known: tuple(around(known).decided)[-MOST_RECORDS:],
    )


SMOOTHED_NONE = 0.3 / 11 + 1e-9
"""The smoothed share when none of one or more decided claims was confirmed is at most this."""


def _background(values: Callable[[Known, float], Values] = nothing) -> Telling:
    return Telling(always, None, values, of_claim, background=True)


def _flag(records: Callable[[Known], tuple[str, ...]] = of_claim) -> Telling:
    return Telling(SOME, NONE, nothing, records)


def _summary() -> Telling:
    return Telling(SOME, NONE, count, of_claim, summary=True)


def _shared(kind: NodeKind) -> Telling:
    return Telling(SOME, NONE, links, over(kind))


def _confirmed(others: Others) -> Telling:
    return Telling(
        lambda _known, value: value > SMOOTHED_NONE,
        lambda _known, value: value <= SMOOTHED_NONE,
        decided_among(others),
        lambda known: ids_of(others(known)),
    )


def _others(kind: NodeKind) -> Others:
    return lambda known: known.others(kind)


TELLINGS: dict[str, Telling] = {
    # the claim
    "is_temporary_disablement": _background(),
    "is_permanent_disablement": _background(),
    "is_job_search": _background(),
    "is_road_accident": _background(),
    "filing_delay_days": Telling(from_(0), between(0, 31), count, of_claim),
    "expected_payment_rm": Telling(always, below(2000), ringgit, of_claim),
    "declared_wage_rm": Telling(always, None, ringgit, of_claim),
    "wage_is_round_or_at_ceiling": Telling(SOME, NONE, declared_wage, of_claim),
    "certified_days": Telling(SOME, between(1, 15), count, of_certificates),
    "certificates": Telling(from_(2), between(1, 2), count, of_certificates),
    "extensions_at_one_facility": Telling(SOME, NONE, count, of_certificates),
    "assessed_percent": Telling(SOME, between(1, 6), count, of_claim),
    "treatment_delay_hours": Telling(from_(12), between(0, 6), count, of_claim),
    "police_report_delay_hours": Telling(from_(24), between(0, 24), count, of_claim),
    "police_report_outside_border_districts": Telling(SOME, NONE, district, of_claim),
    "treated_first_in_singapore_after_accident_here": _flag(),
    "event_on_weekend": Telling(SOME, NONE, event_day, of_claim),
    "has_intermediary": _flag(),
    "private_cause_first_noted": _flag(),
    "minutes_off_route": Telling(from_(30), below(30), count, of_claim),
    "leave_days_before_accident": Telling(from_(2), below(2), count, of_certificates),
    "certificates_of_four_to_seven_days": Telling(from_(2), NONE, count, of_certificates),
    "certificates_out_of_sequence": Telling(SOME, NONE, count, of_certificates),
    "workplace_number_not_well_formed": _flag(),
    "rode_as_passenger": _flag(),
    "soft_tissue_after_road_accident": _flag(),
    # contributions, employer, attendance, enrolment
    "contribution_months": Telling(always, from_(36), count, of_contributions),
    "months_with_this_employer": Telling(below(36), from_(36), count, of_contributions),
    "months_past_an_entitlement_step": Telling(below(4), from_(4), count, of_contributions),
    "share_of_months_paid_late": Telling(from_(0.01), below(0.01), share, of_contributions),
    "months_paid_late_just_before_claim": Telling(SOME, NONE, count, of_contributions),
    "wage_step_before_event": Telling(from_(1.1), between(0.95, 1.1), change, of_contributions),
    "declared_wage_over_insured": Telling(
        lambda _known, value: abs(value - 1) > 0.15,
        lambda _known, value: abs(value - 1) <= 0.15,
        share,
        of_contributions,
    ),
    "employer_age_days": Telling(below(1825), from_(1825), registered_on, of_employer),
    "employer_staff": Telling(below(50), from_(50), count, of_employer),
    "days_at_work_on_leave": Telling(SOME, NONE, count, of_attendance),
    "share_of_days_at_work_before_event": Telling(below(0.4), from_(0.4), share, of_attendance),
    "enrolled_days_before_event": Telling(between(0, 30), from_(30), count, of_enrolment),
    "days_at_work_early_in_leave": Telling(SOME, NONE, count, of_attendance),
    "off_work_when_injured": Telling(SOME, NONE, event_day, of_attendance),
    "hours_from_enrolment_to_treatment": Telling(
        below(48), from_(720), paid_and_treated, of_enrolment
    ),
    "hours_from_accident_to_enrolment": Telling(
        from_(0), below(-720), paid_and_injured, of_enrolment
    ),
    "full_time_here_after_joining": Telling(SOME, NONE, nothing, of_contributions),
    "enrolment_paid_by_intermediary": Telling(SOME, NONE, nothing, of_enrolment),
    "wage_step_in_six_months": Telling(from_(1.15), below(1.05), change, of_contributions),
    "stepped_to_ceiling_before_event": Telling(SOME, NONE, nothing, of_contributions),
    "months_raised_after_event": Telling(SOME, NONE, count, of_contributions),
    # answers of hospitals, other payers, platforms and the Medical Board
    "certificates_unknown_to_hospital": Telling(SOME, NONE, count, of(HospitalAnswer)),
    "certificates_by_doctor_off_duty": Telling(SOME, NONE, count, of(HospitalAnswer)),
    "private_cause_noted_by_hospital": Telling(SOME, NONE, nothing, of(HospitalAnswer)),
    "days_seen_before_accident": Telling(SOME, NONE, count, of(HospitalAnswer)),
    "payments_denied_on_form": Telling(SOME, NONE, count, of(InsurerPayment)),
    "leave_days_paid_by_another": Telling(SOME, NONE, count, of(InsurerPayment)),
    "receipts_paid_by_another": Telling(SOME, NONE, count, of(InsurerPayment)),
    "days_from_other_payment_to_board": Telling(below(61), from_(61), count, of(InsurerPayment)),
    "trip_days_on_leave": Telling(SOME, NONE, count, of(PlatformTrips)),
    "share_of_leave_with_trips": Telling(from_(0.05), below(0.05), share, of(PlatformTrips)),
    "trips_on_leave_over_usual": Telling(from_(0.3), below(0.3), share, of(PlatformTrips)),
    "likeness_differs_at_board": Telling(SOME, NONE, nothing, of(BoardAttendance)),
    # links
    "earlier_claims_of_person": Telling(SOME, NONE, links, of_person_before),
    "days_since_last_claim_of_person": Telling(
        between(0, 366), from_(366), count, of_person_before
    ),
    "people_sharing_account": _shared(NodeKind.ACCOUNT),
    "people_sharing_account_not_home": _shared(NodeKind.ACCOUNT),
    "homes_on_account_90d": _shared(NodeKind.ACCOUNT),
    "claims_on_account_90d": _shared(NodeKind.ACCOUNT),
    "days_to_account_change": Telling(always, None, account_changed_on, of_account_changes),
    "people_sharing_phone": _shared(NodeKind.PHONE),
    "people_sharing_address": _shared(NodeKind.ADDRESS),
    "claims_at_employer_180d": _shared(NodeKind.EMPLOYER),
    "claims_at_employer_by_staff": Telling(
        from_(0.05), below(0.05), share, over(NodeKind.EMPLOYER)
    ),
    "employers_sharing_director": _shared(NodeKind.DIRECTOR),
    "employers_sharing_address": _shared(NodeKind.EMPLOYER_ADDRESS),
    "employers_sharing_phone": _shared(NodeKind.EMPLOYER_PHONE),
    "claims_of_intermediary_180d": _shared(NodeKind.INTERMEDIARY),
    "claims_of_intermediary_with_practitioner": _shared(NodeKind.INTERMEDIARY_AND_PRACTITIONER),
    "share_of_intermediary_with_practitioner": Telling(
        from_(0.3), below(0.3), share, over(NodeKind.INTERMEDIARY)
    ),
    "claims_alike_in_three_ways": Telling(
        SOME, NONE, links, lambda known: ids_of(claims_alike(known))
    ),
    "claims_of_intermediary_with_employer": _shared(NodeKind.INTERMEDIARY_AND_EMPLOYER),
    "claims_of_practitioner_with_injury": _shared(NodeKind.PRACTITIONER_AND_INJURY),
    "claims_of_practitioner_90d": _shared(NodeKind.PRACTITIONER),
    "claims_with_a_like_report": _shared(NodeKind.REPORT),
    "claims_with_same_certificate": _shared(NodeKind.CERTIFICATE),
    "people_sharing_vehicle": _shared(NodeKind.VEHICLE),
    "people_with_same_enrolment_payer": _shared(NodeKind.ENROLMENT_PAYER),
    "people_hurt_in_vehicle_that_day": _shared(NodeKind.VEHICLE_ON_DAY),
    "people_hurt_in_vehicle_on_other_days": Telling(
        SOME,
        not_in_a_crowd(NONE),
        links,
        lambda known: ids_of(hurt_in_vehicle_on_other_days(known)),
    ),
    "companions_of_same_intermediary": _shared(NodeKind.VEHICLE_ON_DAY),
    "companions_of_same_practitioner": _shared(NodeKind.VEHICLE_ON_DAY),
    "companions_met_in_another_accident": Telling(
        SOME, NONE, links, lambda known: ids_of(known.companions_met_before)
    ),
    "claims_of_intermediary_at_police_desk": Telling(
        SOME,
        NONE,
        links,
        lambda known: ids_of(not_in_the_vehicle(known, NodeKind.INTERMEDIARY_AND_POLICE_DESK)),
    ),
    "own_claims_under_another_law": Telling(SOME, NONE, links, of_person),
    "own_claims_with_same_receipt": Telling(SOME, NONE, links, of_person),
    "people_with_same_escort": _shared(NodeKind.ESCORT),
    "people_unlike_with_same_escort": _shared(NodeKind.ESCORT),
    "claims_in_ring": Telling(from_(2), below(2), others_in_ring, of_claim),
    "people_for_each_account_in_ring": Telling(
        in_ring(from_(1.05)), in_ring(below(1.05)), ratio, over(NodeKind.ACCOUNT)
    ),
    "most_ring_claims_on_one": Telling(from_(3), in_ring(below(3)), count, of_claim),
    "ring_days": Telling(below(180), from_(180), count, of_claim),
    "confirmed_share_at_intermediary": _confirmed(_others(NodeKind.INTERMEDIARY)),
    "confirmed_share_at_practitioner": _confirmed(_others(NodeKind.PRACTITIONER)),
    "confirmed_share_at_employer": _confirmed(_others(NodeKind.EMPLOYER)),
    "confirmed_share_at_directors_firms": _confirmed(lambda known: known.claims_of_sisters),
    "confirmed_share_on_account": _confirmed(_others(NodeKind.ACCOUNT)),
    "confirmed_fraud_by_hands_and_papers": _found(by_hands_and_papers),
    "confirmed_fraud_at_firms": _found(at_firms),
    # crossings
    "stays_a_week_before_event": Telling(always, always, ratio, of_earlier_stays),
    "weekday_stays_while_employed_here": Telling(from_(1), below(1), ratio, of_earlier_stays),
    "stays_on_leave": Telling(SOME, NONE, count, of_leave_stays),
    "stays_early_in_leave": Telling(SOME, NONE, count, of_leave_stays),
    "share_of_leave_in_stays": Telling(from_(0.2), below(0.2), share, of_leave_stays),
    "weekday_stays_after_loss": Telling(SOME, NONE, count, of_search_stays),
    "share_of_weekdays_in_stays_after_loss": Telling(
        from_(0.2), below(0.2), share, of_search_stays
    ),
    "most_stays_in_four_weeks_after_notice": Telling(SOME, NONE, count, of_search_stays),
    "stays_in_last_two_weeks_before_claim": Telling(SOME, NONE, count, of_search_stays),
    "spread_of_leaving_after_loss": Telling(below(45), from_(45), count, of_search_stays),
    "recorded_there_at_accident_stated_here": _flag(of_event_day),
    "hours_there_on_day_of_event": Telling(from_(1), below(1), ratio, of_event_day),
    "recorded_here_at_accident_stated_there": _flag(of_event_day),
    "certificates_issued_while_across": Telling(SOME, NONE, count, of_certificates),
    "recorded_across_at_board_session": Telling(SOME, NONE, nothing, of(BoardAttendance)),
    # illness and death
    "is_for_illness": _background(),
    "is_after_a_death": _background(),
    "months_past_pension_contributions": Telling(below(4), from_(4), count, of_contributions),
    "days_from_illness_to_treatment": Telling(from_(60), between(0, 60), count, of_claim),
    "referral_unknown_to_hospital": _flag(of(HospitalAnswer)),
    "referring_doctor_not_on_duty": _flag(of(HospitalAnswer)),
    "people_with_same_referral": _shared(NodeKind.REFERRAL),
    "claims_of_practitioner_with_diagnosis": _shared(NodeKind.PRACTITIONER_AND_DIAGNOSIS),
    "stays_a_week_before_illness_claim": Telling(from_(1), below(1), ratio, of_claim),
    "jobs_started_after_illness": Telling(SOME, NONE, count, of(JobStarted)),
    "insured_wage_since_claim_over_before": Telling(
        from_(0.34), below(0.34), share, of_contributions
    ),
    "stated_death_after_registered_days": Telling(
        from_(1), between(0, 1), count, of(DeathRegistered)
    ),
    "days_claimed_after_own_death": Telling(SOME, NONE, count, of(DeathRegistered)),
    "payments_due_after_death": Telling(SOME, NONE, count, of(DeathRegistered)),
    "payments_due_after_entry": Telling(SOME, NONE, count, of(DeathRegistered)),
    "account_changes_after_death": Telling(SOME, NONE, count, of(DeathRegistered)),
    "days_at_work_after_stated_death": Telling(SOME, NONE, count, of(Attendance)),
    "other_funeral_claimants": _shared(NodeKind.FUNERAL_OF),
    "people_naming_dependants_after_another_death": _shared(NodeKind.DEPENDANT),
    "people_naming_other_dependants_before": _shared(NodeKind.DECEASED),
    "most_days_off_number_of_dependant": Telling(from_(1), below(1), count, of_claim),
    "dependants_whose_dates_do_not_fit": Telling(SOME, NONE, count, of_claim),
    # lost and new jobs
    "is_for_a_new_job": _background(),
    "people_with_like_letter_elsewhere": _shared(NodeKind.LETTER),
    "people_with_like_letter_and_tie": _shared(NodeKind.LETTER),
    "people_with_like_letter_here": _shared(NodeKind.LETTER),
    "job_losses_of_staff_180d": Telling(from_(0.1), below(0.1), share, over(NodeKind.JOB_LOSS_AT)),
    "separation_pay_was_none": _flag(),
    "lost_at_a_contribution_step": _flag(of_contributions),
    "event_in_month_13_or_25": _flag(of_contributions),
    "months_paid_by_employer_after_loss": Telling(SOME, NONE, count, of_contributions),
    "days_until_back_with_employer": Telling(below(180), from_(180), count, of(JobStarted)),
    "jobs_others_reported_since_loss": Telling(SOME, NONE, count, of(JobStarted)),
    "days_in_unreported_job": Telling(from_(7), below(7), count, of(JobStarted)),
    "joined_commuter_scheme_after_loss": _flag(of_enrolment),
    "days_from_loss_to_new_job": Telling(from_(0), None, count, of_claim),
    "new_job_lasted_days": Telling(below(90), from_(90), count, of_claim),
    "new_job_ended_after_days": Telling(below(90), from_(90), count, of(JobStarted)),
    "new_job_ended_days_after_claim": Telling(below(90), from_(90), count, of(JobStarted)),
    "new_job_is_with_old_employer": _flag(),
    "stays_a_week_in_new_job": Telling(from_(1), below(1), ratio, of_claim),
    "days_across_a_week_in_distant_job": Telling(from_(0.5), below(0.5), ratio, of_claim),
    "people_hired_by_same_firm_365d": _shared(NodeKind.HIRING_FIRM),
    "people_at_same_training_centre_365d": _shared(NodeKind.TRAINING_CENTRE),
    "days_of_claims_at_firm_or_centre": Telling(from_(60), below(60), count, of_claim),
    "claims_of_intermediary_with_firm_or_centre": _shared(NodeKind.INTERMEDIARY_AND_FIRM),
    "earlier_new_jobs_of_person": Telling(SOME, NONE, count, of_person_before),
    # who is paid, and from where
    "account_on_mule_list": _flag(of_account_changes),
    "account_changed_from_another_device": _flag(of_account_changes),
    "days_from_account_change_to_payment": Telling(below(15), from_(15), count, of_account_changes),
    "people_sharing_device": _shared(NodeKind.DEVICE),
    "people_sharing_device_not_home": _shared(NodeKind.DEVICE),
    "strangers_on_account_or_device": Telling(SOME, NONE, links, of_claim),
    "people_of_employer_on_device": _shared(NodeKind.DEVICE),
    "imaging_contradicts_report": _flag(),
    "claims_with_like_percent": _shared(NodeKind.PRACTITIONER_INJURY_AND_PERCENT),
    # facts that fit one typology, counted
    "signs_of_fabricated_illness": _summary(),
    "signs_of_sold_dismissal": _summary(),
    "signs_of_farmed_job": _summary(),
    "signs_of_job_during_search": _summary(),
    "signs_of_payment_after_death": _summary(),
    "signs_of_false_survivor": _summary(),
    "signs_of_account_takeover": _summary(),
    "signs_of_work_during_search": _summary(),
    "signs_of_work_on_leave": _summary(),
    "signs_of_moved_accident": _summary(),
    "signs_of_trips_on_leave": _summary(),
    "signs_of_listed_work_on_leave": _summary(),
    "signs_of_retold_accident": _summary(),
    "signs_of_double_recovery": _summary(),
    "signs_of_bought_certificate": _summary(),
    "signs_of_stand_in": _summary(),
    "signs_of_sham_commuter": _summary(),
    "signs_of_staged_collision": _summary(),
    "signs_of_raised_wage": _summary(),
    "signs_of_medical_cartel": _summary(),
    "signs_of_paper_job": _summary(),
    "signs_of_one_purse": _summary(),
    "weight_of_strongest_pattern": _background(),
}
