"""The papers of a claim: what the office receives, and when it receives it."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple

from fraud.clock import LOCAL
from fraud.records import (
    Account,
    AccountChange,
    Address,
    AnyFact,
    Attendance,
    Cause,
    Certificate,
    Claim,
    Claimant,
    ClaimId,
    ContributionRun,
    ContributionStatement,
    Death,
    Dependant,
    EmployerDescription,
    Enrolment,
    Illness,
    Injury,
    JobLoss,
    NewJob,
    Scheme,
)
from fraud.simulator.amounts import PLANS, WAGE_CEILING, due, instalments
from fraud.simulator.chance import dice
from fraud.simulator.crossings import vehicle_of
from fraud.simulator.details import with_details
from fraud.simulator.honest import own_account
from fraud.simulator.plans import OFF_WORK, WITHOUT_EMPLOYER, Plan
from fraud.simulator.region import (
    Career,
    Employer,
    Region,
    Work,
    a_fake_uen,
    a_mobile,
    a_name,
    an_address,
    old_firms,
)
from fraud.simulator.texts import a_report
from fraud.simulator.wages import stepped, under_ceiling

IN_CARE = 0.9
"""Share of those paid through a care home who give its address as theirs."""
AT_HOME = frozenset((Scheme.ANY_HOUR_INJURY, Scheme.HOUSEWIFE))
ENROLLED = frozenset((Scheme.COMMUTER, Scheme.SELF_EMPLOYED, Scheme.HOUSEWIFE))
"""Schemes that somebody joins by paying."""


class Event(NamedTuple):
    """One record and the instant from which the office knows it."""

    known_at: datetime
    record: Claim | AnyFact


class Papers:
    """Writes claims down; describes each employer once, before its first use."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self._described: set[int] = set()
        self._serials: Counter[str] = Counter()
        self._known_careers: dict[int, list[Career]] = {}
        self._uens = [
            a_fake_uen(region.dice("uen", n)) for n in range(len(region.mykads) // 40 + 3)
        ]

    def instant(self, day: int, minute: float) -> datetime:
        """A local day and minute of the window as an instant."""
        start = self.region.settings.first_day
        at = datetime(start.year, start.month, start.day, tzinfo=LOCAL)
        return (at + timedelta(days=day, seconds=round(minute * 60))).astimezone(UTC)

    def uen_of(self, person: int) -> str:
        """The Singapore firm that employs, or would employ, a person."""
        return self._uens[person * 31 % len(self._uens)]

    def write(self, plan: Plan, claim_id: ClaimId) -> tuple[Claim, list[Event]]:
        """The first version of a claim, and everything that comes with it."""
        draw = plan.dice(self.region, "papers")
        runs = self._runs(plan)
        claim = with_details(plan, self._claim(plan, claim_id, draw, runs), self.region)
        events = [Event(claim.received_at, claim)]
        events += self._descriptions(plan, runs, claim.received_at)
        events.append(self._statement(claim, runs, draw))
        events += self._attendance(plan, claim, draw)
        events += self._enrolment(plan, claim, draw)
        if plan.amended:
            events.append(self._amended(plan, claim, draw))
        return claim, events

    def _claim(
        self, plan: Plan, claim_id: ClaimId, draw: Random, runs: list[ContributionRun]
    ) -> Claim:
        region, work = self.region, self.region.work[plan.insured]
        certificates = self._certificates(plan, draw)
        wage = self._wage(plan, runs)
        stated = round(wage * (plan.wage_factor if plan.wage_factor != 1 else 1.0) / 1000) * 1000
        plan.instalments = instalments(plan, min(stated, WAGE_CEILING), runs)
        across = work != Work.LOCAL and (plan.careers is None or plan.typology is None)
        pays_here = work != Work.SINGAPORE or plan.careers is not None
        pays_here &= plan.scheme not in WITHOUT_EMPLOYER
        across &= plan.injury or plan.loses_job
        return Claim(
            claim_id=claim_id,
            version=1,
            scheme=plan.scheme,
            received_at=self.instant(plan.received, plan.minute + plan.person % 60 / 60),
            channel=draw.choices(("counter", "online", "post"), weights=(38, 54, 8))[0],
            claimant=self._claimant(plan, draw),
            employer_code=region.employers[plan.employer].code if pays_here else None,
            workplace_uen=self.uen_of(plan.person) if across else None,
            injury=self._injury(plan, draw) if plan.injury else None,
            job_loss=self._job_loss(plan) if plan.loses_job else None,
            illness=self._illness(plan) if plan.sickness else None,
            death=self._death(plan, draw) if plan.passing else None,
            new_job=self._new_job(plan) if plan.loses_job else None,
            certificates=certificates,
            intermediary=plan.intermediary,
            declared_monthly_wage_sen=stated
            if draw.random() < 0.93 and plan.scheme is not Scheme.HOUSEWIFE
            else None,
            expected_payment_sen=round(due(plan, stated, certificates, runs) * plan.pay_factor),
        )

    def _claimant(self, plan: Plan, draw: Random) -> Claimant:
        region, person = self.region, plan.person
        own = region.dice("person", person)
        name, phone, home = a_name(own), a_mobile(own), an_address(own)
        house = region.household[person]
        if own.random() < 0.06:
            phone = a_mobile(region.dice("household", int(house)))
        if region.crowded_home[house]:
            home = an_address(region.dice("rooms", int(house) // 6))
        elif own.random() < 0.8:
            home = an_address(region.dice("home", int(house)))
        if plan.account == region.care_home and draw.random() < IN_CARE:
            home = an_address(region.dice("care home address"))
        return Claimant(
            mykad=region.mykads[person],
            name=name,
            phone=phone if draw.random() < 0.97 else None,
            address=Address(line=home.line, postcode=home.postcode),
            account=plan.account or own_account(region, person),
            language="ms" if own.random() < 0.72 else "en",
        )

    def _injury(self, plan: Plan, draw: Random) -> Injury:
        occurred = self.instant(plan.event, plan.occurred)
        police = plan.police_after
        text = plan.report_text or a_report(draw, plan.injury_code)
        own_vehicle = plan.road and draw.random() < 0.85
        place = "singapore" if plan.treated_in_singapore else "malaysia"
        return Injury(
            occurred_at=occurred,
            place=plan.place,
            kind="road" if plan.road else "private" if plan.scheme in AT_HOME else "work",
            injury_code=plan.injury_code,
            vehicle=vehicle_of(plan.person) if own_vehicle else None,
            first_treated_at=occurred + timedelta(minutes=plan.treated_after),
            first_treated_in="singapore" if place == "singapore" else "malaysia",
            police_report_at=None if police is None else occurred + timedelta(minutes=police),
            police_district=None if police is None else plan.police_district,
            report_text=text if plan.report_text or draw.random() < 0.75 else None,
            assessed_percent=plan.percent or None,
            cause_first_noted=first_cause(plan) if draw.random() < 0.75 else None,
            other_payer_declared=self._declared(plan),
        )

    def _declared(self, plan: Plan) -> bool | None:
        """What the form says of another payer; most forms say that there is none."""
        said = plan.dice(self.region, "declared").random() < 0.6
        return plan.other_payer_told if plan.other_payer else False if said else None

    def _job_loss(self, plan: Plan) -> JobLoss:
        stated = {"last_day": self.region.day(plan.event), "reason": plan.reason}
        return JobLoss.model_validate(stated)

    def _illness(self, plan: Plan) -> Illness | None:
        ill = plan.sickness
        if ill is None:
            return None
        return Illness(
            diagnosis_code=ill.code,
            began_on=self.region.day(plan.event - ill.began_before),
            first_treated_on=self.region.day(plan.event - ill.treated_before),
            facility=ill.clinic.facility,
            practitioner=ill.signer,
            referral_serial=ill.referral,
            report_text=ill.text,
            assessed_percent=ill.percent,
        )

    def _death(self, plan: Plan, draw: Random) -> Death | None:
        """The deceased and who lived on the wage; of a funeral nobody is listed."""
        passing = plan.passing
        if passing is None:
            return None
        listed = [
            Dependant(
                relation=one.relation,
                mykad=one.mykad if draw.random() < 0.95 else None,
                born_on=one.born_on if draw.random() < 0.9 else None,
            )
            for one in passing.children
        ]
        if passing.spouse:
            person = plan.person
            born = self.region.birth[person]
            own = Dependant(relation="spouse", mykad=self.region.mykads[person], born_on=born)
            listed.insert(0, own)
        return Death(
            deceased_mykad=self.region.mykads[passing.deceased],
            died_on=self.region.day(plan.event),
            cause=passing.cause,
            place=passing.place,
            dependants=tuple(listed),
        )

    def _new_job(self, plan: Plan) -> NewJob | None:
        """The job or course claimed for; of a job search there is none yet."""
        job = plan.placement
        if job is None or plan.scheme is Scheme.JOB_SEARCH:
            return None
        ended = None if job.ends_after is None else plan.event + job.ends_after
        firm = None if job.employer is None else self.region.employers[job.employer].code
        return NewJob(
            started_on=self.region.day(plan.event + job.starts_after),
            employer_code=firm,
            training_centre=job.centre,
            distance_km=job.distance,
            ended_on=self.region.day(ended)
            if ended is not None and (ended <= plan.received or job.centre)
            else None,
            monthly_wage_sen=job.wage_sen,
        )

    def _certificates(
        self, plan: Plan, draw: Random, until: int | None = None
    ) -> tuple[Certificate, ...]:
        """The certificates issued by the day of receipt (or `until`)."""
        until = plan.received if until is None else until
        found: list[Certificate] = []
        first, clinic, signer = plan.event, plan.clinic, plan.signer
        for length in plan.leave_parts:
            if clinic is None or (first > until and found) or len(found) == 40:
                break
            self._serials[clinic.facility] += 1
            serial = clinic.start_serial + self._serials[clinic.facility]
            found.append(
                Certificate(
                    serial=f"{clinic.facility}-{serial:07d}",
                    practitioner=signer,
                    facility=clinic.facility,
                    first_day=self.region.day(first),
                    last_day=self.region.day(first + length - 1),
                    issued_on=self.region.day(first),
                )
            )
            first += length
            if not plan.one_clinic and draw.random() < 0.5:
                clinic = draw.choice((self.region.hospital, *self.region.clinics[:5]))
                signer = draw.choice(clinic.practitioners)
        return tuple(found)

    def _wage(self, plan: Plan, runs: list[ContributionRun]) -> int:
        own = int(self.region.wage_sen[plan.insured])
        if plan.scheme in (Scheme.COMMUTER, Scheme.SELF_EMPLOYED) and plan.careers is None:
            return PLANS[own // 100 % 4]
        return runs[-1].monthly_wage_sen if runs else own

    def _careers(self, plan: Plan) -> list[Career]:
        if plan.number not in self._known_careers:
            self._known_careers[plan.number] = careers_of(self.region, plan)
        return self._known_careers[plan.number]

    def _runs(self, plan: Plan) -> list[ContributionRun]:
        """Contributions up to the month before receipt, or the month of the loss."""
        until = month_of(self.region, plan.event)
        if not plan.loses_job and not plan.passing:
            until = month_of(self.region, plan.received) - 1
        return self.runs_until(plan, until)

    def runs_until(self, plan: Plan, until: int) -> list[ContributionRun]:
        runs: list[ContributionRun] = []
        for job in self._careers(plan):
            runs += self.runs_of(job, until)
        if plan.details.wage_step:
            corrected = self.region.day(plan.received - 1)
            runs = stepped(runs, plan.details.wage_step, corrected)
        runs = under_ceiling(runs)
        if plan.paid_in_lump is not None and runs:
            paid = self.region.day(plan.received - plan.paid_in_lump)
            employer = runs[-1].employer_code
            full = plan.typology is not None
            runs = [
                run.model_copy(update={"paid_on": paid})
                if run.employer_code == employer and (full or at >= len(runs) - 1)
                else run
                for at, run in enumerate(runs)
            ]
        return runs

    def runs_of(self, job: Career, until: int) -> list[ContributionRun]:
        """One run for each year at one wage; wages rise a little, from the past to the present."""
        employer, runs = self.region.employers[job.employer].code, []
        first, last = job.first_month, min(job.last_month, until)
        flat = job.last_month == 10_000 and job.wage_sen % 10_000 == 0 and job.wage_sen >= 300_000
        while first <= last:
            end = min(first + 11, last)
            years_ago = max(0, (until - end) // 12)
            wage = job.wage_sen if flat else round(job.wage_sen * 0.955**years_ago / 1000) * 1000
            runs.append(
                ContributionRun(
                    employer_code=employer,
                    first_month=month_start(self.region, first),
                    last_month=month_start(self.region, end),
                    monthly_wage_sen=min(wage, 600_000),
                )
            )
            first = end + 1
        return runs

    def _statement(self, claim: Claim, runs: list[ContributionRun], draw: Random) -> Event:
        known = claim.received_at - timedelta(minutes=1)
        if draw.random() < 0.05:
            known = claim.received_at + timedelta(days=draw.randrange(1, 12), minutes=7)
        record = ContributionStatement(
            fact_id=fact_id(self.region, "statement", claim.claim_id),
            mykad=claim.insured_mykad,
            stated_at=known,
            runs=tuple(runs),
        )
        return Event(known, record)

    def _descriptions(
        self, plan: Plan, runs: list[ContributionRun], before: datetime
    ) -> list[Event]:
        named = {plan.employer} if runs or plan.careers else set()
        named |= {job.employer for job in self._careers(plan)}
        if self.region.work[plan.insured] != Work.SINGAPORE:
            named.add(plan.employer)
        if plan.placement and plan.placement.employer is not None and plan.loses_job:
            named.add(plan.placement.employer)
        return self.introduce(named, before)

    def introduce(self, employers: set[int], before: datetime) -> list[Event]:
        """What the register says of those employers that were not described yet."""
        known = before - timedelta(minutes=3)
        new = sorted(employers - self._described)
        self._described |= employers
        return [Event(known, describe(self.region, number, known)) for number in new]

    def _attendance(self, plan: Plan, claim: Claim, draw: Random) -> list[Event]:
        """The employer's list for the leave, some days after it was asked."""
        if not plan.asked_employer or claim.employer_code is None:
            return []
        known = claim.received_at + timedelta(
            days=draw.randrange(3, 18), minutes=draw.randrange(300)
        )
        first = plan.event - 14
        last = min(plan.event + plan.leave + 5, plan.received)
        present = []
        for day in range(first, last + 1):
            at = self.region.day(day)
            on_leave = plan.event < day < plan.event + plan.leave
            chance = plan.worked_on_leave * (day - plan.event >= plan.worked_from)
            if day == plan.event and plan.scheme not in OFF_WORK:
                chance = 0.0 if plan.details.absent_that_day else 0.97
                if draw.random() < chance:
                    present.append(at)
            elif at.weekday() < 5 and draw.random() < (chance if on_leave else 0.93):
                present.append(at)
        record = Attendance(
            fact_id=fact_id(self.region, "attendance", claim.claim_id),
            mykad=claim.claimant.mykad,
            employer_code=claim.employer_code,
            first_day=self.region.day(first),
            last_day=self.region.day(last),
            days_present=tuple(present),
            stated_at=known,
        )
        return [Event(known, record)]

    def _enrolment(self, plan: Plan, claim: Claim, draw: Random) -> list[Event]:
        """The payment into the commuter scheme: long before, or anew during a job search."""
        again = plan.enrolled_after is not None
        if plan.scheme not in ENROLLED and not again:
            return []
        before = draw.randrange(20, 330) if draw.random() < 0.9 else draw.randrange(2, 20)
        day = plan.event + (plan.enrolled_after or -before)
        paid = self.instant(day, draw.randrange(480, 1300))
        if plan.details.enrolled_minutes is not None:
            paid = self.instant(plan.event, plan.occurred + plan.details.enrolled_minutes)
        known = max(paid + timedelta(hours=2), self.instant(0, 1))
        if not again:
            known = min(known, claim.received_at - timedelta(minutes=2))
        brought = plan.intermediary if draw.random() < 0.3 else None
        record = Enrolment(
            fact_id=fact_id(self.region, "enrolment", claim.claim_id),
            mykad=claim.claimant.mykad,
            paid_at=min(paid, known),
            paid_by=plan.details.enrolled_by or brought,
        )
        return [Event(known, record)]

    def _amended(self, plan: Plan, claim: Claim, draw: Random) -> Event:
        """The same claim again: a further certificate, or a corrected telephone number."""
        later = plan.received + draw.randrange(6, 45)
        received = self.instant(later, draw.randrange(480, 1200))
        change: dict[str, object] = {"version": 2, "received_at": received}
        again = plan.dice(self.region, "amended")
        longer = self._certificates(plan, again, until=later)[len(claim.certificates) :]
        if claim.certificates and longer:
            kept = claim.certificates + longer
            change["certificates"] = kept
            grown = sum((one.last_day - one.first_day).days + 1 for one in kept)
            before = max(sum(_lengths(claim)), 1)
            if plan.scheme in (Scheme.TEMPORARY_DISABLEMENT, Scheme.COMMUTER):
                change["expected_payment_sen"] = claim.expected_payment_sen * grown // before
        else:
            number = a_mobile(draw)
            change["claimant"] = claim.claimant.model_copy(update={"phone": number})
        return Event(received, claim.model_copy(update=change))

    def account_change(self, plan: Plan, claim: Claim, paid_day: int) -> list[Event]:
        """A new account, reported some days before the money goes out."""
        if plan.switched_to is None:
            return []
        draw = plan.dice(self.region, "switch")
        day = max(paid_day - plan.switch_before, plan.received + 1)
        at = self.instant(day, draw.randrange(1, 1430))
        device = plan.switch_device or f"DEV{draw.randrange(10**7, 10**8)}"
        record = AccountChange(
            fact_id=fact_id(self.region, "account", claim.claim_id),
            claim_id=claim.claim_id,
            mykad=claim.claimant.mykad,
            new_account=Account(bank=plan.switched_to.bank, number=plan.switched_to.number),
            changed_at=at,
            device=device if draw.random() < 0.8 else None,
            on_mule_list=plan.details.on_mule_list if draw.random() < 0.5 else None,
        )
        return [Event(at + timedelta(minutes=1), record)]


def fact_id(region: Region, kind: str, claim_id: str) -> str:
    """A stable identifier that says nothing about what happened."""
    return f"F{dice(region.settings.seed, 'fact', kind, claim_id).getrandbits(64):016x}"


def first_cause(plan: Plan) -> Cause:
    """What the first clinic note gives as the cause."""
    return plan.cause or ("road" if plan.road else "work")


def describe(region: Region, number: int, known: datetime) -> EmployerDescription:
    """What the register says of an employer on that day."""
    firm: Employer = region.employers[number]
    return EmployerDescription(
        fact_id=fact_id(region, "employer", firm.code),
        employer_code=firm.code,
        name=firm.name,
        registered_on=firm.registered_on,
        staff_count=firm.staff,
        directors=firm.directors,
        phone=firm.phone,
        address=firm.address,
        payroll_bureau=firm.bureau,
        stated_at=known,
    )


def _lengths(claim: Claim) -> list[int]:
    return [(one.last_day - one.first_day).days + 1 for one in claim.certificates]


def month_of(region: Region, day: int) -> int:
    """Months from the first month of the window to the month of a day."""
    at, start = region.day(day), region.settings.first_day
    return (at.year - start.year) * 12 + at.month - start.month


def month_start(region: Region, month: int) -> date:
    """First day of a month counted from the first month of the window."""
    start = region.settings.first_day
    total = start.year * 12 + start.month - 1 + month
    return date(total // 12, total % 12 + 1, 1)


def careers_of(region: Region, plan: Plan) -> list[Career]:
    """Jobs from at least forty months before the window, oldest first; gaps between them."""
    if plan.careers is not None and plan.first_job:
        return plan.careers
    draw = region.dice("career", plan.insured)
    here = region.work[plan.insured] != Work.SINGAPORE and plan.scheme is not Scheme.HOUSEWIFE
    wage = int(region.wage_sen[plan.insured])
    last = -1 - draw.randrange(1, 50) if not here else 10_000
    present = -draw.randrange(2, 60) if here else last - draw.randrange(6, 30)
    if not here and plan.details.last_month_here is not None:
        last = plan.details.last_month_here
        present = min(last, 0) - draw.randrange(6, 30)
    if plan.careers is not None:
        present = min(job.first_month for job in plan.careers) - draw.randrange(1, 6)
        last = present
    jobs: list[Career] = []
    if plan.careers is None:
        opened = region.employers[plan.employer].registered_on
        start = region.settings.first_day
        age = (start.year - opened.year) * 12 + start.month - opened.month
        present = max(present, -age) if here else present
        jobs.append(Career(plan.employer, present, last, wage))
    end = present - 1 - draw.choice((0, 0, 0, 1, 2, 5))
    while end > -44 - draw.randrange(30):
        first = end - draw.randrange(8, 40)
        pay = max(120_000, round(wage * draw.uniform(0.7, 1.0) / 1000) * 1000)
        jobs.insert(0, Career(draw.randrange(old_firms(region)), first, end, pay))
        end = first - 1 - draw.choice((0, 0, 1, 3))
    return jobs + (plan.careers or [])
