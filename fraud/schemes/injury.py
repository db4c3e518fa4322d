"""Benefits after an accident: employees (Act 4, LINDUNG 24 Jam), self-employed, commuters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from fraud.clock import local_day, month_number, months_later
from fraud.identifiers import age_on
from fraud.records import Claim, Injury, Place, Scheme
from fraud.schemes.contributions import Facts, average_wage, wages_by_month
from fraud.schemes.working import Outcome, Paid, Wage, Working, sen

LONGEST_LEAVE = timedelta(days=730)
"""Certified leave is read this far back, so that a mistyped year makes no century of leave."""

PLANS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Basis:
    """What daily rates are made from: names of terms and the monthly wage, once it is needed."""

    event: date
    wage: Callable[[], Wage]
    prefix: str = ""
    """Of the scheme's own shares; empty for Act 4, whose rates also have a least and a most."""


def employee(w: Working, claim: Claim, facts: Facts, on: date) -> Paid:
    """Act 4: temporary disablement, permanent disablement, and LINDUNG 24 Jam, which pays both."""
    injury = _injury(w, claim)
    event = local_day(injury.occurred_at)
    if claim.scheme is Scheme.ANY_HOUR_INJURY:
        _refuse_abroad(w, injury, event)
    basis = Basis(event, lambda: average_wage(w, facts.runs, event))
    if claim.scheme is Scheme.PERMANENT_DISABLEMENT:
        return _permanent(w, claim, injury, facts, basis)
    if claim.scheme is Scheme.TEMPORARY_DISABLEMENT:
        return _temporary(w, claim, facts, on, basis)
    return _either(w, claim, injury, facts, on, basis)


def self_employed(w: Working, claim: Claim, facts: Facts, on: date) -> Paid:
    """Act 789: the plan's earnings in place of a wage, cover from the instant of the receipt."""
    injury = _injury(w, claim)
    event = local_day(injury.occurred_at)
    _refuse_uncovered(w, injury, facts, "self_employed_cover_from_payment")
    basis = Basis(event, lambda: _plan_wage(w, facts, event), "self_employed_")
    return _either(w, claim, injury, facts, on, basis)


def commuter(w: Working, claim: Claim, facts: Facts, on: date) -> Paid:
    """Skim Pengembara: territory, proof, start of cover and rates are parameters, all assumed."""
    injury = _injury(w, claim)
    event = local_day(injury.occurred_at)
    territory = w.word("commuter_territory", event)
    if injury.kind != "road":
        w.stop(Outcome.NOTHING, "no_journey")
    if territory == "journey_in_malaysia" and injury.place is Place.SINGAPORE:
        w.stop(Outcome.NOTHING, "outside_territory", place=injury.place.value)
    if w.word("commuter_proof", event) == "workplace" and claim.workplace_uen is None:
        w.stop(Outcome.NOT_KNOWN, "workplace_not_stated")
    _refuse_uncovered(w, injury, facts, "commuter_cover_from_payment")
    basis = Basis(event, lambda: _plan_wage(w, facts, event), "commuter_")
    return _either(w, claim, injury, facts, on, basis)


def housewife(w: Working, claim: Claim, facts: Facts, _on: date) -> Paid:
    """Act 838: age and cover can be told; the table of benefits was not found."""
    injury = _injury(w, claim)
    event = local_day(injury.occurred_at)
    limit, age = w.number("housewife_age_limit", event), age_on(claim.claimant.mykad, event)
    if age is not None and age >= limit:
        w.stop(Outcome.NOTHING, "above_age", age=age, limit=limit)
    if facts.covered_from is None:
        w.stop(Outcome.NOT_KNOWN, "cover_not_known")
    if injury.occurred_at < facts.covered_from:
        w.stop(Outcome.NOTHING, "before_cover", at=facts.covered_from.isoformat())
    w.say("cover_lasts", count=w.number("housewife_cover", event))
    w.stop(Outcome.NO_TABLE, "no_table", what="housewife_benefits", day=event.isoformat())


def _injury(w: Working, claim: Claim) -> Injury:
    if claim.injury is None:
        w.stop(Outcome.NOT_KNOWN, "part_not_stated")
    return claim.injury


def _refuse_abroad(w: Working, injury: Injury, event: date) -> None:
    covered_abroad = w.number("any_hour_abroad", event)
    if not covered_abroad and injury.place is Place.SINGAPORE:
        w.stop(Outcome.NOTHING, "accident_abroad")
    if not covered_abroad and injury.place is Place.LINK:
        w.stop(Outcome.NOT_KNOWN, "accident_on_link")
    w.number("any_hour_cover", event)
    w.say("any_hour_cover", day=event.isoformat())


def _refuse_uncovered(w: Working, injury: Injury, facts: Facts, rule: str) -> None:
    from_receipt = w.number(rule, local_day(injury.occurred_at))
    if facts.covered_from is None:
        w.stop(Outcome.NOT_KNOWN, "cover_not_known")
    at = facts.covered_from.isoformat()
    if from_receipt and injury.occurred_at < facts.covered_from:
        w.stop(Outcome.NOTHING, "before_cover", at=at)
    w.say("covered_from", at=at)


def _plan_wage(w: Working, facts: Facts, event: date) -> Wage:
    """Earnings of the plan that the contributions show, or of the plan taken when none does."""
    month = month_number(event)
    stated = wages_by_month(facts.runs or (), month - 1, month)
    for plan in PLANS:
        name = f"plan_{plan}_wage"
        if stated and w.peek(name, event) == stated[max(stated)]:
            wage = w.number(name, event)
            w.say("plan", plan=plan, wage=wage)
            return Wage(wage)
    plan = w.number("plan_when_not_stated", event)
    wage = w.number(f"plan_{plan}_wage", event)
    w.say("plan_not_stated", plan=plan, wage=wage)
    return Wage(wage)


def _either(w: Working, claim: Claim, injury: Injury, facts: Facts, on: date, basis: Basis) -> Paid:
    if injury.assessed_percent is None:
        return _temporary(w, claim, facts, on, basis)
    return _permanent(w, claim, injury, facts, basis)


def _temporary(w: Working, claim: Claim, facts: Facts, on: date, basis: Basis) -> Paid:
    """A daily rate for each certified day up to `on`, without days worked for wages."""
    certified = certified_days(claim, basis.event, on)
    if not certified:
        w.stop(Outcome.NOT_KNOWN, "no_certificate")
    least = w.number(f"{basis.prefix or 'temporary_'}least_days", basis.event)
    days = len(certified | {basis.event})
    if days < least:
        w.stop(Outcome.NOTHING, "too_few_days", count=days, least=least)
    w.say("certified_days", count=len(certified), least=least)
    worked = certified & facts.worked_days
    if worked:
        w.say("worked_days", count=len(worked))
    paid = len(certified) - len(worked)
    rate = _daily_rate(w, basis, "temporary")
    w.say("sum_of_days", count=paid, rate=rate, amount=paid * rate)
    return Paid(paid * rate, units=paid)


def certified_days(claim: Claim, event: date, on: date) -> frozenset[date]:
    """Days of leave that the certificates name, from the accident to a day, each once."""
    first = max(event, on - LONGEST_LEAVE)
    return frozenset(
        date.fromordinal(day)
        for one in claim.certificates
        for day in range(
            max(one.first_day, first).toordinal(), min(one.last_day, on).toordinal() + 1
        )
    )


def _permanent(w: Working, claim: Claim, injury: Injury, facts: Facts, basis: Basis) -> Paid:
    """The assessed part of a daily rate, for life; partly or wholly as a lump sum."""
    percent = injury.assessed_percent
    if percent is None:
        w.stop(Outcome.NOT_KNOWN, "not_assessed")
    if percent == 0:
        w.stop(Outcome.NOTHING, "assessed_at_nothing")
    _refuse_late(w, claim, facts)
    full = _daily_rate(w, basis, "permanent")
    amount = sen(full * percent, 100)
    w.say("assessed_part", percent=percent, rate=full, amount=amount)
    limit = w.number("permanent_lump_sum_limit", basis.event)
    if percent <= limit:
        w.say("lump_sum_possible", limit=limit)
    else:
        commuted = w.number("permanent_commuted", basis.event)
        rest = amount - sen(amount * commuted, 100)
        w.say("commuted_part", limit=limit, percent=commuted, rest=rest)
    return Paid(amount, per="day")


def _refuse_late(w: Working, claim: Claim, facts: Facts) -> None:
    received = first_received_on(claim, facts)
    if not claim.certificates or received is None:
        return
    last = max(one.last_day for one in claim.certificates)
    window = w.number("permanent_window", last)
    if received > months_later(last, window):
        w.stop(Outcome.NOTHING, "claimed_late", window=window, day=last.isoformat())
    w.say("claimed_in_time", window=window, day=last.isoformat())


def first_received_on(claim: Claim, facts: Facts) -> date | None:
    """When the claim first came in: a corrected version does not make it late. None: not known."""
    if facts.first_received_on is None and claim.version == 1:
        return local_day(claim.received_at)
    return facts.first_received_on


def _daily_rate(w: Working, basis: Basis, kind: str) -> int:
    """The daily rate in sen, at 100 percent for permanent disablement."""
    wage = basis.wage()
    if basis.prefix:
        share = w.number(f"{basis.prefix}{kind}_share", basis.event)
        rate = wage.share(share, w.number("days_of_month", basis.event))
        w.say("daily_rate", share=share, wage=wage.monthly, rate=rate)
        return rate
    return bounded_rate(w, wage, basis.event, kind)


def bounded_rate(w: Working, wage: Wage, event: date, kind: str) -> int:
    """Act 4: a share of the daily wage, not under the least and not over the most of its time."""
    share = w.number(f"{kind}_share", event)
    rate = wage.share(share, w.number("days_of_month", event))
    w.say("daily_rate", share=share, wage=wage.monthly, rate=rate)
    least, most = w.number(f"{kind}_least_daily", event), w.number(f"{kind}_most_daily", event)
    bounded = min(max(rate, least), most)
    w.say("rate_within", least=least, most=most, rate=bounded)
    return bounded
