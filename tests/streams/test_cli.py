"""The commands an operator sees."""

import pytest
from typer.testing import CliRunner

from streams.cli import app


def shown(*command):
    result = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "100", "NO_COLOR": "1"})
    assert result.exit_code == 0
    return result.output


def test_every_command_is_listed():
    told = shown()
    for name in ("score", "relay", "replay", "topics", "lag", "dead-letters", "bench", "demo"):
        assert name in told


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (("score",), "--without-relay"),
        (("replay",), "--speed"),
        (("topics",), "--create"),
        (("dead-letters", "list"), "--all"),
        (("bench",), "--json"),
    ],
)
def test_its_options_are_explained(command, option):
    assert option in shown(*command)
