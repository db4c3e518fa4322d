"""Bank accounts: how many digits each bank uses."""

from fraud.identifiers.finding import QualityFinding, is_digits

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
    if not is_digits(number):
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
