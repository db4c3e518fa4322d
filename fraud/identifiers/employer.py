"""Malaysian employers: business number (SSM), its older form, and PERKESO employer code."""

import re
from datetime import date

from fraud.identifiers.finding import QualityFinding, is_digits

_EMPLOYER_CODE = re.compile(r"[A-Z0-9]{12}")
SSM_TYPES = frozenset({"01", "02", "03", "04", "05", "06"})
"""Local company, foreign company, business, and three kinds of partnership."""
_SSM_OLDER = re.compile(r"\d{1,7}-[A-Z]", re.ASCII)
"""How numbers were written before 2019, such as 1312525-A; its letter is not checked."""


def ssm_finding(number: str, on: date) -> QualityFinding | None:
    """Check a Malaysian business number: year, type and sequence, 12 digits in all.

    The older form, up to seven digits and a letter, stands beside it on many papers and is fine.
    """
    field = "ssm_number"
    if _SSM_OLDER.fullmatch(number):
        return None
    if len(number) != 12 or not is_digits(number):
        return QualityFinding(field, "shape", f"{len(number)} characters", "12 digits")
    if not 1900 <= int(number[:4]) <= on.year:
        return QualityFinding(
            field, "year", "a year to come or long past", "a year of registration"
        )
    if number[4:6] not in SSM_TYPES:
        return QualityFinding(field, "type", "a type not in use", "a type from 01 to 06")
    return None


def employer_code_finding(code: str) -> QualityFinding | None:
    """Check the length and characters of an employer code; its inner structure is not published."""
    if _EMPLOYER_CODE.fullmatch(code):
        return None
    seen = f"{len(code)} characters"
    return QualityFinding("employer_code", "shape", seen, "12 capital letters or digits")
