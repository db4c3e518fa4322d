"""No name, sex, place of birth or language of a claimant changes what is computed of a claim.

Race, religion, nationality and their like are in no record at all. Sex and place of birth hide in
the MyKad number; it is used as an identity only, so the test keeps the person's links in place.
"""

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

import fraud.features.from_answers
import fraud.features.from_claim
import fraud.features.from_events
import fraud.features.from_history
import fraud.features.from_links
import fraud.features.from_movement
import fraud.graph
from fraud.features import FEATURE_NAMES, Known, vector_of
from fraud.privacy import KeyRing
from fraud.records import (
    AccountChange,
    Attendance,
    Claim,
    Claimant,
    ContributionStatement,
    EmployerDescription,
    Enrolment,
    Injury,
    Payment,
    Scheme,
)
from fraud.rules import run_rules
from tests.support.builders import (
    KEYRING,
    MYKAD,
    a_claim,
    a_history,
    an_area,
    another_claim,
    known_of,
)

TRAITS = re.compile(
    r"race|ethnic|religio|birth|gender|sex|nationalit|disab(?!lement)|language|income|union|appeal"
)

CHANGED = [
    {"name": "Beh Bian Chuo"},
    {"name": "Devani a/p Elango"},
    {"language": "en"},
    {"mykad": MYKAD[:-1] + "6"},  # the other sex
    {"mykad": MYKAD[:6] + "01" + MYKAD[8:]},  # another place of birth
]


class SamePerson(KeyRing):
    """Keeps the links of the person whatever the number says: identity alone may depend on it."""

    def person_key(self, mykad):
        return KEYRING.person_key(MYKAD)

    def node(self, kind, value):
        return KEYRING.node(kind, MYKAD if kind == "PERSON" else value)


def as_the_same_person(claim: Claim) -> Known:
    history = a_history()
    keyring = SamePerson(bytes(32))
    area = an_area(*(another_claim(n, account=claim.claimant.account) for n in range(1, 5)))
    nodes = fraud.graph.nodes_of(claim, keyring, history)
    known = known_of(claim, history, area)
    linked = dataclasses.replace(known.linked, person=keyring.person_key(""), nodes=nodes)
    return Known(claim, history, linked, area)


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("changed", CHANGED, ids="-".join)
def test_no_trait_changes_a_vector_or_a_hit(scheme, changed):
    before, after = (as_the_same_person(a_claim(scheme, **c)) for c in ({}, changed))
    assert np.array_equal(vector_of(before), vector_of(after), equal_nan=True)
    assert run_rules(before, accept_reserved=True) == run_rules(after, accept_reserved=True)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_no_age_changes_a_vector(scheme):
    """A rule may read it: the law itself ends the cover of housewives at an age."""
    before, after = (
        as_the_same_person(a_claim(scheme, mykad=number)) for number in (MYKAD, "61" + MYKAD[2:])
    )
    assert np.array_equal(vector_of(before), vector_of(after), equal_nan=True)


def test_no_feature_is_named_for_a_trait():
    assert not [name for name in FEATURE_NAMES if TRAITS.search(name)]


def test_no_record_has_a_field_for_a_trait_except_the_language_of_letters():
    records = (
        Claim, Claimant, Injury, ContributionStatement, EmployerDescription, Attendance,
        Enrolment, AccountChange, Payment,
    )  # fmt: skip
    fields = {name for record in records for name in record.model_fields}
    assert {name for name in fields if TRAITS.search(name)} == {"language"}


@pytest.mark.parametrize(
    "room",
    [
        fraud.features.from_answers,
        fraud.features.from_claim,
        fraud.features.from_events,
        fraud.features.from_history,
        fraud.features.from_links,
        fraud.features.from_movement,
    ],
)
def test_no_feature_reads_the_name_the_number_or_the_language(room):
    source = Path(room.__file__).read_text("utf-8")
    assert not re.search(r"\.(mykad|name|language)\b", source)
