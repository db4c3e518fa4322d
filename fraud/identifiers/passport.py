"""The Malaysian passport: it changes at every renewal, so people are linked by MyKad, not by it."""

import re

from fraud.identifiers.finding import QualityFinding

_PASSPORT = re.compile(r"[A-Z]\d{8}", re.ASCII)


def passport_finding(number: str) -> QualityFinding | None:
    """Check a Malaysian passport number: one letter and eight digits (an assumption)."""
    if _PASSPORT.fullmatch(number):
        return None
    seen = f"{len(number)} characters of another shape"
    return QualityFinding("passport", "shape", seen, "a capital letter and 8 digits")
