"""Singapore: NRIC and FIN of people, UEN of entities, each with its check letter."""

import re

from fraud.identifiers.finding import QualityFinding

_FIN_SHAPE = re.compile(r"[STFGM]\d{7}[A-Z]", re.ASCII)
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


_UEN_BUSINESS = re.compile(r"\d{8}[A-Z]", re.ASCII)
_UEN_COMPANY = re.compile(r"(?:000\d|1[89]\d\d|20\d\d)\d{5}[A-Z]", re.ASCII)
"""Its first four digits are a year, or of the reserved range."""
_UEN_OTHER = re.compile(r"[RST]\d{2}[A-Z]{2}\d{4}[A-Z]", re.ASCII)
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
