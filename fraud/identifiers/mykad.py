"""The MyKad number: YYMMDD, a place code, and four digits. It has no check digit.

Its last digit says the sex and its place code the place of birth; neither is ever read for that.
"""

from datetime import date

from fraud.identifiers.finding import QualityFinding, is_digits

RESERVED_PLACE = "00"
PLACES = frozenset(
    f"{place:02d}"
    for place in (
        *range(1, 17),  # states and federal territories
        *range(21, 60),  # further codes of the same states
        *range(60, 69), 71, 72, *range(74, 80), *range(82, 94), 98, 99,  # abroad, unknown
    )
)  # fmt: skip
"""Place codes in use. Only their being in use is ever looked at, never which one it is."""

YOUNGEST, OLDEST = 15, 100
"""Plausible ages at the time of a claim; they decide the century of a birth year."""


def mykad_finding(number: str, on: date, *, accept_reserved: bool = False) -> QualityFinding | None:
    """Check the MyKad number of a claim received `on` a day. It has no check digit."""
    field = "mykad"
    if len(number) != 12 or not is_digits(number):
        return QualityFinding(field, "shape", f"{len(number)} characters", "12 digits")
    ages = _ages(number, on)
    if not ages:
        return QualityFinding(field, "date", "no calendar date", "a birth date YYMMDD")
    if not any(YOUNGEST <= age <= OLDEST for age in ages):
        return QualityFinding(field, "age", "an age under 15", f"an age of {YOUNGEST} to {OLDEST}")
    if is_reserved(number):
        if accept_reserved:
            return None
        return QualityFinding(field, "reserved", "the range of made-up people", "an issued number")
    if number[6:8] not in PLACES:
        return QualityFinding(field, "place", "a place code not in use", "a place code in use")
    return None


def is_reserved(number: str) -> bool:
    """Whether a MyKad number is of the range of made-up people: no authority issues it."""
    return number[6:8] == RESERVED_PLACE


def age_on(number: str, on: date) -> int | None:
    """Age in years by a MyKad number on a day; None when it gives no plausible one."""
    if len(number) != 12 or not is_digits(number):
        return None
    plausible = [age for age in _ages(number, on) if YOUNGEST <= age <= OLDEST]
    return plausible[0] if len(plausible) == 1 else None


def _ages(number: str, on: date) -> list[int]:
    year, month, day = int(number[:2]), int(number[2:4]), int(number[4:6])
    return [
        on.year - century - year - ((on.month, on.day) < (month, day))
        for century in (1900, 2000)
        if _is_date(century + year, month, day)
    ]


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
