"""Vectors and reasons of small claims stay as they are, unless they are changed on purpose."""

import json

import numpy as np

from fraud.features import FEATURE_NAMES, vector_of
from fraud.reasons import statements_of
from fraud.rules import run_rules
from fraud.wording import LANGUAGES, text
from tests.golden import matches
from tests.golden.worlds import worlds

RENEW = "renew with: RENEW_GOLDEN=1 pytest tests/golden, then review the diff"


def test_vectors():
    kept = {
        name: {
            feature: round(value, 6)
            for feature, value in zip(FEATURE_NAMES, vector_of(known).tolist(), strict=True)
            if value == value  # noqa: PLR0124 - unknown values are left out
        }
        for name, known in worlds().items()
    }
    assert matches("vectors.json", json.dumps(kept, indent=1) + "\n"), RENEW


def test_reasons():
    """What a reader sees, with contributions that push every other feature up or down."""
    lines = []
    for name, known in worlds().items():
        hits = run_rules(known)
        parts = np.where(np.arange(len(FEATURE_NAMES)) % 2 == 0, 0.2, -0.2)
        sides = statements_of(known, vector_of(known), parts, hits)
        lines.append(f"# {name}")
        for title, statements in (
            ("hits", [hit.statement for hit in hits]),
            *zip(("stands out", "speaks against", "not known"), sides, strict=True),
        ):
            lines.append(f"## {title}")
            for one in statements:
                lines += [text(one.key, language, **one.values) for language in LANGUAGES]
                lines.append(f"  {one.family.value}: {', '.join(one.records)}")
    assert matches("reasons.txt", "\n".join(lines) + "\n"), RENEW
