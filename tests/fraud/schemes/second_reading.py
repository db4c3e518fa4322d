"""A second reading of the benefit rules, written from the domain brief alone.

It knows the amounts as numbers and shares no code with `fraud.schemes`: where the two disagree on
a claim, one of them has misread the law. Answers are (outcome, sen, per).
"""

from dataclasses import dataclass
from datetime import date, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

HERE = timezone(timedelta(hours=8))
Answer = tuple[str, int | None, str]
NOTHING: Answer = ("nothing", 0, "once")
UNKNOWN: Answer = ("not_known", None, "once")
UNCOVERED: Answer = ("no_table", None, "once")


def half_up(value) -> int:
    return int(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))


def back(day: date, months: int) -> tuple[int, int]:
    """Year and month that lie some months before a day's."""
    year, month = day.year, day.month
    for _ in range(months):
        month -= 1
        if month == 0:
            year, month = year - 1, 12
    return year, month


def top_class(year: int, month: int) -> int | None:
    if (year, month) >= (2024, 10):
        return 595_000
    if (year, month) >= (2022, 9):
        return 495_000
    return 395_000 if year >= 2020 else None


def months_of(run):
    year, month = run.first_month.year, run.first_month.month
    while (year, month) <= (run.last_month.year, run.last_month.month):
        yield year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def paid_months(runs) -> dict[tuple[int, int], int]:
    """The wage of each contributed month; the lower where two employers paid."""
    wages: dict[tuple[int, int], int] = {}
    for run in runs:
        for month in months_of(run):
            wages[month] = min(run.monthly_wage_sen, wages.get(month, 10**12))
    return wages


class Uncovered(Exception):
    pass


def average(runs, event: date, months: int) -> Decimal | None:
    wages = paid_months(runs)
    counted = []
    for turn in range(1, months + 1):
        month = back(event, turn)
        if month in wages:
            top = top_class(*month)
            if top is None:
                raise Uncovered
            counted.append(min(wages[month], top))
    return Decimal(sum(counted)) / len(counted) if counted else None


def daily(wage: Decimal, percent: int, event: date, least: int) -> int:
    if event < date(2020, 1, 1):
        raise Uncovered
    most = half_up(Decimal(top_class(event.year, event.month)) * percent / 3000)
    return min(max(half_up(wage * percent / 3000), least), most)


@dataclass
class Reading:
    claim: object
    facts: object
    on: date

    def answer(self) -> Answer:
        try:
            return getattr(self, self.claim.scheme.value)()
        except Uncovered:
            return UNCOVERED

    @property
    def accident_on(self) -> date:
        return self.claim.injury.occurred_at.astimezone(HERE).date()

    @property
    def received_on(self) -> date:
        return self.claim.received_at.astimezone(HERE).date()

    def leave(self) -> set[date]:
        days = set()
        for one in self.claim.certificates:
            day = max(one.first_day, self.accident_on, self.on - timedelta(days=730))
            while day <= min(one.last_day, self.on):
                days.add(day)
                day += timedelta(days=1)
        return days

    def age(self, day: date) -> int | None:
        digits = self.claim.claimant.mykad
        for century in (1900, 2000):
            year = century + int(digits[:2])
            had = (int(digits[2:4]), int(digits[4:6])) <= (day.month, day.day)
            age = day.year - year - (0 if had else 1)
            if 15 <= age <= 100:
                return age
        return None

    # Injuries.

    def per_day_of_leave(self, rate) -> Answer:
        days = self.leave()
        if not days:
            return UNKNOWN
        if len(days | {self.accident_on}) < 4:
            return NOTHING
        each = rate()
        if each is None:
            return UNKNOWN
        return ("due", each * len(days - self.facts.worked_days), "once")

    def employee_rate(self, percent: int) -> int | None:
        if self.facts.runs is None:
            return None
        wage = average(self.facts.runs, self.accident_on, 6)
        if wage is None:
            return None
        return daily(wage, percent, self.accident_on, 3_000)

    def temporary_disablement(self) -> Answer:
        return self.per_day_of_leave(lambda: self.employee_rate(80))

    def late(self) -> bool:
        if not self.claim.certificates:
            return False
        last = max(one.last_day for one in self.claim.certificates)
        try:
            limit = last.replace(year=last.year + 1)
        except ValueError:
            limit = date(last.year + 1, 2, 28)
        return self.received_on > limit

    def percent_of_day(self, rate) -> Answer:
        percent = self.claim.injury.assessed_percent
        if percent is None:
            return UNKNOWN
        if percent == 0 or self.late():
            return NOTHING
        each = rate()
        if each is None:
            return UNKNOWN
        return ("due", half_up(Decimal(each) * percent / 100), "day")

    def permanent_disablement(self) -> Answer:
        return self.percent_of_day(lambda: self.employee_rate(90))

    def lindung_24_jam(self) -> Answer:
        if self.claim.injury.place == "singapore":
            return NOTHING
        if self.claim.injury.place == "link":
            return UNKNOWN
        if self.accident_on < date(2026, 6, 1):
            return UNCOVERED
        if self.claim.injury.assessed_percent is None:
            return assumed(self.temporary_disablement())
        return assumed(self.permanent_disablement())

    def plan_rate(self, percent: int) -> int:
        plans = (105_000, 155_000, 295_000, 395_000)
        wages = paid_months(self.facts.runs or ())
        now, before = back(self.accident_on, 0), back(self.accident_on, 1)
        stated = wages.get(now, wages.get(before))
        return half_up(Decimal(stated if stated in plans else plans[0]) * percent / 3000)

    def by_plan(self) -> Answer:
        if self.facts.covered_from is None:
            return UNKNOWN
        if self.claim.injury.occurred_at < self.facts.covered_from:
            return NOTHING
        if self.claim.injury.assessed_percent is None:
            return assumed(self.per_day_of_leave(lambda: self.plan_rate(80)))
        return assumed(self.percent_of_day(lambda: self.plan_rate(90)))

    lindung_kendiri = by_plan

    def commuter_scheme(self) -> Answer:
        if self.claim.injury.kind != "road":
            return NOTHING
        if self.claim.workplace_uen is None:
            return UNKNOWN
        return self.by_plan()

    def lindung_kasih(self) -> Answer:
        age = self.age(self.accident_on)
        if age is not None and age >= 55:
            return NOTHING
        if self.facts.covered_from is None:
            return UNKNOWN
        if self.claim.injury.occurred_at < self.facts.covered_from:
            return NOTHING
        return UNCOVERED

    # Long illness and death.

    def pension(self, event: date) -> Answer:
        if self.facts.runs is None:
            return UNKNOWN
        months = {m for m in paid_months(self.facts.runs) if m < (event.year, event.month)}
        recent = sum(back(event, turn) in months for turn in range(1, 41))
        since = 0
        if self.facts.runs:
            first = min(run.first_month for run in self.facts.runs)
            while back(event, since) > (first.year, first.month):
                since += 1
        if recent < 24 and (len(months) < 24 or 3 * len(months) < 2 * since):
            return UNCOVERED
        percent = min(65, 50 + (len(months) - 24) // 12)
        wage = average(self.facts.runs, event, 24)
        if wage is None:
            return UNKNOWN
        if event < date(2022, 9, 1):
            raise Uncovered
        most = half_up(Decimal(top_class(event.year, event.month)) * 65 / 100)
        return ("would_be", min(max(half_up(wage * percent / 100), 47_500), most), "month")

    def invalidity_pension(self) -> Answer:
        at_notice, at_start = self.age(self.received_on), self.age(self.claim.illness.began_on)
        if (at_notice or 0) >= 60 and (at_start or 0) >= 60:
            return NOTHING
        if self.claim.illness.assessed_percent == 0:
            return NOTHING
        return self.pension(self.received_on)

    def survivors_pension(self) -> Answer:
        return self.pension(self.claim.death.died_on)

    def dependants_benefit(self) -> Answer:
        death = self.claim.death
        if death.cause in ("illness", "other"):
            return NOTHING
        if self.facts.runs is None:
            return UNKNOWN
        wage = average(self.facts.runs, death.died_on, 6)
        if wage is None:
            return UNKNOWN
        return ("due", daily(wage, 90, death.died_on, 3_000), "day")

    def funeral_benefit(self) -> Answer:
        death = self.claim.death
        if self.facts.runs is None:
            return UNKNOWN
        if not any(run.first_month <= death.died_on for run in self.facts.runs):
            return UNKNOWN
        if death.died_on < date(2023, 8, 1):
            return UNCOVERED
        return ("due", 200_000, "once") if death.dependants else UNKNOWN

    def constant_attendance_allowance(self) -> Answer:
        part = self.claim.injury or self.claim.illness
        if part.assessed_percent != 100:
            return UNKNOWN
        return ("would_be", 50_000, "month") if self.on >= date(2022, 8, 1) else UNCOVERED

    # Loss of a job.

    def months_of_search(self, runs=None) -> list[int] | Answer:
        """What each month would pay, or why none would."""
        loss = self.claim.job_loss
        if self.facts.runs is None:
            return UNKNOWN
        last = (loss.last_day.year, loss.last_day.month)
        count = sum(month <= last for month in paid_months(self.facts.runs))
        if count < 12:
            stated, still = self.facts.stated_on, 0
            if stated is not None:
                known_to = back(stated, 1 if stated.day > 15 else 2)
                while back(loss.last_day, still) > known_to:
                    still += 1
            return UNKNOWN if count + still >= 12 else NOTHING
        length = 3 + (count >= 16) + (count >= 20) + (count >= 24)
        wage = average(self.facts.runs if runs is None else runs, loss.last_day, 6)
        if wage is None:
            return UNKNOWN
        return [half_up(wage * share / 100) for share in (80, 50, 40, 40, 30, 30)[:length]]

    def excluded(self) -> Answer | None:
        reason = self.claim.job_loss.reason
        return {"resignation": NOTHING, "other": UNKNOWN}.get(reason)

    def job_search_allowance(self) -> Answer:
        if self.excluded():
            return self.excluded()
        if (self.received_on - self.claim.job_loss.last_day).days > 60:
            return NOTHING
        months = self.months_of_search()
        return months if isinstance(months, tuple) else ("due", sum(months), "once")

    def early_reemployment_allowance(self) -> Answer:
        if self.excluded():
            return self.excluded()
        loss, job = self.claim.job_loss, self.claim.new_job
        if job.started_on <= loss.last_day:
            return UNKNOWN
        months = self.months_of_search()
        if isinstance(months, tuple):
            return months
        known = self.facts.search_paid_sen is not None
        if known:
            unpaid = sum(months) - self.facts.search_paid_sen
        else:
            starts = loss.last_day + timedelta(days=8)  # after seven days of waiting
            begun = 0
            while starts + timedelta(days=30 * begun) < job.started_on:
                begun += 1
            unpaid = sum(months[begun:])
        if unpaid <= 0:
            return NOTHING
        sure = known and job.started_on <= date(2026, 3, 12)
        return ("due" if sure else "would_be", half_up(Decimal(unpaid) / 4), "once")

    def reduced_income_allowance(self) -> Answer:
        if self.excluded():
            return self.excluded()
        if self.facts.runs is None:
            return UNKNOWN
        before = back(self.claim.job_loss.last_day, 1)
        jobs = {run.employer_code for run in self.facts.runs if before in set(months_of(run))}
        if self.claim.employer_code not in jobs or len(jobs) < 2:
            return UNKNOWN
        lost = [run for run in self.facts.runs if run.employer_code == self.claim.employer_code]
        months = self.months_of_search(lost)
        return months if isinstance(months, tuple) else ("would_be", sum(months), "once")

    def mobility_allowance(self) -> Answer:
        job, loss = self.claim.new_job, self.claim.job_loss
        if job.distance_km is None:
            return UNKNOWN
        if job.distance_km <= 100:
            return NOTHING
        if loss is not None:
            last = loss.last_day
            limit = (last.year + 1, last.month, last.day)
            if (last.month, last.day) == (2, 29):
                limit = (last.year + 1, 2, 28)
            if (job.started_on.year, job.started_on.month, job.started_on.day) > limit:
                return NOTHING
        if job.started_on < date(2026, 3, 13):
            return UNCOVERED
        return ("would_be", 100_000, "once")

    def training_allowance(self) -> Answer:
        started = self.claim.new_job.started_on
        return ("due" if started <= date(2026, 3, 12) else "would_be", 1_000, "day")


def assumed(answer: Answer) -> Answer:
    return ("would_be", *answer[1:]) if answer[0] == "due" else answer
