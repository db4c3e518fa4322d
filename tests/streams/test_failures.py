"""Three answers to an error, and how long to wait."""

from itertools import islice

import pytest

from fraud.errors import Conflict, InvalidInput, Misconfigured, Unavailable
from streams.failures import Answer, answer, waits


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (InvalidInput("no body"), Answer.DEAD_LETTER),
        (Unavailable("away"), Answer.RETRY),
        (Misconfigured("no champion"), Answer.STOP),
        (Conflict("no"), Answer.STOP),
        (KeyError("nobody foresaw this"), Answer.STOP),
    ],
)
def test_the_answer_follows_from_the_meaning(error, expected):
    assert answer(error) is expected


def test_waits_double_and_stay_under_a_ceiling():
    assert list(islice(waits(), 7)) == [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
