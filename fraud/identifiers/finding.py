"""What is said of a number that is not well formed."""

from dataclasses import dataclass

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


def is_digits(text: str) -> bool:
    """Whether a text is digits 0 to 9 and nothing else, and not empty."""
    return text.isascii() and text.isdigit()
