"""What an error means for the worker and the relay, and how long to wait before another try."""

from collections.abc import Iterator
from enum import StrEnum

from fraud.errors import InvalidInput, Unavailable


class Answer(StrEnum):
    """All that can follow from an error."""

    DEAD_LETTER = "dead_letter"
    """This record will never do: keep it whole with its reason, and go on with the others."""
    RETRY = "retry"
    """A part we need is away: wait, go back to the last committed offsets, try again."""
    STOP = "stop"
    """Wrong settings, or an error nobody foresaw: stop before the offset moves."""


FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 15.0
"""Well under the 300 s after which a reader that does not poll is put out of its group."""


def answer(error: BaseException) -> Answer:
    """What follows from an error; anything nobody foresaw stops."""
    if isinstance(error, InvalidInput):
        return Answer.DEAD_LETTER
    if isinstance(error, Unavailable):
        return Answer.RETRY
    return Answer.STOP


def waits() -> Iterator[float]:
    """Seconds to wait before the first, second, ... try after a failure: doubling, then level."""
    wait = FIRST_WAIT_SECONDS
    while True:
        yield wait
        wait = min(wait * 2, LONGEST_WAIT_SECONDS)
