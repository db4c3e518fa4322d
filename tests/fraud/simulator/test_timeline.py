from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from fraud.errors import InvalidInput
from fraud.identifiers import account_finding, mykad_finding, phone_finding, uen_finding
from fraud.records import Claim, Decision, Label, Scheme
from fraud.simulator import Region, RegionSettings, rates, simulate
from fraud.simulator.settings import raised_of
from fraud.simulator.shelf import event_line
from fraud.simulator.timeline import (
    AGAIN_AFTER,
    REQUEST_AFTER,
    REQUEST_BEFORE,
    REQUEST_WHILE_PAID,
)
from tests.fraud.simulator.conftest import SMALL


def claims_of(region: Region) -> list[Claim]:
    return [
        one.record
        for one in region.events
        if isinstance(one.record, Claim) and one.record.version == 1
    ]


def test_the_same_settings_give_the_same_events_to_the_byte(small: Region):
    again = simulate(SMALL)
    assert [event_line(one) for one in again.events] == [event_line(one) for one in small.events]
    assert again.truth == small.truth


def test_another_seed_gives_another_region(small: Region):
    other = simulate(RegionSettings(people=800, months=3, seed=4, claim_intensity=14))
    assert {one.claimant.mykad for one in claims_of(other)} != {
        one.claimant.mykad for one in claims_of(small)
    }


def test_events_come_in_the_order_in_which_they_became_known(busy: Region):
    known = [one.known_at for one in busy.events]
    assert known == sorted(known)
    assert all(at.utcoffset() == timedelta(0) for at in known)


def test_a_claim_is_known_when_it_is_received(busy: Region):
    assert all(
        one.known_at == one.record.received_at
        for one in busy.events
        if isinstance(one.record, Claim)
    )


def test_every_record_survives_the_wire(busy: Region):
    for one in busy.events:
        body = one.record.model_dump_json()
        if isinstance(one.record, Claim):
            assert Claim.model_validate_json(body) == one.record
        else:
            assert type(one.record).model_validate_json(body) == one.record


def test_identifiers_are_unmistakably_simulated(busy: Region):
    for claim in claims_of(busy):
        assert claim.claimant.mykad[6:8] == "00"
        assert claim.claimant.address is not None
        assert 79000 <= int(claim.claimant.address.postcode) <= 86999


def test_a_reader_who_accepts_the_reserved_range_finds_nothing_wrong(busy: Region):
    for claim in claims_of(busy):
        who, on = claim.claimant, claim.received_at.date()
        assert mykad_finding(who.mykad, on) is not None
        assert mykad_finding(who.mykad, on, accept_reserved=True) is None
        assert who.account is not None
        assert account_finding(who.account.bank, who.account.number) is None
        assert who.phone is None or phone_finding(who.phone) is None
    stated = [one for one in claims_of(busy) if one.workplace_uen]
    odd = 0
    for claim in stated:
        assert uen_finding(claim.workplace_uen or "") is not None
        odd += uen_finding(claim.workplace_uen or "", accept_reserved=True) is not None
    assert odd / len(stated) < 0.02  # mistyped now and then, seldom made up


def test_fact_and_claim_identifiers_are_unique(busy: Region):
    names = [
        f"{one.record.claim_id}#{one.record.version}"
        if isinstance(one.record, Claim)
        else one.record.fact_id
        for one in busy.events
    ]
    assert len(names) == len(set(names))


def test_no_event_carries_the_truth(busy: Region):
    words = ("typology", "look_alike", "organised", '"T1"', '"T7"', '"T10"', '"T18"')
    for one in busy.events:
        if not isinstance(one.record, Decision):
            line = event_line(one)
            assert not any(word in line for word in words)
            assert "confirmed_fraud" not in line


def test_claim_numbers_follow_receipt_and_say_nothing_else(busy: Region):
    claims = claims_of(busy)
    assert [one.claim_id for one in claims] == sorted(one.claim_id for one in claims)


def test_fraud_errors_and_look_alikes_stay_within_bounds(busy: Region):
    truths = list(busy.truth.values())
    total = len(truths)
    fraud = [one for one in truths if one.label is Label.CONFIRMED_FRAUD]
    assert 0.010 <= len(fraud) / total <= 0.020
    assert 0.25 <= sum(one.organised for one in fraud) / len(fraud) <= 0.55
    errors = [one for one in truths if one.typology is None and one.label is not Label.GENUINE]
    assert 0.015 <= len(errors) / total <= 0.045
    low = sum(one.wrong_payment_sen < 0 for one in errors)
    assert 0.10 <= low / len(errors) <= 0.45
    kinds = Counter(one.typology for one in fraud)
    alike = Counter(one.look_alike for one in truths)
    for typology in ("T1", "T2", "T3", "T7", "T10", "T18"):
        assert alike[typology] > 2 * kinds[typology]
        assert alike[typology] > 10


def test_a_raised_typology_is_more_frequent_and_the_others_stay_as_they_were():
    plain = RegionSettings(people=3_000, months=9, seed=8, claim_intensity=14, fraud_rate=0.05)
    kinds = Counter(one.typology for one in simulate(plain).truth.values())
    raised = simulate(replace(plain, raised={"T1": 6.0, "T18": 5.0}))
    more = Counter(one.typology for one in raised.truth.values())
    for typology in ("T1", "T18"):
        assert more[typology] > 3 * max(kinds[typology], 1)
    for typology in ("T2", "T3", "T10"):
        assert abs(more[typology] - kinds[typology]) <= max(3, 0.4 * kinds[typology])


def test_what_is_dialled_is_printed_beside_every_figure():
    settings = RegionSettings(raised={"T5": 20.0}, look_alikes=4)
    words = "claim intensity 1, fraud rate 1.50%, T5 raised 20 times, look-alikes raised 4 times"
    assert settings.dialled == words


def test_raised_typologies_are_read_from_words_and_other_words_are_refused():
    assert raised_of(["T5=20", "T6=1.5"]) == {"T5": 20.0, "T6": 1.5}
    with pytest.raises(InvalidInput, match="T5=20"):
        raised_of(["T5:20"])


def test_fraud_is_never_marked_as_a_look_alike(busy: Region):
    for one in busy.truth.values():
        assert one.typology is None or one.look_alike is None
        assert (one.typology is not None) == (one.label is Label.CONFIRMED_FRAUD)


def test_few_claim_twice_in_a_year_and_at_most_one_in_four_claims(busy: Region):
    received: dict[str, list[int]] = {}
    for claim in claims_of(busy):
        day = claim.received_at.toordinal()
        received.setdefault(claim.claimant.mykad, []).append(day)
    again = 0
    for days in received.values():
        assert all(later - sooner >= AGAIN_AFTER - 1 for sooner, later in pairwise(days))
        again += any(later - sooner < 364 for sooner, later in pairwise(days))
    assert again / len(received) < 0.02  # two accidents within a year: rare, and mostly honest
    first = min(min(days) for days in received.values())
    in_a_year = sum(any(day < first + 365 for day in days) for days in received.values())
    assert in_a_year <= busy.settings.people / 4


def test_intensity_never_breaks_the_limit_of_one_in_four():
    wild = simulate(RegionSettings(people=600, months=12, seed=1, claim_intensity=50))
    assert wild.claims_count <= 150


def test_some_claims_come_again_as_a_second_version(busy: Region):
    versions = Counter(one.record.version for one in busy.events if isinstance(one.record, Claim))
    assert 0.008 <= versions[2] / versions[1] <= 0.04


def test_the_office_is_late_partial_and_sometimes_wrong(busy: Region):
    received = {claim.claim_id: claim.received_at for claim in claims_of(busy)}
    decided = [one.record for one in busy.events if isinstance(one.record, Decision)]
    assert 0.25 <= len(decided) / len(received) <= 0.48  # most claims are never looked at
    assert {one.picked_by for one in decided} == {"rule", "control"}
    for one in decided:
        days = (one.decided_at - received[one.claim_id]).days
        assert 30 <= days <= 121
    wrong = sum(one.label is not busy.truth[one.claim_id].label for one in decided)
    assert 0.01 <= wrong / len(decided) <= 0.15


def test_requests_name_claimants_from_weeks_before_until_some_days_after(
    busy: Region,
):
    claim = next(
        one
        for one in claims_of(busy)
        if one.job_loss and (one.job_loss.last_day - busy.settings.first_day).days > 60
    )
    assert claim.job_loss is not None
    who, lost = claim.claimant.mykad, claim.job_loss.last_day
    assert who in busy.requested(lost - timedelta(days=REQUEST_BEFORE))
    assert who not in busy.requested(lost - timedelta(days=REQUEST_BEFORE + 1))
    after = claim.received_at.date()
    assert who in busy.requested(after + timedelta(days=REQUEST_AFTER))
    assert who not in busy.requested(after + timedelta(days=REQUEST_WHILE_PAID + 2))
    hurt = next(one for one in claims_of(busy) if one.scheme is Scheme.TEMPORARY_DISABLEMENT)
    after, who = hurt.received_at.date(), hurt.claimant.mykad
    assert who in busy.requested(after + timedelta(days=REQUEST_AFTER - 1))
    assert who not in busy.requested(after + timedelta(days=REQUEST_AFTER + 2))


def test_the_rates_name_every_kind(busy: Region):
    counted = rates(busy)
    assert sum(counted["claims by scheme"].values()) == busy.claims_count
    assert set(counted["claims by scheme"]) == {scheme.value for scheme in Scheme}


@pytest.mark.parametrize(
    ("name", "value"), [("people", 3), ("months", 0), ("claim_intensity", 0.0)]
)
def test_impossible_settings_are_refused_by_name(name: str, value: float):
    with pytest.raises(InvalidInput, match=name):
        RegionSettings(**{name: value})
