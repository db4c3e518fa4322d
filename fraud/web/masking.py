"""What an identifier looks like before somebody asks, on the record, to see it in full."""

HIDDEN = "••••"


def mask_number(number: str, shown: int = 4) -> str:
    """The last characters of a number, such as `•••• 1234`."""
    return f"{HIDDEN} {number[-shown:]}" if len(number) > shown else HIDDEN


def mask_name(name: str) -> str:
    """The first letter of each word, such as `A•••• b•••• H••••`."""
    return " ".join(word[0] + HIDDEN for word in name.split())


def written_mykad(mykad: str) -> str:
    """A MyKad number as it is printed on the card."""
    return f"{mykad[:6]}-{mykad[6:8]}-{mykad[8:]}"
