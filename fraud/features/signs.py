"""How many known signs of a typology a claim shows: what an experienced investigator counts.

Each sign is a fact with its look-alikes; one alone says little. Signs whose records are unknown
do not count, and where the records named by a feature's source are unknown so is the feature.
Source: domain brief, section 7; the levels are assumptions, to be replaced when decided cases
show better ones.
"""

from collections.abc import Callable
from math import inf, isnan
from typing import NamedTuple

from fraud.features import (
    from_answers,
    from_claim,
    from_events,
    from_history,
    from_jobs,
    from_links,
    from_movement,
    from_payees,
    from_pensions,
)
from fraud.features.catalogue import UNKNOWN, Known, Measure, Source, feature
from fraud.records import Scheme
from fraud.statements import Family


class Levels(NamedTuple):
    """The values from one level to another, both included."""

    least: float = -inf
    most: float = inf

    @property
    def direction(self) -> int:
        """1 where larger values fit a typology, -1 where smaller ones do, 0 in between."""
        return (self.most == inf) - (self.least == -inf)


def at_least(level: float) -> Levels:
    """The value reaches a level."""
    return Levels(least=level)


def at_most(level: float) -> Levels:
    """The value stays under or at a level."""
    return Levels(most=level)


def between(least: float, most: float) -> Levels:
    """The value lies between two levels, both included."""
    return Levels(least, most)


Sign = tuple[Measure, Levels, float]
"""A feature, the values of it that fit the typology, and how much it weighs (see `patterns`)."""


ONE_FACT: dict[Measure, Measure] = {
    from_answers.private_cause_noted_by_hospital: from_claim.private_cause_first_noted,
    from_answers.days_seen_before_accident: from_claim.leave_days_before_accident,
    from_links.claims_with_a_like_report: from_links.claims_alike_in_three_ways,
    from_links.homes_on_account_90d: from_links.people_sharing_account_not_home,
    from_links.people_with_same_enrolment_payer: from_history.enrolment_paid_by_intermediary,
    from_links.claims_of_intermediary_180d: from_jobs.claims_of_intermediary_with_firm_or_centre,
    from_events.companions_met_in_another_accident: (
        from_events.people_hurt_in_vehicle_on_other_days
    ),
    from_jobs.days_in_unreported_job: from_jobs.jobs_others_reported_since_loss,
    from_jobs.people_with_like_letter_and_tie: from_jobs.people_with_like_letter_elsewhere,
    from_jobs.new_job_ended_days_after_claim: from_jobs.new_job_ended_after_days,
}
"""Features that hold together with another one in honest lives as well, mostly because both read
the same fact: together they count as the rarer of the two alone."""


class Signs:
    """The signs of one typology that are counted together, in the order they are written."""

    def __init__(self, *each: Sign) -> None:
        self.each = each
        self._measures = frozenset(measure for measure, _, _ in each)

    def shown(self, known: Known) -> dict[Measure, float] | None:
        """The signs that a claim shows, with their weights; None where no record of any is known.

        Of several levels of one feature, and of several readings of one fact, the rarest counts.
        Read once for each claim.
        """
        if self not in known.parts:
            values = known.values
            at_hand = self._measures <= values.keys()  # then a plain look-up will do
            known.parts[self] = self.read(values.__getitem__ if at_hand else known.value)
        found: dict[Measure, float] | None = known.parts[self]
        return found

    def read(self, value_of: Callable[[Measure], float]) -> dict[Measure, float] | None:
        """The signs shown by these values of features, as in `shown`."""
        heaviest: dict[Measure, tuple[float, Measure]] = {}
        any_known = False
        for measure, (least, most), weight in self.each:
            value = value_of(measure)
            if least <= value <= most:  # never of an unknown value
                fact = ONE_FACT.get(measure, measure)
                if fact not in heaviest or weight > heaviest[fact][0]:
                    heaviest[fact] = (weight, measure)
            any_known = any_known or not isnan(value)
        return {measure: weight for weight, measure in heaviest.values()} if any_known else None


def _seen(known: Known, signs: Signs) -> float:
    """Facts that reach a level; several levels or readings of one fact are one sign."""
    shown = signs.shown(known)
    return UNKNOWN if shown is None else float(len(shown))


FEW = 10
"""A device, address or firm with more claims than this has a lawful reason to be shared."""

WORK_DURING_SEARCH = Signs(
    (from_movement.most_stays_in_four_weeks_after_notice, at_least(8), 8.0),
    (from_movement.most_stays_in_four_weeks_after_notice, at_least(12), 9.0),
    (from_movement.stays_in_last_two_weeks_before_claim, at_least(6), 5.0),
    (from_movement.spread_of_leaving_after_loss, at_most(25), 3.5),
)
WORK_ON_LEAVE = Signs(
    (from_movement.stays_on_leave, at_least(3), 8.0),
    (from_movement.stays_on_leave, at_least(6), 9.5),
    (from_movement.stays_early_in_leave, at_least(2), 11.0),
)
EXTENDED_LEAVE = Signs((from_claim.extensions_at_one_facility, at_least(2), 3.0))
MOVED_ACCIDENT = Signs(
    (from_claim.treated_first_in_singapore_after_accident_here, at_least(1), 12.0),
    (from_movement.recorded_there_at_accident_stated_here, at_least(1), 9.0),
    (from_claim.police_report_delay_hours, at_least(60), 5.0),
    (from_claim.police_report_outside_border_districts, at_least(1), 5.0),
    (from_claim.minutes_off_route, at_least(25), 5.5),
)
TRIPS_ON_LEAVE = Signs(
    (from_answers.trip_days_on_leave, at_least(3), 8.5),
    (from_answers.trips_on_leave_over_usual, at_least(0.5), 2.0),
)
LISTED_ON_LEAVE = Signs(
    (from_history.days_at_work_on_leave, at_least(3), 7.0),
    (from_history.days_at_work_early_in_leave, at_least(2), 13.0),
)
RETOLD_ACCIDENT = Signs(
    (from_claim.private_cause_first_noted, at_least(1), 7.5),
    (from_answers.private_cause_noted_by_hospital, at_least(1), 8.0),
    (from_claim.minutes_off_route, at_least(45), 7.0),
    (from_history.off_work_when_injured, at_least(1), 6.5),
    (from_claim.leave_days_before_accident, at_least(2), 8.5),
    (from_answers.days_seen_before_accident, at_least(1), 8.5),
)
PAID_TWICE = Signs(
    (from_answers.payments_denied_on_form, at_least(1), 9.0),
    (from_answers.leave_days_paid_by_another, at_least(3), 8.0),
    (from_answers.receipts_paid_by_another, at_least(1), 9.0),
    (from_answers.days_from_other_payment_to_board, at_most(60), 9.0),
    (from_events.own_claims_under_another_law, at_least(1), 9.0),
    (from_events.own_claims_with_same_receipt, at_least(1), 9.0),
)
BOUGHT_CERTIFICATE = Signs(
    (from_answers.certificates_unknown_to_hospital, at_least(1), 9.5),
    (from_answers.certificates_by_doctor_off_duty, at_least(1), 10.0),
    (from_links.claims_with_same_certificate, at_least(1), 10.5),
    (from_claim.certificates_out_of_sequence, at_least(1), 12.0),
    (from_claim.certificates_of_four_to_seven_days, at_least(3), 3.5),
    (from_movement.certificates_issued_while_across, at_least(1), 8.0),
    (from_movement.stays_on_leave, at_least(3), 9.0),
    (from_links.claims_with_a_like_report, at_least(1), 2.0),
    (from_links.claims_of_intermediary_with_practitioner, at_least(2), 5.0),
)
STAND_IN = Signs(
    (from_answers.likeness_differs_at_board, at_least(1), 7.5),
    (from_movement.recorded_across_at_board_session, at_least(1), 9.0),
    (from_events.people_with_same_escort, at_least(1), 6.0),
    (from_events.people_with_same_escort, at_least(2), 6.5),
    (from_events.people_unlike_with_same_escort, at_least(1), 10.0),
)
SHAM_COMMUTER = Signs(
    (from_history.hours_from_accident_to_enrolment, at_least(-24), 5.0),
    (from_history.hours_from_accident_to_enrolment, at_least(0), 9.0),
    (from_history.hours_from_enrolment_to_treatment, at_most(24), 8.5),
    (from_history.full_time_here_after_joining, at_least(1), 6.5),
    (from_history.enrolment_paid_by_intermediary, at_least(1), 4.5),
    (from_links.people_with_same_enrolment_payer, at_least(2), 4.0),
    (from_claim.workplace_number_not_well_formed, at_least(1), 8.5),
)
STAGED_COLLISION = Signs(
    # One companion through the same hands may be chance in a real crash; two hardly ever are.
    (from_events.companions_met_in_another_accident, at_least(1), 7.0),
    (from_events.companions_of_same_intermediary, at_least(1), 5.0),
    (from_events.companions_of_same_intermediary, at_least(2), 12.0),
    (from_events.companions_of_same_practitioner, at_least(1), 4.0),
    (from_events.companions_of_same_practitioner, at_least(2), 12.0),
    (from_events.people_hurt_in_vehicle_on_other_days, at_least(2), 7.0),
    (from_events.claims_of_intermediary_at_police_desk, at_least(2), 2.5),
    (from_claim.soft_tissue_after_road_accident, at_least(1), 2.5),
    (from_movement.recorded_here_at_accident_stated_there, at_least(1), 9.0),
)
RAISED_WAGE = Signs(
    (from_history.wage_step_in_six_months, at_least(1.3), 6.0),
    (from_history.wage_step_in_six_months, at_least(1.6), 8.5),
    (from_history.stepped_to_ceiling_before_event, at_least(1), 5.0),
    (from_history.months_raised_after_event, at_least(1), 9.0),
)
CARTEL = Signs(
    (from_links.claims_alike_in_three_ways, at_least(1), 9.5),
    (from_links.claims_alike_in_three_ways, at_least(2), 12.0),
    (from_links.claims_with_a_like_report, at_least(1), 2.0),
    (from_links.claims_with_a_like_report, at_least(3), 4.5),
    (from_links.claims_of_intermediary_with_practitioner, at_least(2), 5.0),
    (from_links.claims_of_intermediary_with_employer, at_least(1), 7.5),
    (from_payees.imaging_contradicts_report, at_least(1), 9.5),
    (from_payees.claims_with_like_percent, at_least(2), 5.0),
)
YOUNG_FIRM = Signs(
    (from_history.employer_age_days, at_most(900), 4.5),
    (from_links.employers_sharing_director, at_least(1), 3.5),
    (from_links.employers_sharing_phone, at_least(1), 8.5),
    (from_claim.wage_is_round_or_at_ceiling, at_least(1), 4.5),
    (from_links.employers_sharing_address, between(1, FEW), 8.0),
    (from_payees.people_of_employer_on_device, between(2, FEW), 9.0),
    (from_history.event_in_month_13_or_25, at_least(1), 3.5),
    (from_history.months_paid_late_just_before_claim, at_least(6), 6.0),
    (from_movement.weekday_stays_while_employed_here, at_least(3), 2.5),
)
ONE_PURSE = Signs(
    (from_links.people_sharing_account_not_home, at_least(1), 7.0),
    (from_links.people_sharing_account_not_home, at_least(2), 11.0),
    (from_links.homes_on_account_90d, at_least(1), 7.5),
    (from_links.homes_on_account_90d, at_least(2), 12.0),
)


@feature(Family.COMMUTER, Source.CROSSINGS, "signs", "T1", schemes=frozenset({Scheme.JOB_SEARCH}))
def signs_of_work_during_search(known: Known) -> float:
    """Signs in the crossings of working across the border while on job search, 0 to 3."""
    return _seen(known, WORK_DURING_SEARCH)


@feature(Family.COMMUTER, Source.CROSSINGS, "signs", "T2", schemes=from_claim.INJURIES)
def signs_of_work_on_leave(known: Known) -> float:
    """Signs in the crossings of working during certified leave, 0 to 2."""
    return _seen(known, WORK_ON_LEAVE)


@feature(Family.DOCUMENT, Source.CLAIM, "signs", "T3", schemes=from_claim.INJURIES)
def signs_of_moved_accident(known: Known) -> float:
    """Signs in the papers that an accident happened elsewhere than stated, 0 to 5."""
    return _seen(known, MOVED_ACCIDENT)


@feature(Family.DOCUMENT, Source.PLATFORM, "signs", "T2", schemes=from_claim.INJURIES)
def signs_of_trips_on_leave(known: Known) -> float:
    """Signs in a platform's log of working during certified leave, 0 to 2."""
    return _seen(known, TRIPS_ON_LEAVE)


@feature(Family.DOCUMENT, Source.ATTENDANCE, "signs", "T2", schemes=from_claim.INJURIES)
def signs_of_listed_work_on_leave(known: Known) -> float:
    """Signs in an employer's list of working during certified leave, 0 to 2."""
    return _seen(known, LISTED_ON_LEAVE)


@feature(Family.CLAIM, Source.CLAIM, "signs", "T4", schemes=from_claim.OF_WORK)
def signs_of_retold_accident(known: Known) -> float:
    """Signs in papers and answers that a private accident is told as work's, 0 to 4."""
    return _seen(known, RETOLD_ACCIDENT)


@feature(Family.DOCUMENT, Source.CLAIM, "signs", "T5", schemes=from_claim.INJURIES)
def signs_of_double_recovery(known: Known) -> float:
    """Signs in answers and in the person's other claims of one injury paid twice, 0 to 6."""
    return _seen(known, PAID_TWICE)


@feature(Family.DOCUMENT, Source.CLAIM, "signs", "T6", schemes=from_claim.INJURIES)
def signs_of_bought_certificate(known: Known) -> float:
    """Signs in papers, answers and crossings that no doctor gave a certificate, 0 to 9."""
    return _seen(known, BOUGHT_CERTIFICATE)


@feature(Family.DOCUMENT, Source.CLAIM, "signs", "T9", schemes=from_claim.BEFORE_BOARD)
def signs_of_stand_in(known: Known) -> float:
    """Signs that somebody else came to the Medical Board, 0 to 4."""
    return _seen(known, STAND_IN)


@feature(Family.COMMUTER, Source.CLAIM, "signs", "T15", schemes=from_history.COVER_BY_PAYMENT)
def signs_of_sham_commuter(known: Known) -> float:
    """Signs that cover was bought for an accident or without commuting, 0 to 5."""
    return _seen(known, SHAM_COMMUTER)


@feature(Family.LINKS, Source.CLAIM, "signs", "T16", schemes=from_claim.INJURIES)
def signs_of_staged_collision(known: Known) -> float:
    """Signs of an arranged accident or of passengers who were not there, 0 to 6."""
    return _seen(known, STAGED_COLLISION)


@feature(Family.EMPLOYER, Source.CONTRIBUTIONS, "signs", "T20", schemes=from_claim.INJURIES)
def signs_of_raised_wage(known: Known) -> float:
    """Signs in the contributions of a wage raised for the claim, 0 to 3."""
    return _seen(known, RAISED_WAGE)


@feature(Family.LINKS, Source.LINKS, "signs", "T7", schemes=from_claim.INJURIES)
def signs_of_medical_cartel(known: Known) -> float:
    """Signs of the same people behind many assessed injuries, 0 to 5."""
    return _seen(known, CARTEL)


@feature(Family.EMPLOYER, Source.EMPLOYER, "signs", "T10")
def signs_of_paper_job(known: Known) -> float:
    """Signs in the register of a young firm that is one of several, 0 to 9."""
    return UNKNOWN if known.history.employer is None else _seen(known, YOUNG_FIRM)


@feature(Family.LINKS, Source.LINKS, "signs", "T18")
def signs_of_one_purse(known: Known) -> float:
    """Signs that benefits of unrelated people flow to one account, 0 to 1."""
    return _seen(known, ONE_PURSE)


FABRICATED_ILLNESS = Signs(
    (from_pensions.referral_unknown_to_hospital, at_least(1), 6.0),
    (from_pensions.referring_doctor_not_on_duty, at_least(1), 9.0),
    (from_pensions.people_with_same_referral, at_least(1), 9.0),
    (from_pensions.months_past_pension_contributions, at_most(4), 7.0),
    (from_pensions.days_from_illness_to_treatment, at_least(120), 6.5),
    (from_pensions.stays_a_week_before_illness_claim, at_least(3), 6.5),
    (from_pensions.jobs_started_after_illness, at_least(1), 7.5),
    (from_pensions.insured_wage_since_claim_over_before, at_least(0.34), 7.5),
    (from_history.months_paid_late_just_before_claim, at_least(6), 6.5),
    (from_links.claims_alike_in_three_ways, at_least(1), 8.0),
    (from_links.claims_of_intermediary_with_practitioner, at_least(2), 5.0),
    (from_links.claims_with_a_like_report, at_least(1), 3.0),
)
SOLD_DISMISSAL = Signs(
    (from_jobs.people_with_like_letter_elsewhere, at_least(1), 2.5),
    (from_jobs.people_with_like_letter_elsewhere, at_least(2), 5.0),
    (from_jobs.people_with_like_letter_and_tie, at_least(1), 8.0),
    (from_jobs.job_losses_of_staff_180d, at_least(0.3), 4.0),
    (from_jobs.separation_pay_was_none, at_least(1), 3.0),
    (from_jobs.lost_at_a_contribution_step, at_least(1), 3.5),
    (from_jobs.months_paid_by_employer_after_loss, at_least(2), 8.0),
    (from_jobs.days_until_back_with_employer, at_most(60), 8.0),
    (from_jobs.jobs_others_reported_since_loss, at_least(1), 4.5),
    (from_links.claims_of_intermediary_with_employer, at_least(1), 6.5),
)
FARMED_JOB = Signs(
    (from_jobs.new_job_ended_after_days, at_most(60), 4.0),
    (from_jobs.new_job_ended_days_after_claim, at_most(60), 3.5),
    (from_jobs.new_job_is_with_old_employer, at_least(1), 5.5),
    (from_jobs.days_across_a_week_in_distant_job, at_least(1), 7.0),
    (from_jobs.people_hired_by_same_firm_365d, between(2, FEW), 8.0),
    (from_jobs.people_at_same_training_centre_365d, between(3, FEW), 2.5),
    (from_jobs.days_of_claims_at_firm_or_centre, at_least(60), 2.0),
    (from_jobs.claims_of_intermediary_with_firm_or_centre, at_least(1), 11.0),
    (from_jobs.earlier_new_jobs_of_person, at_least(1), 5.0),
    (from_links.claims_of_intermediary_180d, at_least(10), 7.0),
)
JOB_DURING_SEARCH = Signs(
    (from_jobs.jobs_others_reported_since_loss, at_least(1), 5.0),
    (from_jobs.days_in_unreported_job, at_least(14), 5.0),
    (from_jobs.joined_commuter_scheme_after_loss, at_least(1), 6.0),
)
PAID_AFTER_DEATH = Signs(
    (from_pensions.days_claimed_after_own_death, at_least(8), 9.0),
    (from_pensions.payments_due_after_death, at_least(1), 7.0),
    (from_pensions.payments_due_after_death, at_least(2), 9.0),
    (from_pensions.payments_due_after_entry, at_least(1), 9.0),
    (from_pensions.account_changes_after_death, at_least(1), 9.0),
)
FALSE_SURVIVOR = Signs(
    (from_pensions.stated_death_after_registered_days, at_least(8), 9.0),
    (from_pensions.days_at_work_after_stated_death, at_least(1), 9.0),
    (from_pensions.other_funeral_claimants, at_least(1), 5.5),
    (from_pensions.people_naming_dependants_after_another_death, at_least(1), 9.0),
    (from_pensions.people_naming_other_dependants_before, at_least(1), 7.5),
    (from_links.people_sharing_account_not_home, at_least(1), 6.0),
    (from_pensions.most_days_off_number_of_dependant, at_least(900), 8.5),
    (from_pensions.dependants_whose_dates_do_not_fit, at_least(1), 4.0),
    (from_pensions.dependants_whose_dates_do_not_fit, at_least(2), 7.0),
)
ACCOUNT_TAKEN_OVER = Signs(
    (from_payees.account_on_mule_list, at_least(1), 9.0),
    (from_payees.account_changed_from_another_device, at_least(1), 5.5),
    (from_payees.days_from_account_change_to_payment, at_most(14), 2.5),
    (from_payees.people_sharing_device_not_home, between(2, FEW), 9.0),
)


@feature(Family.DOCUMENT, Source.CLAIM, "signs", "T8", schemes=from_pensions.ILLNESSES)
def signs_of_fabricated_illness(known: Known) -> float:
    """Signs in papers, links and contributions of an illness on paper only, 0 to 11."""
    return _seen(known, FABRICATED_ILLNESS)


@feature(Family.EMPLOYER, Source.LINKS, "signs", "T11", schemes=from_jobs.EIS)
def signs_of_sold_dismissal(known: Known) -> float:
    """Signs in letters and contributions of a loss of a job on paper only, 0 to 8."""
    return _seen(known, SOLD_DISMISSAL)


@feature(Family.LINKS, Source.LINKS, "signs", "T12", schemes=from_jobs.NEW_JOBS)
def signs_of_farmed_job(known: Known) -> float:
    """Signs of a brief job or course taken for the sum that is paid on it, 0 to 8."""
    return _seen(known, FARMED_JOB)


@feature(Family.EMPLOYER, Source.JOBS, "signs", "T1", schemes=from_jobs.SEARCHING)
def signs_of_job_during_search(known: Known) -> float:
    """Signs in reports of others of a job that was begun during the search, 0 to 2."""
    return _seen(known, JOB_DURING_SEARCH)


@feature(Family.CLAIM, Source.DEATHS, "signs", "T17")
def signs_of_payment_after_death(known: Known) -> float:
    """Signs in the register of deaths that a benefit goes on after a death, 0 to 4."""
    return _seen(known, PAID_AFTER_DEATH)


@feature(Family.DOCUMENT, Source.CLAIM, "signs", "T17", schemes=from_pensions.DEATHS)
def signs_of_false_survivor(known: Known) -> float:
    """Signs in papers and links that the death or its dependants are not as stated, 0 to 8."""
    return _seen(known, FALSE_SURVIVOR)


@feature(Family.LINKS, Source.CLAIM, "signs", "T18")
def signs_of_account_takeover(known: Known) -> float:
    """Signs that somebody else changed the account shortly before a payment, 0 to 4."""
    return _seen(known, ACCOUNT_TAKEN_OVER)
