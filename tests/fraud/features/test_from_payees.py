"""Features of payees: accounts that change before a payment, devices, imaging."""

from datetime import timedelta
from math import isnan

import pytest

from fraud.features import from_payees, signs
from fraud.graph import GUARD
from tests.support.builders import (
    EMPLOYER,
    PDB,
    RECEIVED_ON,
    a_certificate,
    a_claim,
    a_history,
    a_payment_due,
    an_account_change,
    an_address,
    an_area,
    an_injury,
    another_claim,
    known_of,
)

DEVICE = "DEV-1"


def measured(name: str, *others, claim=None, **history) -> float:
    return getattr(from_payees, name)(known_of(claim, a_history(**history), an_area(*others)))


@pytest.mark.parametrize(
    "name",
    [
        "account_on_mule_list",
        "account_changed_from_another_device",
        "days_from_account_change_to_payment",
        "people_sharing_device",
        "people_sharing_device_not_home",
        "people_of_employer_on_device",
        "imaging_contradicts_report",
        "claims_with_like_percent",
    ],
)
def test_what_is_not_stated_is_unknown(name):
    assert isnan(measured(name))


def changed(**changes):
    return {"account_changes": (an_account_change(**changes),)}


def test_the_banks_list():
    assert measured("account_on_mule_list", **changed(on_mule_list=True)) == 1
    assert measured("account_on_mule_list", **changed(on_mule_list=False)) == 0
    assert isnan(measured("account_on_mule_list", **changed(claim_id="C-9", on_mule_list=True)))


def test_the_device_of_a_change():
    name, claim = "account_changed_from_another_device", a_claim(device=DEVICE)
    assert measured(name, claim=claim, **changed(device=DEVICE)) == 0
    assert measured(name, claim=claim, **changed(device="DEV-2")) == 1
    assert isnan(measured(name, claim=claim, **changed()))
    assert isnan(measured(name, **changed(device=DEVICE)))


def test_days_to_the_next_payment():
    name = "days_from_account_change_to_payment"
    due = a_payment_due(due_on=RECEIVED_ON + timedelta(days=10))
    before = a_payment_due(2, due_on=RECEIVED_ON)
    assert measured(name, facts=(before, due), **changed()) == 7
    assert isnan(measured(name, facts=(before,), **changed()))


def test_devices_of_households_employers_and_counters():
    claim = a_claim(device=DEVICE)
    others = [
        another_claim(1, device=DEVICE),
        another_claim(2, device=DEVICE, address=an_address()),
        another_claim(3, device=DEVICE, employer_code=EMPLOYER),
    ]
    assert measured("people_sharing_device", *others, claim=claim) == 3
    assert measured("people_sharing_device_not_home", *others, claim=claim) == 1
    assert measured("people_of_employer_on_device", *others, claim=claim) == 1
    kiosk = [another_claim(n, device=DEVICE) for n in range(1, GUARD + 5)]
    assert measured("strangers_on_account_or_device", *kiosk, claim=claim) == 0
    assert signs.signs_of_account_takeover(known_of(claim, area=an_area(*kiosk))) == 0


def test_imaging_that_is_missing_counts_against_nobody():
    name = "imaging_contradicts_report"
    for imaging, value in (("agrees", 0), ("contradicts", 1)):
        assert measured(name, claim=a_claim(injury=an_injury(imaging=imaging))) == value
    assert isnan(measured(name, claim=a_claim(injury=an_injury(imaging="missing"))))


@pytest.mark.parametrize(("percent", "found"), [(7, 1), (8, 1), (9, 1), (12, 0)])
def test_nearly_the_same_percent(percent, found):
    other = another_claim(
        1, PDB, certificates=(a_certificate(),), injury=an_injury(assessed_percent=percent)
    )
    claim = a_claim(PDB, injury=an_injury(assessed_percent=8))
    assert measured("claims_with_like_percent", other, claim=claim) == found


def test_switching_banks_from_the_same_device_lights_one_sign():
    due = a_payment_due(due_on=RECEIVED_ON + timedelta(days=10))
    history = a_history(facts=(due,), **changed(device=DEVICE, on_mule_list=False))
    known = known_of(a_claim(device=DEVICE), history)
    assert signs.signs_of_account_takeover(known) == 1
