"""A missing record is unknown: never zero, never a mismatch, never a reason for anything."""

import numpy as np
import pytest

from fraud.features import CATALOGUE, Known, Source, vector_of
from fraud.graph import Area
from fraud.history import History
from fraud.records import Scheme
from fraud.rules import run_rules
from fraud.statements import HitKind
from tests.support.builders import (
    ACCIDENT_ON,
    JSA,
    LAST_DAY_AT_WORK,
    RECEIVED_ON,
    TDB,
    a_board_attendance,
    a_certificate,
    a_claim,
    a_history,
    a_hospital_answer,
    an_attendance,
    an_enrolment,
    an_injury,
    an_insurer_payment,
    days_from,
    known_of,
    linked,
    platform_trips,
    stays,
    weekdays,
    with_crossings,
)

SOURCES_OF_HISTORY = {
    Source.CONTRIBUTIONS: {"contributions": None, "enrolments": ()},
    Source.EMPLOYER: {"employer": None},
    Source.ATTENDANCE: {"attendances": ()},
    Source.CROSSINGS: {"days": {}, "outages": {}},
    Source.ENROLMENT: {"enrolments": ()},
    Source.HOSPITAL: {"facts": ()},
    Source.INSURER: {"facts": ()},
    Source.PLATFORM: {"facts": ()},
    Source.BOARD: {"facts": ()},
}


def columns(source: Source) -> list[int]:
    return [place for place, feature in enumerate(CATALOGUE) if feature.source is source]


def all_known(scheme: Scheme) -> History:
    days = weekdays(LAST_DAY_AT_WORK, RECEIVED_ON) + days_from(ACCIDENT_ON, 10)
    return with_crossings(
        stays(days),
        attendances=(an_attendance(days_from(ACCIDENT_ON, 4)),),
        enrolments=(an_enrolment(),),
        facts=(a_hospital_answer(), an_insurer_payment(), platform_trips(), a_board_attendance()),
    )


@pytest.mark.parametrize("scheme", list(Scheme))
def test_with_the_gate_closed_no_feature_of_crossings_has_a_value(scheme):
    vector = vector_of(known_of(a_claim(scheme)))  # no days, no border files
    assert np.isnan(vector[columns(Source.CROSSINGS)]).all()


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("source", SOURCES_OF_HISTORY)
def test_a_source_that_is_missing_leaves_its_features_unknown(scheme, source):
    whole = all_known(scheme)
    fields = {name: getattr(whole, name) for name in whole.__dataclass_fields__}
    history = History(**fields | SOURCES_OF_HISTORY[source])
    vector = vector_of(known_of(a_claim(scheme), history))
    assert np.isnan(vector[columns(source)]).all()


@pytest.mark.parametrize("scheme", list(Scheme))
def test_what_a_claim_does_not_state_is_unknown(scheme):
    claim = a_claim(
        scheme, account=None, phone=None, address=None, employer_code=None, certificates=(),
        workplace_uen=None, declared_monthly_wage_sen=None,
    )  # fmt: skip
    if claim.injury:
        bare = an_injury(first_treated_at=None, first_treated_in=None)
        claim = claim.model_copy(update={"injury": bare})
    history = History()
    vector = vector_of(Known(claim, history, linked(claim, history), Area()))
    values = dict(zip((feature.name for feature in CATALOGUE), vector, strict=True))
    stated = {
        "is_temporary_disablement", "is_permanent_disablement", "is_job_search",
        "is_after_a_death", "is_for_a_new_job", "is_for_illness",
        "is_road_accident", "filing_delay_days", "expected_payment_rm", "event_on_weekend",
        "has_intermediary", "certificates", "earlier_claims_of_person", "claims_in_ring",
        "most_ring_claims_on_one", "own_claims_under_another_law", "signs_of_double_recovery",
        "earlier_new_jobs_of_person", "signs_of_farmed_job",
        "weight_of_strongest_pattern",
    }  # fmt: skip
    assert {name for name, value in values.items() if not np.isnan(value)} <= stated


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("source", SOURCES_OF_HISTORY)
def test_taking_records_away_never_makes_a_lead_or_an_exclusion(scheme, source):
    """Only money owed may appear: days at work, once unknown, no longer explain a low payment."""
    whole = all_known(scheme)
    fields = {name: getattr(whole, name) for name in whole.__dataclass_fields__}
    less = History(**fields | SOURCES_OF_HISTORY[source])
    claim = a_claim(scheme)
    before = {hit.rule for hit in run_rules(known_of(claim, whole), accept_reserved=True)}
    after = run_rules(known_of(claim, less), accept_reserved=True)
    new = {hit.rule for hit in after if hit.kind is not HitKind.MONEY_OWED} - before
    assert not new


def test_days_without_a_border_file_are_left_out_and_not_counted_as_absent():
    days = stays(days_from(ACCIDENT_ON, 3))
    outages = dict.fromkeys(days, 0.0)
    names = [feature.name for feature in CATALOGUE]
    claim = a_claim(TDB, certificates=(a_certificate(),))
    vector = vector_of(known_of(claim, a_history(days=days, outages=outages)))
    # of three days, not of seven; that of the accident itself is no sign
    assert vector[names.index("share_of_leave_in_stays")] == pytest.approx(2 / 3)


def test_an_outage_is_unknown_too():
    outages = {day.toordinal(): 0.5 for day in days_from(LAST_DAY_AT_WORK, 41)}
    names = [feature.name for feature in CATALOGUE]
    vector = vector_of(known_of(a_claim(JSA), a_history(outages=outages)))
    assert np.isnan(vector[names.index("weekday_stays_after_loss")])


def test_a_row_that_is_lost_never_raises_a_share():
    """Trips that cannot be paired are no stay, and the day stays among those the file covers."""
    short = stays(days_from(ACCIDENT_ON.replace(day=6), 3), hours=3.0)
    unpaired = stays(days_from(ACCIDENT_ON.replace(day=6), 3), hours=None)
    shares = {
        vector_of(known_of(a_claim(TDB), with_crossings(stays(days_from(ACCIDENT_ON, 4)) | rest)))[
            [feature.name for feature in CATALOGUE].index("share_of_leave_in_stays")
        ]
        for rest in (short, unpaired, {})
    }
    assert shares == {3 / 7}  # the day of the accident is none of work


def test_an_attendance_list_of_other_days_says_nothing_of_the_leave():
    earlier = an_attendance(
        days_from(ACCIDENT_ON.replace(month=1), 5),
        first_day=ACCIDENT_ON.replace(month=1),
        last_day=ACCIDENT_ON.replace(month=2),
    )
    names = [feature.name for feature in CATALOGUE]
    vector = vector_of(known_of(history=a_history(attendances=(earlier,))))
    assert np.isnan(vector[names.index("days_at_work_on_leave")])
