"""Facts stated by rule, in four kinds: not payable, data quality, lead, money owed."""

from fraud.features.catalogue import Known
from fraud.records import Scheme
from fraud.rules import eligibility, leads, owed, quality
from fraud.rules.rule import Rule, RuleContext, registered
from fraud.statements import Hit

__all__ = ["RULES", "RULES_BY_NAME", "Rule", "RuleContext", "run_rules"]

_ROOMS = (eligibility, quality, leads, owed)

RULES: tuple[Rule, ...] = registered()
RULES_BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}

_RULES_OF: dict[Scheme, tuple[Rule, ...]] = {
    scheme: tuple(rule for rule in RULES if rule.schemes is None or scheme in rule.schemes)
    for scheme in Scheme
}


def run_rules(known: Known, *, accept_reserved: bool = False) -> tuple[Hit, ...]:
    """Every hit on a claim, in the order of the rules.

    `accept_reserved` treats the identifiers of made-up people as well formed (demo and tests).
    Cost: a few microseconds a claim; only rules of the claim's scheme are asked.
    """
    context = RuleContext(accept_reserved)
    return tuple(
        rule.hit(found)
        for rule in _RULES_OF[known.claim.scheme]
        if (found := rule.look(known, context)) is not None
    )
