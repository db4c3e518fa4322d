"""Claims of every scheme drawn at random, with edges that rules turn on drawn often."""

from datetime import date, datetime, timedelta
from random import Random

from fraud.clock import LOCAL
from fraud.records import Claim, Death, Dependant, Illness, NewJob, Scheme
from fraud.schemes.contributions import Facts
from tests.support.builders import (
    EMPLOYER,
    a_certificate,
    a_claimant,
    a_job_loss,
    a_run,
    an_injury,
)

OTHER_EMPLOYER = "E90000000002"
WAGES = (80_000, 105_000, 155_000, 170_000, 295_000, 333_333, 395_000, 500_000, 595_000, 900_000)
DEATHS_AND_PENSIONS = (Scheme.SURVIVORS, Scheme.DEPENDANTS, Scheme.FUNERAL)
JOBS = (
    Scheme.JOB_SEARCH,
    Scheme.EARLY_REEMPLOYMENT,
    Scheme.REDUCED_INCOME,
    Scheme.MOBILITY,
    Scheme.TRAINING,
)


def drawn(seed: int) -> tuple[Claim, Facts, date]:
    """A claim, what is known beside it, and the day it is read on."""
    draw = Random(f"benefit-{seed}")
    scheme = list(Scheme)[seed % len(Scheme)]
    event = date(2019, 6, 1) + timedelta(days=draw.randrange(2800))
    if draw.random() < 0.7:
        event = date(2024, 6, 1) + timedelta(days=draw.randrange(900))
    if scheme is Scheme.ANY_HOUR_INJURY and draw.random() < 0.6:  # around its planned start
        event = date(2026, 5, 15) + timedelta(days=draw.randrange(200))
    received = event + timedelta(days=draw.choice((0, 3, 20, 59, 60, 61, 120, 400, 800)))
    claim = Claim(
        claim_id=f"C-{seed}",
        version=1,
        scheme=scheme,
        received_at=_at(draw, received),
        channel="online",
        claimant=a_claimant(mykad=_mykad(draw)),
        employer_code=EMPLOYER,
        workplace_uen=draw.choice((None, "00012345A", "00012345A")),
        expected_payment_sen=1000,
        **_parts(draw, scheme, event),
    )
    return claim, _facts(draw, event, received), received + timedelta(days=draw.randrange(120))


def _at(draw: Random, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, draw.randrange(24), 30, tzinfo=LOCAL)


def _mykad(draw: Random) -> str:
    born = date(1955, 1, 1) + timedelta(days=draw.randrange(18_000))
    return f"{born:%y%m%d}000011"


def _parts(draw: Random, scheme: Scheme, event: date) -> dict[str, object]:
    percent = draw.choice((None, 0, 1, 10, 20, 21, 55, 100))
    if scheme in JOBS:
        started = event + timedelta(days=draw.choice((-3, 0, 5, 7, 8, 20, 38, 39, 90, 190, 370)))
        return {
            "job_loss": a_job_loss(
                last_day=event,
                reason=draw.choice(
                    ("retrenchment", "closure", "voluntary_separation", "resignation", "other")
                ),
            ),
            "new_job": NewJob(
                started_on=started, distance_km=draw.choice((None, 20, 100, 101, 350))
            ),
        }
    if scheme in DEATHS_AND_PENSIONS:
        people = tuple(Dependant(relation="child") for _ in range(draw.randrange(3)))
        cause = draw.choice(("work", "road", "illness", "other"))
        return {
            "death": Death(
                deceased_mykad=_mykad(draw), died_on=event, cause=cause, dependants=people
            )
        }
    if scheme is Scheme.INVALIDITY or (
        scheme is Scheme.CONSTANT_ATTENDANCE and draw.random() < 0.5
    ):
        began = event - timedelta(days=draw.randrange(900))
        return {"illness": Illness(diagnosis_code="I63", began_on=began, assessed_percent=percent)}
    return {
        "injury": an_injury(
            occurred_at=_at(draw, event),
            place=draw.choice(("malaysia", "malaysia", "singapore", "link")),
            kind=draw.choice(("work", "road")),
            assessed_percent=percent if draw.random() < 0.6 else None,
        ),
        "certificates": tuple(_certificate(draw, event) for _ in range(draw.randrange(4))),
    }


def _certificate(draw: Random, event: date):
    first = event + timedelta(days=draw.choice((-1, 0, 0, 1, 3, 10)))
    last = first + timedelta(days=draw.choice((0, 1, 2, 3, 6, 13, 59)))
    return a_certificate(first_day=first, last_day=last, issued_on=first)


def _facts(draw: Random, event: date, received: date) -> Facts:
    runs = []
    for _ in range(draw.choice((0, 1, 1, 2, 3))):
        first = _month_before(
            event, draw.choice((1, 5, 10, 11, 12, 15, 16, 19, 20, 23, 24, 41, 150))
        )
        last = _month_before(event, draw.choice((-2, 0, 0, 1, 1, 2, 7, 20)))
        if first <= last:
            runs.append(
                a_run(
                    employer_code=draw.choice((EMPLOYER, OTHER_EMPLOYER)),
                    first_month=first,
                    last_month=last,
                    monthly_wage_sen=draw.choice(WAGES),
                )
            )
    worked = {event + timedelta(days=draw.randrange(15)) for _ in range(draw.randrange(4))}
    paid_on = event + timedelta(days=draw.choice((-200, -1, 0, 0, 1)))
    return Facts(
        runs=tuple(sorted(runs, key=lambda run: run.first_month)) if draw.random() < 0.93 else None,
        stated_on=received if draw.random() < 0.9 else None,
        worked_days=frozenset(worked),
        covered_from=_at(draw, paid_on) if draw.random() < 0.85 else None,
        search_paid_sen=draw.choice((None, 0, 100_000, 350_000)),
    )


def _month_before(event: date, months: int) -> date:
    number = event.year * 12 + event.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
