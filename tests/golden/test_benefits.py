"""How each benefit is worked out, in both languages, unless it is changed on purpose."""

from fraud.schemes.benefit import benefit_due
from fraud.wording import LANGUAGES, text
from tests.fraud.schemes.claims import every_benefit
from tests.golden import matches
from tests.golden.test_golden import RENEW


def test_benefits():
    lines = []
    for name, case in every_benefit().items():
        found = benefit_due(*case)
        lines.append(f"# {name}: {found.outcome}, {found.amount_sen} sen {found.per}, {found.mark}")
        for step in found.steps:
            lines += [text(step.key, language, **step.values) for language in LANGUAGES]
            lines += [f"  {term.name} {term.value} {term.mark}" for term in step.terms]
    assert matches("benefits.txt", "\n".join(lines) + "\n"), RENEW
