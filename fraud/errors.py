"""Six meanings an error can have; the edges turn a meaning into an answer, a retry or a stop."""

from collections.abc import Sequence
from dataclasses import dataclass


class SempadanError(Exception):
    """Base of every error this product raises on purpose."""


@dataclass(frozen=True)
class Fault:
    """One faulty field: where, what was found, what is allowed. Never a full identifier."""

    field: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.field}: {self.found}; expected {self.allowed}"


class InvalidInput(SempadanError):
    """What came in cannot be used as it is; `faults` lists every faulty field at once."""

    def __init__(self, reason: str, faults: Sequence[Fault] = ()) -> None:
        self.reason = reason
        self.faults = tuple(faults)
        detail = "; ".join(str(fault) for fault in faults)
        super().__init__(f"{reason}: {detail}" if detail else reason)


class NotFound(SempadanError):
    """What was asked for does not exist, or not for this reader."""


class Forbidden(SempadanError):
    """This person may not do that."""


class Conflict(SempadanError):
    """It cannot be done in the present state; the message names what can."""


class Unavailable(SempadanError):
    """A part we need does not answer; trying again later makes sense."""


class Misconfigured(SempadanError):
    """Cannot start like this; the message names the setting and the cure."""
