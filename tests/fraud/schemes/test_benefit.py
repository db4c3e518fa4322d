"""What is payable: every benefit by hand, edges of each, dates, marks and sentences."""

import inspect
import re
from dataclasses import replace
from datetime import date, timedelta
from shutil import copytree

import pytest

from fraud import schemes
from fraud.records import Scheme
from fraud.schemes import benefit, contributions, injury, job_loss, pensions, tables
from fraud.schemes.benefit import WORKED_OUT_BY, benefit_due, facts_from
from fraud.schemes.contributions import Facts
from fraud.schemes.tables import Mark, read_tables
from fraud.schemes.working import Outcome
from fraud.wording import LANGUAGES, has, text
from tests.fraud.schemes.claims import FACTS, a_death, every_benefit, of
from tests.fraud.schemes.drawn import drawn
from tests.support.builders import (
    ACCIDENT_ON,
    MYKAD,
    RECEIVED_ON,
    a_certificate,
    a_claim,
    a_job_loss,
    a_run,
    a_statement,
    an_attendance,
    an_enrolment,
    an_injury,
    at,
)

BY_HAND = {
    "temporary disablement": ("due", 56_000, "once", "D"),  # 7 days at RM80, max. derived
    "permanent disablement, above the limit of a lump sum": ("due", 3_600, "day", "D"),
    "permanent disablement, lump sum possible": ("due", 720, "day", "D"),
    "LINDUNG 24 Jam, with a day at work": ("would_be", 48_000, "once", "?"),
    "LINDUNG 24 Jam, abroad": ("nothing", 0, "once", "F"),
    "self-employed": ("would_be", 19_600, "once", "A"),  # 80% of RM1,050 / 30 is RM28
    "commuter": ("would_be", 19_600, "once", "A"),
    "housewife": ("no_table", None, "once", "F"),
    "invalidity": ("would_be", 156_000, "month", "A"),  # 50 months: 50% and 2% of RM3,000
    "invalidity, a grant at most": ("no_table", None, "once", "F"),
    "survivors": ("would_be", 156_000, "month", "A"),
    "dependants": ("due", 9_000, "day", "D"),
    "funeral": ("due", 200_000, "once", "F"),
    "constant attendance": ("would_be", 50_000, "month", "A"),
    "job search": ("due", 810_000, "once", "F"),  # 270% of RM3,000
    "early re-employment": ("due", 142_500, "once", "F"),  # a quarter of RM8,100 less RM2,400
    "early re-employment, payments not known": ("would_be", 142_500, "once", "A"),
    "reduced income": ("would_be", 540_000, "once", "A"),
    "mobility": ("would_be", 100_000, "once", "?"),
    "training": ("due", 1_000, "day", "F"),
}
CLAIMS = every_benefit()


def test_every_scheme_is_worked_out():
    assert set(WORKED_OUT_BY) == set(Scheme)
    assert {claim.scheme for claim, _, _ in CLAIMS.values()} == set(Scheme)


@pytest.mark.parametrize("name", CLAIMS)
def test_a_plain_claim_gives_what_it_gives_by_hand(name):
    found = benefit_due(*CLAIMS[name])
    assert (found.outcome, found.amount_sen, found.per, found.mark) == BY_HAND[name]


@pytest.mark.parametrize("name", CLAIMS)
def test_each_step_reads_in_both_languages(name):
    for step in benefit_due(*CLAIMS[name]).steps:
        for language in LANGUAGES:
            assert text(step.key, language, **step.values)


def test_every_sentence_of_the_steps_is_there_and_each_is_said():
    rooms = (contributions, injury, job_loss, pensions)
    source = "".join(inspect.getsource(room) for room in (*rooms, inspect.getmodule(benefit_due)))
    source += inspect.getsource(inspect.getmodule(Outcome))
    said = set(re.findall(r'(?:say|stop)\(\s*(?:Outcome\.\w+,\s*)?"(\w+)"', source))
    assert len(said) > 50
    assert all(has(f"law.{key}", language) for key in said for language in LANGUAGES)


def test_what_rests_on_an_assumption_is_never_called_due():
    for seed in range(3200):
        found = benefit_due(*drawn(seed))
        if found.outcome in (Outcome.DUE, Outcome.WOULD_BE):
            assert found.mark.is_assumed is (found.outcome is Outcome.WOULD_BE)
        assert found.steps
        unknown = found.outcome in (Outcome.NOT_KNOWN, Outcome.NO_TABLE)
        assert (found.amount_sen is None) is unknown


def temporary(facts=FACTS, **changes):
    values = {"injury": an_injury(), "certificates": (a_certificate(),)}
    return benefit_due(of(Scheme.TEMPORARY_DISABLEMENT, **values | changes), facts, RECEIVED_ON)


def test_the_least_and_the_most_of_a_day():
    low = replace(FACTS, runs=(a_run(monthly_wage_sen=60_000),))
    high = replace(FACTS, runs=(a_run(monthly_wage_sen=2_000_000),))
    assert temporary(low).amount_sen == 7 * 3_000
    assert temporary(high).amount_sen == 7 * 15_867


def test_days_worked_for_wages_are_not_paid():
    facts = replace(FACTS, worked_days=frozenset({ACCIDENT_ON, ACCIDENT_ON + timedelta(days=1)}))
    assert temporary(facts).units == 5


def test_a_certificate_that_overlaps_another_pays_no_day_twice():
    again = a_certificate(serial="KL00001-0000002", last_day=ACCIDENT_ON + timedelta(days=8))
    assert temporary(certificates=(a_certificate(), again)).units == 9


def test_the_day_of_the_accident_counts_towards_the_four():
    first = ACCIDENT_ON + timedelta(days=1)
    three = a_certificate(first_day=first, last_day=first + timedelta(days=2))
    two = a_certificate(first_day=first, last_day=first + timedelta(days=1))
    assert temporary(certificates=(three,)).units == 3
    assert temporary(certificates=(two,)).outcome is Outcome.NOTHING


def test_nothing_after_the_day_of_reading_is_counted():
    claim = of(Scheme.TEMPORARY_DISABLEMENT, injury=an_injury(), certificates=(a_certificate(),))
    assert benefit_due(claim, FACTS, ACCIDENT_ON + timedelta(days=4)).units == 5


@pytest.mark.parametrize("year", [1998, 2013, 2019])
def test_a_day_that_no_table_covers_is_refused_and_named(year):
    day = date(year, 5, 4)
    found = benefit_due(
        of(
            Scheme.TEMPORARY_DISABLEMENT,
            injury=an_injury(occurred_at=at(day, "10:00")),
            certificates=(a_certificate(first_day=day, last_day=day + timedelta(days=9)),),
        ),
        Facts(runs=(a_run(first_month=date(1990, 1, 1)),)),
        day + timedelta(days=30),
    )
    assert found.outcome is Outcome.NO_TABLE
    assert found.amount_sen is None
    assert str(year)[:3] in str(found.steps[-1].values["day"])


def test_the_new_cover_begins_with_its_table_and_stays_unconfirmed():
    def on(day, place="malaysia"):
        claim = of(
            Scheme.ANY_HOUR_INJURY,
            injury=an_injury(occurred_at=at(day, "10:00"), place=place),
            certificates=(a_certificate(first_day=day, last_day=day + timedelta(days=9)),),
        )
        runs = (a_run(last_month=date(2026, 6, 1)),)
        return benefit_due(claim, Facts(runs=runs), day + timedelta(days=20))

    assert on(date(2026, 5, 31)).outcome is Outcome.NO_TABLE
    assert on(date(2026, 6, 1)).outcome is Outcome.WOULD_BE
    assert on(date(2026, 6, 1), "singapore").outcome is Outcome.NOTHING
    assert on(date(2026, 6, 1), "link").outcome is Outcome.NOT_KNOWN


def test_no_record_is_never_a_refusal():
    for claim, _, on in CLAIMS.values():
        if claim.scheme in (Scheme.MOBILITY, Scheme.TRAINING, Scheme.CONSTANT_ATTENDANCE):
            continue  # these rest on the claim alone
        found = benefit_due(claim, Facts(), on)
        abroad = claim.injury is not None and claim.injury.place == "singapore"
        assert found.outcome is Outcome.NOT_KNOWN or abroad


@pytest.mark.parametrize(
    ("months", "paid"), [(11, 0), (12, 3), (15, 3), (16, 4), (20, 5), (23, 5), (24, 6)]
)
def test_contributions_give_the_length_of_the_allowance(months, paid):
    first = date(2026, 1, 1)
    for _ in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    facts = Facts(runs=(a_run(first_month=first),), stated_on=RECEIVED_ON)
    found = benefit_due(of(Scheme.JOB_SEARCH, job_loss=a_job_loss()), facts, RECEIVED_ON)
    assert (found.units or 0) == paid


def test_months_that_may_still_arrive_refuse_nobody():
    first = date(2025, 2, 1)  # eleven months to December, January may not have arrived
    facts = Facts(
        runs=(a_run(first_month=first, last_month=date(2025, 12, 1)),), stated_on=date(2026, 2, 3)
    )
    claim = of(Scheme.JOB_SEARCH, job_loss=a_job_loss())
    assert benefit_due(claim, facts, RECEIVED_ON).outcome is Outcome.NOT_KNOWN
    later = replace(facts, stated_on=date(2026, 3, 1))
    assert benefit_due(claim, later, RECEIVED_ON).outcome is Outcome.NOTHING


def test_a_corrected_version_is_not_late():
    claim = of(
        Scheme.JOB_SEARCH,
        job_loss=a_job_loss(),
        version=2,
        received_at=at(date(2026, 6, 30), "10:00"),
    )
    assert benefit_due(claim, FACTS, RECEIVED_ON).outcome is Outcome.DUE
    known = replace(FACTS, first_received_on=date(2026, 6, 1))
    assert benefit_due(claim, known, RECEIVED_ON).outcome is Outcome.NOTHING


@pytest.mark.parametrize(("months", "share"), [(24, 50), (35, 50), (36, 51), (204, 65), (400, 65)])
def test_the_share_of_a_pension_grows_by_the_year(months, share):
    first = date(2026, 2, 1)
    for _ in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    facts = Facts(runs=(a_run(first_month=first, monthly_wage_sen=400_000),))
    claim = of(Scheme.SURVIVORS, death=a_death())
    assert benefit_due(claim, facts, RECEIVED_ON).amount_sen == 4_000 * share


def test_two_thirds_since_entry_open_a_pension_too():
    old = a_run(first_month=date(2018, 1, 1), last_month=date(2022, 12, 1))
    claim = of(Scheme.SURVIVORS, death=a_death(died_on=date(2025, 7, 1)))
    kept = benefit_due(claim, Facts(runs=(old,)), RECEIVED_ON)  # 60 of 90 months, none recent
    assert kept.steps[0].key == "law.qualifying_since_entry"
    late = of(Scheme.SURVIVORS, death=a_death(died_on=date(2025, 8, 1)))
    assert benefit_due(late, Facts(runs=(old,)), RECEIVED_ON).outcome is Outcome.NO_TABLE


def test_cover_begins_at_the_instant_of_the_receipt():
    def accident(clock):
        claim = of(
            Scheme.SELF_EMPLOYED,
            injury=an_injury(occurred_at=at(ACCIDENT_ON, clock)),
            certificates=(a_certificate(),),
        )
        facts = replace(FACTS, covered_from=at(ACCIDENT_ON, "12:00"))
        return benefit_due(claim, facts, RECEIVED_ON)

    assert accident("11:59").outcome is Outcome.NOTHING
    assert accident("12:00").outcome is Outcome.WOULD_BE


def test_the_plan_is_that_of_the_contributions():
    facts = replace(FACTS, runs=(a_run(monthly_wage_sen=295_000),))
    claim = of(Scheme.SELF_EMPLOYED, injury=an_injury(), certificates=(a_certificate(),))
    assert benefit_due(claim, facts, RECEIVED_ON).amount_sen == 7 * 7_867


def test_facts_are_those_of_the_insured_person_and_the_claimant():
    claim = of(Scheme.SURVIVORS, death=a_death())
    own = a_statement(a_run(monthly_wage_sen=100_000))
    theirs = a_statement(a_run(monthly_wage_sen=400_000), mykad=claim.insured_mykad)
    facts = facts_from(claim, [theirs, own, an_enrolment(), an_attendance([ACCIDENT_ON])])
    assert facts.runs == theirs.runs
    assert facts.worked_days == {ACCIDENT_ON}
    assert facts.covered_from == an_enrolment().paid_at
    assert facts_from(a_claim(), [theirs]).runs is None
    assert facts_from(a_claim(), [own]).stated_on == RECEIVED_ON
    assert claim.claimant.mykad == MYKAD


# A rate changes by an edit of its table.


@pytest.fixture
def data(tmp_path):
    source = inspect.getsourcefile(tables)
    return copytree(source.removesuffix("tables.py") + "data", tmp_path / "data")


def edit(folder, file, before, after):
    path = folder / file
    written = path.read_text("utf-8")
    assert before in written
    path.write_text(written.replace(before, after), "utf-8")
    return read_tables(folder)


def test_a_changed_rate_is_an_edit_of_a_table(data):
    changed = edit(
        data,
        "act4_employment_injury.toml",
        "[temporary_share]\n"
        'unit = "percent of the average assumed daily wage"\n'
        "periods = [{ value = 80,",
        "[temporary_share]\n"
        'unit = "percent of the average assumed daily wage"\n'
        'periods = [{ value = 80, last_day = 2026-03-01, mark = "F", dated = "2020",'
        ' source = "Until the change" }, { first_day = 2026-03-02, value = 90,',
    )
    claim, facts, on = CLAIMS["temporary disablement"]
    assert benefit_due(claim, facts, on, changed).amount_sen == 7 * 9_000
    day = ACCIDENT_ON - timedelta(days=1)
    earlier = claim.model_copy(update={"injury": an_injury(occurred_at=at(day, "12:00"))})
    assert benefit_due(earlier, facts, on, changed).amount_sen == 7 * 8_000


def test_a_confirmed_start_makes_an_amount_due(data):
    changed = edit(
        data,
        "lindung_24_jam.toml",
        'value = 1, first_day = 2026-06-01, mark = "?"',
        'value = 1, first_day = 2026-06-01, mark = "F"',
    )
    claim, facts, on = CLAIMS["LINDUNG 24 Jam, with a day at work"]
    assert benefit_due(claim, facts, on, changed).outcome is Outcome.DUE


def test_the_commuter_scheme_is_all_parameters(data):
    claim, facts, on = CLAIMS["commuter"]
    file = "pengembara.toml"
    narrow = edit(data, file, 'value = "journey"', 'value = "journey_in_malaysia"')
    assert benefit_due(claim, facts, on, narrow).outcome is Outcome.NOTHING
    wide = edit(data, file, 'value = "journey_in_malaysia"', 'value = "journey"')
    unnamed = claim.model_copy(update={"workplace_uen": None})
    assert benefit_due(unnamed, facts, on, wide).outcome is Outcome.NOT_KNOWN
    free = edit(data, file, 'value = "workplace"', 'value = "none"')
    assert benefit_due(unnamed, facts, on, free).amount_sen == 19_600
    late = replace(facts, covered_from=at(ACCIDENT_ON, "13:00"))
    assert benefit_due(claim, late, on, free).outcome is Outcome.NOTHING
    unit = 'unit = "1 when cover begins at the instant of payment"\nperiods = [{ value = '
    any_time = edit(data, file, f"{unit}1", f"{unit}0")
    assert benefit_due(claim, late, on, any_time).amount_sen == 19_600


def test_marks_of_the_tables_reach_the_answer():
    assert schemes.term("temporary_most_daily", ACCIDENT_ON).mark is Mark.DERIVED
    assert benefit_due(*CLAIMS["temporary disablement"]).mark is Mark.DERIVED
    assert benefit.law() is schemes.law()
