"""Facts stated by rule, in four kinds: not payable, data quality, lead, money owed."""

from collections.abc import Mapping

from fraud.features.catalogue import Known, LinksNotRead
from fraud.records import Scheme
from fraud.rules import (
    eligibility,
    leads_accident,
    leads_accounts,
    leads_cover,
    leads_jobs,
    leads_leave,
    leads_medical,
    leads_pensions,
    leads_work,
    owed,
    quality,
    quality_answers,
    quality_movement,
    quality_pensions,
)
from fraud.rules.rule import Found, Rule, RuleContext, registered
from fraud.statements import Family, Hit

__all__ = ["RULES", "RULES_BY_NAME", "Asked", "Rule", "RuleContext", "ask_ahead", "run_rules"]

Asked = Mapping[str, Found | None]
"""What rules found that were asked ahead of a claim's turn, by name."""

_ROOMS = (
    eligibility,
    quality,
    quality_answers,
    quality_movement,
    quality_pensions,
    leads_work,
    leads_leave,
    leads_accident,
    leads_medical,
    leads_cover,
    leads_accounts,
    leads_pensions,
    leads_jobs,
    owed,
)

RULES: tuple[Rule, ...] = registered()
RULES_BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}

_RULES_OF: dict[Scheme, tuple[Rule, ...]] = {
    scheme: tuple(rule for rule in RULES if rule.schemes is None or scheme in rule.schemes)
    for scheme in Scheme
}
_AHEAD = {
    scheme: tuple(rule for rule in rules if Family.LINKS not in rule.families)
    for scheme, rules in _RULES_OF.items()
}


def run_rules(
    known: Known, *, accept_reserved: bool = False, asked: Asked | None = None
) -> tuple[Hit, ...]:
    """Every hit on a claim, in the order of the rules.

    `accept_reserved` treats the identifiers of made-up people as well formed (demo and tests);
    rules that were `asked` ahead are not asked again. Cost: some 60 microseconds a claim; only
    rules of the claim's scheme are asked.
    """
    context, asked, hits = RuleContext(accept_reserved), asked or {}, []
    for rule in _RULES_OF[known.claim.scheme]:
        found = asked[rule.name] if rule.name in asked else rule.look(known, context)
        if found is not None:
            hits.append(rule.hit(found))
    return tuple(hits)


def ask_ahead(known: Known, *, accept_reserved: bool = False) -> Asked:
    """What the rules that need no links find, while other claims still have their turn."""
    context, asked = RuleContext(accept_reserved), {}
    for rule in _AHEAD[known.claim.scheme]:
        try:  # costs nothing where links are not asked for
            asked[rule.name] = rule.look(known, context)
        except LinksNotRead:
            continue
    return asked
