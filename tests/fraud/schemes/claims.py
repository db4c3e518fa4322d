"""One plain claim of every benefit, with round numbers, so that a reader can check it by hand."""

from datetime import date

from fraud.records import Claim, Death, Dependant, Illness, NewJob, Scheme
from fraud.schemes.contributions import Facts
from tests.support.builders import (
    EMPLOYER,
    RECEIVED_ON,
    a_certificate,
    a_claim,
    a_job_loss,
    a_run,
    an_injury,
    at,
)

SUMMER = date(2026, 7, 6)
FACTS = Facts(runs=(a_run(),), stated_on=RECEIVED_ON, covered_from=at(date(2025, 9, 1), "09:00"))
"""RM3,000 a month from January 2022 to February 2026."""
CHILD = Dependant(relation="child")
TWO_JOBS = Facts(
    runs=(
        a_run(last_month=date(2026, 1, 1), monthly_wage_sen=200_000),
        a_run(employer_code="E90000000002", monthly_wage_sen=100_000),
    ),
    stated_on=RECEIVED_ON,
)


def of(scheme: Scheme, **changes) -> Claim:
    """A claim with the parts of its scheme only."""
    bare = {"injury": None, "certificates": (), "job_loss": None}
    return a_claim(scheme, **bare | changes)


def a_death(**changes) -> Death:
    values = {"deceased_mykad": "700101000011", "died_on": date(2026, 3, 2), "cause": "work"}
    return Death(**values | {"dependants": (CHILD, CHILD)} | changes)


def every_benefit() -> dict[str, tuple[Claim, Facts, date]]:
    """By the name of the benefit: the claim, its facts and the day it is read on."""
    injured = {"injury": an_injury(), "certificates": (a_certificate(),)}
    summer = {
        "injury": an_injury(occurred_at=at(SUMMER, "20:00"), kind="road"),
        "certificates": (a_certificate(first_day=SUMMER, last_day=date(2026, 7, 12)),),
        "received_at": at(date(2026, 7, 14), "10:00"),
    }
    worked = Facts(
        runs=(a_run(last_month=date(2026, 6, 1)),),
        stated_on=SUMMER,
        worked_days=frozenset({SUMMER}),
    )
    assessed = injured | {"injury": an_injury(assessed_percent=40)}
    lost = {"job_loss": a_job_loss()}
    near, far = date(2026, 2, 20), date(2026, 4, 1)
    found = {
        "temporary disablement": (of(Scheme.TEMPORARY_DISABLEMENT, **injured), FACTS),
        "permanent disablement, above the limit of a lump sum": (
            of(Scheme.PERMANENT_DISABLEMENT, **assessed),
            FACTS,
        ),
        "permanent disablement, lump sum possible": (
            of(
                Scheme.PERMANENT_DISABLEMENT, **assessed | {"injury": an_injury(assessed_percent=8)}
            ),
            FACTS,
        ),
        "LINDUNG 24 Jam, with a day at work": (of(Scheme.ANY_HOUR_INJURY, **summer), worked),
        "LINDUNG 24 Jam, abroad": (
            of(Scheme.ANY_HOUR_INJURY, injury=an_injury(place="singapore")),
            FACTS,
        ),
        "self-employed": (of(Scheme.SELF_EMPLOYED, **injured), FACTS),
        "commuter": (
            a_claim(Scheme.COMMUTER, injury=an_injury(kind="road", place="singapore")),
            FACTS,
        ),
        "housewife": (of(Scheme.HOUSEWIFE, **injured), FACTS),
        "invalidity": (
            of(
                Scheme.INVALIDITY,
                illness=Illness(diagnosis_code="I63", began_on=date(2025, 11, 1)),
            ),
            FACTS,
        ),
        "invalidity, a grant at most": (
            of(
                Scheme.INVALIDITY,
                illness=Illness(diagnosis_code="I63", began_on=date(2025, 11, 1)),
            ),
            Facts(runs=(a_run(first_month=date(2025, 1, 1)),), stated_on=RECEIVED_ON),
        ),
        "survivors": (of(Scheme.SURVIVORS, death=a_death(cause="illness")), FACTS),
        "dependants": (of(Scheme.DEPENDANTS, death=a_death()), FACTS),
        "funeral": (of(Scheme.FUNERAL, death=a_death()), FACTS),
        "constant attendance": (
            of(Scheme.CONSTANT_ATTENDANCE, injury=an_injury(assessed_percent=100)),
            FACTS,
        ),
        "job search": (of(Scheme.JOB_SEARCH, **lost), FACTS),
        "early re-employment": (
            of(Scheme.EARLY_REEMPLOYMENT, **lost, new_job=NewJob(started_on=near)),
            Facts(runs=(a_run(),), stated_on=RECEIVED_ON, search_paid_sen=240_000),
        ),
        "early re-employment, payments not known": (
            of(Scheme.EARLY_REEMPLOYMENT, **lost, new_job=NewJob(started_on=near)),
            FACTS,
        ),
        "reduced income": (of(Scheme.REDUCED_INCOME, **lost, employer_code=EMPLOYER), TWO_JOBS),
        "mobility": (
            of(Scheme.MOBILITY, **lost, new_job=NewJob(started_on=far, distance_km=320)),
            FACTS,
        ),
        "training": (of(Scheme.TRAINING, **lost, new_job=NewJob(started_on=near)), FACTS),
    }
    return {name: (claim, facts, date(2026, 7, 20)) for name, (claim, facts) in found.items()}
