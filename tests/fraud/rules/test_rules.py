"""Promises that every rule keeps, and what all rules together cost."""

import pytest

from fraud.errors import Misconfigured
from fraud.features import Known
from fraud.graph import Area
from fraud.history import History
from fraud.records import Scheme
from fraud.rules import RULES, RULES_BY_NAME, run_rules
from fraud.rules.rule import rule
from fraud.schemes import terms
from fraud.statements import Family, HitKind
from tests.support.builders import (
    a_claim,
    a_history,
    an_account,
    an_area,
    another_claim,
    known_of,
    linked,
)

KINDS_IN_USE = {HitKind.NOT_PAYABLE, HitKind.DATA_QUALITY, HitKind.LEAD, HitKind.MONEY_OWED}


def hits(known: Known) -> dict[str, str]:
    return {hit.rule: hit.statement.key for hit in run_rules(known, accept_reserved=True)}


def test_there_are_rules_of_all_four_kinds():
    assert {one.kind for one in RULES} == KINDS_IN_USE
    assert len(RULES) >= 10
    assert len(RULES_BY_NAME) == len(RULES)


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.name)
def test_a_rule_says_what_it_means_and_where_it_comes_from(one):
    assert one.meaning.splitlines()[0].endswith(".")
    assert one.source
    assert one.families
    assert all(name in terms() for name in one.terms)


def test_leads_come_from_typologies_and_nothing_else_does():
    for one in RULES:
        assert (one.typology is not None) == (one.kind is HitKind.LEAD), one.name


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.name)
def test_what_is_not_payable_or_owed_rests_on_no_assumption(one):
    if one.kind in (HitKind.NOT_PAYABLE, HitKind.MONEY_OWED):
        assert not any(period.assumed for name in one.terms for period in terms()[name])


def test_a_rule_of_that_kind_cannot_even_be_written_on_an_assumption():
    with pytest.raises(Misconfigured, match="assumed"):
        rule(HitKind.NOT_PAYABLE, Family.CLAIM, source="Act 800", terms=("job_search_waiting",))


@pytest.mark.parametrize("scheme", list(Scheme))
def test_an_ordinary_claim_has_no_hit(scheme):
    assert hits(known_of(a_claim(scheme))) == {}


@pytest.mark.parametrize("scheme", list(Scheme))
def test_nothing_fires_on_a_claim_of_which_nothing_else_is_known(scheme):
    claim = a_claim(
        scheme,
        phone=None,
        address=None,
        account=None,
        employer_code=None,
        workplace_uen=None,
        declared_monthly_wage_sen=None,
        certificates=(),
    )
    history = History()
    known = Known(claim, history, linked(claim, history), Area())
    assert hits(known) == {}


def test_hits_are_plain_values_so_that_they_read_the_same_when_stored():
    history = a_history()
    claim = a_claim(account=an_account(number="12345678"), phone="+60001234567")
    known = known_of(claim, history, an_area(another_claim(1), another_claim(2)))
    found = run_rules(known, accept_reserved=False)
    assert {"mykad_not_well_formed", "account_not_well_formed", "contact_not_well_formed"} <= {
        hit.rule for hit in found
    }
    for hit in found:
        assert all(isinstance(value, str | int | float) for value in hit.statement.values.values())
        assert "12345678" not in str(hit)
        assert claim.claimant.mykad not in str(hit)


def test_a_real_deployment_says_that_a_made_up_number_is_made_up():
    keys = {hit.statement.key for hit in run_rules(known_of())}
    assert keys == {"rule.mykad_not_well_formed.reserved"}
