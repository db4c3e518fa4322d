"""Is this number well formed? Answers are findings about data, never a reason for suspicion.

A number that fails a check was typed wrong, or comes from another document, far more often than
from deceit. No finding prints the number; it says what kind of thing is seen and expected.

The reserved range belongs to made-up people: no authority issues it. It is well formed only for a
reader who asks for it (`accept_reserved`), in the demo and in tests:
MyKad with place `00`; FIN whose digits begin with `000`; UEN whose digits begin with `000`
(or of type `XX`), these two always with a wrong check letter.
"""

import re
from dataclasses import dataclass
from datetime import date

from fraud.errors import Fault


@dataclass(frozen=True, slots=True)
class QualityFinding:
    """One identifier that is not well formed: where, which check failed, seen and expected.

    `check` names the sentence of the finding; `seen` and `expected` are for logs and messages.
    """

    field: str
    check: str
    seen: str
    expected: str

    @property
    def fault(self) -> Fault:
        """The finding as a fault of a refused record."""
        return Fault(self.field, self.seen, self.expected)


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
    if len(number) != 12 or not _is_digits(number):
        return QualityFinding(field, "shape", f"{len(number)} characters", "12 digits")
    ages = _ages(number, on)
    if not ages:
        return QualityFinding(field, "date", "no calendar date", "a birth date YYMMDD")
    if not any(YOUNGEST <= age <= OLDEST for age in ages):
        return QualityFinding(field, "age", "an age under 15", f"an age of {YOUNGEST} to {OLDEST}")
    place = number[6:8]
    if place == RESERVED_PLACE:
        if accept_reserved:
            return None
        return QualityFinding(field, "reserved", "the range of made-up people", "an issued number")
    if place not in PLACES:
        return QualityFinding(field, "place", "a place code not in use", "a place code in use")
    return None


def age_on(number: str, on: date) -> int | None:
    """Age in years by a MyKad number on a day; None when it gives no plausible one."""
    if len(number) != 12 or not _is_digits(number):
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


_FIN_SHAPE = re.compile(r"[STFGM]\d{7}[A-Z]")
_FIN_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
_CITIZEN_LETTERS = "JZIHGFEDCBA"
_VISITOR_LETTERS = "XWUTRQPNMLK"
_M_LETTERS = "KLJNPQRTUWX"
RESERVED_DIGITS = "000"


def fin_finding(number: str, *, accept_reserved: bool = False) -> QualityFinding | None:
    """Check a Singapore NRIC (S, T) or FIN (F, G, M) with its check letter."""
    field = "fin"
    if not _FIN_SHAPE.fullmatch(number):
        seen = f"{len(number)} characters of another shape"
        return QualityFinding(field, "shape", seen, "S, T, F, G or M, 7 digits and a letter")
    right = number[8] == _fin_letter(number)
    return _checked(field, right=right, reserved=number[1:4] == RESERVED_DIGITS, ok=accept_reserved)


def _fin_letter(number: str) -> str:
    series = number[0]
    total = sum(
        int(digit) * weight for digit, weight in zip(number[1:8], _FIN_WEIGHTS, strict=True)
    )
    remainder = (total + {"T": 4, "G": 4, "M": 3}.get(series, 0)) % 11
    if series in "ST":
        return _CITIZEN_LETTERS[remainder]
    if series in "FG":
        return _VISITOR_LETTERS[remainder]
    return _M_LETTERS[10 - remainder]  # the (11 - remainder)th letter, counted from one


def _checked(field: str, *, right: bool, reserved: bool, ok: bool) -> QualityFinding | None:
    """Judge a number of good shape by its check letter, or as one of the reserved range."""
    if reserved and not right:
        if ok:
            return None
        return QualityFinding(field, "reserved", "the range of made-up people", "an issued number")
    if right:
        return None
    return QualityFinding(field, "letter", "another check letter", "the check letter of its digits")


_UEN_BUSINESS = re.compile(r"\d{8}[A-Z]")
_UEN_COMPANY = re.compile(r"\d{9}[A-Z]")
_UEN_OTHER = re.compile(r"[RST]\d{2}[A-Z]{2}\d{4}[A-Z]")
_BUSINESS_WEIGHTS, _BUSINESS_LETTERS = (10, 4, 9, 3, 8, 2, 7, 1), "XMKECAWLJDB"
_COMPANY_WEIGHTS, _COMPANY_LETTERS = (10, 8, 6, 4, 9, 7, 5, 3, 1), "ZKCMDNERGWH"
_OTHER_WEIGHTS, _OTHER_LETTERS = (4, 3, 5, 3, 10, 2, 2, 5, 7), "ABCDEFGHJKLMNPQRSTUVWX0123456789"
RESERVED_TYPE = "XX"


def uen_finding(number: str, *, accept_reserved: bool = False) -> QualityFinding | None:
    """Check a Singapore entity number (UEN) of one of its three shapes."""
    field = "workplace_uen"
    if _UEN_BUSINESS.fullmatch(number):
        letter = _BUSINESS_LETTERS[_weighted(number, _BUSINESS_WEIGHTS) % 11]
    elif _UEN_COMPANY.fullmatch(number):
        letter = _COMPANY_LETTERS[_weighted(number, _COMPANY_WEIGHTS) % 11]
    elif _UEN_OTHER.fullmatch(number) and all(c in _OTHER_LETTERS for c in number):
        places = (_OTHER_LETTERS.index(c) for c in number)
        total = sum(p * w for p, w in zip(places, _OTHER_WEIGHTS, strict=False))
        letter = _OTHER_LETTERS[(total - 5) % 11]
    else:
        seen = f"{len(number)} characters of another shape"
        return QualityFinding(field, "shape", seen, "one of the three shapes of a UEN")
    reserved = number.startswith(RESERVED_DIGITS) or number[3:5] == RESERVED_TYPE
    return _checked(field, right=number[-1] == letter, reserved=reserved, ok=accept_reserved)


def _weighted(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


_EMPLOYER_CODE = re.compile(r"[A-Z0-9]{12}")
SSM_TYPES = frozenset({"01", "02", "03", "04", "05", "06"})
"""Local company, foreign company, business, and three kinds of partnership."""


def ssm_finding(number: str, on: date) -> QualityFinding | None:
    """Check a Malaysian business number: year, type and sequence, 12 digits in all."""
    field = "ssm_number"
    if len(number) != 12 or not _is_digits(number):
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


ACCOUNT_LENGTHS = {
    "maybank": 12,
    "cimb": 14,
    "rhb": 14,
    "public": 10,
    "hong leong": 11,
    "ambank": 13,
    "islam": 14,
    "muamalat": 14,
    "rakyat": 12,
    "affin": 12,
    "alliance": 15,
    "uob": 11,
    "hsbc": 12,
}
"""Digits of an account by bank; the word "bank" and capitals are left out of the name."""


def account_finding(bank: str, number: str) -> QualityFinding | None:
    """Check the length of an account number: that of its bank, or 7 to 16 for other banks."""
    field = "account"
    if not _is_digits(number):
        return QualityFinding(field, "shape", "characters other than digits", "digits only")
    length = ACCOUNT_LENGTHS.get(_bank_word(bank))
    if len(number) == length or (length is None and 7 <= len(number) <= 16):
        return None
    expected = f"{length} digits" if length else "7 to 16 digits"
    return QualityFinding(field, "length", f"{len(number)} digits", expected)


def _bank_word(bank: str) -> str:
    words = bank.lower().replace("berhad", "").split()
    return (
        " ".join(word for word in words if word != "bank") if "bank" in words else " ".join(words)
    )


def postcode_finding(postcode: str) -> QualityFinding | None:
    """Check a postcode: Malaysia has five digits from 01000 to 98999, Singapore six."""
    if _is_digits(postcode):
        if len(postcode) == 6:
            return None
        if len(postcode) == 5 and "01000" <= postcode <= "98999":
            return None
    seen = f"{len(postcode)} characters"
    return QualityFinding("postcode", "range", seen, "five digits (Malaysia) or six (Singapore)")


_PHONE_MALAYSIA = re.compile(r"\+60(1\d{8,9}|[3-9]\d{7,8})")
_PHONE_SINGAPORE = re.compile(r"\+65[3689]\d{7}")


def phone_finding(number: str) -> QualityFinding | None:
    """Check a telephone number of Malaysia or Singapore; other countries are not judged.

    The patterns are an assumption to confirm with the owners of the numbering plans.
    """
    if number.startswith("+60"):
        fits = _PHONE_MALAYSIA.fullmatch(number)
    elif number.startswith("+65"):
        fits = _PHONE_SINGAPORE.fullmatch(number)
    else:
        return None
    if fits:
        return None
    return QualityFinding("phone", "shape", f"{len(number) - 1} digits", "a number of that country")


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
