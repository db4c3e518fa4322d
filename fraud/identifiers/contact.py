"""Telephone numbers, postcodes and addresses."""

import re

from fraud.identifiers.finding import QualityFinding, is_digits


def postcode_finding(postcode: str) -> QualityFinding | None:
    """Check a postcode: Malaysia has five digits from 01000 to 98999, Singapore six.

    Johor has 79000 to 86999; zones cross state lines, so nothing is concluded from that.
    """
    if is_digits(postcode):
        if len(postcode) == 6:
            return None
        if len(postcode) == 5 and "01000" <= postcode <= "98999":
            return None
    seen = f"{len(postcode)} characters"
    return QualityFinding("postcode", "range", seen, "five digits (Malaysia) or six (Singapore)")


_PHONE_MALAYSIA = re.compile(r"\+60(1\d{8,9}|[3-9]\d{7,8})", re.ASCII)
_PHONE_SINGAPORE = re.compile(r"\+65[3689]\d{7}", re.ASCII)


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


_WORDS = re.compile(r"[a-z0-9]+")
_WRITTEN_SHORT = {
    "jln": "jalan",
    "jl": "jalan",
    "tmn": "taman",
    "tm": "taman",
    "lrg": "lorong",
    "lor": "lorong",
    "kg": "kampung",
    "kpg": "kampung",
    "kampong": "kampung",
    "bdr": "bandar",
    "bt": "batu",
    "sg": "sungai",
    "blk": "blok",
    "block": "blok",
    "apt": "apartment",
    "st": "street",
    "rd": "road",
    "ave": "avenue",
}
_SAYS_NOTHING = frozenset({"no", "nombor", "number", "unit"})


def address_form(line: str, postcode: str) -> tuple[str, ...]:
    """An address as it compares: words in their order, in full, without signs; postcode first.

    Empty when the line names nothing, for a postcode alone is no address.
    """
    words = [word for word in _WORDS.findall(line.lower()) if word not in _SAYS_NOTHING]
    return (postcode, *(_WRITTEN_SHORT.get(word, word) for word in words)) if words else ()
